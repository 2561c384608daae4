internal import Dispatch
internal import Foundation
internal import HTTP
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import axidrawd

/// A disk that hangs is told, and ends nothing.
struct DiskWatchTests {
    private final class Told: Sendable {
        private let news = Mutex<[DiskWatch.News]>([])
        var all: [DiskWatch.News] { news.withLock { $0 } }
        func add(_ one: DiskWatch.News) { news.withLock { $0.append(one) } }
    }

    private func until(_ isSo: () -> Bool) async {
        let end = Date().addingTimeInterval(120)
        while !isSo(), Date() < end { try? await Task.sleep(for: .milliseconds(2)) }
    }

    @Test func aSlowDiskIsToldOnceAndThatItIsOver() async throws {
        let folder = try TemporaryFolder()
        let keeper = try JobKeeper.open(path: folder.path("spool"))
        let news = Told()
        let hangs = DispatchSemaphore(value: 0)
        keeper.later { _ in hangs.wait() }
        let watch = DiskWatch(keeper, patience: 20, pause: 1) { news.add($0) }
        await until { !news.all.isEmpty }
        hangs.signal()
        await until { news.all.count > 1 }
        watch.stop()
        let told = news.all
        guard told.count == 2, case .slow(let first) = told[0], case .over(let last) = told[1] else {
            Issue.record("\(told)")
            return
        }
        #expect(first >= 0.02 && last >= first)
    }

    /// The watchdog's question is answered while the disk is not: else systemd would end a plot over it.
    @Test func theProbeDoesNotAskTheDisk() async throws {
        let folder = try TemporaryFolder()
        var options = DaemonOptions()
        options.simulated = 1
        let keeper = try JobKeeper.open(path: folder.path("spool"))
        options.keeper = keeper
        let daemon = try Daemon(
            options: options, planning: .pipeline, credentials: CredentialTable(), log: .silent)
        let ended = DispatchSemaphore(value: 0)
        daemon.start(on: []) { ended.signal() }
        let hangs = DispatchSemaphore(value: 0)
        keeper.later { _ in hangs.wait() }
        await daemon.probe()
        hangs.signal()
        await daemon.stop()
        _ = await Task.detached { ended.wait(timeout: .now() + 60) }.value
    }
}

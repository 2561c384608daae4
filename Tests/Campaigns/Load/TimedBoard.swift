internal import EBB
internal import Foundation
internal import Glibc
internal import Simulator
internal import Synchronization
internal import TestSupport

/// A board on a pseudo-terminal in real time that notes when `ES` came, and whether it ran dry.
final class TimedBoard {
    let link: String
    private let folder: TemporaryFolder
    private let remote: BoardService.Remote
    private let stopped: Seconds

    /// When something came last, shared with the board's thread.
    private final class Seconds: Sendable {
        let value = Mutex(0.0)
    }

    init(_ firmware: FirmwareVersion) throws {
        folder = try TemporaryFolder()
        link = folder.path("board")
        remote = try BoardService.Remote()
        stopped = Seconds()
        var options = BoardService.Options()
        options.link = link
        let (given, remote, stopped) = (options, remote, stopped)
        let thread = Thread {
            // The board is hardware: what the host does must not make it late.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -15)
            var events = BoardService.Events()
            // A record comes when its command is over, and behind those before it; the tick at which the parser took it is
            // exact. Of all records the one that came soonest after its tick says how the clocks stand to each other.
            var start = Double.infinity
            events.onRecords = { records in
                let now = loadClock()
                for record in records {
                    let taken = Double(record.tick) * 40e-6
                    start = min(start, now - taken)
                    guard record.command.starts(with: Array("ES".utf8)) else { continue }
                    stopped.value.withLock { $0 = start + taken }
                }
            }
            var configuration = BoardConfiguration(firmware: firmware, name: "timed")
            configuration.keepsRecords = true
            try? BoardService(VirtualBoard(configuration), options: given, events: events, remote: remote).run()
        }
        thread.stackSize = 1 << 20
        thread.start()
        try waitFor("a board") { FileManager.default.fileExists(atPath: self.link) }
    }

    deinit { remote.stop() }

    var lastStop: Double { stopped.value.withLock { $0 } }

    /// How often its queue ran empty while it moved.
    func underruns() -> Int {
        let (done, found) = (DispatchSemaphore(value: 0), Seconds())
        remote.perform { board, _ in
            let count = board.incidents.count { $0.kind == .starved }
            found.value.withLock { $0 = Double(count) }
            done.signal()
        }
        done.wait()
        return Int(found.value.withLock { $0 })
    }
}

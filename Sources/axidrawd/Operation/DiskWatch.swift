internal import Foundation
internal import HTTP
internal import Synchronization

/// Notices that the spool's disk takes long, and tells it once each time: a slow disk is no reason to end the daemon.
final class DiskWatch: Sendable {
    /// What is told.
    enum News: Equatable, Sendable {
        /// It has not answered for so many seconds.
        case slow(seconds: Double)
        /// It answers again, after so many seconds.
        case over(seconds: Double)
    }

    /// So long a disk may take over what was asked before, ms.
    static let patience: Int64 = 3_000
    private let task: Task<Void, Never>

    /// - Parameters:
    ///   - keeper: the queue of all work on the disk.
    ///   - patience: ms.
    ///   - pause: between two looks, ms.
    init(
        _ keeper: JobKeeper, patience: Int64 = DiskWatch.patience, pause: Int = 2_000,
        tell: @escaping @Sendable (News) -> Void
    ) {
        task = Task.detached(priority: .utility) {
            while !Task.isCancelled {
                await Self.look(keeper, patience, tell)
                try? await Task.sleep(for: .milliseconds(pause))
            }
        }
    }

    deinit { task.cancel() }

    func stop() { task.cancel() }

    /// Waits until the queue has come round.
    private static func look(
        _ keeper: JobKeeper, _ patience: Int64, _ tell: @escaping @Sendable (News) -> Void
    ) async {
        let asked = HTTPServer.now
        let answered = Flag()
        keeper.later { _ in answered.raise() }
        var isTold = false
        while !answered.isRaised, !Task.isCancelled {
            let waited = HTTPServer.now - asked
            if waited >= patience, !isTold {
                isTold = true
                tell(.slow(seconds: Double(waited) / 1000))
            }
            // A disk that answers at once costs one short wait.
            try? await Task.sleep(for: .milliseconds(waited < 50 ? 5 : 100))
        }
        if isTold, answered.isRaised { tell(.over(seconds: Double(HTTPServer.now - asked) / 1000)) }
    }

    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isRaised: Bool { value.withLock { $0 } }
        func raise() { value.withLock { $0 = true } }
    }
}

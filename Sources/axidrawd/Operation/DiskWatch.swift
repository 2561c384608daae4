internal import Foundation
internal import HTTP
internal import Synchronization

/// Notices that the spool's disk takes long, or is filling, and tells it once each time: neither is a reason to end the
/// daemon.
final class DiskWatch: Sendable {
    /// What is told.
    enum News: Equatable, Sendable {
        /// It has not answered for so many seconds.
        case slow(seconds: Double)
        /// It answers again, after so many seconds.
        case over(seconds: Double)
        /// Soon no drawing will be taken any more.
        case filling(FillLevel)
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
            var isFillingTold = false
            while !Task.isCancelled {
                let level = await Self.look(keeper, patience, tell)
                if let level, level.isHigh, !isFillingTold {
                    isFillingTold = true
                    tell(.filling(level))
                } else if level?.isLow == true {
                    isFillingTold = false
                }
                try? await Task.sleep(for: .milliseconds(pause))
            }
        }
    }

    deinit { task.cancel() }

    func stop() { task.cancel() }

    /// Waits until the queue has come round; how full the spool is then.
    private static func look(
        _ keeper: JobKeeper, _ patience: Int64, _ tell: @escaping @Sendable (News) -> Void
    ) async -> FillLevel? {
        let asked = HTTPServer.now
        let answered = Flag()
        keeper.later { store in answered.raise(store.fillLevel) }
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
        return answered.level
    }

    private final class Flag: Sendable {
        private let value = Mutex<(isRaised: Bool, level: FillLevel?)>((false, nil))
        var isRaised: Bool { value.withLock { $0.isRaised } }
        var level: FillLevel? { value.withLock { $0.level } }
        func raise(_ level: FillLevel?) { value.withLock { $0 = (true, level) } }
    }
}

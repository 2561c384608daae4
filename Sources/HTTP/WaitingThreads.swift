internal import Foundation
internal import Synchronization

/// Threads of their own for work that mostly waits for the network.
///
/// On a dispatch queue it would hold the few threads on which drawings are read and pictures made.
package final class WaitingThreads: Sendable {
    private let most: Int
    private let busy = Mutex(0)

    /// - Parameter most: how many may be under way at a time.
    package init(most: Int) { self.most = most }

    /// Begins work on a thread of its own; false, and nothing is done, when as many as may be are under way.
    package func begin(_ work: @escaping @Sendable () -> Void) -> Bool {
        let isFree = busy.withLock { busy in
            guard busy < most else { return false }
            busy += 1
            return true
        }
        guard isFree else { return false }
        let thread = Thread { [self] in
            work()
            busy.withLock { $0 -= 1 }
        }
        thread.stackSize = 1 << 20
        thread.start()
        return true
    }
}

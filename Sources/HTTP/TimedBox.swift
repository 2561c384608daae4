internal import Dispatch
internal import Synchronization

/// Hands values from one thread to another, which waits no longer than it may.
package final class TimedBox<Value: Sendable>: Sendable {
    package init() {}

    private let count = DispatchSemaphore(value: 0)
    private let values = Mutex<[Value]>([])

    package func put(_ value: Value) {
        values.withLock { $0.append(value) }
        count.signal()
    }

    /// The oldest value; nil when there is none until the deadline (of `HTTPServer.now`, ms).
    package func take(until deadline: Int64) -> Value? {
        let left = max(0, min(deadline - HTTPServer.now, 1 << 40))
        guard count.wait(timeout: .now() + .milliseconds(Int(left))) == .success else { return nil }
        return values.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}

internal import Synchronization

extension PlanExecution {
    /// Values of `body(0)`…`body(count − 1)` in that order, computed through `concurrently`.
    func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
        if count <= 1 { return (0..<max(0, count)).map(body) }
        let values = Mutex<[Value?]>(Array(repeating: nil, count: count))
        concurrently(count) { i in
            let value = body(i)
            values.withLock { $0[i] = value }
        }
        return values.withLock { $0.compactMap { $0 } }
    }

    /// Throws when the caller wants planning to stop.
    func checkCancellation() throws(PlanError) {
        if isCancelled() { throw .cancelled }
    }

    /// Throws when so many bytes are more than may be held at once.
    @inline(__always)
    package func require(bytes needed: Int) throws(PlanError) {
        if needed > bytes { throw .memory(needed: needed, allowed: bytes) }
    }
}

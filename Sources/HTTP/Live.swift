internal import Synchronization

/// A value that may be replaced as a whole while others read it.
package final class Live<Value: Sendable>: Sendable {
    private let held: Mutex<Value>

    package init(_ value: Value) { held = Mutex(value) }

    package var value: Value { held.withLock { $0 } }

    package func replace(_ value: Value) { held.withLock { $0 = value } }
}

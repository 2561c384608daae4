internal import Synchronization

/// A value that may be replaced as a whole while others read it.
final class Live<Value: Sendable>: Sendable {
    private let held: Mutex<Value>

    init(_ value: Value) { held = Mutex(value) }

    var value: Value { held.withLock { $0 } }

    func replace(_ value: Value) { held.withLock { $0 = value } }
}

internal import Synchronization
package import Text

/// Messages for one client over a stream of its own: unnamed events, one JSON value each.
///
/// Sending never waits; the server's loop takes what there is. `EventHub` is for what everybody may hear.
package final class EventFeed: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isEnded = false
        var isClosed = false
        var waker: Waker?
        var onClose: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    /// Sent with every event, so that a client that comes again can say who it is; nil = events without one.
    private let id: String?

    /// - Parameter id: visible ASCII.
    package init(id: String? = nil) { self.id = id }

    /// Sends `data: <value>`; nothing after `end` or once the client has gone.
    package func send(_ value: JSONValue) {
        let name = id.map { "id: \($0)\n" } ?? ""
        let bytes = Array("\(name)data: ".utf8) + value.bytes + Array("\n\n".utf8)
        let waker = state.withLock { state -> Waker? in
            guard !state.isEnded, !state.isClosed else { return nil }
            state.pending += bytes
            return state.waker
        }
        waker?.wake()
    }

    /// Whether nothing that is sent now is heard.
    package var isOver: Bool { state.withLock { $0.isEnded || $0.isClosed } }

    /// Ends the stream once everything is sent.
    package func end() {
        let waker = state.withLock { state -> Waker? in
            state.isEnded = true
            return state.waker
        }
        waker?.wake()
    }

    /// Calls this once when the client has gone; at once if it has.
    package func onClose(_ body: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.onClose = body }
            return state.isClosed
        }
        if isClosed { body() }
    }

    // MARK: For the loop

    /// Wakes this loop when there is something to take.
    package func attach(_ waker: Waker) {
        state.withLock { $0.waker = waker }
        waker.wake()
    }

    /// What is to be sent, and whether the stream ends after it.
    package func take() -> (bytes: [UInt8], isEnded: Bool) {
        state.withLock { state in
            defer { state.pending = [] }
            return (state.pending, state.isEnded)
        }
    }

    /// The connection is gone.
    package func close() {
        let body = state.withLock { state -> (@Sendable () -> Void)? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            state.pending = []
            defer { state.onClose = nil }
            return state.onClose
        }
        body?()
    }
}

internal import Foundation
internal import Synchronization
package import Text

/// Events for everybody who listens: numbered, kept in a ring, sent by the loop.
///
/// Publishing never waits for a reader; the oldest events make room.
package final class EventHub: Sendable {
    /// One event as it stands in the ring.
    package struct Event: Sendable {
        package var number: Int
        package var name: String
        /// The four lines on the wire.
        package var bytes: [UInt8]
        /// Bytes of all events before this one, ever.
        package var offset: Int
    }

    private struct State {
        var ring: [Event] = []
        /// Index of the oldest in `ring`, once it is full.
        var start = 0
        var next = 1
        var offset = 0
        var wakers: [Waker] = []
        var observers: [@Sendable (String, JSONValue) -> Void] = []
    }

    /// Changes with the life of the state behind the numbers.
    package let epoch: String
    private let capacity: Int
    private let state = Mutex(State())

    package init(epoch: String, capacity: Int = 1024) {
        self.epoch = epoch
        self.capacity = capacity
    }

    /// Wakes this loop after every event.
    package func attach(_ waker: Waker) { state.withLock { $0.wakers.append(waker) } }

    /// Hands every event to this as well, before it is sent; it must not wait.
    package func observe(_ observer: @escaping @Sendable (_ name: String, _ data: JSONValue) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    /// Sends an event. Names come from us; data is one line of JSON.
    package func publish(_ name: String, _ data: JSONValue) {
        for observer in state.withLock({ $0.observers }) { observer(name, data) }
        let payload = data.bytes
        let wakers = state.withLock { state -> [Waker] in
            let bytes = Self.lines(id: "\(epoch)-\(state.next)", name: name, data: payload)
            let event = Event(number: state.next, name: name, bytes: bytes, offset: state.offset)
            state.next += 1
            state.offset += bytes.count
            if state.ring.count < capacity {
                state.ring.append(event)
            } else {
                state.ring[state.start] = event
                state.start = (state.start + 1) % capacity
            }
            return state.wakers
        }
        for waker in wakers { waker.wake() }
    }

    /// Number of the newest event; 0 before the first.
    package var newest: Int { state.withLock { $0.next - 1 } }

    /// Bytes of the events after `number` up to the newest.
    package func bytesBehind(_ number: Int) -> Int {
        state.withLock { state in
            let missed = state.next - 1 - number
            guard missed > 0, missed <= state.ring.count else { return 0 }
            return state.offset - Self.event(missed, from: state).offset
        }
    }

    /// The event after `number`: nil when there is none yet, `.lost` when the ring has forgotten it.
    package enum Following: Sendable {
        case event(Event)
        case none, lost
    }

    package func following(_ number: Int) -> Following {
        state.withLock { state in
            let missed = state.next - 1 - number
            if missed <= 0 { return .none }
            if missed > state.ring.count { return .lost }
            return .event(Self.event(missed, from: state))
        }
    }

    /// The event that is the `missed`-th from the end.
    private static func event(_ missed: Int, from state: State) -> Event {
        let index = state.ring.count - missed
        return state.ring[(state.start + index) % state.ring.count]
    }

    /// The number in an id of ours that the ring can still continue after; nil for any other text.
    package func number(ofId id: String) -> Int? {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = ASCII.decimal(parts[1].utf8), id == "\(epoch)-\(number)" else {
            return nil
        }
        return state.withLock { state in
            let newest = state.next - 1
            return number <= newest && newest - number <= state.ring.count ? number : nil
        }
    }

    /// One event on the wire. The name is ours; JSON has no raw line ends.
    package static func lines(id: String, name: String, data: [UInt8]) -> [UInt8] {
        Array("id: \(id)\nevent: \(name)\ndata: ".utf8) + data + [0x0A, 0x0A]
    }
}

/// What a request for events asks for.
package struct EventRequest: Sendable {
    package var hub: EventHub
    /// Event names wanted; empty means all.
    package var topics: Set<String>
    /// Continue after this event; nil begins with a snapshot.
    package var after: Int?
    /// The full state as the data of a `snapshot` event.
    package var snapshot: @Sendable () -> JSONValue

    package init(hub: EventHub, topics: Set<String>, after: Int? = nil, snapshot: @escaping @Sendable () -> JSONValue) {
        self.hub = hub
        self.topics = topics
        self.after = after
        self.snapshot = snapshot
    }
}

/// Where one reader of events stands.
package struct EventReader: Sendable {
    package let request: EventRequest
    private var cursor: Int
    private var isLive = false
    package private(set) var lastSent: Int64

    /// The first bytes of the stream.
    package let opening: [UInt8]

    package init(_ request: EventRequest, now: Int64) {
        self.request = request
        lastSent = now
        var bytes = Array("retry: 2000\n\n".utf8)
        if let after = request.after {
            cursor = after
        } else {
            // The number is read first: an event that comes in between is told twice rather than never.
            cursor = request.hub.newest
            let id = "\(request.hub.epoch)-\(cursor)"
            bytes += EventHub.lines(id: id, name: "snapshot", data: request.snapshot().bytes)
        }
        opening = bytes
    }

    package enum Step: Sendable {
        case send([UInt8])
        case wait, close
    }

    /// What to send next, given how much of the earlier is unsent.
    package mutating func step(unsent: Int, limits: HTTPLimits, now: Int64) -> Step {
        // Only who does not take what he has been sent is slow; events may well come in a burst of more than that.
        if isLive, unsent > 0, unsent + request.hub.bytesBehind(cursor) > limits.eventBacklog { return .close }
        var bytes: [UInt8] = []
        // However small the limit, an event goes to whom nothing is owed.
        while unsent + bytes.count < max(1, limits.eventBacklog / 2) {
            switch request.hub.following(cursor) {
            case .lost: return .close
            case .none:
                isLive = true
                if bytes.isEmpty, now - lastSent >= limits.eventHeartbeatMilliseconds { bytes = Array(":\n\n".utf8) }
                return finish(bytes, now: now)
            case .event(let event):
                cursor = event.number
                if request.topics.isEmpty || request.topics.contains(event.name) { bytes += event.bytes }
            }
        }
        return finish(bytes, now: now)
    }

    private mutating func finish(_ bytes: [UInt8], now: Int64) -> Step {
        guard !bytes.isEmpty else { return .wait }
        lastSent = now
        return .send(bytes)
    }
}

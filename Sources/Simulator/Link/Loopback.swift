public import Dispatch
public import EBB
internal import Synchronization

/// A virtual board in the same process, as a transport: simulated time, real time or any multiple of it.
///
/// At the highest speed time passes only when the driver waits for it (`wake(at:)`) or when the board must run on
/// before it can answer; so a run is the same every time, however busy the machine is.
public final class Loopback: Transport {
    /// How fast simulated time passes.
    public enum Speed: Equatable, Sendable {
        /// As fast as the processor allows.
        case maximum
        /// Simulated seconds per second.
        case times(Double)

        public static let realTime = Speed.times(1)
    }

    /// What can be seen of the board at one moment.
    public struct Snapshot: Sendable {
        /// Vertices of the trace from the cursor on.
        public var vertices: [Trace.Vertex]
        /// Where the carriage is and whether it draws at this moment; not part of the trace yet.
        public var live: Trace.Vertex
        /// Cursor for the next call.
        public var cursor: Int
        /// Ticks since the board was switched on.
        public var tick: Int64
        public var xMillimetres: Double
        public var yMillimetres: Double
        public var isPenUp: Bool
        public var isPenTouching: Bool
        public var penLifts: Int
        public var penDownMillimetres: Double
        public var penUpMillimetres: Double
        public var incidentCount: Int
    }

    private struct State {
        var board: VirtualBoard
        var clock: SimulatedClock?
        var inbox: [UInt8] = []
        var queue: DispatchQueue?
        var events: (@Sendable (TransportEvent) -> Void)?
        var timer: (any DispatchSourceTimer)?
        var isPlugged = true
        var isOpen = false
        var isScheduled = false
        var wake: Int64?
    }

    private enum Step {
        case event(TransportEvent)
        case rest
    }

    private let state: Mutex<State>

    /// - Parameter configuration: the board; at the highest speed queued commands run back to back.
    public init(_ configuration: BoardConfiguration, speed: Speed = .realTime) {
        var configuration = configuration
        let clock: SimulatedClock?
        switch speed {
        case .maximum:
            configuration.isBackToBack = true
            clock = nil
        case .times(let factor): clock = SimulatedClock(speed: factor, startingAt: Self.hostNanoseconds)
        }
        state = Mutex(State(board: VirtualBoard(configuration), clock: clock))
    }

    // MARK: Transport

    public var now: Int64 {
        state.withLock { state in state.clock?.tick(at: Self.hostNanoseconds) ?? state.board.now }
    }

    /// Opens, or opens again after a loss.
    public func open(on queue: DispatchQueue, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {
        let isPlugged = state.withLock { state in
            state.queue = queue
            state.events = events
            state.isOpen = state.isPlugged
            if state.isOpen { _ = state.board.takeReplies() }
            return state.isPlugged
        }
        if !isPlugged { throw .absent(name: "virtual board") }
    }

    /// Sends bytes in order, keeping what is not taken at once.
    public func write(_ bytes: [UInt8]) {
        state.withLock { state in
            guard state.isOpen else { return }
            state.inbox.append(contentsOf: bytes)
            schedule(&state)
        }
    }

    /// Asks for one `woke`; a later call replaces an earlier one, nil withdraws it.
    public func wake(at tick: Int64?) {
        state.withLock { state in
            state.wake = tick
            if tick != nil { schedule(&state) }
        }
    }

    /// Ends the link; no event follows.
    public func close() {
        state.withLock { state in
            state.isOpen = false
            state.events = nil
            state.wake = nil
            state.timer?.cancel()
            state.timer = nil
        }
    }

    // MARK: Looking at the board

    /// What the board has done since `cursor` (0 for all), and where it is now.
    public func snapshot(since cursor: Int) -> Snapshot {
        state.withLock { state in
            runToPresent(&state)
            let board = state.board
            let vertices = board.trace.vertices
            return Snapshot(
                vertices: Array(vertices.dropFirst(max(0, cursor))), live: board.liveVertex, cursor: vertices.count,
                tick: board.now,
                xMillimetres: board.carriage.xMillimetres, yMillimetres: board.carriage.yMillimetres,
                isPenUp: board.isPenUp, isPenTouching: board.isPenTouching, penLifts: board.penLifts,
                penDownMillimetres: board.penDownMillimetres, penUpMillimetres: board.penUpMillimetres,
                incidentCount: board.incidents.count)
        }
    }

    /// Looks at the board, or does something to it (power, button), at the present moment.
    public func withBoard<Result: Sendable>(_ body: (inout VirtualBoard) -> Result) -> Result {
        state.withLock { state in
            runToPresent(&state)
            return body(&state.board)
        }
    }

    /// Pulls the cable: what the board has not read or sent is lost, motion goes on.
    public func pullCable() {
        state.withLock { state in
            guard state.isPlugged else { return }
            state.isPlugged = false
            state.inbox.removeAll()
            state.board.unplug()
            guard state.isOpen else { return }
            state.isOpen = false
            if let queue = state.queue, let events = state.events {
                queue.async { @Sendable in events(.lost(.lost(call: "read", code: 5))) }
            }
        }
    }

    /// Puts the cable back; the driver has to open the link again.
    public func plugCable() {
        state.withLock { state in state.isPlugged = true }
    }

    // MARK: Time

    private static var hostNanoseconds: UInt64 { DispatchTime.now().uptimeNanoseconds }

    private func runToPresent(_ state: inout State) {
        guard let clock = state.clock else { return }
        handOver(&state)
        state.board.advance(to: clock.tick(at: Self.hostNanoseconds))
    }

    private func schedule(_ state: inout State) {
        guard !state.isScheduled, let queue = state.queue, state.events != nil else { return }
        state.isScheduled = true
        queue.async { @Sendable [weak self] in self?.pump() }
    }

    /// Delivers what is due. Lets time pass once at most, so that others on the driver's queue get their turn.
    private func pump() {
        var mayPass = true
        while true {
            let (step, events) = state.withLock { state in
                if mayPass { state.isScheduled = false }
                return (next(&state, mayPass: mayPass), state.events)
            }
            mayPass = false
            guard case .event(let event) = step, let events else { return }
            events(event)
        }
    }

    private func next(_ state: inout State, mayPass: Bool) -> Step {
        if state.clock != nil { runToPresent(&state) }
        handOver(&state)
        if let due = due(&state) { return .event(due) }
        guard let target = target(state) else { return .rest }
        guard let clock = state.clock else {
            guard mayPass else {
                schedule(&state)
                return .rest
            }
            state.board.advance(to: target)
            handOver(&state)
            if let due = due(&state) { return .event(due) }
            schedule(&state)
            return .rest
        }
        setTimer(&state, at: clock.nanoseconds(at: target))
        return .rest
    }

    private func handOver(_ state: inout State) {
        guard !state.inbox.isEmpty else { return }
        let count = min(state.inbox.count, state.board.acceptableByteCount)
        guard count > 0 else { return }
        state.board.receive(state.inbox[..<count])
        if count == state.inbox.count {
            state.inbox.removeAll(keepingCapacity: true)
        } else {
            state.inbox.removeFirst(count)
        }
    }

    private func due(_ state: inout State) -> TransportEvent? {
        if state.isOpen {
            let replies = state.board.takeReplies()
            if !replies.isEmpty { return .received(replies) }
        }
        let now = state.clock?.tick(at: Self.hostNanoseconds) ?? state.board.now
        if let wake = state.wake, wake <= now {
            state.wake = nil
            return .woke
        }
        return nil
    }

    /// When something may be due next; nil = nobody waits for anything.
    private func target(_ state: State) -> Int64? {
        let isBlocked = state.isOpen && (state.board.isParserBlocked || !state.inbox.isEmpty)
        guard isBlocked, let event = state.board.nextEventTick else { return state.wake }
        return min(event, state.wake ?? event)
    }

    private func setTimer(_ state: inout State, at nanoseconds: UInt64) {
        if state.timer == nil, let queue = state.queue {
            let timer = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
            timer.setEventHandler { @Sendable [weak self] in self?.pump() }
            timer.activate()
            state.timer = timer
        }
        state.timer?.schedule(deadline: DispatchTime(uptimeNanoseconds: nanoseconds), leeway: .nanoseconds(0))
    }
}

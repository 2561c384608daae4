internal import Dispatch
public import EBB
public import Picture
internal import Synchronization

/// A virtual board in the same process, as a transport: simulated time, real time or any multiple of it.
///
/// At the highest speed time passes only when the driver waits for it (`wake(at:)`), when the board must run on before
/// it can answer, or when something has been arranged for later (faults, `perform(at:)`), and never while a piece of the
/// driver waits for its turn on the queue; so a run is the same every time, however busy the machine is.
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
        var executor: QueueExecutor?
        var events: (@Sendable (TransportEvent) -> Void)?
        var timer: (any DispatchSourceTimer)?
        var isPlugged = true
        var isOpen = false
        var isScheduled = false
        var wake: Int64?
        var injector: FaultInjector?
        /// What the injector has let through and the driver has not read.
        var reads: [[UInt8]] = []
        /// Sorted by tick.
        var errands: [(tick: Int64, action: @Sendable () -> Void)] = []
        /// The driver's process gets no processor before this tick.
        var stallEnd = Int64.min
        /// Ticks of the link's clock in one of the board's.
        var drift = 1.0

        /// The board's tick at which the link's clock says `tick`.
        func boardTick(_ tick: Int64) -> Int64 { drift == 1 ? tick : Int64((Double(tick) / drift).rounded(.up)) }
    }

    private enum Step {
        case event(TransportEvent)
        case errand(@Sendable () -> Void)
        case rest
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - configuration: the board; at the highest speed queued commands run back to back.
    ///   - faults: what goes wrong between the driver and the board; nil = nothing ever.
    ///   - drift: at the highest speed, how much faster the link's clock is than the board's: 1.001 = by 0.1 %.
    public init(
        _ configuration: BoardConfiguration, speed: Speed = .realTime, faults: FaultInjector? = nil, drift: Double = 1
    ) {
        var configuration = configuration
        let clock: SimulatedClock?
        switch speed {
        case .maximum:
            configuration.isBackToBack = true
            clock = nil
        case .times(let factor): clock = SimulatedClock(speed: factor, startingAt: Self.hostNanoseconds)
        }
        state = Mutex(State(board: VirtualBoard(configuration), clock: clock, injector: faults, drift: drift))
    }

    // MARK: Transport

    public var now: Int64 {
        state.withLock { state in
            if let clock = state.clock { return clock.tick(at: Self.hostNanoseconds) }
            return state.drift == 1 ? state.board.now : Int64(Double(state.board.now) * state.drift)
        }
    }

    /// Opens, or opens again after a loss.
    public func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void)
        throws(LinkError)
    {
        let isPlugged = state.withLock { state in
            state.executor = executor
            state.events = events
            state.isOpen = state.isPlugged
            if state.isOpen { _ = state.board.takeReplies() }
            state.reads.removeAll()
            return state.isPlugged
        }
        if !isPlugged { throw .absent(name: "virtual board") }
    }

    /// Sends bytes in order, keeping what is not taken at once.
    public func write(_ bytes: [UInt8]) {
        state.withLock { state in
            guard state.isOpen else { return }
            if state.injector == nil {
                state.inbox.append(contentsOf: bytes)
            } else {
                runToPresent(&state)
                let delivered = state.injector?.fromHost(bytes, at: state.board.now) ?? []
                state.inbox.append(contentsOf: delivered)
            }
            schedule(&state)
        }
    }

    /// Asks for one `woke`; a later call replaces an earlier one, nil withdraws it.
    public func wake(at tick: Int64?) {
        state.withLock { state in
            state.wake = tick.map { state.boardTick($0) }
            if tick != nil { schedule(&state) }
        }
    }

    /// Ends the link: nothing is received or lost any more, but who asks to be woken is.
    public func close() {
        state.withLock { state in
            state.isOpen = false
            state.reads.removeAll()
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
        state.withLock { state in pull(&state) }
    }

    /// Puts the cable back; the driver has to open the link again.
    public func plugCable() {
        state.withLock { state in state.isPlugged = true }
    }

    /// Calls `action` on the driver's queue as soon as it is `tick` of the board's time; time passes for it.
    public func perform(at tick: Int64, _ action: @escaping @Sendable () -> Void) {
        state.withLock { state in
            let place = state.errands.firstIndex { $0.tick > tick } ?? state.errands.endIndex
            state.errands.insert((tick, action), at: place)
            schedule(&state)
        }
    }

    /// Takes back what has been arranged by `perform(at:)` and by rules of faults and has not happened.
    public func endArrangements() {
        state.withLock { state in
            state.errands.removeAll()
            state.injector?.removeRules()
        }
    }

    /// Lets the driver wait: nothing is delivered within the next `ticks`, as if its process got no processor.
    public func stall(ticks: Int64) {
        state.withLock { state in
            runToPresent(&state)
            state.stallEnd = max(state.stallEnd, state.board.now + ticks)
            schedule(&state)
        }
    }

    private func pull(_ state: inout State) {
        guard state.isPlugged else { return }
        state.isPlugged = false
        state.inbox.removeAll()
        state.reads.removeAll()
        state.board.unplug()
        guard state.isOpen else { return }
        state.isOpen = false
        if let executor = state.executor, let events = state.events {
            executor.async { events(.lost(.lost(call: "read", code: 5))) }
        }
    }

    // MARK: Faults

    /// Adds rules to what goes wrong, from now on; without an injector of its own one begins with them.
    public func add(_ faults: FaultScript) {
        state.withLock { state in
            if state.injector == nil { state.injector = FaultInjector() }
            state.injector?.add(faults)
            schedule(&state)
        }
    }

    /// Passes the board's replies through the injector and does what else is due by its script.
    private func settleFaults(_ state: inout State) {
        guard state.injector != nil else { return }
        let now = state.board.now
        let replies = state.board.takeReplies()
        state.injector?.fromBoard(replies, at: now)
        for action in state.injector?.takeActions(at: now) ?? [] {
            switch action {
            case .unplug: pull(&state)
            case .replug(let resets):
                if resets { state.board.powerCycle() }
                state.isPlugged = true
            case .supply(let counts): state.board.setSupply(counts: counts)
            case .pressButton: state.board.pressButton()
            }
        }
        let reads = state.injector?.takeReads(at: now) ?? []
        if state.isOpen { state.reads += reads }
    }

    // MARK: Time

    private static var hostNanoseconds: UInt64 { DispatchTime.now().uptimeNanoseconds }

    private func runToPresent(_ state: inout State) {
        guard let clock = state.clock else { return }
        handOver(&state)
        state.board.advance(to: clock.tick(at: Self.hostNanoseconds))
    }

    private func schedule(_ state: inout State) {
        guard !state.isScheduled, let executor = state.executor, state.events != nil else { return }
        state.isScheduled = true
        executor.queue.async { @Sendable [weak self] in self?.pump() }
    }

    /// Delivers what is due. Lets time pass once at most, and only when nothing else waits on the driver's queue: an
    /// event may have set a piece of the driver going that comes after this call.
    private func pump() {
        var mayPass = true
        while true {
            let (step, events) = state.withLock { state in
                if mayPass { state.isScheduled = false }
                return (next(&state, mayPass: mayPass), state.events)
            }
            mayPass = false
            switch step {
            case .event(let event):
                guard let events else { return }
                events(event)
            case .errand(let action): action()
            case .rest: return
            }
        }
    }

    private func next(_ state: inout State, mayPass: Bool) -> Step {
        if state.clock != nil { runToPresent(&state) }
        handOver(&state)
        if let due = due(&state) { return due }
        guard let target = target(state) else { return .rest }
        guard let clock = state.clock else {
            guard mayPass, state.executor?.hasWaiting != true else {
                schedule(&state)
                return .rest
            }
            state.board.advance(to: target)
            handOver(&state)
            if let due = due(&state) { return due }
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

    private func due(_ state: inout State) -> Step? {
        settleFaults(&state)
        let now = state.clock?.tick(at: Self.hostNanoseconds) ?? state.board.now
        if let first = state.errands.first, first.tick <= now {
            state.errands.removeFirst()
            return .errand(first.action)
        }
        if now < state.stallEnd { return nil }
        if state.isOpen {
            let replies = state.injector == nil ? state.board.takeReplies() : state.reads.popFirst() ?? []
            if !replies.isEmpty { return .event(.received(replies)) }
        }
        if let wake = state.wake, wake <= now {
            state.wake = nil
            return .event(.woke)
        }
        return nil
    }

    /// When something may be due next; nil = nobody waits for anything.
    private func target(_ state: State) -> Int64? {
        var target = state.board.now < state.stallEnd ? state.stallEnd : state.wake
        func consider(_ tick: Int64?) { if let tick { target = min(target ?? tick, tick) } }
        if state.isOpen && (state.board.isParserBlocked || !state.inbox.isEmpty) { consider(state.board.nextEventTick) }
        consider(state.injector?.nextTick)
        consider(state.errands.first?.tick)
        return target
    }

    private func setTimer(_ state: inout State, at nanoseconds: UInt64) {
        if state.timer == nil, let queue = state.executor?.queue {
            let timer = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
            timer.setEventHandler { @Sendable [weak self] in self?.pump() }
            timer.activate()
            state.timer = timer
        }
        state.timer?.schedule(deadline: DispatchTime(uptimeNanoseconds: nanoseconds), leeway: .nanoseconds(0))
    }
}

extension Array {
    /// Takes the first element off.
    fileprivate mutating func popFirst() -> Element? { isEmpty ? nil : removeFirst() }
}

internal import Dispatch
internal import EBB
internal import Synchronization

/// Serves a virtual board to other programs: on a pseudo-terminal or on standard streams, in real time or faster.
///
/// One thread runs it, in `run()`; a `Remote` reaches it from any other. Real and multiplied time come from the host's
/// monotonic clock, by absolute times, so that nothing drifts. At the highest speed time jumps from event to event:
/// at once while the parser is blocked, else when the host has been quiet for a moment; each read costs the time that
/// a real board takes at least, so that a host that asks in circles gets on too.
public final class BoardService {
    /// How the board is served.
    public struct Options: Sendable {
        /// Simulated seconds per second; nil = as fast as possible.
        public var speed: Double? = 1
        /// Standard input and output instead of a pseudo-terminal.
        public var usesStandardStreams = false
        /// End when the last client has closed.
        public var isOnce = false
        /// A symbolic link that always points to the present pseudo-terminal.
        public var link: String?
        /// A named pipe that takes lines of a fault script, `off`, `on` and `clear` while running.
        public var control: String?
        /// How long the cable is out when the board restarts by itself (`RB`).
        public var reenumerationTicks: Int64 = 12_500

        public init() {}
    }

    /// What the owner hears of; all on the thread of `run()`.
    public struct Events {
        /// The board can be opened at this path from now on.
        public var onPath: (String) throws -> Void = { _ in }
        /// Commands that are over.
        public var onRecords: ([CommandRecord]) throws -> Void = { _ in }
        /// Something worth a line to a person.
        public var onNote: (String) -> Void = { _ in }

        public init() {}
    }

    /// Reaches a running service from any other thread.
    public final class Remote: Sendable {
        /// Something to do with the board and its faults at the service's next round.
        public typealias Errand = @Sendable (inout VirtualBoard, inout FaultInjector) -> Void

        fileprivate let waiter: LinkWaiter
        private let state = Mutex<(isStopped: Bool, errands: [Errand])>((false, []))

        public init() throws(LinkFailure) { waiter = try LinkWaiter() }

        /// The service leaves `run()` soon; any number of times.
        public func stop() {
            state.withLock { $0.isStopped = true }
            waiter.ring()
        }

        /// Runs `errand` on the service's thread, soon, between two rounds.
        public func perform(_ errand: @escaping Errand) {
            state.withLock { $0.errands.append(errand) }
            waiter.ring()
        }

        fileprivate var isStopped: Bool { state.withLock { $0.isStopped } }

        fileprivate func takeErrands() -> [Errand] {
            state.withLock { state in
                defer { state.errands = [] }
                return state.errands
            }
        }
    }

    public private(set) var board: VirtualBoard
    private var injector: FaultInjector
    private let options: Options
    private let events: Events
    private let remote: Remote
    private var port: (any BoardPort)?
    private var control: ControlPipe?
    private var clock: SimulatedClock?
    /// What the host has not taken yet; each element is written by itself.
    private var outgoing: [[UInt8]] = []
    private var outgoingCount = 0
    private var replugTick: Int64?
    private var hasBeenLeft = false
    private var ownsLink = false
    private var isOver = false
    private var idleReads: Int64 = 0

    /// Bytes that wait for a host that does not read; more are lost, as a board loses them.
    private static let mostOutgoing = 65_536
    /// One USB packet.
    private static let packet = 64
    /// At the highest speed: silence of the host after which time jumps.
    private static let quietNanoseconds: UInt64 = 10_000_000

    public init(
        _ board: VirtualBoard, faults: FaultInjector = FaultInjector(), options: Options = Options(),
        events: Events = Events(), remote: Remote
    ) throws(LinkFailure) {
        self.board = board
        injector = faults
        self.options = options
        self.events = events
        self.remote = remote
        if let path = options.control { control = try ControlPipe(path) }
    }

    /// Serves until stopped, or the client's end with `isOnce` or standard streams.
    ///
    /// After the client's own end the board runs on until it is at rest.
    public func run() throws {
        defer {
            closePort()
            port = nil
            control = nil
        }
        try openPort()
        if let speed = options.speed {
            clock = SimulatedClock(speed: speed, startingAt: Self.hostNanoseconds, tick: board.now)
        }
        while !remote.isStopped && !isOver {
            try step()
            if !isOver { wait() }
        }
        if isOver { try finish() }
        try deliverRecords()
    }

    private static var hostNanoseconds: UInt64 { DispatchTime.now().uptimeNanoseconds }

    private var presentTick: Int64 { clock?.tick(at: Self.hostNanoseconds) ?? board.now }

    // MARK: One round

    /// Does all there is to do at the present moment.
    private func step() throws {
        readControl()
        var tick = presentTick
        for errand in remote.takeErrands() {
            board.advance(to: tick)
            errand(&board, &injector)
        }
        while true {
            board.advance(to: tick)
            try settle(tick)
            if port?.hasBeenLeft() == true { hasBeenLeft = true }
            guard let count = try takeInput(tick) else { break }
            if clock == nil { tick = paced(tick, bytes: count) }
            if remote.isStopped { break }
        }
        if hasBeenLeft && port != nil && canRead { endOfClient() }
    }

    private var canRead: Bool { board.acceptableByteCount > 0 && !board.isParserBlocked }

    /// What follows from the board's having run: records, replies, faults, output.
    private func settle(_ tick: Int64) throws {
        try deliverRecords()
        injector.fromBoard(board.takeReplies(), at: tick)
        for event in board.takeEvents() { leave(by: event, tick) }
        for action in injector.takeActions(at: tick) { try perform(action, tick) }
        if let replug = replugTick, replug <= tick {
            replugTick = nil
            try openPort()
        }
        for bytes in injector.takeReads(at: tick) where port != nil {
            if outgoingCount + bytes.count > Self.mostOutgoing { continue }
            outgoing.append(bytes)
            outgoingCount += bytes.count
        }
        writeOutput()
    }

    private func deliverRecords() throws {
        let records = board.takeRecords()
        if !records.isEmpty { try events.onRecords(records) }
    }

    private func writeOutput() {
        guard let port else { return }
        while let first = outgoing.first {
            guard let count = port.write(first[...]) else {
                // The reader of our standard output has gone: nobody will hear the rest.
                isOver = true
                return
            }
            outgoingCount -= count
            if count == first.count {
                outgoing.removeFirst()
            } else {
                outgoing[0].removeFirst(count)
                return
            }
        }
    }

    /// Hands a packet from the host to the board; nil when there is none.
    private func takeInput(_ tick: Int64) throws -> Int? {
        guard let port, canRead else { return nil }
        switch port.read(upTo: min(Self.packet, board.acceptableByteCount)) {
        case .nothing: return nil
        case .ended:
            isOver = true
            return nil
        case .bytes(let bytes):
            if injector.isIdle {
                board.receive(injector.fromHost(bytes, at: tick))
            } else {
                for byte in bytes { try deliver(byte, tick) }
            }
            return bytes.count
        }
    }

    /// Byte by byte when something may go wrong: what a byte sets off happens before the board has it.
    private func deliver(_ byte: UInt8, _ tick: Int64) throws {
        let delivered = injector.fromHost([byte], at: tick)
        for action in injector.takeActions(at: tick) { try perform(action, tick) }
        if delivered.isEmpty { return }
        board.receive(delivered)
        board.advance(to: tick)
        injector.fromBoard(board.takeReplies(), at: tick)
    }

    /// The tick after a read at the highest speed: a millisecond, and ever more while the host only asks.
    private func paced(_ tick: Int64, bytes: Int) -> Int64 {
        guard !board.isIdle else {
            idleReads = 0
            return tick
        }
        idleReads = min(idleReads + 1, 2000)
        let step = Int64(BoardClock.ticksPerMillisecond) * max(1, idleReads / 8)
        return min(tick + step, max(tick, board.nextEventTick ?? (tick + step)))
    }

    // MARK: Waiting

    private func wait() {
        guard clock != nil else { return waitForEvents() }
        var deadline: UInt64?
        for tick in [board.nextEventTick, injector.nextTick, replugTick] {
            guard let tick, let clock else { continue }
            let time = clock.nanoseconds(at: max(tick, board.now + 1))
            deadline = min(deadline ?? time, time)
        }
        remote.waiter.wait(readable: readable, writable: writable, until: deadline)
    }

    /// At the highest speed: time jumps to the next event, after giving the host a chance if it can have any effect.
    private func waitForEvents() {
        let next = [board.nextEventTick, injector.nextTick, replugTick].compactMap { $0 }.min()
        guard let next else { return remote.waiter.wait(readable: readable, writable: writable, until: nil) }
        if canRead && port != nil {
            let before = Self.hostNanoseconds
            remote.waiter.wait(readable: readable, writable: writable, until: before + Self.quietNanoseconds)
            if Self.hostNanoseconds < before + Self.quietNanoseconds { return }
        }
        idleReads = 0
        board.advance(to: max(next, board.now))
    }

    private var readable: [Int32] {
        var descriptors = control.map { [$0.descriptor] } ?? []
        guard let port else { return descriptors }
        descriptors += canRead ? port.readable[...] : port.readable.dropFirst()
        return descriptors
    }

    private var writable: [Int32] {
        guard let port, !outgoing.isEmpty else { return [] }
        return [port.writable]
    }

    // MARK: Coming and going

    private func openPort() throws {
        if options.usesStandardStreams {
            port = port ?? StreamPort()
            return
        }
        let opened = try TerminalPort()
        port = opened
        guard let path = opened.path else { return }
        if let link = options.link {
            try PseudoTerminal.point(link, to: path)
            ownsLink = true
        }
        try events.onPath(path)
    }

    /// The last client has closed and all it sent is read.
    private func endOfClient() {
        hasBeenLeft = false
        outgoing = []
        outgoingCount = 0
        port?.refresh()
        if options.isOnce { isOver = true }
    }

    private func closePort() {
        outgoing = []
        outgoingCount = 0
        hasBeenLeft = false
        if options.usesStandardStreams { return }
        if let link = options.link, ownsLink { PseudoTerminal.remove(link) }
        ownsLink = false
        port = nil
    }

    private func leave(by event: BoardEvent, _ tick: Int64) {
        closePort()
        switch event {
        case .reenumerated: replugTick = tick + options.reenumerationTicks
        case .enteredBootloader: events.onNote("the board has entered its boot loader and is gone")
        }
    }

    private func perform(_ action: FaultAction, _ tick: Int64) throws {
        switch action {
        case .unplug:
            board.unplug()
            closePort()
        case .replug(let resets):
            if resets { board.powerCycle() }
            try openPort()
        case .supply(let counts): board.setSupply(counts: counts)
        case .pressButton: board.pressButton()
        }
    }

    private func readControl() {
        guard let control else { return }
        for line in control.lines() {
            switch line {
            case "off": injector.isEnabled = false
            case "on": injector.isEnabled = true
            case "clear": injector.removeRules()
            default:
                do {
                    injector.add(try FaultScript(line))
                } catch {
                    events.onNote("control: \(error.reason)")
                }
            }
        }
    }

    /// Nobody listens any more: what is queued runs to its end, in no time.
    private func finish() throws {
        while let next = board.nextEventTick, !board.isIdle, !remote.isStopped {
            board.advance(to: max(next, board.now + 1))
            _ = board.takeReplies()
            try deliverRecords()
        }
    }
}

/// Lines from a named pipe.
final class ControlPipe {
    private let pipe: LinkDescriptor
    private let path: String
    private var rest: [UInt8] = []

    init(_ path: String) throws(LinkFailure) {
        pipe = try LinkDescriptor.namedPipe(path)
        self.path = path
    }

    deinit { PseudoTerminal.remove(path) }

    var descriptor: Int32 { pipe.raw }

    /// Complete lines that have come; an endless line is dropped.
    func lines() -> [String] {
        while case .bytes(let bytes) = pipe.read(upTo: 4096) {
            rest += bytes
            if rest.count > 65_536 { rest = [] }
        }
        guard let end = rest.lastIndex(of: 10) else { return [] }
        let complete = rest[..<end].split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        rest.removeSubrange(...end)
        return complete
    }
}

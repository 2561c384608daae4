internal import EBB
public import Picture

/// An EBB from the wire inwards: bytes and time in, bytes and motion out.
///
/// Its commands, replies and arithmetic are those of the chosen firmware; time is the caller's. Nothing runs tick by
/// tick: the board goes from event to event, and motion is evaluated in closed form.
public struct VirtualBoard: Sendable {
    public let configuration: BoardConfiguration
    /// Ticks of 40 µs since it was switched on.
    public internal(set) var now: Int64 = 0

    let isModern: Bool
    var machine: Machine
    var settings: Settings
    var nickname: [UInt8]
    var supplyCounts: Int

    // Motion
    var queue: [QueuedCommand] = []
    var running = Running.nothing
    var motion = Motion.none
    /// Phase accumulators, as the last motion left them.
    var phases: (Int64, Int64) = (0, 0)
    /// Step counters at the start of the running motion.
    var counters: (Int32, Int32) = (0, 0)
    var isMotorOn: (Bool, Bool) = (false, false)
    /// Steps per full step: 16, 8, 4, 2, 1.
    var resolution: Int64 = 16
    var lastMotionEnd: Int64 = 0
    /// Tick at which an idle board notices its queue.
    var noticeTick: Int64 = 0
    var isPenUpState = true
    var hasPenBeenDown = false
    var penLiftCount = 0
    var hasLimitStopped = false
    var portBAtStop: UInt8 = 0

    // Flags read and cleared by queries
    var wasButtonPressed = false
    var wasSupplyLost = false

    // Wire
    var input: [UInt8] = []
    var inputIndex = 0
    var packetEnds: [Int] = []
    var line: [UInt8] = []
    var hasSeenCommand = false
    var blocked: BlockedCommand?
    /// Reply of the command in the parser.
    var reply: [UInt8] = []
    /// On 2.x held until the packet is worked off.
    var heldReplies: [UInt8] = []
    var sent: [UInt8] = []
    /// Complaints of the present packet on 2.x, told at its end.
    var pendingComplaints: [Complaint] = []
    /// In the bootloader: deaf and dumb until the power is cycled.
    var isDetached = false
    var commandIndex = -1

    var records: [CommandRecord] = []
    var openRecords: [OpenRecord] = []
    var events: [BoardEvent] = []
    /// Peeked and poked by `MR` and `MW`; empty until first poked.
    var memory: [UInt8] = []

    /// What the step interrupt is at.
    enum Running: Sendable {
        case nothing
        case motion
        case wait(end: Int64, index: Int)
    }

    public init(_ configuration: BoardConfiguration) {
        self.configuration = configuration
        isModern = configuration.firmware.major >= 3
        settings = Settings(firmware: configuration.firmware)
        machine = Machine(configuration, pulse: settings.penUpPulse)
        nickname = Array(configuration.name.utf8.prefix(16))
        supplyCounts = configuration.supplyCounts
    }

    // MARK: Bytes

    /// Most bytes that wait for the parser: a pseudo-terminal's buffer; a real board leaves them with the host.
    static let inputCapacity = 4096
    /// Replies that nobody takes block the parser at this size.
    static let replyCapacity = 65_536

    /// Bytes arriving at the present tick; what the parser cannot take yet stays queued.
    ///
    /// A careful sender gives no more than `acceptableByteCount`; what is above twice the capacity is lost, so that the
    /// board stays small whatever comes.
    public mutating func receive(_ bytes: some Sequence<UInt8>) {
        guard !isDetached else { return }
        if inputIndex > 0 && inputIndex == input.count {
            dropInput()
        }
        let before = input.count
        for byte in bytes {
            input.append(byte)
            if input.count - inputIndex > 2 * VirtualBoard.inputCapacity {
                consume()
                if input.count - inputIndex > 2 * VirtualBoard.inputCapacity { input.removeLast() }
            }
        }
        if !configuration.isOneCommandPerPacket {
            var end = before
            while end < input.count {
                end = min(end + 64, input.count)
                packetEnds.append(end)
            }
        }
        consume()
    }

    /// One whole command without line end, for a caller that has lines at hand.
    mutating func receive(line bytes: ArraySlice<UInt8>) {
        if line.isEmpty, bytes.count < VirtualBoard.longestLine, bytes.allSatisfy({ $0 >= 0x20 }) {
            line.append(contentsOf: bytes)
        } else {
            for byte in bytes { feed(byte) }
        }
        feed(0x0D)
    }

    /// Nothing more will come: lets the machine say what a dead stop at the end does to it.
    mutating func finish() {
        machine.stand(until: now)
        if case .nothing = running { machine.rest(at: lastMotionEnd) }
    }

    /// How many bytes the board has room for.
    public var acceptableByteCount: Int { max(0, VirtualBoard.inputCapacity - (input.count - inputIndex)) }

    /// Bytes the board has sent since the last call.
    public mutating func takeReplies() -> [UInt8] {
        defer { sent.removeAll(keepingCapacity: true) }
        let taken = sent
        if taken.count >= VirtualBoard.replyCapacity {
            sent.removeAll()
            consume()
            return taken + sent
        }
        return taken
    }

    /// Drops what the board has sent; false if an error may be among it, which then stays.
    mutating func dropsRepliesWithoutError() -> Bool {
        if sent.contains(UInt8(ascii: "!")) || sent.first == UInt8(ascii: "M") { return false }
        sent.removeAll(keepingCapacity: true)
        return true
    }

    // MARK: State

    /// Next tick at which something may happen by itself (a command ends, the parser gets free); nil = never.
    public var nextEventTick: Int64? {
        let tick = nextBoundary
        return tick == .max ? nil : tick
    }

    /// Whether a command waits in the parser, so that nothing is answered.
    public var isParserBlocked: Bool { blocked != nil }
    /// Whether nothing runs, is queued or blocked.
    public var isIdle: Bool { !isMoving && queue.isEmpty && blocked == nil }

    /// Whether the step interrupt is at a command.
    var isMoving: Bool {
        switch running {
        case .nothing: false
        case .motion, .wait: true
        }
    }

    /// Counters as `QS` tells them.
    public var position: (motor1: Int32, motor2: Int32) {
        guard case .motion = running else { return counters }
        let offset = now - motion.startTick
        return (
            counters.0 &+ Int32(truncatingIfNeeded: motion.first.position(at: offset)),
            counters.1 &+ Int32(truncatingIfNeeded: motion.second.position(at: offset))
        )
    }

    /// As `QP` tells it.
    public var isPenUp: Bool { isPenUpState }
    /// Whether the pen touches the paper now.
    public var isPenTouching: Bool { machine.pen.isTouching != (machine.pen.changeTick <= now) }
    /// The pen's height as a servo pulse, as the mechanics have it now.
    public var penHeight: Double { machine.pen.height(at: now) }

    /// Motor positions in microsteps of 1/16 since home; unlike the counters never zeroed.
    public var motors: (motor1: Int64, motor2: Int64) {
        guard case .motion = running else { return (machine.carriage.motor1, machine.carriage.motor2) }
        let place = motion.place(at: now - motion.startTick)
        return (
            machine.carriage.motor1 + place.0 - motion.reached.0, machine.carriage.motor2 + place.1 - motion.reached.1
        )
    }

    /// Where the carriage is, mm.
    public var carriage: (xMillimetres: Double, yMillimetres: Double) {
        let place = motors
        let (x, y) = machine.carriage.millimetres(place.motor1, place.motor2)
        return (x, y)
    }

    /// What the paper saw, up to the last command that ended; `liveVertex` tells the rest.
    public var trace: Trace { machine.trace }
    /// The present place as a vertex; not part of the trace.
    public var liveVertex: Trace.Vertex {
        let place = motors
        return Trace.Vertex(
            tick: now, motor1: Int32(truncatingIfNeeded: place.motor1), motor2: Int32(truncatingIfNeeded: place.motor2),
            isTouching: isPenTouching)
    }
    /// Hands the trace out and starts an empty one, so that a long-lived board stays small.
    public mutating func takeTrace() -> Trace { machine.takeTrace() }

    /// At most `Machine.incidentLimit`; later ones are only counted.
    public var incidents: [Incident] { machine.incidents }
    /// Incidents beyond the limit.
    public var droppedIncidents: Int { machine.droppedIncidents }
    /// Commands parsed so far.
    public var commandCount: Int { commandIndex + 1 }
    /// The pen went up after having been down.
    public var penLifts: Int { penLiftCount }
    /// Straight distances moved with the pen on the paper, mm.
    public var penDownMillimetres: Double { machine.penDownMillimetres }
    /// Straight distances moved with the pen off the paper, mm.
    public var penUpMillimetres: Double { machine.penUpMillimetres }

    /// Commands over since the last call, in order (if `keepsRecords`).
    public mutating func takeRecords() -> [CommandRecord] {
        defer { records.removeAll(keepingCapacity: true) }
        return records
    }

    /// USB events since the last call.
    public mutating func takeEvents() -> [BoardEvent] {
        defer { events.removeAll() }
        return events
    }
}

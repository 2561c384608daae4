/// An EBB from the wire inwards: bytes and time in, bytes and motion out.
public struct VirtualBoard: Sendable {
    public let configuration: BoardConfiguration
    /// Ticks of 40 µs since it was switched on.
    public private(set) var now: Int64 = 0
    /// What the paper saw.
    public var trace = Trace()
    public internal(set) var incidents: [Incident] = []

    public init(_ configuration: BoardConfiguration) { self.configuration = configuration }

    /// Bytes arriving at the present tick; what the parser cannot take yet stays queued.
    ///
    /// A real board takes no more than `acceptableByteCount`; the rest is the sender's to keep.
    public mutating func receive(_ bytes: some Sequence<UInt8>) {}

    /// How many bytes the board has room for.
    public var acceptableByteCount: Int { 1024 }

    /// Runs time up to and including `tick`; earlier ticks do nothing. Skips ahead, never tick by tick.
    public mutating func advance(to tick: Int64) { now = max(now, tick) }

    /// Bytes the board has sent since the last call.
    public mutating func takeReplies() -> [UInt8] { [] }

    /// Next tick at which something may happen by itself (a command ends, the parser gets free, a time-out); nil = never.
    public var nextEventTick: Int64? { nil }

    /// Whether a command waits in the parser, so that nothing is answered.
    public var isParserBlocked: Bool { false }
    /// Whether nothing runs, is queued or blocked.
    public var isIdle: Bool { true }
    /// Counters as `QS` tells them.
    public var position: (motor1: Int32, motor2: Int32) { (0, 0) }
    /// As `QP` tells it.
    public var isPenUp: Bool { true }
    /// Whether the pen touches the paper now.
    public var isPenTouching: Bool { false }
    /// Where the carriage is, mm.
    public var carriage: (xMillimetres: Double, yMillimetres: Double) { (0, 0) }
    /// Commands parsed so far.
    public var commandCount: Int { 0 }
    /// The pen went up after having been down.
    public var penLifts: Int { 0 }
    public var penDownMillimetres: Double { 0 }
    public var penUpMillimetres: Double { 0 }

    /// Commands over since the last call, in order (if `keepsRecords`).
    public mutating func takeRecords() -> [CommandRecord] { [] }
    /// USB events since the last call.
    public mutating func takeEvents() -> [BoardEvent] { [] }

    /// Motor supply in ADC counts from now on (`QC`); 0 = cut.
    public mutating func setSupply(counts: Int) {}
    /// The PRG button is pressed once.
    public mutating func pressButton() {}
    /// Input levels of port B, for limit switches and RB0.
    public mutating func setPortB(_ levels: UInt8) {}
    /// The USB cable is pulled: half-read input and unsent replies are lost, motion goes on.
    public mutating func unplug() {}
    /// Power is lost altogether and comes back: everything as at power-on except the nickname and the carriage's place.
    public mutating func powerCycle() {}
}

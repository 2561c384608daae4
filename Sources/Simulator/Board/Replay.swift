public import EBB

/// Runs a command stream on a fresh virtual board as fast as it can, never starved (contract §4.5).
public struct Replay {
    /// One command that used a tick.
    public struct Row: Hashable, Sendable {
        /// Counted from 0 over all commands of the stream.
        public var index: Int
        /// Where its text lies in the stream, without line end.
        public var text: Range<Int>
        public var ticks: Int64
        public var motor1: Int32
        public var motor2: Int32
        public var penUp: Bool
    }

    /// One error line that the board sent.
    public struct ErrorLine: Hashable, Sendable {
        public var command: Int
        public var text: String
    }

    /// A single motor step.
    public struct Step: Hashable, Sendable {
        /// 1 = first tick of the stream.
        public var tick: Int64
        /// 1 or 2.
        public var axis: Int
        /// 1 or −1.
        public var direction: Int
    }

    /// What the stream did.
    public struct Summary: Sendable {
        public var firmware: FirmwareVersion
        public var commands = 0
        public var errors: [ErrorLine] = []
        public var ticks: Int64 = 0
        public var motor1: Int32 = 0
        public var motor2: Int32 = 0
        /// Where the carriage is, mm.
        public var xMillimetres = 0.0
        public var yMillimetres = 0.0
        public var penUp = true
        public var penLifts = 0
        public var penDownMillimetres = 0.0
        public var penUpMillimetres = 0.0
        public var incidents: [Incident] = []
        public var trace = Trace()

        public var durationSeconds: Double { Double(ticks) / Double(BoardClock.ticksPerSecond) }
    }

    public var configuration: BoardConfiguration

    public init(_ configuration: BoardConfiguration) { self.configuration = configuration }

    /// Runs `stream`, one command a line (LF or CR).
    ///
    /// - Parameters:
    ///   - row: called after each command that used a tick.
    ///   - step: called for every motor step, by tick, then axis; nil = steps are not enumerated, which is far faster.
    public func run(
        _ stream: [UInt8], row: ((Row) -> Void)? = nil, step: ((Step) -> Void)? = nil
    ) -> Summary {
        Summary(firmware: configuration.firmware)
    }
}

public import EBB
public import Picture

/// Runs a command stream on a fresh virtual board as fast as it can, never starved.
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
        var setup = configuration
        setup.isBackToBack = true
        setup.keepsRecords = false
        setup.isOneCommandPerPacket = true
        var board = VirtualBoard(setup)
        var errors: [ErrorLine] = []
        var start = 0
        while start < stream.count {
            var end = start
            while end < stream.count, stream[end] != 0x0A, stream[end] != 0x0D { end += 1 }
            defer { start = end + 1 }
            guard end > start else { continue }
            let before = (tick: board.now, count: board.commandCount)
            board.receive(line: stream[start..<end])
            let isOver = board.runToRest(step: step)
            if !board.dropsRepliesWithoutError() {
                errors += errorLines(board.takeReplies(), command: before.count)
            }
            if !isOver { break }
            if let row, board.now > before.tick {
                let place = board.position
                row(
                    Row(
                        index: before.count, text: start..<end, ticks: board.now - before.tick, motor1: place.motor1,
                        motor2: place.motor2, penUp: board.isPenUp))
            }
        }
        board.finish()
        return summary(board, errors)
    }

    /// The lines of a reply that tell of an error.
    private func errorLines(_ replies: [UInt8], command: Int) -> [ErrorLine] {
        replies.split { $0 == 0x0A || $0 == 0x0D }.compactMap { line in
            guard
                let mark = line.firstIndex(of: UInt8(ascii: "!"))
                    ?? (line.starts(with: "Major".utf8) ? line.startIndex : nil)
            else { return nil }
            return ErrorLine(command: command, text: String(decoding: line[mark...], as: UTF8.self))
        }
    }

    private func summary(_ board: VirtualBoard, _ errors: [ErrorLine]) -> Summary {
        var summary = Summary(firmware: configuration.firmware)
        summary.commands = board.commandCount
        summary.errors = errors
        summary.ticks = board.now
        summary.motor1 = board.position.motor1
        summary.motor2 = board.position.motor2
        summary.xMillimetres = board.carriage.xMillimetres
        summary.yMillimetres = board.carriage.yMillimetres
        summary.penUp = board.isPenUp
        summary.penLifts = board.penLifts
        summary.penDownMillimetres = board.penDownMillimetres
        summary.penUpMillimetres = board.penUpMillimetres
        summary.incidents = board.incidents
        summary.trace = board.trace
        return summary
    }
}

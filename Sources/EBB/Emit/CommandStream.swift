public import Motion

/// A whole plot as commands, with what each of them costs and belongs to.
public struct CommandStream: Sendable {
    /// What most commands take at most with their ticks and strokes, bytes.
    static let bytesPerCommand = Commands.bytesPerCommand + 2 * MemoryLayout<Int32>.stride

    /// What one layer of the drawing takes; copies are counted together.
    public struct Layer: Equatable, Sendable {
        public var name: String?
        public var strokes: Int
        /// From its first travel to its last pen-up.
        public var ticks: Int64
        /// Its commands in the first copy, from the first after the pen-up before it.
        public var commands = 0..<0

        public init(name: String?, strokes: Int = 0, ticks: Int64 = 0) {
            self.name = name
            self.strokes = strokes
            self.ticks = ticks
        }
    }

    public private(set) var commands = Commands()
    /// Ticks that each command holds the motion queue; 0 = it does not pass through the queue.
    public private(set) var ticks: [Int32] = []
    /// Stroke that each command belongs to (its travel included), −1 = none (set-up, end).
    public private(set) var strokes: [Int32] = []
    /// As in the planned strokes, same order.
    public var layers: [Layer] = []
    /// Where the plot waits for a person, strokes counted through all copies.
    public var stops: [PlotStop] = []
    /// All ticks of the stream, set-up and return included.
    public private(set) var durationTicks: Int64 = 0
    /// What the carriage goes along strokes as its commands have it, which is what the ink is long (`PathLength`).
    public var penDownMillimetres = 0.0
    public var penUpMillimetres = 0.0
    public var penLifts = 0
    /// Points of the strokes, copies not counted.
    public var points = 0

    public init() {}

    public var durationSeconds: Double { Double(durationTicks) / Double(BoardClock.ticksPerSecond) }

    /// What its commands take with their ticks and strokes.
    var bytes: Int { commands.bytes + 2 * MemoryLayout<Int32>.stride * commands.count }

    /// Makes room for so many commands.
    public mutating func reserve(_ count: Int) {
        commands.reserveCapacity(count)
        ticks.reserveCapacity(count)
        strokes.reserveCapacity(count)
    }

    /// Adds a command that takes `ticks` and belongs to `stroke` (−1: to none), and counts its time.
    public mutating func append(_ command: Command, ticks: Int32, stroke: Int32) {
        commands.append(command)
        self.ticks.append(ticks)
        strokes.append(stroke)
        durationTicks += Int64(ticks)
    }

    /// Length of what the commands from `part`'s first to the last move, mm.
    func millimetres(of part: PartialRangeFrom<Int>, _ length: PathLength) -> Double {
        var sum = 0.0
        for i in part.relative(to: commands) { sum += length.millimetres(commands[i], ticks: ticks[i]) }
        return sum
    }
}

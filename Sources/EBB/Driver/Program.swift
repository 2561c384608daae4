public import Motion

/// Commands that are to run in order, with what a driver must know of each.
public struct Program: Sendable {
    public var commands: Commands
    /// Ticks that each command holds the motion queue; 0 = it does not pass through the queue.
    public var ticks: [Int32]
    /// Stroke that each command belongs to, −1 = none (set-up, travel, end).
    public var strokes: [Int32]
    /// Where it waits for a person, in order; strokes are pen-downs, counted from 0.
    public var stops: [PlotStop]

    /// The first three arrays have one element a command.
    public init(
        commands: some Sequence<Command>, ticks: [Int32], strokes: [Int32], stops: [PlotStop] = []
    ) {
        let commands = Commands(commands)
        precondition(commands.count == ticks.count && commands.count == strokes.count, "one element a command")
        self.commands = commands
        self.ticks = ticks
        self.strokes = strokes
        self.stops = stops
    }

    /// All of a stream.
    public init(_ stream: CommandStream) {
        self.init(commands: stream.commands, ticks: stream.ticks, strokes: stream.strokes, stops: stream.stops)
    }

    /// What its commands take with their ticks and strokes.
    public var bytes: Int { commands.bytes + 2 * MemoryLayout<Int32>.stride * commands.count }

    /// A number that tells this program from others: FNV-1a of 64 bits (RFC draft-eastlake-fnv) over the bytes of its
    /// commands. It guards against mistakes, not against forgery. O(bytes).
    public var digest: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var bytes: [UInt8] = []
        for command in commands {
            bytes.removeAll(keepingCapacity: true)
            command.write(to: &bytes)
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        // Zero stands for no program.
        return max(1, hash)
    }
}

/// What is run, and from where.
public struct RunStart: Sendable {
    public var program: Program
    /// The mark that the run leaves on the board, 1…255; nil = the one of the settings.
    public var session: UInt8?
    /// Commands at the beginning that are no part of the plot: the way home.
    public var prefix: Int
    /// Where it begins, and the counters there, as `Driver.place` has proved of an earlier run or as they were asked for; a
    /// link that is lost from here on costs nothing. Nil = from the first command, wherever the counters are.
    public var place: (command: Int, counters: MotorPosition)?
    /// What it goes on with at the end of the program, as it comes; nil = that is all.
    public var supply: ProgramSupply?

    public init(
        _ program: Program, session: UInt8? = nil, prefix: Int = 0,
        place: (command: Int, counters: MotorPosition)? = nil
    ) {
        self.program = program
        self.session = session
        self.prefix = prefix
        self.place = place
    }
}

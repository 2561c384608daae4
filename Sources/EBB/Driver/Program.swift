/// Commands that are to run in order, with what a driver must know of each.
public struct Program: Sendable {
    public var commands: [Command]
    /// Ticks that each command holds the motion queue; 0 = it does not pass through the queue.
    public var ticks: [Int32]
    /// Stroke that each command belongs to, −1 = none (set-up, travel, end).
    public var strokes: [Int32]

    /// All three arrays have one element a command.
    public init(commands: [Command], ticks: [Int32], strokes: [Int32]) {
        precondition(commands.count == ticks.count && commands.count == strokes.count, "one element a command")
        self.commands = commands
        self.ticks = ticks
        self.strokes = strokes
    }
}

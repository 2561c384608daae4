/// Something a real machine or its plot would have suffered from.
public struct Incident: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The carriage is more than one step beyond its travel; once an excursion.
        case outOfBounds
        /// A step while the pen touches after an order to go up, or a touch-down with more than 0.1 mm of a move left.
        case inkDragged
        /// A motor's rate changes by more than 4,000 steps/s between two commands or at rest.
        case accelerationStep
        /// The queue ran empty after a move that ended faster than 400 steps/s.
        case starved
        /// A rate register ran over its end inside a command.
        case rateWrapped
        /// A step was ordered of a motor that was off.
        case motorsOff
        /// The command has no end.
        case neverEnds
    }

    public var kind: Kind
    /// Ticks since the board was switched on.
    public var tick: Int64
    /// Which command, counted from 0 since the board was switched on.
    public var command: Int
    /// Where the carriage was.
    public var xMillimetres: Double
    public var yMillimetres: Double
    /// Length of the gap in ticks; for `starved` only.
    public var gapTicks: Int64?

    public init(
        kind: Kind, tick: Int64, command: Int, xMillimetres: Double, yMillimetres: Double, gapTicks: Int64? = nil
    ) {
        self.kind = kind
        self.tick = tick
        self.command = command
        self.xMillimetres = xMillimetres
        self.yMillimetres = yMillimetres
        self.gapTicks = gapTicks
    }
}

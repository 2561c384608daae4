/// A piece of motion in whole microsteps and ticks: one motion command of the board.
///
/// Each motor runs at constant acceleration from its first to its last tick; both make their last step on the last.
public struct StepMove: Hashable, Sendable {
    /// Duration in ticks of 40 µs, ≥ 1.
    public var ticks: Int32
    /// Signed microsteps of the motor that follows x + y.
    public var steps1: Int32
    /// Signed microsteps of the motor that follows x − y.
    public var steps2: Int32
    /// Wanted change of the signed rate per tick, steps/tick².
    public var acceleration1: Double
    public var acceleration2: Double

    public init(ticks: Int32, steps1: Int32, steps2: Int32, acceleration1: Double, acceleration2: Double) {
        self.ticks = ticks
        self.steps1 = steps1
        self.steps2 = steps2
        self.acceleration1 = acceleration1
        self.acceleration2 = acceleration2
    }
}

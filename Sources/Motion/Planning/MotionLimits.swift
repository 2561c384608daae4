/// What a run of motion must keep to, in mm and s.
public struct MotionLimits: Equatable, Sendable {
    /// Along the path, mm/s.
    public var speed: Double
    /// Along the path, mm/s².
    public var acceleration: Double
    /// How far a corner is imagined rounded, mm.
    public var junctionDeviation: Double
    /// How far what is executed may lie beside the given line where commands are merged, mm; whole steps come on top.
    public var tolerance: Double

    public init(speed: Double, acceleration: Double, junctionDeviation: Double, tolerance: Double) {
        self.speed = speed
        self.acceleration = acceleration
        self.junctionDeviation = junctionDeviation
        self.tolerance = tolerance
    }
}

/// What the motors and the link must be given, whatever the path.
public struct StepLimits: Equatable, Sendable {
    /// Microsteps of each motor for 1 mm of x + y.
    public var stepsPerMillimetre: Double
    /// Highest rate of one motor, steps/tick.
    public var highestRate: Double
    /// Shortest move that the link can keep up with, ticks.
    public var shortestTicks: Int32
    /// Longest move that can be encoded, ticks.
    public var longestTicks: Int32
    /// Largest change of one motor's rate between two moves, steps/tick.
    public var highestRateStep: Double

    public init(
        stepsPerMillimetre: Double, highestRate: Double, shortestTicks: Int32, longestTicks: Int32,
        highestRateStep: Double
    ) {
        self.stepsPerMillimetre = stepsPerMillimetre
        self.highestRate = highestRate
        self.shortestTicks = shortestTicks
        self.longestTicks = longestTicks
        self.highestRateStep = highestRateStep
    }
}

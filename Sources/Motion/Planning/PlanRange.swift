/// What figures of machines and plots may be: one place for profile files, planning and commands.
///
/// Flags and options have the same ranges, the contract's.
public enum PlanRange {
    /// mm.
    public static let travel = 1.0...10_000
    /// Microsteps.
    public static let stepsPerMillimetre = 1.0...1000
    /// Steps/s.
    public static let stepRate = 100.0...25_000
    /// mm/s.
    public static let speed = 0.1...400
    /// Of which layer names give per cent, mm/s: slower than 0.01 mm/s the board's rates are too coarse.
    public static let fullSpeed = 1.0...400
    /// mm/s².
    public static let acceleration = 1.0...20_000
    /// mm.
    public static let junctionDeviation = 0.001...1
    /// mm.
    public static let cornerTolerance = 0.001...1
    /// mm/s³. A unit of the board's register is 91: below, whole numbers say too little.
    public static let jerk = 1000.0...10_000_000
    /// %.
    public static let height = 0.0...100
    /// %; 100 = never off the paper before a move of the pen is over.
    public static let clearance = 2.0...100
    /// Of the servo, in 1/12 µs.
    public static let pulse = 1...65_535
    /// ms.
    public static let sweepMilliseconds = 1.0...10_000
    /// ms.
    public static let minimumMilliseconds = 0.0...10_000
    public static let millisecondsPerPercent = 0.0...100
    /// %.
    public static let servoRate = 1.0...200
    public static let backlash = 0.0...2

    /// mm, 0 = keep every point; the doors ask for 0.001 at least.
    public static let tolerance = 0.0...1
    /// Of curves, mm.
    public static let flatness = 1e-6...1000
    /// mm.
    public static let joinDistance = 0.0...100
    /// mm, along either axis.
    public static let place = -10_000.0...10_000
    public static let degrees = -360.0...360
    /// s.
    public static let orderSeconds = 0.0...3600
    /// s.
    public static let penSeconds = 0.0...10
    /// s.
    public static let pageDelay = 0.0...86_400
    public static let copies = 1.0...1000
    public static let passes = 1.0...20
    /// s.
    public static let dwell = 0.0...60
    /// mm.
    public static let marks = 1.0...50
    /// mm.
    public static let refillDistance = 1.0...10_000_000
    /// s.
    public static let refillSeconds = 1.0...1_000_000
    /// Between lines of a hatching, mm.
    public static let hatchSpacing = 0.05...1000
    /// mm.
    public static let penWidth = 0.01...20
}

extension PlanError {
    /// Throws `limit` when a figure is outside its range or no number.
    package static func require(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws(PlanError) {
        if !range.contains(value) { throw .limit(name: name, value: value, range: range) }
    }
}

extension MachineProfile {
    /// Throws when a figure that motion depends on is out of range; names are those of profile files.
    public func check() throws(PlanError) {
        try PlanError.require("travelXMillimetres", travel.width, PlanRange.travel)
        try PlanError.require("liftSeconds", liftTime ?? 0, PlanRange.penSeconds)
        try PlanError.require("dropSeconds", dropTime ?? 0, PlanRange.penSeconds)
        try PlanError.require("travelYMillimetres", travel.height, PlanRange.travel)
        try PlanError.require("stepsPerMillimetre", stepsPerMillimetre, PlanRange.stepsPerMillimetre)
        try PlanError.require("maximumStepsPerSecond", maximumStepRate, PlanRange.stepRate)
        try PlanError.require("penDownMillimetresPerSecond", penDown.speed, PlanRange.speed)
        try PlanError.require("penUpMillimetresPerSecond", penUp.speed, PlanRange.speed)
        try PlanError.require("penDownMillimetresPerSecondSquared", penDown.acceleration, PlanRange.acceleration)
        try PlanError.require("penUpMillimetresPerSecondSquared", penUp.acceleration, PlanRange.acceleration)
        try PlanError.require("fullMillimetresPerSecond", fullSpeed, PlanRange.fullSpeed)
        try PlanError.require("junctionDeviationMillimetres", junctionDeviation, PlanRange.junctionDeviation)
        try PlanError.require("penUpHeightPercent", penUpHeight, PlanRange.height)
        try PlanError.require("penDownHeightPercent", penDownHeight, PlanRange.height)
        try PlanError.require("paperHeightPercent", paperHeight, PlanRange.height)
        try PlanError.require("paperClearancePercent", paperClearance, PlanRange.clearance)
        try PlanError.require("servoSweepMilliseconds", servo.sweepMilliseconds, PlanRange.sweepMilliseconds)
        try PlanError.require("servoMinimumMilliseconds", servo.minimumMilliseconds, PlanRange.minimumMilliseconds)
        try PlanError.require(
            "servoMillisecondsPerPercent", servo.millisecondsPerPercent, PlanRange.millisecondsPerPercent)
        try PlanError.require("backlashXMillimetres", backlash.width, PlanRange.backlash)
        try PlanError.require("backlashYMillimetres", backlash.height, PlanRange.backlash)
        try PlanError.require("servoRaisePercent", servo.raiseRate, PlanRange.servoRate)
        try PlanError.require("servoLowerPercent", servo.lowerRate, PlanRange.servoRate)
    }
}

extension PlotOptions {
    /// Throws when a figure is out of range; names are those of the flags.
    public func check() throws(PlanError) {
        try PlanError.require("tolerance", tolerance, PlanRange.tolerance)
        try PlanError.require("corner-tolerance", cornerTolerance, PlanRange.cornerTolerance)
        if let jerk { try PlanError.require("jerk", jerk, PlanRange.jerk) }
        try PlanError.require("join", joinDistance, PlanRange.joinDistance)
        try PlanError.require("min-length", minimumLength, 0...PlanRange.place.upperBound)
        try PlanError.require("order-seconds", orderSeconds ?? 0, PlanRange.orderSeconds)
        try PlanError.require("rotate", rotation ?? 0, PlanRange.degrees)
        for value in [margin.top, margin.right, margin.bottom, margin.left] {
            try PlanError.require("margin", value, 0...PlanRange.place.upperBound)
        }
        for value in [origin.x, origin.y] { try PlanError.require("origin", value, PlanRange.place) }
        try PlanError.require("lift-time", liftTime ?? 0, PlanRange.penSeconds)
        try PlanError.require("drop-time", dropTime ?? 0, PlanRange.penSeconds)
        if let hatch {
            try PlanError.require("hatch", hatch.spacing, PlanRange.hatchSpacing)
            try PlanError.require("hatch", hatch.degrees, PlanRange.degrees)
        }
        try PlanError.require("pen-width", penWidth, PlanRange.penWidth)
        try PlanError.require("copies", Double(copies), PlanRange.copies)
        try PlanError.require("page-delay", pageDelay, PlanRange.pageDelay)
        try care.check()
    }
}

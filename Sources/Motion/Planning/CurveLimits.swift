/// What motion with limits on the acceleration vector must keep to, in mm and s.
public struct CurveLimits: Equatable, Sendable {
    /// Along the path, mm/s.
    public var speed: Double
    /// Length of the acceleration vector, mm/s².
    public var acceleration: Double
    /// How far a corner may be rounded, mm.
    public var cornerTolerance: Double
    /// Of the corner tolerance that is asked for, what rounding may use: the rest is for commands. Where rates have no sign
    /// (2.x) what is executed may lie a step farther beside the plan anyway, and long commands gain by all of it.
    public static let shareOfCorners = (signed: 0.95, unsigned: 1.0)

    /// How far what is executed may lie beside the given line elsewhere, mm; the rounding of steps comes on top.
    public var tolerance: Double

    /// Chords of a curve lie nearer to it, mm: what turns farther from its chords was drawn with corners. By the tolerance that
    /// was asked for, whatever smoothing leaves of it.
    let farthestChord: Double
    /// Of the tolerance of moves; chords and dropped points have less (`ToleranceShare`).
    private static let chordShare = 0.75

    /// Length of the vector by which the acceleration changes, mm/s³; nil = it may jump.
    public var jerk: Double?

    public init(
        speed: Double, acceleration: Double, cornerTolerance: Double, tolerance: Double, jerk: Double? = nil
    ) {
        self.speed = speed
        self.acceleration = acceleration
        self.cornerTolerance = cornerTolerance
        self.tolerance = tolerance
        farthestChord = Self.chordShare * tolerance
        self.jerk = jerk
    }
}

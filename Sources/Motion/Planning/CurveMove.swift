/// A piece of motion at constant acceleration of each motor, a parabola in the plane, or at constant jerk: one timed command
/// of the board.
///
/// The moves of a path follow each other without a jump in place or velocity, with a limit on jerk without one in
/// acceleration. Places are not whole steps: what the rounding leaves is the encoder's to carry.
public struct CurveMove: Hashable, Sendable {
    /// Duration in ticks of 40 µs, ≥ 1.
    public var ticks: Int32
    /// Where it ends, in microsteps of both motors from home.
    public var end: SIMD2<Double>
    /// Rates of both motors at its ends, microsteps/tick.
    public var entry: SIMD2<Double>
    public var exit: SIMD2<Double>
    /// Change of both motors' accelerations, microsteps/tick³.
    public var jerk: SIMD2<Double>

    public init(
        ticks: Int32, end: SIMD2<Double>, entry: SIMD2<Double>, exit: SIMD2<Double>, jerk: SIMD2<Double> = SIMD2(0, 0)
    ) {
        self.ticks = ticks
        self.end = end
        self.entry = entry
        self.exit = exit
        self.jerk = jerk
    }
}

/// What the best command that ends at a candidate comes to in the spline, as far as it is known before its next is.
///
/// A command whose mean velocity is off by d for T ticks moves the velocity at a knot between two to
/// v + (T₁·d₁ + T₂·d₂)/(T₁ + T₂); so what a long one is off may be more than its short neighbour can make up for.
struct KnotTail: Sendable {
    /// Velocity at its beginning, mm/tick.
    private var begin = SIMD2<Double>(0, 0)
    /// T·d, mm.
    private var off = SIMD2<Double>(0, 0)
    /// 0 where nothing lies before.
    private var ticks = 0.0

    init() {}

    init(_ fit: CommandFit, begin: SIMD2<Double>) {
        (self.begin, off, ticks) = (begin, fit.off, fit.ticks)
    }

    /// Velocity at the knot between this command and the next, mm/tick.
    @inline(__always)
    func velocity(at knot: KnotCandidate, before next: CommandFit) -> SIMD2<Double> {
        ticks == 0 ? knot.velocity : knot.velocity + (off + next.off) / (ticks + next.ticks)
    }

    /// By what shares this command passes the acceleration, the next where it ends at rest, and the knot between them the speed.
    @inline(__always)
    func excess(
        _ velocity: SIMD2<Double>, before next: CommandFit, isLast: Bool, acceleration: Double, speed: Double
    ) -> Double {
        let most = acceleration * KnotLimits.allowance
        var over = Self.excess(velocity, speed * KnotLimits.speedAllowance)
        if ticks > 0 { over += Self.excess(velocity - begin, most * ticks) }
        if isLast { over += Self.excess(velocity, most * next.ticks) }
        return over
    }

    /// By what share a vector is longer than it may be, 2 at most.
    @inline(__always)
    private static func excess(_ vector: SIMD2<Double>, _ most: Double) -> Double {
        let squared = (vector * vector).sum()
        return squared <= most * most ? 0 : min(2, squared.squareRoot() / most - 1)
    }
}

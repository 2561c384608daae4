extension AxisMove {
    /// No step: the axis stands still whatever the other does.
    public static let still = AxisMove(rate: 0, steps: 0, acceleration: 0)

    /// Longest move whose ramps can always be made to end on a chosen tick.
    ///
    /// A unit of the start rate moves the last step's phase by the number of ticks; the last tick must cover that,
    /// so rates must exceed the tick count: with one step in T ticks that holds up to T = √F = 46,340.
    public static let longestTicks: Int32 = 40_000

    /// The register values with which one axis makes `steps` steps, the last of them exactly on tick `ticks`.
    ///
    /// The mean rate is fixed by steps and ticks; the acceleration is met as nearly as integers allow and is reduced
    /// where the ramp would pass zero or `highestRate` within the move.
    /// - Parameters:
    ///   - steps: signed; 0 gives an axis that stands still.
    ///   - ticks: 1…`longestTicks`, with a cleared phase.
    ///   - acceleration: signed change of the signed rate, steps/tick².
    ///   - highestRate: register units, at most F − 1.
    /// - Source: docs/board.md §7.5.
    public init(steps: Int32, ticks: Int32, acceleration: Double, highestRate: Int64 = BoardClock.fullScale - 1) {
        precondition(ticks > 0 && ticks <= Self.longestTicks, "duration outside what a ramp can be solved for")
        guard steps != 0 else {
            self = .still
            return
        }
        let wanted = (steps < 0 ? -acceleration : acceleration) * Double(BoardClock.fullScale)
        let t = Int64(ticks)
        let distance = Int64(steps.magnitude) << 31
        let mean = distance / t
        // Rates lie within mean ∓ A·(T + 1)/2, the start register too; all of them stay in lowest…highestRate.
        let lowest = t + 2
        let limit = 2 * max(0, min(mean - lowest, highestRate - 1 - mean)) / (t + 1)
        let ramp: Int64 = wanted.isFinite ? Int64(max(-Double(limit), min(Double(limit), wanted)).rounded()) : 0
        let before = Self.ceilingQuotient(distance - ramp * t * (t + 1) / 2, t)
        let start = before + ramp / 2
        self.init(
            rate: Int32(clamping: max(0, start)), steps: steps,
            acceleration: Int32(clamping: ramp))
    }

    private static func ceilingQuotient(_ a: Int64, _ b: Int64) -> Int64 {
        let quotient = a / b
        return a % b > 0 ? quotient + 1 : quotient
    }
}

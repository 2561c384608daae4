/// One motor's steps and phase as `LT` and `T3` leave them, and the registers that bring it to a place.
///
/// - Source: docs/board.md §7.2 to §7.4.
struct MotorPhase: Sendable {
    let isSigned: Bool
    /// Motor steps made.
    private(set) var steps: Int64 = 0
    /// 0 ≤ phase < F; begins in the middle.
    private(set) var phase = BoardClock.fullScale / 2
    /// Direction of the last motion. Before 3.0 a phase counts in that direction.
    private(set) var direction: Int64 = 1

    /// Fastest at which a place that the phase's turn has cost is made up for, steps/tick: 20 steps/s.
    private static let repayment = 20.0 / Double(BoardClock.ticksPerSecond)
    /// Beyond lies what no motor follows: 3 m/s³ at the finest resolution.
    static let mostJerk = 32_767.0
    private static let half = BoardClock.fullScale / 2

    init(isSigned: Bool) { self.isSigned = isSigned }

    /// Where the motor is in units of 2⁻³¹ step when it runs in `direction`; 0 is where it began.
    private func place(_ direction: Int64) -> Int64 {
        steps * BoardClock.fullScale + (isSigned || direction > 0 ? phase - Self.half : Self.half - phase)
    }

    /// Runs from one place of the plan to another.
    ///
    /// - Parameters:
    ///   - from, to: in units of 2⁻³¹ step.
    ///   - ticks: in which it moves.
    ///   - entry, exit: rates at both ends, units/tick.
    ///   - jerk: change of the acceleration, units/tick³; from 3.0 on.
    ///   - isLast: whether the motor comes to rest there: nothing is owed after that.
    mutating func move(
        from: Int64, to: Int64, ticks: Int64, entry: Double, exit: Double, jerk: Double, isLast: Bool
    ) -> AxisRate {
        let before = (steps: steps, phase: phase)
        var axis =
            isSigned
            ? signed(to: to, ticks: ticks, entry: entry, exit: exit, jerk: jerk)
            : unsigned(from: from, to: to, ticks: ticks, entry: entry, exit: exit, isLast: isLast)
        axis.steps = Int32(clamping: steps - before.steps)
        axis.phase = Int32(clamping: before.phase)
        return axis
    }

    private mutating func unsigned(
        from: Int64, to: Int64, ticks: Int64, entry: Double, exit: Double, isLast: Bool
    ) -> AxisRate {
        let planned = to - from
        // The plan says where to; what is left of it may go either way.
        var heading = direction
        if planned.magnitude > 4 * ticks.magnitude { heading = planned.signum() }
        let most =
            isLast
            ? BoardClock.fullScale : Int64(Self.repayment * Double(ticks) * Double(BoardClock.fullScale))
        func distance(_ heading: Int64) -> Int64 {
            (planned + max(-most, min(most, from - place(heading)))) * heading
        }
        if isLast, distance(heading) <= ticks, distance(-heading) > ticks { heading = -heading }
        let distance = distance(heading)
        guard distance > ticks else { return AxisRate(rate: 0, acceleration: 0) }
        return unsigned(
            distance, heading: heading, ticks: ticks, entry: entry * Double(heading), exit: exit * Double(heading))
    }

    private mutating func signed(to: Int64, ticks: Int64, entry: Double, exit: Double, jerk: Double) -> AxisRate {
        let distance = to - place(1)
        // What the rounding of the jerk leaves of the change of rate is the acceleration's to make.
        let change = Int64(max(-Self.mostJerk, min(Self.mostJerk, jerk.isFinite ? jerk : 0)).rounded())
        let acceleration = Self.whole((exit - entry) / Double(ticks) - Double(change * ticks) / 2)
        let pairs = ticks * (ticks + 1) / 2
        let ramp = (acceleration - change) * pairs + change * (pairs * (ticks + 2) / 3)
        let offset = change / 6 - acceleration / 2
        let rate = Self.quotient(distance - ramp, ticks) - offset
        let limited = max(-(BoardClock.fullScale - 1), min(BoardClock.fullScale - 1, rate))
        advance((limited + offset) * ticks + ramp)
        return AxisRate(
            rate: Int32(clamping: limited), acceleration: Int32(clamping: acceleration), jerk: Int16(clamping: change))
    }

    private mutating func unsigned(
        _ distance: Int64, heading: Int64, ticks: Int64, entry: Double, exit: Double
    ) -> AxisRate {
        let mean = Double(distance) / Double(ticks)
        // Between the first and the last tick the rate changes by ticks − 1 accelerations; neither may pass zero.
        let most = max(0, 2 * (mean - 2) / Double(ticks + 1))
        let change = (max(0, exit) - max(0, entry)) / Double(ticks)
        let acceleration = Int64(max(-most, min(most, change)).rounded(.towardZero))
        let ramp = acceleration * (ticks * (ticks + 1) / 2)
        // A register of 0 would leave the direction open.
        let rate = max(1, Self.quotient(distance - ramp, ticks) + acceleration / 2)
        direction = heading
        advance((rate - acceleration / 2) * ticks + ramp)
        return AxisRate(rate: Int32(clamping: heading * rate), acceleration: Int32(clamping: acceleration))
    }

    /// Moves by one unit a tick, which is no step but a command.
    mutating func creep(ticks: Int64) -> AxisRate {
        let before = (steps: steps, phase: phase)
        advance(ticks)
        return AxisRate(
            rate: Int32(direction), acceleration: 0, steps: Int32(clamping: steps - before.steps),
            phase: Int32(clamping: before.phase))
    }

    private mutating func advance(_ distance: Int64) {
        let sum = phase + distance
        let made = sum >> 31
        steps += isSigned ? made : made * direction
        phase = sum & (BoardClock.fullScale - 1)
    }

    private static func whole(_ value: Double) -> Int64 {
        Int64(max(-2_147_483_647, min(2_147_483_647, value)).rounded())
    }

    /// a / b to the nearest whole number; b > 0.
    private static func quotient(_ a: Int64, _ b: Int64) -> Int64 {
        let (q, r) = a.quotientAndRemainder(dividingBy: b)
        if r * 2 >= b { return q + 1 }
        return r * 2 < -b ? q - 1 : q
    }
}

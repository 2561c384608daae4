internal import Motion

/// Encodes moves of constant acceleration as `LT`, of constant jerk as `T3`, whose phases are carried from command to command.
///
/// A phase is a fraction of a step: with it a motor's place is known to 2⁻³¹ of a step, and nothing accumulates. The phases
/// begin in the middle (`centring`), so that the steps executed are those nearest to the plan.
struct TimedMoveEncoder: Sendable {
    /// One command, with the ticks that it takes.
    struct Timed: Sendable {
        var command: Command
        var ticks: Int32
    }

    /// From 3.0 on rates are signed and an `LT` rests for a tick after its last; before, a rate has no sign.
    let isSigned: Bool
    private var first: MotorPhase
    private var second: MotorPhase
    /// Where the plan is, in units of 2⁻³¹ step.
    private var planned = SIMD2<Int64>(0, 0)

    init(isSigned: Bool) {
        self.isSigned = isSigned
        first = MotorPhase(isSigned: isSigned)
        second = MotorPhase(isSigned: isSigned)
    }

    /// Half a phase on both motors and no step, for a board at rest with its counters and phases at zero.
    var centring: Timed {
        let rate = Int32(BoardClock.fullScale / 2 / 1024)
        let axis = AxisRate(rate: rate, acceleration: 0)
        return Timed(command: .timedMove(ticks: 1024, axis, axis, clear: 0), ticks: isSigned ? 1025 : 1024)
    }

    /// Appends the commands of a move; the last of a path ends at rest.
    mutating func append(_ move: CurveMove, isLast: Bool, to commands: inout [Timed]) {
        if isSigned {
            append(part: move, isLast: isLast, to: &commands)
            return
        }
        var rest = move
        for time in move.reversals {
            let (head, tail) = rest.cut(after: time - (move.ticks - rest.ticks))
            append(part: head, isLast: false, to: &commands)
            rest = tail
        }
        append(part: rest, isLast: isLast, to: &commands)
    }

    private mutating func append(part move: CurveMove, isLast: Bool, to commands: inout [Timed]) {
        let active = Int64(isSigned ? max(1, move.ticks - 1) : move.ticks)
        let unit = Double(BoardClock.fullScale)
        let end = SIMD2<Int64>(
            Int64(max(-9e18, min(9e18, (move.end.x * unit).rounded()))),
            Int64(max(-9e18, min(9e18, (move.end.y * unit).rounded()))))
        // The rest of a tick after a move on 3.x is made up for by its rates, unless it has time for that.
        let stretch = move.movingTicks / Double(active)
        let scale = unit * stretch
        let jerkScale = scale * stretch * stretch
        let a = first.move(
            from: planned.x, to: end.x, ticks: active, entry: move.entry.x * scale, exit: move.exit.x * scale,
            jerk: move.jerk.x * jerkScale, isLast: isLast)
        var b = second.move(
            from: planned.y, to: end.y, ticks: active, entry: move.entry.y * scale, exit: move.exit.y * scale,
            jerk: move.jerk.y * jerkScale, isLast: isLast)
        // Before 3.0 a command in which neither motor has a rate is refused.
        if !isSigned, a.rate == 0, b.rate == 0 { b = second.creep(ticks: active) }
        planned = end
        commands.append(
            Timed(command: .timedMove(ticks: UInt32(active), a, b, clear: 0), ticks: move.ticks))
    }
}

extension CurveMove {
    /// Cuts the move after `first` ticks; 0 < `first` < `ticks`.
    func cut(after first: Int32) -> (CurveMove, CurveMove) {
        let (whole, time) = (movingTicks, Double(first))
        let left = whole - time
        let middle = entry + (exit - entry) * (time / whole) - jerk * (time * left / 2)
        let distance = (middle + exit) * (left / 2) - jerk * (left * left * left / 12)
        var last = self
        (last.ticks, last.entry) = (ticks - first, middle)
        return (CurveMove(ticks: first, end: end - distance, entry: entry, exit: middle, jerk: jerk), last)
    }
}

/// A piece of motion at constant acceleration of each motor, a parabola in the plane, or at constant jerk: one timed command
/// of the board.
///
/// The moves of a path follow each other without a jump in place or velocity, with a limit on jerk without one in
/// acceleration. Places are not whole steps: what the rounding leaves is the encoder's to carry.
public struct CurveMove: Hashable, Sendable {
    /// Duration in ticks of 40 µs, ≥ 1.
    public var ticks: Int32
    /// Of them, those at its end in which it rests: 0, or 1 for a board that rests there anyway and whose rates would have to
    /// make up for it.
    public var rest: Int32 = 0
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

    /// Ticks in which it moves.
    public var movingTicks: Double { Double(ticks - rest) }

    /// Where a motor reverses, a move is cut for boards whose rates have no sign: no nearer to its ends than this, ticks.
    static let shortestPart = 100.0
    /// Reversals that are off by less are not worth a command, steps.
    private static let leastTurning = 0.25

    /// How far beside its way a motor runs that keeps one direction from tick to tick and between cuts, in the units of the
    /// rates: in the part where it reverses its rate begins or ends at nothing instead.
    static func turning(_ entry: Double, _ exit: Double, ticks: Double) -> Double {
        guard entry * exit < 0, ticks > 0 else { return 0 }
        let turn = ticks * entry / (entry - exit)
        let rate = min(entry.magnitude, exit.magnitude)
        guard ticks >= 2 * shortestPart else { return rate * ticks / 4 }
        let near = min(turn, ticks - turn)
        guard near < shortestPart else { return 0 }
        return (exit - entry).magnitude / ticks * min(near, shortestPart - near) * shortestPart / 4
    }

    /// Whether a reversal near an end is worth a command; rates in steps/tick.
    static func isCut(_ entry: Double, _ exit: Double, ticks: Double) -> Bool {
        min(entry.magnitude, exit.magnitude) * ticks / 4 >= leastTurning
    }

    /// Ticks at which it is to be cut where rates have no sign: where a motor reverses, or as near to that as parts may be short.
    public var reversals: [Int32] {
        let whole = Double(ticks)
        var times: [Double] = []
        for i in 0..<2 where entry[i] * exit[i] < 0 {
            let time = (whole * entry[i] / (entry[i] - exit[i])).rounded()
            let isNear = min(time, whole - time) < Self.shortestPart
            if isNear, !Self.isCut(entry[i], exit[i], ticks: whole) { continue }
            times.append(time)
        }
        if times.count == 2 { share(&times) }
        var cuts: [Int32] = []
        var last = 0.0
        for time in times {
            let cut = min(max(time.rounded(), last + Self.shortestPart), whole - Self.shortestPart)
            guard cut - last >= Self.shortestPart else { continue }
            cuts.append(Int32(cut))
            last = cut
        }
        return cuts
    }

    /// Where to cut for two reversals, in order: where they are nearer to each other than a part may be short, both
    /// motors miss theirs, by as much.
    private func share(_ times: inout [Double]) {
        let slopes = SIMD2((exit.x - entry.x).magnitude, (exit.y - entry.y).magnitude) / Double(ticks)
        let isSwapped = times[0] > times[1]
        times.sort()
        let gap = times[1] - times[0]
        guard gap < Self.shortestPart else { return }
        let (first, second) = isSwapped ? (slopes.y, slopes.x) : (slopes.x, slopes.y)
        let share = second / (first + second)
        let part = Self.shortestPart
        let middle = times[0] + gap * share
        let isInside = middle >= part && middle <= Double(ticks) - part
        guard gap < part / 2, isInside else {
            let begin = times[0] - (part - gap) * share
            times = [begin, begin + part]
            return
        }
        times = [middle]
        // In long commands even a little less than rest is far.
        let longest = max(middle, Double(ticks) - middle)
        if first * gap * share * longest / 4 < Self.leastTurning { return }
        if middle >= 2 * part { times.insert(middle - part, at: 0) }
        if middle + 2 * part <= Double(ticks) { times.append(middle + part) }
    }
}

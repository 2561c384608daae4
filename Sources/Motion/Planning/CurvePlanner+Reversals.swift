/// Motors that reverse near the end of a command, on boards whose rates have no sign: the border of the commands is moved to
/// where the motor reverses.
///
/// There a command cannot pass through rest, and a part that is cut off must be long enough to be sent: from up to half of its
/// length the rate steps. So where a motor reverses a little before or behind a knot, the knot is replaced by two, one of them
/// at the reversal, and a command between them with the mean of both accelerations. Its neighbours are parts of the parabolas
/// that they were, and the velocity is as continuous as before.
extension CurvePlanner {
    /// Steps of the rates that are less are not worth a command, mm/s of one motor.
    private static let leastStep = 0.4
    /// Where they would be more, mm/s, at up to this acceleration, mm/s², and above it in the ratio, a stretch is slowed by so
    /// much at a time: the jump at a reversal goes as the acceleration there.
    private static let (mostStep, usualAcceleration, stepPace) = (0.7, 762.0, 0.96)
    /// The shortest part of a command, ticks.
    private static let part = CurveMove.shortestPart

    /// Longer commands in place of a knot change the acceleration of their neighbours, ticks.
    private static let longest = 140.0

    /// From a knot to both ends of the command that takes its place, ticks; both 0 where none does.
    typealias Window = (from: Int32, to: Int32)

    /// Where motors reverse in the two commands that meet at a knot, ticks from it, and how fast their rates change there.
    private struct Turns {
        var offsets = SIMD4<Double>(repeating: .infinity)
        /// mm/tick².
        var slopes = SIMD4<Double>(repeating: 0)
        /// What rates step by without a command in place of the knot, mm/tick, squared.
        var usual = 0.0

        mutating func note(_ i: Int, _ entry: Double, _ exit: Double, begin: Double, ticks: Double, steps: Double) {
            guard entry * exit < 0 else { return }
            offsets[i] = begin + ticks * entry / (entry - exit)
            slopes[i] = (exit - entry).magnitude / ticks
            guard offsets[i].magnitude < part else { return }
            let isCut = CurveMove.isCut(entry * steps, exit * steps, ticks: ticks)
            let step = slopes[i] * (isCut ? miss(i, (0, 0)) : offsets[i].magnitude)
            usual += step * step
        }

        /// Ticks by which a reversal misses all of what commands end at; none where a part can end at it.
        func miss(_ i: Int, _ window: Window) -> Double {
            let near = min(
                (offsets[i] - Double(window.from)).magnitude, (offsets[i] - Double(window.to)).magnitude)
            return min(near, max(0, part - near))
        }

        /// The square of the step that rates make, (mm/tick)².
        func step(_ window: Window) -> Double {
            var sum = 0.0
            for i in 0..<4 where offsets[i] < .infinity {
                let step = slopes[i] * miss(i, window)
                sum += step * step
            }
            return sum
        }
    }

    private func turns(at k: Int) -> Turns {
        let (before, now, after) = (velocity(k - 1), velocity(k), velocity(k + 1))
        let ticks = (Double(knots[k].tick - knots[k - 1].tick), Double(knots[k + 1].tick - knots[k].tick))
        var turns = Turns()
        let k = steps.stepsPerMillimetre
        turns.note(0, before.x + before.y, now.x + now.y, begin: -ticks.0, ticks: ticks.0, steps: k)
        turns.note(1, before.x - before.y, now.x - now.y, begin: -ticks.0, ticks: ticks.0, steps: k)
        turns.note(2, now.x + now.y, after.x + after.y, begin: 0, ticks: ticks.1, steps: k)
        turns.note(3, now.x - now.y, after.x - after.y, begin: 0, ticks: ticks.1, steps: k)
        return turns
    }

    /// The command that is to take the place of a knot: of those that begin or end at a reversal or miss two by as much, the
    /// one whose rates step least.
    private func window(at k: Int, _ turns: Turns) -> Window {
        let least = Self.leastStep / StepPlanner.ticksPerSecond
        let none: Window = (0, 0)
        guard turns.usual > least * least else { return none }
        var (best, step) = (none, turns.usual)
        // What is left of a command that loses as much at its other end is a command still.
        let room = (
            before: knots[k].tick - knots[k - 1].tick - Int32(2 * Self.part),
            after: knots[k + 1].tick - knots[k].tick - Int32(2 * Self.part)
        )
        func look(_ from: Double, _ to: Double) {
            let window: Window = (Int32(from.rounded()), Int32(to.rounded()))
            guard window.from < 0, window.to > 0, -window.from <= room.before, window.to <= room.after else { return }
            let found = turns.step(window)
            if found < step { (best, step) = (window, found) }
        }
        let length = Self.part
        for i in 0..<4 where turns.offsets[i].magnitude < length {
            let a = turns.offsets[i]
            look(a, a + length)
            look(a - length, a)
            for j in 0..<4 where j != i && turns.offsets[j].magnitude < length {
                let b = turns.offsets[j]
                let share = turns.slopes[j] / (turns.slopes[i] + turns.slopes[j])
                let middle = a + (b - a) * share
                look(middle, middle + length)
                look(middle - length, middle)
                if b - a >= length {
                    if b - a < Self.longest { look(a, b) }
                } else if b >= a {
                    let begin = a - (length - (b - a)) * share
                    look(begin, begin + length)
                }
            }
        }
        return turns.usual.squareRoot() - step.squareRoot() > least / 2 ? best : none
    }

    /// Lowers the pace where rates would step more than they should even with a command in place of the knot; false where none
    /// does.
    ///
    /// - Complexity: O(commands).
    mutating func mendSteps(_ limits: CurveLimits) -> Bool {
        let most = Self.mostStep * max(1, limits.acceleration / Self.usualAcceleration) / Self.ticksPerSecond
        // Of both motors.
        let squared = 2 * most * most
        var isAny = false
        for k in stride(from: 1, to: controls.count, by: 1) {
            let turns = turns(at: k)
            guard turns.usual > squared else { continue }
            let window = window(at: k, turns)
            guard window.to == 0 || turns.step(window) > squared else { continue }
            isAny = true
            for command in [k - 1, k] { slow(command, by: Self.stepPace) }
        }
        return isAny
    }

    /// How far a command lies beside the spline where a motor reverses within it, mm.
    func turning(_ k: Int) -> Double {
        guard splitsReversals else { return 0 }
        let ticks = Double(knots[k + 1].tick - knots[k].tick)
        let (entry, exit) = (velocity(k), velocity(k + 1))
        let rates = [(entry.x + entry.y, exit.x + exit.y), (entry.x - entry.y, exit.x - exit.y)]
        var worst = 0.0
        for i in 0..<2 {
            let off = CurveMove.turning(rates[i].0, rates[i].1, ticks: ticks)
            guard off / 2.0.squareRoot() > worst else { continue }
            let isFirst = rates[i].0.magnitude < rates[i].1.magnitude
            worst = turning(i + (isFirst ? 2 : 0), at: isFirst ? k : k + 1) ?? off / 2.0.squareRoot()
        }
        return worst
    }

    /// The same by a command that takes the place of a knot; nil where none does.
    private func turning(_ i: Int, at k: Int) -> Double? {
        guard k > 0, k < controls.count else { return nil }
        let turns = turns(at: k)
        let window = window(at: k, turns)
        guard window.to > 0 else { return nil }
        // An even acceleration in place of two.
        let change = acceleration(k) - acceleration(k - 1)
        let shift = (change * change).sum().squareRoot() * Double(-window.from) * Double(window.to) / 4
        return shift + turns.slopes[i] * turns.miss(i, window) * Self.part / 4 / 2.0.squareRoot()
    }

    /// mm/tick².
    private func acceleration(_ k: Int) -> SIMD2<Double> {
        (velocity(k + 1) - velocity(k)) / Double(knots[k + 1].tick - knots[k].tick)
    }

    /// Replaces knots by commands of their own where a motor reverses near them.
    ///
    /// - Complexity: O(commands).
    mutating func moveToReversals() {
        let count = controls.count
        windows.removeAll(keepingCapacity: true)
        windows.append((0, 0))
        var isAny = false
        for k in stride(from: 1, to: count, by: 1) {
            let window = window(at: k, turns(at: k))
            windows.append(window)
            if window.to > 0 { isAny = true }
        }
        guard isAny else { return }
        windows.append((0, 0))
        var (movedKnots, movedControls) = ([knots[0]], [SIMD2<Double>]())
        movedKnots.reserveCapacity(2 * count)
        movedControls.reserveCapacity(2 * count)
        for k in 0..<count {
            let ticks = Double(knots[k + 1].tick - knots[k].tick)
            let (begin, end) = (Double(windows[k].to), ticks + Double(windows[k + 1].from))
            let start = point(k, begin)
            if begin > 0 {
                let before = Double(knots[k].tick - knots[k - 1].tick)
                let from = point(k - 1, before + Double(windows[k].from))
                let length = begin - Double(windows[k].from)
                movedControls.append(
                    (from.place + start.place) / 2 + (from.velocity - start.velocity) * (length / 4))
                movedKnots.append(knots[k])
                movedKnots[movedKnots.count - 1].tick += windows[k].to
            }
            movedControls.append(start.place + start.velocity * ((end - begin) / 2))
            movedKnots.append(knots[k + 1])
            movedKnots[movedKnots.count - 1].tick += windows[k + 1].from
        }
        (knots, controls) = (movedKnots, movedControls)
    }

    /// Where a command is after some ticks, and its velocity, mm and mm/tick.
    private func point(_ k: Int, _ time: Double) -> (place: SIMD2<Double>, velocity: SIMD2<Double>) {
        let ticks = Double(knots[k + 1].tick - knots[k].tick)
        let (entry, exit) = (velocity(k), velocity(k + 1))
        let now = entry + (exit - entry) * (time / ticks)
        return (place(k) + (entry + now) * (time / 2), now)
    }
}

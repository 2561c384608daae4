/// Motion whose jerk is limited, too: the quadratic spline of `CurvePlanner`, averaged over a window of time (`JerkSpline`).
///
/// A wide window allows a high acceleration along lines, a narrow one tight curves: beside the path it takes its square times
/// the acceleration across. So every path has a window of its own, the one with which it takes the least time.
extension CurvePlanner {
    /// Of the tolerance that the rounding of corners leaves, what the fit of commands may use; most of the rest is the window's.
    private static let fitShare = 0.3
    /// Of the corner tolerance, what the parabola of a corner uses; near the optimum of three quarters for a single corner.
    private static let roundingShare = 0.65
    /// Knots are so many ticks apart, where the window has that many.
    private static let usualGrid: Int32 = 160
    private static let longestGrid: Int32 = 800
    private static let mostKnots: Int32 = 32
    /// How often a path is planned again, and by how much the last plan may pass a limit before all of it is stretched.
    private static let mostRounds = 10
    private static let allowance = 1.02
    /// Registers are whole: the plan keeps that much below the limit on jerk.
    private static let jerkShare = 0.985
    /// Longest section, s: half a day; ticks are counted in 32 bits, stretched eightfold at most.
    private static let longestSection = 10_000.0
    private static let mostStretch = 8.0
    /// Longest command of a jerk, ticks: a unit of its register moves the rate by half the square of the ticks.
    private static let longestBent: Int32 = 2_500
    private static let ticksPerSecond = StepPlanner.ticksPerSecond

    /// A path without a stop inside, from rest to rest; nothing is planned where false is returned: it takes too long.
    mutating func smoothSection(
        _ points: ArraySlice<SIMD2<Double>>, limits: CurveLimits, jerk: Double, to moves: inout [CurveMove]
    ) -> Bool {
        if points.count == 2 { return straight(points, limits, jerk: jerk, to: &moves) }
        let window = bestWindow(points, limits, jerk: jerk)
        guard window > 0 else { return false }
        let acceleration = min(limits.acceleration, jerk * window)
        // A wider one allows an acceleration that turns round.
        let found = trial(points, limits, window: window, acceleration: acceleration, jerk: jerk)
        swap(&spline, &otherSpline)
        let wider = trial(points, limits, window: window * 1.35, acceleration: acceleration, jerk: jerk)
        if wider == .max, found == .max { return false }
        if found <= wider { swap(&spline, &otherSpline) }
        write(cubic: &moves)
        return true
    }

    private mutating func straight(
        _ points: ArraySlice<SIMD2<Double>>, _ limits: CurveLimits, jerk: Double, to moves: inout [CurveMove]
    ) -> Bool {
        let (first, last) = (points[points.startIndex], points[points.startIndex + 1])
        let way = last - first
        let length = (way * way).sum().squareRoot()
        let direction = way / length
        let motor = direction.x.magnitude + direction.y.magnitude
        let second = Self.ticksPerSecond
        guard
            let run = StraightRun(
                length: length, speed: min(limits.speed, motorSpeed / motor) / second,
                most: limits.acceleration / (second * second), jerk: jerk * Self.jerkShare / (second * second * second),
                shortest: steps.shortestTicks)
        else { return false }
        spline.clear()
        spline.lay(run, from: first, to: last)
        spline.average(over: run.width)
        write(cubic: &moves)
        return true
    }

    /// The window with which a path takes the least time by its speeds alone, s; 0 where it takes too long by any.
    private mutating func bestWindow(
        _ points: ArraySlice<SIMD2<Double>>, _ limits: CurveLimits, jerk: Double
    ) -> Double {
        defer { profile.window = 0 }
        let least = Double(steps.shortestTicks) / Self.ticksPerSecond
        var window = max(least, limits.acceleration / jerk)
        var best = (time: Self.longestSection, window: 0.0)
        var worse = 0
        while worse < 3 {
            lay(points, limits, window: window, acceleration: min(limits.acceleration, jerk * window))
            let time = profile.duration + window
            worse = time < best.time || best.window == 0 ? 0 : worse + 1
            if time < best.time { best = (time, window) }
            if window == least { break }
            window = max(least, window * 0.75)
        }
        return best.window
    }

    /// Lays the path and finds its speeds for a window of so many seconds.
    private mutating func lay(
        _ points: ArraySlice<SIMD2<Double>>, _ limits: CurveLimits, window: Double, acceleration: Double
    ) {
        var laid = limits
        laid.acceleration = acceleration
        laid.tolerance *= Self.roundingShare
        laid.cornerTolerance *= Self.roundingShare
        path.lay(points, limits: laid, shortestSeconds: Double(steps.shortestTicks) / Self.ticksPerSecond)
        profile.clear()
        profile.window = window
        findSpeeds(limits, acceleration)
    }

    private mutating func findSpeeds(_ limits: CurveLimits, _ acceleration: Double) {
        var limits = limits
        limits.acceleration = acceleration
        profile.plan(path, limits: limits, motorSpeed: motorSpeed)
    }

    /// Plans a path into `spline`; ticks that it takes, `.max` where they cannot be counted.
    private mutating func trial(
        _ points: ArraySlice<SIMD2<Double>>, _ limits: CurveLimits, window: Double, acceleration: Double, jerk: Double
    ) -> Int32 {
        let wanted = max(steps.shortestTicks, Int32(min(1e8, (window * Self.ticksPerSecond).rounded(.up))))
        var knots = max(1, min(Self.mostKnots, wanted / Self.usualGrid), wanted / Self.longestGrid)
        var grid = max(steps.shortestTicks, (wanted + knots - 1) / knots)
        lay(points, limits, window: Double(grid * knots) / Self.ticksPerSecond, acceleration: acceleration)
        defer { profile.window = 0 }
        for round in 1...Self.mostRounds {
            if round > 1 { findSpeeds(limits, acceleration) }
            guard profile.duration < Self.longestSection else { return .max }
            collectKnots(onGridOf: grid, limits)
            makeControls()
            layControls()
            spline.average(over: grid * knots)
            let excess = judge(limits, jerk: jerk, width: grid * knots)
            if round == Self.mostRounds || !slowDown(excess) { break }
        }
        var excess = judge(limits, jerk: jerk, width: grid * knots)
        while excess.distance > Self.allowance, knots > 1 {
            knots /= 2
            spline.average(over: grid * knots)
            excess = judge(limits, jerk: jerk, width: grid * knots)
        }
        let slower = max(excess.jerk.cubeRootAtLeastOne, (excess.acceleration / Self.allowance).squareRoot())
        if slower > 1 {
            let longer = Int32((Double(grid) * min(slower, Self.mostStretch)).rounded(.up))
            spline.stretch(from: grid, to: longer)
            grid = longer
            spline.average(over: grid * knots)
        }
        return spline.endTick
    }

    private mutating func collectKnots(onGridOf grid: Int32, _ limits: CurveLimits) {
        moments.removeAll(keepingCapacity: true)
        knots.removeAll(keepingCapacity: true)
        var collector = GridMoments(grid: grid, share: Self.fitShare, limits: limits)
        var beginsAtRest = true
        for i in path.parts.indices {
            collector.add(part: i, path, profile, &moments)
            if moments.count >= Self.window {
                choose(limits, beginsAtRest: beginsAtRest, endsAtRest: false)
                beginsAtRest = false
            }
        }
        collector.finish(path, &moments)
        choose(limits, beginsAtRest: beginsAtRest, endsAtRest: true)
    }

    /// The quadratic spline of the controls.
    private mutating func layControls() {
        spline.clear()
        for k in 0..<knots.count {
            spline.ticks.append(knots[k].tick)
            spline.places.append(place(k))
            spline.velocities.append(velocity(k))
            if k > 0 {
                let ticks = Double(knots[k].tick - knots[k - 1].tick)
                spline.accelerations.append((spline.velocities[k] - spline.velocities[k - 1]) / ticks)
            }
        }
    }

    /// By how much limits are passed: 1 is the limit.
    struct Excess {
        var jerk = 0.0
        var acceleration = 0.0
        /// Beside the motion, of what the window may use.
        var distance = 0.0
    }

    /// Judges the cubic spline; `needs` tells how much slower each interval of the quadratic one must be.
    private mutating func judge(_ limits: CurveLimits, jerk: Double, width: Int32) -> Excess {
        let second = Self.ticksPerSecond
        let most = (
            jerk: jerk * Self.jerkShare / (second * second * second),
            acceleration: limits.acceleration / (second * second)
        )
        var excess = Excess()
        needs.removeAll(keepingCapacity: true)
        needs.append(contentsOf: repeatElement(1, count: controls.count))
        var centre = -1
        for (i, piece) in spline.pieces.enumerated() {
            let change = (piece.jerk * piece.jerk).sum().squareRoot() / most.jerk
            let acceleration = (piece.acceleration * piece.acceleration).sum().squareRoot() / most.acceleration
            excess.jerk = max(excess.jerk, change)
            excess.acceleration = max(excess.acceleration, acceleration)
            if change > 1 {
                need(change, from: piece.newest, to: piece.newest)
                need(change, from: piece.oldest, to: piece.oldest)
            }
            if acceleration > Self.allowance { need(acceleration, from: piece.oldest, to: piece.newest) }
            let half = Double(spline.duration(i)) / 2
            for time in [0, half] {
                let at = Double(piece.tick) + time - Double(width) / 2
                while centre < controls.count, Double(spline.ticks[centre + 1]) <= at { centre += 1 }
                let inside = centre < 0 ? 0 : at - Double(spline.ticks[centre])
                let off = beside(piece.place(after: time), spline.state(centre, after: inside))
                let knot = knots[max(0, min(controls.count - 1, centre))]
                let share = off * knot.inverseReach * (Self.fitShare / CurveProfile.windowShare)
                excess.distance = max(excess.distance, share)
                if share > 1 { need(share, from: piece.oldest, to: piece.newest) }
            }
        }
        return excess
    }

    private func beside(_ place: SIMD2<Double>, _ motion: (place: SIMD2<Double>, velocity: SIMD2<Double>)) -> Double {
        let off = place - motion.place
        let speed = (motion.velocity * motion.velocity).sum().squareRoot()
        if speed < 1e-9 { return 0 }
        return (off.x * motion.velocity.y - off.y * motion.velocity.x).magnitude / speed
    }

    /// Accelerations must be lower by that factor; they go as the square of the pace.
    private mutating func need(_ factor: Double, from first: Int32, to last: Int32) {
        let pace = max(0.6, (1 / factor).squareRoot() * 0.995)
        let (low, high) = (max(0, Int(first)), min(needs.count - 1, Int(last)))
        guard low <= high else { return }
        for k in low...high { needs[k] = min(needs[k], pace) }
    }

    /// Lowers the pace where a limit is passed; false where none is.
    private mutating func slowDown(_ excess: Excess) -> Bool {
        var isSlowed = false
        var last = (part: Int32(-1), pace: 1.0)
        for k in 0..<controls.count {
            var pace = needs[k]
            if knots[k + 1].excess > 1 { pace = min(pace, max(0.6, 1 / knots[k + 1].excess.squareRoot())) }
            let v = spline.velocities[k + 1]
            let rate = (v.x.magnitude + v.y.magnitude) * steps.stepsPerMillimetre
            if rate > steps.highestRate { pace = min(pace, steps.highestRate / rate * 0.999) }
            guard pace < 1 else { continue }
            isSlowed = true
            if profile.paces.isEmpty { profile.paces = Array(repeating: 1, count: path.parts.count) }
            for part in knots[k].part...max(knots[k].part, knots[k + 1].part) {
                // A part that several intervals share is slowed once.
                let done = part == last.part ? last.pace : 1
                if pace < done { profile.paces[Int(part)] *= pace / done }
                last = (part, min(pace, done))
            }
        }
        return isSlowed
    }

    /// Appends the pieces of `spline` as moves; long ones in equal parts.
    private func write(cubic moves: inout [CurveMove]) {
        let k = steps.stepsPerMillimetre
        func motors(_ value: SIMD2<Double>) -> SIMD2<Double> { SIMD2(value.x + value.y, value.x - value.y) * k }
        var entry = SIMD2(0.0, 0)
        for (i, piece) in spline.pieces.enumerated() {
            let ticks = spline.duration(i)
            let isLast = i == spline.pieces.count - 1
            let longest = (piece.jerk * piece.jerk).sum() < 1e-28 ? longestTicks : min(longestTicks, Self.longestBent)
            let count = (ticks + longest - 1) / longest
            var begin: Int32 = 0
            for n in 1...count {
                let end = Int32(Int64(ticks) * Int64(n) / Int64(count))
                var (place, velocity) = (piece.place(after: Double(end)), piece.velocity(after: Double(end)))
                if n == count {
                    place = isLast ? spline.places[spline.places.count - 1] : spline.pieces[i + 1].place
                    velocity = isLast ? SIMD2(0, 0) : spline.pieces[i + 1].velocity
                }
                let exit = motors(velocity)
                moves.append(
                    CurveMove(
                        ticks: end - begin, end: motors(place), entry: entry, exit: exit, jerk: motors(piece.jerk)))
                (entry, begin) = (exit, end)
            }
        }
    }
}

extension JerkSpline {
    /// The quadratic spline of a straight run.
    mutating func lay(_ run: StraightRun, from first: SIMD2<Double>, to last: SIMD2<Double>) {
        let way = last - first
        let direction = way / (way * way).sum().squareRoot()
        let rise = Double(run.rise)
        let up = direction * run.acceleration
        let climb = up * (rise * rise / 2)
        ticks = [0, run.rise, run.rise + run.hold, 2 * run.rise + run.hold]
        places = [first, first + climb, last - climb, last]
        velocities = [SIMD2(0, 0), up * rise, up * rise, SIMD2(0, 0)]
        accelerations = [up, SIMD2(0, 0), -up]
    }
}

extension Double {
    /// Third root of a value above 1, else 1.
    fileprivate var cubeRootAtLeastOne: Double {
        guard self > 1 else { return 1 }
        var root = squareRoot()
        for _ in 0..<40 { root = (2 * root + self / (root * root)) / 3 }
        return root
    }
}

/// Motion whose jerk is limited, too: the quadratic spline of `CurvePlanner`, averaged over a window of time (`JerkSpline`).
///
/// A wide window allows a high acceleration along lines, a narrow one tight curves: beside the path it takes its square times
/// the acceleration across. So every path has a window of its own: that with which it takes the least time by its speeds, or
/// a wider one, whichever is planned the quickest.
extension CurvePlanner {
    /// Of the tolerance that the rounding of corners leaves, what one command may use where several could be one.
    static let fitShare = 0.3
    /// Of the corner tolerance, what the parabola of a corner uses; near the optimum of three quarters for a single corner.
    private static let roundingShare = 0.65
    /// Knots are so many ticks apart, where the window has that many.
    private static let usualGrid: Int32 = 160
    private static let longestGrid: Int32 = 800
    private static let mostKnots: Int32 = 32
    /// How often a path is planned again, slower where it passes a limit; then all of it, as often as it lies too far beside the
    /// given one; and by how much the last plan may pass a limit before all of it is stretched.
    private static let localRounds = 10
    private static let mostJerkRounds = 26
    private static let pace = 0.8
    static let mostExcess = 1.02
    /// The same of the limit of speed, as by commands without a limit of jerk.
    static let mostSpeed = 1.05
    /// How often controls are moved by what the average lies beside the path.
    private static let corrections = 2
    /// Windows beside the best by the speeds alone, times that.
    private static let widerWindows = [1.35, 2, 2.8]
    /// Longest section, s: half a day; ticks are counted in 32 bits, stretched eightfold at most.
    private static let longestSection = 10_000.0
    private static let mostStretch = 8.0
    /// Longest command of a jerk, ticks: a unit of its register moves the rate by half the square of the ticks.
    private static let longestBent: Int32 = 2_500

    /// A path without a stop inside, from rest to rest; nothing is planned where false is returned: it takes too long, nor where
    /// it would take `most`, s: then it is abandoned.
    mutating func smoothSection(
        _ points: ArraySlice<SIMD2<Double>>, limits: CurveLimits, jerk: Double, within most: Double,
        to moves: inout [CurveMove]
    ) -> Bool {
        if points.count == 2 { return straight(points, limits, jerk: jerk, to: &moves) }
        let window = bestWindow(points, limits, jerk: jerk)
        guard window > 0 else { return false }
        let acceleration = min(limits.acceleration, jerk * window)
        let mostTicks = Int32(min(Double(Int32.max), (most * Self.ticksPerSecond).rounded(.up) + 1))
        var best = mostTicks
        let ticks = trial(points, limits, window: window, acceleration: acceleration, jerk: jerk, within: best)
        best = min(best, ticks)
        swap(&spline, &otherSpline)
        // A wider one allows an acceleration that turns round, and corners whose accelerations run into each other.
        for factor in Self.widerWindows {
            let ticks = trial(
                points, limits, window: window * factor, acceleration: acceleration, jerk: jerk, within: best)
            guard ticks < best else { continue }
            best = ticks
            swap(&spline, &otherSpline)
        }
        guard best < mostTicks else {
            isAbandoned = mostTicks < .max
            return isAbandoned
        }
        swap(&spline, &otherSpline)
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
                most: limits.acceleration / (second * second), jerk: jerk / (second * second * second),
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

    /// Plans a path into `spline`; ticks that it takes, `.max` where they are no less than `most` or cannot be counted.
    private mutating func trial(
        _ points: ArraySlice<SIMD2<Double>>, _ limits: CurveLimits, window: Double, acceleration: Double, jerk: Double,
        within most: Int32
    ) -> Int32 {
        let wanted = max(steps.shortestTicks, Int32(min(1e8, (window * Self.ticksPerSecond).rounded(.up))))
        var knots = max(1, min(Self.mostKnots, wanted / Self.usualGrid), wanted / Self.longestGrid)
        var grid = max(steps.shortestTicks, (wanted + knots - 1) / knots)
        lay(points, limits, window: Double(grid * knots) / Self.ticksPerSecond, acceleration: acceleration)
        defer { profile.window = 0 }
        var (excess, last) = (Excess(), Double.infinity)
        for round in 1...Self.mostJerkRounds {
            if round > 1 { findSpeeds(limits, acceleration) }
            let duration = profile.duration
            guard duration < Self.longestSection, duration * Self.ticksPerSecond < Double(most) else { return .max }
            makeSpline(onGridOf: grid, knots: knots, limits)
            excess = judge(limits, jerk: jerk, width: grid * knots)
            if round < Self.localRounds {
                if !slowDown() { break }
            } else if excess.distance > 1, excess.distance < last {
                last = excess.distance * 0.99
                slowDown(by: Self.pace)
            } else {
                break
            }
        }
        while excess.distance > 1, knots > 1 {
            knots /= 2
            spline.average(over: grid * knots)
            excess = judge(limits, jerk: jerk, width: grid * knots)
        }
        let slower = max(
            excess.jerk.cubeRootAtLeastOne, (excess.acceleration / Self.mostExcess).squareRoot(),
            excess.speed / Self.mostSpeed)
        if slower > 1 {
            let longer = Int32((Double(grid) * min(slower, Self.mostStretch)).rounded(.up))
            spline.stretch(from: grid, to: longer)
            grid = longer
            spline.average(over: grid * knots)
        }
        return spline.endTick < most ? spline.endTick : .max
    }

    /// The average of the planned motion, with controls moved so that it lies on the path.
    private mutating func makeSpline(onGridOf grid: Int32, knots: Int32, _ limits: CurveLimits) {
        collectKnots(onGridOf: grid, limits)
        makeControls()
        layControls()
        spline.average(over: grid * knots)
        for _ in 0..<Self.corrections where correct(width: grid * knots) {
            layControls()
            spline.average(over: grid * knots)
        }
    }

    private mutating func collectKnots(onGridOf grid: Int32, _ limits: CurveLimits) {
        moments.removeAll(keepingCapacity: true)
        knots.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        var collector = GridMoments(
            grid: grid, share: Self.fitShare, limits: limits, asked: asked ?? limits, origin: origin)
        swap(&marks, &collector.marks)
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
        swap(&marks, &collector.marks)
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

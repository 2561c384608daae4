/// Turns paths into parabolas in time that keep the acceleration vector within its limit and never jump in velocity.
///
/// A path begins and ends at rest. Its corners are rounded (`RoundedPath`), the speeds along it found (`CurveProfile`), the
/// motion cut at whole ticks (`chooseKnots`) and replaced by a quadratic spline in time with continuous velocity: the
/// control point of the interval k is cₖ = (p₀ + p₁)/2 + (v₀ − v₁)·T/4, the velocity at a knot 2·(cₖ − cₖ₋₁)/(Tₖ₋₁ + Tₖ), its
/// place between the two in the ratio Tₖ₋₁ : Tₖ. It is exact where the motion is a row of parabolas: on lines, in corners.
public struct CurvePlanner: Sendable {
    /// Ticks a second.
    static let ticksPerSecond = StepPlanner.ticksPerSecond
    /// How often a path is planned again, slower where a command passes a limit.
    static let mostRounds = 8
    /// A command may pass the acceleration limit by this much before its stretch is slowed.
    private static let allowance = 1.02
    /// The same in later rounds, in which strays are mended.
    private static let lateAllowance = 1.05
    /// Rounds before the last ones, which are for strays alone.
    private static let lateRounds = 20
    /// How much more departures weigh from then on where something passes a limit still.
    private static let lateStrictness = 16.0
    /// Parts of a path of which that is judged: in a longer one a command in a thousand may be off, and each round is dear.
    static let lateParts = 1000
    /// Where commands are long, phases of a line are as long, and a tick that rounding may take.
    private static let phaseShare = 1.003
    /// How much the tick of rest behind a command may change its speed where there is one, mm/s.
    static let restStep = 0.27
    /// Moments that are judged at a time, and how many of the last wait for those that follow.
    static let window = 4096
    static let overlap = 128

    public let steps: StepLimits
    /// Longest command, ticks.
    let longestTicks: Int32
    let splitsReversals: Bool

    var source: [SIMD2<Double>] = []
    var places: [SIMD2<Double>] = []
    /// Another way to smooth them.
    private var others: [SIMD2<Double>] = []
    private var smoother = PathSmoother()
    var path = RoundedPath()
    var profile = CurveProfile()
    var moments: [KnotCandidate] = []
    var knots: [KnotCandidate] = []
    var controls: [SIMD2<Double>] = []
    var cost: [Double] = []
    var previous: [Int32] = []
    var tails: [KnotTail] = []
    var chosen: [Int] = []
    /// Of motion with a limit on jerk: the plan, another to compare it with, and the pace that each of its intervals needs.
    var spline = JerkSpline()
    var otherSpline = JerkSpline()
    /// How near the commands come to each corner, mm, and the vertices that they come not near enough to.
    var passing: [Double] = []
    var strays: [Int] = []
    var strictness = 1.0
    /// Whether paces were lowered since speeds were found.
    var isPaced = false
    /// How far each corner is passed by which command, and where it lies from there, mm.
    var passed: [(distance: Double, command: Int, off: SIMD2<Double>)] = []
    /// Whether the path that is tried takes longer than another that is known.
    var isAbandoned = false
    /// Whether all of `places` are laid as the path and their speeds found.
    private var isLaid = false
    /// What each part takes by the speeds that knots were chosen for, s, and by those found last; empty where none are kept.
    var (durations, freshDurations): ([Double], [Double]) = ([], [])
    /// The strictness that knots were chosen with, and knots that are chosen anew.
    var chosenStrictness = 1.0
    var refined: [KnotCandidate] = []
    /// Motions of the path, without a stop inside, of which commands were made.
    var known: [Tried] = []
    /// The limits that `places` were smoothed for, and what is left of them.
    private var smoothedFor: (limits: CurveLimits, smooths: Bool, left: CurveLimits)?
    /// Whether `places` may be other than the source, whether the path is dense enough for it, and whether they are.
    var (smooths, isDense, isSmoothed) = (true, false, false)
    /// The limit of speed that was asked for, mm/s, whatever lower ones are tried.
    var highestSpeed = Double.infinity
    /// The highest speed along the path that was tried, before its commands, mm/s.
    var topSpeed = 0.0
    var needs: [Double] = []
    /// One a move: whether it takes a tick more.
    var rested: [Bool] = []
    /// What takes the place of each knot.
    var windows: [Window] = []
    /// Where it is judged, and how far beside the motion the average lies at each knot.
    var marks: [PathMark] = []
    var offs: [SIMD2<Double>] = []
    /// The limits and the path before smoothing; no path where nothing was smoothed.
    var asked: CurveLimits?
    var origin: ArraySlice<SIMD2<Double>> = []

    /// - Parameters:
    ///   - longestTicks: of one command.
    ///   - splitsReversals: whether commands in which a motor reverses are to be avoided.
    public init(steps: StepLimits, longestTicks: Int32, splitsReversals: Bool) {
        self.steps = steps
        self.longestTicks = longestTicks
        self.splitsReversals = splitsReversals
    }

    /// Nearer neighbours are one point, mm.
    private static let shortestSide = 1e-7

    /// Commands that take so much longer than the motion they stand for could not follow.
    static let slack = 1.003
    /// Up to these limits, mm/s² and mm/s, short paths, s, are as quick as at any lower one: dots by the thousand are not planned
    /// again.
    static let (lowAcceleration, lowSpeed, shortSeconds) = (1000.0, 60.0, 0.5)
    /// Where jerk is limited, a lower acceleration takes shorter to change and longer to act: below this one, mm/s², it only gets
    /// worse beyond the best.
    private static let (mostMisses, leastAcceleration) = (2, 500.0)
    /// Where jerk is limited, lower speeds are tried down to this one, mm/s: what is passed slowly at corners needs a shorter way
    /// to get there.
    private static let leastSpeed = 50.0
    /// Limits nearer to one in force are not tried where jerk is limited.
    private static let near = 0.8

    /// Appends the moves along `points`, from rest to rest; nothing where they have no length.
    ///
    /// Commands have a shortest time. Where corners are passed in less, a path is slowed round by round, and may come to take
    /// longer than at a lower limit: then it is planned at lower ones, too, and the quickest is taken.
    /// - Complexity: O(points + time), at most eight times over; that for a few limits where commands cannot follow.
    public mutating func append(path points: ArraySlice<Point>, limits: CurveLimits, to moves: inout [CurveMove]) {
        source.removeAll(keepingCapacity: true)
        for point in points {
            let place = SIMD2(point.x, point.y)
            if let last = source.last {
                let side = place - last
                if (side * side).sum() <= Self.shortestSide * Self.shortestSide { continue }
            }
            source.append(place)
        }
        guard source.count > 1 else { return }
        smoothedFor = nil
        known.removeAll(keepingCapacity: true)
        highestSpeed = limits.speed
        let first = moves.count
        let ideal = plan(limits, within: .infinity, to: &moves)
        let best = Self.seconds(moves[first...])
        let isShort = ideal <= Self.shortSeconds
        if limits.jerk != nil {
            planLower(limits, first: first, best: best, to: &moves)
        } else if best > ideal * Self.slack || mayBeStiff(limits) {
            planOtherwise(limits, first: first, best: best, isShort: isShort, to: &moves)
        }
    }

    /// Plans a path with a limit on jerk at lower accelerations and speeds, too: each takes a shorter time to change.
    private mutating func planLower(_ limits: CurveLimits, first: Int, best: Double, to moves: inout [CurveMove]) {
        var best = best
        var (tried, quickest) = ([CurveMove](), limits)
        /// Takes the plan by these limits where it is quicker.
        func tryOut(_ lower: CurveLimits) -> Bool {
            tried.removeAll(keepingCapacity: true)
            let seconds = plan(lower, within: best, to: &tried)
            guard !isAbandoned, seconds < best else { return false }
            (best, quickest) = (seconds, lower)
            moves.removeLast(moves.count - first)
            moves += tried
            return true
        }
        var misses = 0
        for acceleration in LimitRungs.accelerations where acceleration < limits.acceleration * Self.near {
            if misses >= Self.mostMisses, acceleration < Self.leastAcceleration { break }
            var lower = limits
            lower.acceleration = acceleration
            misses = tryOut(lower) ? 0 : misses + 1
        }
        guard source.count > 2 else { return }
        for speed in LimitRungs.speeds.reversed() where speed < limits.speed * Self.near && speed >= Self.leastSpeed {
            var lower = quickest
            lower.speed = speed
            guard tryOut(lower) else { break }
        }
    }

    static func seconds(_ moves: ArraySlice<CurveMove>) -> Double {
        moves.reduce(0) { $0 + Double($1.ticks) } / ticksPerSecond
    }

    var shortestSeconds: Double { Double(steps.shortestTicks) / Self.ticksPerSecond }

    /// Plans `source`, unless even the motion without its commands takes as long as `most`.
    ///
    /// - Returns: what the motion takes without its commands, s.
    mutating func plan(
        _ limits: CurveLimits, stopsBeyond sine: Double = RoundedPath.stopSine, within most: Double,
        to moves: inout [CurveMove]
    ) -> Double {
        let shortest = shortestSeconds
        asked = limits
        isAbandoned = false
        topSpeed = 0
        isLaid = false
        let left: CurveLimits
        if let done = smoothedFor, done.limits == limits, done.smooths == smooths {
            left = done.left
        } else {
            left = smoothed(limits, shortest)
            smoothedFor = (limits, smooths, left)
        }
        var (first, sum) = (0, 0.0)
        for i in 1..<places.count where sum < most && !isAbandoned {
            guard i + 1 == places.count || RoundedPath.stops(places[i - 1], places[i], places[i + 1], beyond: sine)
            else { continue }
            let begin = moves.count
            sum += section(places[first...i], limits: left, shortest: shortest, within: most - sum, to: &moves)
            if !splitsReversals, limits.jerk == nil { addRests(limits, from: begin, to: &moves) }
            first = i
        }
        return sum
    }

    /// Longest paths, in vertices, of which it is tried how little smoothing is enough.
    private static let shortPath = 256

    /// Fills `places` with the path to be driven: `source`, smoothed where that saves a good part of its time.
    ///
    /// - Returns: what is left of the limits. Commands need some tolerance, too: the less of it the shorter they are.
    private mutating func smoothed(_ limits: CurveLimits, _ shortest: Double) -> CurveLimits {
        let shares = PathSmoother.shares
        isSmoothed = false
        isDense = smooths && smoother.smooth(source, into: &places, limits: limits, share: shares.most)
        guard isDense else {
            places = source
            return limits
        }
        let most = limits.left(bySmoothing: shares.most)
        var best = (time: time(of: places, most, shortest), limits: most)
        if source.count <= Self.shortPath, smoother.smooth(source, into: &others, limits: limits, share: shares.usual) {
            let usual = limits.left(bySmoothing: shares.usual)
            let time = time(of: others, usual, shortest)
            if time * 0.95 < best.time {
                best = (time, usual)
                swap(&places, &others)
            }
        }
        if best.time < time(of: source, limits, shortest) * 0.95 {
            isSmoothed = true
            return best.limits
        }
        places = source
        isLaid = true
        return limits
    }

    /// Time along a path as rounded and planned, s; stops counted as slow corners.
    private mutating func time(of points: [SIMD2<Double>], _ limits: CurveLimits, _ shortest: Double) -> Double {
        path.lay(points[...], limits: limits, shortestSeconds: shortest)
        profile.clear()
        profile.shortestPhase = 0
        profile.plan(path, limits: limits, motorSpeed: motorSpeed)
        return profile.duration
    }

    var motorSpeed: Double { steps.highestRate * Self.ticksPerSecond / steps.stepsPerMillimetre }

    /// A path without a stop inside; nothing if it takes `most` without its commands.
    ///
    /// - Returns: what it takes without them, s; with them where jerk is limited.
    mutating func section(
        _ points: ArraySlice<SIMD2<Double>>, limits: CurveLimits, shortest: Double, within most: Double,
        to moves: inout [CurveMove]
    ) -> Double {
        let first = moves.count
        if let jerk = limits.jerk {
            origin = limits != asked && points.count > 2 ? source[points.indices] : []
            if !smoothSection(points, limits: limits, jerk: jerk, within: most, to: &moves) {
                halves(points, limits: limits, shortest: shortest, to: &moves)
            }
            return Self.seconds(moves[first...])
        }
        if points.count == 2,
            appendLine(from: points[points.startIndex], to: points[points.startIndex + 1], limits: limits, to: &moves)
        {
            return Self.seconds(moves[first...])
        }
        profile.shortestPhase = 0
        if !isLaid || points.count < places.count {
            path.lay(points, limits: limits, shortestSeconds: shortest)
            profile.clear()
            profile.plan(path, limits: limits, motorSpeed: motorSpeed)
        }
        isLaid = false
        let (ideal, fastest) = profile.durationAndTopSpeed
        topSpeed = max(topSpeed, fastest)
        guard ideal < most else { return ideal }
        if points.count == places.count, isKnown(limits, seconds: ideal, topSpeed: fastest) {
            isAbandoned = true
            return ideal
        }
        if ideal > Self.longestSection {
            halves(points, limits: limits, shortest: shortest, to: &moves)
            return ideal
        }
        if splitsReversals { profile.shortestPhase = shortest * Self.phaseShare }
        strictness = 1
        isPaced = false
        for round in 1...Self.mostRounds * 3 {
            if isPaced {
                isPaced = false
                profile.plan(path, limits: limits, motorSpeed: motorSpeed)
                if most < .infinity, profile.lasts(most) {
                    isAbandoned = true
                    return ideal
                }
            }
            refineKnots(limits, isFirst: round == 1)
            makeControls()
            if splitsReversals { moveOutwards(smoothedFor?.limits ?? limits, start: points.startIndex) }
            let isLate = round < Self.lateRounds && path.parts.count <= Self.lateParts
            let allowance = round < Self.mostRounds ? Self.allowance : isLate ? Self.lateAllowance : .infinity
            let isSlowed = slowDown(limits, allowance: allowance, toRatesOnly: round >= Self.mostRounds)
            // What slows one command may make the choice of knots pass the limit at the next: it departs less from then on.
            if isSlowed, isLate, round >= Self.mostRounds, strictness < Self.lateStrictness {
                strictness = Self.lateStrictness
            }
            if isSlowed || mendStrays(smoothedFor?.limits ?? limits, start: points.startIndex) { continue }
            if !splitsReversals || round >= Self.mostRounds * 2 || !mendSteps(limits) { break }
        }
        holdRates(limits)
        if strays.isEmpty {
            if splitsReversals { moveToReversals() }
            write(to: &moves)
        } else {
            stopAtStrays(points, limits: limits, shortest: shortest, to: &moves)
        }
        return ideal
    }
}

extension CurvePlanner {
    /// Ticks from the beginning of a section are counted in 32 bits, which is 23 hours: half of that, s.
    private static let longestSection = 40_000.0

    /// A section that takes longer than can be counted is driven in two, with a stop in between.
    private mutating func halves(
        _ points: ArraySlice<SIMD2<Double>>, limits: CurveLimits, shortest: Double, to moves: inout [CurveMove]
    ) {
        var parts = [points]
        if points.count > 2 {
            let middle = points.startIndex + points.count / 2
            parts = [points[...middle], points[middle...]]
        } else {
            let middle = (points[points.startIndex] + points[points.startIndex + 1]) / 2
            parts = [[points[points.startIndex], middle], [middle, points[points.startIndex + 1]]]
        }
        for part in parts {
            _ = section(part, limits: limits, shortest: shortest, within: .infinity, to: &moves)
        }
    }

    private func write(to moves: inout [CurveMove]) {
        let k = steps.stepsPerMillimetre
        func motors(_ value: SIMD2<Double>) -> SIMD2<Double> { SIMD2(value.x + value.y, value.x - value.y) * k }
        var entry = SIMD2(0.0, 0)
        for i in 0..<controls.count {
            let exit = motors(velocity(i + 1))
            moves.append(
                CurveMove(
                    ticks: knots[i + 1].tick - knots[i].tick, end: motors(place(i + 1)), entry: entry, exit: exit))
            entry = exit
        }
    }
}

extension CurveLimits {
    /// What smoothing by a share of the tolerance leaves.
    fileprivate func left(bySmoothing share: Double) -> CurveLimits {
        var left = self
        left.tolerance *= 1 - share
        left.cornerTolerance = max(left.tolerance, cornerTolerance - tolerance * share)
        return left
    }
}

/// Moments of the motion, those of them at which commands meet, and the spline between these.
extension CurvePlanner {
    /// Fills `knots` from the moments of the whole path.
    mutating func collectKnots(_ limits: CurveLimits) {
        stretchToShortest(limits)
        moments.removeAll(keepingCapacity: true)
        knots.removeAll(keepingCapacity: true)
        var collector = collector(limits)
        var beginsAtRest = true
        for i in path.parts.indices {
            collector.add(part: i, path, profile, &moments)
            if moments.count >= Self.window {
                choose(limits, beginsAtRest: beginsAtRest, endsAtRest: false)
                beginsAtRest = false
            }
        }
        collector.finish(path, shortest: steps.shortestTicks, &moments)
        choose(limits, beginsAtRest: beginsAtRest, endsAtRest: true)
    }

    func collector(_ limits: CurveLimits) -> MomentCollector {
        MomentCollector(
            spacing: Double(steps.shortestTicks) / 3, longest: Double(longestTicks), tolerance: limits.tolerance,
            cornerTolerance: limits.cornerTolerance, acceleration: limits.acceleration,
            findsReversals: splitsReversals)
    }

    /// From rest to rest there are two commands at least: a shorter path is slowed to their time.
    private mutating func stretchToShortest(_ limits: CurveLimits) {
        let least = 2.05 * Double(steps.shortestTicks) / Self.ticksPerSecond
        guard path.parts.count < 64 else { return }
        if profile.lasts(least) { return }
        let pace = profile.duration / least
        if profile.paces.isEmpty { profile.paces = Array(repeating: 1, count: path.parts.count) }
        for i in profile.paces.indices { profile.paces[i] *= pace }
        profile.plan(path, limits: limits, motorSpeed: motorSpeed)
    }

    /// Where no pace was slow enough for commands to follow, the pen stops.
    mutating func stopAtStrays(
        _ points: ArraySlice<SIMD2<Double>>, limits: CurveLimits, shortest: Double, to moves: inout [CurveMove]
    ) {
        var begin = points.startIndex
        let stops = Set(strays).sorted().map { points.startIndex + $0 }
        for end in stops + [points.endIndex - 1] where end > begin && end < points.endIndex {
            _ = section(points[begin...end], limits: limits, shortest: shortest, within: .infinity, to: &moves)
            begin = end
        }
    }

    /// Chooses knots among the moments collected, and lets go of those that are settled.
    ///
    /// - Parameter isLast: whether a knot lies at the last moment; nil = where the path ends there.
    mutating func choose(_ limits: CurveLimits, beginsAtRest: Bool, endsAtRest: Bool, isLast: Bool? = nil) {
        let isLast = isLast ?? endsAtRest
        let count = moments.count
        if cost.count < count {
            cost.append(contentsOf: repeatElement(0, count: count - cost.count))
            previous.append(contentsOf: repeatElement(0, count: count - previous.count))
            tails.append(contentsOf: repeatElement(KnotTail(), count: count - tails.count))
        }
        var (weights, starts, ends): ([Double], [Int32], [KnotTail]) = ([], [], [])
        swap(&weights, &cost)
        swap(&starts, &previous)
        swap(&ends, &tails)
        var costSpan = weights.mutableSpan
        var startSpan = starts.mutableSpan
        var endSpan = ends.mutableSpan
        let scale = Self.ticksPerSecond * Self.ticksPerSecond
        chooseKnots(
            moments.span, beginsAtRest: beginsAtRest, endsAtRest: endsAtRest,
            limits: KnotLimits(
                shortest: steps.shortestTicks, longest: longestTicks, acceleration: limits.acceleration / scale,
                speed: limits.speed / Self.ticksPerSecond, splitsReversals: splitsReversals,
                restStep: splitsReversals ? .infinity : Self.restStep / Self.ticksPerSecond,
                strictness: strictness,
                highestSpeed: limits.jerk == nil ? highestSpeed / Self.ticksPerSecond : nil),
            cost: &costSpan, previous: &startSpan, tails: &endSpan)
        swap(&weights, &cost)
        swap(&starts, &previous)
        swap(&ends, &tails)
        chosen.removeAll(keepingCapacity: true)
        var end = count - 1
        while end > 0 {
            if isLast || end < count - Self.overlap { chosen.append(end) }
            end = Int(previous[end])
        }
        if knots.isEmpty { knots.append(moments[0]) }
        var start = 0
        for i in chosen.reversed() {
            let rests = (first: beginsAtRest && start == 0, last: endsAtRest && i == count - 1)
            var knot = moments[i]
            knot.excess = CommandFit(moments[start], knot, rests: rests).excess(moments.span, start, i)
            knots.append(knot)
            start = i
        }
        if !isLast, let last = chosen.first { moments.removeFirst(last) }
    }

    mutating func makeControls() {
        controls.removeAll(keepingCapacity: true)
        for k in 0..<knots.count - 1 {
            let rests = (first: k == 0, last: k == knots.count - 2)
            controls.append(CommandFit(knots[k], knots[k + 1], rests: rests).control)
        }
    }

    /// Velocity at a knot, mm/tick.
    func velocity(_ k: Int) -> SIMD2<Double> {
        guard k > 0, k < controls.count else { return SIMD2(0, 0) }
        return (controls[k] - controls[k - 1]) * (2 / Double(knots[k + 1].tick - knots[k - 1].tick))
    }

    func place(_ k: Int) -> SIMD2<Double> {
        if k == 0 { return knots[0].place }
        if k == controls.count { return knots[k].place }
        let before = Double(knots[k].tick - knots[k - 1].tick)
        let after = Double(knots[k + 1].tick - knots[k].tick)
        return (controls[k - 1] * after + controls[k] * before) / (before + after)
    }
}

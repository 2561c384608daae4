/// Knots of later rounds: of a long path only what was slowed is looked at again.
extension CurvePlanner {
    /// Parts of paths of which knots are kept from round to round: shorter ones cost little, and the longest are memory.
    private static let longParts = 2000...60_000
    /// Knots beside what has changed that are chosen anew, too.
    private static let margin = 3
    /// Where more of the knots than that would be, all are.
    private static let mostChanged = 0.7

    /// Fills `knots` for the speeds found last; those of stretches whose speeds are as before stay.
    ///
    /// A stretch that stays is put off by whole ticks. What that is off lies behind what was slowed before it, half a tick in
    /// a command.
    mutating func refineKnots(_ limits: CurveLimits, isFirst: Bool) {
        guard Self.longParts.contains(path.parts.count) else { return collectKnots(limits) }
        profile.fill(&freshDurations)
        let canKeep = !isFirst && strictness == chosenStrictness && durations.count == freshDurations.count
        chosenStrictness = strictness
        let windows = canKeep ? changes() : [0..<knots.count]
        swap(&durations, &freshDurations)
        let sum = windows.reduce(0) { $0 + $1.count }
        if !canKeep || Double(sum) > Double(knots.count) * Self.mostChanged { return collectKnots(limits) }
        refine(windows, limits)
    }

    /// Knots between which the motion has changed, by their indexes; the first and the last of each stay where they are.
    private func changes() -> [Range<Int>] {
        var windows: [Range<Int>] = []
        var (part, knot) = (0, 0)
        while part < durations.count {
            guard durations[part] != freshDurations[part] else {
                part += 1
                continue
            }
            // The last knot before the part, the first behind what has changed.
            while knot + 1 < knots.count, Int(knots[knot + 1].part) < part { knot += 1 }
            let first = max(0, knot - Self.margin)
            while part < durations.count, durations[part] != freshDurations[part] { part += 1 }
            var end = knot
            while end < knots.count - 1, Int(knots[end].part) < part { end += 1 }
            end = min(knots.count, end + Self.margin + 1)
            if let last = windows.last, last.upperBound >= first {
                windows[windows.count - 1] = last.lowerBound..<max(last.upperBound, end)
            } else {
                windows.append(first..<end)
            }
        }
        return windows
    }

    private mutating func refine(_ windows: [Range<Int>], _ limits: CurveLimits) {
        refined.removeAll(keepingCapacity: true)
        swap(&refined, &knots)
        // `refined` has the knots as they were, `knots` is filled anew.
        var (next, shift) = (0, Int32(0))
        for window in windows {
            keep(next..<window.lowerBound + 1, shift)
            shift = choose(between: refined[window.lowerBound], refined[window.upperBound - 1], window, limits)
            next = window.upperBound
        }
        keep(next..<refined.count, shift)
    }

    private mutating func keep(_ part: Range<Int>, _ shift: Int32) {
        for i in part {
            knots.append(refined[i])
            knots[knots.count - 1].tick += shift
        }
    }

    /// Chooses knots between two that stay, the second put off; by how many ticks.
    private mutating func choose(
        between first: KnotCandidate, _ last: KnotCandidate, _ window: Range<Int>, _ limits: CurveLimits
    ) -> Int32 {
        let start = knots[knots.count - 1]
        moments.removeAll(keepingCapacity: true)
        moments.append(start)
        var collector = collector(limits)
        var end = Double(start.tick) - start.offset
        collector.begin(at: end)
        for part in Int(first.part)...Int(last.part) {
            collector.add(part: part, path, profile, &moments)
            if part < Int(last.part) { end += durations[part] * Self.ticksPerSecond }
        }
        let (isFirst, isLast) = (window.lowerBound == 0, window.upperBound == refined.count)
        if isLast {
            collector.finish(path, shortest: steps.shortestTicks, &moments)
        } else {
            var moved = last
            moved.tick = Int32((end + last.offset).rounded())
            while moments.count > 1, moments[moments.count - 1].tick >= moved.tick { moments.removeLast() }
            moments.append(moved)
        }
        choose(limits, beginsAtRest: isFirst, endsAtRest: isLast, isLast: true)
        return knots[knots.count - 1].tick - last.tick
    }
}

/// How far commands really lie beside the line. What they were chosen by is an estimate: it takes the neighbours of a command
/// for like itself, and knows nothing of a motor that cannot reverse.
extension CurvePlanner {
    /// What commands along curves may have on top of the tolerance of moves, which chords and whole steps hardly ever use up
    /// at the same place, mm.
    private static let curveShare = 0.0145
    /// What those round corners may have on top of the corner tolerance, mm.
    private static let cornerShare = (signed: 0.0025, unsigned: 0.0075)
    /// Places of a command that are looked at, its ends included.
    private static let samples = 8
    /// Commands that are estimated to use less of their reach are not looked at, unless they round a corner.
    private static let doubtful = 0.5

    /// How much more than usually it counts that a command is unlike its stretch of motion, before strays are slowed.
    private static let strictest = 256.0
    /// No command is shorter than this, as a share of the shortest that is planned.
    private static let shortest = 0.9

    /// Lowers the pace where commands lie farther beside the line, or pass a corner at a greater distance, than they may; false
    /// where none does. The line is the one that was given, not what smoothing made of it.
    ///
    /// - Parameters:
    ///   - limits: of the whole path.
    ///   - start: the vertex of the line that the section begins at.
    /// - Complexity: O(commands + points).
    mutating func mendStrays(_ limits: CurveLimits, start: Int) -> Bool {
        strays.removeAll(keepingCapacity: true)
        guard path.parts.count > 1 else { return false }
        var near: [Double] = []
        swap(&near, &passing)
        measureCorners(start, into: &near)
        swap(&near, &passing)
        var isAny = false
        // Knots chosen anew would make a long path pay for a few of its commands.
        let slows = strictness >= Self.strictest || path.parts.count > Self.lateParts
        for k in controls.indices {
            var pace = 1.0
            let ticks = Double(knots[k + 1].tick - knots[k].tick)
            if ticks < Self.shortest * Double(steps.shortestTicks) {
                pace = ticks / Double(steps.shortestTicks)
            } else {
                let share = stray(k, limits, start)
                guard share > 1 else { continue }
                if slows { pace = 0.98 / share.squareRoot() }
                strays.append(contentsOf: corners(k))
            }
            isAny = true
            if pace < 1 { slow(k, by: max(0.6, pace)) }
        }
        if !strays.isEmpty, !slows { strictness = min(strictness * 16, Self.strictest) }
        return isAny
    }

    /// Finds how near the commands come to each corner.
    ///
    /// `passing` is taken out for it: written to in place it would copy the whole planner with each distance.
    private func measureCorners(_ start: Int, into passing: inout [Double]) {
        passing.removeAll(keepingCapacity: true)
        for k in controls.indices {
            for i in corners(k) where path.isCorner(at: i) {
                if passing.isEmpty {
                    passing.append(contentsOf: repeatElement(.infinity, count: path.vertices.count))
                }
                passing[i] = min(passing[i], distance(source[start + i], k))
            }
        }
    }

    /// Sides of the polyline that a command runs along.
    private func sides(_ k: Int) -> ClosedRange<Int> {
        let (first, last) = (path.parts[Int(knots[k].part)], path.parts[Int(knots[k + 1].part)])
        let begin = first.isLine ? Int(~first.place) : Int(first.place) - 1
        let end = last.isLine ? Int(~last.place) : Int(last.place)
        return begin...max(begin, end)
    }

    /// Vertices between those sides.
    func corners(_ k: Int) -> Range<Int> {
        let sides = sides(k)
        return sides.lowerBound + 1..<sides.upperBound + 1
    }

    /// The farthest that a command lies beside the line, as a share of what it may.
    private func stray(_ k: Int, _ limits: CurveLimits, _ start: Int) -> Double {
        let corners = corners(k)
        let hasCorner = corners.contains { path.isCorner(at: $0) }
        guard hasCorner || isDoubtful(k) else { return 0 }
        let shares = CurveLimits.shareOfCorners
        let most =
            splitsReversals
            ? limits.cornerTolerance / shares.unsigned + Self.cornerShare.unsigned
            : limits.cornerTolerance / shares.signed + Self.cornerShare.signed
        let allowed = max(limits.tolerance + Self.curveShare, hasCorner ? most : 0)
        let sides = sides(k)
        let near = max(0, start + sides.lowerBound - 1)...min(source.count - 2, start + sides.upperBound + 1)
        var worst = turning(k)
        let beside = worst
        let (a, c, b) = (place(k), controls[k], place(k + 1))
        for i in 0...Self.samples {
            let u = Double(i) / Double(Self.samples)
            let place = a * ((1 - u) * (1 - u)) + c * (2 * u * (1 - u)) + b * (u * u)
            worst = max(worst, beside + distance(place, near))
        }
        for i in corners where path.isCorner(at: i) { worst = max(worst, beside + passing[i]) }
        return worst / allowed
    }

    private func isDoubtful(_ k: Int) -> Bool {
        for i in max(1, k)...min(controls.count, k + 2) where knots[i].excess > Self.doubtful { return true }
        return false
    }

    /// How far a place lies from the nearest of some sides of the line, mm.
    private func distance(_ place: SIMD2<Double>, _ sides: ClosedRange<Int>) -> Double {
        var least = Double.infinity
        for i in sides { least = min(least, RoundedPath.distanceSquared(place, source[i], source[i + 1])) }
        return least.squareRoot()
    }

    /// How far a place lies from the parabola of a command, mm.
    private func distance(_ place: SIMD2<Double>, _ k: Int) -> Double {
        let (a, c, b) = (self.place(k), controls[k], self.place(k + 1))
        var last = a
        var least = Double.infinity
        for i in 1...Self.samples {
            let u = Double(i) / Double(Self.samples)
            let next = a * ((1 - u) * (1 - u)) + c * (2 * u * (1 - u)) + b * (u * u)
            least = min(least, RoundedPath.distanceSquared(place, last, next))
            last = next
        }
        return least.squareRoot()
    }
}

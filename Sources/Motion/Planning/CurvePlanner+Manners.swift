/// Other ways to drive a path whose commands cannot follow its motion: they have a shortest time, and a corner, or the line
/// between two, may be passed in less.
extension CurvePlanner {
    /// One of them.
    private struct Manner {
        var limits: CurveLimits
        /// Sine of half the turn beyond which the pen stops.
        var stopSine = RoundedPath.stopSine
        /// Whether corners are passed no faster than commands can follow.
        var sparesCorners = false
    }

    /// Turns at which the pen stops are those of corners: 20°, and some that are sharper.
    private static let cornerSine = 0.17
    /// Of a turn of 60°: the chords of a dot turn by less.
    private static let squareSine = 0.5
    private static let sharpSines = [cornerSine, 0.5, 0.8]
    /// Of a path as it was smoothed last, the least that is left of its length when it is smoothed and rounded for other limits.
    private static let leastLength = 0.8
    /// Vertices beyond which a path is long, and what it is tried at: each plan of it costs as much as a thousand dots.
    private static let longPath = 400
    private static let pairs: [(acceleration: Double, speed: Double)] = [
        (10_000, 300), (6000, 200), (4000, 150), (2500, 100), (1500, 75), (1000, 50), (700, 50), (500, 40), (300, 30),
    ]
    /// What is driven from rest to rest takes at least so many of the shortest commands.
    private static let leastSection = 1.8
    /// Limits nearer to one in force are not tried.
    private static let near = 0.97

    /// Plans a path in other ways, as long as their motion without its commands is quicker than what was found, and leaves the
    /// quickest in `moves`.
    ///
    /// - Parameters:
    ///   - first: where its moves begin.
    ///   - best: what they take, s.
    ///   - isShort: whether it is left at that where limits are low.
    mutating func planOtherwise(
        _ limits: CurveLimits, first: Int, best: Double, isShort: Bool, to moves: inout [CurveMove]
    ) {
        var best = best
        var tried: [CurveMove] = []
        /// What a path takes without its commands; nothing is kept of it if that is no less than the best.
        func time(_ manner: Manner) -> Double {
            tried.removeAll(keepingCapacity: true)
            profile.shortestCorner = manner.sparesCorners ? shortestSeconds : 0
            let ideal = plan(manner.limits, stopsBeyond: manner.stopSine, within: best, to: &tried)
            profile.shortestCorner = 0
            guard ideal < best else { return ideal }
            let seconds = Self.seconds(tried[...])
            if !isAbandoned, seconds < best {
                best = seconds
                moves.removeLast(moves.count - first)
                moves += tried
            }
            return ideal
        }
        func attempt(_ manner: Manner) { _ = time(manner) }
        func attemptAll(_ limits: CurveLimits) {
            // A manner that stops where another does is the same, and from stop to stop there are two commands.
            let most = Int(best / (Self.leastSection * shortestSeconds))
            let own = stops(beyond: RoundedPath.stopSine)
            let sharp = Self.sharpSines.map { stops(beyond: $0) }
            guard sharp[0] > 0 else { return }
            for (i, sine) in Self.sharpSines.enumerated() where sharp[i] < most && sharp[i] > own {
                if i > 0, sharp[i] == sharp[i - 1] { continue }
                attempt(Manner(limits: limits, stopSine: sine))
            }
            attempt(Manner(limits: limits, sparesCorners: true))
            for i in 1..<sharp.count where sharp[i] < most && sharp[i] > own {
                if i > 1, sharp[i] == sharp[i - 1] { continue }
                attempt(Manner(limits: limits, stopSine: Self.sharpSines[i], sparesCorners: true))
            }
        }
        // What was planned last is the path at its own limits.
        let isCalm = limits.acceleration <= Self.lowAcceleration
        if isShort, isCalm, stops(beyond: Self.squareSine) == 0 { return }
        if source.count > Self.longPath {
            for pair in Self.pairs where pair.acceleration < limits.acceleration || pair.speed < limits.speed {
                var lower = limits
                lower.acceleration = min(pair.acceleration, limits.acceleration)
                lower.speed = min(pair.speed, limits.speed)
                attempt(Manner(limits: lower))
            }
            return
        }
        let accelerations = LimitRungs.accelerations.filter { $0 < limits.acceleration * Self.near }
        let speeds = LimitRungs.speeds.filter { $0 < limits.speed * Self.near }
        let ownTop = topSpeed
        // From the slowest, which commands follow best: it leaves little room to those that they cannot follow.
        for acceleration in accelerations.reversed() + [limits.acceleration] {
            var lower = limits
            lower.acceleration = acceleration
            // From rest to rest it rises and falls at least.
            if placesLength * Self.leastLength * 4 >= best * best * acceleration { continue }
            if lower != limits, time(Manner(limits: lower)) >= best { continue }
            if isCalm { continue }
            let top = lower == limits ? ownTop : topSpeed
            attemptAll(lower)
            for speed in speeds where speed < top && placesLength * Self.leastLength < best * speed {
                lower.speed = speed
                if time(Manner(limits: lower)) < best { attemptAll(lower) }
            }
        }
    }

    /// Length of the path as it was smoothed last, mm.
    private var placesLength: Double {
        var sum = 0.0
        for i in places.indices.dropFirst() {
            let side = places[i] - places[i - 1]
            sum += (side * side).sum().squareRoot()
        }
        return sum
    }

    /// At how many vertices the path, as it was smoothed last, turns by more.
    private func stops(beyond sine: Double) -> Int {
        var count = 0
        for i in places.indices.dropFirst().dropLast()
        where RoundedPath.stops(places[i - 1], places[i], places[i + 1], beyond: sine) { count += 1 }
        return count
    }
}

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
        /// Whether the path is driven as it was given.
        var isPlain = false
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
    /// Limits of speed that are so many times what is reached make no difference.
    private static let farSpeed = 2.0

    /// What other ways to drive a path have come to.
    private struct Search {
        /// Where its moves begin.
        var first: Int
        /// What the best takes, s.
        var best: Double
        var tried: [CurveMove] = []
        /// By limits at which commands follow nearly everything, and of paths that are short on top of it.
        var (isCalm, isLow, isUsual): (Bool, Bool, Bool)
    }

    /// What tells one motion of a path from another.
    struct Tried: Equatable {
        var limits: CurveLimits
        var (seconds, topSpeed, shortestCorner): (Double, Double, Double)
    }

    /// Whether commands were made of the same motion before, which a path has at any limit of speed that it does not reach; notes
    /// it where not.
    ///
    /// - Parameters: limits of the section, what it takes without its commands, s, and its highest speed, mm/s.
    mutating func isKnown(_ limits: CurveLimits, seconds: Double, topSpeed: Double) -> Bool {
        var limits = limits
        // The choice of knots, and a stretch that is slowed, know limits that are nearer.
        let change = limits.acceleration * KnotLimits.mismatchTicks / Self.ticksPerSecond
        let least = min(change / KnotLimits.mismatchSpeeds, topSpeed * Self.farSpeed)
        if limits.speed >= least { limits.speed = .infinity }
        let motion = Tried(
            limits: limits, seconds: seconds, topSpeed: topSpeed, shortestCorner: profile.shortestCorner)
        if known.contains(motion) { return true }
        known.append(motion)
        return false
    }

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
        let isCalm = limits.acceleration <= Self.lowAcceleration
        let isLow = isCalm && limits.speed <= Self.lowSpeed
        var search = Search(
            first: first, best: best, isCalm: isCalm, isLow: isLow, isUsual: isShort && isLow)
        if search.isUsual, !hasSquares { return }
        if source.count > Self.longPath { return planLong(limits, &search, to: &moves) }
        // What was planned last is the path at its own limits.
        let ownTop = highest(limits, search)
        if search.isUsual, isDense {
            for speed in LimitRungs.speeds where speed < limits.speed * Self.near {
                var slower = limits
                slower.speed = speed
                _ = time(Manner(limits: slower), &search, to: &moves)
            }
        }
        attemptPlain(limits, &search, to: &moves)
        let accelerations = LimitRungs.accelerations.filter { $0 < limits.acceleration * Self.near }
        // From the slowest, which commands follow best: it leaves little room to those that they cannot follow.
        for acceleration in accelerations.reversed() + [limits.acceleration] {
            var lower = limits
            lower.acceleration = acceleration
            // From rest to rest it rises and falls at least.
            if placesLength * Self.leastLength * 4 >= search.best * search.best * acceleration { continue }
            if lower != limits, time(Manner(limits: lower), &search, to: &moves) >= search.best { continue }
            let top = lower == limits ? ownTop : highest(limits, search)
            if !isCalm { attemptAll(lower, &search, to: &moves) }
            if lower != limits {
                attemptPlain(lower, &search, to: &moves)
                if isCalm { continue }
            }
            if !search.isUsual { planSlower(lower, below: top, &search, to: &moves) }
        }
    }

    /// Plans a path at lower speeds.
    private mutating func planSlower(
        _ limits: CurveLimits, below top: Double, _ search: inout Search, to moves: inout [CurveMove]
    ) {
        var lower = limits
        for speed in LimitRungs.speeds where speed < top && placesLength * Self.leastLength < search.best * speed {
            lower.speed = speed
            let ideal = time(Manner(limits: lower), &search, to: &moves)
            if ideal < search.best, !search.isCalm { attemptAll(lower, &search, to: &moves) }
            attemptPlain(lower, &search, to: &moves)
        }
    }

    private mutating func planLong(_ limits: CurveLimits, _ search: inout Search, to moves: inout [CurveMove]) {
        for pair in Self.pairs where pair.acceleration < limits.acceleration || pair.speed < limits.speed {
            var lower = limits
            lower.acceleration = min(pair.acceleration, limits.acceleration)
            lower.speed = min(pair.speed, limits.speed)
            _ = time(Manner(limits: lower), &search, to: &moves)
        }
    }

    /// What a path takes without its commands, s; nothing is kept of it if that is no less than the best.
    private mutating func time(_ manner: Manner, _ search: inout Search, to moves: inout [CurveMove]) -> Double {
        search.tried.removeAll(keepingCapacity: true)
        profile.shortestCorner = manner.sparesCorners ? shortestSeconds : 0
        smooths = !manner.isPlain
        let ideal = plan(manner.limits, stopsBeyond: manner.stopSine, within: search.best, to: &search.tried)
        (profile.shortestCorner, smooths) = (0, true)
        guard ideal < search.best else { return ideal }
        let seconds = Self.seconds(search.tried[...])
        if !isAbandoned, seconds < search.best {
            search.best = seconds
            moves.removeLast(moves.count - search.first)
            moves += search.tried
        }
        return ideal
    }

    /// As the path was given, where smoothing left its commands too little of the tolerance.
    private mutating func attemptPlain(_ limits: CurveLimits, _ search: inout Search, to moves: inout [CurveMove]) {
        guard isSmoothed, !search.isUsual else { return }
        _ = time(Manner(limits: limits, isPlain: true), &search, to: &moves)
    }

    private mutating func attemptAll(_ limits: CurveLimits, _ search: inout Search, to moves: inout [CurveMove]) {
        // A manner that stops where another does is the same, and from stop to stop there are two commands.
        let most = Int(search.best / (Self.leastSection * shortestSeconds))
        let own = stops(of: places, beyond: RoundedPath.stopSine)
        let sharp = Self.sharpSines.map { stops(of: places, beyond: $0) }
        guard sharp[0] > 0 else { return }
        for (i, sine) in Self.sharpSines.enumerated() where sharp[i] < most && sharp[i] > own {
            if i > 0, sharp[i] == sharp[i - 1] { continue }
            _ = time(Manner(limits: limits, stopSine: sine), &search, to: &moves)
        }
        _ = time(Manner(limits: limits, sparesCorners: true), &search, to: &moves)
        for i in 1..<sharp.count where sharp[i] < most && sharp[i] > own {
            if i > 1, sharp[i] == sharp[i - 1] { continue }
            let manner = Manner(limits: limits, stopSine: Self.sharpSines[i], sparesCorners: true)
            _ = time(manner, &search, to: &moves)
        }
    }

    /// Speeds below which they make a difference to what was planned last: how stiffly a path is smoothed depends on them,
    /// whatever is reached.
    private func highest(_ limits: CurveLimits, _ search: Search) -> Double {
        let isStiff = search.isCalm ? isDense && (!search.isLow || hasSquares) : splitsReversals ? isDense : isSmoothed
        return min(isStiff ? limits.speed : topSpeed, limits.speed * Self.near)
    }

    /// Whether the path that was planned may be smoothed more stiffly than is good for its commands: for a speed that it never
    /// reaches.
    func mayBeStiff(_ limits: CurveLimits) -> Bool {
        guard isDense else { return false }
        // Above that, commands that are long are the ones that may follow what is slower than it could be.
        if limits.acceleration > Self.lowAcceleration { return splitsReversals && source.count <= Self.longPath }
        return limits.speed > Self.lowSpeed || hasSquares
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

    /// Whether the path as it was given has a turn that chords of dots have not.
    private var hasSquares: Bool { stops(of: source, beyond: Self.squareSine) > 0 }

    /// At how many vertices a path turns by more.
    private func stops(of path: [SIMD2<Double>], beyond sine: Double) -> Int {
        var count = 0
        for i in path.indices.dropFirst().dropLast()
        where RoundedPath.stops(path[i - 1], path[i], path[i + 1], beyond: sine) { count += 1 }
        return count
    }
}

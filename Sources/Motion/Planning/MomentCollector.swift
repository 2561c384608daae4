/// Finds the moments of a planned motion at which commands may begin: where its acceleration changes, and between.
struct MomentCollector {
    /// How near each other moments are that nothing asks for, and how far apart at most, ticks.
    let spacing: Double
    let longest: Double
    let tolerance: Double
    let cornerTolerance: Double
    let acceleration: Double
    let findsReversals: Bool

    /// Moments within a phase, ticks from its beginning.
    private var inner: [Double] = []
    /// What commands may be off where rounding has used all of the corner tolerance, mm.
    private let leastReach: Double
    private(set) var elapsed = 0.0
    /// When the part at hand began.
    private var partBegin = 0.0
    private var lastSlope = 0.0
    private var lastSine = 0.0

    /// Turns of more than this sine of their half are corners: their ends are moments.
    private static let cornerSine = 0.08
    /// A change of the slope of speed by this share of the limit is a moment.
    private static let slopeShare = 0.15
    /// Where the motion changes on a line for less than two of the shortest commands, the middle is a moment, too: spacings.
    private static let shortLine = 6.0
    /// Of the longest command, what moments of a rounding are apart at most.
    private static let roundingShare = 0.2
    /// Speed whose slope is less, as a share of the limit, is even; of the longest arc of a command, what moments are apart
    /// there.
    private static let (evenShare, arcShare) = (0.02, 0.0625)
    private static let ticksPerSecond = StepPlanner.ticksPerSecond
    /// Of the corner tolerance, what commands may be off at corners that use all of it. Where commands are long, one runs from
    /// the middle of a short side to that of the next: what it is off inside is halved by moving it outwards
    /// (`moveOutwards`), and what is left is judged by where it lies.
    private static let (shortReach, longReach) = (0.04, 0.4)

    init(
        spacing: Double, longest: Double, tolerance: Double, cornerTolerance: Double, acceleration: Double,
        findsReversals: Bool
    ) {
        self.spacing = spacing
        self.longest = longest
        self.tolerance = tolerance
        self.cornerTolerance = cornerTolerance
        self.acceleration = acceleration
        self.findsReversals = findsReversals
        leastReach = (findsReversals ? Self.longReach : Self.shortReach) * cornerTolerance
    }

    /// Goes on where `elapsed` ticks have passed.
    mutating func begin(at elapsed: Double) { self.elapsed = elapsed }

    /// Adds the moments of one part, its beginning among them where it is one.
    mutating func add(
        part i: Int, _ path: borrowing RoundedPath, _ profile: borrowing CurveProfile, _ moments: inout [KnotCandidate]
    ) {
        let part = path.parts[i]
        let sine = path.sine(of: part)
        partBegin = elapsed
        if moments.isEmpty {
            let first = path.point(part, 0)
            moments.append(
                KnotCandidate(tick: 0, part: 0, place: first.place, velocity: SIMD2(0, 0), reach: reach(path, part)))
        }
        profile.phases(of: i) { phase in
            let isSwitch =
                (phase.slope - lastSlope).magnitude > Self.slopeShare * acceleration
                || max(sine, lastSine) > Self.cornerSine && sine != lastSine
            add(at: elapsed, phase, path, isWanted: isSwitch, &moments)
            divide(phase, path, isSwitch: isSwitch, &moments)
            elapsed += phase.duration * Self.ticksPerSecond
            lastSlope = phase.slope
            lastSine = sine
        }
    }

    /// Moments within a phase: where a motor reverses, and no farther apart than commands may last.
    private mutating func divide(
        _ phase: CurveProfile.Phase, _ path: borrowing RoundedPath, isSwitch: Bool, _ moments: inout [KnotCandidate]
    ) {
        let part = path.parts[Int(phase.part)]
        let ticks = phase.duration * Self.ticksPerSecond
        var most = part.isLine ? longest * 0.98 : min(longest * Self.roundingShare, 4 * spacing)
        if !part.isLine, ticks > most {
            most = min(longest * Self.roundingShare, max(most, evenSpacing(phase, part.bend)))
        }
        let count = (ticks / most).rounded(.up)
        inner.removeAll(keepingCapacity: true)
        if count > 1, count < 1e6 { for k in 1..<Int(count) { inner.append(ticks * Double(k) / count) } }
        let isHalved =
            part.isLine
            ? findsReversals || isSwitch && ticks < Self.shortLine * spacing : path.sine(of: part) > Self.cornerSine
        if inner.isEmpty, isHalved { inner.append(ticks / 2) }
        if part.isLine, phase.speed < acceleration * 3 * spacing / Self.ticksPerSecond { appendRamp(ticks) }
        if findsReversals, !part.isLine { appendReversals(phase, path) }
        if inner.count > 1 { inner.sort() }
        for i in inner.indices { add(at: elapsed + inner[i], phase, path, isWanted: true, &moments) }
    }

    /// How far apart moments may lie along a curve at even speed, ticks: a command may be as long as its arc h lies within the
    /// tolerance, which is h⁴/48 of the radius at its ends, and is chosen among a few.
    private func evenSpacing(_ phase: CurveProfile.Phase, _ bend: Double) -> Double {
        guard phase.slope.magnitude < Self.evenShare * acceleration else { return 0 }
        let arc = (48 * tolerance / (bend * bend * bend)).squareRoot().squareRoot()
        return arc / phase.speed * Self.ticksPerSecond * Self.arcShare
    }

    /// Where speed is reached in less than a command takes, a line may be begun and ended by the shortest.
    private mutating func appendRamp(_ ticks: Double) {
        guard ticks > 12 * spacing else { return }
        for time in [3 * spacing, ticks - 3 * spacing] { inner.append(time) }
    }

    private mutating func appendReversals(_ phase: CurveProfile.Phase, _ path: borrowing RoundedPath) {
        let part = path.parts[Int(phase.part)]
        let (a, b) = path.directions(of: part)
        for (from, to) in [(a.x + a.y, b.x + b.y), (a.x - a.y, b.x - b.y)] where from * to < 0 {
            let s = 2 * path.legs[Int(part.place)] * from / (from - to) - part.begin - phase.offset
            let length = (phase.speed + phase.slope * phase.duration / 2) * phase.duration
            guard s > 0, s < length else { continue }
            let root = max(0, phase.speed * phase.speed + 2 * phase.slope * s).squareRoot()
            let time = 2 * s / max(1e-12, phase.speed + root)
            if time < phase.duration { inner.append(time * Self.ticksPerSecond) }
        }
    }

    private mutating func add(
        at time: Double, _ phase: CurveProfile.Phase, _ path: borrowing RoundedPath, isWanted: Bool,
        _ moments: inout [KnotCandidate]
    ) {
        let tick = time.rounded()
        let last = Double(moments[moments.count - 1].tick)
        guard tick >= last + (isWanted ? 1 : spacing), tick < 2e9 else { return }
        let part = path.parts[Int(phase.part)]
        let seconds = max(0, min(phase.duration, (tick - elapsed) / Self.ticksPerSecond))
        let point = path.point(part, phase.offset + (phase.speed + phase.slope * seconds / 2) * seconds)
        let speed = (phase.speed + phase.slope * seconds) / Self.ticksPerSecond
        moments.append(
            KnotCandidate(
                tick: Int32(tick), part: phase.part, offset: tick - partBegin, place: point.place,
                velocity: point.slope * speed, reach: reach(path, part)))
    }

    private func reach(_ path: borrowing RoundedPath, _ part: RoundedPath.Part) -> Double {
        let left = max(cornerTolerance, tolerance) - path.rounding(of: part)
        return max(leastReach, min(tolerance, left))
    }

    /// Adds the end, at rest.
    mutating func finish(_ path: borrowing RoundedPath, shortest: Int32, _ moments: inout [KnotCandidate]) {
        guard let place = path.vertices.last, let last = moments.last else { return }
        let reach = min(tolerance, max(tolerance * 0.1, 1e-4))
        let tick = max(last.tick + 1, Int32(min(2e9, elapsed.rounded(.up))))
        moments.append(
            KnotCandidate(
                tick: tick, part: Int32(truncatingIfNeeded: path.parts.count - 1), place: place,
                velocity: SIMD2(0, 0), reach: max(reach, tolerance)))
        if moments.count == 2 { split(shortest, &moments) }
    }

    /// Two moments make one command, which cannot both begin and end at rest.
    private func split(_ shortest: Int32, _ moments: inout [KnotCandidate]) {
        let (first, last) = (moments[0], moments[1])
        let half = max(shortest, (last.tick - first.tick) / 2)
        let middle = KnotCandidate(
            tick: first.tick + half, part: first.part, place: (first.place + last.place) / 2,
            velocity: (last.place - first.place) / Double(half), reach: first.reach)
        moments.insert(middle, at: 1)
        moments[2].tick = middle.tick + half
    }
}

/// Finds the moments of a planned motion on a grid of ticks at which its commands may begin.
///
/// Where knots and the window over which they are averaged are multiples of one number of ticks, so are the commands of the
/// average: none is shorter.
struct GridMoments {
    /// Ticks.
    let grid: Int32
    /// What is left of both tolerances by the rounding of corners, as a share, mm.
    let share: Double
    let limits: CurveLimits
    /// The limits and the vertices as they were before smoothing; no vertices where nothing was smoothed.
    let asked: CurveLimits
    let origin: ArraySlice<SIMD2<Double>>

    /// Where the commands will be judged: at the ends of all phases and in the midst of roundings.
    var marks: [PathMark] = []

    private var elapsed = 0.0
    private var next: Int32 = 0
    private static let ticksPerSecond = StepPlanner.ticksPerSecond
    /// Moments from the ends of a phase of a line that count; what lies between is one command, or few.
    private static let near = 3
    /// Of them, in ticks, at most so far apart.
    private static let longest = 3_000.0

    /// Of what is left of the tolerances, what is used: commands are judged at places, not between.
    static let markShare = 0.97
    /// Of that, what smoothing counts for at most.
    private static let mostDrift = 0.9

    init(grid: Int32, share: Double, limits: CurveLimits, asked: CurveLimits, origin: ArraySlice<SIMD2<Double>>) {
        self.grid = grid
        self.share = share
        self.limits = limits
        self.asked = asked
        self.origin = origin
    }

    /// Adds the moments of one part.
    mutating func add(
        part i: Int, _ path: borrowing RoundedPath, _ profile: borrowing CurveProfile, _ moments: inout [KnotCandidate]
    ) {
        let part = path.parts[i]
        let reach = path.slack(of: part, limits) * share
        let slack = path.slack(of: part, asked) * Self.markShare
        profile.phases(of: i) { phase in
            mark(phase, 0, path, slack)
            if !part.isLine { mark(phase, phase.duration / 2, path, slack) }
            let end = elapsed + phase.duration * Self.ticksPerSecond
            let step = Double(grid)
            let first = next
            let last = Int32(min(2e9, end / step))
            if first <= last {
                let stride = part.isLine ? Int32(max(1, Self.longest / step)) : 1
                for n in first...last {
                    let isNear = n - first < Self.near || last - n < Self.near || (n - first) % stride == 0
                    guard isNear else { continue }
                    append(n, phase, part, path, reach, &moments)
                }
                next = last + 1
            }
            elapsed = end
        }
    }

    private mutating func mark(
        _ phase: CurveProfile.Phase, _ seconds: Double, _ path: borrowing RoundedPath, _ slack: Double
    ) {
        let part = path.parts[Int(phase.part)]
        let offset = phase.offset + (phase.speed + phase.slope * seconds / 2) * seconds
        let point = path.point(part, offset)
        let length = (point.slope * point.slope).sum().squareRoot()
        let across = SIMD2(point.slope.y, -point.slope.x) / (length * slack)
        let drift = path.drift(part, offset, from: origin)
        // Where smoothing has used all of it, motion still needs a little.
        let used = max(1, (drift * across).sum().magnitude / Self.mostDrift)
        marks.append(
            PathMark(
                part: phase.part, tick: elapsed + seconds * Self.ticksPerSecond, place: point.place - drift / used,
                across: across))
    }

    private func append(
        _ n: Int32, _ phase: CurveProfile.Phase, _ part: RoundedPath.Part, _ path: borrowing RoundedPath,
        _ reach: Double, _ moments: inout [KnotCandidate]
    ) {
        let tick = n * grid
        let seconds = max(0, min(phase.duration, (Double(tick) - elapsed) / Self.ticksPerSecond))
        let point = path.point(part, phase.offset + (phase.speed + phase.slope * seconds / 2) * seconds)
        let speed = moments.isEmpty ? 0 : (phase.speed + phase.slope * seconds) / Self.ticksPerSecond
        moments.append(
            KnotCandidate(
                tick: tick, part: phase.part, place: point.place, velocity: point.slope * speed, reach: reach))
    }

    /// Adds the end, at rest; from rest to rest there are two commands at least.
    mutating func finish(_ path: borrowing RoundedPath, _ moments: inout [KnotCandidate]) {
        guard let place = path.vertices.last, let last = moments.last else { return }
        var tick = Int32(min(2e9, (elapsed / Double(grid)).rounded(.up))) * grid
        if tick <= last.tick {
            // The last moment is the end itself.
            if moments.count > 1 { moments.removeLast() }
            tick = max(tick, (moments.last?.tick ?? 0) + grid)
        }
        let part = Int32(truncatingIfNeeded: path.parts.count - 1)
        moments.append(
            KnotCandidate(tick: tick, part: part, place: place, velocity: SIMD2(0, 0), reach: max(last.reach, 1e-4)))
        if moments.count == 2 {
            moments[1].tick = 2 * grid
            moments.insert(
                KnotCandidate(
                    tick: grid, part: part, place: (moments[0].place + place) / 2,
                    velocity: (place - moments[0].place) / Double(grid), reach: last.reach), at: 1)
        }
    }
}

/// A place at which the commands of a planned motion are judged.
struct PathMark: Sendable {
    var part: Int32
    /// When the motion comes by, ticks from its beginning.
    var tick: Double
    /// mm; of a smoothed path where it was before.
    var place: SIMD2<Double>
    /// What a distance is multiplied by to be a share, across the motion, of what is left of the tolerance here, 1/mm.
    var across: SIMD2<Double>
}

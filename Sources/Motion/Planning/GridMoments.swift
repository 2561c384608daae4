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

    private var elapsed = 0.0
    private var next: Int32 = 0
    private static let ticksPerSecond = StepPlanner.ticksPerSecond
    /// Moments from the ends of a phase of a line that count; what lies between is one command, or few.
    private static let near = 3
    /// Of them, in ticks, at most so far apart.
    private static let longest = 3_000.0

    init(grid: Int32, share: Double, limits: CurveLimits) {
        self.grid = grid
        self.share = share
        self.limits = limits
    }

    /// Adds the moments of one part.
    mutating func add(
        part i: Int, _ path: borrowing RoundedPath, _ profile: borrowing CurveProfile, _ moments: inout [KnotCandidate]
    ) {
        let part = path.parts[i]
        let reach = path.slack(of: part, limits) * share
        profile.phases(of: i) { phase in
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

extension RoundedPath {
    /// What the rounding of corners leaves of the tolerances at a part, mm.
    func slack(of part: Part, _ limits: CurveLimits) -> Double {
        let isCorner = part.isLine || isCorner(part)
        let most = isCorner ? max(limits.cornerTolerance, limits.tolerance) : limits.tolerance
        return max(0.04 * limits.cornerTolerance, min(limits.tolerance, most - rounding(of: part)))
    }
}

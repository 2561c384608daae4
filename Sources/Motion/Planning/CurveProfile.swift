/// Speeds along a rounded path, and the motion that follows from them.
struct CurveProfile: Sendable {
    /// A stretch of one slope of speed.
    struct Phase {
        var part: Int32
        /// From the beginning of the part, mm.
        var offset: Double
        /// ṡ at its beginning, mm/s, and s̈, mm/s².
        var speed: Double
        var slope: Double
        /// s.
        var duration: Double
    }

    private(set) var lengths: [Double] = []
    private(set) var bends: [Double] = []
    private(set) var sines: [Double] = []
    private(set) var caps: [Double] = []
    private(set) var accelerations: [Double] = []
    private(set) var squared: [Double] = []
    /// How much slower than the limits allow each part is planned, ≤ 1; empty while none is.
    var paces: [Double] = []

    /// The time over which the motion will be averaged, s; 0 where it will not be.
    var window = 0.0
    /// Of what the rounding of corners leaves of the tolerance, what the average may use; times so much along curves, where
    /// controls are moved for it.
    private static let windowShare = 0.8
    private static let curveFactor = 10.0
    /// What the rounding of a corner is to last at least, s.
    var shortestCorner = 0.0
    /// What rising, holding and falling along a line are to last at least where there is room for it, s.
    var shortestPhase = 0.0

    /// Shorter phases are left out, s.
    private static let least = 1e-10

    /// Finds the speeds; `motorSpeed` is the highest of one motor, as mm/s of x + y.
    mutating func plan(_ path: borrowing RoundedPath, limits: CurveLimits, motorSpeed: Double) {
        let count = path.parts.count
        if count > RoundedPath.longPath { reserve(count) }
        if lengths.isEmpty || paces.isEmpty {
            lengths.removeAll(keepingCapacity: true)
            bends.removeAll(keepingCapacity: true)
            sines.removeAll(keepingCapacity: true)
            for part in path.parts {
                lengths.append(part.length)
                bends.append(part.bend)
                sines.append(path.sine(of: part))
            }
        }
        caps.removeAll(keepingCapacity: true)
        accelerations.removeAll(keepingCapacity: true)
        for (i, part) in path.parts.enumerated() {
            let (a, b) = path.directions(of: part)
            let motor = max(a.x.magnitude + a.y.magnitude, b.x.magnitude + b.y.magnitude)
            let speed = min(limits.speed, motorSpeed / motor)
            var bent = part.bend > 0 ? limits.acceleration / part.bend : .infinity
            if window > 0, part.bend > 0 {
                let factor = path.isSharp(part) ? 1 : Self.curveFactor
                let reach = path.slack(of: part, limits) * Self.windowShare * factor
                bent = path.acrossLimit(part, reach: reach, window: window, most: limits.acceleration) / part.bend
            }
            if shortestCorner > 0, part.bend > 0 {
                let most = 2 * path.legs[Int(part.place)] / shortestCorner
                bent = min(bent, most * most)
            }
            let pace = paces.isEmpty ? 1 : paces[i]
            caps.append(min(speed * speed, bent) * pace * pace)
            accelerations.append(limits.acceleration * pace * pace)
        }
        if squared.count != count + 1 { squared = Array(repeating: 0, count: count + 1) }
        var found: [Double] = []
        swap(&found, &squared)
        var span = found.mutableSpan
        limitCurveSpeeds(
            lengths: lengths.span, bends: bends.span, sines: sines.span, caps: caps.span,
            accelerations: accelerations.span, squared: &span)
        swap(&found, &squared)
    }

    /// Makes room for a long path: while lists grow all of it would be there twice.
    private mutating func reserve(_ count: Int) {
        lengths.reserveCapacity(count)
        bends.reserveCapacity(count)
        sines.reserveCapacity(count)
        caps.reserveCapacity(count)
        accelerations.reserveCapacity(count)
    }

    /// Forgets the path.
    mutating func clear() {
        lengths.removeAll(keepingCapacity: true)
        paces.removeAll(keepingCapacity: true)
    }

    /// Hands out the phases of a part in order: one of a rounding, up to three of a line.
    @inline(__always)
    func phases(of i: Int, _ body: (Phase) -> Void) {
        let (entry, exit, length, a) = (squared[i], squared[i + 1], lengths[i], accelerations[i])
        let (v0, v1) = (entry.squareRoot(), exit.squareRoot())
        var phase = Phase(part: Int32(truncatingIfNeeded: i), offset: 0, speed: v0, slope: 0, duration: 0)
        if bends[i] > 0 {
            // From rest to rest within one part there is no even slope.
            let mean = max((v0 + v1) / 2, 1e-6)
            phase.duration = length / mean
            phase.slope = (v1 - v0) / phase.duration
            if phase.duration > Self.least { body(phase) }
            return
        }
        var peak = max(max(entry, exit), min(caps[i], (entry + exit) / 2 + a * length))
        if window > 0 {
            // Between rising and falling the speed holds for as long: so the acceleration changes by its limit at a time.
            let way = length + (entry + exit) / (2 * a)
            let held = ((window * window + 4 * way / a).squareRoot() - window) * a / 2
            peak = max(max(entry, exit), min(peak, held * held))
        }
        let v = peak.squareRoot()
        let flat = max(0, length - (peak - entry) / (2 * a) - (peak - exit) / (2 * a))
        var run = LinePhases(rise: (v - v0) / a, hold: v > 0 ? flat / v : 0, fall: (v - v1) / a, speed: v)
        if shortestPhase > 0, run.hasShorter(than: shortestPhase) {
            let highest = caps[i].squareRoot()
            run.lengthen(to: shortestPhase, from: v0, to: v1, along: length, acceleration: a, highest: highest)
        }
        phase.duration = run.rise
        phase.slope = (run.speed - v0) / max(run.rise, Self.least)
        if phase.duration > Self.least { body(phase) }
        phase.offset = (v0 + run.speed) / 2 * run.rise
        phase.speed = run.speed
        phase.slope = 0
        phase.duration = run.hold
        if phase.duration > Self.least { body(phase) }
        phase.offset += run.speed * run.hold
        phase.duration = run.fall
        phase.slope = (v1 - run.speed) / max(run.fall, Self.least)
        if phase.duration > Self.least { body(phase) }
    }

    /// From rest to rest, s.
    var duration: Double {
        var sum = 0.0
        for i in lengths.indices { phases(of: i) { sum += $0.duration } }
        return sum
    }

    /// The same, and the highest speed, mm/s.
    var durationAndTopSpeed: (seconds: Double, speed: Double) {
        var (sum, most) = (0.0, 0.0)
        for i in lengths.indices {
            phases(of: i) {
                sum += $0.duration
                most = max(most, $0.speed, $0.speed + $0.slope * $0.duration)
            }
        }
        return (sum, most)
    }

    /// Fills `durations` with what each part takes, s.
    func fill(_ durations: inout [Double]) {
        durations.removeAll(keepingCapacity: true)
        for i in lengths.indices {
            var sum = 0.0
            phases(of: i) { sum += $0.duration }
            durations.append(sum)
        }
    }

    /// Whether it takes so long, s.
    func lasts(_ seconds: Double) -> Bool {
        var sum = 0.0
        for i in lengths.indices {
            phases(of: i) { sum += $0.duration }
            if sum >= seconds { return true }
        }
        return false
    }
}

/// A polyline whose corners are rounded by parabolas, in parts along which the acceleration limit has one form.
///
/// A rounding of legs d at a vertex is the parabola V − d·(1 − u)²·t₀ + d·u²·t₁, u = s / 2d: s runs along the legs, and the
/// place moves at the velocity ((1 − u)·t₀ + u·t₁)·ṡ. At even ṡ its acceleration is the constant vector ṡ²·(t₁ − t₀) / 2d of
/// length ṡ²·k, k = sin(θ/2) / d: one command of the board. On a line k is 0.
struct RoundedPath: Sendable {
    /// Where along the path a part lies.
    struct Part: Sendable {
        /// Vertex of a rounding; of a line the complement of the vertex that it leaves.
        var place: Int32
        /// Of s, from the beginning of the rounding or from the vertex that the line leaves, mm.
        var begin: Double
        var length: Double
        /// k, 1/mm; of a dense curve evened out over its sides.
        var bend: Double

        var isLine: Bool { place < 0 }
    }

    private(set) var vertices: [SIMD2<Double>] = []
    private(set) var directions: [SIMD2<Double>] = []
    private(set) var sides: [Double] = []
    /// Legs of the rounding at each vertex, 0 at the ends, and the sine of half its turn.
    private(set) var legs: [Double] = []
    private(set) var sines: [Double] = []
    /// Whether a vertex is a corner of the drawing: it turns by more than the chords of a curve do, or farther from them.
    private var corners: [Bool] = []
    private(set) var parts: [Part] = []

    /// Longest part of a rounding, mm, and the most that one has: between its ends a part knows one slope of speed.
    private static let longestPart = 0.4
    private static let mostParts = 8.0
    /// Turns of less than this sine of their half are those of a curve cut into chords: 20°; of less than half of it no
    /// corners.
    private static let curveSine = 0.17
    /// A rounding lasts no longer than this at full speed where it may be shorter, s.
    private static let longestRounding = 0.02
    /// Beyond this sine of half the turn, 172°, the pen stops.
    static let stopSine = 0.99756

    /// Whether the pen must stop where it turns from one side into another, or is to because the sine of half the turn is
    /// more than `most`.
    static func stops(
        _ before: SIMD2<Double>, _ vertex: SIMD2<Double>, _ after: SIMD2<Double>, beyond most: Double = stopSine
    ) -> Bool {
        let (into, out) = (vertex - before, after - vertex)
        let product = (into * out).sum()
        // The cosine of a turn is 1 less twice the square of the sine of its half.
        let least = 1 - 2 * most * most
        let scale = ((into * into).sum() * (out * out).sum()).squareRoot()
        return product < least * scale
    }

    /// Lays the path through `points`, no two neighbours of which are equal, and which has no turn to stop at.
    mutating func lay(_ points: ArraySlice<SIMD2<Double>>, limits: CurveLimits, shortestSeconds: Double) {
        vertices.removeAll(keepingCapacity: true)
        sides.removeAll(keepingCapacity: true)
        directions.removeAll(keepingCapacity: true)
        let isLong = points.count > Self.longPath
        if isLong { reserve(points.count) }
        vertices.append(contentsOf: points)
        for i in 0..<vertices.count - 1 {
            let side = vertices[i + 1] - vertices[i]
            let length = (side * side).sum().squareRoot()
            sides.append(length)
            directions.append(side / length)
        }
        legs.removeAll(keepingCapacity: true)
        sines.removeAll(keepingCapacity: true)
        corners.removeAll(keepingCapacity: true)
        parts.removeAll(keepingCapacity: true)
        if isLong { parts.reserveCapacity(mostPartsOfAll) }
        round(limits, roundingSeconds: max(shortestSeconds, Self.longestRounding))
    }

    /// Points or parts from which on room is made for all at once: while lists grow, all of a path would be there twice.
    static let longPath = 4096

    private mutating func reserve(_ count: Int) {
        vertices.reserveCapacity(count)
        directions.reserveCapacity(count)
        sides.reserveCapacity(count)
        legs.reserveCapacity(count)
        sines.reserveCapacity(count)
        corners.reserveCapacity(count)
    }

    /// No more parts than these come of the sides: a rounding is no longer than the shorter of its two. What is not used is
    /// never touched and costs no memory.
    private var mostPartsOfAll: Int {
        var count = sides.count
        for i in sides.indices.dropFirst() {
            count += Int(min(Self.mostParts, (min(sides[i - 1], sides[i]) / Self.longestPart).rounded(.up)))
        }
        return count
    }

    private mutating func round(_ limits: CurveLimits, roundingSeconds: Double) {
        legs.append(0)
        sines.append(0)
        corners.append(false)
        for i in 0..<sides.count {
            let begin = legs[i]
            var (leg, sine, bend, isDrawn) = (0.0, 0.0, 0.0, false)
            if i + 1 < sides.count {
                let turn = directions[i + 1] - directions[i]
                sine = (turn * turn).sum().squareRoot() / 2
                if sine > 1e-9 {
                    let shorter = min(sides[i], sides[i + 1])
                    let needed = max(
                        4 * limits.speed * limits.speed * sine / limits.acceleration, limits.speed * roundingSeconds)
                    isDrawn = sine >= Self.curveSine / 2 || shorter * sine > 4 * limits.farthestChord
                    let rounding =
                        isDrawn ? limits.cornerTolerance : min(limits.tolerance, limits.cornerTolerance)
                    leg = min(2 * rounding / sine, shorter / 2, needed)
                    bend = sine / leg
                    if sine < Self.curveSine, leg == shorter / 2 {
                        bend = 4 * sine / (min(sides[i], 2 * shorter) + min(sides[i + 1], 2 * shorter))
                    }
                }
            }
            legs.append(leg)
            sines.append(sine)
            corners.append(isDrawn)
            let rest = sides[i] - begin - leg
            if rest > 1e-9 {
                parts.append(Part(place: ~Int32(truncatingIfNeeded: i), begin: begin, length: rest, bend: 0))
            }
            if leg > 0 { append(rounding: i + 1, leg: leg, bend: bend) }
        }
    }

    private mutating func append(rounding i: Int, leg: Double, bend: Double) {
        let count = min(Self.mostParts, (2 * leg / Self.longestPart).rounded(.up))
        let length = 2 * leg / count
        for k in 0..<Int(count) {
            parts.append(
                Part(place: Int32(truncatingIfNeeded: i), begin: Double(k) * length, length: length, bend: bend))
        }
    }

    /// Sine of half the turn that a part belongs to; 0 on a line.
    func sine(of part: Part) -> Double { part.isLine ? 0 : sines[Int(part.place)] }

    /// Whether the turn that a part belongs to is one of a corner, which the corner tolerance is for.
    func isCorner(_ part: Part) -> Bool { !part.isLine && corners[Int(part.place)] }

    /// Whether the turn is more than those of a curve cut into chords.
    func isSharp(_ part: Part) -> Bool { sine(of: part) > Self.curveSine }

    /// Highest acceleration across a rounding that, averaged over a window, lies no farther than `reach` beside it, mm/s².
    ///
    /// In its midst the average is off by a·W²/24, less a·(W − T)³/(24·W) where a corner takes a shorter time T than the window.
    func acrossLimit(_ part: Part, reach: Double, window: Double, most: Double) -> Double {
        let least = 24 * reach / (window * window)
        guard least < most, isSharp(part) else { return min(least, most) }
        let length = 2 * legs[Int(part.place)]
        var (low, high) = (least, most)
        for _ in 0..<10 {
            let a = (low * high).squareRoot()
            let rest = max(0, window - length * (part.bend / a).squareRoot())
            if a * (window * window - rest * rest * rest / window) > 24 * reach { high = a } else { low = a }
        }
        return low
    }

    /// Directions in which a part is entered and left at its vertex.
    func directions(of part: Part) -> (SIMD2<Double>, SIMD2<Double>) {
        if part.isLine { return (directions[Int(~part.place)], directions[Int(~part.place)]) }
        let i = Int(part.place)
        return (directions[i - 1], directions[i])
    }

    /// The place `offset` behind the beginning of a part, and how it moves with s.
    func point(_ part: Part, _ offset: Double) -> (place: SIMD2<Double>, slope: SIMD2<Double>) {
        let s = part.begin + offset
        if part.isLine {
            let i = Int(~part.place)
            return (vertices[i] + directions[i] * s, directions[i])
        }
        let i = Int(part.place)
        let leg = legs[i]
        let u = max(0, min(1, s / (2 * leg)))
        let (a, b) = (directions[i - 1], directions[i])
        return (vertices[i] - a * (leg * (1 - u) * (1 - u)) + b * (leg * u * u), a * (1 - u) + b * u)
    }

    /// How far the corner that a part belongs to is rounded, of a line the farther of its ends, mm.
    func rounding(of part: Part) -> Double {
        if !part.isLine { return rounding(at: Int(part.place)) }
        return max(rounding(at: Int(~part.place)), rounding(at: Int(~part.place) + 1))
    }

    private func rounding(at i: Int) -> Double { i < legs.count ? legs[i] * sines[i] / 2 : 0 }

    /// Whether the turn at a vertex is one of a corner.
    func isCorner(at i: Int) -> Bool { corners[i] }

    /// Square of how far a place lies from a line between two, mm².
    static func distanceSquared(_ place: SIMD2<Double>, _ from: SIMD2<Double>, _ to: SIMD2<Double>) -> Double {
        let (side, off) = (to - from, place - from)
        let squared = (side * side).sum()
        let share = squared > 0 ? max(0, min(1, (off * side).sum() / squared)) : 0
        let rest = off - side * share
        return (rest * rest).sum()
    }
}

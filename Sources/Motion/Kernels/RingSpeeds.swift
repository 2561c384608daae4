/// What it costs to begin and end a closed path at each of its vertices, by the rule of junctions.
///
/// The path is planned round and round without a stop; a stop at a vertex then adds the time of braking to it and of speeding
/// up from it, as far as that is below what was planned.
struct RingSpeeds: Sendable {
    private var points: [Point] = []
    /// mm, one a segment; the last leads back to the first vertex.
    private var lengths: [Double] = []
    /// (mm/s)², one a segment, and one a vertex.
    private var caps: [Double] = []
    private var squared: [Double] = []

    /// Segments beside a vertex that are looked at one by one; what lies beyond counts as even.
    private static let reach = 24

    /// Appends one cost for each of `ring` but the last, s.
    ///
    /// - Parameter ring: closed; its last point repeats the first.
    /// - Complexity: O(points).
    mutating func append(
        _ ring: ArraySlice<Point>, limits: MotionLimits, rates: RateCaps, to costs: inout [Float]
    ) {
        let first = costs.count
        guard plan(ring, limits, rates) else {
            return costs.append(contentsOf: repeatElement(0, count: max(0, ring.count - 1)))
        }
        var vertex = -1
        for k in ring.indices.dropLast() {
            // A point that repeats the one before is the same vertex.
            if k == ring.startIndex || ring[k].distance(to: points[vertex]) > PathSpeeds.shortestSegment {
                vertex = min(vertex + 1, lengths.count - 1)
                costs.append(Float(stop(at: vertex, acceleration: limits.acceleration)))
            } else {
                costs.append(costs[max(first, costs.count - 1)])
            }
        }
    }

    /// Finds the speeds of going round and round; false when the ring has hardly any side.
    private mutating func plan(_ ring: ArraySlice<Point>, _ limits: MotionLimits, _ rates: RateCaps) -> Bool {
        points.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        for point in ring {
            if let last = points.last {
                let length = last.distance(to: point)
                guard length > PathSpeeds.shortestSegment else { continue }
                lengths.append(length)
            }
            points.append(point)
        }
        let count = lengths.count
        guard count > 1, let first = points.first else { return false }
        // The last point may be a rounding beside the first.
        points[count] = first
        points.append(points[1])
        lengths.append(lengths[0])
        var (caps, squared) = ([Double](repeating: 0, count: count + 1), [Double](repeating: 0, count: count + 2))
        let slowdown: [Double] = []
        var capSpan = caps.mutableSpan
        var squaredSpan = squared.mutableSpan
        capSpeeds(
            points: points.span, lengths: lengths.span, slowdown: slowdown.span, limits: limits, rates: rates,
            caps: &capSpan, squared: &squaredSpan)
        (self.caps, self.squared) = (caps, squared)
        lengths.removeLast()
        relax(count, 2 * limits.acceleration)
        return true
    }

    /// Twice round in both directions, so that every vertex is reached from every other.
    private mutating func relax(_ count: Int, _ twice: Double) {
        squared[0] = squared[count]
        for _ in 0..<2 {
            squared[count] = squared[0]
            for i in stride(from: count - 1, through: 0, by: -1) {
                squared[i] = min(squared[i], squared[i + 1] + twice * lengths[i])
            }
        }
        for _ in 0..<2 {
            squared[0] = min(squared[0], squared[count])
            for i in 0..<count { squared[i + 1] = min(squared[i + 1], squared[i] + twice * lengths[i]) }
        }
        squared[0] = squared[count]
    }

    private func stop(at vertex: Int, acceleration: Double) -> Double {
        let count = lengths.count
        var sum = 0.0
        for isForward in [true, false] {
            var (ramp, here) = (0.0, vertex)
            for step in 0..<min(count, Self.reach) {
                let segment = isForward ? here : (here == 0 ? count - 1 : here - 1)
                let next = isForward ? (here + 1 == count ? 0 : here + 1) : segment
                let (entry, exit) = (squared[here], squared[next])
                if ramp >= entry { break }
                let reached = min(exit, ramp + 2 * acceleration * lengths[segment])
                sum +=
                    segmentSeconds(lengths[segment], ramp, reached, cap: caps[segment], acceleration)
                    - segmentSeconds(lengths[segment], entry, exit, cap: caps[segment], acceleration)
                (ramp, here) = (reached, next)
                if step == Self.reach - 1, ramp < exit {
                    // From u to v at an even pace in place of v: (v − u)² / 2av.
                    let (u, v) = (ramp.squareRoot(), exit.squareRoot())
                    sum += (v - u) * (v - u) / (2 * acceleration * v)
                }
            }
        }
        return max(0, sum)
    }
}

/// Time over a segment between two squared speeds, as fast as its cap allows, s.
///
/// - Parameters: `entry`, `exit`, `cap` in (mm/s)², each end reachable from the other.
@inline(__always)
func segmentSeconds(_ length: Double, _ entry: Double, _ exit: Double, cap: Double, _ acceleration: Double) -> Double {
    let peak = max(max(entry, exit), min(cap, (entry + exit) / 2 + acceleration * length))
    let speed = peak.squareRoot()
    guard speed > 0 else { return 0 }
    let flat = length - (2 * peak - entry - exit) / (2 * acceleration)
    return (2 * speed - entry.squareRoot() - exit.squareRoot()) / acceleration + max(0, flat) / speed
}

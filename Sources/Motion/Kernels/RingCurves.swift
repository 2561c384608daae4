/// What it costs to begin and end a closed path at each of its vertices, where the acceleration vector is limited.
///
/// The path is planned round and round without a stop. A stop at a vertex is no rounding: the legs of its corner are driven
/// straight, down to rest and up again; that adds the time until the pen is as fast as it was planned to be, either way.
struct RingCurves: Sendable {
    private var laid: [SIMD2<Double>] = []
    private var path = RoundedPath()
    private var parts: [RoundedPath.Part] = []
    private var sines: [Double] = []
    private var caps: [Double] = []
    /// (mm/s)², at the beginning of each part.
    private var squared: [Double] = []
    /// s, of each part in the lap without a stop.
    private var lap: [Double] = []
    /// By vertex: the first part of its rounding, and how many it has.
    private var roundings: [(first: Int, count: Int)] = []

    /// Parts beside a vertex that are looked at one by one.
    private static let reach = 64

    /// One cost for each of `ring`, s.
    ///
    /// - Parameter ring: two vertices at least, no two neighbours equal, the first not repeated at the end.
    /// - Complexity: O(vertices).
    mutating func stops(_ ring: [SIMD2<Double>], limits: CurveLimits, motorSpeed: Double) -> [Double] {
        lay(ring, limits, motorSpeed)
        if parts.isEmpty { return [Double](repeating: 0, count: ring.count) }
        relax(limits.acceleration)
        // Taken out while it is written to, as below.
        var times: [Double] = []
        swap(&times, &lap)
        fillLap(&times, limits.acceleration)
        swap(&times, &lap)
        return ramps(limits)
    }

    private func fillLap(_ lap: inout [Double], _ acceleration: Double) {
        lap.removeAll(keepingCapacity: true)
        for i in parts.indices { lap.append(seconds(i, squared[i], end(of: i), acceleration)) }
    }

    private func ramps(_ limits: CurveLimits) -> [Double] {
        roundings.indices.map { i in
            max(0, ramp(at: i, isForward: true, limits) + ramp(at: i, isForward: false, limits))
        }
    }

    /// The parts of one lap, the rounding of the first vertex first.
    private mutating func lay(_ ring: [SIMD2<Double>], _ limits: CurveLimits, _ motorSpeed: Double) {
        laid.removeAll(keepingCapacity: true)
        laid.append(ring[ring.count - 1])
        laid.append(contentsOf: ring)
        laid.append(ring[0])
        laid.append(ring[1])
        path.lay(laid[...], limits: limits, shortestSeconds: 0)
        parts.removeAll(keepingCapacity: true)
        sines.removeAll(keepingCapacity: true)
        caps.removeAll(keepingCapacity: true)
        roundings.removeAll(keepingCapacity: true)
        for _ in ring { roundings.append((0, 0)) }
        for part in path.parts {
            let vertex = Int(part.isLine ? ~part.place : part.place) - 1
            guard ring.indices.contains(vertex) else { continue }
            if !part.isLine {
                if roundings[vertex].count == 0 { roundings[vertex].first = parts.count }
                roundings[vertex].count += 1
            } else if roundings[vertex].count == 0 {
                roundings[vertex].first = parts.count
            }
            let (a, b) = path.directions(of: part)
            let motor = max(a.x.magnitude + a.y.magnitude, b.x.magnitude + b.y.magnitude)
            let speed = min(limits.speed, motorSpeed / motor)
            parts.append(part)
            sines.append(path.sine(of: part))
            caps.append(min(speed * speed, part.bend > 0 ? limits.acceleration / part.bend : .infinity))
        }
    }

    /// Twice round in both directions, so that every part is reached from every other.
    private mutating func relax(_ acceleration: Double) {
        let (parts, sines) = (parts, sines)
        let count = parts.count
        // Taken out while it is written to: whoever reads the whole value meanwhile would copy it.
        var squared: [Double] = []
        swap(&squared, &self.squared)
        squared.removeAll(keepingCapacity: true)
        for i in 0..<count { squared.append(min(caps[i], caps[i == 0 ? count - 1 : i - 1])) }
        for lap in 0..<2 {
            for i in stride(from: count - 1, through: 0, by: -1) {
                let after = squared[i + 1 == count ? 0 : i + 1]
                let reached = Self.reached(parts[i], sines[i], from: after, acceleration)
                // Where the second lap changes nothing, the rest of it would not either.
                if lap > 0, reached >= squared[i] { break }
                squared[i] = min(squared[i], reached)
            }
        }
        for lap in 0..<2 {
            for i in 0..<count {
                let next = i + 1 == count ? 0 : i + 1
                let reached = Self.reached(parts[i], sines[i], from: squared[i], acceleration)
                if lap > 0, reached >= squared[next] { break }
                squared[next] = min(squared[next], reached)
            }
        }
        swap(&squared, &self.squared)
    }

    private static func reached(
        _ part: RoundedPath.Part, _ sine: Double, from entry: Double, _ acceleration: Double
    ) -> Double {
        speedSquared(after: part.length, from: entry, bend: part.bend, sine: sine, acceleration: acceleration)
    }

    /// What it takes longer from rest at a vertex until the pen is as fast as it was planned to be.
    private func ramp(at vertex: Int, isForward: Bool, _ limits: CurveLimits) -> Double {
        let (count, rounding) = (parts.count, roundings[vertex])
        let leg = path.legs[vertex + 1]
        let acceleration = limits.acceleration
        // Half of the rounding was planned as a bend, and is a straight leg now.
        var sum = 0.0
        for k in 0..<rounding.count { sum -= lap[rounding.first + k] / 2 }
        let full = limits.speed * limits.speed
        var here = 2 * acceleration * leg
        sum += segmentSeconds(leg, 0, min(here, full), cap: full, acceleration)
        here = min(here, full)
        var i = isForward ? rounding.first + rounding.count : rounding.first - 1
        for _ in 0..<min(count - rounding.count, Self.reach) {
            if i < 0 { i += count } else if i >= count { i -= count }
            let (entry, exit) = isForward ? (squared[i], end(of: i)) : (end(of: i), squared[i])
            if here >= entry { break }
            let next = min(exit, Self.reached(parts[i], sines[i], from: here, acceleration))
            sum += seconds(i, here, next, acceleration) - lap[i]
            here = next
            i += isForward ? 1 : -1
        }
        return sum
    }

    /// Squared speed at the end of a part.
    private func end(of i: Int) -> Double { squared[i + 1 == parts.count ? 0 : i + 1] }

    private func seconds(_ i: Int, _ entry: Double, _ exit: Double, _ acceleration: Double) -> Double {
        if parts[i].bend > 0 { return parts[i].length / max((entry.squareRoot() + exit.squareRoot()) / 2, 1e-6) }
        return segmentSeconds(parts[i].length, entry, exit, cap: caps[i], acceleration)
    }
}

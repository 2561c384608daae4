internal import TestSupport
internal import Testing

@testable internal import Motion

/// The two passes over squared speeds against plain ones, and against what the rule forbids.
struct SpeedsTests {
    private struct Path {
        var vertices: [Point]
        var lengths: [Double]
        var slowdown: [Double]
        var limits: MotionLimits
        var rates: RateCaps

        init(_ random: inout SeededGenerator) {
            vertices = []
            while vertices.count < 2 {
                vertices = []
                for point in RandomLines.line(&random) where (vertices.last?.distance(to: point) ?? 1) > 1e-7 {
                    vertices.append(point)
                }
            }
            lengths = zip(vertices, vertices.dropFirst()).map { $0.distance(to: $1) }
            slowdown = random.below(2) == 0 ? [] : lengths.map { _ in random.between(0.1, 1) }
            limits = MotionLimits(
                speed: random.between(0.1, 400), acceleration: random.between(1, 20_000),
                junctionDeviation: random.between(0.001, 1), tolerance: 0)
            rates = RateCaps(motorSpeed: random.between(10, 400), motorSpeedStep: random.between(1, 100))
        }

        func speeds() -> (caps: [Double], squared: [Double]) {
            var caps = lengths
            var squared = Array(repeating: 0.0, count: vertices.count)
            var capSpan = caps.mutableSpan
            var squaredSpan = squared.mutableSpan
            capSpeeds(
                points: vertices.span, lengths: lengths.span, slowdown: slowdown.span, limits: limits, rates: rates,
                caps: &capSpan, squared: &squaredSpan)
            limitVertexSpeeds(&squaredSpan, lengths: lengths.span, acceleration: limits.acceleration)
            return (caps, squared)
        }

        /// Highest speed on a segment, by the plain rule.
        func cap(_ i: Int) -> Double {
            let d = vertices[i + 1] - vertices[i]
            let motor = rates.motorSpeed * lengths[i] / (d.x.magnitude + d.y.magnitude)
            return min(limits.speed, motor) * (slowdown.isEmpty ? 1 : slowdown[i])
        }

        /// Highest speed at an inner vertex, by the angle itself.
        func corner(_ i: Int) -> Double {
            let (a, b) = (vertices[i] - vertices[i - 1], vertices[i + 1] - vertices[i])
            let (u, v) = (a * (1 / lengths[i - 1]), b * (1 / lengths[i]))
            // Sine of half the inner angle = cosine of half the turn = half the length of u + v.
            let s = Point(0, 0).distance(to: u + v) / 2
            let rule = s < 1 ? (limits.acceleration * limits.junctionDeviation * s / (1 - s)).squareRoot() : .infinity
            let turn = (v.x - u.x).magnitude + (v.y - u.y).magnitude
            return min(rule, turn > 0 ? rates.motorSpeedStep / turn : .infinity)
        }

        /// Lowers speeds until nothing changes: any order of relaxing ends at the same optimum.
        func relaxed() -> [Double] {
            var speeds = vertices.indices.map { i in
                i == 0 || i == lengths.count ? 0 : min(corner(i), cap(i - 1), cap(i))
            }
            var changed = true
            while changed {
                changed = false
                for i in lengths.indices {
                    let (a, b) = (speeds[i], speeds[i + 1])
                    let most = (min(a, b) * min(a, b) + 2 * limits.acceleration * lengths[i]).squareRoot()
                    if max(a, b) > most * (1 + 1e-13) {
                        speeds[a > b ? i : i + 1] = most
                        changed = true
                    }
                }
            }
            return speeds
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func agreesWithRelaxing(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            let path = Path(&random)
            let (caps, squared) = path.speeds()
            let naive = path.relaxed()
            for i in path.lengths.indices {
                #expect(isNear(caps[i].squareRoot(), path.cap(i)), "seed \(seed), segment \(i)")
            }
            for i in path.vertices.indices {
                let speed = squared[i].squareRoot()
                #expect(isNear(speed, naive[i]), "seed \(seed), vertex \(i): \(speed), not \(naive[i])")
            }
        }
    }

    /// How near to a full reversal a corner is, is known to half the digits: s² is the sum of two numbers near 1 and −1.
    private static let slack = 0.05

    private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-5 * max(a, b) + Self.slack }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func obeysEveryLimit(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            let path = Path(&random)
            let (_, squared) = path.speeds()
            #expect(squared.first == 0 && squared.last == 0, "seed \(seed)")
            for (i, length) in path.lengths.enumerated() {
                let gain = abs(squared[i + 1] - squared[i]) / (2 * length)
                #expect(gain <= path.limits.acceleration * (1 + 1e-9), "seed \(seed), segment \(i): \(gain)")
                let speed = max(squared[i], squared[i + 1]).squareRoot()
                #expect(speed <= path.cap(i) * (1 + 1e-9), "seed \(seed), segment \(i)")
                guard i > 0 else { continue }
                let most = path.corner(i) * (1 + 1e-5) + Self.slack
                #expect(squared[i].squareRoot() <= most, "seed \(seed), vertex \(i)")
            }
        }
    }

    @Test func theRuleAtItsEnds() {
        #expect(junctionSpeedSquared(cosine: -1, deviation: 0.1, acceleration: 200) == 0)
        #expect(junctionSpeedSquared(cosine: 1, deviation: 0.1, acceleration: 200) == .infinity)
        // A right angle: s = √½.
        let half = 0.5.squareRoot()
        let expected = 200 * 0.127 * half / (1 - half)
        let found = junctionSpeedSquared(cosine: 0, deviation: 0.127, acceleration: 200)
        #expect(abs(found - expected) < 1e-9)
    }
}

internal import TestSupport
internal import Testing

@testable internal import Motion

/// Curves against their own formulas: never further off than the tolerance, ends exact, the same points backwards.
struct FlatteningTests {
    private static let seed: UInt64 = 20_261_125

    /// A cubic or an ellipse under a random transform, sampled far more finely than it is flattened.
    @Test(arguments: [0.001, 0.02, 0.5]) func staysWithinTheTolerance(_ tolerance: Double) throws {
        var random = SeededGenerator(seed: Self.seed)
        for round in 0..<60 {
            func number(_ reach: Double) -> Double { (random.unit() * 2 - 1) * reach }
            let map = Transform(number(2), number(2), number(2), number(2), number(90), number(90))
            let attribute = "matrix(\(map.a) \(map.b) \(map.c) \(map.d) \(map.tx) \(map.ty))"
            let p = (0..<4).map { _ in Point(number(80), number(80)) }
            let radii = (1 + random.unit() * 60, 1 + random.unit() * 60)
            let isCubic = round % 2 == 0
            let shape =
                isCubic
                ? "<path d='M\(p[0].x) \(p[0].y)C\(p[1].x) \(p[1].y) \(p[2].x) \(p[2].y) \(p[3].x) \(p[3].y)'/>"
                : "<ellipse cx='\(p[0].x)' cy='\(p[0].y)' rx='\(radii.0)' ry='\(radii.1)'/>"
            let flat = try Reading.flat(
                Reading.root + "<g transform='\(attribute)'>\(shape)</g></svg>", tolerance: tolerance)
            guard flat.polylines.count == 1 else { continue }
            let exact = (0...400).map { k -> Point in
                let t = Double(k) / 400
                let local = isCubic ? cubic(p, t) : onEllipse(p[0], radii, t)
                return Point(
                    (map.a * local.x + map.c * local.y + map.tx) * 25.4 / 96,
                    (map.b * local.x + map.d * local.y + map.ty) * 25.4 / 96)
            }
            let worst = exact.map { distance($0, to: flat.polylines[0]) }.max() ?? 0
            #expect(worst <= tolerance * (1 + 1e-9) + 1e-9, "round \(round) of seed \(Self.seed): \(worst)")
        }
    }

    @Test func aReversedCurveGivesTheReversedPoints() throws {
        var random = SeededGenerator(seed: Self.seed)
        for round in 0..<40 {
            let n = (0..<8).map { _ in (random.unit() * 160 - 80).rounded() }
            let there = "<path d='M\(n[0]) \(n[1])C\(n[2]) \(n[3]) \(n[4]) \(n[5]) \(n[6]) \(n[7])'/>"
            let back = "<path d='M\(n[6]) \(n[7])C\(n[4]) \(n[5]) \(n[2]) \(n[3]) \(n[0]) \(n[1])'/>"
            let a = try Reading.flat(Reading.root + there + "</svg>").polylines.points
            let b = try Reading.flat(Reading.root + back + "</svg>").polylines.points
            #expect(a.count == b.count, "round \(round) of seed \(Self.seed)")
            let apart = zip(a, b.reversed()).map { $0.distance(to: $1) }.max() ?? 0
            #expect(apart < 1e-9, "round \(round) of seed \(Self.seed): \(apart)")
        }
    }

    /// As many chords as the closed form asks for, and not more.
    @Test func anArcHasTheChordsOfTheClosedForm() throws {
        // r = 10 mm at 0.02 mm: 50.
        let flat = try Reading.flat(
            Reading.head + "width='99mm' height='99mm' viewBox='0 0 99 99'><circle cx='50' cy='50' r='10'/></svg>",
            tolerance: 0.02)
        #expect(flat.polylines.points.count == 51)
        #expect(flat.isClosed == [true])
    }

    private func cubic(_ p: [Point], _ t: Double) -> Point {
        let u = 1 - t
        let (a, b, c, d) = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        return Point(
            a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x, a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y)
    }

    private func onEllipse(_ centre: Point, _ radii: (Double, Double), _ t: Double) -> Point {
        Point(centre.x + radii.0 * cosine(t * 2 * Double.pi), centre.y + radii.1 * sine(t * 2 * Double.pi))
    }

    private func distance(_ point: Point, to line: ArraySlice<Point>) -> Double {
        var best = Double.infinity
        for (a, b) in zip(line, line.dropFirst()) {
            let (dx, dy) = (b.x - a.x, b.y - a.y)
            let length = dx * dx + dy * dy
            let along = length > 0 ? max(0, min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length)) : 0
            best = min(best, point.distance(to: Point(a.x + along * dx, a.y + along * dy)))
        }
        return best
    }
}

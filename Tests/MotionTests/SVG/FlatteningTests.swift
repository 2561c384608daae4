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

    /// Cubics of all kinds, degenerate ones too: never off, and near the fewest chords that a search finds.
    @Test(arguments: 1...3 as ClosedRange<UInt64>) func cubicsHaveNearTheFewestChords(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var chords = CubicChords()
        var (all, fewest) = (0, 0)
        for round in 0..<60 {
            let tolerance = [0.002, 0.02, 0.2][random.below(3)]
            var p = (0..<4).map { _ in Point(random.between(-8, 8), random.between(-8, 8)) }
            let kind = random.below(6)
            switch kind {
            case 0: p = p.map { Point($0.x, $0.x / 3) }
            case 1: p[random.below(4)] = p[random.below(4)]
            case 2: p[1 + random.below(2)] = p[3 * random.below(2)]
            default: break
            }
            let places = (0...512).map { cubic(p, Double($0) / 512) }
            let isCut = chords.cut(CubicBezier(p[0], p[1], p[2], p[3]), tolerance: tolerance)
            #expect(isCut)
            let line = [p[0]] + chords.places.prefix(chords.count) + [p[3]]
            let worst = places.map { distance($0, to: line[...]) }.max() ?? 0
            #expect(worst <= tolerance * (1 + 1e-9) + 1e-9, "seed \(seed), round \(round): \(worst)")
            #expect(chords.parameters.prefix(chords.count).allSatisfy { $0 > 0 && $0 < 1 })
            // Forth and back on a line has no bend to go by.
            if kind == 0 { continue }
            all += line.count - 1
            fewest += fewestChords(places, tolerance)
        }
        #expect(Double(all) <= 1.1 * Double(fewest), "seed \(seed): \(all) chords, \(fewest) would do")
    }

    @Test func cubicsBeyondAllBoundsBecomeTheirChord() {
        var chords = CubicChords()
        for far in [1e12, 1e200, .infinity, .nan] {
            let curve = CubicBezier(Point(0, 0), Point(far, 1), Point(-far, 2), Point(1, 0))
            let isCut = chords.cut(curve, tolerance: 0.01)
            #expect(!isCut && chords.count == 0)
        }
        let still = Point(0, 0)
        let isCut = chords.cut(CubicBezier(still, still, still, still), tolerance: 0.01)
        #expect(isCut && chords.count == 0)
    }

    /// Chords between sampled places, each as long as it can be.
    private func fewestChords(_ places: [Point], _ tolerance: Double) -> Int {
        var (from, count) = (0, 0)
        while from < places.count - 1 {
            var to = from + 1
            while to < places.count - 1,
                (from...to + 1).allSatisfy({ distance(places[$0], to: [places[from], places[to + 1]]) <= tolerance })
            {
                to += 1
            }
            count += 1
            from = to
        }
        return count
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

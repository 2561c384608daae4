internal import TestSupport
internal import Testing

@testable internal import Motion

/// Lines under random areas, against asking points one by one.
struct CoverTests {
    private static func star(_ random: inout SeededGenerator, isCoarse: Bool) -> [Point] {
        let size = 4 + random.unit() * 12
        let corner = Point(random.unit() * 30, random.unit() * 30)
        return (0..<(3 + random.below(6))).map { _ in
            let p = Point(corner.x + random.unit() * size, corner.y + random.unit() * size)
            return isCoarse ? Point(p.x.rounded(), p.y.rounded()) : p
        }
    }

    private static func area(_ rings: [[Point]], isEvenOdd: Bool, isOutlined: Bool = true) -> PaintedAreas {
        var painted = PaintedAreas()
        add(rings, isEvenOdd: isEvenOdd, isOutlined: isOutlined, to: &painted)
        return painted
    }

    private static func add(
        _ rings: [[Point]], isEvenOdd: Bool, isOutlined: Bool = true, to painted: inout PaintedAreas
    ) {
        painted.append(
            rings,
            as: PaintedAreas.Area(
                style: 0, isEvenOdd: isEvenOdd, isOpaque: true, isOutlined: isOutlined, firstLine: 0))
    }

    private static func tree(_ painted: PaintedAreas) throws -> CoverTree {
        try CoverTree(painted, hides: { _ in true }, check: { _ in })
    }

    private static func polygon(_ painted: PaintedAreas, _ k: Int) -> RegionPolygon {
        var polygon = RegionPolygon(isEvenOdd: painted.areas[k].isEvenOdd)
        for ring in painted.outlines(of: k) { polygon.add(Array(ring)) }
        polygon.finish()
        return polygon
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>) func hidesWhatLiesUnderAndNothingElse(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (hidden, visible) = (0, 0)
        for round in 0..<12 {
            var painted = PaintedAreas()
            for _ in 0..<40 {
                let rings = (0..<(1 + random.below(2))).map { _ in Self.star(&random, isCoarse: round % 2 == 0) }
                Self.add(rings, isEvenOdd: random.below(2) == 0, isOutlined: round % 3 != 0, to: &painted)
            }
            var tree = try Self.tree(painted)
            let polygons = painted.areas.indices.map { Self.polygon(painted, $0) }
            var probe = RegionProbe()
            for _ in 0..<200 {
                let rank = random.below(painted.count + 1)
                let p = Point(random.unit() * 60 - 8, random.unit() * 60 - 8)
                let q =
                    round % 4 == 1 ? Point(p.x, random.unit() * 60) : Point(random.unit() * 60 - 8, random.unit() * 60)
                let parts = tree.seen(p, q, rank: rank)
                for _ in 0..<10 {
                    let t = random.unit()
                    let place = p + (q - p) * t
                    let above = polygons[rank...]
                    if above.contains(where: { $0.isNear(place, within: 0.03, &probe) }) { continue }
                    let isHidden = above.contains { $0.contains(place, &probe) }
                    let isSeen = parts.contains { $0.from <= t && t <= $0.to }
                    #expect(isSeen != isHidden, "seed \(seed), round \(round), rank \(rank), \(place)")
                    if isHidden { hidden += 1 } else { visible += 1 }
                }
            }
        }
        #expect(hidden > 1000 && visible > 1000)
    }

    @Test func anEdgeThatTwoAreasShareIsDrawnOnce() throws {
        let right = [Point(10, 0), Point(20, 0), Point(20, 10), Point(10, 10)]
        var outlined = try Self.tree(Self.area([right], isEvenOdd: false))
        #expect(outlined.seen(Point(10, 0), Point(10, 10), rank: 0).isEmpty)
        var bare = try Self.tree(Self.area([right], isEvenOdd: false, isOutlined: false))
        #expect(bare.seen(Point(10, 0), Point(10, 10), rank: 0).count == 1)
    }

    @Test func manyAreasOnTopOfEachOtherCostLittle() throws {
        var painted = PaintedAreas()
        for k in 0..<600 {
            let (x, r) = (Double(k) * 0.01, 20.0)
            Self.add(
                [
                    (0..<40).map {
                        Point(30 + x + r * cosine(Double($0) * .pi / 20), 30 + r * sine(Double($0) * .pi / 20))
                    }
                ],
                isEvenOdd: false, to: &painted)
        }
        var tree = try Self.tree(painted)
        #expect(tree.seen(Point(0, 30), Point(80, 30), rank: 0).count == 2)
        #expect(tree.steps < 20_000_000, "\(tree.steps)")
    }

    @Test func nothingHidesNothing() throws {
        var tree = try CoverTree(PaintedAreas(), hides: { _ in true }, check: { _ in })
        let parts = tree.seen(Point(0, 0), Point(5, 5), rank: 0)
        #expect(parts.count == 1 && parts[0] == (0, 1))
    }
}

internal import TestSupport
internal import Testing

@testable internal import Motion

/// Areas cut by areas, against asking point by point.
struct AreaCutTests {
    private static func region(_ rings: [[Point]], isEvenOdd: Bool) -> Region {
        var region = Region()
        for ring in rings {
            var part = Region.Part(polygon: RegionPolygon(isEvenOdd: isEvenOdd))
            part.polygon.add(ring)
            part.polygon.finish()
            region.parts.append(part)
        }
        region.finish()
        return region
    }

    private static func polygon(_ rings: [[Point]], isEvenOdd: Bool) -> RegionPolygon {
        var polygon = RegionPolygon(isEvenOdd: isEvenOdd)
        for ring in rings { polygon.add(ring) }
        polygon.finish()
        return polygon
    }

    /// Random stars, also with themselves crossed, on a coarse grid so that corners and edges coincide often.
    private static func star(_ random: inout SeededGenerator, isCoarse: Bool) -> [Point] {
        (0..<(3 + random.below(6))).map { _ in
            let p = Point(random.unit() * 20, random.unit() * 20)
            return isCoarse ? Point(p.x.rounded(), p.y.rounded()) : p
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>) func agreesWithAskingPoints(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let isCoarse = round % 2 == 0
            let area = (0..<(1 + random.below(2))).map { _ in Self.star(&random, isCoarse: isCoarse) }
            let regions = (0..<(1 + random.below(3))).map { k in
                Self.region(
                    (0..<(1 + random.below(3))).map { _ in Self.star(&random, isCoarse: isCoarse) },
                    isEvenOdd: k % 2 == 1)
            }
            let isEvenOdd = random.below(2) == 0
            var cutter = AreaCutter()
            let own = Self.polygon(area, isEvenOdd: isEvenOdd)
            let rings = cutter.cut(area, isEvenOdd: isEvenOdd, by: regions)
            #expect(rings?.allSatisfy { $0.first == $0.last } ?? true, "open ring in round \(round) of seed \(seed)")
            let result = rings.map { Self.polygon($0, isEvenOdd: false) } ?? own
            var probe = RegionProbe()
            for _ in 0..<300 {
                let p = Point(random.unit() * 20, random.unit() * 20)
                // Within a hair of a line either answer is right.
                let isNear =
                    own.isNear(p, within: 1e-3, &probe) || result.isNear(p, within: 1e-3, &probe)
                    || regions.contains { $0.parts.contains { $0.polygon.isNear(p, within: 1e-3, &probe) } }
                if isNear { continue }
                let expected =
                    own.contains(p, &probe) && regions.allSatisfy { $0.contains(p, margin: 0, &probe) }
                #expect(result.contains(p, &probe) == expected, "\(p), round \(round) of seed \(seed)")
            }
        }
    }

    @Test func aTreeOfBoxesFindsWhatAllPairsFind() {
        var random = SeededGenerator(seed: 7)
        for count in [0, 1, 7, 8, 9, 300] {
            let boxes = (0..<count).map { _ in
                let p = Point(random.unit() * 50, random.unit() * 50)
                return Box(minimum: p, maximum: p + Point(random.unit() * 5, random.unit() * 5))
            }
            let tree = BoxTree(boxes)
            for _ in 0..<50 {
                let p = Point(random.unit() * 50, random.unit() * 50)
                let wanted = Box(minimum: p, maximum: p + Point(random.unit() * 9, random.unit() * 9))
                var found: [Int] = []
                _ = tree.query(wanted) { k in
                    found.append(k)
                    return true
                }
                #expect(found.sorted() == boxes.indices.filter { boxes[$0].intersects(wanted) })
            }
        }
    }
}

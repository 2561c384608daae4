internal import TestSupport
internal import Testing

@testable internal import Motion

/// Contours of areas and spacing by darkness.
struct HatchContourTests {
    private static func polygon(_ rings: [[Point]]) -> RegionPolygon {
        var polygon = RegionPolygon(isEvenOdd: true)
        for ring in rings { polygon.add(ring) }
        polygon.finish()
        return polygon
    }

    private static func contours(_ rings: [[Point]], first: Double, spacing: Double) -> [[Point]] {
        var contours = HatchContours(rings.map { $0[...] }, isEvenOdd: true, tolerance: 0.005)
        return (try? contours.rings(first: first, spacing: spacing, check: {})) ?? []
    }

    /// Whoever gives up is heard while one large area is being worked out, not only behind it.
    @Test func workEndsInTheMiddleOfAnArea() {
        let ring = (0...4_000).map { k in
            let angle = Double(k) * .pi / 2_000
            return Point(50 + (40 + Double(k % 2)) * cosine(angle), 50 + (40 + Double(k % 2)) * sine(angle))
        }
        var contours = HatchContours([ring[...]], isEvenOdd: true, tolerance: 0.005)
        var asked = 0
        #expect(throws: PlanError.cancelled) {
            _ = try contours.rings(first: 1, spacing: 1) { () throws(PlanError) in
                asked += 1
                if asked == 30 { throw .cancelled }
            }
        }
        // Of the first ring alone it is asked 63 times.
        #expect(asked == 30)
    }

    @Test func ringsOfASquareAreSquares() {
        let square = [Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10), Point(0, 0)]
        let rings = Self.contours([square], first: 1, spacing: 1)
        #expect(rings.count >= 4)
        for (k, ring) in rings.prefix(4).enumerated() {
            #expect(ring.count == 5 && ring.first == ring.last, "\(ring)")
            var box = Box()
            for p in ring { box.include(p) }
            #expect((box.minX - Double(k + 1)).magnitude < 1e-5 && (box.maxY - 9 + Double(k)).magnitude < 1e-5)
        }
    }

    @Test(arguments: 5...6 as ClosedRange<UInt64>) func ringsKeepTheirDistanceAndCover(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (open, all) = (0, 0)
        for round in 0..<12 {
            let rings = (0..<(1 + round % 2)).map { _ in
                (0..<(3 + random.below(6))).map { _ in Point(random.unit() * 20, random.unit() * 20) }
            }
            let polygon = Self.polygon(rings)
            let lines = Self.contours(rings, first: 0.5, spacing: 0.7)
            var probe = RegionProbe()
            for line in lines {
                let gap = line[line.count - 1] - line[0]
                if gap.x * gap.x + gap.y * gap.y > 0.01 * 0.01 { open += 1 }
                all += 1
                for k in line.indices.dropLast() {
                    let p = (line[k] + line[k + 1]) * 0.5
                    #expect(polygon.contains(p, &probe) && !polygon.isNear(p, within: 0.5 - 0.02, &probe), "\(p)")
                }
            }
            for _ in 0..<100 {
                let p = Point(random.unit() * 20, random.unit() * 20)
                guard polygon.contains(p, &probe), !polygon.isNear(p, within: 0.52, &probe) else { continue }
                let isMet = lines.contains { line in
                    line.indices.dropLast().contains { squaredDistance(p, p, line[$0], line[$0 + 1]) < 0.72 * 0.72 }
                }
                #expect(isMet, "seed \(seed), round \(round): nothing near \(p)")
            }
        }
        #expect(open * 50 <= all, "\(open) of \(all) rings are open")
    }

    @Test func palerFillsGetWiderSpacings() throws {
        var hatch = Hatch(spacing: 1)
        let grey = PenColour(red: 188, green: 188, blue: 188)
        #expect(hatch.spacing(for: grey) == 1)
        hatch.isShaded = true
        #expect(hatch.spacing(for: .black) == 1)
        let spacing = try #require(hatch.spacing(for: grey))
        #expect((spacing - 2).magnitude < 0.05)
        #expect(hatch.spacing(for: PenColour(red: 255, green: 255, blue: 255)) == nil)
        #expect(hatch.spacing(for: nil) == 1)
    }
}

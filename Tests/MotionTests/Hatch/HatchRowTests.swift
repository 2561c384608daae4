internal import TestSupport
internal import Testing

@testable internal import Motion

/// Hatch lines of random areas, against asking points.
struct HatchRowTests {
    private static func star(_ random: inout SeededGenerator, isCoarse: Bool) -> [Point] {
        (0..<(3 + random.below(7))).map { _ in
            let p = Point(random.unit() * 30, random.unit() * 30)
            return isCoarse ? Point(p.x.rounded(), p.y.rounded()) : p
        }
    }

    private static func polygon(_ rows: HatchRows) -> RegionPolygon {
        var polygon = RegionPolygon(isEvenOdd: rows.isEvenOdd)
        for ring in rows.rings { polygon.add(ring) }
        polygon.finish()
        return polygon
    }

    private static func rows(_ random: inout SeededGenerator, round: Int) -> HatchRows {
        let rings = (0..<(1 + random.below(3))).map { _ in star(&random, isCoarse: round % 2 == 0) }
        return HatchRows(
            rings: rings, isEvenOdd: round % 3 == 0, spacing: round % 2 == 0 ? 1 : 0.3 + random.unit(),
            inset: 0.05 + 0.4 * random.unit())
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>) func linesLieInsideAndCover(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var covered = 0
        for round in 0..<60 {
            var rows = Self.rows(&random, round: round)
            let pieces = rows.pieces()
            let polygon = Self.polygon(rows)
            var probe = RegionProbe()
            for piece in pieces {
                for t in [0, 0.2, 0.5, 0.9, 1] {
                    let p = Point(piece.from + (piece.to - piece.from) * t, rows.height(of: piece.row))
                    #expect(polygon.contains(p, &probe), "seed \(seed), round \(round), \(p)")
                    #expect(!polygon.isNear(p, within: rows.inset - 1e-6, &probe), "seed \(seed), round \(round), \(p)")
                }
            }
            for _ in 0..<100 {
                let p = Point(random.unit() * 30, random.unit() * 30)
                guard polygon.contains(p, &probe),
                    !polygon.isNear(p, within: rows.inset + rows.spacing / 2 + 0.02, &probe)
                else { continue }
                covered += 1
                let isMet = pieces.contains {
                    (rows.height(of: $0.row) - p.y).magnitude <= rows.spacing / 2 + 1e-9 && $0.from <= p.x
                        && p.x <= $0.to
                }
                #expect(isMet, "seed \(seed), round \(round): no line near \(p)")
            }
        }
        #expect(covered > 500)
    }

    @Test(arguments: 3...4 as ClosedRange<UInt64>) func zigzagsHoldEveryPieceOnceAndStayInside(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var rows = Self.rows(&random, round: round)
            let pieces = rows.pieces()
            var chains = HatchChains(rows)
            let lines = chains.joined(pieces) { _, _ in true }
            #expect(lines.count <= pieces.count)
            #expect(lines.reduce(0) { $0 + $1.count } == 2 * pieces.count)
            let polygon = Self.polygon(rows)
            var probe = RegionProbe()
            for line in lines {
                for k in line.indices.dropLast() {
                    let middle = (line[k] + line[k + 1]) * 0.5
                    #expect(polygon.contains(middle, &probe), "seed \(seed), round \(round), \(middle)")
                    #expect(!polygon.isNear(middle, within: rows.inset / 2 - 1e-6, &probe))
                }
            }
        }
    }

    @Test func aDiscTakesOneLift() {
        let disc = (0..<100).map { k -> Point in
            let angle = Double(k) * 2 * .pi / 100
            return Point(20 + 15 * cosine(angle), 20 + 15 * sine(angle))
        }
        var rows = HatchRows(rings: [disc], isEvenOdd: false, spacing: 1, inset: 0.15)
        let pieces = rows.pieces()
        var chains = HatchChains(rows)
        #expect(pieces.count == 30)
        #expect(chains.joined(pieces) { _, _ in true }.count == 1)
    }

    @Test func whatFallsBetweenTwoRowsGetsALineThroughItsMiddle() {
        let bar = [Point(0, 3.1), Point(20, 3.1), Point(20, 3.9), Point(0, 3.9)]
        var rows = HatchRows(rings: [bar], isEvenOdd: false, spacing: 5, inset: 0.15)
        let pieces = rows.pieces()
        #expect(pieces == [HatchPiece(row: 0, from: 0.15, to: 19.85)])
        #expect(rows.height(of: 0) == 3.5)
    }

    @Test func whatIsThinnerThanThePenIsLeftToItsOutline() {
        let hair = [Point(0, 3), Point(20, 3), Point(20, 3.2), Point(0, 3.2)]
        var rows = HatchRows(rings: [hair], isEvenOdd: false, spacing: 0.05, inset: 0.15)
        #expect(rows.pieces().isEmpty)
    }
}

internal import TestSupport
internal import Testing

@testable internal import Motion

/// Dropped points against the plain distance, both ways and in order along the line.
struct SimplifyTests {
    private func kept(_ line: [Point], tolerance: Double) -> [Int] {
        var kept: [Int] = []
        simplify(line.span, tolerance: tolerance) { kept.append($0) }
        return kept
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func staysWithinTheToleranceBothWays(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let line = RandomLines.line(&random)
            let tolerance = [0.001, 0.01, 0.1, 1][random.below(4)]
            let kept = kept(line, tolerance: tolerance)
            #expect(kept.first == 0 && kept.last == line.count - 1, "seed \(seed)")
            #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed): \(kept)")
            for (from, to) in zip(kept, kept.dropFirst()) {
                let (a, b) = (line[from], line[to])
                let source = line[from...to]
                let away = source.map { Naive.distance($0, a, b) }.max() ?? 0
                #expect(away <= tolerance + 1e-12, "seed \(seed): a point at \(away) of \(tolerance)")
                for part in 0...16 {
                    let place = a + (b - a) * (Double(part) / 16)
                    let away = Naive.distance(place, source)
                    #expect(away <= tolerance + 1e-12, "seed \(seed): a chord at \(away) of \(tolerance)")
                }
            }
        }
    }

    @Test func aStraightLineKeepsItsEndsOnly() {
        let line = (0...1000).map { Point(Double($0) * 0.3, Double($0) * 0.1) }
        #expect(kept(line, tolerance: 0.001) == [0, 1000])
    }

    @Test func aLineForthAndBackKeepsItsTurn() {
        let forth = (0...50).map { Point(Double($0) * 0.1, 0) }
        #expect(kept(forth + forth.reversed().dropFirst(), tolerance: 0.02) == [0, 50, 100])
    }

    @Test func aScanLosesMostOfItsPoints() throws {
        let drawing = try SeededDrawing.scan.flat(size: 5000, seed: 3)
        let kept = kept(Array(drawing.polylines[0]), tolerance: 0.05)
        #expect(kept.count < 800, "\(kept.count) of 5000")
    }

    @Test(arguments: [[], [Point(1, 1)], [Point(1, 1), Point(1, 1)], Array(repeating: Point(1, 1), count: 9)])
    func lineOfOnePlace(_ line: [Point]) {
        let kept = kept(line, tolerance: 0.01)
        #expect(kept.first == (line.isEmpty ? nil : 0))
        #expect(kept.last == (line.isEmpty ? nil : line.count - 1))
    }
}

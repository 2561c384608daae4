internal import TestSupport
internal import Testing

@testable internal import Motion

/// Drawings of strokes shorter than the gap that is joined: what programs write that know lines only.
struct JoinShortTests {
    /// Points along a curve that never comes near itself, evenly `step` apart.
    private func curve(_ count: Int, step: Double, _ random: inout SeededGenerator) -> [Point] {
        let bend = random.between(-0.02, 0.02)
        var angle = random.between(0, 6)
        var place = Point(0, 0)
        var points = [place]
        for _ in 0..<count {
            angle += bend * step
            place = place + Point(cosine(angle), sine(angle)) * step
            points.append(place)
        }
        return points
    }

    /// The segments of some lines, each a stroke, shuffled, some reversed, each end up to `jitter` off.
    private func segments(_ lines: [[Point]], jitter: Double, _ random: inout SeededGenerator) -> Polylines {
        func moved(_ p: Point) -> Point {
            p + Point(random.between(-jitter, jitter), random.between(-jitter, jitter)) * 0.5.squareRoot()
        }
        var pairs: [[Point]] = []
        for line in lines {
            for (a, b) in zip(line, line.dropFirst()) { pairs.append([moved(a), moved(b)]) }
        }
        for k in pairs.indices { pairs.swapAt(k, random.below(pairs.count)) }
        var result = Polylines()
        for pair in pairs { result.append(random.below(2) == 0 ? pair : pair.reversed()) }
        return result
    }

    /// One stroke a curve, and hardly more ink than there was.
    @Test(arguments: [0.001, 0.003, 0.01, 0.05, 0.1, 0.14, 0.16, 0.4, 1], [0, 1e-9, 0.0004] as [Double])
    func curvesOfShortLinesAreOneStrokeEach(length: Double, jitter: Double) {
        for seed in 1...4 as ClosedRange<UInt64> where jitter < length / 3 {
            var random = SeededGenerator(seed: seed)
            // A millimetre and more apart.
            let curves = (0..<3).map { k in
                curve(300, step: length, &random).map { $0 + Point(0, Double(k) * 1000) }
            }
            let lines = segments(curves, jitter: jitter, &random)
            let trails = joined((0..<lines.count).map { Int32($0) }, of: lines, distance: 0.15)
            #expect(trails.count == 3, "seed \(seed)")
            var drawn = Polylines()
            for k in 0..<trails.count { drawn.append(trails.items[trails.starts[k]..<trails.starts[k + 1]], of: lines) }
            let ink = (0..<drawn.count).reduce(0.0) { $0 + Naive.length(drawn[$1]) }
            let own = (0..<lines.count).reduce(0.0) { $0 + Naive.length(lines[$1]) }
            // Each place is drawn at, and two ends there lie up to twice the jitter apart.
            #expect(ink <= own * 1.001 + 3 * 300 * 2 * jitter, "seed \(seed): \(ink) of \(own)")
        }
    }

    /// Specks that are farther from each other than they are long stay specks.
    @Test func aDottedLineIsNotDrawnThrough() {
        var lines = Polylines()
        for k in 0..<100 { lines.append([Point(Double(k) * 0.2, 0), Point(Double(k) * 0.2 + 0.08, 0)]) }
        #expect(joined((0..<100).map { Int32($0) }, of: lines, distance: 0.15).count == 100)
    }

    /// Without a gap allowed, what coincides within rounding is joined, and a gap is not.
    @Test func endsThatCoincideAreJoinedWithoutAGap() {
        var lines = Polylines()
        lines.append([Point(0.1 + 0.2, 0), Point(10, 0)])
        lines.append([Point(0.3, 0), Point(0, 10)])
        lines.append([Point(10, 0.01), Point(20, 10)])
        let trails = joined([0, 1, 2], of: lines, distance: 0)
        #expect(trails.count == 2)
        #expect(trails.links == 0)
    }

    /// The whole of planning: a row of a thousand lines is one stroke of as many millimetres, in hardly any points.
    @Test(arguments: [0.001, 0.1, 0.12])
    func aRowOfLinesIsOneStroke(length: Double) throws {
        var drawing = FlatDrawing(
            page: Size(width: 297, height: 210), styles: [.init(layer: -1, stroke: nil, fill: nil)])
        for k in 0..<1000 {
            drawing.polylines.append([Point(20 + length * Double(k), 50), Point(20 + length * Double(k + 1), 50)])
            drawing.styleOf.append(0)
            drawing.isClosed.append(false)
            drawing.isCurved.append(false)
        }
        let planned = try drawing.planned(
            options: PlotOptions(), profile: MachineProfile.builtIn[0], execution: .serial)
        #expect(planned.polylines.count == 1)
        #expect(planned.polylines.points.count <= 4)
        #expect(abs(planned.polylines.length(0) - 1000 * length) < 1e-9 * 1000)
        var options = PlotOptions()
        options.joins = false
        let apart = try drawing.planned(options: options, profile: MachineProfile.builtIn[0], execution: .serial)
        #expect(apart.polylines.count == 1000)
    }
}

internal import EBB
internal import Motion
internal import TestSupport
internal import Testing

/// A stroke of many vertices is planned in pieces, and is one stroke all the same.
struct LongStrokeTests {
    /// Zigzags that turn to and fro, of 10,000 vertices.
    private static func line(_ random: inout SeededGenerator) -> [Point] {
        (0..<10_000).map { k in
            let (row, place) = (k / 1000, Double(k % 1000) * 0.2)
            let x = row % 2 == 0 ? place : 199.8 - place
            return Point(20 + x, 10 + Double(row) * 4 + (k % 2 == 0 ? 0 : random.between(0.5, 1.5)))
        }
    }

    @Test(arguments: [FirmwareVersion.v281, .v303]) func piecesKeepWhatAStrokeKeeps(_ firmware: FirmwareVersion) throws
    {
        var random = SeededGenerator(seed: 5)
        let plan = try LimitPlan([Self.line(&random)], firmware, speed: 50.2, acceleration: 762)
        #expect(plan.incidents == [] && plan.isExact && plan.strayed <= plan.bound, "\(plan.strayed)")
        #expect(plan.shortestTicks >= (firmware == .v281 ? 95 : 100))
    }

    @Test(arguments: [FirmwareVersion.v281, .v303]) func piecesAreOneStroke(_ firmware: FirmwareVersion) throws {
        var random = SeededGenerator(seed: 6)
        var strokes = PlannedStrokes(
            polylines: Polylines(), layers: [], pageOrigin: Point(0, 0), page: Size(width: 297, height: 210))
        let line = Self.line(&random)
        for path in [line, [Point(1, 1)], line.reversed()] { strokes.polylines.append(path) }
        strokes.layers = [PlannedStrokes.Layer(name: nil, strokes: 0..<3, colour: nil)]
        let stream = try Emitter.stream(
            for: strokes, profile: .builtIn[0], options: PlotOptions().driven(by: firmware), firmware: firmware)
        #expect(stream.penLifts == 3 && stream.layers[0].strokes == 3)
        let length = line[...].pathLength * 2
        #expect(abs(stream.penDownMillimetres - length) < 0.1 * length, "\(stream.penDownMillimetres) of \(length)")
        // In order, with nothing of another stroke between.
        #expect(stream.strokes.filter { $0 >= 0 } == stream.strokes.filter { $0 >= 0 }.sorted())
    }
}

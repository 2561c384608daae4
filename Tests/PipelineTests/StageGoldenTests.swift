internal import EBB
internal import Foundation
internal import Picture
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import Motion
@testable internal import axidrawd

/// Every stage of every fixture against its golden file, with the options of the fixture; one summary with the defaults.
struct StageGoldenTests {
    @Test(arguments: Fixture.names)
    func strokes(_ name: String) throws {
        let (fixture, plot, _) = try prepared(name)
        var text = "mm, tolerance 0.0002\n"
        for layer in plot.strokes.layers {
            for stroke in layer.strokes {
                text += "stroke \(stroke) of \(layer.name ?? "no layer")\n"
                for point in plot.strokes.polylines[stroke] { text += "\(four(point.x)) \(four(point.y))\n" }
            }
        }
        try expectGoldenTable(text, at: fixture.golden("strokes.txt"), tolerance: 0.0002)
    }

    /// Pieces of constant acceleration along each stroke, before anything is rounded to steps.
    @Test(arguments: Fixture.names)
    func blocks(_ name: String) throws {
        let (fixture, plot, request) = try prepared(name)
        let profile = request.profile
        let limits = MotionLimits(
            speed: profile.penDown.speed, acceleration: profile.penDown.acceleration,
            junctionDeviation: profile.junctionDeviation, tolerance: 0)
        let source = PieceSource(
            stepsPerMillimetre: profile.stepsPerMillimetre, acceleration: limits.acceleration, shortest: 1,
            longest: 1e9)
        var text = "x y in mm at the end, mm/s at both ends, s; tolerance 0.001\n"
        var path = PathSpeeds()
        for stroke in 0..<plot.strokes.polylines.count {
            text += "stroke \(stroke)\n"
            guard path.take(plot.strokes.polylines[stroke]) else { continue }
            path.plan(limits: limits, rates: RateCaps(motorSpeed: 300, motorSpeedStep: 50))
            var pieces: [MotionPiece] = []
            for i in 0..<path.lengths.count { source.append(segment: i, of: path, to: &pieces) }
            for piece in pieces { text += line(piece, steps: profile.stepsPerMillimetre) }
        }
        try expectGoldenTable(text, at: fixture.golden("blocks.txt"), tolerance: 0.001)
    }

    private func line(_ piece: MotionPiece, steps: Double) -> String {
        let place = [(piece.end1 + piece.end2) / (2 * steps), (piece.end1 - piece.end2) / (2 * steps)]
        let speeds = [piece.entrySpeed, piece.exitSpeed].map { $0 * StepPlanner.ticksPerSecond / steps }
        return (place + speeds + [piece.ticks / StepPlanner.ticksPerSecond]).map(four).joined(separator: " ") + "\n"
    }

    @Test(arguments: Fixture.names)
    func commands(_ name: String) throws {
        let (fixture, plot, _) = try prepared(name)
        let text = String(decoding: plot.bytes(lineEnd: UInt8(ascii: "\n")), as: UTF8.self)
        try expectGolden(text, at: fixture.golden("commands.ebb"))
    }

    @Test(arguments: Fixture.names)
    func image(_ name: String) throws {
        let (fixture, plot, request) = try prepared(name)
        let trace = plot.replayed(request).trace
        // The pages of the fixtures fit on 110 × 100 mm.
        let sheet = Sheet(bedWidth: 110, bedHeight: 100, page: plot.pageArea, pixelsPerMillimetre: 5)
        let picture = try #require(Picture(trace, sheet: sheet, inks: plot.inks(in: trace)))
        try expectGoldenImage(picture.png(), at: fixture.golden("image.png"), differingPixels: 0)
    }

    /// What the defaults make of the drawing: changes whenever planning gets better, and is then looked at.
    @Test(arguments: Fixture.names)
    func summary(_ name: String) throws {
        let fixture = try Fixture(name)
        var text = "tolerance 0.0010\n"
        for firmware in ["2.8.1", "3.0.3"] {
            let request = try Fixture.request(["--firmware", firmware])
            let plot = try fixture.prepared(request)
            let executed = plot.replayed(request)
            text += "firmware \(firmware)\n"
            for (word, value) in [
                ("strokes", plot.strokeCount), ("points", plot.stream.points), ("lifts", executed.penLifts),
                ("commands", executed.commands), ("ticks", Int(executed.ticks)),
            ] {
                text += "\(word) \(value)\n"
            }
            text += "drawn \(four(executed.penDownMillimetres)) mm\ntravelled \(four(executed.penUpMillimetres)) mm\n"
            text += "takes \(four(executed.durationSeconds)) s\n"
        }
        try expectGoldenTable(text, at: fixture.golden("summary.txt"), tolerance: 0.001)
    }

    private func prepared(_ name: String) throws -> (Fixture, PreparedPlot, PlotRequest) {
        let fixture = try Fixture(name)
        let request = try Fixture.request(fixture.flags)
        return (fixture, try fixture.prepared(request), request)
    }

    private func four(_ value: Double) -> String {
        let text = String(format: "%.4f", value)
        return text == "-0.0000" ? "0.0000" : text
    }
}

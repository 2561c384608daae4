internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// What the virtual board really did against what the drawing says, for every fixture on both firmwares.
struct ExecutionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var firmware: String
        var testDescription: String { "\(name) on \(firmware)" }
    }

    private static let cases = Fixture.names.flatMap { name in
        ["2.8.1", "3.0.3"].map { Case(name: name, firmware: $0) }
    }

    @Test(arguments: cases)
    func everyStrokeIsWhereTheDrawingHasIt(_ this: Case) throws {
        // Executed steps lie beside the plan, and commands of 2.8.1 last longer and end further from it.
        let slack = this.firmware == "2.8.1" ? 0.025 : 0.0125
        for flags in [["--join", "0", "--order", "none", "--motion", "junction"], ["--join", "0"]] {
            let fixture = try Fixture(this.name)
            let request = try Fixture.request(["--firmware", this.firmware] + flags)
            let options = request.options
            let most = slack + (options.motion == .physical ? options.cornerTolerance : options.tolerance)
            let plot = try fixture.prepared(request)
            let drawn = plot.replayed(request).trace.ink
            let source = try sourceLines(fixture)
            let missing = Nearness(drawn, reach: 1).largestDistance(from: source, spacing: 0.1)
            #expect(missing.distance <= most, "not drawn at \(missing.place), \(flags)")
            let extra = Nearness(source, reach: 1).largestDistance(from: drawn, spacing: 0.1)
            #expect(extra.distance <= most, "drawn beside the drawing at \(extra.place), \(flags)")
        }
    }

    @Test(arguments: cases)
    func theEstimateIsExactAndTheBoardContent(_ this: Case) throws {
        let fixture = try Fixture(this.name)
        let request = try Fixture.request(["--firmware", this.firmware])
        let plot = try fixture.prepared(request)
        let executed = plot.replayed(request)
        #expect(executed.ticks == plot.stream.durationTicks)
        #expect(executed.errors == [])
        #expect(executed.incidents == [])
        #expect(executed.motor1 == 0 && executed.motor2 == 0)
        #expect(executed.penUp)
        #expect(executed.penLifts == plot.stream.penLifts)
        #expect(plot.stream.penLifts == plot.strokeCount)
        #expect(executed.commands == plot.stream.commands.count)
        #expect(isNear(executed.penDownMillimetres, plot.stream.penDownMillimetres))
        #expect(isNear(executed.penUpMillimetres, plot.stream.penUpMillimetres))
    }

    /// One length of ink: what the plan says, what the board says, and how long the line is that it drew.
    @Test(arguments: SeededDrawing.allCases, ["2.8.1", "3.0.3"])
    func theInkIsAsLongAsThePlanSays(_ kind: SeededDrawing, _ firmware: String) throws {
        for flags in [[], ["--motion", "junction"], ["--preset", "saxi", "--no-overlap"]] {
            // In whatever order it is drawn, which costs most of the time.
            let request = try Fixture.request(["--firmware", firmware, "--order", "none"] + flags)
            let plot = try PreparedPlot(drawing: kind.svg(size: 16, seed: 7), request: request, execution: .serial)
            let executed = plot.replayed(request)
            let planned = plot.stream.penDownMillimetres
            #expect(isNear(executed.penDownMillimetres, planned, share: 0.0005), "\(flags)")
            let drawn = executed.trace.ink
            let length = (0..<drawn.count).reduce(0.0) { $0 + drawn.length($1) }
            // A trace has whole steps where it bends, which makes it a little longer on the smallest curves.
            #expect(isNear(length, planned, share: 0.02), "\(flags)")
        }
    }

    @Test(arguments: cases)
    func theDriverDrawsWhatTheStreamSays(_ this: Case) async throws {
        let fixture = try Fixture(this.name)
        let request = try Fixture.request(["--firmware", this.firmware, "--one-pen"])
        let plot = try fixture.prepared(request)
        let replayed = plot.replayed(request)

        let loopback = Loopback(request.board, speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        let start = loopback.snapshot(since: 0).tick
        #expect(await driver.run(RunStart(Program(plot.stream))) == .done)
        let seen = loopback.snapshot(since: 0)
        #expect(seen.tick - start == replayed.ticks)
        #expect(seen.xMillimetres == replayed.xMillimetres && seen.yMillimetres == replayed.yMillimetres)
        #expect(seen.penLifts == replayed.penLifts)
        var trace = Trace()
        trace.vertices = seen.vertices + [seen.live]
        let sheet = Sheet(bedWidth: 110, bedHeight: 100, pixelsPerMillimetre: 5)
        let pictures = [trace, replayed.trace].map { Picture($0, sheet: sheet, inks: plot.inks(in: $0))?.png() }
        #expect(pictures[0] != nil && pictures[0] == pictures[1])
    }

    @Test(arguments: Fixture.names)
    func theSameInputGivesTheSameBytesOnAnyNumberOfCores(_ name: String) throws {
        let fixture = try Fixture(name)
        let request = try Fixture.request([])
        let one = try fixture.prepared(request).bytes(lineEnd: 10)
        let other = try PreparedPlot(drawing: fixture.drawing, request: request, execution: .onAllCores())
        #expect(one == other.bytes(lineEnd: 10))
    }

    private func isNear(_ a: Double, _ b: Double, share: Double = 0.001) -> Bool {
        abs(a - b) <= share * max(a, b) + 0.001
    }

    /// The drawing, finely flattened, turned as a page higher than wide is: our own arithmetic, not the planner's.
    private func sourceLines(_ fixture: Fixture) throws -> Polylines {
        let flat = try Pipeline.flatDrawing(of: fixture.drawing, options: PlotOptions(), tolerance: 0.001)
        var lines = Polylines()
        for i in 0..<flat.polylines.count {
            if flat.layers[flat.styles[Int(flat.styleOf[i])].layer].codes.isDocumentation { continue }
            for p in flat.polylines[i] {
                lines.append(flat.page.height > flat.page.width ? Point(p.y, flat.page.width - p.x) : p)
            }
            lines.finish()
        }
        return lines
    }
}

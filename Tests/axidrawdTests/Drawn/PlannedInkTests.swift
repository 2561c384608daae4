internal import EBB
internal import Motion
internal import Picture
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// The ink of a plan is the ink of the board that carries it out.
struct PlannedInkTests {
    private static func plot(_ seed: UInt64, _ firmware: FirmwareVersion) throws -> (PreparedPlot, PlotRequest) {
        var request = PlotRequest()
        request.firmware = firmware
        let drawing = (seed % 2 == 0 ? SeededDrawing.contours : .flow).svg(size: 8, seed: seed)
        return (try PreparedPlot(drawing: drawing, request: request, execution: .serial), request)
    }

    @Test(arguments: [FirmwareVersion(2, 6, 2), .v281, .v303], [UInt64(1), 2, 3])
    func everyCommandEndsWhereTheBoardStands(_ firmware: FirmwareVersion, _ seed: UInt64) throws {
        let (plot, request) = try Self.plot(seed, firmware)
        let program = Program(plot.stream)
        var ink = PlannedInk(program)
        var vertices = [ink.here]
        var wrong: [Int] = []
        let summary = Replay(request.board).run(
            plot.bytes(lineEnd: 13),
            row: { row in
                vertices += ink.advance(to: row.index + 1)
                if (ink.place.motor1, ink.place.motor2) != (row.motor1, row.motor2) { wrong.append(row.index) }
            })
        #expect(wrong.isEmpty, "seed \(seed): \(wrong.prefix(5))")
        #expect(ink.place == .zero && !ink.isPenDown)
        // What is drawn is as long, and every place of it lies on what the board's pen drew.
        let scale = request.profile.finestStepsPerMillimetre
        let (planned, seen) = (lines(vertices, scale), lines(summary.trace.vertices.map(PlannedInk.Vertex.init), scale))
        #expect(planned.count == seen.count && planned.count == plot.strokeCount)
        #expect(abs(length(planned) / length(seen) - 1) < 0.002, "\(length(planned)) and \(length(seen)) mm")
        let steps = 2 / scale
        #expect(Nearness(seen, reach: 1).largestDistance(from: planned, spacing: 0.05).distance < steps + 0.001)
        #expect(Nearness(planned, reach: 1).largestDistance(from: seen, spacing: 0.05).distance < steps + 0.001)
    }

    /// However it is cut into looks, the same places are come by.
    @Test(arguments: [UInt64(1), 2, 3]) func looksInBetweenChangeNothing(_ seed: UInt64) throws {
        let program = SampleProgram.strokes(5, seed: seed)
        var whole = PlannedInk(program)
        let all = whole.advance(to: program.commands.count)
        var generator = SeededGenerator(seed: seed)
        var cut = PlannedInk(program)
        var made: [PlannedInk.Vertex] = []
        while cut.command < program.commands.count {
            let index = cut.command + (generator.unit() < 0.5 ? 0 : 1)
            let ticks = index < program.commands.count ? Double(program.ticks[index]) : 0
            let before = cut.elapsed
            made += cut.advance(to: index, elapsed: max(before, Int32(generator.unit() * ticks)))
            if index == cut.command, cut.elapsed == before { made += cut.advance(to: index + 1) }
        }
        #expect(abs(length(lines(made, 80)) - length(lines(all, 80))) < 1)
        #expect(lines(made, 80).count == 5 && made.last?.motor1 == 0)
    }

    @Test func aStrokeThatIsDrawnAgainLeavesWhatThereIs() throws {
        let program = SampleProgram.strokes(3, seed: 7)
        let downs = program.commands.indices.filter { program.commands[$0].beginsStroke }
        var ink = PlannedInk(program)
        var made = ink.advance(to: downs[2])
        let before = lines(made, 80)
        #expect(before.count == 2)
        made += ink.advance(to: downs[1] + 1)
        made += ink.advance(to: program.commands.count)
        let after = lines(made, 80)
        #expect(after.count == 4)
        #expect(Array(after[1]) == Array(after[2]))
        #expect(ink.place == .zero)
    }

    @Test func anotherPlanGoesOnAfterTheSameStroke() throws {
        let (slow, fast) = (SampleProgram.strokes(3, seed: 7), SampleProgram.strokes(3, seed: 7))
        let ups = slow.commands.indices.filter { slow.strokes[$0] >= 0 && slow.commands[$0].isPenUp }
        var ink = PlannedInk(slow)
        var made = ink.advance(to: ups[0] + 1)
        made += ink.goOn(with: fast, at: ups[0] + 1)
        #expect(ink.command == ups[0] + 1)
        made += ink.advance(to: fast.commands.count)
        #expect(lines(made, 80).count == 3)
    }

    /// What is known of the old plan lags behind: what it drew until the new one took over is drawn first, and not twice.
    @Test(arguments: [0, 3, 9]) func anotherPlanTakesOverWhereTheOldOneWas(known: Int) throws {
        let (slow, fast) = (SampleProgram.strokes(5, seed: 9), SampleProgram.strokes(5, seed: 9))
        let ups = slow.commands.indices.filter { slow.strokes[$0] >= 0 && slow.commands[$0].isPenUp }
        var whole = PlannedInk(slow)
        let wanted = lines(whole.advance(to: slow.commands.count), 80)
        var ink = PlannedInk(slow)
        var made = ink.advance(to: known)
        made += ink.goOn(with: fast, at: ups[2] + 1)
        made += ink.advance(to: fast.commands.count)
        let drawn = lines(made, 80)
        #expect(drawn.count == 5 && abs(length(drawn) - length(wanted)) < 0.01)
    }

    @Test func aRunInTheMiddleOfAStrokeBeginsThere() {
        let program = SampleProgram.strokes(2, seed: 3)
        let down = program.commands.indices.first { program.commands[$0].beginsStroke } ?? 0
        var all = PlannedInk(program)
        _ = all.advance(to: down + 3)
        let ink = PlannedInk(program, at: down + 3, place: all.place)
        #expect(ink.isPenDown && ink.here == all.here)
        #expect(PlannedInk(program, at: down + 3).here == all.here)
    }

    /// Pen-down pieces in mm.
    private func lines(_ vertices: [PlannedInk.Vertex], _ scale: Double) -> Polylines {
        var lines = Polylines()
        var line: [Point] = []
        for vertex in vertices {
            let point = Point(
                Double(vertex.motor1 + vertex.motor2) / 2 / scale, Double(vertex.motor1 - vertex.motor2) / 2 / scale)
            if vertex.isDrawing || !line.isEmpty { line.append(point) }
            guard !vertex.isDrawing, !line.isEmpty else { continue }
            lines.append(line)
            line = []
        }
        return lines
    }

    private func length(_ lines: Polylines) -> Double { (0..<lines.count).reduce(0) { $0 + lines.length($1) } }
}

extension PlannedInk.Vertex {
    init(_ vertex: Trace.Vertex) {
        self.init(tick: vertex.tick, motor1: vertex.motor1, motor2: vertex.motor2, isDrawing: vertex.isTouching)
    }
}

extension Command {
    fileprivate var isPenUp: Bool { if case .pen(true, _, _) = self { true } else { false } }
}

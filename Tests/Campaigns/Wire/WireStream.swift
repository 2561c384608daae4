internal import EBB
internal import Motion
internal import Simulator
internal import TestSupport

/// The same strokes as they come, a few at a time: the cable is pulled, the board is reset, or bytes of it are damaged while
/// the stream lasts, between its pieces as within them. What is drawn is what a plot of all strokes leaves.
let streamRow = WireRow(name: "stream") { plot, _, generator in
    let run = try await WireRun(plot: plot, seed: generator.next())
    let stream = try WireStream(plot, &generator)
    let tick = plot.tick(&generator)
    let kind = Int.random(in: 0..<3, using: &generator)
    switch kind {
    case 0: run.arrange(plot.rule(.unplug(ticks: Int64(2_500 + generator.unit() * 250_000), resets: false), &generator))
    case 1:
        run.arrange(at: tick) {
            run.loopback.pullCable()
            run.loopback.withBoard { $0.powerCycle() }
        }
        let ticks = Int64(1 + generator.unit() * 250_000)
        run.arrange(at: tick + ticks) { run.loopback.plugCable() }
    default:
        let few = Int.random(in: 1...4, using: &generator)
        let faults: [Fault] = [
            .garbage(bytes: few * 8), .flip(bytes: few, .toHost), .lose(bytes: few, .toHost),
            .double(bytes: few, .toHost),
        ]
        run.arrange(plot.rule(faults.randomElement(using: &generator) ?? faults[0], &generator))
    }
    let end = await run.draw(stream)
    switch kind {
    case 0: return run.verdictOfLinkLoss(end, plot)
    case 1: return run.verdictOfHoming(end, plot)
    default: return run.verdictOfDamage(end, plot, isWrongInkAllowed: false)
    }
}

/// A plot in pieces, each planned for itself from where the one before has ended.
struct WireStream: Sendable {
    var beginning: Program
    var pieces: [ProgramPiece] = []

    init(_ plot: WirePlot, _ generator: inout SeededGenerator) throws(PlanError) {
        var place: Point?
        beginning = Program(try Self.stream(plot, 0..<0, from: nil, end: .stay))
        var next = 0
        while next < plot.lines.count {
            let count = min(plot.lines.count - next, Int.random(in: 1...24, using: &generator))
            pieces.append(try Self.piece(plot, next..<next + count, from: place, end: .stay))
            next += count
            place = plot.lines[next - 1].last
        }
        pieces.append(try Self.piece(plot, 0..<0, from: place, end: .home))
    }

    private static func piece(
        _ plot: WirePlot, _ strokes: Range<Int>, from place: Point?, end: PlotOptions.End
    ) throws(PlanError) -> ProgramPiece {
        let stream = try stream(plot, strokes, from: place, end: end)
        let dot = place == nil ? 0 : stream.commands.firstIndex(where: \.beginsStroke) ?? 0
        let up = stream.commands[dot...].firstIndex { $0.penIsUp == true } ?? dot
        return ProgramPiece(Program(stream), from: up + 1)
    }

    /// From home by a dot where the last piece has ended, which is never drawn again while all goes well.
    private static func stream(
        _ plot: WirePlot, _ strokes: Range<Int>, from place: Point?, end: PlotOptions.End
    ) throws(PlanError) -> CommandStream {
        var lines = Polylines()
        if let place { lines.append([place]) }
        for index in strokes { lines.append(plot.lines[index]) }
        var planned = PlannedStrokes(
            polylines: lines, layers: [PlannedStrokes.Layer(name: nil, strokes: 0..<lines.count, colour: .black)],
            pageOrigin: Point(0, 0), page: MachineProfile.builtIn[0].travel)
        if !plot.isExact.isEmpty { planned.isExact = (place == nil ? [] : [false]) + plot.isExact[strokes] }
        var options = PlotOptions()
        options.motion = plot.motion
        options.jerk = plot.jerk
        options.end = end
        return try Emitter.stream(
            for: planned, profile: MachineProfile.builtIn[0], options: options, firmware: plot.firmware)
    }
}

extension WireRun {
    /// Draws a plot that comes while it is drawn, to whichever end.
    func draw(_ stream: WireStream) async -> RunEnd {
        var start = RunStart(stream.beginning)
        let supply = ProgramSupply()
        start.supply = supply
        let feeding = Task {
            for piece in stream.pieces { guard await supply.put(piece) else { return } }
            supply.end()
        }
        let end = await driver.run(start, requests: requests) { event in self.happened(event) }
        loopback.endArrangements()
        supply.close()
        await feeding.value
        return end
    }
}

internal import EBB
internal import Motion
internal import Picture
internal import Simulator

/// The whole way on drawings of our own: SVG to commands, commands to executed steps, steps to a picture.
let plannedBenchmarks = [
    Benchmark(name: "planned/hatch") { report in try measurePlanned(&report, "10000 strokes", hatchDrawing(10_000)) },
    Benchmark(name: "planned/spiral") { report in try measurePlanned(&report, "dense", spiralDrawing(turns: 60)) },
]

/// Commands a second, and how often faster than the machine board and picture are.
private func measurePlanned(_ report: inout BenchmarkReport, _ label: String, _ drawing: String) throws {
    let profile = MachineProfile.builtIn[0]
    for firmware in [FirmwareVersion.v281, .v303] {
        let options = PlotOptions()
        let start = processorSeconds()
        let strokes = try Pipeline.strokes(of: Array(drawing.utf8), options: options, profile: profile)
        let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
        var bytes: [UInt8] = []
        for command in stream.commands { command.write(to: &bytes) }
        let planned = processorSeconds()
        let executed = Replay(BoardConfiguration(firmware: firmware)).run(bytes)
        let replayed = processorSeconds()
        let picture = Picture(executed.trace, sheet: Sheet(bedWidth: 300, bedHeight: 218))?.png() ?? []
        let drawn = processorSeconds()
        let simulation = replayed - planned
        report.add(
            "\(label), \(firmware)", elements: stream.commands.count, cpuSeconds: simulation,
            figures: [
                ("planCPUSeconds", planned - start), ("pictureCPUSeconds", drawn - replayed),
                ("seconds", executed.durationSeconds), ("timesRealTime", executed.durationSeconds / simulation),
                ("withPicture", executed.durationSeconds / (drawn - planned)),
                ("commandsPerSecond", Double(stream.commands.count) / executed.durationSeconds),
                ("incidents", Double(executed.incidents.count)), ("bytes", Double(picture.count)),
            ])
    }
}

private let head = """
    <svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 297 210" fill="none" stroke="black">
    """

/// Parallel lines in rows.
private func hatchDrawing(_ strokes: Int) -> String {
    var text = head
    for i in 0..<strokes {
        let (x, y) = (10 + Double(i % 250), 10 + Double(i / 250) * 4.5)
        text += "<path d='M\(x) \(y)l3 3.5'/>"
    }
    return text + "</svg>"
}

/// One line from the middle outwards, half circles joined, 1 mm apart; drawn at full speed it is many short commands.
private func spiralDrawing(turns: Int) -> String {
    var text = head + "<path d='M148 105"
    for i in 1...turns {
        let (inner, outer) = (Double(i) - 0.5, Double(i))
        text += "a\(inner) \(inner) 0 0 1 \(2 * inner) 0a\(outer) \(outer) 0 0 1 \(-2 * outer) 0"
    }
    return text + "'/></svg>"
}

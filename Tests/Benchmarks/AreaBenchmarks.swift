internal import Foundation
internal import Motion
internal import TestSupport

/// Hidden lines, hatching, and what reading holds.
let areaBenchmarks = [
    Benchmark(name: "areas/occlude") { report in
        for (label, drawing) in [
            ("10000 circles", scattered(10_000) { x, y, r, _ in "<circle cx='\(x)' cy='\(y)' r='\(r)'/>" }),
            ("10000 stars", scattered(10_000, star)),
            (
                "10000 strips",
                scattered(10_000) { x, y, r, turn in
                    "<rect x='-150' y='-1' width='300' height='\(r / 4)' transform='translate(\(x) \(y)) rotate(\(turn))'/>"
                }
            ),
            (
                "10000 in a stack",
                scattered(10_000) { x, y, _, turn in
                    "<rect x='-40' y='-30' width='80' height='60' transform='translate(\(140 + x / 50) \(100 + y / 50))"
                        + " rotate(\(turn))'/>"
                }
            ),
        ] {
            var options = PlotOptions()
            options.hidesLines = true
            try measureInk(&report, label, drawing, options)
        }
    },
    Benchmark(name: "areas/hatch") { report in
        var options = PlotOptions()
        options.hatch = Hatch(spacing: 1)
        try measureInk(&report, "1000 stars", scattered(1_000, star), options)
        options.hidesLines = true
        try measureInk(&report, "1000 stars, hidden lines", scattered(1_000, star), options)
    },
    Benchmark(name: "svg/memory") { report in
        var drawing = Array(head.utf8)
        var random = SeededGenerator(seed: report.seed)
        while drawing.count < 10_000_000 {
            drawing += "<circle cx='\(thousandths(&random, 297))' cy='\(thousandths(&random, 210))' r='2'/>\n".utf8
        }
        drawing += "</svg>".utf8
        let before = Double(peakResidentBytes() ?? 0)
        let start = processorSeconds()
        // Peaks of the process: the row means something where nothing has run before it.
        func timesTheFile() -> Double { (Double(peakResidentBytes() ?? 0) - before) / Double(drawing.count) }
        let outlines = try SVG.read(drawing, options: PlotOptions())
        let read = timesTheFile()
        let flat = try outlines.flattened(tolerance: 0.01, keepsOrigins: false)
        report.add(
            "10 MB of circles", elements: drawing.count, cpuSeconds: processorSeconds() - start,
            figures: [
                ("readTimesTheFile", read), ("flattenedTimesTheFile", timesTheFile()),
                ("pointsTimesTheFile", Double(flat.polylines.points.count * 16) / Double(drawing.count)),
            ])
    },
]

private let head = """
    <svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 297 210" fill="#8cf" stroke="#000">
    """

private func measureInk(
    _ report: inout BenchmarkReport, _ label: String, _ drawing: String, _ options: PlotOptions
) throws {
    let flat = try Pipeline.flatDrawing(of: Array(drawing.utf8), options: options, tolerance: 0.01)
    try report.measure(
        label, elements: flat.polylines.count,
        figures: { [("lines", Double($0.polylines.count)), ("points", Double($0.polylines.points.count))] },
        { try flat.inked(options: options, profile: MachineProfile.builtIn[0], execution: .serial) })
}

private func thousandths(_ random: inout SeededGenerator, _ range: Double) -> Double {
    Double(Int(random.unit() * range * 1000)) / 1000
}

/// So many shapes of some millimetres all over a sheet; each is told its place, size and turn.
private func scattered(_ count: Int, _ shape: (Double, Double, Double, Double) -> String) -> String {
    var random = SeededGenerator(seed: 1)
    var text = head
    for _ in 0..<count {
        let (x, y) = (thousandths(&random, 297), thousandths(&random, 210))
        text += shape(x, y, 2 + thousandths(&random, 8), thousandths(&random, 360))
    }
    return text + "</svg>"
}

private func star(_ x: Double, _ y: Double, _ r: Double, _ turn: Double) -> String {
    var corners = ""
    for k in 0..<24 {
        let angle = (turn + Double(k) * 15) * .pi / 180
        let radius = k % 2 == 0 ? r : r / 2
        corners += " \(x + radius * cos(angle)),\(y + radius * sin(angle))"
    }
    return "<polygon points='\(corners)'/>"
}

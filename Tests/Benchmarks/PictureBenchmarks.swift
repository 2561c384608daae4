internal import Picture
internal import Simulator
internal import TestSupport

/// Rendering and compression of pictures: traces as plotters make them.
let pictureBenchmarks = [
    Benchmark(name: "picture/short-segments") { report in
        // 0.6 mm segments at 10 px/mm with a 0.3 mm pen: what curves become.
        let trace = wandering(vertices: 1_000_000, step: 48, bedSteps: (24_000, 17_440))
        let sheet = Sheet(bedWidth: 300, bedHeight: 218)
        report.measure("1000000", elements: trace.vertices.count, repeats: 2) { Picture(trace, sheet: sheet) }
        if let picture = Picture(trace, sheet: sheet) {
            report.measure("png", elements: 3000 * 2180, figures: { [("bytes", Double($0.count))] }) { picture.png() }
        }
    },
    Benchmark(name: "picture/hatch") { report in
        let sheet = Sheet(bedWidth: 300, bedHeight: 218)
        let trace = hatch(strokes: 10_000)
        report.measure("10000", elements: trace.vertices.count) { Picture(trace, sheet: sheet) }
        if let picture = Picture(trace, sheet: sheet) {
            report.measure("png", elements: 3000 * 2180, figures: { [("bytes", Double($0.count))] }) { picture.png() }
        }
    },
    Benchmark(name: "picture/large") { report in
        // 6000 × 4000 pixels: palette, then more colours than a palette holds.
        let sheet = Sheet(bedWidth: 300, bedHeight: 200, pixelsPerMillimetre: 20)
        let trace = hatch(strokes: 10_000)
        let colours = ["#000000", "#c02020", "#2040c0", "#20a040"].compactMap { InkColour(hex: $0) }
        let inks = colours.enumerated().map { Ink(fromTick: Int64($0.offset * 5000), colour: $0.element) }
        for (label, inks) in [("one-ink", []), ("four-inks", inks)] {
            report.measure(label, elements: 24_000_000, figures: { [("bytes", Double($0.count))] }) {
                Picture(trace, sheet: sheet, inks: inks)?.png() ?? []
            }
        }
    },
]

/// A walk with the pen down that turns a little at every step and stays on the bed.
private func wandering(vertices: Int, step: Int32, bedSteps: (Int32, Int32)) -> Trace {
    var generator = SeededGenerator(seed: 7)
    var trace = Trace()
    var (x, y) = (bedSteps.0 / 2, bedSteps.1 / 2)
    var (dx, dy) = (step, Int32(0))
    for i in 0..<vertices {
        trace.vertices.append(
            Trace.Vertex(tick: Int64(i) * 100, motor1: x + y, motor2: x - y, isTouching: i % 200 != 199))
        // One of three headings nearby: a turn of about a quarter right or left, or none.
        switch generator.next() % 4 {
        case 0: (dx, dy) = ((3 * dx - 2 * dy) / 4, (2 * dx + 3 * dy) / 4)
        case 1: (dx, dy) = ((3 * dx + 2 * dy) / 4, (3 * dy - 2 * dx) / 4)
        default: break
        }
        if dx.magnitude + dy.magnitude < UInt32(step) / 2 { dx = dx < 0 ? -step : step }
        if !(0...bedSteps.0).contains(x + dx) { dx = -dx }
        if !(0...bedSteps.1).contains(y + dy) { dy = -dy }
        x = max(0, min(x + dx, bedSteps.0))
        y = max(0, min(y + dy, bedSteps.1))
    }
    return trace
}

/// Slanting lines, one vertex each end, in rows across the bed.
private func hatch(strokes: Int) -> Trace {
    var trace = Trace()
    for i in 0..<strokes {
        let x = Int32(800 + (i % 200) * 105)
        let y = Int32(800 + (i / 200) * 290)
        let isBack = i % 2 == 1
        let ends = [(x, y), (x + 240, y + 640)]
        for (k, end) in (isBack ? ends.reversed() : ends).enumerated() {
            trace.vertices.append(
                Trace.Vertex(
                    tick: Int64(2 * i + k), motor1: end.0 + end.1, motor2: end.0 - end.1, isTouching: k == 0))
        }
    }
    return trace
}

internal import EBB
internal import Foundation
internal import Motion
internal import TestSupport

/// The whole way from the bytes of a drawing to its commands, from a hundred strokes to a million.
let growthBenchmarks = [
    growth(.hatch, upTo: 1_000_000), growth(.stipple, upTo: 1_000_000), growth(.text, upTo: 1_000_000),
    growth(.tree, upTo: 1_000_000), growth(.flow, upTo: 100_000), growth(.contours, upTo: 10_000),
    growth(.scan, upTo: 1_000_000), growth(.hilbert, upTo: 1_000_000), growth(.spiral, upTo: 1_000_000),
]

/// What single strokes that stop at every point hold while they are planned, at the default limits, beside what a plan may: twelve
/// times the file and 96 MB.
let memoryBenchmarks = [
    Benchmark(name: "memory/reversals") { report in
        try measureMemory(&report, 200_000) { random, _ in "\(round(random.between(10, 280))) 100" }
    },
    Benchmark(name: "memory/cusps") { report in
        try measureMemory(&report, 20_000) { random, isFirst in
            if isFirst { return "150 100" }
            let (x, y) = (round(random.between(-0.2, 0.2)), round(random.between(-0.2, 0.2)))
            let height = round(random.between(1, 3))
            return "c\(round(random.between(1, 3))) \(height) \(round(random.between(-3, -1))) \(height) \(x) \(y)"
        }
    },
]

/// To a thousandth.
private func round(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

private func measureMemory(
    _ report: inout BenchmarkReport, _ size: Int, _ point: (inout SeededGenerator, Bool) -> String
) throws {
    var random = SeededGenerator(seed: report.seed)
    var text = "<svg xmlns='http://www.w3.org/2000/svg' width='297mm' height='210mm' viewBox='0 0 297 210'>"
    text += "<path fill='none' stroke='black' d='M"
    for k in 0..<size { text += point(&random, k == 0) + " " }
    let bytes = Array((text + "'/></svg>").utf8)
    for firmware in [FirmwareVersion.v303, .v281] {
        let figures = [("allowedMB", 12 * Double(bytes.count) / 1e6 + 96)]
        try measurePlanning(
            &report, { bytes }, size, (.builtIn[0], PlotOptions()), firmware, name: "\(firmware)", figures: figures)
    }
}

/// What motion by the acceleration vector costs to plan, beside motion by the line, at the default limits.
let priceBenchmarks = [
    price(.hatch, 100_000), price(.stipple, 100_000), price(.spiral, 1_000_000), price(.scan, 200_000),
    price(.contours, 10_000), price(.flow, 100_000), price(.text, 100_000),
]

private func price(_ kind: SeededDrawing, _ size: Int) -> Benchmark {
    Benchmark(name: "price/\(kind)") { report in
        for firmware in [FirmwareVersion.v303, .v281] {
            for motion in PlotOptions.Motion.allCases {
                var options = PlotOptions()
                options.motion = motion
                try measureGrowth(&report, kind, size, (.builtIn[0], options), firmware, name: "\(motion) \(firmware)")
            }
        }
    }
}

private func growth(_ kind: SeededDrawing, upTo most: Int) -> Benchmark {
    Benchmark(name: "growth/\(kind)") { report in
        var size = 100
        while size <= most {
            try measureGrowth(&report, kind, size, saxiSettings(), .v303, name: "\(size)")
            size *= 10
        }
    }
}

private func measureGrowth(
    _ report: inout BenchmarkReport, _ kind: SeededDrawing, _ size: Int,
    _ settings: (profile: MachineProfile, options: PlotOptions), _ firmware: FirmwareVersion, name: String
) throws {
    let seed = report.seed
    try measurePlanning(&report, { kind.svg(size: size, seed: seed) }, size, settings, firmware, name: name)
}

private func measurePlanning(
    _ report: inout BenchmarkReport, _ makeDrawing: () -> [UInt8], _ size: Int,
    _ settings: (profile: MachineProfile, options: PlotOptions), _ firmware: FirmwareVersion, name: String,
    figures: [(name: String, value: Double)] = []
) throws {
    let (profile, options) = settings
    // Made here, so that nobody else holds on to it.
    let drawing = makeDrawing()
    let inputBytes = drawing.count
    resetPeakMemory()
    let start = processorSeconds()
    var reader: FlatDrawing? = try Pipeline.flatDrawing(
        of: drawing, options: options, tolerance: options.tolerance * ToleranceShare.chords)
    let read = processorSeconds()
    let (readPeak, points) = (peakResidentBytes() ?? 0, reader?.polylines.points.count ?? 0)
    // As a process does it: the drawing is let go of as soon as its strokes are placed.
    guard let flat = reader.take() else { return }
    let strokes = try (consume flat).planned(options: options, profile: profile, execution: .serial)
    let planned = processorSeconds()
    let planPeak = peakResidentBytes() ?? 0
    let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
    let emitted = processorSeconds()
    report.add(
        name, elements: size, cpuSeconds: emitted - start,
        figures: [
            ("readCPUSeconds", read - start), ("planCPUSeconds", planned - read),
            ("emitCPUSeconds", emitted - planned), ("peakMB", Double(peakResidentBytes() ?? 0) / 1e6),
            ("readPeakMB", Double(readPeak) / 1e6), ("planPeakMB", Double(planPeak) / 1e6),
            ("inputMB", Double(inputBytes) / 1e6), ("points", Double(points)),
            ("lifts", Double(stream.penLifts)), ("travel", stream.penUpMillimetres),
            ("commands", Double(stream.commands.count)), ("seconds", stream.durationSeconds),
        ] + figures)
}

/// Lets the peak count anew from what is resident now: sizes grow, so what smaller ones left behind matters little.
private func resetPeakMemory() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
}

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
    let (profile, options) = settings
    let drawing = kind.svg(size: size, seed: report.seed)
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
        ])
}

/// Lets the peak count anew from what is resident now: sizes grow, so what smaller ones left behind matters little.
private func resetPeakMemory() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
}

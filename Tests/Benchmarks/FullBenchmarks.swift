internal import EBB
internal import Motion
internal import TestSupport

/// What order, joins and free starts save against the drawing's own order, and travel that overlaps the pen against one that
/// waits: seconds of the whole plot by its commands, at the default limits.
let fullBenchmarks =
    SeededDrawing.allCases.map { kind in full(kind.rawValue) { kind.svg(size: $0, seed: $1) } }
    + RealDrawing.allCases.map { kind in full(kind.rawValue) { kind.svg(size: $0, seed: $1) } }

private func full(_ name: String, _ drawing: @escaping @Sendable (Int, UInt64) -> [UInt8]) -> Benchmark {
    Benchmark(name: "full/\(name)") { report in
        let bytes = drawing(1000, report.seed)
        for firmware in [FirmwareVersion.v281, .v303] {
            let profile = MachineProfile.builtIn[0]
            var options = PlotOptions().driven(by: firmware)
            // By the rule of saxi and axicli, to whose figures these are held.
            options.motion = .junction
            func plot() throws -> CommandStream {
                let strokes = try Pipeline.strokes(of: bytes, options: options, profile: profile)
                return try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
            }
            let start = processorSeconds()
            let full = try plot()
            let seconds = processorSeconds() - start
            options.order = .none
            let own = try plot()
            options.order = .full
            options.overlapsPen = false
            let waits = try plot()
            report.add(
                "\(firmware)", elements: 1000, cpuSeconds: seconds,
                figures: [
                    ("seconds", full.durationSeconds), ("ofOwnOrder", full.durationSeconds / own.durationSeconds),
                    ("ofWaiting", full.durationSeconds / waits.durationSeconds), ("lifts", Double(full.penLifts)),
                    ("liftsOfOwnOrder", Double(own.penLifts)),
                ])
        }
    }
}

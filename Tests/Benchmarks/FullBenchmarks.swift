internal import EBB
internal import Foundation
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
        for (firmware, motion) in [FirmwareVersion.v281, .v303].flatMap({ firmware in
            PlotOptions.Motion.allCases.map { (firmware, $0) }
        }) {
            let profile = MachineProfile.builtIn[0]
            var options = PlotOptions().driven(by: firmware)
            options.motion = motion
            func plot() throws -> CommandStream {
                let strokes = try Pipeline.strokes(
                    of: bytes, options: options, profile: profile,
                    execution: .serial.comparing(profile: profile, options: options, firmware: firmware))
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
                "\(motion) \(firmware)", elements: 1000, cpuSeconds: seconds,
                figures: [
                    ("seconds", full.durationSeconds), ("ofOwnOrder", full.durationSeconds / own.durationSeconds),
                    ("ofWaiting", full.durationSeconds / waits.durationSeconds), ("lifts", Double(full.penLifts)),
                    ("liftsOfOwnOrder", Double(own.penLifts)),
                ])
        }
    }
}

/// Drawings that come in the order in which they are quickest by the price: what ordering them once more makes of it.
let sortedBenchmarks = [
    (SeededDrawing.contours, 1000), (.text, 10_000), (.hatch, 10_000), (.flow, 3000), (.stipple, 3000),
]
.map { kind, size in
    Benchmark(name: "sorted/\(kind)") { report in
        let bytes = kind.svg(size: size, seed: report.seed)
        let profile = MachineProfile.builtIn[0]
        for (firmware, motion) in [FirmwareVersion.v281, .v303].flatMap({ firmware in
            PlotOptions.Motion.allCases.map { (firmware, $0) }
        }) {
            var options = PlotOptions().driven(by: firmware)
            options.motion = motion
            let sorted = svg(of: try Pipeline.strokes(of: bytes, options: options, profile: profile))
            func seconds() throws -> Double {
                let strokes = try Pipeline.strokes(
                    of: sorted, options: options, profile: profile,
                    execution: .serial.comparing(profile: profile, options: options, firmware: firmware))
                let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
                return stream.durationSeconds
            }
            let start = processorSeconds()
            let full = try seconds()
            let spent = processorSeconds() - start
            options.order = .none
            report.add(
                "\(motion) \(firmware)", elements: size, cpuSeconds: spent,
                figures: [("seconds", full), ("ofOwnOrder", full / (try seconds()))])
        }
    }
}

/// Strokes as a drawing of polylines, mm.
private func svg(of strokes: PlannedStrokes) -> [UInt8] {
    var text = #"<svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 297 210">"#
    text += #"<g fill="none" stroke="black">"#
    for i in 0..<strokes.polylines.count {
        text += #"<path d="M"#
        for point in strokes.polylines[i] {
            let place = point - strokes.pageOrigin
            text += String(format: " %.4f %.4f", place.x, place.y)
        }
        text += #""/>"#
    }
    return Array((text + "</g></svg>").utf8)
}

/// What a plot takes over the limit of acceleration with the pen down, by either rule: it never grows with the limit.
let limitBenchmarks = [SeededDrawing.text, .contours, .hilbert, .stipple, .scan, .flow].map { kind in
    Benchmark(name: "limits/\(kind)") { report in
        let bytes = kind.svg(size: 300, seed: report.seed)
        for firmware in [FirmwareVersion.v281, .v303] {
            for motion in PlotOptions.Motion.allCases {
                var options = PlotOptions().driven(by: firmware)
                options.motion = motion
                options.orderSeconds = 0
                var figures: [(String, Double)] = []
                let start = processorSeconds()
                for acceleration in [500.0, 762, 1000, 2000, 3000, 4000, 5000, 10_000, 20_000] {
                    var profile = MachineProfile.builtIn[0]
                    profile.penDown.acceleration = acceleration
                    let strokes = try Pipeline.strokes(of: bytes, options: options, profile: profile)
                    let stream = try Emitter.stream(
                        for: strokes, profile: profile, options: options, firmware: firmware)
                    figures.append(("\(Int(acceleration))", stream.durationSeconds))
                }
                report.add(
                    "\(motion) \(firmware)", elements: 300, cpuSeconds: processorSeconds() - start, figures: figures)
            }
        }
    }
}

/// Whole plots at the default limits, firmware 3.0.3, by either rule: drawings of ten thousand strokes.
let secondsBenchmarks = [
    (SeededDrawing.hatch, 10_000), (.flow, 10_000), (.stipple, 10_000), (.text, 10_000), (.contours, 1000),
]
.map { kind, size in
    Benchmark(name: "seconds/\(kind)") { report in
        let bytes = kind.svg(size: size, seed: report.seed)
        let profile = MachineProfile.builtIn[0]
        for motion in PlotOptions.Motion.allCases {
            var options = PlotOptions().driven(by: .v303)
            options.motion = motion
            let start = processorSeconds()
            let strokes = try Pipeline.strokes(
                of: bytes, options: options, profile: profile,
                execution: .serial.comparing(profile: profile, options: options, firmware: .v303))
            let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: .v303)
            report.add(
                "\(motion) \(size)", elements: size, cpuSeconds: processorSeconds() - start,
                figures: [
                    ("seconds", stream.durationSeconds), ("lifts", Double(stream.penLifts)),
                    ("travel", stream.penUpMillimetres),
                ])
        }
    }
}

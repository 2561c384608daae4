internal import EBB
internal import Foundation
internal import Motion
internal import TestSupport

/// Random drawings of many kinds by the rule `physical`: each beside its bound, with what passes a limit. A row has the worst
/// of its kind.
let randomBenchmarks = [
    Benchmark(name: "random/limits") { report in
        for kind in RandomDrawing.allCases {
            for bySaxi in [false, true] {
                for firmware in [FirmwareVersion.v303, .v281] {
                    measureRandom(&report, kind, firmware, bySaxi: bySaxi)
                }
            }
        }
    }
]

/// Drawings of each kind: a thousand in all.
private let randomCount = 64

private func measureRandom(
    _ report: inout BenchmarkReport, _ kind: RandomDrawing, _ firmware: FirmwareVersion, bySaxi: Bool
) {
    let (profile, options) = bySaxi ? settings(.physical) : defaultSettings()
    var worst = RandomFigures()
    var (seconds, points) = (0.0, 0)
    for index in 0..<randomCount {
        var random = SeededGenerator(seed: report.seed &* 1_000_003 &+ UInt64(index))
        let strokes = kind.strokes(&random)
        let start = processorSeconds()
        guard let stream = try? Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
        else { continue }
        seconds += processorSeconds() - start
        points += strokes.polylines.points.count
        worst.add(RandomFigures(stream, strokes, profile, options, isSigned: firmware == .v303))
    }
    report.add(
        "\(kind) \(firmware) \(bySaxi ? "saxi" : "default")", elements: points, cpuSeconds: seconds,
        figures: worst.figures)
}

/// What is judged of a drawing, or the worst of several.
private struct RandomFigures {
    var slower = 0
    /// Drawings whose jumps, 99th percentile, or peaks over 10 ms, 99.9th percentile, are above the aim for the firmware.
    var (jumpy, fierce) = (0, 0)
    /// Ratios to the bound of the whole plot and of its strokes; peaks as shares of the limits; mm/s; mm; ticks.
    var (whole, path) = (0.0, 0.0)
    var (peak10, most20, most50) = (0.0, 0.0, 0.0)
    var (jump99, mostJump) = (0.0, 0.0)
    var (strayed, fastest, shortest) = (0.0, 0.0, Int32.max)

    /// Of all drawings together.
    var (seconds, commands) = (0.0, 0)

    init() {}

    init(
        _ stream: CommandStream, _ strokes: PlannedStrokes, _ profile: MachineProfile, _ options: PlotOptions,
        isSigned: Bool
    ) {
        let truth = TrueMotion(stream, profile)
        let limit = profile.penDown.acceleration
        (peak10, most20) = (
            truth.peak(milliseconds: 10, share: 0.999) / limit, truth.peak(milliseconds: 20, share: 1) / limit
        )
        most50 = truth.peak(milliseconds: 50, share: 1) / limit
        (jump99, mostJump) = (truth.jump(share: 0.99), truth.jump(share: 1))
        jumpy = jump99 > (isSigned ? 0.3 : 1.1) ? 1 : 0
        fierce = peak10 > (isSigned ? 1.05 : 1.2) ? 1 : 0
        takeTime(stream, strokes, profile, options)
        takeInk(stream, strokes, profile)
    }

    private mutating func takeTime(
        _ stream: CommandStream, _ strokes: PlannedStrokes, _ profile: MachineProfile, _ options: PlotOptions
    ) {
        var bound = 0.0
        for i in 0..<strokes.polylines.count {
            bound += roundedTime(Array(strokes.polylines[i]), profile.penDown, tolerance: options.cornerTolerance)
        }
        var (isDown, ticks) = (false, Int64(0))
        for (command, duration) in zip(stream.commands, stream.ticks) {
            if case .pen(let isUp, _, _) = command { isDown = !isUp }
            guard isDown, case .timedMove = command else { continue }
            shortest = min(shortest, duration)
            ticks += Int64(duration)
        }
        let seconds = Double(ticks) / Double(BoardClock.ticksPerSecond)
        (self.seconds, commands) = (stream.durationSeconds, stream.commands.count)
        whole = stream.durationSeconds / (stream.durationSeconds - seconds + bound)
        path = seconds / bound
        slower = whole > 1.03 ? 1 : 0
    }

    private mutating func takeInk(_ stream: CommandStream, _ strokes: PlannedStrokes, _ profile: MachineProfile) {
        let k = profile.stepsPerMillimetre
        var (ink, isDown) = (Polylines(), false)
        Kinematics(stepsPerMillimetre: k).run(stream, period: 20) { sample in
            if isDown, !sample.isPenDown { ink.finish() }
            isDown = sample.isPenDown
            guard isDown else { return }
            fastest = max(fastest, sample.speed / profile.penDown.speed)
            let a = ((sample.place.x + sample.place.y) * k).rounded() / k
            let b = ((sample.place.x - sample.place.y) * k).rounded() / k
            ink.append(Point((a + b) / 2, (a - b) / 2))
        }
        ink.finish()
        strayed = max(
            Nearness(strokes.polylines, reach: 1).largestDistance(from: ink, spacing: 1).distance,
            Nearness(ink, reach: 1).largestDistance(from: strokes.polylines, spacing: 0.1).distance)
    }

    mutating func add(_ other: RandomFigures) {
        slower += other.slower
        (jumpy, fierce) = (jumpy + other.jumpy, fierce + other.fierce)
        (seconds, commands) = (seconds + other.seconds, commands + other.commands)
        (whole, path) = (max(whole, other.whole), max(path, other.path))
        (peak10, most20, most50) = (max(peak10, other.peak10), max(most20, other.most20), max(most50, other.most50))
        (jump99, mostJump) = (max(jump99, other.jump99), max(mostJump, other.mostJump))
        (strayed, fastest) = (max(strayed, other.strayed), max(fastest, other.fastest))
        shortest = min(shortest, other.shortest)
    }

    var figures: [(name: String, value: Double)] {
        [
            ("slowerThan1.03", Double(slower)), ("ofM3", whole), ("strokesOfM3", path), ("peak10", peak10),
            ("most20", most20), ("most50", most50), ("jump99", jump99), ("mostJump", mostJump), ("strayed", strayed),
            ("ofSpeed", fastest), ("shortestTicks", Double(shortest)), ("jumpy", Double(jumpy)),
            ("fierce", Double(fierce)), ("commands", Double(commands)), ("seconds", seconds),
        ]
    }
}

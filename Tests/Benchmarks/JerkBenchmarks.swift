internal import EBB
internal import Motion

/// What a limit on jerk costs, and whole plots beside those of saxi.
let jerkBenchmarks = [
    Benchmark(name: "physical/jerk") { report in
        for kind in PhysicalDrawing.all { try measureJerk(&report, kind) }
    },
    Benchmark(name: "physical/saxi") { report in
        for kind in PhysicalDrawing.all { try measureBesideSaxi(&report, kind) }
    },
]

/// Whole plots in document order at the default limits, firmware 3.0.3, beside the same without a limit on jerk.
private func measureJerk(_ report: inout BenchmarkReport, _ kind: PhysicalDrawing) throws {
    let profile = MachineProfile.builtIn[0]
    var options = PlotOptions()
    options.order = .none
    options.motion = .physical
    // A drop that ends with the travel begins in it: its acceleration is no pen-down one.
    options.timesDrop = false
    let strokes = try kind.strokes(report.seed, options, profile)
    let plain = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: .v303)
    for jerk in [20_000.0, 100_000, 500_000] {
        options.jerk = jerk
        let start = processorSeconds()
        let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: .v303)
        let seconds = processorSeconds() - start
        report.add(
            "\(kind.name) \(Int(jerk))", elements: strokes.polylines.points.count, cpuSeconds: seconds,
            figures: [
                ("seconds", stream.durationSeconds), ("ofNone", stream.durationSeconds / plain.durationSeconds),
                ("mostJerk", mostJerk(stream, profile) / jerk), ("commands", Double(stream.commands.count)),
                ("ofCommands", Double(stream.commands.count) / Double(plain.commands.count)),
                (
                    "peak10OfLimit",
                    TrueMotion(stream, profile).peak(milliseconds: 10, share: 0.999) / profile.penDown.acceleration
                ),
            ])
    }
}

/// The largest change of acceleration within a command, mm/s³.
private func mostJerk(_ stream: CommandStream, _ profile: MachineProfile) -> Double {
    var most = 0.0
    var last: Kinematics.Sample?
    Kinematics(stepsPerMillimetre: profile.stepsPerMillimetre).run(stream, period: .max) { sample in
        defer { last = sample }
        guard let before = last, sample.tick > before.tick else { return }
        let change = sample.acceleration - before.acceleration
        let seconds = Double(sample.tick - before.tick) / Double(BoardClock.ticksPerSecond)
        most = max(most, (change * change).sum().squareRoot() / seconds)
    }
    return most
}

/// Whole plots, ordered by us: by the rule and with the figures of saxi, at our default limits, and with those of `gentle`.
///
/// Peaks are those of drawing: taken where the pen falls at rest, because a drop that ends with the travel begins in it.
private func measureBesideSaxi(_ report: inout BenchmarkReport, _ kind: PhysicalDrawing) throws {
    func plot(_ profile: MachineProfile, _ options: PlotOptions) throws -> (seconds: Double, peak: Double) {
        let strokes = try kind.strokes(report.seed, options, profile)
        let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: .v303)
        var resting = options
        resting.timesDrop = false
        let drawing = try Emitter.stream(for: strokes, profile: profile, options: resting, firmware: .v303)
        return (stream.durationSeconds, TrueMotion(drawing, profile).peak(milliseconds: 10, share: 0.999))
    }
    let start = processorSeconds()
    let (saxiProfile, saxiOptions) = saxiSettings()
    let saxi = try plot(saxiProfile, saxiOptions)
    var profile = MachineProfile.builtIn[0]
    var options = PlotOptions()
    options.motion = .physical
    let ours = try plot(profile, options)
    profile.penDown = .init(speed: 50, acceleration: 500)
    profile.penUp.speed = 200
    let gentle = try plot(profile, options)
    report.add(
        kind.name, elements: 3, cpuSeconds: processorSeconds() - start,
        figures: [
            ("ofSaxi", ours.seconds / saxi.seconds), ("gentleOfSaxi", gentle.seconds / saxi.seconds),
            ("gentlePeakOfSaxi", gentle.peak / saxi.peak), ("saxi", saxi.seconds), ("ours", ours.seconds),
            ("gentle", gentle.seconds), ("saxiPeak", saxi.peak), ("ourPeak", ours.peak), ("gentlePeak", gentle.peak),
        ])
}

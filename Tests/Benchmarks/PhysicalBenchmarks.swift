internal import EBB
internal import Foundation
internal import Motion
internal import TestSupport

/// Motion by the acceleration vector: against its own bound at equal limits, and against `junction` at equal true peaks.
let physicalBenchmarks = [
    Benchmark(name: "physical/limits") { report in
        for kind in PhysicalDrawing.all { try measureLimits(&report, kind, settings(.physical)) }
    },
    Benchmark(name: "physical/defaults") { report in
        for kind in PhysicalDrawing.all { try measureLimits(&report, kind, defaultSettings()) }
    },
    Benchmark(name: "physical/peaks") { report in
        for kind in PhysicalDrawing.all { try measurePeaks(&report, kind) }
    },
]

/// A drawing of a size that a bench can plan many times, as strokes in document order.
struct PhysicalDrawing {
    var name: String
    var strokes: @Sendable (_ seed: UInt64, _ options: PlotOptions, _ profile: MachineProfile) throws -> PlannedStrokes

    static let all: [PhysicalDrawing] =
        SeededDrawing.allCases.map { kind in
            PhysicalDrawing(name: "\(kind)") { seed, options, profile in
                let bytes = kind.svg(size: size(kind), seed: seed)
                return try Pipeline.strokes(of: bytes, options: options, profile: profile)
            }
        } + [PhysicalDrawing(name: "squiggles") { seed, _, _ in squiggles(seed) }]

    private static func size(_ kind: SeededDrawing) -> Int {
        switch kind {
        case .hatch, .flow, .stipple, .text, .tree: 300
        case .contours: 100
        case .scan: 20_000
        case .hilbert: 4096
        case .spiral: 20_000
        }
    }

    /// Hand-like lines of short sides with a wandering heading.
    private static func squiggles(_ seed: UInt64) -> PlannedStrokes {
        var random = SeededGenerator(seed: seed)
        var lines = Polylines()
        for _ in 0..<60 {
            var place = Point(random.between(60, 240), random.between(50, 160))
            var (heading, bend) = (random.between(0, 6.28), 0.0)
            for _ in 0..<200 {
                lines.append(place)
                bend = 0.9 * bend + random.between(-0.12, 0.12)
                heading += bend
                place = Point(place.x + 0.4 * cos(heading), place.y + 0.4 * sin(heading))
            }
            lines.finish()
        }
        return PlannedStrokes(
            polylines: lines, layers: [.init(name: nil, strokes: 0..<lines.count, colour: nil)],
            pageOrigin: Point(0, 0), page: Size(width: 297, height: 210))
    }
}

/// In document order and not joined, by the figures of the preset `saxi`.
func settings(_ motion: PlotOptions.Motion) -> (MachineProfile, PlotOptions) {
    var (profile, options) = saxiSettings()
    options.order = .none
    options.joinDistance = 0
    options.motion = motion
    return (profile, options)
}

/// By `physical`, with the limits of a plot for which nothing is asked.
func defaultSettings() -> (MachineProfile, PlotOptions) {
    var (profile, options) = settings(.physical)
    (profile.penDown, profile.penUp) = (MachineProfile.builtIn[0].penDown, MachineProfile.builtIn[0].penUp)
    return (profile, options)
}

private func measureLimits(
    _ report: inout BenchmarkReport, _ kind: PhysicalDrawing, _ settings: (MachineProfile, PlotOptions)
) throws {
    let (profile, options) = settings
    let strokes = try kind.strokes(report.seed, options, profile)
    let bound = roundedOptimum(strokes, profile, tolerance: options.cornerTolerance)
    for firmware in [FirmwareVersion.v303, .v281] {
        var junction = options
        junction.motion = .junction
        let plain = try Emitter.stream(for: strokes, profile: profile, options: junction, firmware: firmware)
        let start = processorSeconds()
        let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
        let seconds = processorSeconds() - start
        let truth = TrueMotion(stream, profile)
        let limit = profile.penDown.acceleration
        report.add(
            "\(kind.name) \(firmware)", elements: strokes.polylines.points.count, cpuSeconds: seconds,
            figures: [
                ("seconds", stream.durationSeconds), ("ofM3", stream.durationSeconds / bound),
                ("ofJunction", stream.durationSeconds / plain.durationSeconds),
                ("peak10", truth.peak(milliseconds: 10, share: 0.999) / limit),
                ("most20", truth.peak(milliseconds: 20, share: 1) / limit),
                ("most50", truth.peak(milliseconds: 50, share: 1) / limit),
                ("jump99", truth.jump(share: 0.99)), ("mostJump", truth.jump(share: 1)),
                ("commands", Double(stream.commands.count)),
                ("ofJunctionCommands", Double(stream.commands.count) / Double(plain.commands.count)),
                ("junctionPeak10", TrueMotion(plain, profile).peak(milliseconds: 10, share: 0.999) / limit),
            ])
    }
}

/// Pen-down time of both rules when the pen-down acceleration of each is such that its true peak is the maker's limit.
private func measurePeaks(_ report: inout BenchmarkReport, _ kind: PhysicalDrawing) throws {
    let start = processorSeconds()
    var found: [(seconds: Double, peak: Double, acceleration: Double)] = []
    for motion in [PlotOptions.Motion.junction, .physical] {
        var (profile, options) = settings(motion)
        let strokes = try kind.strokes(report.seed, options, profile)
        var (low, high) = (2.0, 20_000.0)
        var best = (seconds: 0.0, peak: 0.0, acceleration: 0.0)
        for _ in 0..<12 {
            profile.penDown.acceleration = (low * high).squareRoot()
            options.motion = motion
            let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: .v303)
            let truth = TrueMotion(stream, profile)
            let peak = truth.peak(milliseconds: 10, share: 0.999)
            if peak <= 762 { low = profile.penDown.acceleration } else { high = profile.penDown.acceleration }
            if peak <= 762 || best.seconds == 0 {
                best = (truth.penDownSeconds, peak, profile.penDown.acceleration)
            }
        }
        found.append(best)
    }
    report.add(
        kind.name, elements: 24, cpuSeconds: processorSeconds() - start,
        figures: [
            ("penDownOfJunction", found[1].seconds / found[0].seconds), ("junction", found[0].seconds),
            ("physical", found[1].seconds), ("junctionPeak", found[0].peak), ("physicalPeak", found[1].peak),
            ("junctionAcceleration", found[0].acceleration), ("physicalAcceleration", found[1].acceleration),
        ])
}

/// The commanded motion with the pen down: steps plus phase, as rate words say it.
struct TrueMotion {
    /// Velocities every millisecond, mm/s, one row a stroke.
    private var rows: [[SIMD2<Double>]] = []
    private var jumps: [Double] = []
    private(set) var penDownSeconds = 0.0

    init(_ stream: CommandStream, _ profile: MachineProfile) {
        var last: Kinematics.Sample?
        Kinematics(stepsPerMillimetre: profile.stepsPerMillimetre).run(stream, period: 1) { sample in
            defer { last = sample }
            guard let before = last else { return }
            if before.tick == sample.tick {
                let change = sample.velocity - before.velocity
                if sample.isPenDown { jumps.append((change * change).sum().squareRoot()) }
                return
            }
            let isMoving = sample.isPenDown && (sample.speed > 0 || before.speed > 0)
            guard isMoving else {
                if rows.last?.isEmpty == false { rows.append([]) }
                return
            }
            penDownSeconds += 1.0 / Double(BoardClock.ticksPerSecond)
            if rows.isEmpty { rows.append([]) }
            if sample.tick % 25 == 0 { rows[rows.count - 1].append(sample.velocity) }
        }
    }

    /// Of the mean acceleration over a window, what `share` of the windows keep to, mm/s².
    func peak(milliseconds: Int, share: Double) -> Double {
        var values: [Double] = []
        for row in rows where row.count > milliseconds {
            for i in 0..<row.count - milliseconds {
                let change = row[i + milliseconds] - row[i]
                values.append((change * change).sum().squareRoot() / (Double(milliseconds) / 1000))
            }
        }
        return Self.quantile(values, share)
    }

    /// Of the steps of velocity between commands, mm/s.
    func jump(share: Double) -> Double { Self.quantile(jumps, share) }

    private static func quantile(_ values: [Double], _ share: Double) -> Double {
        if values.isEmpty { return 0 }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}

/// Time of the rule `physical` in continuous time, pen changes and travels included, s: every vertex rounded by a parabola,
/// acceleration inside it shared out, one backward and one forward pass.
private func roundedOptimum(_ strokes: PlannedStrokes, _ profile: MachineProfile, tolerance: Double) -> Double {
    var place = Point(0, 0)
    var sum = 0.0
    for i in 0..<strokes.polylines.count {
        let points = strokes.polylines[i]
        guard let first = points.first, let last = points.last else { continue }
        sum += trapezoidTime(place.distance(to: first), 0, 0, profile.penUp) + 0.24
        sum += roundedTime(Array(points), profile.penDown, tolerance: tolerance)
        place = last
    }
    return sum + trapezoidTime(place.distance(to: Point(0, 0)), 0, 0, profile.penUp)
}

func roundedTime(_ points: [Point], _ limits: MachineProfile.Limits, tolerance: Double) -> Double {
    var vertices: [Point] = []
    for point in points where point != vertices.last { vertices.append(point) }
    guard vertices.count > 1 else { return 0 }
    let sides = zip(vertices, vertices.dropFirst()).map { $0.distance(to: $1) }
    var (lengths, bends): ([Double], [Double]) = ([], [])
    var legBefore = 0.0
    for i in sides.indices {
        var (leg, bend) = (0.0, 0.0)
        if i + 1 < sides.count {
            let (p, q, r) = (vertices[i], vertices[i + 1], vertices[i + 2])
            let x = (r.x - q.x) / sides[i + 1] - (q.x - p.x) / sides[i]
            let y = (r.y - q.y) / sides[i + 1] - (q.y - p.y) / sides[i]
            let sine = (x * x + y * y).squareRoot() / 2
            if sine > 1e-12 {
                leg = min(2 * tolerance / sine, sides[i] / 2, sides[i + 1] / 2)
                bend = sine / leg
            }
        }
        if sides[i] - legBefore - leg > 1e-12 {
            lengths.append(sides[i] - legBefore - leg)
            bends.append(0)
        }
        if leg > 0 {
            lengths.append(2 * leg)
            bends.append(bend)
        }
        legBefore = leg
    }
    return passTime(lengths, bends, limits)
}

private func passTime(_ lengths: [Double], _ bends: [Double], _ limits: MachineProfile.Limits) -> Double {
    let a = limits.acceleration
    let caps = bends.map { min(limits.speed * limits.speed, $0 > 0 ? a / $0 : .infinity) }
    var squared = Array(repeating: 0.0, count: lengths.count + 1)
    for i in 1..<max(1, lengths.count) { squared[i] = min(caps[i - 1], caps[i]) }
    // Along a bend a/k·sin φ: φ grows by 2·k for each mm.
    func reach(_ from: Double, _ i: Int) -> Double {
        if bends[i] == 0 { return from + 2 * a * lengths[i] }
        let angle = asin(min(1, from * bends[i] / a)) + 2 * bends[i] * lengths[i]
        return a / bends[i] * (angle >= .pi / 2 ? 1 : sin(angle))
    }
    for i in lengths.indices.reversed() { squared[i] = min(squared[i], reach(squared[i + 1], i)) }
    for i in lengths.indices { squared[i + 1] = min(squared[i + 1], reach(squared[i], i)) }
    return lengths.indices.reduce(0) { sum, i in
        if bends[i] == 0 { return sum + trapezoidTime(lengths[i], squared[i], squared[i + 1], limits) }
        return sum + 2 * lengths[i] / max(1e-9, squared[i].squareRoot() + squared[i + 1].squareRoot())
    }
}

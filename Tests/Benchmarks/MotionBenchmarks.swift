internal import EBB
internal import Foundation
internal import Motion

/// From ordered strokes to the command stream.
let motionBenchmarks = [
    Benchmark(name: "emit/poly") { report in
        // A folder of drawings as text, one path a line, "x,y;x,y;…" in mm.
        guard let folder = ProcessInfo.processInfo.environment["AXIDRAWD_POLY"] else { return }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let only = ProcessInfo.processInfo.environment["AXIDRAWD_POLY_NAMES"]?.split(separator: ",").map(String.init)
        for name in names where name.hasSuffix(".poly") {
            let stem = String(name.dropLast(5))
            if let only, !only.contains(stem) { continue }
            let strokes = try readStrokes(folder + "/" + name)
            for firmware in [FirmwareVersion.v303, .v281] { measure(&report, stem, strokes, firmware) }
        }
    }
]

func measure(
    _ report: inout BenchmarkReport, _ name: String, _ strokes: PlannedStrokes, _ firmware: FirmwareVersion
) {
    let (profile, options) = saxiSettings()
    let optimum = junctionOptimum(strokes, profile)
    let emit = { try? Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware) }
    report.measure(
        "\(name) \(firmware)", elements: strokes.polylines.points.count, repeats: 1,
        figures: { (stream: CommandStream?) in
            guard let stream else { return [] }
            let moves = stream.commands.indices.filter {
                if case .acceleratedMove = stream.commands[$0] { true } else { false }
            }
            let ticks = moves.map { stream.ticks[$0] }
            return [
                ("seconds", stream.durationSeconds), ("ratio", stream.durationSeconds / optimum),
                ("commands", Double(stream.commands.count)), ("shortest", Double(ticks.min() ?? 0)),
                ("largestJump", largestJump(stream)),
            ]
        }, emit)
}

/// The figures of `--preset saxi --no-overlap`.
func saxiSettings() -> (MachineProfile, PlotOptions) {
    var profile = MachineProfile.builtIn[0]
    profile.penDown = .init(speed: 50, acceleration: 200)
    profile.penUp = .init(speed: 200, acceleration: 400)
    profile.junctionDeviation = 0.127
    profile.penUpHeight = 44
    profile.penDownHeight = 32.5
    var options = PlotOptions()
    options.liftTime = 0.12
    options.dropTime = 0.12
    options.overlapsPen = false
    options.motion = .junction
    return (profile, options)
}

func readStrokes(_ path: String) throws -> PlannedStrokes {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var lines = Polylines()
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
        for pair in line.split(separator: UInt8(ascii: ";")) {
            let numbers = pair.split(separator: UInt8(ascii: ",")).compactMap { Double(Substring($0)) }
            if numbers.count == 2 { lines.append(Point(numbers[0], numbers[1])) }
        }
        lines.finish()
    }
    return PlannedStrokes(
        polylines: lines, layers: [.init(name: nil, strokes: 0..<lines.count, colour: nil)], pageOrigin: Point(0, 0),
        page: Size(width: 297, height: 210))
}

/// Time of the rule `junction` at its optimum in continuous time, pen changes and travels included, s.
func junctionOptimum(_ strokes: PlannedStrokes, _ profile: MachineProfile) -> Double {
    var place = Point(0, 0)
    var sum = 0.0
    for i in 0..<strokes.polylines.count {
        let points = strokes.polylines[i]
        guard let first = points.first, let last = points.last else { continue }
        sum += trapezoidTime(place.distance(to: first), 0, 0, profile.penUp) + 0.24
        sum += pathTime(Array(points), profile)
        place = last
    }
    return sum + trapezoidTime(place.distance(to: Point(0, 0)), 0, 0, profile.penUp)
}

func pathTime(_ points: [Point], _ profile: MachineProfile) -> Double {
    let (speed, a) = (profile.penDown.speed, profile.penDown.acceleration)
    var vertices: [Point] = []
    for point in points where point != vertices.last { vertices.append(point) }
    guard vertices.count > 1 else { return 0 }
    let lengths = zip(vertices, vertices.dropFirst()).map { $0.distance(to: $1) }
    var squared = Array(repeating: 0.0, count: vertices.count)
    for i in 1..<lengths.count {
        let (p, q, r) = (vertices[i - 1], vertices[i], vertices[i + 1])
        let cosine = ((q.x - p.x) * (r.x - q.x) + (q.y - p.y) * (r.y - q.y)) / (lengths[i - 1] * lengths[i])
        let s = max(0, (1 + cosine) / 2).squareRoot()
        let corner = s < 1 ? a * profile.junctionDeviation * s / (1 - s) : .infinity
        squared[i] = min(speed * speed, corner)
    }
    for i in lengths.indices.reversed() { squared[i] = min(squared[i], squared[i + 1] + 2 * a * lengths[i]) }
    for i in lengths.indices { squared[i + 1] = min(squared[i + 1], squared[i] + 2 * a * lengths[i]) }
    return lengths.indices.reduce(0) {
        $0 + trapezoidTime(lengths[$1], squared[$1], squared[$1 + 1], profile.penDown)
    }
}

func trapezoidTime(_ length: Double, _ entry: Double, _ exit: Double, _ limits: MachineProfile.Limits) -> Double {
    guard length > 0 else { return 0 }
    let a = limits.acceleration
    let peak = min(limits.speed * limits.speed, (entry + exit) / 2 + a * length)
    let flat = length - (2 * peak - entry - exit) / (2 * a)
    let v = peak.squareRoot()
    return (2 * v - entry.squareRoot() - exit.squareRoot()) / a + max(0, flat) / v
}

/// Largest change of one motor's rate between two moves or at rest, steps/s.
func largestJump(_ stream: CommandStream) -> Double {
    var (last1, last2, worst) = (0.0, 0.0, 0.0)
    for (command, ticks) in zip(stream.commands, stream.ticks) {
        var (start1, start2, end1, end2) = (0.0, 0.0, 0.0, 0.0)
        if case .acceleratedMove(let a, let b, _) = command {
            (start1, end1) = ends(a, ticks)
            (start2, end2) = ends(b, ticks)
        } else if ticks == 0 {
            continue
        }
        worst = max(worst, max((start1 - last1).magnitude, (start2 - last2).magnitude))
        (last1, last2) = (end1, end2)
    }
    return worst
}

func ends(_ axis: AxisMove, _ ticks: Int32) -> (Double, Double) {
    guard axis.steps != 0 else { return (0, 0) }
    let scale = (axis.steps < 0 ? -25_000.0 : 25_000) / Double(1 << 31)
    let start = Double(axis.rate) - Double(axis.acceleration / 2)
    return (
        (start + Double(axis.acceleration)) * scale, (start + Double(axis.acceleration) * Double(ticks)) * scale
    )
}

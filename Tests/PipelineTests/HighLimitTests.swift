internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

/// What holds over the whole range of limits with the pen down, by commands as a virtual board executes them: ink within the
/// tolerance, no incident, no command too short, and a higher limit takes no longer.
struct HighLimitTests {
    enum Kind: String, CaseIterable, Sendable { case polygons, zigzags, stars, hilbert, noise, loops, chips }

    struct Case: Sendable, CustomTestStringConvertible {
        var kind: Kind
        var firmware: FirmwareVersion
        var testDescription: String { "\(kind) on \(firmware)" }
    }

    static let cases = Kind.allCases.flatMap { kind in
        [FirmwareVersion.v281, .v303].map { Case(kind: kind, firmware: $0) }
    }

    private static let accelerations = [200.0, 762, 2000, 6000, 20_000]
    private static let speeds = [10.0, 50.2, 400]

    /// By the line's rule a motor's rate steps at corners and between moves, but never as far as no motor follows, and where
    /// two moves meet both have the rates that were planned: what passes the highest rate is cut before, not by the command.
    @Test(arguments: cases)
    func noRateStepsTooFarByTheOtherRule(_ it: Case) throws {
        for seed in [11, 12, 13] as [UInt64] {
            var random = SeededGenerator(seed: seed)
            let lines = it.kind.lines(&random)
            for (speed, acceleration) in [(400.0, 20_000.0), (400, 1500), (310, 8000), (100, 20_000)] {
                let plan = try LimitPlan(
                    lines, it.firmware, speed: speed, acceleration: acceleration, motion: .junction)
                #expect(plan.incidents == [] && plan.isExact, "seed \(seed), \(acceleration) mm/s², \(speed) mm/s")
            }
        }
    }

    /// Wide turns at the highest rate of a motor: what rounds of slowing leave beyond it would wrap round in its register.
    @Test(arguments: [0.24, 0.26], [FirmwareVersion.v281, .v303])
    func noRateWraps(_ pitch: Double, _ firmware: FirmwareVersion) throws {
        let spiral = (0..<400).map { i in
            let (r, angle) = (pitch * Double(i), 0.2 * Double(i))
            return Point(150 + r * cos(angle), 105 + r * sin(angle))
        }.filter { abs($0.y - 105) < 100 }
        let plan = try LimitPlan([spiral], firmware, speed: 400, acceleration: 20_000)
        #expect(plan.incidents == [] && plan.isExact && plan.strayed <= plan.bound)
    }

    /// On 2.8.1 a motor reverses at the end of a command, not a little before or behind it; on 3.0.3 no command is so short that
    /// the tick of rest behind it is felt.
    @Test(arguments: cases)
    func rateWordsFollowEachOther(_ it: Case) throws {
        for seed in [21, 22, 23, 24] as [UInt64] {
            var random = SeededGenerator(seed: seed)
            let plan = try LimitPlan(it.kind.lines(&random), it.firmware, speed: 50.2, acceleration: 762)
            #expect(plan.incidents == [] && plan.isExact && plan.strayed <= plan.bound, "seed \(seed)")
            #expect(plan.jump <= (it.firmware == .v281 ? 1.1 : 0.36), "seed \(seed)")
        }
    }

    @Test(arguments: cases)
    func commandsFollowAtAnyLimits(_ it: Case) throws {
        for seed in [11, 12] as [UInt64] {
            var random = SeededGenerator(seed: seed)
            let lines = it.kind.lines(&random)
            var rows: [[Double]] = []
            for speed in Self.speeds {
                rows.append([])
                for acceleration in Self.accelerations {
                    let label = "\(it.kind), seed \(seed), \(acceleration) mm/s², \(speed) mm/s"
                    let plan = try LimitPlan(lines, it.firmware, speed: speed, acceleration: acceleration)
                    #expect(plan.incidents == [] && plan.isExact, "\(label)")
                    #expect(plan.shortestTicks >= 100, "\(label)")
                    #expect(plan.strayed <= plan.bound, "\(label)")
                    #expect(plan.fastest <= speed * 1.08, "\(label): \(plan.fastest) mm/s")
                    rows[rows.count - 1].append(plan.seconds)
                }
            }
            for (i, row) in rows.enumerated() {
                for (k, seconds) in row.enumerated() {
                    let least = rows[...i].flatMap { $0[...k] }.min() ?? seconds
                    // Up to 1,000 mm/s² paths are tried in fewer ways (decision 0496).
                    #expect(
                        seconds <= least * (Self.accelerations[k] > 1000 ? 1.003 : 1.015),
                        "\(it.kind), seed \(seed), \(Self.accelerations[k]) mm/s², \(Self.speeds[i]) mm/s: slower")
                }
            }
        }
    }
}

/// A plan at some limits, executed by a virtual board.
struct LimitPlan {
    var seconds: Double
    var incidents: [Incident.Kind]
    var isExact: Bool
    var shortestTicks: Int32
    /// Farthest that ink lies from the source, or a place of the source from the ink, mm.
    var strayed: Double
    var bound: Double
    /// mm/s with the pen down, as the rate words have it.
    var fastest: Double
    /// What the velocity steps by between commands with the pen down, mm/s, 99th percentile.
    var jump: Double

    init(
        _ lines: [[Point]], _ firmware: FirmwareVersion, speed: Double, acceleration: Double,
        motion: PlotOptions.Motion = .physical
    ) throws {
        var options = PlotOptions().driven(by: firmware)
        options.motion = motion
        options.order = .none
        options.joins = false
        options.orientation = .landscape
        // A drop that ends with the travel begins in it: what passes the limit there is the travel.
        options.timesDrop = false
        var profile = MachineProfile.builtIn[0]
        profile.penDown = MachineProfile.Limits(speed: speed, acceleration: acceleration)
        let strokes = try Pipeline.strokes(of: Self.svg(lines), options: options, profile: profile)
        let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
        var (most, jumps): (Double, [Double]) = (0, [])
        var last: Kinematics.Sample?
        Kinematics(stepsPerMillimetre: profile.stepsPerMillimetre).run(stream, period: 50) { sample in
            defer { last = sample }
            guard sample.isPenDown else { return }
            most = max(most, sample.speed)
            guard let before = last, before.tick == sample.tick else { return }
            let change = sample.velocity - before.velocity
            jumps.append((change * change).sum().squareRoot())
        }
        fastest = most
        jumps.sort()
        jump = jumps.isEmpty ? 0 : jumps[min(jumps.count - 1, jumps.count * 99 / 100)]
        var bytes: [UInt8] = []
        for command in stream.commands {
            command.write(to: &bytes)
            bytes.append(13)
        }
        let executed = Replay(BoardConfiguration(firmware: firmware)).run(bytes)
        seconds = stream.durationSeconds
        incidents = executed.incidents.map(\.kind)
        isExact = executed.ticks == stream.durationTicks && executed.errors.isEmpty
        shortestTicks = .max
        for (command, ticks) in zip(stream.commands, stream.ticks) {
            if case .timedMove = command { shortestTicks = min(shortestTicks, ticks) }
        }
        var source = Polylines()
        for line in lines {
            for point in line { source.append(point) }
            source.finish()
        }
        let ink = executed.trace.ink
        strayed = max(
            Nearness(source, reach: 1).largestDistance(from: ink, spacing: 0.1).distance,
            Nearness(ink, reach: 1).largestDistance(from: source, spacing: 0.1).distance)
        bound = options.cornerTolerance + (firmware < FirmwareVersion(3, 0, 0) ? 0.025 : 0.0125)
    }

    private static func svg(_ lines: [[Point]]) -> [UInt8] {
        var text = """
            <svg xmlns='http://www.w3.org/2000/svg' width='297mm' height='210mm' viewBox='0 0 297 210' fill='none' \
            stroke='black'>
            """
        for line in lines {
            text += "<polyline points='" + line.map { "\($0.x),\($0.y)" }.joined(separator: " ") + "'/>"
        }
        return Array((text + "</svg>").utf8)
    }
}

extension HighLimitTests.Kind {
    fileprivate func lines(_ random: inout SeededGenerator) -> [[Point]] {
        switch self {
        case .polygons: (0..<6).map { Self.ring($0 + 3, random.between(1, 20), inner: 1, &random) }
        case .loops: (0..<8).map { _ in Self.ring(60, exp(random.between(-1.6, 2.7)), inner: 1, &random) }
        case .stars:
            (0..<4).map { Self.ring(10 + 2 * $0, random.between(2, 18), inner: random.between(0.2, 0.7), &random) }
        case .zigzags:
            (0..<3).map { row in
                let (dx, dy) = (random.between(0.3, 4), random.between(0.5, 12))
                return (0..<20).map { Point(60 + Double($0) * dx, 30 + 40 * Double(row) + Double($0 % 2) * dy) }
            }
        case .hilbert: [Self.hilbert(8, cell: random.between(0.5, 6))]
        case .noise: (0..<2).map { _ in Self.walk(60, step: random.between(0.3, 6), turn: 1.2, &random) }
        case .chips: (0..<8).map { _ in Self.walk(5, step: random.between(0.1, 0.8), turn: 2.5, &random) }
        }
    }

    /// A closed ring of vertices at one or two distances from its middle.
    private static func ring(_ count: Int, _ radius: Double, inner: Double, _ random: inout SeededGenerator) -> [Point]
    {
        let (x, y, phase) = (random.between(40, 250), random.between(40, 170), random.between(0, 6.28))
        return (0...count).map { k in
            let angle = phase + 2 * .pi * Double(k % count) / Double(count)
            let r = k % 2 == 0 || k == count ? radius : radius * inner
            return Point(x + r * cos(angle), y + r * sin(angle))
        }
    }

    private static func walk(_ count: Int, step: Double, turn: Double, _ random: inout SeededGenerator) -> [Point] {
        var place = Point(random.between(90, 200), random.between(70, 140))
        var heading = random.between(0, 6.28)
        var points = [place]
        for _ in 0..<count {
            heading += random.between(-turn, turn)
            place = Point(
                min(max(place.x + step * cos(heading), 20), 270), min(max(place.y + step * sin(heading), 20), 190))
            points.append(place)
        }
        return points
    }

    private static func hilbert(_ side: Int, cell: Double) -> [Point] {
        (0..<side * side).map { index in
            let (x, y) = SeededDrawing.hilbertCell(index, side: side)
            return Point(40 + Double(x) * cell, 40 + Double(y) * cell)
        }
    }
}

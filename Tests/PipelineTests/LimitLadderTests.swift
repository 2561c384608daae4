internal import EBB
internal import Foundation
internal import Motion
internal import TestSupport
internal import Testing

/// A plot takes no longer at a higher limit of speed or acceleration with the pen down, by either rule and on either firmware.
struct LimitLadderTests {
    enum Kind: String, CaseIterable, Sendable { case noise, comb, spiral, walk }

    /// Of a plot: where commands take no more than 0.3 % longer than their motion no other limits are tried.
    private static let slack = 1.005
    private static let speeds = [5.0, 10, 25, 50.2, 75, 100, 200, 400]
    private static let accelerations = [400.0, 762, 1000, 1500, 3000, 8000, 20_000]

    @Test(arguments: Kind.allCases, [PlotOptions.Motion.physical, .junction])
    func timeNeverGrowsWithALimit(_ kind: Kind, _ motion: PlotOptions.Motion) throws {
        for seed in [21, 22] as [UInt64] {
            var random = SeededGenerator(seed: seed)
            let line = kind.line(&random)
            for firmware in [FirmwareVersion.v281, .v303] {
                for acceleration in [762.0, 3000] {
                    try expectNoGrowth(
                        Self.speeds.map { (speed: $0, acceleration: acceleration) }, line, firmware, motion, "\(seed)")
                }
                try expectNoGrowth(
                    Self.accelerations.map { (speed: 200.0, acceleration: $0) }, line, firmware, motion, "\(seed)")
            }
        }
    }

    private func expectNoGrowth(
        _ limits: [(speed: Double, acceleration: Double)], _ line: [Point], _ firmware: FirmwareVersion,
        _ motion: PlotOptions.Motion, _ seed: String
    ) throws {
        var least = Double.infinity
        for limit in limits {
            let seconds = try Self.seconds(line, limit, firmware, motion)
            #expect(seconds <= least * Self.slack, "seed \(seed), \(firmware): slower at \(limit)")
            least = min(least, seconds)
        }
    }

    private static func seconds(
        _ line: [Point], _ limit: (speed: Double, acceleration: Double), _ firmware: FirmwareVersion,
        _ motion: PlotOptions.Motion
    ) throws -> Double {
        var options = PlotOptions().driven(by: firmware)
        options.motion = motion
        options.order = .none
        options.orientation = .landscape
        options.timesDrop = false
        var profile = MachineProfile.builtIn[0]
        profile.penDown = MachineProfile.Limits(speed: limit.speed, acceleration: limit.acceleration)
        let points = line.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        let svg = """
            <svg xmlns='http://www.w3.org/2000/svg' width='297mm' height='210mm' viewBox='0 0 297 210' fill='none' \
            stroke='black'><polyline points='\(points)'/></svg>
            """
        let strokes = try Pipeline.strokes(of: Array(svg.utf8), options: options, profile: profile)
        return try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware).durationSeconds
    }
}

extension LimitLadderTests.Kind {
    fileprivate func line(_ random: inout SeededGenerator) -> [Point] {
        switch self {
        case .noise:
            let step = random.between(0.03, 0.3)
            return (0..<250).map { i in
                let x = Double(i) * step
                return Point(
                    30 + x + random.between(-0.4, 0.4) * step, 80 + 20 * sin(x / 20) + random.between(-0.4, 0.4) * step)
            }
        case .comb:
            let step = random.between(0.1, 0.14)
            return (0..<20).flatMap { i -> [Point] in
                let x = 30 + Double(i) * step
                return [
                    Point(x, 50), Point(x, 50 + 2 * step), Point(x + step / 3, 50 + 2 * step), Point(x + step / 3, 50),
                ]
            }
        case .spiral:
            let pitch = random.between(0.01, 0.1)
            return (0..<300).map { i in
                let (r, angle) = (pitch * Double(i), 0.2 * Double(i))
                return Point(150 + r * cos(angle), 105 + r * sin(angle))
            }
        case .walk:
            var (place, heading) = (Point(150, 105), random.between(0, 6.28))
            let (step, turn) = (random.between(0.2, 2), random.between(0.3, 2))
            return (0..<100).map { _ in
                heading += random.between(-turn, turn)
                place = Point(
                    min(max(place.x + step * cos(heading), 20), 270), min(max(place.y + step * sin(heading), 20), 190))
                return place
            }
        }
    }
}

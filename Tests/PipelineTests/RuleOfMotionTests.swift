internal import EBB
internal import Motion
internal import TestSupport
internal import Testing

/// What holds of a plot's time by either rule of motion, on both firmwares.
struct RuleOfMotionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var motion: PlotOptions.Motion
        var firmware: FirmwareVersion
        var testDescription: String { "\(motion) \(firmware)" }
    }

    static let cases = PlotOptions.Motion.allCases.flatMap { motion in
        [FirmwareVersion.v281, .v303].map { Case(motion: motion, firmware: $0) }
    }

    private func seconds(
        _ drawing: [UInt8], _ it: Case, order: PlotOptions.Order = .full, acceleration: Double? = nil
    ) throws -> Double {
        var options = PlotOptions().driven(by: it.firmware)
        options.motion = it.motion
        options.order = order
        options.orderSeconds = 0
        var profile = MachineProfile.builtIn[0]
        if let acceleration { profile.penDown.acceleration = acceleration }
        let strokes = try Pipeline.strokes(
            of: drawing, options: options, profile: profile,
            execution: .serial.comparing(profile: profile, options: options, firmware: it.firmware))
        return try Emitter.stream(for: strokes, profile: profile, options: options, firmware: it.firmware)
            .durationSeconds
    }

    /// Corners, curves and small circles, whose commands cannot follow at high limits.
    @Test(arguments: cases)
    func timeHardlyGrowsWithTheLimitOfAcceleration(_ it: Case) throws {
        for kind in [SeededDrawing.hilbert, .text, .stipple] {
            let drawing = kind.svg(size: kind == .hilbert ? 64 : 12, seed: 4)
            var least = Double.infinity
            for acceleration in [500.0, 1000, 3000, 8000, 20_000] {
                let time = try seconds(drawing, it, acceleration: acceleration)
                #expect(time <= least * 1.005, "\(kind) at \(acceleration) mm/s²")
                least = min(least, time)
            }
        }
    }

    /// Of one letter and of closed shapes the price decides, by which rule they are driven.
    @Test(arguments: cases)
    func aPlotIsNeverSlowerThanInItsOwnOrder(_ it: Case) throws {
        for kind in [SeededDrawing.contours, .text, .stipple, .flow] {
            for seed in [1, 2] as [UInt64] {
                let drawing = kind.svg(size: kind == .contours ? 6 : 14, seed: seed)
                let (full, own) = (try seconds(drawing, it), try seconds(drawing, it, order: .none))
                #expect(full <= own, "\(kind) seed \(seed)")
            }
        }
    }
}

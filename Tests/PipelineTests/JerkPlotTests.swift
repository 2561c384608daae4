internal import EBB
internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Plots with a limit on jerk, as their commands have it and as a virtual board executes them.
struct JerkPlotTests {
    private static func size(_ kind: SeededDrawing) -> Int {
        switch kind {
        case .hatch, .flow, .stipple, .text, .tree: 8
        case .contours: 2
        case .scan, .hilbert, .spiral: 150
        }
    }

    private static func plot(_ kind: SeededDrawing, _ flags: [String]) throws -> (PreparedPlot, PlotRequest) {
        let request = try Fixture.request(["--motion", "physical", "--join", "0"] + flags)
        let drawing = kind.svg(size: size(kind), seed: 11)
        return (try PreparedPlot(drawing: drawing, request: request, execution: .serial), request)
    }

    @Test(arguments: SeededDrawing.allCases)
    func theCommandsKeepTheJerkAndTheirBoardTheEstimate(_ kind: SeededDrawing) throws {
        for (jerk, flags) in [(20_000.0, ["--no-overlap"]), (200_000, [])] {
            let (plot, request) = try Self.plot(kind, flags + ["--jerk", "\(Int(jerk))"])
            #expect(plot.stream.commands.contains { $0.text.hasPrefix("T3,") }, "\(jerk)")
            // A pen-down in the midst of a travel is a tick without motion.
            if !flags.isEmpty { expectLimits(plot.stream, request.profile, jerk: jerk) }
            let moving = zip(plot.stream.commands, plot.stream.ticks).filter { $0.0.text.hasPrefix("T3,") }
            #expect(moving.allSatisfy { $0.1 >= 100 && $0.1 <= 6_250 })
            let executed = plot.replayed(request)
            #expect(executed.ticks == plot.stream.durationTicks && executed.errors == [] && executed.incidents == [])
            #expect(executed.motor1 == 0 && executed.motor2 == 0 && executed.penUp)
            let ink = executed.penDownMillimetres
            #expect(abs(ink - plot.stream.penDownMillimetres) <= 0.002 * ink + 0.01, "\(ink) mm of ink")
            let source = try kind.flat(size: Self.size(kind), seed: 11, tolerance: 0.0005).polylines
            let most = max(request.options.tolerance, request.options.cornerTolerance) + 0.0125 + 0.0005
            let drawn = executed.trace.ink
            let spacing = max(0.05, (0..<source.count).reduce(0) { $0 + source.length($1) } / 1500)
            let missing = Nearness(drawn, reach: 1).largestDistance(from: source, spacing: spacing)
            #expect(missing.distance <= most, "\(jerk): not drawn at \(missing.place), \(missing.distance) mm")
            let extra = Nearness(source, reach: 1).largestDistance(from: drawn, spacing: spacing)
            #expect(extra.distance <= most, "\(jerk): drawn beside it at \(extra.place), \(extra.distance) mm")
        }
    }

    private func expectLimits(_ stream: CommandStream, _ profile: MachineProfile, jerk: Double) {
        var last: Kinematics.Sample?
        var worst = (jump: 0.0, jerk: 0.0, acceleration: 0.0, speed: 0.0)
        Kinematics(stepsPerMillimetre: profile.stepsPerMillimetre).run(stream, period: 1_000_000) {
            sample in
            defer { last = sample }
            guard let before = last else { return }
            let change = sample.acceleration - before.acceleration
            let size = (change * change).sum().squareRoot()
            if before.tick == sample.tick {
                worst.jump = max(worst.jump, size)
                let jump = sample.velocity - before.velocity
                worst.speed = max(worst.speed, (jump * jump).sum().squareRoot())
            } else {
                worst.jerk = max(worst.jerk, size * 25_000 / Double(sample.tick - before.tick))
            }
            let limit = (before.isPenDown ? profile.penDown : profile.penUp).acceleration
            worst.acceleration = max(worst.acceleration, before.accelerationMagnitude / limit)
        }
        // What the whole numbers of registers and the tick of rest behind each command leave: half a unit of jerk, 45 mm/s³,
        // over a quarter of a second on two motors.
        #expect(worst.jump <= 17, "\(jerk): acceleration jumps by \(worst.jump) mm/s²")
        #expect(worst.speed <= 0.5, "\(jerk): velocity jumps by \(worst.speed) mm/s")
        #expect(worst.jerk <= jerk, "\(jerk): \(worst.jerk) mm/s³")
        #expect(worst.acceleration <= 1.05, "\(jerk): \(worst.acceleration) of the limit")
    }

    @Test func firmware2HasNoSuchMoves() throws {
        #expect {
            try Self.plot(.hatch, ["--jerk", "20000", "--firmware", "2.8.1"])
        } throws: {
            "\($0)".contains("--jerk needs 3.0.0") || String(reflecting: $0).contains("noJerk")
        }
        let (plain, _) = try Self.plot(.hatch, ["--jerk", "none", "--firmware", "2.8.1"])
        #expect(plain.stream.durationTicks > 0)
    }

    /// A way of drawing brings the maker's jerk along; where that cannot be kept it goes without.
    @Test func presetsHaveTheirJerkOnFirmware3() throws {
        for (flags, isLimited) in [
            (["--preset", "technical"], true), (["--preset", "technical", "--firmware", "2.8.1"], false),
            (["--preset", "sketch", "--motion", "junction"], false), (["--preset", "sketch", "--jerk", "none"], false),
            (["--preset", "constant"], false),
        ] {
            let request = try Fixture.request(flags)
            let drawing = SeededDrawing.text.svg(size: 2, seed: 1)
            let plot = try PreparedPlot(drawing: drawing, request: request, execution: .serial)
            #expect(plot.stream.commands.contains { $0.text.hasPrefix("T3,") } == isLimited, "\(flags)")
        }
    }

    @Test func theOtherRuleKnowsNoJerk() {
        #expect(throws: UsageError.self) { try Fixture.request(["--motion", "junction", "--jerk", "20000"]) }
        #expect(throws: UsageError.self) { try Fixture.request(["--jerk", "99"]) }
        #expect(throws: Never.self) {
            let request = try Fixture.request(["--jerk", "20000"])
            #expect(request.options.motion == .physical && request.options.jerk == 20_000)
        }
    }
}

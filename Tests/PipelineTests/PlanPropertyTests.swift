internal import EBB
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// What a virtual board draws against the source, on drawings made from seeds.
struct PlanPropertyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var kind: SeededDrawing
        var firmware: String
        var testDescription: String { "\(kind) on \(firmware)" }
    }

    private static let cases = SeededDrawing.allCases.flatMap { kind in
        ["2.8.1", "3.0.3"].map { Case(kind: kind, firmware: $0) }
    }

    /// Strokes, or points where one stroke is the drawing: small enough to be looked at place by place.
    private func size(_ kind: SeededDrawing) -> Int {
        switch kind {
        case .hatch, .flow, .stipple, .text, .tree: 50
        case .contours: 10
        case .scan, .hilbert, .spiral: 800
        }
    }

    private func drawing(_ kind: SeededDrawing, seed: UInt64) -> [UInt8] { kind.svg(size: size(kind), seed: seed) }

    /// Firmware 2.8.1 has one command in reserve, so its moves are longer and off by a step more.
    private func slack(_ firmware: String) -> Double { firmware == "2.8.1" ? 0.025 : 0.0125 }

    @Test(arguments: cases)
    func theInkIsWithinTheToleranceOfTheSourceBothWays(_ this: Case) throws {
        let settings: [(UInt64, [String])] = [
            (1, []), (2, ["--preset", "saxi", "--motion", "junction"]),
            (3, ["--tolerance", "0.1", "--motion", "junction"]), (6, ["--tolerance", "0.005", "--motion", "junction"]),
        ]
        for (seed, flags) in settings {
            let request = try Fixture.request(["--firmware", this.firmware, "--join", "0"] + flags)
            let bytes = drawing(this.kind, seed: seed)
            let plot = try PreparedPlot(drawing: bytes, request: request, execution: .serial)
            let drawn = plot.replayed(request).trace.ink
            let source = try this.kind.flat(size: size(this.kind), seed: seed, tolerance: 0.0005).polylines
            // Corners are rounded by more than the tolerance, with one rule.
            let rounding =
                request.options.motion == .physical && this.kind.hasCorners ? request.options.cornerTolerance : 0
            // Known excess at the finest tolerance, of one place in ten loops: rounding at both ends of a move and the lag of
            // its steps meet there, 0.001 mm beyond a step.
            let excess = this.kind == .contours && request.options.tolerance < 0.01 ? 0.001 : 0
            let most = max(request.options.tolerance, rounding) + slack(this.firmware) + 0.0005 + excess
            // Every vertex of either, and a few thousand places between them.
            let spacing = max(0.05, (0..<source.count).reduce(0) { $0 + source.length($1) } / 3000)
            let missing = Nearness(drawn, reach: 1).largestDistance(from: source, spacing: spacing)
            #expect(missing.distance <= most, "seed \(seed), \(flags): not drawn at \(missing.place)")
            let extra = Nearness(source, reach: 1).largestDistance(from: drawn, spacing: spacing)
            #expect(extra.distance <= most, "seed \(seed), \(flags): drawn beside it at \(extra.place)")
        }
    }

    @Test(arguments: cases)
    func stepsAddUpAndTheEstimateIsExact(_ this: Case) throws {
        for (seed, motion) in [(4, "junction"), (5, "physical")] as [(UInt64, String)] {
            let request = try Fixture.request(["--firmware", this.firmware, "--motion", motion])
            let bytes = drawing(this.kind, seed: seed)
            let plot = try PreparedPlot(drawing: bytes, request: request, execution: .serial)
            var sum = (motor1: 0, motor2: 0)
            for command in plot.stream.commands {
                switch command {
                case .acceleratedMove(let a, let b, _): sum = (sum.motor1 + Int(a.steps), sum.motor2 + Int(b.steps))
                case .timedMove(_, let a, let b, _): sum = (sum.motor1 + Int(a.steps), sum.motor2 + Int(b.steps))
                default: continue
                }
            }
            #expect(sum == (0, 0), "seed \(seed): ends at home")
            let executed = plot.replayed(request)
            #expect(executed.motor1 == 0 && executed.motor2 == 0 && executed.penUp, "seed \(seed)")
            #expect(executed.ticks == plot.stream.durationTicks, "seed \(seed)")
            #expect(executed.errors == [] && executed.incidents == [], "seed \(seed)")
            #expect(executed.penLifts == plot.strokeCount, "seed \(seed)")
        }
    }

    /// At the highest rate a board makes a step in each tick but the first: a travel that is cut for the drop keeps to that.
    @Test(arguments: ["2.8.1", "3.0.3"])
    func theEstimateIsExactAtTheFastestTravel(_ firmware: String) throws {
        for (speed, acceleration) in [("250", "5000"), ("400", "20000")] {
            let request = try Fixture.request([
                "--firmware", firmware, "--motion", "junction", "--pen-up-speed", speed, "--pen-up-acceleration",
                acceleration,
            ])
            let plot = try PreparedPlot(
                drawing: SeededDrawing.hatch.svg(size: 60, seed: 250), request: request, execution: .serial)
            let executed = plot.replayed(request)
            #expect(executed.ticks == plot.stream.durationTicks, "\(speed), \(acceleration)")
            #expect(executed.motor1 == 0 && executed.motor2 == 0)
        }
    }

    /// Joined, ordered and with free starts a drawing never takes longer than in its own order, by its commands.
    @Test(arguments: cases)
    func fullIsNeverSlowerThanTheDrawingsOwnOrder(_ this: Case) throws {
        for (seed, flags) in [(8, []), (9, ["--preset", "saxi", "--motion", "junction"])] as [(UInt64, [String])] {
            let bytes = drawing(this.kind, seed: seed)
            func seconds(_ order: String) throws -> Double {
                let request = try Fixture.request(["--firmware", this.firmware, "--order", order] + flags)
                return try PreparedPlot(drawing: bytes, request: request, execution: .serial).stream.durationSeconds
            }
            #expect(try seconds("full") <= seconds("none"), "seed \(seed), \(flags)")
        }
    }

    /// Stages are named when they begin: planning and making commands take turns, nothing else is told of.
    @Test(arguments: [["--firmware", "2.8.1", "--motion", "junction"], []])
    func stagesAreToldAsTheyAre(_ flags: [String]) throws {
        let told = Mutex<[(String, Double)]>([])
        var execution = PlanExecution.serial
        execution.progress = { stage, fraction in told.withLock { $0.append(("\(stage)", fraction)) } }
        let request = try Fixture.request(flags + ["--order", "none"])
        let plot = try PreparedPlot(
            drawing: SeededDrawing.hatch.svg(size: 9000, seed: 1), request: request, execution: execution)
        var names: [String] = []
        for (name, _) in told.withLock({ $0 }) where name != names.last { names.append(name) }
        let batches = (plot.strokeCount + 4095) / 4096
        let turns = (names.count - 4) / 2
        #expect(turns >= batches && batches > 1)
        #expect(
            names == ["parse", "flatten", "join", "order"] + Array(repeating: ["plan", "emit"], count: turns).joined())
        for stage in ["plan", "emit"] {
            let parts = told.withLock { $0.filter { $0.0 == stage }.map(\.1) }
            #expect(parts == parts.sorted() && parts.allSatisfy { (0...1).contains($0) })
        }
        #expect(told.withLock { $0.last?.1 } == 1)
    }

    @Test(arguments: SeededDrawing.allCases)
    func sameInputSameBytes(_ kind: SeededDrawing) throws {
        let request = try Fixture.request(["--preset", "saxi"])
        let bytes = drawing(kind, seed: 7)
        let plots = try [.serial, .onAllCores()].map { (execution: PlanExecution) in
            try PreparedPlot(drawing: bytes, request: request, execution: execution).bytes(lineEnd: 10)
        }
        #expect(plots[0] == plots[1])
        #expect(bytes == drawing(kind, seed: 7) && bytes != drawing(kind, seed: 8))
    }
}

extension Trace {
    /// What the pen touched, as lines in mm.
    var ink: Polylines {
        var lines = Polylines()
        var isTouching = false
        for vertex in vertices {
            if vertex.isTouching || isTouching {
                let (a, b) = (Double(vertex.motor1), Double(vertex.motor2))
                lines.append(Point((a + b) / 160, (a - b) / 160))
            }
            if !vertex.isTouching { lines.finish() }
            isTouching = vertex.isTouching
        }
        lines.finish()
        return lines
    }
}

extension SeededDrawing {
    /// Whether it has corners, beside the ends of its strokes.
    fileprivate var hasCorners: Bool {
        switch self {
        case .hatch, .flow, .stipple, .contours: false
        // Of so few points the spiral is one of corners.
        case .text, .tree, .scan, .hilbert, .spiral: true
        }
    }
}

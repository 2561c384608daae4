internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Plots that wait for a person by their own plan: for pens, and for layers that ask.
struct StopRunTests {
    private static let firmwares = ["2.5.3", "2.8.1", "3.0.3"]
    /// Firmware 3.0.3, and a plot whose jerk is limited.
    private static let jerkLimited = "3.0.3, jerk"

    /// Three pens of four strokes each, the last after a pause of its own.
    private static let drawing: [UInt8] = {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='90mm' height='60mm' viewBox='0 0 90 60' fill='none'>"
        for (row, layer) in ["1 red", "2 blue", "!2 +S20 +D40 more", "3 green"].enumerated() {
            text += "<g data-name='\(layer)' stroke='black'>"
            for i in 0..<4 { text += "<path d='M\(8 + i * 12) \(8 + row * 12)h5v4'/>" }
            text += "</g>"
        }
        return Array((text + "</svg>").utf8)
    }()

    private static let prompts = [
        "pen 2, blue: put it in", "before the layer !2 +S20 +D40 more", "pen 3, green: put it in",
    ]

    private static func own(_ firmware: String) -> [String] {
        firmware == jerkLimited ? ["--jerk", "20000"] : ["--firmware", firmware]
    }

    private static func plot(_ firmware: String, _ flags: [String] = []) throws -> (PreparedPlot, PlotRequest) {
        let request = try Fixture.request(own(firmware) + flags)
        return (try PreparedPlot(drawing: drawing, request: request, execution: .serial), request)
    }

    /// A run of which everything that it asks is noted, with the strokes done and the pen, and answered a second later.
    private final class AskedRun: Sendable {
        struct Asked: Equatable, Sendable {
            var prompt: String
            var lifts: Int
            var isUpAndIdle: Bool
        }

        struct Seen: Sendable {
            var asked: [Asked] = []
            var lost = 0
            var isArranged = false
            var progress = PlotProgress()
            var changes: [(mark: Int, command: Int)] = []
        }

        let loopback: Loopback
        let driver: Driver
        let requests = RunRequests()
        let seen = Mutex(Seen())

        /// - Parameter board: with the plot of an earlier run on it; nil = a fresh one.
        init(_ request: PlotRequest, on board: Loopback? = nil) async throws {
            loopback = board ?? Loopback(request.board, speed: .maximum)
            driver = Driver(transport: loopback)
            _ = try await driver.connect()
        }

        /// - Parameters:
        ///   - action: done at that tick.
        ///   - answer: to what the run asks; nil = it goes on.
        func draw(
            _ program: Program, from place: (command: Int, counters: MotorPosition)? = nil, at tick: Int64? = nil,
            _ action: @escaping @Sendable (AskedRun) -> Void = { _ in },
            answer: (@Sendable (PauseReason, AskedRun) -> Void)? = nil
        ) async -> RunEnd {
            let end = await driver.run(RunStart(program, place: place), requests: requests) { [self] event in
                let isFirst = seen.withLock { seen in
                    defer { seen.isArranged = true }
                    return !seen.isArranged
                }
                if isFirst, let tick { loopback.perform(at: tick) { [self] in action(self) } }
                if case .progressed(let progress) = event { seen.withLock { $0.progress = progress } }
                if case .changed(let mark, let command) = event { seen.withLock { $0.changes.append((mark, command)) } }
                guard case .stood(let reason) = event else { return }
                take(reason, answer)
            }
            loopback.endArrangements()
            return end
        }

        private func take(_ reason: PauseReason, _ answer: (@Sendable (PauseReason, AskedRun) -> Void)?) {
            let place = loopback.snapshot(since: 0)
            let (now, isIdle) = loopback.withBoard { ($0.now, $0.isIdle) }
            seen.withLock { seen in
                if case .planned(let stop) = reason {
                    seen.asked.append(
                        Asked(prompt: stop.prompt, lifts: place.penLifts, isUpAndIdle: place.isPenUp && isIdle))
                } else {
                    seen.lost += 1
                }
            }
            loopback.perform(at: now + 25_000) { [self] in
                if let answer { answer(reason, self) } else { requests.resume() }
            }
        }

        var vertices: [Trace.Vertex] {
            let seen = loopback.snapshot(since: 0)
            return seen.vertices + [seen.live]
        }
        var ink: PenSteps { PenSteps(vertices) }
        var prompts: [String] { seen.withLock { $0.asked.map(\.prompt) } }
    }

    /// Ink of the plot that asks nobody, and how long it took.
    private static func undisturbed(_ plot: PreparedPlot, _ request: PlotRequest) async throws
        -> (ink: PenSteps, start: Int64, end: Int64)
    {
        let run = try await AskedRun(request)
        let start = run.loopback.withBoard { $0.now }
        var program = Program(plot.stream)
        program.stops = []
        #expect(await run.draw(program) == .done)
        return (run.ink, start, run.loopback.withBoard { $0.now })
    }

    @Test(arguments: firmwares) func itStandsPenUpBeforeEachOfThem(_ firmware: String) async throws {
        for flags in [[], ["--no-overlap"]] {
            let (plot, request) = try Self.plot(firmware, flags)
            let whole = try await Self.undisturbed(plot, request)
            let run = try await AskedRun(request)
            #expect(await run.draw(Program(plot.stream)) == .done)
            let asked = run.seen.withLock { $0.asked }
            #expect(asked.map(\.prompt) == Self.prompts && asked.allSatisfy(\.isUpAndIdle))
            #expect(asked.map(\.lifts) == [4, 8, 12])
            #expect(run.ink == whole.ink)
        }
    }

    /// Whatever is asked of the run meanwhile, each stop is stood at once and before its stroke.
    @Test(arguments: ["2.8.1", "3.0.3", jerkLimited])
    func pausesAndOtherPlansBesideThemChangeNothing(_ firmware: String) async throws {
        let (plot, request) = try Self.plot(firmware)
        let plans = try [[], ["--pen-down-speed", "12"]].map {
            try InkedPlan(Self.drawing, Self.own(firmware) + $0)
        }
        let whole = try await Self.undisturbed(plot, request)
        for share in 0..<12 {
            let tick = whole.start + 20 + (whole.end - whole.start - 100) * Int64(share) / 12
            let run = try await AskedRun(request)
            let end = await run.draw(Program(plot.stream), at: tick) { run in
                switch share % 3 {
                case 0: run.requests.pause(.now)
                case 1: run.requests.pause(.atPenUp)
                default: run.requests.change(to: plans[1].program, mark: 1)
                }
            }
            #expect(end == .done && run.prompts == Self.prompts, "at \(tick)")
            let changes = run.seen.withLock { $0.changes }
            #expect(share % 3 == 2 || changes.isEmpty, "at \(tick)")
            #expect(run.ink == InkedPlan.ink(of: plans, changes: changes), "at \(tick)")
            // A pause within a stroke lifts the pen once more.
            let lifts = run.seen.withLock { $0.asked.map(\.lifts) }
            #expect(lifts == [4, 8, 12] || share % 3 == 0, "at \(tick)")
        }
    }

    /// A cable that is pulled, between the stops or while somebody changes the pen, loses none of them and asks none twice.
    @Test(arguments: ["2.8.1", "3.0.3", jerkLimited]) func aLostCableLosesNone(_ firmware: String) async throws {
        let (plot, request) = try Self.plot(firmware)
        let whole = try await Self.undisturbed(plot, request)
        // A stop lasts a second, so that some of them fall into it.
        let length = whole.end - whole.start + 3 * 25_000
        for share in 0..<10 {
            let tick = whole.start + 2_000 + (length - 4_000) * Int64(share) / 10
            let run = try await AskedRun(request)
            let end = await run.draw(Program(plot.stream), at: tick) { run in
                run.loopback.pullCable()
                run.loopback.perform(at: tick + 12_500) { run.loopback.plugCable() }
            }
            #expect(end == .done && run.prompts == Self.prompts && run.ink == whole.ink, "at \(tick)")
        }
    }

    /// A host that is killed, between the stops or at one of them: the next one goes on at the very step, and asks again for
    /// what nobody has answered.
    @Test(arguments: ["2.8.1", "3.0.3", jerkLimited]) func aKilledHostLosesNone(_ firmware: String) async throws {
        let (plot, request) = try Self.plot(firmware)
        let whole = try await Self.undisturbed(plot, request)
        let length = whole.end - whole.start + 3 * 25_000
        for share in 0..<10 {
            let tick = whole.start + 4_000 + (length - 8_000) * Int64(share) / 10
            let run = try await AskedRun(request)
            let program = Program(plot.stream)
            _ = await run.draw(
                program, at: tick, { $0.loopback.pullCable() },
                answer: { reason, run in
                    if case .linkLost = reason { run.requests.stop() } else { run.requests.resume() }
                })
            await run.driver.close()
            run.loopback.plugCable()
            let next = try await AskedRun(request, on: run.loopback)
            let isUp = try await next.driver.ask(.isPenUp)
            if !isUp { _ = try await next.driver.ask(.pen(isUp: true, milliseconds: 300, pin: nil)) }
            let record = RunRecord(
                session: DriverSettings().session, command: run.seen.withLock { $0.progress.commands }, isPenUp: isUp)
            guard case .proven(let command, let counters) = try await next.driver.place(in: program, record: record)
            else {
                Issue.record("not proven at \(tick)")
                continue
            }
            #expect(await next.draw(program, from: (command, counters)) == .done, "at \(tick)")
            var asked: [String] = []
            for prompt in run.prompts + next.prompts where asked.last != prompt { asked.append(prompt) }
            #expect(asked == Self.prompts && run.prompts.count + next.prompts.count <= 4, "at \(tick)")
            #expect(next.ink == whole.ink, "at \(tick)")
        }
    }

    /// Power that is lost while a pen is changed: the carriage is brought home, and the pen asked for again.
    @Test(arguments: ["2.8.1", "3.0.3"]) func afterHomingThePenIsAskedForAgain(_ firmware: String) async throws {
        let (plot, request) = try Self.plot(firmware)
        let whole = try await Self.undisturbed(plot, request)
        let run = try await AskedRun(request)
        let hasFailed = Mutex(false)
        let end = await run.draw(
            Program(plot.stream),
            answer: { reason, run in
                let isFirst = hasFailed.withLock { failed in
                    defer { failed = true }
                    return !failed
                }
                if isFirst {
                    run.loopback.withBoard { $0.setSupply(counts: 0) }
                    Task { await run.driver.look() }
                    return
                }
                if reason.isPositionUnknown {
                    run.loopback.withBoard { board in
                        board.setSupply(counts: 300)
                        board.carryHome()
                    }
                }
                run.requests.resume()
            })
        #expect(end == .done && run.ink == whole.ink)
        #expect(run.prompts == [Self.prompts[0]] + Self.prompts && run.seen.withLock { $0.lost } == 1)
    }
}

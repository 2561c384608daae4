internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Speeds and pen heights that are changed while a plot is being drawn.
struct ChangeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var firmware: String
        var flags: [String] = []
        var testDescription: String { ([firmware] + flags).joined(separator: " ") }
    }

    /// By the rule of each board, and by the other one where it has both.
    static let cases = [
        Case(firmware: "2.5.3"), Case(firmware: "2.8.1"), Case(firmware: "3.0.3"),
        Case(firmware: "3.0.3", flags: ["--motion", "junction"]),
    ]

    /// Zigzags: each plan rounds their corners by its own speeds.
    private static let drawing: [UInt8] = {
        var generator = SeededGenerator(seed: 77)
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='120mm' height='90mm' viewBox='0 0 120 90' "
        text += "fill='none' stroke='black'>"
        for i in 0..<24 {
            text += "<path d='M\(8 + i % 6 * 18) \(8 + i / 6 * 18)"
            for _ in 0..<2 { text += String(format: "h%.2fv%.2f", 2 + generator.unit() * 5, 2 + generator.unit() * 5) }
            text += "'/>"
        }
        return Array((text + "</svg>").utf8)
    }()

    private static func plan(_ this: Case, _ flags: [String] = []) throws -> InkedPlan {
        try InkedPlan(drawing, ["--firmware", this.firmware] + this.flags + flags)
    }

    /// One run on the virtual board with changes at some moments.
    private final class ChangedRun: Sendable {
        struct Seen: Sendable {
            var isArranged = false
            var changed: [(mark: Int, command: Int)] = []
            var kept: [Int] = []
            var reasons: [PauseReason] = []
            /// Time left just before and just after each change.
            var remaining: [(before: Double, after: Double)] = []
            var progress = PlotProgress()
            var hasJustChanged = false
        }

        let loopback: Loopback
        let driver: Driver
        let seen = Mutex(Seen())
        let requests = RunRequests()

        init(_ request: PlotRequest) async throws {
            var configuration = request.board
            configuration.keepsRecords = true
            loopback = Loopback(configuration, speed: .maximum)
            driver = Driver(transport: loopback)
            _ = try await driver.connect()
            _ = loopback.withBoard { $0.takeRecords() }
        }

        func draw(
            _ plot: PreparedPlot, at ticks: [Int64] = [],
            _ action: @escaping @Sendable (RunRequests, Int) -> Void = { _, _ in }
        ) async -> JobEnd {
            let end = await driver.run(RunStart(Program(plot.stream)), requests: requests) { [self] event in
                let isFirst = seen.withLock { seen in
                    defer { seen.isArranged = true }
                    return !seen.isArranged
                }
                if isFirst {
                    for (number, tick) in ticks.enumerated() {
                        loopback.perform(at: tick) { [requests] in action(requests, number) }
                    }
                }
                take(event)
            }
            loopback.endArrangements()
            return JobEnd(end)
        }

        private func take(_ event: RunEvent) {
            let stood = seen.withLock { seen -> Bool in
                switch event {
                case .progressed(let progress):
                    if seen.hasJustChanged {
                        seen.remaining.append((seen.progress.remainingSeconds, progress.remainingSeconds))
                    }
                    seen.hasJustChanged = false
                    seen.progress = progress
                case .changed(let mark, let command):
                    seen.changed.append((mark, command))
                    seen.hasJustChanged = true
                case .kept(let mark): seen.kept.append(mark)
                case .stood(let reason):
                    seen.reasons.append(reason)
                    return true
                case .recovered, .pressed, .grew: break
                }
                return false
            }
            guard stood else { return }
            let now = loopback.withBoard { $0.now }
            loopback.perform(at: now + 25_000) { self.requests.resume() }
        }

        var vertices: [Trace.Vertex] {
            let seen = loopback.snapshot(since: 0)
            return seen.vertices + [seen.live]
        }
        /// What is not as it should be at the end; nil if all is.
        ///
        /// Each stroke is drawn by one plan to the step: by the first, from a change on by the one that was given then.
        ///
        /// - Parameters:
        ///   - plans: the one it began with, and behind it each at the index that is its mark.
        ///   - isRough: rates may jump, as they do in the undisturbed plot of an old board.
        func fault(_ end: JobEnd, _ plans: [InkedPlan], isRough: Bool) -> String? {
            if end != .done { return "ended \(end)" }
            let incidents = loopback.withBoard { $0.incidents }
            if let first = incidents.first(where: { !isRough || $0.kind != .accelerationStep }) { return "\(first)" }
            let ink = InkedPlan.ink(of: plans, changes: seen.withLock { $0.changed })
            return PenSteps(vertices) == ink ? nil : "other ink"
        }

        var commands: [String] {
            loopback.withBoard { $0.takeRecords() }.map { String(decoding: $0.command, as: UTF8.self) }
        }
    }

    private static func moments(_ run: ChangedRun, _ start: Int64, _ count: Int) -> [Int64] {
        let end = run.loopback.withBoard { $0.now }
        return (0..<count).map { start + 10 + (end - start - 100) * Int64($0) / Int64(count) }
    }

    private static func undisturbed(_ plan: InkedPlan, _ count: Int) async throws -> (ticks: [Int64], lifts: Int) {
        let run = try await ChangedRun(plan.request)
        let start = run.loopback.withBoard { $0.now }
        #expect(await run.draw(plan.plot) == .done)
        #expect(PenSteps(run.vertices) == plan.ink)
        return (moments(run, start, count), run.loopback.snapshot(since: 0).penLifts)
    }

    /// The source, whichever plan draws it: corners as far as they may be rounded, and a step.
    @Test(arguments: cases) func anyPlanIsWithinTheToleranceOfTheSource(_ this: Case) throws {
        let source = try Pipeline.flatDrawing(of: Self.drawing, options: PlotOptions(), tolerance: 0.001).polylines
        for flags in [[], ["--pen-down-speed", "6", "--pen-up-speed", "40"], ["--pen-down-speed", "35"]] {
            let plan = try Self.plan(this, flags)
            let drawn = plan.plot.replayed(plan.request).trace.ink
            let most =
                plan.request.options.driven(by: plan.request.firmware).motion == .physical
                ? plan.request.options.cornerTolerance : plan.request.options.tolerance
            let step = this.firmware == "3.0.3" ? 0.0125 : 0.025
            for distance in [
                Nearness(drawn, reach: 1).largestDistance(from: source, spacing: 0.1),
                Nearness(source, reach: 1).largestDistance(from: drawn, spacing: 0.1),
            ] {
                #expect(distance.distance <= most + step, "\(flags), at \(distance.place)")
            }
        }
    }

    @Test(arguments: cases) func theInkStaysAndTheTimeLeftFollows(_ this: Case) async throws {
        let plan = try Self.plan(this)
        let slow = try Self.plan(this, ["--pen-down-speed", "6", "--pen-up-speed", "40"])
        let whole = try await Self.undisturbed(plan, 9)
        for tick in whole.ticks {
            let run = try await ChangedRun(plan.request)
            let end = await run.draw(plan.plot, at: [tick]) { run, _ in run.change(to: slow.program, mark: 1) }
            #expect(run.fault(end, [plan, slow], isRough: this.firmware == "2.5.3") == nil, "at \(tick)")
            #expect(run.loopback.snapshot(since: 0).penLifts == whole.lifts, "at \(tick)")
            #expect(run.loopback.withBoard { $0.position == (0, 0) }, "at \(tick)")
            let seen = run.seen.withLock { $0 }
            #expect(seen.changed.map(\.mark) == [1] || tick == whole.ticks.last, "at \(tick)")
            #expect(seen.kept.isEmpty && seen.progress.strokes == whole.lifts, "at \(tick)")
            for (before, after) in seen.remaining where before > 2 { #expect(after > before, "at \(tick)") }
        }
    }

    @Test(arguments: cases) func heightsChangeAtTheBorderOfAStroke(_ this: Case) async throws {
        let plan = try Self.plan(this)
        let other = try Self.plan(this, ["--pen-up-height", "80", "--pen-down-height", "22"])
        #expect(other.strokes == plan.strokes)
        let whole = try await Self.undisturbed(plan, 7)
        let pen = PenModel(profile: other.request.profile, options: other.request.options)
        for tick in whole.ticks {
            let run = try await ChangedRun(plan.request)
            let end = await run.draw(plan.plot, at: [tick]) { run, _ in run.change(to: other.program, mark: 1) }
            #expect(run.fault(end, [plan, other], isRough: this.firmware == "2.5.3") == nil, "at \(tick)")
            guard run.seen.withLock({ $0.changed.map(\.mark) == [1] }) else {
                #expect(tick == whole.ticks.last)
                continue
            }
            let commands = run.commands.filter { !$0.hasPrefix("Q") }
            let first = try #require(commands.lastIndex { $0.hasPrefix("SC,4,\(pen.upPulse)") } as Int?, "at \(tick)")
            // Between the end of one stroke and the way to the next: after a pen-up, and raised at once.
            #expect(commands[first - 1].hasPrefix("SP,1"), "at \(tick)")
            #expect(commands[first + 1].hasPrefix("SC,5,\(pen.downPulse)"), "at \(tick)")
            #expect(commands[first + 2].hasPrefix("SP,1"), "at \(tick)")
            #expect(commands.filter { $0.hasPrefix("SC,4") }.count == 2, "at \(tick)")
        }
    }

    @Test(arguments: cases) func togetherWithAPauseAndWithALaterChange(_ this: Case) async throws {
        let plan = try Self.plan(this)
        let slow = try Self.plan(this, ["--pen-down-speed", "6"])
        let fast = try Self.plan(this, ["--pen-down-speed", "35", "--pen-up-height", "70"])
        let whole = try await Self.undisturbed(plan, 7)
        for (index, tick) in whole.ticks.dropLast(2).enumerated() {
            let run = try await ChangedRun(plan.request)
            let end = await run.draw(plan.plot, at: [tick, tick + 2_500]) { run, number in
                if number == 0 {
                    run.change(to: slow.program, mark: 1)
                    run.pause(index % 2 == 0 ? .now : .atPenUp)
                } else {
                    run.change(to: fast.program, mark: 2)
                }
            }
            let isRough = this.firmware == "2.5.3" || index % 2 == 0
            #expect(run.fault(end, [plan, slow, fast], isRough: isRough) == nil, "at \(tick)")
            let seen = run.seen.withLock { $0 }
            #expect(seen.reasons == [.asked], "at \(tick)")
            let marks = seen.changed.map(\.mark)
            #expect(marks.last == 2 && (marks + seen.kept).sorted() == [1, 2], "at \(tick)")
        }
    }

    @Test(arguments: cases) func anotherDrawingIsNotTaken(_ this: Case) async throws {
        let plan = try Self.plan(this)
        let part = try Self.plan(this, ["--min-length", "16"])
        #expect(part.plot.strokeCount != plan.plot.strokeCount)
        let whole = try await Self.undisturbed(plan, 4)
        let run = try await ChangedRun(plan.request)
        let end = await run.draw(plan.plot, at: [whole.ticks[2]]) { run, _ in run.change(to: part.program, mark: 3) }
        #expect(end == .done && PenSteps(run.vertices) == plan.ink)
        #expect(run.seen.withLock { $0.kept == [3] && $0.changed.isEmpty })
    }
}

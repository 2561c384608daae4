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
    static let firmwares = ["2.5.3", "2.8.1", "3.0.3"]

    /// Zigzags of straight lines: at any speed the very same steps.
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

    private static func plot(_ firmware: String, _ flags: [String] = []) throws -> (PreparedPlot, PlotRequest) {
        let request = try Fixture.request(["--firmware", firmware] + flags)
        return (try PreparedPlot(drawing: drawing, request: request, execution: .serial), request)
    }

    /// One run on the virtual board with changes at some moments.
    private final class ChangedRun: Sendable {
        struct Seen: Sendable {
            var isArranged = false
            var changed: [Int] = []
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
                case .changed(let mark, _):
                    seen.changed.append(mark)
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
        /// - Parameter isRough: rates may jump, as they do in the undisturbed plot of an old board.
        func fault(_ end: JobEnd, _ ink: PenSteps, isRough: Bool) -> String? {
            if end != .done { return "ended \(end)" }
            let incidents = loopback.withBoard { $0.incidents }
            if let first = incidents.first(where: { !isRough || $0.kind != .accelerationStep }) { return "\(first)" }
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

    private static func undisturbed(_ plot: PreparedPlot, _ request: PlotRequest, _ count: Int) async throws
        -> (ticks: [Int64], ink: PenSteps, lifts: Int)
    {
        let run = try await ChangedRun(request)
        let start = run.loopback.withBoard { $0.now }
        #expect(await run.draw(plot) == .done)
        return (moments(run, start, count), PenSteps(run.vertices), run.loopback.snapshot(since: 0).penLifts)
    }

    @Test(arguments: firmwares) func theInkStaysAndTheTimeLeftFollows(_ firmware: String) async throws {
        let (plot, request) = try Self.plot(firmware)
        let (slow, _) = try Self.plot(firmware, ["--pen-down-speed", "6", "--pen-up-speed", "40"])
        let whole = try await Self.undisturbed(plot, request, 9)
        for tick in whole.ticks {
            let run = try await ChangedRun(request)
            let end = await run.draw(plot, at: [tick]) { run, _ in run.change(to: Program(slow.stream), mark: 7) }
            #expect(run.fault(end, whole.ink, isRough: firmware == "2.5.3") == nil, "at \(tick)")
            #expect(run.loopback.snapshot(since: 0).penLifts == whole.lifts, "at \(tick)")
            #expect(run.loopback.withBoard { $0.position == (0, 0) }, "at \(tick)")
            let seen = run.seen.withLock { $0 }
            #expect(seen.changed == [7] || tick == whole.ticks.last, "at \(tick)")
            #expect(seen.kept.isEmpty && seen.progress.strokes == whole.lifts, "at \(tick)")
            for (before, after) in seen.remaining where before > 2 { #expect(after > before, "at \(tick)") }
        }
    }

    @Test(arguments: firmwares) func heightsChangeAtTheBorderOfAStroke(_ firmware: String) async throws {
        let (plot, request) = try Self.plot(firmware)
        let (other, otherRequest) = try Self.plot(firmware, ["--pen-up-height", "80", "--pen-down-height", "22"])
        let whole = try await Self.undisturbed(plot, request, 7)
        let pen = PenModel(profile: otherRequest.profile, options: otherRequest.options)
        for tick in whole.ticks {
            let run = try await ChangedRun(request)
            let end = await run.draw(plot, at: [tick]) { run, _ in run.change(to: Program(other.stream), mark: 1) }
            #expect(run.fault(end, whole.ink, isRough: firmware == "2.5.3") == nil, "at \(tick)")
            guard run.seen.withLock({ $0.changed == [1] }) else {
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

    @Test(arguments: firmwares) func togetherWithAPauseAndWithALaterChange(_ firmware: String) async throws {
        let (plot, request) = try Self.plot(firmware)
        let (slow, _) = try Self.plot(firmware, ["--pen-down-speed", "6"])
        let (fast, _) = try Self.plot(firmware, ["--pen-down-speed", "35", "--pen-up-height", "70"])
        let whole = try await Self.undisturbed(plot, request, 7)
        for (index, tick) in whole.ticks.dropLast(2).enumerated() {
            let run = try await ChangedRun(request)
            let end = await run.draw(plot, at: [tick, tick + 2_500]) { run, number in
                if number == 0 {
                    run.change(to: Program(slow.stream), mark: 1)
                    run.pause(index % 2 == 0 ? .now : .atPenUp)
                } else {
                    run.change(to: Program(fast.stream), mark: 2)
                }
            }
            #expect(run.fault(end, whole.ink, isRough: firmware == "2.5.3" || index % 2 == 0) == nil, "at \(tick)")
            let seen = run.seen.withLock { $0 }
            #expect(seen.reasons == [.asked], "at \(tick)")
            #expect(seen.changed.last == 2 && (seen.changed + seen.kept).sorted() == [1, 2], "at \(tick)")
        }
    }

    @Test(arguments: firmwares) func anotherDrawingIsNotTaken(_ firmware: String) async throws {
        let (plot, request) = try Self.plot(firmware)
        let (part, _) = try Self.plot(firmware, ["--min-length", "16"])
        #expect(part.strokeCount != plot.strokeCount)
        let whole = try await Self.undisturbed(plot, request, 4)
        let run = try await ChangedRun(request)
        let end = await run.draw(plot, at: [whole.ticks[2]]) { run, _ in run.change(to: Program(part.stream), mark: 3) }
        #expect(end == .done && PenSteps(run.vertices) == whole.ink)
        #expect(run.seen.withLock { $0.kept == [3] && $0.changed.isEmpty })
    }
}

/// Every step of each motor with the pen on the paper, by place and direction, and how often it was made.
struct PenSteps: Equatable, Sendable {
    private struct Step: Hashable, Sendable {
        var motor: UInt8
        var isForward: Bool
        var place: Int32
    }

    private var counts: [Step: Int] = [:]

    init(_ vertices: [Trace.Vertex]) {
        for (a, b) in zip(vertices, vertices.dropFirst()) where a.isTouching {
            add(1, a.motor1, b.motor1)
            add(2, a.motor2, b.motor2)
        }
    }

    private mutating func add(_ motor: UInt8, _ from: Int32, _ to: Int32) {
        for place in min(from, to)..<max(from, to) {
            counts[Step(motor: motor, isForward: to > from, place: place), default: 0] += 1
        }
    }
}

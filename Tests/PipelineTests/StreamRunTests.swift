internal import EBB
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Strokes that are drawn as they come leave the ink that the same strokes leave when all are known.
struct StreamRunTests {
    private static let firmwares = ["2.5.3", "2.8.1", "3.0.3"]

    /// Strokes of a seed: short ones, long ones, dots.
    private static func strokes(_ seed: UInt64, _ count: Int = 9) -> [[Point]] {
        var generator = SeededGenerator(seed: seed)
        func place() -> Point {
            Point(Double.random(in: 1...80, using: &generator), Double.random(in: 1...60, using: &generator))
        }
        return (0..<count).map { index in (0..<(index % 3 == 2 ? 1 : 4)).map { _ in place() } }
    }

    private static func line(_ stroke: [Point]) -> String {
        "[" + stroke.map { "[\($0.x),\($0.y)]" }.joined(separator: ",") + "]\n"
    }

    /// One run whose strokes come piece by piece.
    private final class StreamedRun: Sendable {
        struct Seen: Sendable {
            var reasons: [PauseReason] = []
            var progress = PlotProgress()
            var pieces = 0
            var isArranged = false
            var waits = 0
        }

        let loopback: Loopback
        let driver: Driver
        let requests = RunRequests()
        let supply = ProgramSupply()
        let seen = Mutex(Seen())

        init(_ request: PlotRequest) async throws {
            loopback = Loopback(request.board, speed: .maximum)
            driver = Driver(transport: loopback)
            _ = try await driver.connect()
        }

        /// - Parameters:
        ///   - lines: handed over one by one; each is waited for, as if nobody knew the next.
        ///   - action: done once, at that tick.
        func draw(
            _ lines: [String], _ request: PlotRequest, at tick: Int64? = nil,
            _ action: @escaping @Sendable (StreamedRun) -> Void = { _ in },
            answer: (@Sendable (PauseReason, StreamedRun) -> Void)? = nil
        ) async throws -> (end: RunEnd, outcome: StrokeFeed.Outcome) {
            var feed = StrokeFeed(
                lines: StrokeLines(bed: request.profile.travel),
                maker: PieceMaker(profile: request.profile, options: request.options, firmware: request.firmware))
            var start = RunStart(try feed.maker.beginning())
            start.supply = supply
            let (given, made) = (start, feed)
            let rest = Mutex(lines[...])
            let feeding = Task {
                feed = made
                return try await feed.run(
                    from: { rest.withLock { $0.popFirst() }.map { .bytes(Array($0.utf8)) } ?? .end }, to: self.supply,
                    tell: { #expect($0.isEmpty) })
            }
            let end = await driver.run(given, requests: requests) { [self] event in
                let isFirst = seen.withLock { seen in
                    defer { seen.isArranged = true }
                    return !seen.isArranged
                }
                if isFirst, let tick { loopback.perform(at: tick) { [self] in action(self) } }
                switch event {
                case .progressed(let progress): seen.withLock { $0.progress = progress }
                case .grew: seen.withLock { $0.pieces += 1 }
                case .stood(let reason):
                    seen.withLock { $0.reasons.append(reason) }
                    let now = loopback.withBoard { $0.now }
                    loopback.perform(at: now + 25_000) { [self] in
                        if let answer { answer(reason, self) } else { requests.resume() }
                    }
                case .recovered, .pressed, .changed, .kept: break
                }
            }
            loopback.endArrangements()
            return (end, try await feeding.value)
        }

        var ink: PenSteps {
            let seen = loopback.snapshot(since: 0)
            return PenSteps(seen.vertices + [seen.live])
        }

        var now: Int64 { loopback.withBoard { $0.now } }
    }

    /// The ink of one plot of all strokes in their order, and how long it takes.
    private static func whole(_ strokes: [[Point]], _ request: PlotRequest) async throws -> (
        ink: PenSteps, start: Int64, end: Int64
    ) {
        var lines = Polylines()
        for stroke in strokes { lines.append(stroke) }
        let planned = PlannedStrokes(
            polylines: lines, layers: [PlannedStrokes.Layer(name: nil, strokes: 0..<lines.count, colour: nil)],
            pageOrigin: Point(0, 0), page: request.profile.travel, isExact: strokes.map { _ in true })
        let stream = try Emitter.stream(
            for: planned, profile: request.profile, options: request.options, firmware: request.firmware)
        let run = try await StreamedRun(request)
        let start = run.now
        #expect(await run.driver.run(RunStart(Program(stream))) == .done)
        return (run.ink, start, run.now)
    }

    @Test(arguments: firmwares) func theInkIsThatOfAPlotOfAll(_ firmware: String) async throws {
        let isOld = firmware == "2.5.3"
        for flags in [isOld ? [] : ["--motion", "physical"], ["--no-overlap"], ["--motion", "junction"]] {
            let request = try Fixture.request(["--firmware", firmware] + flags)
            let strokes = Self.strokes(7)
            let whole = try await Self.whole(strokes, request)
            // Each for itself, and as they lie in a pipe.
            for lines in [strokes.map(Self.line), [strokes.map(Self.line).joined()]] {
                let run = try await StreamedRun(request)
                let (end, outcome) = try await run.draw(lines, request)
                #expect(end == .done && outcome.strokes == 9 && run.ink == whole.ink, "\(flags)")
                let place = run.loopback.snapshot(since: 0)
                #expect(place.penLifts == 9 && place.isPenUp && place.incidentCount == 0, "\(flags)")
                #expect(abs(place.xMillimetres) < 0.02 && abs(place.yMillimetres) < 0.02, "\(flags)")
                let seen = run.seen.withLock { $0 }
                #expect(seen.progress.strokes == 9 && seen.progress.strokeCount == 9 && seen.reasons.isEmpty)
                #expect(seen.pieces == lines.count + 1)
            }
        }
    }

    @Test(arguments: ["2.8.1", "3.0.3"], ["junction", "physical"])
    func pausesChangeNothing(_ firmware: String, _ motion: String) async throws {
        let request = try Fixture.request(["--firmware", firmware, "--motion", motion])
        let strokes = Self.strokes(8)
        let whole = try await Self.whole(strokes, request)
        for share in 0..<6 {
            let tick = whole.start + 200 + (whole.end - whole.start - 1_000) * Int64(share) / 6
            let run = try await StreamedRun(request)
            let (end, _) = try await run.draw(strokes.map(Self.line), request, at: tick) { run in
                run.requests.pause(share % 2 == 0 ? .now : .atPenUp)
            }
            #expect(end == .done && run.ink == whole.ink, "at \(tick)")
            #expect(run.seen.withLock { $0.reasons } == [.asked], "at \(tick)")
        }
    }

    @Test(arguments: ["2.8.1", "3.0.3"], ["junction", "physical"])
    func aLostCableLosesNothing(_ firmware: String, _ motion: String) async throws {
        let request = try Fixture.request(["--firmware", firmware, "--motion", motion])
        let strokes = Self.strokes(9)
        let whole = try await Self.whole(strokes, request)
        for share in 0..<6 {
            let tick = whole.start + 2_000 + (whole.end - whole.start - 4_000) * Int64(share) / 6
            let run = try await StreamedRun(request)
            let (end, _) = try await run.draw(strokes.map(Self.line), request, at: tick) { run in
                run.loopback.pullCable()
                run.loopback.perform(at: tick + 12_500) { run.loopback.plugCable() }
            }
            #expect(end == .done && run.ink == whole.ink, "at \(tick)")
        }
    }

    /// Power that is lost: the carriage is brought home, and the stream goes on at the stroke; one may be drawn twice, none
    /// is lost.
    @Test(arguments: ["2.8.1", "3.0.3"]) func afterHomingItGoesOnAtTheStroke(_ firmware: String) async throws {
        let request = try Fixture.request(["--firmware", firmware])
        let strokes = Self.strokes(10)
        let whole = try await Self.whole(strokes, request)
        for share in 1..<5 {
            let tick = whole.start + (whole.end - whole.start) * Int64(share) / 6
            let run = try await StreamedRun(request)
            let (end, outcome) = try await run.draw(
                strokes.map(Self.line), request, at: tick,
                { run in run.loopback.withBoard { $0.setSupply(counts: 0) } },
                answer: { _, run in
                    run.loopback.withBoard { board in
                        board.setSupply(counts: 300)
                        board.carryHome()
                    }
                    run.requests.resume()
                })
            let place = run.loopback.snapshot(since: 0)
            #expect(end == .done && outcome.strokes == 9, "at \(tick)")
            #expect(run.seen.withLock { $0.reasons.count } == 1, "at \(tick)")
            #expect((9...11).contains(place.penLifts) && abs(place.xMillimetres) < 0.02, "at \(tick)")
        }
    }

    /// What is whole on the paper is counted, also where only the pen-up was still to come.
    @Test(arguments: ["2.8.1", "3.0.3"]) func aCancelCountsWhatIsDrawn(_ firmware: String) async throws {
        let request = try Fixture.request(["--firmware", firmware])
        let strokes = [[Point(10, 10), Point(20, 10)], [Point(20, 12), Point(10, 12)]]
        let whole = try await Self.whole(strokes, request)
        // Strokes that come late may all be cancelled before the first is drawn: then this run proves less.
        for share in 0..<24 {
            let tick = whole.start + (whole.end - whole.start) * Int64(share) / 24
            let run = try await StreamedRun(request)
            let (end, _) = try await run.draw([strokes.map(Self.line).joined()], request, at: tick) {
                $0.requests.cancel()
            }
            let drawn = run.loopback.snapshot(since: 0).penDownMillimetres
            let counted = run.seen.withLock { $0.progress.strokes }
            #expect(end == .cancelled || end == .done)
            #expect(counted == Int((drawn + 0.05) / 10), "at \(tick): \(drawn) mm")
        }
    }

    @Test func aCancelEndsTheStreamToo() async throws {
        let request = try Fixture.request([])
        let strokes = Self.strokes(11)
        let whole = try await Self.whole(strokes, request)
        let run = try await StreamedRun(request)
        let (end, outcome) = try await run.draw(
            strokes.map(Self.line), request, at: (whole.start + whole.end) / 2
        ) { $0.requests.cancel() }
        #expect(end == .cancelled && outcome.isCutShort && run.supply.isClosed)
        #expect(run.loopback.snapshot(since: 0).isPenUp)
    }
}

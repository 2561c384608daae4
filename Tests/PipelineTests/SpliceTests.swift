internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Drawings that are larger than the machine, in tiles.
struct SpliceTests {
    /// Curves, lines and areas across all edges, and lines along them.
    private static let drawing: [UInt8] = {
        var text =
            "<svg xmlns='http://www.w3.org/2000/svg' width='420mm' height='297mm' viewBox='0 0 420 297' fill='none'>"
            + "<g data-name='1' stroke='black'><path d='M210 20V280'/><path d='M20 148.5H400'/>"
        for i in 0..<6 { text += "<circle cx='\(200 + i * 5)' cy='\(140 + i * 4)' r='\(20 + i * 20)'/>" }
        text += "<path d='M15 15C420 40 0 260 400 280'/></g><g data-name='2' stroke='red'>"
        for i in 0..<8 { text += "<path d='M\(30 + i * 45) 30L\(390 - i * 40) 270'/>" }
        return Array((text + "</g></svg>").utf8)
    }()

    private static func plot(_ flags: [String], large: Bool = false) throws -> (PreparedPlot, PlotRequest) {
        var request = try Fixture.request(["--one-pen"] + flags)
        if large { request.profile.travel = Size(width: 450, height: 300) }
        return (try PreparedPlot(drawing: drawing, request: request, execution: .serial), request)
    }

    /// The ink that a virtual board leaves, laid together; and of each stroke its length.
    private static func ink(_ plot: PreparedPlot, _ request: PlotRequest) -> Polylines {
        let summary = plot.replayed(request)
        #expect(summary.errors.isEmpty && summary.incidents.isEmpty, "\(summary.incidents.prefix(2))")
        let steps = request.profile.finestStepsPerMillimetre
        let trace = plot.laidOut(summary.trace, stepsPerMillimetre: steps)
        var lines = Polylines()
        func place(_ vertex: Trace.Vertex) -> Point {
            let (a, b) = (Double(vertex.motor1), Double(vertex.motor2))
            return Point((a + b) / 2 / steps, (a - b) / 2 / steps)
        }
        for (a, b) in zip(trace.vertices, trace.vertices.dropFirst()) {
            if a.isTouching {
                lines.append(place(b))
            } else {
                lines.finish()
                if b.isTouching { lines.append(place(b)) }
            }
        }
        lines.finish()
        return lines
    }

    /// Strokes of ink that are no crosses, which lie on lines through the corners of their tile.
    private static func withoutCrosses(_ lines: Polylines, _ plot: PreparedPlot) -> Polylines {
        let (origin, page) = (plot.strokes.pageOrigin, plot.strokes.page)
        var kept = Polylines()
        #expect(lines.count == plot.strokes.polylines.count)
        for i in 0..<lines.count {
            let line = plot.strokes.polylines[i]
            let isCross = [origin.x, origin.x + page.width].contains { x in
                [origin.y, origin.y + page.height].contains { y in
                    line.allSatisfy { $0.distance(to: Point(x, y)) < 3.001 }
                        && (line.allSatisfy { abs($0.x - x) < 1e-6 } || line.allSatisfy { abs($0.y - y) < 1e-6 })
                }
            }
            if !isCross { kept.append(lines[i]) }
        }
        return kept
    }

    private static func length(_ lines: Polylines) -> Double { (0..<lines.count).reduce(0) { $0 + lines.length($1) } }

    /// Laid together, the tiles are the drawing that a larger machine draws in one: none of it is missing, none is twice.
    @Test(arguments: ["", "--motion junction --firmware 2.8.1", "--motion junction --order sort --join none"])
    func theTilesAreTheDrawing(_ words: String) throws {
        let flags = words.split(separator: " ").map(String.init)
        let (plot, request) = try Self.plot(["--splice"] + flags)
        let (one, large) = try Self.plot(flags, large: true)
        let sheet = try #require(plot.strokes.sheet)
        #expect(plot.strokes.tiles.count == 4 && abs(sheet.width - 420) < 1e-6 && abs(sheet.height - 297) < 1e-6)
        let tiled = Self.withoutCrosses(Self.ink(plot, request), plot)
        let whole = Self.ink(one, large)
        let tolerance = request.options.tolerance + request.options.cornerTolerance + 0.03
        #expect(Nearness(whole, reach: 1).largestDistance(from: tiled, spacing: 0.1).distance < tolerance)
        #expect(Nearness(tiled, reach: 1).largestDistance(from: whole, spacing: 0.1).distance < tolerance)
        let (a, b) = (Self.length(tiled), Self.length(whole))
        #expect(abs(a - b) < 0.001 * b, "\(a) of \(b) mm")
        // Where an edge parts a stroke its two ends meet within a step of each axis.
        var ends: [Point] = []
        for i in 0..<tiled.count {
            for end in [tiled[i].first, tiled[i].last] {
                guard let end, abs(end.x - 210) < 0.02 || abs(end.y - 148.5) < 0.02 else { continue }
                ends.append(end)
            }
        }
        #expect(ends.count > 20)
        for (k, end) in ends.enumerated() {
            // Ends of the drawing's own.
            if (0..<whole.count).contains(where: { i in
                [whole[i].first, whole[i].last].contains { ($0 ?? Point(0, 0)).distance(to: end) < 0.1 }
            }) {
                continue
            }
            let nearest = ends.enumerated().filter { $0.0 != k }.map { $0.1.distance(to: end) }.min() ?? 1
            #expect(nearest < 0.03, "\(end): \(nearest)")
        }
    }

    @Test func theStopsSayHowThePaperIsMoved() throws {
        let (plot, request) = try Self.plot(["--splice", "--marks", "4", "--motion", "junction"])
        let prompts = plot.strokes.stops.map(\.prompt)
        let until = "until the cross at the"
        #expect(
            prompts == [
                "tile 2 of 4: move the paper 210 mm to the left, \(until) right edge of what is drawn lies under the pen",
                "tile 3 of 4: move the paper 148.5 mm to the back, \(until) front edge of what is drawn lies under the pen",
                "tile 4 of 4: move the paper 210 mm to the right, \(until) left edge of what is drawn lies under the pen",
            ])
        // There the pen stands: over the cross that the next tile shares, once the paper is moved.
        for stop in plot.strokes.stops {
            let tile = try #require(plot.strokes.tiles.first { $0.strokes.lowerBound == stop.stroke })
            let before = plot.strokes.polylines[stop.stroke - 1]
            let place = try #require(before.last)
            let onSheet = Point(place.x + tile.shift.x, place.y + tile.shift.y)
            #expect(abs(onSheet.x - 210) < 1e-9 || abs(onSheet.y - 148.5) < 1e-9, "\(onSheet)")
        }
        let travel = request.profile.travel
        #expect(
            plot.strokes.polylines.points.allSatisfy {
                (0...travel.width).contains($0.x) && (0...travel.height).contains($0.y)
            })
        // Who goes on in the middle of a tile is asked whether its paper lies right; with pens, for the pen, too.
        let later = plot.strokes.beginning(atStroke: plot.strokes.tiles[2].strokes.lowerBound + 3)
        #expect(later.stops.first?.prompt == "tile 3 of 4: its paper must lie as it did for this tile")
        #expect(later.tiles.map(\.number) == [3, 4] && later.tiles[0].strokes.lowerBound == 0)
    }

    @Test func pensAreAskedForWithTheTiles() throws {
        var request = try Fixture.request(["--splice", "--motion", "junction"])
        let plot = try PreparedPlot(drawing: Self.drawing, request: request, execution: .serial)
        let prompts = plot.strokes.stops.map(\.prompt)
        #expect(prompts.count == 7 && prompts.filter { $0.hasPrefix("tile ") }.count == 3)
        #expect(prompts.filter { $0.hasSuffix("lies under the pen; pen 1, black: put it in") }.count == 3)
        request.options.copies = 2
        let stream = try Emitter.stream(
            for: plot.strokes, profile: request.profile, options: request.options, firmware: request.firmware)
        #expect(stream.stops[7].prompt.hasPrefix("tile 1 of 4: new paper") && stream.stops.count == 15)
    }

    @Test func whatFitsIsDrawnInOne() throws {
        let flags = ["--fit", "page", "--page", "a4", "--motion", "junction"]
        let request = try Fixture.request(["--splice"] + flags)
        let plot = try PreparedPlot(drawing: Self.drawing, request: request, execution: .serial)
        let plain = try PreparedPlot(drawing: Self.drawing, request: Fixture.request(flags), execution: .serial)
        #expect(plot.strokes.tiles.isEmpty && plot.strokes.sheet == nil)
        #expect(abs(plot.stream.penDownMillimetres - plain.stream.penDownMillimetres) < 5)
        #expect(plot.strokes.diagnostics.contains { $0.message.contains("drawn in one") })
    }

    /// The cable is pulled while a tile is drawn, or while the paper is moved: no tile is asked for twice, and the ink is as ever.
    @Test(arguments: ["2.8.1", "3.0.3"]) func aLostCableLosesNoTile(_ firmware: String) async throws {
        var request = try Fixture.request([
            "--splice", "--one-pen", "--fit", "page", "--page", "90x60", "--firmware", firmware,
        ])
        request.profile.travel = Size(width: 60, height: 45)
        let plot = try PreparedPlot(drawing: Self.drawing, request: request, execution: .serial)
        #expect(plot.strokes.tiles.count == 4)
        let whole = try await Self.run(plot, request)
        #expect(whole.end == .done && whole.asked == plot.strokes.stops.map(\.prompt))
        for share in 1..<5 {
            let tick = whole.ticks.lowerBound + Int64(whole.ticks.count) * Int64(share) / 5
            let cut = try await Self.run(plot, request, cableAt: tick)
            #expect(cut.end == .done && cut.ink == whole.ink && cut.asked == whole.asked, "at \(tick): \(cut.asked)")
        }
    }

    private struct Ran {
        var end: RunEnd
        var ink: PenSteps
        var asked: [String]
        var ticks: Range<Int64>
    }

    /// A run whose paper is moved within a second of each stop.
    private static func run(_ plot: PreparedPlot, _ request: PlotRequest, cableAt tick: Int64? = nil) async throws
        -> Ran
    {
        let loopback = Loopback(request.board, speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        let start = loopback.withBoard { $0.now }
        let requests = RunRequests()
        let asked = Mutex<[String]>([])
        let isArranged = Mutex(false)
        let end = await driver.runAlone(Program(plot.stream), on: loopback, requests: requests) { event in
            let isFirst = isArranged.withLock { isArranged in
                defer { isArranged = true }
                return !isArranged
            }
            if isFirst, let tick {
                loopback.perform(at: tick) {
                    loopback.pullCable()
                    loopback.perform(at: tick + 12_500) { loopback.plugCable() }
                }
            }
            guard case .stood(.planned(let stop)) = event else { return }
            asked.withLock { $0.append(stop.prompt) }
            let now = loopback.withBoard { $0.now }
            loopback.perform(at: now + 25_000) { requests.resume() }
        }
        let seen = loopback.snapshot(since: 0)
        return Ran(
            end: end, ink: PenSteps(seen.vertices + [seen.live]), asked: asked.withLock { $0 },
            ticks: start..<loopback.withBoard { $0.now })
    }

    @Test func onTheCommandLine() throws {
        let folder = try TemporaryFolder()
        try Data(Self.drawing).write(to: folder.url("large.svg"))
        for (verb, flags) in [("plan", []), ("plot", ["--simulate"])] {
            let outcome = try Executable.run(
                [
                    verb, folder.path("large.svg"), "--splice", "--one-pen", "--scale", "1", "-o",
                    folder.path("\(verb).png"),
                ]
                    + flags)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let refused = try Executable.run(["plan", folder.path("large.svg"), "--splice", "--origin", "5,5"])
        #expect(refused.code == 64 && refused.errors.contains("--origin"), "\(refused)")
        let many = try Executable.run([
            "plan", folder.path("large.svg"), "--splice", "--page", "9999x9999", "--fit", "page",
        ])
        #expect(many.code == 65 && many.errors.contains("400 tiles"), "\(many)")
    }
}

internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing
internal import Text

@testable import Text
@testable import axidrawd

/// A place picked on the preview, to go on from.
@Suite(.serialized) struct StrokeTests {
    /// Rows of short strokes, in the order in which they stand here.
    private static let drawing: String = {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='200mm' height='200mm' viewBox='0 0 200 200' "
        text += "fill='none' stroke='black'>"
        for i in 0..<5_000 { text += "<path d='M\(5 + i % 60 * 3) \(5 + i / 60 * 2)h2v1'/>" }
        return text + "</svg>"
    }()

    @Test func theNearestStrokeIsTheFirstOfTheNearest() {
        var lines = Polylines()
        for x in [0.0, 10, 20] {
            lines.append(Point(x, 0))
            lines.append(Point(x, 10))
            lines.finish()
        }
        let strokes = PlannedStrokes(
            polylines: lines, layers: [], pageOrigin: Point(0, 0), page: Size(width: 30, height: 30))
        #expect(FoundStroke(nearest: Point(14, 5), in: strokes).stroke == 1)
        #expect(FoundStroke(nearest: Point(15, 5), in: strokes).stroke == 1)
        let far = FoundStroke(nearest: Point(24, 13), in: strokes)
        #expect(far.stroke == 2 && far.distance == 5 && far.strokeCount == 3)
        #expect(far.points == [Point(20, 0), Point(20, 10)])
    }

    @Test func aPlotWhosePositionIsLostGoesOnFromThePickedPlace() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let id = try await server.json(
            "POST", "/v1/devices/plot1/jobs?order=none&join=0", "Content-Type: image/svg+xml\r\n", body: Self.drawing
        ).word("id")
        let path = "/v1/jobs/\(id)"
        _ = try await server.wait(for: path) { $0["state"] == .string("plotting") }
        #expect(try await server.ask("POST", path + "/pause").status == 200)
        _ = try await server.wait(for: path) { $0["state"] == .string("paused") }
        // Known places are gone on from where they are.
        #expect(try await server.ask("POST", path + "/resume?stroke=3").status == 409)
        let told = Mutex<JSONValue?>(nil)
        server.daemon.workshop.events.observe { name, data in if name == "state" { told.withLock { $0 = data } } }
        let board = try #require(server.daemon.workshop.stations.first?.board)
        board.withBoard { $0.setSupply(counts: 0) }
        let device = try await server.wait(for: "/v1/devices/plot1") { $0["positionUnknown"] == .bool(true) }
        #expect(device.word("sentence").contains("power"))
        try await told.eventually { $0?["positionUnknown"] == .bool(true) }
        board.withBoard { board in
            board.setSupply(counts: 300)
            board.carryHome()
        }
        for bad in ["x=1", "x=1&y=b", "stroke=-1"] {
            #expect(try await server.ask("POST", path + "/resume?" + bad).status == 400, "\(bad)")
        }
        #expect(try await server.ask("POST", path + "/resume?homed=true&stroke=5000").status == 422)
        // Whoever goes on says that the carriage is home; how is told, and nothing moves before.
        for verb in [
            path + "/resume", path + "/resume?stroke=2", path + "/resume?x=36&y=171", "/v1/devices/plot1/resume",
        ] {
            let refused = try await server.json("POST", verb)
            #expect(refused["status"] == .integer(409), "\(verb): \(refused.text)")
            #expect(refused.word("detail").contains("homed=true"), "\(verb): \(refused.text)")
        }
        // The last stroke but nine: row 83, column 10.
        let found = try await server.json("GET", path + "/stroke?x=36&y=171.4")
        #expect(found["stroke"] == .integer(4_990) && found["strokeCount"] == .integer(5_000), "\(found.text)")
        let lifts = board.snapshot(since: 0).penLifts
        #expect(try await server.ask("POST", path + "/resume?homed=true&x=36&y=171.4").status == 200)
        let done = try await server.wait(for: path) { $0["isFinal"] == .bool(true) }
        #expect(done["state"] == .string("done"), "\(done.text)")
        #expect(board.snapshot(since: 0).penLifts == lifts + 10)
    }
}

extension Mutex where Value: Sendable {
    /// Waits for what others bring about, at most three minutes.
    func eventually(_ isWanted: @Sendable (Value) -> Bool) async throws {
        let end = Date().addingTimeInterval(180)
        while !withLock({ value in isWanted(value) }) {
            if Date() > end {
                Issue.record("it did not come: \(withLock { value in "\(value)" })")
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

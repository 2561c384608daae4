internal import Foundation
internal import Testing

@testable import Text
@testable import axidrawd

private let line = """
    <svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30">\
    <path d="M5 5H35" fill="none" stroke="black"/></svg>
    """
private let svg = "Content-Type: image/svg+xml\r\n"

/// The durable queue behind the API, with virtual boards at full speed.
@Suite(.serialized) struct QueueTests {
    private func ready(_ server: TestDaemon) async throws {
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
    }

    private func submit(_ server: TestDaemon, _ query: String = "") async throws -> String {
        let made = try await server.json("POST", "/v1/devices/plot1/jobs" + query, svg, body: line)
        guard case .string(let id)? = made["id"] else { throw Failure(text: made.text) }
        return id
    }

    private struct Failure: Error { var text: String }

    private func wait(_ server: TestDaemon, _ id: String, _ state: String) async throws {
        let job = try await server.wait(for: "/v1/jobs/\(id)") { $0["state"] == .string(state) }
        #expect(job["state"] == .string(state), "\(job.text)")
    }

    private func queue(_ server: TestDaemon) async throws -> [String] {
        guard case .array(let items)? = try await server.json("GET", "/v1/devices/plot1")["queue"] else { return [] }
        return items.compactMap { if case .string(let id) = $0 { id } else { nil } }
    }

    @Test func waitsForPaperBetweenPlots() async throws {
        let server = try TestDaemon()
        try await ready(server)
        // With the pen down nothing starts: both are there before the first begins, however slow this test is.
        #expect(try await server.ask("POST", "/v1/devices/plot1/pen?to=down").status == 200)
        let first = try await submit(server)
        let second = try await submit(server)
        #expect(try await server.ask("POST", "/v1/devices/plot1/pen?to=up").status == 200)
        try await wait(server, first, "done")
        let waiting = try await server.wait(for: "/v1/devices/plot1") { $0["waitsForPaper"] == .bool(true) }
        #expect(waiting["waitsForPaper"] == .bool(true))
        _ = try await server.wait(for: "/v1/jobs/\(second)") { $0["summary"] != .null }
        #expect(try await server.json("GET", "/v1/jobs/\(second)")["state"] == .string("queued"))
        #expect(try await server.ask("POST", "/v1/devices/plot1/resume").status == 200)
        try await wait(server, second, "done")
        // The queue is empty: whoever hands in the next drawing has put the paper in.
        try await wait(server, try await submit(server), "done")
        #expect(try await server.ask("POST", "/v1/devices/plot1/resume").status == 409)
    }

    @Test func goesOnByItselfWhenToldTo() async throws {
        let server = try TestDaemon()
        try await ready(server)
        let device = try await server.ask("GET", "/v1/devices/plot1")
        let tag = device.head.components(separatedBy: "ETag: ").last?.components(separatedBy: "\r\n").first ?? ""
        let json = "Content-Type: application/json\r\n"
        let body = "{\"autoAdvance\":true}"
        #expect(try await server.ask("PATCH", "/v1/devices/plot1", json, body: body).status == 428)
        #expect(
            try await server.ask("PATCH", "/v1/devices/plot1", json + "If-Match: \"x\"\r\n", body: body).status == 412)
        let match = json + "If-Match: \(tag)\r\n"
        #expect(try await server.ask("PATCH", "/v1/devices/plot1", match, body: "{\"speed\":1}").status == 422)
        #expect(try await server.ask("PATCH", "/v1/devices/plot1", match, body: body).status == 200)
        var ids: [String] = []
        for _ in 0..<4 { ids.append(try await submit(server)) }
        for id in ids { try await wait(server, id, "done") }
        let history = try await server.json("GET", "/v1/history?limit=3")
        guard case .array(let items)? = history["items"] else { throw Failure(text: history.text) }
        #expect(items.compactMap { $0["id"] } == ids.reversed().prefix(3).map { .string($0) })
        #expect(items.allSatisfy { $0["state"] == .string("done") && $0["strokes"] == .integer(1) })
        guard case .string(let next)? = history["next"] else { throw Failure(text: history.text) }
        let rest = try await server.json("GET", "/v1/history?after=\(next)")
        #expect(rest["items"].map { if case .array(let items) = $0 { items.count } else { 0 } } == 1)
    }

    @Test func keepsOrderMovesAndDrops() async throws {
        let server = try TestDaemon()
        try await ready(server)
        let held = try await submit(server, "?hold=true")
        var ids = [held]
        for _ in 0..<3 { ids.append(try await submit(server, "?hold=true")) }
        #expect(try await queue(server) == ids)
        #expect(try await server.ask("POST", "/v1/jobs/\(ids[3])/move?to=first").status == 200)
        #expect(try await queue(server) == [ids[3], ids[0], ids[1], ids[2]])
        #expect(try await server.ask("POST", "/v1/jobs/\(ids[3])/move?to=down").status == 200)
        #expect(try await server.ask("POST", "/v1/jobs/\(ids[2])/move?to=up").status == 200)
        #expect(try await queue(server) == [ids[0], ids[3], ids[2], ids[1]])
        #expect(try await server.ask("POST", "/v1/jobs/\(ids[1])/move?before=\(ids[0])").status == 200)
        #expect(try await queue(server) == [ids[1], ids[0], ids[3], ids[2]])
        #expect(try await server.ask("POST", "/v1/jobs/\(ids[1])/move?to=away").status == 400)
        #expect(try await server.ask("POST", "/v1/jobs/\(ids[0])/cancel").status == 200)
        #expect(try await queue(server) == [ids[1], ids[3], ids[2]])
        #expect(try await server.ask("POST", "/v1/jobs/\(ids[0])/move?to=first").status == 409)
        // A later one may go first; it starts at once, and the others stay held.
        #expect(try await server.ask("POST", "/v1/jobs/\(ids[2])/resume").status == 200)
        try await wait(server, ids[2], "done")
        #expect(try await queue(server) == [ids[1], ids[3]])
    }

    @Test func drawsCopiesOnNewPaper() async throws {
        let server = try TestDaemon()
        try await ready(server)
        let id = try await submit(server, "?copies=2")
        try await wait(server, id, "paused")
        let between = try await server.json("GET", "/v1/jobs/\(id)")
        #expect(between["copiesDone"] == .integer(1) && between["reason"] == .string("waiting for paper"))
        #expect(try await server.ask("POST", "/v1/devices/plot1/resume").status == 200)
        try await wait(server, id, "done")
        #expect(try await server.json("GET", "/v1/jobs/\(id)")["copiesDone"] == .integer(2))
    }

    @Test func survivesARestart() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/axidrawd-queue-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func keeper() throws -> JobKeeper {
            JobKeeper(try JobStore(storage: try SpoolDirectory(path: path), nowMilliseconds: JobKeeper.now))
        }
        var ids: [String] = []
        do {
            let server = try TestDaemon(keeper: keeper())
            try await ready(server)
            ids.append(try await submit(server, "?name=one"))
            try await wait(server, ids[0], "done")
            for name in ["two", "three"] { ids.append(try await submit(server, "?hold=true&name=" + name)) }
            #expect(try await server.ask("POST", "/v1/jobs/\(ids[2])/move?to=first").status == 200)
            await server.stop()
        }
        let again = try TestDaemon(keeper: keeper())
        try await ready(again)
        #expect(try await queue(again) == [ids[2], ids[1]])
        #expect(try await again.json("GET", "/v1/jobs/\(ids[0])")["state"] == .string("done"))
        #expect(try await again.json("GET", "/v1/jobs/\(ids[1])")["name"] == .string("two"))
        #expect(try await again.ask("GET", "/v1/jobs/\(ids[1])/drawing").body == line)
        _ = try await again.wait(for: "/v1/jobs/\(ids[1])") { $0["summary"] != .null }
        #expect(try await again.ask("POST", "/v1/jobs/\(ids[1])/resume").status == 200)
        try await wait(again, ids[1], "done")
    }

    @Test func remembersCopiesOverARestart() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/axidrawd-queue-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func keeper() throws -> JobKeeper {
            JobKeeper(try JobStore(storage: try SpoolDirectory(path: path), nowMilliseconds: JobKeeper.now))
        }
        var id = ""
        do {
            let server = try TestDaemon(keeper: keeper())
            try await ready(server)
            id = try await submit(server, "?copies=2")
            try await wait(server, id, "paused")
            await server.stop()
        }
        let again = try TestDaemon(keeper: keeper())
        try await ready(again)
        #expect(try await again.json("GET", "/v1/jobs/\(id)")["copiesDone"] == .integer(1))
        #expect(try await again.ask("POST", "/v1/jobs/\(id)/resume").status == 200)
        try await wait(again, id, "done")
        #expect(try await again.json("GET", "/v1/jobs/\(id)")["copiesDone"] == .integer(2))
    }

    @Test func goesOnAtAStrokeAfterACut() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/axidrawd-queue-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var id = ""
        do {
            // As a daemon leaves it that was killed after the third stroke.
            let store = try JobStore(storage: try SpoolDirectory(path: path), nowMilliseconds: JobKeeper.now)
            var generator = SystemRandomNumberGenerator()
            var paths = ""
            for row in 0..<5 { paths += "<path d=\"M5 \(5 + row)H35\" stroke=\"black\"/>" }
            let drawing = Array("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 30\">\(paths)</svg>".utf8)
            let record = try store.submit(
                .init(
                    device: "plot1", name: "cut", drawing: drawing,
                    drawingSHA256: SHA256.hexadecimal(drawing)),
                nowMilliseconds: JobKeeper.now, using: &generator)
            id = record.id.text
            try store.begin(record.id)
            try store.move(record.id, to: .plotting, nowMilliseconds: JobKeeper.now)
            var progress = JobProgress()
            progress.stroke = 3
            try store.note(progress, of: record.id)
        }
        let server = try TestDaemon(
            keeper: JobKeeper(
                try JobStore(storage: try SpoolDirectory(path: path), nowMilliseconds: JobKeeper.now)))
        try await ready(server)
        try await wait(server, id, "interrupted")
        let other = try await submit(server)
        _ = try await server.wait(for: "/v1/jobs/\(other)") { $0["summary"] != .null }
        #expect(try await server.json("GET", "/v1/jobs/\(other)")["state"] == .string("queued"))
        #expect(try await server.ask("POST", "/v1/jobs/\(other)/resume").status == 409)
        // Nobody knows where the carriage is, and it left no mark by which the board could prove it.
        let refused = try await server.json("POST", "/v1/jobs/\(id)/resume")
        #expect(refused["status"] == .integer(409) && refused.word("detail").contains("homed=true"), "\(refused.text)")
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume?stroke=3").status == 409)
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume?homed=maybe").status == 400)
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume?homed=true").status == 200)
        try await wait(server, id, "done")
        let summary = try await server.json("GET", "/v1/jobs/\(id)")["summary"]
        #expect(summary?["strokes"] == .integer(2))
        // The history tells of the whole drawing, whatever the last run had left to do.
        guard case .array(let items)? = try await server.json("GET", "/v1/history?limit=1")["items"],
            let entry = items.first, case .number(let drawn)? = entry["penDownMillimetres"],
            case .number(let rest)? = summary?["penDownMillimetres"]
        else { throw Failure(text: "no history") }
        #expect(entry["strokes"] == .integer(5) && abs(drawn - rest / 2 * 5) < 0.1, "\(entry.text)")
    }
}

internal import Foundation
internal import Synchronization
internal import TestSupport
internal import Testing
internal import Text

@testable import Text
@testable import axidrawd

/// A drawing for several pens in the daemon: it stops for each, says for which, and tells its layers.
@Suite(.serialized) struct PenChangeTests {
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30" fill="none">
        <g data-name="1 black" stroke="black"><path d="M5 5h9M5 7h9"/></g>
        <g data-name="2 red" stroke="red"><path d="M5 15h9M5 17h9M5 19h9"/></g>
        <g data-name="2 red again" stroke="red"><path d="M5 25h9"/></g></svg>
        """

    private static func submit(_ server: TestDaemon, _ query: String = "") async throws -> String {
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let made = try await server.json(
            "POST", "/v1/devices/plot1/jobs" + query, "Content-Type: image/svg+xml\r\n", body: drawing)
        return "/v1/jobs/" + made.word("id")
    }

    @Test func itStopsForThePenAndTellsItsLayers() async throws {
        let server = try TestDaemon()
        let told = Mutex<[String]>([])
        server.daemon.workshop.events.observe { name, data in
            if name == "layer" { told.withLock { $0.append(data.word("event") + " " + data.word("name")) } }
        }
        let path = try await Self.submit(server)
        let job = try await server.wait(for: path) { $0["state"] == .string("paused") }
        #expect(job["stop"]?.word("kind") == "pen" && job["stop"]?.word("prompt") == "pen 2, red: put it in")
        #expect(job["stop"]?["pen"]?["number"] == .integer(2))
        #expect(job.word("reason").hasPrefix("pen 2, red: put it in") && job.word("sentence").contains("pen 2, red"))
        #expect(job["can"]?["resume"] == .bool(true) && job["progress"]?["strokes"] == .integer(2))
        let device = try await server.json("GET", "/v1/devices/plot1")
        #expect(device.word("state") == "paused" && device.word("sentence").contains("pen 2, red: put it in"))
        #expect(told.withLock { $0 } == ["start 1 black", "end 1 black"])
        guard case .array(let layers)? = job["summary"]?["layers"] else { return #expect(Bool(false), "no layers") }
        #expect(layers.map { $0.word("name") } == ["1 black", "2 red", "2 red again"])
        #expect(layers.map { $0.word("stop") } == ["", "pen 2, red: put it in", ""])
        #expect(layers.map { $0["strokes"] } == [.integer(2), .integer(3), .integer(1)])
        #expect(try await server.ask("POST", path + "/resume").status == 200)
        let done = try await server.wait(for: path) { $0["isFinal"] == .bool(true) }
        #expect(done.word("state") == "done" && done["stop"] == .null)
        try await told.eventually { $0.count == 6 }
        #expect(
            told.withLock { $0.suffix(4) } == ["start 2 red", "end 2 red", "start 2 red again", "end 2 red again"])
    }

    @Test func onePenDrawsThrough() async throws {
        let server = try TestDaemon()
        let path = try await Self.submit(server, "?one-pen=true")
        let done = try await server.wait(for: path) { $0["isFinal"] == .bool(true) || $0.word("state") == "paused" }
        #expect(done.word("state") == "done")
    }
}

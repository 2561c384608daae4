internal import TestSupport
internal import Testing

@testable internal import Text
@testable internal import axidrawd

/// Copies of one drawing, and what is between them.
struct CopyTests {
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30" fill="none" \
        stroke="black"><path d="M20 10H30"/></svg>
        """

    private static func submitted(_ query: String) async throws -> (TestDaemon, String) {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        let made = try await server.json(
            "POST", "/v1/devices/plot1/jobs?" + query, "Content-Type: image/svg+xml\r\n", body: drawing)
        return (server, "/v1/jobs/" + made.word("id"))
    }

    @Test func aDelayedCopyBeginsByItself() async throws {
        let (server, job) = try await Self.submitted("copies=3&page-delay=0.05")
        let done = try await server.wait(for: job) { $0["isFinal"] == .bool(true) }
        #expect(done.word("state") == "done" && done["copiesDone"] == .integer(3))
        #expect(server.daemon.workshop.stations.first?.board?.snapshot(since: .max).penLifts == 3)
    }

    @Test func whileItWaitsItSaysSoAndAPersonMayBeFaster() async throws {
        let (server, job) = try await Self.submitted("copies=2&page-delay=86400")
        let waiting = try await server.wait(for: job) { $0["copiesDone"] == .integer(1) }
        #expect(waiting.word("sentence").contains("begins by itself 86400 s after it"))
        let device = try await server.wait(for: "/v1/devices/plot1") { $0.word("sentence").hasPrefix("Waiting") }
        #expect(device.word("sentence").contains("begins by itself"))
        #expect(try await server.ask("POST", job + "/resume").status == 200)
        _ = try await server.wait(for: job) { $0.word("state") == "done" }
    }

    /// Not even a plotter that goes on by itself cuts the delay short.
    @Test func theDelayHoldsWithAutoAdvanceToo() async throws {
        let (server, job) = try await Self.submitted("copies=2&page-delay=86400&hold=true")
        try await server.daemon.workshop.set(autoAdvance: true, of: "plot1")
        _ = try await server.wait(for: job) { $0["summary"] != .null }
        #expect(try await server.ask("POST", job + "/resume").status == 200)
        _ = try await server.wait(for: job) { $0["copiesDone"] == .integer(1) }
        #expect(server.daemon.workshop.roster.withLock { $0.table.decision(for: "plot1") } == .wait(.paper))
        #expect(try await server.ask("POST", job + "/cancel").status == 200)
    }
}

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

    /// Without an end: it waits for paper again and again, also after a restart, until it is cancelled.
    @Test func endlessUntilSomebodyEndsIt() async throws {
        let folder = try TemporaryFolder()
        func keeper() throws -> JobKeeper {
            JobKeeper(
                try JobStore(storage: SpoolDirectory(path: folder.path("spool")), nowMilliseconds: JobKeeper.now))
        }
        var job = ""
        do {
            let server = try TestDaemon(keeper: keeper())
            _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
            let made = try await server.json(
                "POST", "/v1/devices/plot1/jobs?copies=endless", "Content-Type: image/svg+xml\r\n",
                body: Self.drawing)
            job = "/v1/jobs/" + made.word("id")
            #expect(made["copies"] == .null && made["endless"] == .bool(true))
            _ = try await server.wait(for: job) { $0["copiesDone"] == .integer(1) }
            #expect(try await server.ask("POST", job + "/resume").status == 200)
            _ = try await server.wait(for: job) { $0["copiesDone"] == .integer(2) && $0.word("state") == "paused" }
            await server.stop()
        }
        let again = try TestDaemon(keeper: keeper())
        let found = try await again.wait(for: job) { $0["summary"] != .null }
        #expect(found["copiesDone"] == .integer(2) && found["endless"] == .bool(true), "\(found)")
        // What lies on the bed after a restart nobody knows: a person says that paper is in.
        _ = try await again.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        #expect(try await again.ask("POST", job + "/resume").status == 200)
        _ = try await again.wait(for: job) { $0["copiesDone"] == .integer(3) }
        #expect(try await again.ask("POST", job + "/cancel").status == 200)
        #expect(try await again.json("GET", job).word("state") == "cancelled")
    }
}

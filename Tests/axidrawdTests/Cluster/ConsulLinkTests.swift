internal import ClusterDoubles
internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// A daemon and its Consul: one that works, forgets, dies, and talks nonsense.
@Suite(.serialized) struct ConsulLinkTests {
    private static func plan(_ double: ConsulDouble, ttl: Int = 3) throws -> ClusterPlan {
        var consul = ConsulPlan(location: try #require(HTTPLocation(double.url)))
        consul.id = "studio"
        consul.ttlSeconds = ttl
        consul.tags = ["urlprefix-/studio/ strip=/studio"]
        return ClusterPlan(consul: consul)
    }

    static func wait(_ what: String, _ isSo: () async throws -> Bool) async throws {
        let end = Date().addingTimeInterval(120)
        while try await !isSo() {
            guard Date() < end else {
                Issue.record("waited in vain: \(what)")
                throw CancellationError()
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func makesItselfAndItsPlottersKnownAndTakesThemOutAtTheEnd() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let server = try TestDaemon(cluster: Self.plan(double))
        try await Self.wait("plotter") { double.check("studio-plot1:plots")?.status == "passing" }
        try await Self.wait("keys") { double.key("axidraw_plot1_state") == "raised" }
        try await Self.wait("daemon") { double.check("studio:works")?.status == "passing" }
        #expect(double.services == ["studio", "studio-plot1"])
        #expect(double.key("axidraw_address") == "http://127.0.0.1:\(server.port)")
        #expect(double.check("studio:works")?.output == "1 of 1 plotters can plot.")
        // The time of writing goes with the value.
        let age = Int(Date().timeIntervalSince1970 * 1000) - Int(double.flags("axidraw_plot1_state") ?? 0)
        #expect((0..<120_000).contains(age))
        let registration = try #require(double.requests.first { $0.path == "/v1/agent/service/register" })
        #expect(registration.query("replace-existing-checks") == "true")
        let wish = try JSONReader.read(registration.body)
        #expect(wish["Checks"]?.text.contains("/healthz") == true && wish["Port"] == .integer(server.port))
        #expect(wish["Tags"]?.text.contains("urlprefix-/studio/ strip=/studio") == true)
        // A press moves the pen, and Consul knows.
        #expect(try await server.ask("POST", "/single/plot1").status == 200)
        try await Self.wait("lowered") { double.key("axidraw_plot1_state") == "lowered" }
        // Consul has it a moment before its answer is read here.
        let shown = try await server.wait(for: "/v1/cluster") {
            $0.word("state") == "linked" && $0["consul"]?["keys"]?["axidraw_plot1_state"] == .string("lowered")
        }
        #expect(shown.word("message").hasSuffix("knows this daemon and 1 plotter."))
        #expect(shown["consul"]?["keys"]?["axidraw_plot1_state"] == .string("lowered"))
        #expect(try await server.json("GET", "/readyz").word("cluster") == "linked")
        let metrics = try await server.ask("GET", "/metrics").body
        #expect(metrics.contains("axidrawd_cluster_linked{service=\"consul\"} 1\n"))
        await server.stop()
        #expect(double.services == [] && double.key("axidraw_plot1_state") == "absent")
    }

    @Test func isToldAgainToAnAgentThatHasForgotten() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let server = try TestDaemon(cluster: Self.plan(double))
        try await Self.wait("known") { double.check("studio-plot1:plots")?.status == "passing" }
        double.forgetServices()
        try await Self.wait("known again") { double.check("studio-plot1:plots")?.status == "passing" }
        try await Self.wait("linked") { try await server.json("GET", "/v1/cluster").word("state") == "linked" }
        // Nothing of it was worth an incident.
        #expect(try await server.json("GET", "/v1/cluster")["consul"]?["troubleSince"] == .null)
        await server.stop()
    }

    /// Nonsense of every kind: an incident, tries with bounds, no effect on what moves, and then all is right again.
    @Test(arguments: [
        ("redirected", "HTTP/1.1 301 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
        ("refused", "HTTP/1.1 500 X\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\nNo cluster leader"),
        ("refused", "HTTP/1.1 403 X\r\nContent-Length: 17\r\n\r\nPermission denied"),
        ("unreachable", "SSH-2.0-OpenSSH_9.2\r\n"), ("unreachable", "HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\n{"),
        ("nonsense", "HTTP/1.1 200 X\r\nContent-Length: 15\r\n\r\n<html>hi</html>"),
    ]) func nonsenseIsAnIncidentAndNothingElse(word: String, said: String) async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        double.fails { _ in .raw(Array(said.utf8)) }
        let server = try TestDaemon(cluster: Self.plan(double))
        let shown = try await server.wait(for: "/v1/cluster") { $0.word("state") == "trouble" }
        #expect(shown["consul"]?.word("trouble") == word, "\(shown.text)")
        #expect(shown.word("message").contains("It is tried again; plotting goes on without it."))
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        #expect(try await server.ask("POST", "/single/plot1").status == 200)
        #expect(try await server.ask("GET", "/readyz").status == 200)
        double.fails { _ in nil }
        try await Self.wait("linked") { try await server.json("GET", "/v1/cluster").word("state") == "linked" }
        // What nobody has taken has not been believed to be known.
        #expect(double.services == ["studio", "studio-plot1"])
        try await Self.wait("the state") { double.key("axidraw_plot1_state") == "lowered" }
        await server.stop()
    }

    /// What a virtual board has drawn, as the board itself counts.
    private static func paper(_ server: TestDaemon) -> [String] {
        server.daemon.workshop.stations.compactMap(\.board).map { board in
            board.withBoard { "\($0.penDownMillimetres) \($0.penUpMillimetres)" }
        }
    }

    private static func plot(
        _ server: TestDaemon, _ meanwhile: () async throws -> Void
    ) async throws -> [String] {
        let lines = (0..<30).map { "M10 \(10 + 5 * $0)H110" }.joined()
        let drawing =
            "<svg xmlns='http://www.w3.org/2000/svg' width='120mm' height='170mm' viewBox='0 0 120 170'>"
            + "<path d='\(lines)' fill='none' stroke='black'/></svg>"
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        let job = try await server.json(
            "POST", "/v1/devices/plot1/jobs", "Content-Type: image/svg+xml\r\n", body: drawing)
        try await meanwhile()
        let done = try await server.wait(for: "/v1/jobs/\(job.word("id"))") { $0["isFinal"] == .bool(true) }
        #expect(done.word("state") == "done")
        return paper(server)
    }

    /// Consul dies in mid-plot and comes back with nothing: everything is there again, and the paper is as without it.
    @Test func consulDiesInMidPlotAndNothingOnThePaperNotices() async throws {
        let double = try ConsulDouble()
        defer { double.die() }
        let server = try TestDaemon(speed: .times(20), cluster: Self.plan(double))
        var asked = 0
        let drawn = try await Self.plot(server) {
            try await Self.wait("plotting") { double.key("axidraw_plot1_state") == "plotting" }
            // The watch has seen the key that will be lost.
            try await Self.wait("watched") {
                double.requests.contains {
                    $0.path == "/v1/kv/axidraw_address" && ($0.query("index").flatMap { Int($0) } ?? 0) > 11
                }
            }
            double.die()
            asked = double.requests.count
            try double.comeBackEmpty()
            try await Self.wait("known again") {
                double.services.count == 2 && double.key("axidraw_plot1_state") != nil
                    && double.key("axidraw_address") != nil
            }
        }
        try await Self.wait("the state") {
            let state = try await server.json("GET", "/v1/devices/plot1").word("state")
            return double.key("axidraw_plot1_state") == state && state != "plotting"
        }
        try await Self.wait("linked") { try await server.json("GET", "/v1/cluster").word("state") == "linked" }
        // Its watchers have begun anew.
        let before = asked
        try await Self.wait("watchers") {
            double.requests.dropFirst(before).contains {
                $0.path == "/v1/kv/axidraw_address" && $0.method == "GET" && $0.query("index") == nil
            }
        }
        await server.stop()
        let alone = try TestDaemon(speed: .maximum)
        #expect(try await Self.plot(alone) {} == drawn)
    }
}

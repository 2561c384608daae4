internal import Foundation
internal import Testing

@testable import Text
@testable import axidrawd

/// The client of a running daemon, over real sockets.
@Suite(.serialized) struct ClientTests {
    @Test func readsAddresses() {
        #expect(DaemonAddress("http://plotter.local:8080") == .internet(host: "plotter.local", port: 8080, prefix: ""))
        #expect(DaemonAddress("http://h/axi/") == .internet(host: "h", port: 80, prefix: "/axi"))
        #expect(DaemonAddress("http://[::1]:81/") == .internet(host: "[::1]", port: 81, prefix: ""))
        #expect(DaemonAddress("unix:/run/axidrawd/socket") == .unix(path: "/run/axidrawd/socket"))
        for text in [
            "", "h:80", "https://h", "http://", "http://h:0", "http://h:x", "http://u@h", "http://h/?a", "unix:",
        ] {
            #expect(DaemonAddress(text) == nil, "\(text)")
        }
    }

    @Test func asksAndFollows() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let port = server.port
        let told = try await withCheckedThrowingContinuation { (done: CheckedContinuation<[String], any Error>) in
            Thread.detachNewThread {
                do { done.resume(returning: try Self.plot(port)) } catch { done.resume(throwing: error) }
            }
        }
        #expect(told.last == "done")
    }

    /// Submits a drawing and follows it; the states in the order in which they were told.
    private static func plot(_ port: Int) throws -> [String] {
        let client = DaemonClient(address: .internet(host: "127.0.0.1", port: port, prefix: ""), key: nil)
        let svg = Array(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 30\"><path d=\"M5 5H35\" stroke=\"red\"/></svg>"
                .utf8)
        let made = try client.ask(
            "POST", "/v1/devices/plot1/jobs?hold=true&margin=1,2,3,4&page=a5&no-overlap=true",
            contentType: "image/svg+xml", body: svg)
        #expect(made.status == 201)
        let job = try JSONReader.read(made.body)
        let id = job.word("id")
        #expect(job["options"]?.word("page") == "a5")
        #expect(try client.ask("POST", "/v1/jobs/\(id)/pause").status == 409)
        var states: [String] = []
        try client.follow("/v1/events?topics=job,snapshot") { name, data in
            let value = try JSONReader.read(Array(data.utf8))
            if name == "snapshot" {
                // The stream stands: what follows cannot be missed.
                #expect(try client.ask("POST", "/v1/jobs/\(id)/resume").status == 200)
                return true
            }
            if value.word("id") == id { states.append(value.word("state")) }
            return value["isFinal"] != .bool(true)
        }
        return states
    }

    @Test func saysWhenNobodyAnswers() {
        let client = DaemonClient(address: .unix(path: "/nonexistent/axidrawd"), key: nil)
        #expect(throws: DaemonClient.Failure.self) { try client.ask("GET", "/healthz") }
    }
}

internal import Foundation
internal import Simulator
internal import TestSupport
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
            "", "h:80", "ftp://h", "http://", "http://h:0", "http://h:x", "http://u@h", "http://h/?a", "unix:",
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

    /// Runs the program against a daemon of this process, off the threads that the daemon needs.
    private static func run(_ server: TestDaemon, _ arguments: String...) async throws -> Executable.Outcome {
        let all = arguments + ["--url", "http://127.0.0.1:\(server.port)"]
        return try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread { done.resume(with: Result { try Executable.run(all) }) }
        }
    }

    @Test func resumesAPlotterAndSaysThatItIsHome() async throws {
        let server = try TestDaemon(speed: .times(4))
        let device = "/v1/devices/plot1"
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        // A closed line opens by a word about the plotter.
        #expect(try await server.json("POST", device + "/stop")["stopped"] == .bool(true))
        let open = try await Self.run(server, "resume", "plot1")
        #expect(open.code == 0 && open.output == "plot1: Ready, pen up.\n", "\(open)")
        #expect(try await server.json("GET", device)["stopped"] == .bool(false))
        // Where nobody knows the place, only who says that the carriage is home goes on.
        let svg =
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 40'><path d='M5 5H195M5 15H195' stroke='red'/></svg>"
        let id = try await server.json("POST", device + "/jobs", "Content-Type: image/svg+xml\r\n", body: svg).word(
            "id")
        _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["state"] == .string("plotting") }
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/pause").status == 200)
        _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["state"] == .string("paused") }
        let board = try #require(server.daemon.workshop.stations.first?.board)
        board.withBoard { $0.setSupply(counts: 0) }
        _ = try await server.wait(for: device) { $0["positionUnknown"] == .bool(true) }
        board.withBoard { board in
            board.setSupply(counts: 300)
            board.carryHome()
        }
        for what in ["plot1", id] {
            let refused = try await Self.run(server, "resume", what)
            #expect(refused.code != 0 && refused.errors.contains("--homed"), "\(refused)")
        }
        // A place on the paper is one of a drawing, never of a plotter.
        #expect(try await Self.run(server, "resume", "plot1", "--stroke", "1", "--homed").code == 64)
        #expect(try await Self.run(server, "resume", "plot9", "--homed").errors.contains("plot9"))
        #expect(try await server.json("GET", "/v1/jobs/\(id)")["state"] == .string("paused"))
        let homed = try await Self.run(server, "resume", "plot1", "--homed")
        #expect(homed.code == 0 && homed.output.hasPrefix("plot1: "), "\(homed)")
        #expect(
            try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }["state"] == .string("done"))
    }

    @Test func saysWhenNobodyAnswers() {
        let client = DaemonClient(address: .unix(path: "/nonexistent/axidrawd"), key: nil)
        #expect(throws: DaemonClient.Failure.self) { try client.ask("GET", "/healthz") }
    }
}

internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// `axidrawd task` as a scheduler runs it: its environment, its signals, its exit codes.
@Suite(.serialized) struct TaskProcessTests {
    private static let products = """
        {"products": [{"name": "ring", "kind": "flow", "parameters": {"width": 40, "height": 40}}]}
        """

    /// What a scheduler gives to each run.
    private func environment(_ folder: TemporaryFolder, _ payload: String) throws -> [String: String] {
        try folder.write(payload, to: "config.json")
        return [
            "NOMAD_TASK_DIR": folder.root.path, "NOMAD_META_plotter": "plot1", "PLOTTER_ID": "", "AXIDRAWD_KEY": "",
            "CONSUL_HOST": "", "CONSUL_HTTP_ADDR": "",
        ]
    }

    private func wait(_ what: String, _ condition: () async throws -> Bool) async throws {
        let end = Date().addingTimeInterval(180)
        while try await !condition() {
            try #require(Date() < end, Comment(rawValue: what))
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func aTaskThatIsKilledAndStartedAgainDrawsOnce() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/state/plot1") { $0["state"] == .string("raised") }
        let folder = try TemporaryFolder()
        let products = try folder.write(Self.products, to: "products.json")
        let environment = try environment(folder, #"{"product":"ring","ts":1700000000000}"#)
        let words = ["task", "--url", "http://127.0.0.1:\(server.port)", "--products", products]
        func start() throws -> Process { try Executable.start(words, environment: environment, scratch: folder) }
        // Killed while it waits.
        let first = try start()
        try await wait("waits") { try folder.text("errors").contains("waits at plot1") }
        #expect(kill(first.processIdentifier, SIGKILL) == 0)
        first.waitUntilExit()
        // Asked to end while it waits; the place is the same.
        let second = try start()
        try await wait("waits again") { try folder.text("errors").contains("waits at plot1") }
        second.terminate()
        second.waitUntilExit()
        #expect(second.terminationStatus == 143)
        // Killed once it is drawn or being drawn.
        let third = try start()
        try await wait("waits once more") { try folder.text("errors").contains("waits at plot1") }
        _ = try await server.json("POST", "/double/plot1")
        try await wait("handed over") { try folder.text("errors").contains("draws it as job") }
        kill(third.processIdentifier, SIGKILL)
        third.waitUntilExit()
        _ = try await server.wait(for: "/state/plot1") { $0["state"] == .string("raised") }
        _ = try await server.json("POST", "/double/plot1")
        let last = try Executable.run(words, environment: environment)
        #expect(last.code == 0, "\(last.errors)")
        #expect(last.errors.contains("ring is drawn"))
        let jobs = try await server.json("GET", "/v1/devices/plot1/jobs").items
        #expect(jobs.count == 1 && jobs.allSatisfy { $0["state"] == .string("done") })
    }

    /// The code says whether another run helps: 65, 66, 77 and 78 never, 69 and 75 later.
    @Test(arguments: [
        (#"{"product":"ring","ts":1,"svg":"<svg/>"}"#, Int32(65), "none of ours: unknown member \"svg\""),
        (#"{"version":2,"product":"ring"}"#, 78, "version 2"),
        (String(repeating: " ", count: 16_385), 65, "16385 bytes, at most 16384"),
        ("", 65, "is empty"),
        (#"{"product":"ring","ts":1}"#, 69, "127.0.0.1:1 cannot be reached"),
    ]) func refusesWithAReasonAndACode(payload: String, code: Int32, words: String) async throws {
        let folder = try TemporaryFolder()
        let outcome = try Executable.run(
            ["task", "--url", "http://127.0.0.1:1", "--patience", "1"], environment: try environment(folder, payload))
        #expect(outcome.code == code, "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }

    @Test func saysWhatIsMissing() throws {
        let folder = try TemporaryFolder()
        var environment = try environment(folder, #"{"product":"ring","ts":1}"#)
        environment["NOMAD_META_plotter"] = ""
        let nobody = try Executable.run(["task"], environment: environment)
        #expect(nobody.code == 65 && nobody.errors.contains("--to DEVICE"))
        environment["NOMAD_TASK_DIR"] = folder.path("none")
        #expect(try Executable.run(["task"], environment: environment).code == 66)
        environment["NOMAD_TASK_DIR"] = ""
        #expect(try Executable.run(["task"], environment: environment).code == 64)
        #expect(try Executable.run(["task", "--consul", "ftp://x"], environment: environment).code == 64)
    }
}

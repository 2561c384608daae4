internal import Foundation
internal import TestSupport
internal import Testing

@testable import axidrawd

/// The installation in the daemon: beside stored jobs, and over restarts.
@Suite(.serialized) struct InstallationDaemonTests {
    private static let line = """
        <svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30">\
        <path d="M5 5H35" fill="none" stroke="black"/></svg>
        """

    private func jobs(_ server: TestDaemon) async throws -> [(name: String, state: String)] {
        guard case .array(let items)? = try await server.json("GET", "/v1/devices/plot1/jobs")["items"] else {
            return []
        }
        return items.reversed().map { item in
            guard case .string(let name)? = item["name"], case .string(let state)? = item["state"] else {
                return ("", "")
            }
            return (String(name.prefix { $0 != " " }), state)
        }
    }

    private func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        let end = Date().addingTimeInterval(180)
        while try await !condition() {
            guard Date() < end else {
                Issue.record("never happened: \(what)")
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func state(_ server: TestDaemon, _ state: String) async throws {
        let found = try await server.wait(for: "/state/plot1") { $0["state"] == .string(state) }
        #expect(found["state"] == .string(state))
    }

    /// Sheets are a person's task: stored jobs and presses wait for the same double press.
    @Test func pressesAndStoredJobsTakeTurns() async throws {
        let server = try TestDaemon(installation: .small())
        try await state(server, "raised")
        #expect(try await server.json("POST", "/double/plot1")["state"] == .string("idle"))
        #expect(try await server.json("POST", "/single/plot1")["jobId"] != nil)
        try await until("the first press is drawn") { try await jobs(server).map(\.state) == ["done"] }
        try await state(server, "raised")
        // A press and a stored job while nobody has laid a sheet: nothing moves.
        let submitted = try await server.ask(
            "POST", "/v1/devices/plot1/jobs?name=upload&hold=true", "Content-Type: image/svg+xml\r\n", body: Self.line)
        #expect(submitted.status == 201)
        _ = try await server.json("POST", "/double/plot1")
        // A held job keeps nobody waiting.
        _ = try await server.json("POST", "/single/plot1")
        try await until("the second press is drawn") {
            try await jobs(server).map { "\($0.name) \($0.state)" } == ["ant done", "upload held", "bee done"]
        }
        try await state(server, "raised")
        let shown = try await server.json("GET", "/v1/installation")
        #expect(shown["position"] == .integer(2) && shown["next"] == .string("cat"))
    }

    /// Everything that was promised before a restart is drawn after it, once.
    @Test func promisesOutliveTheDaemon() async throws {
        let folder = try ShowFolder()
        func server() throws -> TestDaemon {
            let storage = try SpoolDirectory(path: folder.path + "/spool")
            return try TestDaemon(
                keeper: JobKeeper(try JobStore(storage: storage, nowMilliseconds: JobKeeper.now)),
                installation: .small(),
                installationFolder: folder.path + "/installation")
        }
        var tickets: Set<String> = []
        do {
            let first = try server()
            try await state(first, "raised")
            _ = try await first.json("POST", "/double/plot1")
            for _ in 0..<4 {
                let answer = try await first.json("POST", "/webhooks/single/plot1")
                if case .string(let id)? = answer["jobId"] {
                    tickets.insert(id)
                } else {
                    // Drawn already: the next sheet.
                    _ = try await first.json("POST", "/single/plot1")
                    _ = try await first.json("POST", "/double/plot1")
                }
            }
            #expect(!tickets.isEmpty)
            // A plot that is cut off would wait for a person.
            try await state(first, "raised")
            await first.stop()
        }
        let second = try server()
        try await state(second, "raised")
        try await until("all are drawn") {
            _ = try await second.json("POST", "/double/plot1")
            let items = try await jobs(second)
            return items.count >= tickets.count && items.allSatisfy { $0.state == "done" }
        }
        let drawn = second.daemon.workshop.jobs().map(\.record.job.source)
        #expect(Set(drawn) == Set(tickets.map { "installation/" + $0 }) && drawn.count == tickets.count)
        try await until("nothing is left") { await second.daemon.installation.memory.tickets.isEmpty }
        await second.stop()
    }
}

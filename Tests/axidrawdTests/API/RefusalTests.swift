internal import EBB
internal import Foundation
internal import Simulator
internal import TestSupport
internal import Testing

@testable import Text
@testable import axidrawd

private let device = "/v1/devices/plot1"

/// What a state forbids is answered with 409, the state and the event: every verb in every state that can be reached.
@Suite(.serialized) struct RefusalTests {
    private static let jobVerbs = [
        "pause", "pause?at=now", "resume", "resume?stroke=0", "cancel", "hold", "move?to=first", "move?to=last",
        "bounds",
    ]
    private static let deviceVerbs = [
        "stop", "release", "resume", "reset", "pen?to=up", "pen?to=down", "home", "walk?dx=1&dy=1", "move?x=1&y=1",
        "cycle", "engage", "command?text=V",
    ]
    private static let jobStates = [
        "queued", "held", "plotting", "paused", "paused for paper", "interrupted", "done", "cancelled", "failed",
    ]
    private static let deviceStates = [
        "absent", "raised", "lowered", "free", "idle", "plotting", "stopping", "paused", "paused by a lost link",
        "faulted",
    ]

    private struct Failure: Error { var text: String }

    /// A daemon in a situation, with the job that is asked about.
    private struct Situation {
        var server: TestDaemon
        var job = ""
        var folder: ShowFolder?
    }

    @Test func whatAJobsStateForbidsIsAsWrittenDown() async throws {
        var table = "job | verb | answer\n"
        table += try await Self.table(Self.jobStates) { state in
            try await Self.rows(state, Self.jobVerbs, make: Self.drawing(in:)) { "/v1/jobs/\($0.job)/" }
        }
        try expectGolden(table, at: packageDirectory.appendingPathComponent("fixtures/http/refusals-job.txt"))
    }

    @Test func whatADevicesStateForbidsIsAsWrittenDown() async throws {
        var table = "device | verb | answer\n"
        table += try await Self.table(Self.deviceStates) { state in
            try await Self.rows(state, Self.deviceVerbs, make: Self.machine) { _ in device + "/" }
        }
        try expectGolden(table, at: packageDirectory.appendingPathComponent("fixtures/http/refusals-device.txt"))
    }

    /// The rows of all states, in order. Each has daemons of its own that mostly wait for boards, so they wait together.
    private static func table(
        _ states: [String], rows: @escaping @Sendable (String) async throws -> String
    ) async throws -> String {
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for (number, state) in states.enumerated() { group.addTask { (number, try await rows(state)) } }
            var made = states.map { _ in "" }
            for try await (number, text) in group { made[number] = text }
            return made.joined()
        }
    }

    /// Asks each verb; what is not refused may have changed the state, so the next finds another daemon.
    private static func rows(
        _ state: String, _ verbs: [String], make: @Sendable (String) async throws -> Situation,
        path: @Sendable (Situation) -> String
    ) async throws -> String {
        var rows = ""
        var made: Situation?
        for verb in verbs {
            let here: Situation
            if let made { here = made } else { here = try await make(state) }
            let answer = try await here.server.ask("POST", path(here) + verb)
            rows += "\(state) | \(verb) | \(answer.status)"
            if answer.status == 409 {
                let body = try JSONReader.read(Array(answer.body.utf8))
                guard case .string(let found)? = body["state"], case .string(let event)? = body["event"] else {
                    throw Failure(text: "\(state), \(verb): \(answer.body)")
                }
                rows += ": \(found), \(event)"
                made = here
            } else {
                made = nil
            }
            rows += "\n"
        }
        return rows
    }

    // MARK: Situations

    private static func daemon(_ speed: Loopback.Speed = .maximum, _ keeper: JobKeeper? = nil) async throws
        -> TestDaemon
    {
        let server = try TestDaemon(speed: speed, keeper: keeper)
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        return server
    }

    /// Strokes that take minutes in real time.
    private static let drawing: String = {
        var paths = ""
        for row in 0..<20 { paths += "<path d=\"M5 \(5 + row)H180\" stroke=\"black\"/>" }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200mm\" height=\"40mm\" viewBox=\"0 0 200 40\">"
            + paths + "</svg>"
    }()

    private static func submit(_ server: TestDaemon, _ query: String = "", _ text: String = drawing) async throws
        -> String
    {
        let made = try await server.json(
            "POST", device + "/jobs" + query, "Content-Type: image/svg+xml\r\n", body: text)
        guard case .string(let id)? = made["id"] else { throw Failure(text: made.text) }
        return id
    }

    private static func wait(_ server: TestDaemon, _ id: String, _ state: String) async throws {
        let job = try await server.wait(for: "/v1/jobs/\(id)") { $0["state"] == .string(state) }
        guard job["state"] == .string(state) else { throw Failure(text: "not \(state): \(job.text)") }
    }

    private static func wait(_ server: TestDaemon, _ state: String) async throws {
        let record = try await server.wait(for: device) { $0["state"] == .string(state) }
        guard record["state"] == .string(state) else { throw Failure(text: "not \(state): \(record.text)") }
    }

    private static func plotting(_ speed: Loopback.Speed = .realTime) async throws -> Situation {
        let server = try await daemon(speed)
        let id = try await submit(server)
        _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["startedAt"] != .null }
        try await wait(server, id, "plotting")
        return Situation(server: server, job: id)
    }

    private static func paused() async throws -> Situation {
        let here = try await plotting(.times(4))
        #expect(try await here.server.ask("POST", "/v1/jobs/\(here.job)/pause?at=now").status == 200)
        try await wait(here.server, here.job, "paused")
        return here
    }

    private static func drawing(in state: String) async throws -> Situation {
        switch state {
        case "plotting": return try await plotting()
        case "paused": return try await paused()
        case "interrupted": return try await interrupted()
        default: break
        }
        let server = try await daemon()
        var here = Situation(server: server)
        switch state {
        case "queued":
            #expect(try await server.ask("POST", device + "/pen?to=down").status == 200)
            try await wait(server, "lowered")
            here.job = try await submit(server)
            _ = try await server.wait(for: "/v1/jobs/\(here.job)") { $0["summary"] != .null }
        case "held", "cancelled":
            here.job = try await submit(server, "?hold=true")
            _ = try await server.wait(for: "/v1/jobs/\(here.job)") { $0["summary"] != .null }
            if state == "cancelled" {
                #expect(try await server.ask("POST", "/v1/jobs/\(here.job)/cancel").status == 200)
            }
        case "paused for paper":
            here.job = try await submit(server, "?copies=2")
            try await wait(server, here.job, "paused")
        case "failed":
            // It lies beyond the page: it can be read, and nothing of it can be drawn.
            here.job = try await submit(
                server, "", drawing.replacing("M5", with: "M500").replacing("H180", with: "H700"))
            try await wait(server, here.job, "failed")
        default:
            here.job = try await submit(server)
            try await wait(server, here.job, state)
        }
        return here
    }

    /// As a daemon leaves it that was killed in the middle of a plot.
    private static func interrupted() async throws -> Situation {
        let folder = try ShowFolder()
        let bytes = Array(drawing.utf8)
        let store = try JobStore(storage: try SpoolDirectory(path: folder.path), nowMilliseconds: JobKeeper.now)
        var generator = SystemRandomNumberGenerator()
        let record = try store.submit(
            .init(device: "plot1", name: "cut", drawing: bytes, drawingSHA256: SHA256.hexadecimal(bytes)),
            nowMilliseconds: JobKeeper.now, using: &generator)
        try store.begin(record.id, with: JobProgress(), nowMilliseconds: JobKeeper.now)
        let again = try JobStore(storage: try SpoolDirectory(path: folder.path), nowMilliseconds: JobKeeper.now)
        let server = try await daemon(.maximum, JobKeeper(again))
        try await wait(server, record.id.text, "interrupted")
        return Situation(server: server, job: record.id.text, folder: folder)
    }

    private static func machine(_ state: String) async throws -> Situation {
        switch state {
        case "plotting": return try await plotting()
        case "paused": return try await paused()
        case "stopping":
            // So slow that it stops for many seconds.
            let here = try await plotting(.times(0.05))
            #expect(try await here.server.ask("POST", "/v1/jobs/\(here.job)/cancel").status == 200)
            try await wait(here.server, state)
            return here
        case "paused by a lost link":
            let here = try await plotting()
            here.server.daemon.workshop.stations.first?.board?.pullCable()
            try await wait(here.server, "paused")
            return here
        default: break
        }
        let server = try await daemon()
        let station = try #require(server.daemon.workshop.stations.first)
        switch state {
        case "absent": await station.plotter.vanished()
        case "lowered": #expect(try await server.ask("POST", device + "/pen?to=down").status == 200)
        case "free": #expect(try await server.ask("POST", device + "/release").status == 200)
        case "idle": try await station.plotter.apply(.pressed(.double))
        case "faulted":
            station.board?.pullCable()
            #expect(try await server.ask("POST", device + "/pen?to=up").status == 200)
        default: break
        }
        try await wait(server, state)
        return Situation(server: server)
    }
}

internal import Foundation
internal import TestSupport
internal import Testing

@testable import EBB
@testable import Motion
@testable import Text
@testable import axidrawd

/// Speeds and heights of jobs that are changed over the API.
@Suite(.serialized) struct ChangeTests {
    private static let json = "Content-Type: application/json\r\n"

    /// So many short strokes that a plot is not over before it can be paused.
    private static let long: String = {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='200mm' height='200mm' viewBox='0 0 200 200' "
        text += "fill='none' stroke='black'>"
        for i in 0..<2_500 { text += "<path d='M\(5 + i % 60 * 3) \(5 + i / 60 * 2)h2v1'/>" }
        return text + "</svg>"
    }()

    private func submit(_ server: TestDaemon, _ query: String, _ drawing: String) async throws -> String {
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let path = "/v1/devices/plot1/jobs?order=none&join=0\(query)"
        return try await server.json("POST", path, "Content-Type: image/svg+xml\r\n", body: drawing).word("id")
    }

    private func change(_ server: TestDaemon, _ id: String, _ body: String) async throws -> (Int, JSONValue) {
        let job = try await server.json("GET", "/v1/jobs/\(id)")
        let tag = "If-Match: \"\(id)-\(job["revision"]?.text ?? "")\"\r\n"
        let answer = try await server.ask("PATCH", "/v1/jobs/\(id)", Self.json + tag, body: body)
        return (answer.status, try JSONReader.read(Array(answer.body.utf8)))
    }

    private func seconds(_ job: JSONValue, _ part: String, _ name: String) -> Double {
        switch job[part]?[name] {
        case .number(let value)?: value
        case .integer(let value)?: Double(value)
        default: .nan
        }
    }

    /// What is left of a drawing is counted in strokes, so their order must not follow a speed that is changed on the way.
    @Test func anotherSpeedKeepsTheOrder() throws {
        var chance = SeededGenerator(seed: 19)
        let lines = (0..<200).map { _ in
            let (x, y) = (Int.random(in: 5...190, using: &chance), Int.random(in: 5...190, using: &chance))
            return "<path d='M\(x) \(y)q3 2 5 0t-2 4z'/>"
        }
        let drawing =
            "<svg xmlns='http://www.w3.org/2000/svg' width='200mm' height='200mm' viewBox='0 0 200 200' fill='none' "
            + "stroke='black'>\(lines.joined())</svg>"
        let planning = PlotPlanning.pipeline
        let base = MachineProfile.standard
        var slow = base
        slow.penUp.speed = 3
        func order(_ profile: MachineProfile, by ordering: MachineProfile) throws -> Polylines {
            let flat = try planning.read(Array(drawing.utf8), PlotOptions(), .whole, { false })
            let machine = TargetMachine(profile: profile, ordering: ordering, firmware: .v303)
            return try planning.plan(flat, PlotOptions(), machine, 0, .whole, .serial).strokes.polylines
        }
        let begun = try order(base, by: base)
        #expect(try order(slow, by: base) == begun)
        #expect(try order(slow, by: slow) != begun, "or nothing is shown")
    }

    /// Orders by the speeds that a job was handed in with, whatever it has been given since.
    @Test func theOrderFollowsWhatWasAskedForAtFirst() async throws {
        let server = try TestDaemon()
        let id = try await submit(server, "&hold=true&pen-up-speed=90", Self.long)
        let change = "{\"penDownMillimetresPerSecond\":2.5,\"penUpMillimetresPerSecond\":20}"
        #expect(try await self.change(server, id, change).0 == 200)
        let job = try server.daemon.workshop.roster.job(id)
        let profile = try job.orderingProfile(over: .standard)
        #expect(profile.penUp.speed == 90 && profile.penDown.speed == MachineProfile.standard.penDown.speed)
        #expect(try job.request(over: .standard).profile.penUp.speed == 20)
    }

    @Test func aWaitingJobIsPlannedAnew() async throws {
        let server = try TestDaemon()
        let id = try await submit(server, "&hold=true", Self.long)
        let before = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
        #expect(try await server.ask("PATCH", "/v1/jobs/\(id)", Self.json, body: "{}").status == 428)
        for bad in [
            "{}", "[]", "{\"speed\":1}", "{\"penUpHeightPercent\":\"60\"}", "{\"penDownMillimetresPerSecond\":0}",
            "{\"penDownHeightPercent\":90}", "{\"penUpHeightPercent\":400}",
        ] {
            #expect(try await change(server, id, bad).0 == 422, "\(bad)")
        }
        let (status, changed) = try await change(
            server, id, "{\"penDownMillimetresPerSecond\":2.5,\"penUpHeightPercent\":70}")
        #expect(status == 200)
        #expect(changed["options"]?["pen-down-speed"] == .string("2.5"))
        let after = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
        let (old, new) = (
            seconds(before, "summary", "durationSeconds"), seconds(after, "summary", "durationSeconds")
        )
        #expect(new > old + 1_200, "\(old) s, then \(new) s")
        #expect(try await change(server, id, "{\"penUpHeightPercent\":null}").1["options"]?["pen-up-height"] == nil)
    }

    @Test func thePageChangesFiguresWithoutScriptToo() async throws {
        let server = try TestDaemon()
        let id = try await submit(server, "&hold=true&pen-down-speed=33", Self.long)
        let front = try await server.ask("GET", "/", "Accept: text/html\r\n").body
        #expect(front.contains("name=\"pen-down-speed\"") && front.contains("placeholder=\"50.2\" value=\"33\""))
        let form = "Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://localhost\r\n"
        func send(_ body: String) async throws -> (status: Int, head: String, body: String) {
            try await server.ask("POST", "/do/plot1/change", form, body: body)
        }
        let all = "pen-down-speed=&pen-up-speed=80.5&pen-down-height=&pen-up-height=70"
        #expect(try await send(all).status == 303)
        let changed = try await server.json("GET", "/v1/jobs/\(id)")
        #expect(changed["options"]?["pen-up-speed"] == .string("80.5"))
        #expect(changed["options"]?["pen-up-height"] == .string("70"))
        #expect(changed["options"]?["pen-down-speed"] == nil && changed["options"]?["pen-down-height"] == nil)
        // What changes nothing does nothing.
        #expect(try await send(all).status == 303)
        let again = try await server.json("GET", "/v1/jobs/\(id)")
        #expect(again["options"] == changed["options"])
        for bad in ["pen-up-speed=fast", "pen-up-height=1", "pen-up-speed=%zz", "fit=page", "pen-up-speed=900"] {
            let refused = try await send(bad)
            #expect(refused.status == 422 || refused.status == 400, "\(bad): \(refused.status)")
            #expect(refused.body.contains("<b>Not done: </b>"), "\(bad)")
        }
        #expect(try await server.json("GET", "/v1/jobs/\(id)")["options"] == changed["options"])
        #expect(try await server.ask("POST", "/do/plot1/cancel", form).status == 303)
        #expect(try await server.ask("GET", "/", "Accept: text/html\r\n").body.contains("id=\"change-box\" hidden"))
    }

    @Test func aRefusedFigureIsNamed() async throws {
        let server = try TestDaemon()
        let id = try await submit(server, "&hold=true", Self.long)
        for (body, pointer) in [
            ("{\"penUpHeightPercent\":\"a\"}", "/penUpHeightPercent"),
            ("{\"penUpHeightPercent\":400}", "/pen-up-height"),
        ] {
            let (status, problem) = try await change(server, id, body)
            #expect(status == 422)
            #expect(problem.text.contains("\"pointer\":\"\(pointer)\""), "\(problem.text)")
        }
    }

    @Test func aRunningJobGoesOnWithTheNewFigures() async throws {
        let server = try TestDaemon()
        let id = try await submit(server, "", Self.long)
        let path = "/v1/jobs/\(id)"
        _ = try await server.wait(for: path) { $0["state"] == .string("plotting") }
        #expect(try await server.ask("POST", path + "/pause").status == 200)
        let paused = try await server.wait(for: path) { $0["state"] == .string("paused") }
        #expect(paused["state"] == .string("paused"), "\(paused.text)")
        let (status, answer) = try await change(
            server, id, "{\"penDownMillimetresPerSecond\":2,\"penUpHeightPercent\":75,\"penDownHeightPercent\":20}")
        #expect(status == 202, "\(answer.text)")
        #expect(try await server.ask("POST", path + "/resume").status == 200)
        let old = seconds(paused, "summary", "durationSeconds")
        let later = try await server.wait(for: path) { seconds($0, "summary", "durationSeconds") > old + 1_200 }
        #expect(seconds(later, "summary", "durationSeconds") > old + 1_200)
        let done = try await server.wait(for: path) { $0["isFinal"] == .bool(true) }
        #expect(done["state"] == .string("done"))
        let (board, _) = try #require(server.daemon.workshop.stations.first.map { ($0.board, $0.name) })
        #expect(board?.withBoard { $0.incidents.isEmpty } == true)
        #expect(try await change(server, id, "{\"penUpHeightPercent\":60}").0 == 409)
    }
}

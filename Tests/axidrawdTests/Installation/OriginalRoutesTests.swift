internal import Foundation
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import Text
@testable import axidrawd

/// The original's programs against our routes: what they say, what they hear, and none of the old defects.
///
/// Names such as D5 are the rows of the list of defects that were seen in the original.
@Suite(.serialized) struct OriginalRoutesTests {
    private static let square = """
        <svg xmlns='http://www.w3.org/2000/svg' width='40mm' height='30mm' viewBox='0 0 40 30'>\
        <path d='M5 5H35V25H5Z' fill='none' stroke='black'/></svg>
        """

    private static func body(key: String?, svg: String = square) -> String {
        var members: [(String, JSONValue)] = [("svg", .string(svg))]
        if let key { members.append(("key", .string(key))) }
        return JSONValue.object(members).text
    }

    private static let json = "Content-Type: application/json\r\n"

    /// A plot task as the original's: waits on its stream, sends when it is called, ends with `done`.
    private final class PlotTask: Sendable {
        let client: RawClient
        let heard = Heard()

        init(_ server: TestDaemon, plotter: String = "plot1", time: Int) throws {
            client = try RawClient(port: server.port)
            client.send(
                "GET /queue/\(plotter)?ts=\(time) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        }

        /// The next event that has this member; nil when the stream ends before.
        func event(_ member: String) async throws -> JSONValue? {
            var others = 0
            while others < 20 {
                while let event = heard.next() {
                    if event[member] != nil { return event }
                    others += 1
                }
                let text = await client.receive { $0.contains("\n\n") || $0.hasSuffix("0\r\n\r\n") }
                guard !text.isEmpty else { return nil }
                heard.add(text)
            }
            return nil
        }
    }

    /// What came on a stream, cut into events.
    private final class Heard: Sendable {
        private let state = Mutex((bytes: [UInt8](), events: [JSONValue]()))

        func add(_ more: String) {
            state.withLock { state in
                state.bytes += more.utf8
                let lines = state.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
                state.bytes = Array(lines.last ?? [])
                for line in lines.dropLast() where line.starts(with: "data: ".utf8) {
                    if let event = try? JSONReader.read(Array(line.dropFirst(6))) { state.events.append(event) }
                }
            }
        }

        func next() -> JSONValue? {
            state.withLock { $0.events.isEmpty ? nil : $0.events.removeFirst() }
        }
    }

    private func state(_ server: TestDaemon, _ wanted: String, _ plotter: String = "plot1") async throws {
        let found = try await server.wait(for: "/state/\(plotter)") { $0["state"] == .string(wanted) }
        #expect(found == .object([("state", .string(wanted)), ("id", .string(plotter))]))
    }

    private func key(_ event: JSONValue?) throws -> String {
        guard case .string(let key)? = event?["proceed"] else {
            Issue.record("no key in \(event?.text ?? "nothing")")
            throw CancellationError()
        }
        return key
    }

    @Test func speaksAsTheMachineDid() async throws {
        let server = try TestDaemon()
        try await state(server, "raised")
        let steps = [
            ("single", "raised", "lowered"), ("double", "lowered", "lowered"), ("single", "lowered", "raised"),
            ("long", "raised", "free"), ("long", "free", "free"), ("single", "free", "raised"),
            ("double", "raised", "idle"), ("double", "idle", "idle"), ("long", "idle", "idle"),
            ("single", "idle", "idle"),
        ]
        for (verb, before, after) in steps {
            let answer = try await server.json("POST", "/\(verb)/plot1")
            #expect(
                answer.text == "{\"previousState\":\"\(before)\",\"state\":\"\(after)\",\"id\":\"plot1\"}", "\(verb)")
        }
        let reset = try await server.json("POST", "/reset/plot1")
        #expect(reset.text == #"{"success":true,"status":200,"state":"raised","id":"plot1"}"#)
        for (method, path) in [
            ("GET", "/state/x"), ("POST", "/single/x"), ("POST", "/reset/x"), ("GET", "/queue/x?ts=1"),
            ("POST", "/webhooks/single/x"),
        ] {
            let answer = try await server.ask(method, path)
            #expect(answer.status == 400)
            #expect(answer.body == "{\"status\":400,\"error\":\"No plotter with ID: x\"}\n", "\(path)")
        }
        let root = try await server.json("GET", "/")
        #expect(root["healthy"] == .bool(true))
        #expect(try await server.ask("GET", "/webhooks/").body == "{\"healthy\":true}\n")
        let none = try await server.ask("GET", "/webhooks/none")
        #expect(none.status == 404 && none.body == "{\"status\":404,\"error\":\"Not found\"}\n")
        #expect(try await server.ask("GET", "/queue/plot1?ts=soon").status == 400)
    }

    @Test func plotTasksCompleteInTheOrderOfTheirTickets() async throws {
        let server = try TestDaemon()
        try await state(server, "raised")
        let later = try PlotTask(server, time: 2_000)
        #expect(try await later.event("connected")?.text == #"{"connected":true}"#)
        let sooner = try PlotTask(server, time: 1_000)
        #expect(try await sooner.event("connected")?.text == #"{"connected":true}"#)
        for task in [sooner, later] {
            #expect(try await server.json("POST", "/webhooks/double/plot1")["state"] == .string("idle"))
            let key = try key(try await task.event("proceed"))
            let answer = try await server.ask("POST", "/plot/plot1", Self.json, body: Self.body(key: key))
            #expect(answer.status == 200)
            #expect(answer.body == "{\"success\":true,\"state\":\"plotting\",\"id\":\"plot1\"}\n")
            let done = try await task.event("done")
            #expect(done?["done"] == .bool(true))
            guard case .integer(let duration)? = done?["duration"] else {
                Issue.record("no duration")
                return
            }
            #expect((0..<60_000).contains(duration))
            // D5: used once, and never again.
            let again = try await server.ask("POST", "/plot/plot1", Self.json, body: Self.body(key: key))
            #expect(again.status == 403)
            try await state(server, "raised")
        }
        let jobs = try await server.json("GET", "/v1/devices/plot1/jobs")
        guard case .array(let items)? = jobs["items"] else { return }
        #expect(items.count == 2 && items.allSatisfy { $0["state"] == .string("done") })
    }

    @Test func noKeyFitsWhileNobodyIsCalled() async throws {
        let server = try TestDaemon()
        try await state(server, "raised")
        // D4: absent never equals absent; D2: a key outside idle draws nothing and moves nothing.
        for body in [Self.body(key: nil), Self.body(key: ""), Self.body(key: "undefined"), "{\"key\":null}"] {
            let answer = try await server.ask("POST", "/plot/plot1", Self.json, body: body)
            #expect(answer.status == 403)
            #expect(
                answer.body.hasPrefix(
                    #"{"error":"Unauthorized request: keys do not match","id":"plot1","state":"raised","status":403,"#
                        + #""success":false}"#))
        }
        try await state(server, "raised")
        #expect(try await server.ask("POST", "/plot/plot1", Self.json, body: "{").status == 400)
        #expect(try await server.ask("POST", "/plot/plot1", body: "x").status == 415)
    }

    @Test func aKeyIsVoidOnceThePlotterIsTakenAwayAndThePlaceIsKept() async throws {
        let server = try TestDaemon()
        try await state(server, "raised")
        let task = try PlotTask(server, time: 1)
        _ = try await server.json("POST", "/double/plot1")
        let first = try key(try await task.event("proceed"))
        // D6: a second double press does not issue another key.
        #expect(try await server.json("POST", "/double/plot1")["state"] == .string("idle"))
        // D11: the call belongs to the state.
        _ = try await server.json("POST", "/reset/plot1")
        #expect(try await server.ask("POST", "/plot/plot1", Self.json, body: Self.body(key: first)).status == 403)
        _ = try await server.json("POST", "/double/plot1")
        let second = try key(try await task.event("proceed"))
        #expect(first != second)
        // D13: a drawing that is none has an answer, and the task hears the end.
        let bad = try await server.json("POST", "/plot/plot1", Self.json, body: Self.body(key: second, svg: "<svg"))
        #expect(bad["success"] == .bool(false) && bad["status"] == .integer(400) && bad["error"] != nil)
        #expect(try await task.event("failed")?["reason"] != nil)
        // D8: and its stream ends.
        #expect(try await task.event("none") == nil)
        try await state(server, "idle")
    }

    @Test func aClientThatGoesLosesItsPlaceAfterAWhile() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(InstallationPlan())
        let gone = try await show.enter("plot1", time: 1)
        let here = try await show.enter("plot1", time: 2)
        gone.close()
        try await fake.eventually("noticed") {
            await show.lines["plot1"]?.clients.first?.client.lostAt != nil
        }
        // D10: it is passed over at once.
        _ = try await show.press(.double, on: "plot1")
        try await fake.eventually("called") { text(here.take().bytes).contains("proceed") }
        // D25: back in time, it takes up its old place.
        let back = try await show.enter("plot1", time: 1)
        #expect(await show.lines["plot1"]?.waiting.map(\.time) == [1])
        back.close()
        fake.wait(milliseconds: 10_000)
        try await fake.eventually("dropped") {
            _ = await show.tick()
            fake.wait(milliseconds: 1_000)
            return await show.lines["plot1"]?.waiting.isEmpty ?? false
        }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func whoDoesNotComeIsToldAndTheNextIsCalled() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(InstallationPlan())
        let first = try await show.enter("plot1", time: 1)
        let second = try await show.enter("plot1", time: 2)
        let third = try await show.enter("plot1", time: 3)
        _ = try await show.press(.double, on: "plot1")
        var heard = ""
        try await fake.eventually("called") {
            heard += text(first.take().bytes)
            return heard.contains("proceed")
        }
        #expect(await show.tick())
        #expect(text(second.take().bytes).contains("heartbeat"))
        fake.wait(milliseconds: 15_000)
        #expect(await show.tick())
        let (bytes, isEnded) = first.take()
        // D7, D8: the loser hears why, and its stream ends.
        #expect(text(bytes).contains("\"failed\":true") && isEnded)
        var next = ""
        try await fake.eventually("next") {
            next += text(second.take().bytes)
            return next.contains("proceed")
        }
        // D9: nobody else lost a place.
        #expect(await show.lines["plot1"]?.waiting.map(\.time) == [3])
        #expect(!text(third.take().bytes).contains("proceed"))
        let key = next.components(separatedBy: "\"proceed\":\"")[1].prefix { $0 != "\"" }
        #expect(try await show.plot("plot1", key: String(key), drawing: [1]) == .accepted)
        // The same once more is the same plot; another drawing is none.
        #expect(try await show.plot("plot1", key: String(key), drawing: [1]) != .forbidden(.raised))
        try await fake.eventually("drawn") { fake.drawn.count == 1 }
        try await fake.eventually("told") { text(second.take().bytes).contains("\"done\":true") }
        #expect(fake.handedOver.count == 1)
    }

    /// D7: rendering may take longer than the 15 s of the original while the client is there; hanging may not.
    @Test func heartbeatsGiveASlowRendererTime() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(InstallationPlan())
        _ = try await show.press(.double, on: "plot1")
        for isSlow in [true, false] {
            let feed = try await show.enter("plot1", time: 1)
            var heard = ""
            try await fake.eventually("called") {
                heard += text(feed.take().bytes)
                return heard.contains("proceed")
            }
            let key = heard.components(separatedBy: "\"proceed\":\"")[1].prefix { $0 != "\"" }
            var seconds = 0
            while seconds < (isSlow ? 40 : 75), await show.lines["plot1"]?.turn != nil {
                fake.wait(milliseconds: 5_000)
                _ = await show.tick()
                seconds += 5
            }
            if isSlow {
                #expect(seconds == 40)
                #expect(try await show.plot("plot1", key: String(key), drawing: [1]) == .accepted)
                try await fake.eventually("told") { text(feed.take().bytes).contains("\"done\":true") }
                _ = try await show.press(.double, on: "plot1")
            } else {
                #expect(seconds == 60)
                let (bytes, isEnded) = feed.take()
                #expect(text(bytes).contains("\"failed\":true") && isEnded)
            }
        }
    }

    @Test func aFullQueueSaysSo() async throws {
        let fake = FakePlotters(["plot1"])
        let show = try await fake.installation(InstallationPlan())
        for time in 0..<10 { _ = try await show.enter("plot1", time: time) }
        let late = try await show.enter("plot1", time: 0)
        #expect(text(late.take().bytes) == "data: {\"connected\":false,\"reason\":\"Queue full (10 entries)\"}\n\n")
        #expect(await show.lines["plot1"]?.waiting.count == 10)
    }

    @Test func aResetCancelsFirstAndIsNotDone() async throws {
        let fake = FakePlotters(["plot1"])
        fake.setPauses(true)
        let show = try await fake.installation(.small())
        _ = try await show.press(.double, on: "plot1")
        _ = try await show.press(.single, on: "plot1")
        try await fake.eventually("plotting") { fake.state(of: "plot1")?.job != nil }
        let job = try #require(fake.state(of: "plot1")?.job)
        async let reset = show.reset("plot1")
        try await fake.eventually("stopping") { fake.state(of: "plot1")?.publicName == "stopping" }
        try await fake.change("plot1", .atRest(job: job))
        // D3, D12: at rest before it is told, and nothing is done that was not drawn.
        #expect(try await reset == .raised)
        try await fake.eventually("lost") { fake.events("incident").contains { $0["kind"] == .string("press-lost") } }
        #expect(fake.drawn.isEmpty)
        // The line is closed, and the original's way to the next drawing opens it: pressed twice.
        #expect(fake.isStopped("plot1"))
        fake.setPauses(false)
        _ = try await show.press(.single, on: "plot1", meaning: .draws)
        #expect(fake.drawn.isEmpty && fake.isStopped("plot1"))
        _ = try await show.press(.double, on: "plot1")
        #expect(!fake.isStopped("plot1"))
        try await fake.eventually("drawn") { fake.drawn.count == 1 }
    }

    @Test func pressesAndTicketsWaitOnAClosedLine() async throws {
        for paper in [InstallationPlan.Paper.sheets, .endless] {
            let fake = FakePlotters(["plot1"])
            let show = try await fake.installation(.small(paper: paper))
            if paper == .sheets { _ = try await show.press(.double, on: "plot1") }
            try await fake.eventually("idle") { fake.state(of: "plot1")?.publicName == "idle" }
            try await fake.stop("plot1")
            // Neither presses, nor a client's ticket, nor a press twice begin anything: whoever stopped it has a reason.
            _ = try await show.press(.single, on: "plot1", meaning: .draws)
            let client = try await show.enter("plot1", time: 1)
            _ = try await show.press(.double, on: "plot1")
            _ = try await show.press(.double, on: "plot1")
            _ = try await show.press(.single, on: "plot1")
            _ = await show.tick()
            #expect(fake.handedOver.isEmpty && !text(client.take().bytes).contains("proceed"))
            #expect(await show.lines["plot1"]?.waiting.count == 3)
            // Nor a reset before it: it opens what it closed itself, no more.
            _ = try await show.reset("plot1")
            _ = try await show.press(.double, on: "plot1")
            _ = await show.tick()
            #expect(fake.handedOver.isEmpty && fake.isStopped("plot1"))
            try await fake.goOn("plot1")
            var heard = ""
            try await fake.eventually("called") {
                heard += text(client.take().bytes)
                return heard.contains("proceed")
            }
        }
    }

    /// With endless paper the next drawing is called by nobody, so a reset in mid-plot must keep it from beginning.
    @Test func aResetWithEndlessPaperWaitsForAWord() async throws {
        let fake = FakePlotters(["plot1"])
        fake.setPauses(true)
        let show = try await fake.installation(.small(paper: .endless))
        try await fake.eventually("idle") { fake.state(of: "plot1")?.publicName == "idle" }
        for _ in 0..<2 { _ = try await show.press(.single, on: "plot1") }
        try await fake.eventually("plotting") { fake.state(of: "plot1")?.job != nil }
        let job = try #require(fake.state(of: "plot1")?.job)
        async let reset = show.reset("plot1")
        try await fake.eventually("stopping") { fake.state(of: "plot1")?.publicName == "stopping" }
        try await fake.change("plot1", .atRest(job: job))
        #expect(try await reset == .raised)
        _ = await show.tick()
        #expect(fake.handedOver.count == 1 && fake.state(of: "plot1") == .raised)
        try await fake.goOn("plot1")
        try await fake.eventually("next") { fake.handedOver.count == 2 }
    }
}

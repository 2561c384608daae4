internal import Foundation
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

private let square = """
    <svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30">\
    <path d="M5 5H35V25H5Z" fill="none" stroke="black"/></svg>
    """
private let svg = "Content-Type: image/svg+xml\r\n"

/// The daemon over real sockets, with a virtual board at full speed.
@Suite(.serialized) struct ServerTests {
    @Test func keepsAConnectionAndAnswersInOrder() async throws {
        let server = try TestDaemon()
        let client = try RawClient(port: server.port)
        let one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        client.send(one + one + "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let text = await client.receive { statuses($0).count == 3 && $0.hasSuffix("}\n") }
        #expect(statuses(text) == [200, 200, 404])
        client.send("nonsense\r\n")
        #expect(await statuses(client.receiveAll()) == [400])
    }

    @Test func answersARefusalBeforeTheBodyIsSent() async throws {
        let server = try TestDaemon()
        let client = try RawClient(port: server.port)
        client.send(
            "POST /v1/devices/plot1/jobs HTTP/1.1\r\nHost: localhost\r\n\(svg)Content-Length: 99999999\r\n\r\n")
        client.send([UInt8](repeating: 65, count: 300_000))
        let text = await client.receiveAll()
        #expect(statuses(text) == [413])
        #expect(text.contains("MiB") && text.contains("gzip"), "the limit as people count it, and what to do")
    }

    /// `curl -F file=@x.svg`: the answer names the field that was sent and the one that is wanted.
    @Test func aFormWithAnotherFieldIsToldTheRightOne() async throws {
        let server = try TestDaemon()
        let client = try RawClient(port: server.port)
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.svg\"\r\n"
            + "Content-Type: image/svg+xml\r\n\r\n<svg/>\r\n--b--\r\n"
        client.send(
            "POST /v1/devices/plot1/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
        let text = await client.receiveAll()
        #expect(statuses(text) == [400])
        #expect(text.contains("no field drawing, only file") && text.contains("curl -F drawing=@x.svg"))
    }

    @Test func turnsAwayWhatIsTooMuch() async throws {
        var limits = HTTPLimits()
        limits.connections = 3
        limits.localReserve = 0
        let server = try TestDaemon(limits: limits)
        let held = try (0..<3).map { _ in try RawClient(port: server.port) }
        for client in held {
            client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await statuses(client.receive { $0.hasSuffix("}\n") }) == [200])
        }
        let text = try await RawClient(port: server.port).receiveAll()
        #expect(statuses(text) == [503])
        #expect(text.contains("\r\nRetry-After: 5\r\n"))
        held[0].send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(await statuses(held[0].receive { $0.hasSuffix("}\n") }) == [200])
    }

    @Test func saysWhetherItTakesWork() async throws {
        let server = try TestDaemon()
        let word = try await server.wait(for: "/readyz") { $0["ready"] == .bool(true) }
        #expect(word["ready"] == .bool(true))
        let path = FileManager.default.temporaryDirectory.path + "/axidrawd-ready-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        // No disk has so much room, so this spool takes nothing.
        let greedy = JobStore.Limits(freeBytes: .max)
        let store = try JobStore(
            storage: try SpoolDirectory(path: path), limits: greedy, nowMilliseconds: JobKeeper.now)
        let full = try TestDaemon(keeper: JobKeeper(store))
        let ready = try await full.ask("GET", "/readyz")
        #expect(ready.status == 503 && ready.head.contains("Retry-After: "))
        #expect(try await full.ask("GET", "/healthz").status == 200)
    }

    @Test func endsSlowHeads() async throws {
        var limits = HTTPLimits()
        limits.headMilliseconds = 300
        let server = try TestDaemon(limits: limits)
        let client = try RawClient(port: server.port)
        client.send("GET / HT")
        #expect(await statuses(client.receiveAll()) == [408])
    }

    @Test func plotsADrawing() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let made = try await server.ask("POST", "/v1/devices/plot1/jobs?name=square", svg, body: square)
        #expect(made.status == 201)
        let job = try JSONReader.read(Array(made.body.utf8))
        guard case .string(let id)? = job["id"] else {
            Issue.record("no id in \(made.body)")
            return
        }
        #expect(made.head.contains("Location: /v1/jobs/\(id)\r\n"))
        let done = try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }
        #expect(done["state"] == .string("done"))
        #expect(done["summary"]?["strokes"] == .integer(1))
        let ink = try await server.wait(for: "/v1/devices/plot1/ink") { $0["count"].map { $0 != .integer(0) } ?? false }
        #expect(ink["job"] == .string(id))
        let preview = try await server.ask("GET", "/v1/jobs/\(id)/preview.svg")
        #expect(preview.status == 200 && preview.head.contains("sandbox") && preview.body.contains("<path"))
    }

    @Test func waitsWithAHeldJobAndDropsIt() async throws {
        let server = try TestDaemon()
        let made = try await server.json("POST", "/v1/devices/plot1/jobs?hold=true", svg, body: square)
        guard case .string(let id)? = made["id"] else {
            Issue.record("no id")
            return
        }
        let held = try await server.wait(for: "/v1/jobs/\(id)") { $0["state"] == .string("held") }
        #expect(held["state"] == .string("held"))
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/pause").status == 409)
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/cancel").status == 200)
        #expect(try await server.json("GET", "/v1/jobs/\(id)")["state"] == .string("cancelled"))
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume").status == 409)
    }

    @Test func refusesWhatCannotBeRead() async throws {
        let server = try TestDaemon()
        let broken = try await server.ask("POST", "/v1/devices/plot1/jobs", svg, body: "<svg><g></svg>")
        #expect(broken.status == 422)
        #expect(broken.body.contains("\"line\":1"))
        #expect(try await server.ask("POST", "/v1/devices/plot1/jobs?fit=huge", svg, body: square).status == 422)
        #expect(try await server.ask("POST", "/v1/devices/plot1/jobs?colour=red", svg, body: square).status == 422)
        #expect(try await server.ask("POST", "/v1/devices/none/jobs", svg, body: square).status == 404)
        #expect(
            try await server.ask("POST", "/v1/devices/plot1/jobs", "Content-Type: text/plain\r\n", body: square).status
                == 415
        )
        let digest = "Content-Digest: sha-256=:\(String(repeating: "A", count: 43))=:\r\n"
        #expect(try await server.ask("POST", "/v1/devices/plot1/jobs", svg + digest, body: square).status == 400)
    }

    @Test func takesAFormWithoutScript() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"drawing\"; filename=\"a.svg\"\r\nContent-Type: image/svg+xml"
            + "\r\n\r\n\(square)\r\n--b\r\nContent-Disposition: form-data; name=\"fit\"\r\n\r\nnone\r\n--b--\r\n"
        let type = "Content-Type: multipart/form-data; boundary=b\r\nOrigin: http://localhost\r\n"
        let sent = try await server.ask("POST", "/do/plot1/submit", type, body: form)
        #expect(sent.status == 303)
        #expect(sent.head.contains("Location: ../../?device=plot1\r\n"))
        let page = try await server.ask("GET", "/?device=plot1", "Accept: text/html\r\n")
        #expect(page.status == 200)
        #expect(page.body.contains("SIMULATED") && page.body.contains("a.svg"))
        #expect(page.head.contains("default-src 'none'"))
        #expect(try await server.ask("GET", "/").body.contains("\"healthy\":true"))
    }

    @Test func keepsThePageSmall() {
        let device = DeviceRecord(
            name: "plot1", isSimulated: true, profile: "axidraw-v3", travel: .init(width: 300, height: 218),
            simulatedSpeed: 1)
        let page = Page(device: device, otherDevices: [], job: nil, complaint: nil).response(WebFront()).body.count
        let files = EmbeddedFiles.all.values.map(\.count)
        #expect(page > 1000 && files.reduce(0, +) <= 120_000)
    }

    @Test func writesNamesSafelyIntoThePage() {
        let device = DeviceRecord(
            name: "plot1", isSimulated: true, profile: "axidraw-v3", travel: .init(width: 300, height: 218),
            simulatedSpeed: 1)
        let job = PlotJob(
            id: "x", device: "plot1", name: "<script>\"&'", created: 0)
        let page = Page(device: device, otherDevices: ["<b>"], job: job, complaint: "<i>").response(WebFront()).body
        let text = String(decoding: page, as: UTF8.self)
        #expect(!text.contains("<script>\"") && !text.contains("<b><") && !text.contains("<i>"))
        #expect(text.contains("&lt;script&gt;&quot;&amp;"))
    }
}

/// Server-sent events.
@Suite(.serialized) struct EventTests {
    private func stream(_ server: TestDaemon, _ fields: String = "", query: String = "") throws -> RawClient {
        let client = try RawClient(port: server.port)
        client.send("GET /v1/events\(query) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n")
        return client
    }

    @Test func beginsWithASnapshotAndGoesOn() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let client = try stream(server)
        let opening = await client.receive { $0.contains("event: snapshot") && $0.hasSuffix("\n\n\r\n") }
        #expect(opening.contains("Content-Type: text/event-stream\r\n"))
        #expect(opening.contains("X-Accel-Buffering: no\r\n"))
        #expect(opening.contains("retry: 2000\n"))
        _ = try await server.ask("POST", "/v1/devices/plot1/sample")
        let text = await client.receive { $0.contains("\"state\":\"done\"") }
        for name in ["job", "state", "position", "ink"] { #expect(text.contains("event: \(name)\n"), "\(name)") }
    }

    @Test func goesOnAfterTheEventTheReaderHasSeen() async throws {
        let server = try TestDaemon()
        let hub = server.daemon.workshop.events
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let first = hub.newest
        for number in 1...3 { hub.publish("incident", .integer(number)) }
        let all = try stream(server, "Last-Event-ID: \(hub.epoch)-\(first)\r\n")
        // The plotter may have something to say in between, so numbers are taken from what is sent.
        let sent = await all.receive { $0.contains("data: 3\n") }.components(separatedBy: "\n\n")
        func identity(of number: Int) throws -> String {
            let event = try #require(sent.first { $0.contains("data: \(number)") && $0.contains("event: incident") })
            return try #require(event.components(separatedBy: "\n").first { $0.contains("id: ") })
                .components(separatedBy: "id: ")[1]
        }
        let client = try stream(server, "Last-Event-ID: \(try identity(of: 1))\r\n")
        let text = await client.receive { $0.contains("data: 3\n") }
        #expect(!text.contains("snapshot") && !text.contains("data: 1\n") && text.contains("data: 2\n"))
        let byQuery = try stream(server, query: "?lastEventId=\(try identity(of: 2))")
        #expect(await !byQuery.receive { $0.contains("data: 3\n") }.contains("data: 2\n"))
    }

    @Test(arguments: ["other-1", "", "x", "1", "-", "a-b-c", "e-99999999999999999999", "e-00"])
    func beginsAnewAfterAnUnknownEvent(_ id: String) {
        #expect(EventHub(epoch: "e").number(ofId: id) == nil)
    }

    @Test func forgetsTheOldest() {
        let hub = EventHub(epoch: "e", capacity: 4)
        for number in 1...10 { hub.publish("job", .integer(number)) }
        #expect(hub.number(ofId: "e-5") == nil)
        #expect(hub.number(ofId: "e-6") == 6)
        #expect(hub.number(ofId: "e-10") == 10)
        #expect(hub.number(ofId: "e-11") == nil)
        guard case .event(let event) = hub.following(6), case .lost = hub.following(5), case .none = hub.following(10)
        else {
            Issue.record("wrong following")
            return
        }
        #expect(event.number == 7)
    }

    @Test func closesAReaderThatFallsBehind() {
        let hub = EventHub(epoch: "e", capacity: 1024)
        var reader = EventReader(EventRequest(hub: hub, topics: [], after: 0, snapshot: { .null }), now: 0)
        guard case .wait = reader.step(unsent: 0, limits: HTTPLimits(), now: 0) else {
            Issue.record("nothing is due")
            return
        }
        let long = JSONValue.string(String(repeating: "x", count: 1000))
        for _ in 0..<70 { hub.publish("job", long) }
        guard case .close = reader.step(unsent: 1, limits: HTTPLimits(), now: 0) else {
            Issue.record("64 kB behind")
            return
        }
    }

    @Test func aBurstDoesNotCloseAReaderThatTakesAll() {
        let hub = EventHub(epoch: "e", capacity: 1024)
        var reader = EventReader(EventRequest(hub: hub, topics: [], after: 0, snapshot: { .null }), now: 0)
        _ = reader.step(unsent: 0, limits: HTTPLimits(), now: 0)
        let long = JSONValue.string(String(repeating: "x", count: 30_000))
        for _ in 0..<20 { hub.publish("device", long) }
        var (count, pieces) = (0, 0)
        while case .send(let bytes) = reader.step(unsent: 0, limits: HTTPLimits(), now: 0) {
            count += bytes.count
            pieces += 1
            #expect(bytes.count <= 96 * 1024)
        }
        #expect(count > 600_000 && pieces >= 10)
    }

    @Test(arguments: [0, 1, 2, 40]) func sendsEveryEventHoweverSmallTheLimit(backlog: Int) {
        let hub = EventHub(epoch: "e", capacity: 16)
        for number in 0..<10 { hub.publish("job", .integer(number)) }
        var limits = HTTPLimits()
        limits.eventBacklog = backlog
        var reader = EventReader(EventRequest(hub: hub, topics: [], after: 0, snapshot: { .null }), now: 0)
        var text = ""
        while case .send(let bytes) = reader.step(unsent: 0, limits: limits, now: 0) {
            text += String(decoding: bytes, as: UTF8.self)
        }
        #expect(text.split(separator: "\n").count { $0.hasPrefix("id: ") } == 10)
    }

    @Test func sendsOnlyTheTopicsWantedAndAHeartbeat() {
        let hub = EventHub(epoch: "e")
        var reader = EventReader(EventRequest(hub: hub, topics: ["job"], after: 0, snapshot: { .null }), now: 0)
        hub.publish("ink", .integer(1))
        hub.publish("job", .integer(2))
        guard case .send(let bytes) = reader.step(unsent: 0, limits: HTTPLimits(), now: 0),
            case .send(let beat) = reader.step(unsent: 0, limits: HTTPLimits(), now: 15_000)
        else {
            Issue.record("nothing sent")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "id: e-2\nevent: job\ndata: 2\n\n")
        #expect(String(decoding: beat, as: UTF8.self) == ":\n\n")
    }
}

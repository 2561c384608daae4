internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Messages that ask for a plot: what they may carry, where it may come from, and that each counts once.
@Suite(.serialized) struct WebhookPlotTests {
    private static let secret = WebhookScheme.standard.secret(Array(1...32))
    private static let svg =
        "<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'><path d='M1 1L8 8' stroke='#000'/></svg>"

    private static func signed(_ id: String, _ body: String) -> String {
        let stamp = String(Int(Date().timeIntervalSince1970))
        let key = WebhookScheme.standard.key(secret) ?? []
        let code = Data(HMAC.sha256(key: key, Array("\(id).\(stamp).\(body)".utf8))).base64EncodedString()
        return "webhook-id: \(id)\r\nwebhook-timestamp: \(stamp)\r\nwebhook-signature: v1,\(code)\r\n"
            + "Content-Type: application/json\r\n"
    }

    private static let json = "Content-Type: application/json\r\n"

    @Test func aSignedMessageIsOneJobAlsoAfterARestart() async throws {
        let folder = try TemporaryFolder()
        try WebhookSourceFile(folder: folder.root.path).change { sources in
            sources.append(WebhookSource(source: "hub", scheme: .standard, secrets: [Self.secret], plotter: "plot1"))
        }
        let body = #"{"type":"order","data":{"plot":{"svg":"\#(Self.svg)","options":{"margin":1}}}}"#
        var job = ""
        for round in 0..<2 {
            let server = try TestDaemon(
                keeper: JobKeeper(
                    try JobStore(
                        storage: try SpoolDirectory(path: folder.path("state")), nowMilliseconds: JobKeeper.now)),
                keyFile: KeyFile(path: folder.path("keys.json"))
            )
            let fields = Self.signed("msg_1", body)
            let answer = try await server.ask("POST", "/v1/webhooks/hub", fields, body: body)
            #expect(answer.status == 200, "\(answer.body)")
            let said = try JSONReader.read(Array(answer.body.utf8))
            #expect(said.word("result") == (round == 0 ? "accepted" : "repeated"))
            #expect(round == 0 || said.word("job") == job)
            job = said.word("job")
            // The same message under a new time is the same.
            let again = try await server.ask("POST", "/v1/webhooks/hub", Self.signed("msg_1", body), body: body)
            #expect(again.body.contains("repeated") && again.body.contains(job))
            // A sender that is bound to a plotter reaches no other.
            let other = #"{"plot":{"device":"plot2","svg":"\#(Self.svg)"}}"#
            let refused = try await server.ask("POST", "/v1/webhooks/hub", Self.signed("msg_2", other), body: other)
            #expect(refused.status == 422 && refused.body.contains("is for plot1"))
            await server.stop()
        }
    }

    @Test func aDrawingIsFetchedOnlyFromWhereItMay() async throws {
        let museum = try ScriptedServer { _, request in
            switch request.head.split(separator: " ")[1] {
            case "/drawings/a.svg":
                .bytes("HTTP/1.1 200 OK\r\nContent-Length: \(Self.svg.utf8.count)\r\n\r\n\(Self.svg)")
            case "/drawings/moved.svg": .status(302, "Location: /drawings/a.svg\r\n")
            default: .status(404)
            }
        }
        defer { museum.stop() }
        let base = "http://127.0.0.1:\(museum.port)"
        var plan = WebhookPlan()
        plan.drawings = [base + "/drawings/"]
        plan.allowed = ["127.0.0.1"]
        let server = try TestDaemon(webhooks: plan)
        func ask(_ url: String) async throws -> (Int, String) {
            let answer = try await server.ask(
                "POST", "/v1/webhooks/plain", Self.json, body: #"{"plot":{"device":"plot1","url":"\#(url)"}}"#)
            return (answer.status, answer.body)
        }
        #expect(try await ask(base + "/drawings/a.svg").0 == 200)
        for (path, status, words) in [
            ("/drawings/moved.svg", 502, "302"), ("/drawings/none.svg", 502, "404"),
            ("/other/a.svg", 422, "webhooks.drawings"),
            ("/drawings/../other", 422, "webhooks.drawings"), ("/drawings/%2e%2e/other", 422, "webhooks.drawings"),
            ("/drawings/..%2fother", 422, "webhooks.drawings"), ("/drawings/..;/other", 422, "webhooks.drawings"),
            ("/drawings/%252e%252e/other", 422, "webhooks.drawings"),
        ] {
            let (found, text) = try await ask(base + path)
            #expect(found == status && text.contains(words), "\(path): \(text)")
        }
        #expect(
            try await ask("http://localhost:\(museum.port)/drawings/a.svg").0 == 422, "another name is another place")
        #expect(try await ask("file:///etc/passwd").0 == 422)
        #expect(museum.requests.count == 3)
        await server.stop()
        plan.allowed = []
        let strict = try TestDaemon(webhooks: plan)
        let answer = try await strict.ask(
            "POST", "/v1/webhooks/plain", Self.json,
            body: #"{"plot":{"device":"plot1","url":"\#(base)/drawings/a.svg"}}"#)
        #expect(answer.status == 502 && answer.body.contains("no public address") && museum.requests.count == 3)
        await strict.stop()
    }

    static let refused: [(plot: String, status: Int, words: String)] = [
        (#"{}"#, 422, "device is missing"), (#"{"device":"plot1"}"#, 422, "one of svg, url and design"),
        (#"{"device":"plot9","svg":"x"}"#, 404, "plot9"), (#"{"device":"plot1","svg":"x"}"#, 422, "well-formed"),
        (#"{"device":"plot1","svg":1}"#, 422, "svg must be a text"),
        (#"{"device":"plot1","svg":""}"#, 422, "svg is empty"),
        (#"{"device":"plot1","svg":"x","url":"http://h/"}"#, 422, "one of"),
        (#"{"device":"plot1","design":"nonsense"}"#, 422, "nonsense"),
        (#"{"device":"plot1","design":"flow","seed":-1}"#, 422, "seed"),
        (#"{"device":"plot1","design":"flow","parameters":{"spacing":"x"}}"#, 422, "spacing"),
        (#"{"device":"plot1","design":"flow","options":{"nonsense":1}}"#, 422, "nonsense"),
        (#"{"device":"plot1","design":"flow","option":{}}"#, 422, "known are"),
        (#"{"device":"plot1","svg":"x","seed":1}"#, 422, "belong to a design"),
    ]

    @Test func refusesWhatCannotBeAndTakesADesign() async throws {
        let server = try TestDaemon()
        for (plot, status, words) in Self.refused {
            let answer = try await server.ask("POST", "/v1/webhooks/plain", Self.json, body: #"{"plot":\#(plot)}"#)
            #expect(answer.status == status && answer.body.contains(words), "\(plot): \(answer.status) \(answer.body)")
        }
        let design = #"{"id":"a","plot":{"device":"plot1","design":"spirograph","seed":3,"name":"s"}}"#
        let made = try await server.ask("POST", "/v1/webhooks/plain", Self.json, body: design)
        #expect(made.status == 200 && made.body.contains("accepted"), "\(made.body)")
        #expect(try await server.ask("POST", "/v1/webhooks/plain", Self.json, body: design).body.contains("repeated"))
        #expect(try await server.json("GET", "/v1/jobs").items.count == 1)
        await server.stop()
    }
}

internal import Foundation
internal import Testing

@testable import HTTP
@testable import axidrawd

/// Requests that two readers could take in two ways are refused; none is guessed at.
@Suite(.serialized) struct AmbiguityTests {
    private static let svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20mm\" height=\"20mm\"><path d=\"M1 1h9\"/></svg>"
    private static let type = "Content-Type: image/svg+xml\r\n"
    private static let jobs = "/v1/devices/plot1/jobs"

    /// The drawing above as gzip has it.
    private static let compressed =
        Data(
            base64Encoded:
                "H4sIAAAAAAACA7MpLktXqMjNySu2VcooKSmw0tcvLy/XKzfWyy9K1zcyMDDQB6pQUijPTCnJsFUyMsjNVVLISM1MzyiB8uxsChJL"
                + "MhRSbJV8DRUMMyyV9O1sQHrsACvw4RlbAAAA") ?? Data()

    private func ready() async throws -> TestDaemon {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        return server
    }

    /// A form whose fields are these, each a name and a value.
    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "--b\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }.joined() + "--b--\r\n"
    }

    @Test func aParameterIsGivenOnce() async throws {
        let server = try await ready()
        for (method, path) in [
            ("GET", "/v1/jobs?limit=1&limit=200"), ("GET", "/v1/jobs?limit=1&%6Cimit=1"),
            ("POST", "/v1/devices/plot1/pen?to=up&to=down"),
            ("GET", "/v1/events?topics=job&topics=state"),
        ] {
            let answer = try await server.ask(method, path)
            #expect(answer.status == 400, "\(path)")
            #expect(answer.body.contains("more than once"), "\(path): \(answer.body)")
        }
        for query in ["hold=true&hold=false", "fit=none&fit=page", "hold=true&name=a&name=b"] {
            #expect(try await server.ask("POST", "\(Self.jobs)?\(query)", Self.type, body: Self.svg).status == 400)
        }
        // What no route reads may stand there as often as it likes.
        #expect(try await server.ask("GET", "/v1/jobs?utm=1&utm=2&limit=1").status == 200)
        #expect(try await server.json("GET", "/v1/jobs")["items"] == .array([]))
    }

    @Test func aFormHoldsEachFieldOnce() async throws {
        let server = try await ready()
        let type = "Content-Type: multipart/form-data; boundary=b\r\n"
        func send(_ fields: [(String, String)], type: String = type, query: String = "") async throws -> Int {
            try await server.ask("POST", Self.jobs + query, type, body: Self.form(fields)).status
        }
        #expect(try await send([("drawing", Self.svg), ("drawing", "<svg/>")]) == 400)
        #expect(try await send([("drawing", Self.svg), ("hold", "true"), ("hold", "false")]) == 400)
        #expect(try await send([("drawing", Self.svg), ("hold", "false")], query: "?hold=true") == 400)
        #expect(try await send([("drawing", Self.svg), ("fit", "page"), ("options", "fit=none")]) == 400)
        let two = "Content-Type: multipart/form-data; boundary=b; boundary=c\r\n"
        #expect(try await send([("drawing", Self.svg)], type: two) == 400)
        #expect(try await send([("drawing\"; name=\"fit", Self.svg)]) == 400)
        #expect(try await server.json("GET", "/v1/jobs")["items"] == .array([]))
        #expect(try await send([("drawing", Self.svg), ("hold", "true"), ("options", "fit=page")]) == 201)
    }

    @Test func aCodedBodyIsNotTakenForAPlainOne() async throws {
        let server = try await ready()
        let held = Self.jobs + "?hold=true"
        for coding in ["br", "deflate", "gzip, gzip", "gzip, br", "identity, br", "", "\"gzip\""] {
            let fields = Self.type + "Content-Encoding: \(coding)\r\n"
            let answer = try await server.ask("POST", held, fields, body: Self.svg)
            #expect(answer.status == 415, "\(coding)")
            #expect(answer.head.contains("\r\nAccept-Encoding: gzip, identity"), "\(coding)")
        }
        let json = "Content-Type: application/json\r\nIf-Match: *\r\nContent-Encoding: gzip\r\n"
        let answer = try await server.ask("PATCH", "/v1/devices/plot1", json, body: "{}")
        #expect(answer.status == 415 && answer.head.contains("\r\nAccept-Encoding: identity"))
        for coding in ["identity", "Identity"] {
            let fields = Self.type + "Content-Encoding: \(coding)\r\n"
            #expect(try await server.ask("POST", held, fields, body: Self.svg).status == 201)
        }
        let gzip = Self.type + "Content-Encoding: gzip\r\n"
        let plain = try await server.ask("POST", held, gzip, body: Self.svg)
        #expect(plain.status == 400 && plain.body.contains("not compressed"))
        for coding in ["gzip", "X-GZIP"] {
            let client = try RawClient(port: server.port)
            client.send(
                "POST \(held) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(Self.type)Content-Encoding: \(coding)\r\n"
                    + "Content-Length: \(Self.compressed.count)\r\n\r\n")
            client.send([UInt8](Self.compressed))
            #expect(statuses(await client.receiveAll()) == [201], "\(coding)")
        }
    }

    @Test func aFileIsNotSentAgainToWhoHasIt() async throws {
        let server = try TestDaemon()
        let first = try await server.ask("GET", "/page.css")
        let line = try #require(first.head.split(separator: "\r\n").first { $0.hasPrefix("ETag: ") })
        let tag = line.dropFirst("ETag: ".count)
        for known in ["\(tag)", "W/\(tag)", "\"x\", \(tag)", "*"] {
            let again = try await server.ask("GET", "/page.css", "If-None-Match: \(known)\r\n")
            #expect(again.status == 304 && again.body.isEmpty, "\(known)")
        }
        #expect(try await server.ask("GET", "/page.css", "If-None-Match: \"x\"\r\n").status == 200)
    }

    @Test func whoSendsIntoAnEventStreamIsLetGo() {
        var limits = HTTPLimits()
        limits.drainBytes = 1000
        var conversation = HTTPConversation(limits: limits, now: 0)
        let gate = TestGate()
        conversation.receive(Array("GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)[...], now: 0)
        #expect(conversation.next(now: 0, gate: gate) != nil)
        conversation.startStream(Response(200), now: 0, gate: gate)
        #expect(conversation.phase == .streaming)
        for _ in 0..<10 { conversation.receive([UInt8](repeating: 0x78, count: 100)[...], now: 1) }
        #expect(conversation.phase == .streaming)
        conversation.receive([0x78], now: 1)
        #expect(conversation.phase == .closed)
    }
}

internal import Foundation
internal import HTTP
internal import Synchronization
internal import TestSupport
internal import Testing
internal import Text

@testable import axidrawd

/// A screen shows a code, a person who may plot types it, and the screen may look: no more, not twice, and not by guessing.
@Suite(.serialized) struct ScreenTests {
    private final class Time: Sendable {
        private let seconds = Mutex(1000)
        var value: Int {
            get { seconds.withLock { $0 } }
            set { seconds.withLock { $0 = newValue } }
        }
    }

    private static func ticket(_ trial: ScreenCodes.Trial) throws -> ScreenCodes.Ticket {
        guard case .good(let ticket) = trial else { throw Wrong(trial: trial) }
        return ticket
    }

    private struct Wrong: Error { var trial: ScreenCodes.Trial }

    @Test func aCodeIsGoodOnceAndForTenMinutes() throws {
        let time = Time()
        let codes = ScreenCodes(now: { time.value })
        let made = try #require(codes.make(for: "hall"))
        #expect(made.code.wholeMatch(of: /[0-9A-HJKMNP-TV-Z]{8}/) != nil, "\(made.code)")
        #expect(codes.claim(made.token) == .waits && codes.claim(made.code) == .unknown)
        time.value += ScreenCodes.seconds - 1
        // As people type it.
        let typed = " " + made.code.lowercased().prefix(4) + "-" + made.code.suffix(4)
        let ticket = try Self.ticket(codes.tried(typed.replacing("0", with: "o").replacing("1", with: "l"), by: "me"))
        #expect(codes.tried(made.code, by: "other") == .wrong, "once")
        #expect(codes.claim(made.token) == .waits, "no key yet")
        codes.giveBack(ticket)
        codes.settle(try Self.ticket(codes.tried(made.code, by: "me")), key: "screen")
        time.value += 30
        #expect(codes.claim(made.token) == .granted(key: "screen"))
        #expect(codes.claim(made.token) == .unknown, "told once")
        let late = try #require(codes.make(for: "hall"))
        time.value += ScreenCodes.seconds
        #expect(codes.tried(late.code, by: "me") == .wrong && codes.claim(late.token) == .unknown)
    }

    @Test func fiveWrongTriesAMinute() throws {
        let time = Time()
        let codes = ScreenCodes(now: { time.value })
        let made = try #require(codes.make(for: "hall"))
        for second in 0..<5 {
            time.value = 1000 + 10 * second
            #expect(codes.tried("ZZZZ ZZZZ", by: "me") == .wrong)
        }
        // Not even the right one: else guessing would go on.
        #expect(codes.tried(made.code, by: "me") == .tooMany(retryAfterSeconds: 20))
        time.value = 1059
        #expect(codes.tried(made.code, by: "me") == .tooMany(retryAfterSeconds: 1))
        // Others are not held up by it.
        let other = try #require(codes.make(for: "hall"))
        _ = try Self.ticket(codes.tried(other.code, by: "you"))
        time.value = 1060
        _ = try Self.ticket(codes.tried(made.code, by: "me"))
    }

    @Test func onePlacePushesOutOnlyItsOwn() throws {
        let codes = ScreenCodes(now: { 1000 })
        let first = try #require(codes.make(for: "hall"))
        let many = (0..<ScreenCodes.perPlace + 8).compactMap { _ in codes.make(for: "away") }
        #expect(codes.claim(many[0].token) == .unknown && codes.claim(first.token) == .waits)
        for place in 0..<2 * ScreenCodes.capacity { #expect(codes.make(for: "\(place)") != nil) }
        #expect(codes.claim(first.token) == .waits)
    }

    /// A screen that stands somewhere asks after its code; whoever only opens codes pushes out their own.
    @Test func aScreenThatAsksKeepsItsCode() throws {
        let time = Time()
        let codes = ScreenCodes(now: { time.value })
        let screen = try #require(codes.make(for: "hall"))
        for _ in 0..<100 {
            time.value += 2
            #expect(codes.claim(screen.token) == .waits)
            for _ in 0..<ScreenCodes.perPlace { #expect(codes.make(for: "hall") != nil) }
        }
        // While all ask, a further one of another place is told to try later; one that has gone gives way.
        let all = (0..<ScreenCodes.capacity).compactMap { codes.make(for: "\($0)") }
        for made in all { _ = codes.claim(made.token) }
        #expect(codes.make(for: "one too many") == nil)
        time.value += ScreenCodes.patience
        #expect(codes.claim(screen.token) == .waits && codes.make(for: "one more") != nil)
    }

    @Test func aScreenIsLetInThroughTheDaemon() async throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(path: folder.path("keys.json"))
        let hand = try file.add(name: "hand", role: .operator, expires: nil, now: 1)
        let eye = try file.add(name: "eye", role: .viewer, expires: nil, now: 1)
        let credentials = CredentialTable()
        credentials.replaceKeys(try file.read())
        let server = try TestDaemon(credentials: credentials, keyFile: file)
        // As a proxy forwards it, so that it is not local.
        let remote = "X-Forwarded-For: 10.0.0.7\r\n"
        let json = remote + "Content-Type: application/json\r\n"
        func grant(_ body: String, _ key: String) async throws -> (status: Int, head: String, body: String) {
            try await server.ask("POST", "/v1/screens/grant", json + "Authorization: Bearer \(key)\r\n", body: body)
        }
        let made = try await server.json("POST", "/v1/screens", remote)
        guard case .string(let code)? = made["code"], case .string(let token)? = made["token"] else {
            Issue.record("\(made)")
            return
        }
        let claim = "{\"token\": \"\(token)\"}"
        #expect(try await server.ask("POST", "/v1/screens/claim", json, body: claim).status == 202)
        // It is nothing for those who may only look, nor for nobody.
        #expect(try await grant("{\"code\": \"\(code)\"}", eye).status == 403)
        #expect(try await server.ask("POST", "/v1/screens/grant", json, body: "{\"code\": \"\(code)\"}").status == 401)
        for body in [
            "{}", "[]", "{\"code\": 5}", "{\"code\": \"x\", \"role\": \"admin\"}",
            "{\"code\": \"x\", \"name\": \"a b\"}", "x",
        ] {
            #expect(try await grant(body, hand).status == 400, "\(body)")
        }
        #expect(try await grant("{\"code\": \"\(code)\", \"name\": \"hand\"}", hand).status == 409, "the name is taken")
        let granted = try await grant("{\"code\": \"\(code)\", \"name\": \"hall\"}", hand)
        #expect(granted.status == 200 && granted.body.contains("\"viewer\""), "\(granted)")
        #expect(try await grant("{\"code\": \"\(code)\"}", hand).status == 404, "used up")
        let session = try await server.ask("POST", "/v1/screens/claim", json, body: claim)
        #expect(session.status == 204 && session.head.contains("HttpOnly"), "\(session)")
        #expect(try await server.ask("POST", "/v1/screens/claim", json, body: claim).status == 410)
        let value = session.head.components(separatedBy: "axidrawd=")[1].prefix { $0 != ";" }
        let cookie = remote + "Cookie: axidrawd=\(value)\r\nOrigin: http://localhost\r\n"
        #expect(try await server.ask("GET", "/v1/devices", cookie).status == 200)
        #expect(try await server.ask("POST", "/v1/devices/plot1/stop", cookie).status == 403)
        // It is a key like any other: kept over a restart, listed, revoked.
        let next = CredentialTable(now: { Int(Date().timeIntervalSince1970) + 100 * 86400 })
        next.replaceKeys(try file.read())
        next.restore(file.sessions())
        #expect(next.caller(ofSession: String(value))?.credential == .session("hall"))
        // Who listens hears no more once it is revoked.
        let client = try RawClient(port: server.port)
        client.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\(cookie)\r\n")
        #expect(await client.receive { $0.contains("event: snapshot") }.contains("event: snapshot"))
        try file.revoke(name: "hall")
        credentials.replaceKeys(try file.read())
        _ = await client.receiveAll()
        #expect(try await server.ask("GET", "/v1/devices", cookie).status == 401)
        for _ in 0..<4 { #expect(try await grant("{\"code\": \"22222222\"}", hand).status == 404) }
        let slowed = try await grant("{\"code\": \"22222222\"}", hand)
        #expect(slowed.status == 429 && slowed.head.contains("Retry-After: "), "\(slowed)")
    }
}

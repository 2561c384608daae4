internal import Foundation
internal import HTTP
internal import Synchronization
internal import TestSupport
internal import Testing
internal import Text

@testable import axidrawd

/// A session is no more than the key it was made with.
struct SessionTests {
    private final class Time: Sendable {
        private let seconds = Mutex(1000)
        var value: Int {
            get { seconds.withLock { $0 } }
            set { seconds.withLock { $0 = newValue } }
        }
    }

    private static func key(
        _ text: String, name: String = "k", _ role: Role = .operator, expires: Int? = nil
    ) -> CredentialTable.Key {
        .init(name: name, role: role, hash: SHA256.digest(text.utf8), created: "", expires: expires)
    }

    private static func session(_ table: CredentialTable, _ text: String) throws -> (token: String, seconds: Int?) {
        let caller = try #require(table.caller(ofKey: text))
        return try #require(table.startSession(for: caller))
    }

    @Test func endsWithTheRecordOfItsKeyNotWithItsName() throws {
        let table = CredentialTable(now: { 1000 })
        table.replaceKeys([Self.key("one")])
        let token = try Self.session(table, "one").token
        #expect(table.caller(ofSession: token)?.role == .operator)
        // Revoked, and another made under its name.
        table.replaceKeys([Self.key("two")])
        #expect(table.caller(ofSession: token) == nil)
        table.replaceKeys([Self.key("one")])
        #expect(table.caller(ofSession: token) == nil)
    }

    @Test func endsWhenItsKeyExpires() throws {
        let time = Time()
        let table = CredentialTable(now: { time.value })
        table.replaceKeys([Self.key("one", expires: 2000)])
        let session = try Self.session(table, "one")
        #expect(session.seconds == 1000)
        time.value = 1999
        #expect(table.caller(ofSession: session.token) != nil)
        time.value = 2000
        #expect(table.caller(ofSession: session.token) == nil)
    }

    @Test func followsTheRoleOfItsKey() throws {
        let table = CredentialTable(now: { 1000 })
        table.replaceKeys([Self.key("one", .admin)])
        let token = try Self.session(table, "one").token
        table.replaceKeys([Self.key("one", .viewer)])
        #expect(table.caller(ofSession: token)?.role == .viewer)
    }

    @Test func aScreensSessionLivesAcrossRestartsUntilItsKeyIsRevoked() throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(path: folder.path("keys.json"))
        let viewer = try file.add(name: "screen", role: .viewer, expires: nil, now: 1)
        let person = try file.add(name: "person", role: .operator, expires: nil, now: 1)
        let time = Time()
        let table = CredentialTable(now: { time.value })
        table.replaceKeys(try file.read())
        let screen = try Self.session(table, viewer)
        #expect(screen.seconds == nil)
        let other = try Self.session(table, person)
        #expect(other.seconds == CredentialTable.sessionSeconds)
        try file.keep(table.lastingSessions)
        #expect(!(try folder.text("keys-sessions.json")).contains(screen.token))
        time.value = 400 * 86400
        #expect(table.caller(ofSession: screen.token)?.role == .viewer)
        #expect(table.caller(ofSession: other.token) == nil)

        let next = CredentialTable(now: { time.value })
        next.replaceKeys(try file.read())
        next.restore(file.sessions())
        #expect(next.caller(ofSession: screen.token)?.credential == .session("screen"))
        #expect(next.caller(ofSession: other.token) == nil)
        try file.revoke(name: "screen")
        next.replaceKeys(try file.read())
        #expect(next.caller(ofSession: screen.token) == nil)
        // Nor does the file bring it back.
        let last = CredentialTable(now: { time.value })
        last.replaceKeys(try file.read())
        last.restore(file.sessions())
        #expect(last.caller(ofSession: screen.token) == nil)
    }

    @Test func oneKeyHasSoManySessions() throws {
        let table = CredentialTable(now: { 1000 })
        table.replaceKeys([Self.key("one", .viewer), Self.key("two", name: "l", .viewer)])
        let other = try Self.session(table, "two").token
        let tokens = try (0...CredentialTable.sessionsPerKey).map { _ in try Self.session(table, "one").token }
        #expect(table.caller(ofSession: tokens[0]) == nil)
        #expect(table.caller(ofSession: tokens[1]) != nil)
        #expect(table.caller(ofSession: other) != nil)
    }

    /// `keys` speaks to the daemon that runs; who comes by loopback without a key may not make one.
    @Test func keysAreMadeInTheDaemonThatRuns() async throws {
        let folder = try TemporaryFolder()
        let run = folder.path("run")
        try FileManager.default.createDirectory(atPath: run + "/axidrawd", withIntermediateDirectories: true)
        let socket = run + "/axidrawd/simulated.socket"
        let environment = ["HOME": folder.root.path, "XDG_RUNTIME_DIR": run, "STATE_DIRECTORY": ""]
        let daemon = try Executable.start(
            ["serve", "--simulate", "--listen", "unix:\(socket)", "--listen", "127.0.0.1:0"], environment: environment,
            scratch: folder)
        defer { daemon.terminate() }
        let client = DaemonClient(address: .unix(path: socket), key: nil)
        let end = Date().addingTimeInterval(60)
        while (try? client.ask("GET", "/healthz").status) != 200, Date() < end {
            try await Task.sleep(for: .milliseconds(10))
        }
        let keys = ["keys", "add", "studio", "--role", "operator", "--simulated"]
        let made = try Executable.run(keys, environment: environment)
        #expect(made.code == 0 && made.output.hasPrefix("axd_"), "\(made)")
        #expect(made.errors.contains("the daemon at unix:\(socket)"), "\(made.errors)")
        // It counts at once, not after a look at the file.
        let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try DaemonClient(address: .unix(path: socket), key: key).ask("GET", "/v1/devices").status == 200)
        #expect(try Executable.run(keys, environment: environment).code == 1)
        let list = try Executable.run(["keys", "list", "--simulated"], environment: environment)
        #expect(list.output.hasPrefix("studio\toperator\t"), "\(list)")
        #expect(try Executable.run(["keys", "revoke", "studio", "--simulated"], environment: environment).code == 0)
        #expect(try DaemonClient(address: .unix(path: socket), key: key).ask("GET", "/v1/devices").status == 401)
        let text = try folder.text("errors")
        let port = try #require(text.firstMatch(of: #/http://127.0.0.1:(\d+)//#)?.1)
        let address = try #require(DaemonAddress("http://127.0.0.1:\(port)"))
        let loopback = DaemonClient(address: address, key: nil)
        #expect(try loopback.ask("GET", "/v1/devices").status == 200)
        #expect(try loopback.ask("POST", "/v1/keys?name=thief&role=admin").status == 403)
    }
}

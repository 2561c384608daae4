internal import Synchronization
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// When keys were last used: seen by the daemon, kept beside the keys, told by `keys list`.
struct KeyUseTests {
    private final class Time: Sendable {
        private let seconds = Mutex(1000)
        var value: Int {
            get { seconds.withLock { $0 } }
            set { seconds.withLock { $0 = newValue } }
        }
    }

    @Test func everyGoodUseCounts() throws {
        let time = Time()
        let table = CredentialTable(now: { time.value })
        func key(_ name: String, plotter: String? = nil) -> CredentialTable.Key {
            .init(
                name: name, role: .operator, hash: SHA256.digest(name.utf8), created: "", expires: 2000,
                plotter: plotter)
        }
        table.replaceKeys([key("a"), key("b"), key("door", plotter: "plot1"), key("never")])
        let caller = try #require(table.caller(ofKey: "a"))
        time.value = 1500
        _ = table.caller(ofKey: "b")
        #expect(table.caller(ofKey: "wrong") == nil)
        // A button's secret is no key.
        #expect(table.caller(ofKey: "door") == nil)
        #expect(table.lastUses == ["a": 1000, "b": 1500])
        time.value = 1600
        #expect(table.button(ofSecret: "door")?.plotter == "plot1")
        let token = try #require(table.startSession(for: caller)).token
        #expect(table.caller(ofSession: token) != nil)
        #expect(table.lastUses == ["a": 1600, "b": 1500, "door": 1600])
        // An expired key opens nothing, so it is not used either.
        time.value = 2000
        #expect(table.caller(ofKey: "b") == nil)
        #expect(table.lastUses["b"] == 1500)
    }

    @Test func keepsTheLatestOfThoseThatThereAre() throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(path: folder.path("keys.json"))
        for name in ["a", "b"] { _ = try file.add(name: name, role: .viewer, expires: nil, now: 1) }
        try file.note(["a": 10, "b": 20, "gone": 30])
        try file.note(["a": 15, "b": 5])
        #expect(file.lastUses() == ["a": 15, "b": 20])
        #expect(try folder.names() == ["keys-used.json", "keys.json"])
        try file.revoke(name: "a")
        try file.note([:])
        #expect(file.lastUses() == ["b": 20])
        try folder.write("{", to: "keys-used.json")
        #expect(file.lastUses() == [:])
        try file.note(["b": 40])
        #expect(file.lastUses() == ["b": 40])
    }

    @Test func theListTellsIt() throws {
        let folder = try TemporaryFolder()
        let environment = ["STATE_DIRECTORY": folder.root.path]
        let file = KeyFile(path: folder.path("keys.json"))
        _ = try file.add(name: "old", role: .viewer, expires: nil, now: 1_700_000_000)
        _ = try file.add(name: "new", role: .admin, expires: nil, now: 1_700_000_500)
        // The use of an earlier key of the name `new`.
        try file.note(["old": 1_700_000_000, "new": 1_700_000_400])
        let table = try Executable.run(["keys", "list"], environment: environment)
        #expect(
            table.output
                == "old\tviewer\tfor ever\tlast used 2023-11-14T22:13:20.000Z\nnew\tadmin\tfor ever\tnever used\n")
        let json = try Executable.run(["keys", "list", "--json"], environment: environment)
        #expect(json.output.contains("\"lastUsedAt\":\"2023-11-14T22:13:20.000Z\""))
        #expect(json.output.contains("\"lastUsedAt\":null"))
    }

    /// A daemon with a folder of its own says how to make a key for it, and that way leads there.
    @Test func aKeyIsMadeForTheFolderThatADaemonUses() throws {
        let folder = try TemporaryFolder()
        let state = folder.path("show")
        let serve = ["serve", "--simulate", "--state", state, "--listen", "192.0.2.1:0"]
        let refused = try Executable.run(serve, environment: ["HOME": folder.root.path])
        #expect(refused.code == 78)
        let remedy = "axidrawd keys add NAME --role operator --simulated --state \(state)"
        #expect(refused.errors.contains(remedy), "\(refused.errors)")
        let words = remedy.split(separator: " ").dropFirst().map { $0 == "NAME" ? "studio" : String($0) }
        let made = try Executable.run(words)
        #expect(made.code == 0 && made.output.hasPrefix("axd_"))
        #expect(try folder.text("show/simulated/keys.json").contains("studio"))
        let place = ["--simulated", "--state", state]
        #expect(try Executable.run(["keys", "list"] + place).output.hasPrefix("studio\toperator\t"))
        #expect(try Executable.run(["keys", "revoke", "studio"] + place).code == 0)
        #expect(try Executable.run(["keys", "list"] + place).output.isEmpty)
        #expect(try Executable.run(["keys", "list", "--state", ""]).code == 64)
    }
}

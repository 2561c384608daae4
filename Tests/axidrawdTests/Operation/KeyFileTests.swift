internal import Dispatch
internal import Foundation
internal import Glibc
internal import HTTP
internal import TestSupport
internal import Testing

@testable import axidrawd

/// The file of keys: whole, closed to others, and never the end of the daemon.
struct KeyFileTests {
    @Test func aNewerFileIsNeverWrittenAnew() throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(path: folder.path("keys.json"))
        _ = try file.add(name: "a", role: .viewer, expires: nil, now: 1)
        let text = try String(contentsOfFile: file.path, encoding: .utf8)
        let newer = text.replacing("\"version\":1", with: "\"version\":2")
        #expect(newer != text)
        try Data(newer.utf8).write(to: URL(fileURLWithPath: file.path))
        let refusal = #expect(throws: KeyFile.Failure.self) {
            _ = try file.add(name: "b", role: .viewer, expires: nil, now: 1)
        }
        guard case .unreadable(_, let reason)? = refusal else {
            Issue.record("\(refusal as Any)")
            return
        }
        #expect(reason.contains("version \"2\"") && reason.contains("reads 1"), "\(reason)")
        #expect(throws: KeyFile.Failure.self) { try file.revoke(name: "a") }
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == newer)
    }

    /// What a newer program keeps beside the keys is neither used nor written over; both versions are named.
    @Test(arguments: ["keys-used.json", "keys-sessions.json"]) func newerFilesBesideTheKeysAreSetAside(
        name: String
    ) throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(path: folder.path("keys.json"))
        _ = try file.add(name: "a", role: .viewer, expires: nil, now: 1)
        let hash = [UInt8](repeating: 7, count: 32)
        try file.note(["a": 10])
        try file.keep([.init(token: hash, key: hash)])
        #expect(file.setAside() == [] && file.lastUses() == ["a": 10] && file.sessions().count == 1)
        let newer = try folder.text(name).replacing("\"version\":1", with: "\"version\":2")
        try Data(newer.utf8).write(to: URL(fileURLWithPath: folder.path(name)))
        let failures = file.setAside().map(\.description)
        #expect(
            failures == [
                "\(folder.path(name)) cannot be used: its format is version \"2\"; this program reads 1; nothing was touched"
            ])
        if name == "keys-used.json" {
            #expect(file.lastUses() == [:])
            #expect(throws: KeyFile.Failure.self) { try file.note(["a": 20]) }
        } else {
            #expect(file.sessions() == [])
            #expect(throws: KeyFile.Failure.self) { try file.keep([.init(token: hash, key: hash)]) }
        }
        #expect(try folder.text(name) == newer)
        // The keys themselves are as good as ever.
        #expect(try file.read().map(\.name) == ["a"])
    }

    @Test func manyAtOnceLoseNone() throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(path: folder.path("state/keys.json"))
        DispatchQueue.concurrentPerform(iterations: 8) { number in
            do { _ = try file.add(name: "key\(number)", role: .viewer, expires: nil, now: 1) } catch {
                Issue.record("\(error)")
            }
        }
        #expect(Set(try file.read().map(\.name)) == Set((0..<8).map { "key\($0)" }))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("state")) == ["keys.json"])
    }

    @Test(arguments: [0o666, 0o644, 0o660, 0o604]) func oneThatOthersCanGetAtIsRefused(mode: Int) throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(path: folder.path("keys.json"))
        _ = try file.add(name: "a", role: .viewer, expires: nil, now: 1)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        #expect(throws: KeyFile.Failure.exposed(path: file.path, mode: UInt32(mode))) { try file.read() }
        #expect(throws: KeyFile.Failure.exposed(path: file.path, mode: UInt32(mode))) {
            try file.add(name: "b", role: .viewer, expires: nil, now: 1)
        }
        let told = try Executable.run(["keys", "list"], environment: ["STATE_DIRECTORY": folder.root.path])
        #expect(told.code == 78 && told.errors.contains("chmod 600"), "\(told.errors)")
    }

    /// What root writes for a service stays the service's.
    @Test(.enabled(if: geteuid() == 0)) func theOwnerOfTheFileOrFolderStays() throws {
        let folder = try TemporaryFolder()
        let state = folder.path("state")
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
        try FileManager.default.setAttributes(
            [.ownerAccountID: 12_345, .groupOwnerAccountID: 12_346], ofItemAtPath: state)
        let file = KeyFile(path: state + "/keys.json")
        for name in ["a", "b"] {
            _ = try file.add(name: name, role: .viewer, expires: nil, now: 1)
            let found = try #require(SpoolDirectory.ownership(ofFile: file.path))
            #expect(found == (12_345, 12_346, 0o600))
        }
    }

    /// A bad file is told; on this machine plotting goes on, and nobody comes in by it.
    @Test(arguments: ["{", "{\"keys\":[{}]}", "{\"keys\":{}}"]) func aBadFileDoesNotKeepTheDaemonFromStarting(
        text: String
    ) async throws {
        let folder = try TemporaryFolder()
        let state = folder.path("show")
        try FileManager.default.createDirectory(atPath: state + "/simulated", withIntermediateDirectories: true)
        try folder.write(text, to: "show/simulated/keys.json")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: state + "/simulated/keys.json")
        let socket = folder.path("socket")
        let daemon = try Executable.start(
            ["serve", "--simulate", "--state", state, "--listen", "unix:\(socket)", "--listen", "192.0.2.1:0"],
            environment: ["HOME": folder.root.path], scratch: folder)
        defer { daemon.terminate() }
        let client = DaemonClient(address: .unix(path: socket), key: nil)
        let end = Date().addingTimeInterval(60)
        var status = 0
        while status != 200, Date() < end {
            status = (try? client.ask("GET", "/v1/devices").status) ?? 0
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(status == 200)
        #expect(try folder.text("errors").contains("until then no key counts, and only unix:"))
    }
}

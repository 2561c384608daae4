internal import Foundation
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// The lock that keeps the machine awake is held exactly while a real plotter is in the middle of a drawing.
struct SleepGuardTests {
    private static func state(_ name: String, _ word: String, isSimulated: Bool = false) -> JSONValue {
        .object([("name", .string(name)), ("state", .string(word)), ("simulated", .bool(isSimulated))])
    }

    /// A program in the place of `systemd-inhibit`: it writes down that it runs, and lives as long as its child.
    private static func program(_ folder: TemporaryFolder, _ text: String) throws -> String {
        let path = folder.path("inhibit")
        try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        return path
    }

    private static func until(_ isSo: () -> Bool) async -> Bool {
        let end = Date().addingTimeInterval(60)
        while !isSo() {
            guard Date() < end else { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return true
    }

    @Test func holdsWhileARealPlotterDraws() async throws {
        let folder = try TemporaryFolder()
        let (began, ended) = (folder.path("began"), folder.path("ended"))
        let program = try Self.program(folder, "echo \"$@\" > \(began)\nshift 4\n\"$@\"\ntouch \(ended)")
        let guarding = SleepGuard(program: program, log: .silent)
        guarding.hear("state", Self.state("a", "raised"))
        guarding.hear("state", Self.state("v", "plotting", isSimulated: true))
        guarding.hear("job", Self.state("a", "plotting"))
        #expect(!guarding.isHeld)
        guarding.hear("state", Self.state("a", "plotting"))
        #expect(guarding.isHeld)
        guarding.hear("state", Self.state("b", "paused"))
        guarding.hear("state", Self.state("a", "raised"))
        #expect(guarding.isHeld, "the other one is not done")
        #expect(await Self.until { FileManager.default.fileExists(atPath: began) })
        #expect(!FileManager.default.fileExists(atPath: ended))
        guarding.hear("state", Self.state("b", "raised"))
        #expect(!guarding.isHeld)
        #expect(await Self.until { FileManager.default.fileExists(atPath: ended) }, "the lock is let go")
        let said = try String(contentsOfFile: began, encoding: .utf8)
        #expect(said.contains("--what=sleep:idle") && said.contains("--mode=block") && said.hasSuffix("cat\n"))
    }

    @Test func aLockThatIsRefusedIsNotAskedForAgainAndAgain() async throws {
        let folder = try TemporaryFolder()
        let asked = folder.path("asked")
        let guarding = SleepGuard(program: try Self.program(folder, "echo x >> \(asked)\nexit 1"), log: .silent)
        guarding.hear("state", Self.state("a", "plotting"))
        #expect(await Self.until { !guarding.isHeld })
        guarding.hear("state", Self.state("a", "paused"))
        guarding.hear("state", Self.state("a", "plotting"))
        #expect(try String(contentsOfFile: asked, encoding: .utf8) == "x\n")
        guarding.end()
        let none = SleepGuard(program: folder.path("nothing"), log: .silent)
        none.hear("state", Self.state("a", "plotting"))
        #expect(!none.isHeld)
    }
}

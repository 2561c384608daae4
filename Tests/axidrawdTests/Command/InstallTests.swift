internal import Foundation
internal import TestSupport
internal import Testing

@testable import axidrawd

/// Installation by hand into a folder that stands for a machine.
struct InstallTests {
    private func files(_ folder: TemporaryFolder, _ program: String) -> InstalledFiles {
        .system(program: Array(program.utf8), root: folder.root.path)
    }

    /// Paths of all regular files below, relative.
    private func present(_ folder: TemporaryFolder) -> Set<String> {
        let all = FileManager.default.enumerator(atPath: folder.root.path)?.allObjects as? [String] ?? []
        return Set(
            all.filter { name in
                var isFolder: ObjCBool = false
                return unsafe FileManager.default.fileExists(atPath: folder.path(name), isDirectory: &isFolder)
                    && !isFolder.boolValue
            })
    }

    private static let places: Set<String> = [
        "usr/local/bin/axidrawd", "etc/systemd/system/axidrawd.service", "etc/systemd/system/axidrawd.socket",
        "etc/udev/rules.d/70-axidraw.rules", "usr/local/share/man/man1/axidrawd.1",
        "usr/local/share/bash-completion/completions/axidrawd", "usr/local/share/zsh/site-functions/_axidrawd",
        "usr/local/share/fish/vendor_completions.d/axidrawd.fish", "usr/local/share/axidrawd/installed.json",
    ]

    @Test func installsAnewAndRemovesAll() throws {
        let folder = try TemporaryFolder()
        try files(folder, "one").install(overwrites: false)
        #expect(present(folder) == Self.places)
        let unit = try String(contentsOfFile: folder.path("etc/systemd/system/axidrawd.service"), encoding: .utf8)
        #expect(unit.contains("ExecStart=/usr/local/bin/axidrawd serve") && !unit.contains("/usr/bin/axidrawd"))
        let mode =
            try FileManager.default.attributesOfItem(atPath: folder.path("usr/local/bin/axidrawd"))[.posixPermissions]
            as? Int
        #expect(mode == 0o755)
        // A newer one takes its place.
        try files(folder, "two").install(overwrites: false)
        #expect(try String(contentsOfFile: folder.path("usr/local/bin/axidrawd"), encoding: .utf8) == "two")
        // Whatever program says it, what was installed goes.
        #expect(try files(folder, "three").uninstall().count == Self.places.count - 1)
        #expect(present(folder) == [])
        #expect(try files(folder, "three").uninstall() == [])
    }

    @Test func leavesWhatIsSomebodyElses() throws {
        let folder = try TemporaryFolder()
        let rules = folder.path("etc/udev/rules.d/70-axidraw.rules")
        try FileManager.default.createDirectory(
            at: folder.url("etc/udev/rules.d"), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: rules))
        #expect(throws: InstalledFiles.Failure.foreign([rules])) {
            try files(folder, "one").install(overwrites: false)
        }
        #expect(present(folder) == ["etc/udev/rules.d/70-axidraw.rules"])
        try files(folder, "one").install(overwrites: true)
        try Data("changed".utf8).write(to: URL(fileURLWithPath: rules))
        #expect(throws: InstalledFiles.Failure.foreign([rules])) { _ = try files(folder, "one").uninstall() }
        #expect(try String(contentsOfFile: rules, encoding: .utf8) == "changed")
        #expect(!FileManager.default.fileExists(atPath: folder.path("usr/local/bin/axidrawd")))
    }

    @Test func forOnePersonThereIsNoRule() {
        let paths = InstalledFiles.user(program: [], home: "/people/a").items.map(\.path)
        #expect(paths.allSatisfy { $0.hasPrefix("/people/a/") } && !paths.contains { $0.contains("udev") })
        #expect(paths.contains("/people/a/.config/systemd/user/axidrawd.service"))
    }

    @Test func whatIsInTheBinaryIsWhatShips() throws {
        for (name, bytes) in EmbeddedFiles.deploy {
            let folder = name.hasSuffix(".rules") ? "udev/" : "deploy/"
            #expect(try Data(contentsOf: packageDirectory.appendingPathComponent(folder + name)) == Data(bytes))
        }
        #expect(EmbeddedFiles.deploy.count == 4)
    }

    @Test func theCommandSaysWhatItDid() throws {
        let folder = try TemporaryFolder()
        let root = folder.root.path
        #expect(try Executable.run(["install"]).code == 64)
        #expect(try Executable.run(["install", "--system", "--user"]).code == 64)
        #expect(try Executable.run(["install", "--user", "--root", root]).code == 64)
        let planned = try Executable.run(["install", "--system", "--root", root, "--dry-run"])
        #expect(planned.code == 0 && planned.output.contains("\(root)/usr/local/bin/axidrawd\n"))
        #expect(present(folder) == [])
        let refused = try Executable.run(["install", "--system", "--root", "/proc/axidrawd"])
        #expect(refused.code == 73 && refused.errors.contains("cannot write /proc/axidrawd/"), "\(refused.errors)")
    }
}

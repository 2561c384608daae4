internal import Foundation
internal import HTTP
internal import Text

extension Verb {
    /// Installation by hand, for those who build.
    static let install = Verb(
        "install", "install this program as a service of the machine or of one person; or remove it again",
        examples: [
            Example("sudo axidrawd install --system", "program, service, udev rule, manual page, completions"),
            Example("axidrawd install --user", "the same for oneself, without the udev rule"),
            Example("sudo axidrawd install --system --uninstall", "remove what was installed, and nothing else"),
        ],
        groups: [
            FlagGroup(
                "Where",
                [
                    Flag("system", .on, "for the machine: below /usr/local and /etc"),
                    Flag("user", .on, "for oneself: below the home folder"),
                    Flag("root", .text("DIRECTORY"), "with --system: into the image of another machine"),
                ]),
            FlagGroup(
                "How",
                [
                    Flag("uninstall", .on, "remove what was installed; settings and queue stay"),
                    Flag("force", .on, "write over files that are somebody else's or were changed"),
                    Flag("dry-run", .on, "say what would be written, and write nothing"),
                ]),
        ]
    ) { invocation, console in
        try InstallCommand.run(invocation, console)
    }
}

/// The body of `install`.
enum InstallCommand {
    static func run(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let isSystem = invocation.isOn("system")
        guard isSystem != invocation.isOn("user") else {
            console.fail("say either --system or --user")
            return .usage
        }
        let root = invocation.text("root") ?? ""
        guard isSystem || root.isEmpty else {
            console.fail("--root is for --system only")
            return .usage
        }
        guard root.isEmpty || root.hasPrefix("/") else {
            throw UsageError.badValue(name: "--root", value: root, expected: "a folder's whole path, from / on")
        }
        let home = ProcessInfo.processInfo.environment["HOME"] ?? ""
        guard isSystem || home.hasPrefix("/") else {
            console.fail("HOME does not say where your home folder is")
            return .configuration
        }
        guard let program = FileManager.default.contents(atPath: "/proc/self/exe") else {
            console.fail("cannot read this program")
            return .inputOutputError
        }
        let files =
            isSystem
            ? InstalledFiles.system(program: Array(program), root: root == "/" ? "" : root)
            : InstalledFiles.user(program: Array(program), home: home)
        if invocation.isOn("dry-run") {
            try console.result(files.items.map { $0.path + "\n" }.joined())
            return .success
        }
        if !invocation.isOn("uninstall"), let objection = runtimeObjection(isSystem: isSystem, console) {
            console.fail(objection)
            return .unusableInput
        }
        do throws(InstalledFiles.Failure) {
            guard !invocation.isOn("uninstall") else {
                let removed = try files.uninstall()
                try? console.result(removed.map { $0 + "\n" }.joined())
                console.note(removed.isEmpty ? "nothing was installed here" : "removed; settings and queue stay")
                return removed.isEmpty ? .failure : .success
            }
            try files.install(overwrites: invocation.isOn("force"))
        } catch {
            console.fail(describe(error, uninstalls: invocation.isOn("uninstall")))
            if case .unwritable = error { return .cannotCreate }
            return .failure
        }
        try console.result(files.items.map { $0.path + "\n" }.joined())
        if root.isEmpty { console.note(isSystem ? nextOfSystem : nextOfUser) }
        return .success
    }

    private static let nextOfSystem =
        "now: systemctl daemon-reload && systemctl enable --now axidrawd; udevadm control --reload && udevadm trigger; "
        + "then a key for the page: axidrawd keys add NAME --role operator"
    private static let nextOfUser =
        "now: systemctl --user daemon-reload && systemctl --user enable --now axidrawd. The port of a plotter is for the "
        + "group dialout, or by the udev rule for whoever sits at the machine (sudo axidrawd install --system has it)"

    private static func describe(_ failure: InstalledFiles.Failure, uninstalls: Bool) -> String {
        switch failure {
        case .foreign(let paths) where uninstalls:
            "these were changed since they were installed, so they stay: " + paths.joined(separator: ", ")
        case .foreign(let paths):
            "these are there and not from an earlier axidrawd install: " + paths.joined(separator: ", ")
                + "; nothing was written. Look at them, then say --force"
        case .unreadable(let path, let reason): "\(path) cannot be used: \(reason)"
        case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
        }
    }

    /// A program that was not linked statically needs Swift's runtime where it is now; the service sees no home folders.
    private static func runtimeObjection(isSystem: Bool, _ console: Console) -> String? {
        guard let maps = FileManager.default.contents(atPath: "/proc/self/maps") else { return nil }
        let lines = String(decoding: maps, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasSuffix("/libswiftCore.so") }), let start = line.firstIndex(of: "/")
        else { return nil }
        let path = String(line[start...])
        let top = path.split(separator: "/").first ?? ""
        if isSystem, ["home", "root", "run", "tmp"].contains(top) {
            return
                "this program needs \(path), which a service cannot see; build it with --static-swift-stdlib, or ./package"
        }
        console.note("this program needs \(path), which has to stay there; ./package makes one that needs none")
        return nil
    }
}

internal import Foundation
internal import Text

extension Verb {
    static let design = Verb(
        "design", "make a generated drawing",
        examples: [
            Example("axidrawd design flow --seed 7 -o flow.svg", "the same drawing for the same seed, everywhere"),
            Example("axidrawd design list", "all kinds, one a line"),
            Example("axidrawd design history --repository . -o history.json", "commits of a repository, for tree"),
        ],
        verbs: DesignKind.all.map(DesignVerb.verb(for:)) + [DesignVerb.list, DesignVerb.history])
}

/// `axidrawd design …`: a verb a kind, made from the table of kinds.
enum DesignVerb {
    static let list = Verb(
        "design list", "print every kind, name first",
        examples: [Example("axidrawd design list", "print every kind")]
    ) { _, console in
        let longest = DesignKind.all.map(\.name.count).max() ?? 0
        for kind in DesignKind.all {
            let padding = String(repeating: " ", count: longest - kind.name.count + 2)
            try console.result(kind.name + padding + kind.summary + "\n")
        }
        return .success
    }

    static let history = Verb(
        "design history", "export the commits of a git repository for design tree",
        examples: [Example("axidrawd design history --repository . -o history.json", "export this repository")],
        groups: [
            FlagGroup(
                "Export",
                [
                    Flag("repository", .input("DIR"), "folder of the repository", standard: "."),
                    Flag("name", .text("TEXT"), "name for the caption", standard: "the folder's"),
                    outputFlag,
                ])
        ]
    ) { invocation, console in
        let folder = URL(fileURLWithPath: invocation.text("repository") ?? ".").standardizedFileURL
        let log = try GitLog.read(repository: folder)
        let history = try CommitHistory(name: invocation.text("name") ?? folder.lastPathComponent, log: log)
        try write(history.encoded(), invocation)
        return .success
    }

    private static let outputFlag = Flag("output", short: "o", .output("FILE"), "where to write", standard: "-")

    static func verb(for kind: DesignKind) -> Verb {
        var flags = [Flag("seed", .integer(0...Int.max), "another seed gives another drawing", standard: "1")]
        if kind.name == DesignKind.tree.name {
            flags.append(
                Flag("history", .input("FILE"), "commits as design history exports them", standard: "invented"))
        }
        for parameter in DesignKind.common + kind.parameters {
            flags.append(
                Flag(
                    parameter.name, .number(parameter.low...parameter.high, "N"), parameter.summary,
                    standard: shortText(parameter.standard)))
        }
        return Verb(
            "design \(kind.name)", kind.summary,
            examples: [Example("axidrawd design \(kind.name) --seed 7 -o drawing.svg", "make a drawing")],
            groups: [FlagGroup("Drawing", flags + [outputFlag])]
        ) { invocation, _ in
            var values: [String: Double] = [:]
            for parameter in DesignKind.common + kind.parameters {
                if let value = invocation.number(parameter.name) { values[parameter.name] = value }
            }
            var history: CommitHistory?
            if kind.name == DesignKind.tree.name, let path = invocation.text("history") {
                history = try CommitHistory.read(InputFile.read(path))
            }
            let seed = UInt64(invocation.integer("seed") ?? 1)
            try write(kind.drawing(seed: seed, values: values, history: history).svg(), invocation)
            return .success
        }
    }

    private static func write(_ bytes: [UInt8], _ invocation: Invocation) throws {
        let file = try OutputFile(invocation.text("output") ?? "-")
        try file.write(bytes)
        try file.commit()
    }
}

/// Runs `git log` on a repository.
enum GitLog {
    /// Why there is no log.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Bytes of a log of the largest history that is read, with room to spare.
    private static let limit = 64 << 20

    /// One line a commit, oldest first: hash, time, hashes of the parents.
    static func read(repository: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "git", "-C", repository.path, "log", "--reverse", "--topo-order",
            "--max-count=\(CommitHistory.mostCommits)", "--format=%H %ct %P",
        ]
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw Failure(description: "git cannot be started; install git")
        }
        var text = Data()
        while let part = try output.fileHandleForReading.read(upToCount: 1 << 20), !part.isEmpty, text.count < limit {
            text.append(part)
        }
        let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let words = String(decoding: complaint.prefix(200), as: UTF8.self)
            throw Failure(description: "git says of \(quoted(repository.path)): \(quoted(words))")
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension DesignError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownKind(let name, let known):
            "there is no design \(quoted(name)); there are " + known.joined(separator: ", ")
        case .unknownParameter(let name, let known):
            "this design has no parameter \(quoted(name)); it has " + known.joined(separator: ", ")
        case .badValue(let parameter, let value, let low, let high):
            "\(parameter) \(shortText(value)): must be from \(shortText(low)) to \(shortText(high))"
        case .badHistory(let reason): "the history cannot be used: \(reason)"
        case .tooMuch(let points, let most):
            "that would be \(points) points, at most \(most) are drawn; make it smaller, or its lines fewer"
        case .flat(let kind): "the design \(kind) has no third dimension"
        }
    }

    var exitCode: ExitCode {
        switch self {
        case .unknownKind, .unknownParameter, .badValue, .tooMuch, .flat: .usage
        case .badHistory: .unusableInput
        }
    }
}

/// A number without a fraction where it has none.
private func shortText(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
}

/// One argument that is no flag.
struct Positional: Sendable {
    /// As help writes it, such as `FILE`.
    let name: String
    let isRequired: Bool
    /// Whether any number of them may follow; only for the last.
    let repeats: Bool
    /// Whether completion offers file names.
    let isFile: Bool
    /// Words that completion offers.
    let words: [String]

    init(
        _ name: String, isRequired: Bool = true, repeats: Bool = false, isFile: Bool = false, words: [String] = []
    ) {
        self.name = name
        self.isRequired = isRequired
        self.repeats = repeats
        self.isFile = isFile
        self.words = words
    }

    /// A drawing or stream to read; `-` is standard input.
    static let file = Positional("FILE", isFile: true)
}

/// A command line to try and what it does; help shows these first.
struct Example: Sendable {
    let command: String
    let effect: String

    init(_ command: String, _ effect: String) {
        self.command = command
        self.effect = effect
    }
}

/// One verb of the program: the single source of parsing, help, man page and completions.
struct Verb: Sendable {
    typealias Body = @Sendable (Invocation, Console) async throws -> ExitCode

    /// As typed; of a verb inside another, the whole path: `device move`.
    let name: String
    /// One sentence without a full stop.
    let summary: String
    let examples: [Example]
    let positionals: [Positional]
    let groups: [FlagGroup]
    /// Verbs inside this one; then `run` is only for none of them.
    let verbs: [Verb]
    let run: Body

    init(
        _ name: String, _ summary: String, examples: [Example] = [], positionals: [Positional] = [],
        groups: [FlagGroup] = [], verbs: [Verb] = [], run: @escaping Body = Verb.needsVerb
    ) {
        self.name = name
        self.summary = summary
        self.examples = examples
        self.positionals = positionals
        self.groups = groups
        self.verbs = verbs
        self.run = run
    }

    /// Own flags and those that every verb takes.
    var flags: [Flag] { groups.flatMap(\.flags) + Flag.common }

    /// The last word of the name.
    var lastName: String { name.split(separator: " ").last.map(String.init) ?? name }

    /// What stands after the name in a synopsis.
    var synopsis: String {
        var words: [String] = verbs.isEmpty ? [] : ["VERB"]
        for positional in positionals {
            let word = positional.repeats ? positional.name + "…" : positional.name
            words.append(positional.isRequired ? word : "[\(word)]")
        }
        if !groups.isEmpty { words.append("[flags]") }
        return words.joined(separator: " ")
    }

    /// The body of a verb that only holds others.
    static let needsVerb: Body = { invocation, _ in
        throw UsageError.missingVerb(of: invocation.verb.name, known: invocation.verb.verbs.map(\.lastName))
    }
}

extension Flag {
    /// Flags of every verb.
    static let common = [
        Flag("help", short: "h", .on, "print this help"),
        Flag("quiet", short: "q", .on, "no progress and no summary"),
        Flag("color", .choice(["auto", "always", "never"]), "colour on a terminal", standard: "auto"),
    ]
}

internal import Text

extension Verb {
    /// Every verb of the program, in the order in which help lists them. Each stands in a file of its own.
    static let all: [Verb] = [
        .serve,
        .plot,
        .draw,
        .plan,
        .flatten,
        .board,
        .replay,
        .design,
        .device,
        .submit,
        .list,
        .show,
        .follow,
        .pause,
        .resume,
        .cancel,
        .change,
        .stop,
        .task,
        .bounds, .place,
        .moveUp,
        .moveDown,
        .keys,
        .webhooks,
        .config,
        .install,
        .version,
        .help,
    ]

    /// The verb of a command line without one.
    static let standard: Verb? = all.first { $0.name == "serve" }

    static let version = Verb(
        "version", "print version, compiler and target",
        examples: [Example("axidrawd version", "print version, compiler and target")]
    ) { _, console in
        try console.result(Version.text + "\n")
        return .success
    }

    static let help = Verb(
        "help", "explain a verb",
        examples: [
            Example("axidrawd help plan", "explain the verb plan"),
            Example("axidrawd help --as man | man -l -", "read the manual page"),
        ],
        positionals: [Positional("VERB", isRequired: false, repeats: true)],
        groups: [
            FlagGroup(
                "Form",
                [Flag("as", .choice(["man", "bash", "zsh", "fish"]), "print the manual page or a shell's completions")])
        ]
    ) { invocation, console in
        let asked = invocation.positionals
        if let form = invocation.text("as") {
            if !asked.isEmpty { throw UsageError.conflict("--as prints all verbs together and takes none") }
            try console.result(whole(as: form))
            return .success
        }
        guard let first = asked.first else {
            try console.result(HelpText.program(all, standard: standard))
            return .success
        }
        guard var verb = all.first(where: { $0.name == first }) else {
            throw UsageError.unknownVerb(first, nearest: nearest(first, in: all.map(\.name)))
        }
        for name in asked.dropFirst() {
            guard let inner = verb.verbs.first(where: { $0.lastName == name }) else {
                throw UsageError.unknownVerb(
                    "\(verb.name) \(name)", nearest: nearest(name, in: verb.verbs.map(\.lastName)))
            }
            verb = inner
        }
        try console.result(HelpText.verb(verb))
        return .success
    }

    /// The whole table in one of the forms of `help --as`.
    static func whole(as form: String) -> String {
        switch form {
        case "bash": Completions.bash(all)
        case "zsh": Completions.zsh(all)
        case "fish": Completions.fish(all)
        default: ManualPage.text(all, standard: standard)
        }
    }
}

/// Completion scripts for three shells, made from the table of verbs.
enum Completions {
    /// A verb's path as typed, with the verb.
    private static func paths(_ table: [Verb]) -> [Verb] {
        table.flatMap { [$0] + paths($0.verbs) }
    }

    // MARK: bash

    static func bash(_ table: [Verb]) -> String {
        var text = """
            # bash completion of axidrawd, made from its table of verbs
            _axidrawd() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= words= k
                COMPREPLY=()
                for ((k = 1; k < COMP_CWORD; k++)); do
                    case "$verb ${COMP_WORDS[k]}" in

            """
        for verb in paths(table) {
            let parts = verb.name.split(separator: " ")
            let before = parts.dropLast().joined(separator: " ")
            text += "            \(quote("\(before) \(verb.lastName)"))) verb=\(quote(verb.name)) ;;\n"
        }
        text += """
                    esac
                done
                case "$verb $before" in

            """
        for verb in paths(table) {
            for flag in verb.flags where !flag.kind.isSwitch {
                let names = ["--\(flag.name)"] + (flag.short.map { ["-\($0)"] } ?? [])
                let pattern = names.map { quote("\(verb.name) \($0)") }.joined(separator: "|")
                text += "        \(pattern)) words=\(quote(flag.kind.words.joined(separator: " ")))"
                text += flag.kind.takesFile ? "; COMPREPLY=($(compgen -f -- \"$word\"))" : ""
                text += "; COMPREPLY+=($(compgen -W \"$words\" -- \"$word\")); return ;;\n"
            }
        }
        text +=
            "    esac\n    case \"$verb\" in\n        '') words=\(quote((table.map(\.name) + ["--help", "--version"]).joined(separator: " "))) ;;\n"
        for verb in paths(table) {
            let flags = verb.flags.flatMap { ["--\($0.name)"] + ($0.short.map { ["-\($0)"] } ?? []) }
            let words = verb.verbs.map(\.lastName) + verb.positionals.flatMap(\.words) + flags
            text += "        \(quote(verb.name))) words=\(quote(words.joined(separator: " ")))"
            text +=
                verb.positionals.contains(where: \.isFile)
                ? "; [[ $word == -* ]] || COMPREPLY=($(compgen -f -- \"$word\"))" : ""
            text += " ;;\n"
        }
        return text + """
                esac
                COMPREPLY+=($(compgen -W "$words" -- "$word"))
            }
            complete -o filenames -F _axidrawd axidrawd

            """
    }

    // MARK: zsh

    static func zsh(_ table: [Verb]) -> String {
        var text = "#compdef axidrawd\n# zsh completion of axidrawd, made from its table of verbs\n"
        text += zshDispatch("_axidrawd", table, depth: 1)
        for verb in paths(table) {
            text += verb.verbs.isEmpty ? zshLeaf(verb) : zshDispatch(zshName(verb), verb.verbs, depth: 2)
        }
        return text + "_axidrawd \"$@\"\n"
    }

    private static func zshName(_ verb: Verb) -> String { "_axidrawd_" + verb.name.replacing(" ", with: "_") }

    /// A function that completes the names of some verbs and hands the rest of the line to the one chosen.
    private static func zshDispatch(_ name: String, _ verbs: [Verb], depth: Int) -> String {
        var text = "\(name)() {\n    local -a verbs\n    verbs=(\n"
        for verb in verbs { text += "        \(quote("\(verb.lastName):\(verb.summary)"))\n" }
        text += "    )\n    if ((CURRENT == 2)); then\n        _describe verb verbs\n"
        if depth == 1 { text += "        _arguments --help --version\n" }
        text +=
            "        return\n    fi\n    local verb=$words[2]\n    shift words\n    ((CURRENT--))\n    case $verb in\n"
        for verb in verbs { text += "        \(quote(verb.lastName))) \(zshName(verb)) ;;\n" }
        return text + "    esac\n}\n"
    }

    private static func zshLeaf(_ verb: Verb) -> String {
        var text = "\(zshName(verb))() {\n    _arguments -s"
        for flag in verb.flags {
            let names = ["--\(flag.name)"] + (flag.short.map { ["-\($0)"] } ?? [])
            for name in names { text += " \\\n        \(quote(zshSpecification(name, flag)))" }
        }
        for positional in verb.positionals {
            let place = positional.repeats ? "*:" : ":"
            let action = positional.isFile ? "_files" : "(\(positional.words.joined(separator: " ")))"
            text += " \\\n        \(quote("\(place)\(positional.name):\(action)"))"
        }
        return text + "\n}\n"
    }

    private static func zshSpecification(_ name: String, _ flag: Flag) -> String {
        let help = flag.help.replacing("[", with: "(").replacing("]", with: ")").replacing(":", with: ",")
        let repeats = flag.isRepeatable ? "*" : ""
        if case .optionalInteger = flag.kind { return "\(repeats)\(name)-[\(help)]::N:" }
        if flag.kind.isSwitch { return "\(repeats)\(name)[\(help)]" }
        let words = flag.kind.words.joined(separator: " ")
        let action: String =
            switch (flag.kind.takesFile, words.isEmpty) {
            case (true, true): "_files"
            case (true, false): "{_alternative \"words:word:(\(words))\" \"files:file:_files\"}"
            case (false, true): ""
            case (false, false): "(\(words))"
            }
        let placeholder = flag.kind.placeholder.replacing(":", with: " ")
        return "\(repeats)\(name)\(name.hasPrefix("--") ? "=" : "+")[\(help)]:\(placeholder):\(action)"
    }

    // MARK: fish

    static func fish(_ table: [Verb]) -> String {
        var text = "# fish completion of axidrawd, made from its table of verbs\ncomplete -c axidrawd -f\n"
        text += "complete -c axidrawd -n __fish_use_subcommand -l help -s h -d 'print help'\n"
        text += "complete -c axidrawd -n __fish_use_subcommand -l version -d 'print the version'\n"
        for verb in table {
            text += "complete -c axidrawd -n __fish_use_subcommand -a \(quote(verb.name)) -d \(quote(verb.summary))\n"
        }
        for verb in paths(table) {
            let condition = fishCondition(verb)
            for inner in verb.verbs {
                let others = verb.verbs.map(\.lastName).joined(separator: " ")
                let free = condition + "; and not __fish_seen_subcommand_from \(others)"
                text +=
                    "complete -c axidrawd -n \(quote(free)) -a \(quote(inner.lastName)) -d \(quote(inner.summary))\n"
            }
            for flag in verb.flags where verb.verbs.isEmpty { text += fishFlag(flag, condition) }
            if verb.positionals.contains(where: \.isFile) {
                text += "complete -c axidrawd -n \(quote(condition)) -F\n"
            }
            for word in verb.positionals.flatMap(\.words) {
                text += "complete -c axidrawd -n \(quote(condition)) -a \(quote(word))\n"
            }
        }
        return text
    }

    private static func fishCondition(_ verb: Verb) -> String {
        verb.name.split(separator: " ").map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
    }

    private static func fishFlag(_ flag: Flag, _ condition: String) -> String {
        var text = "complete -c axidrawd -n \(quote(condition)) -l \(flag.name)"
        if let short = flag.short { text += " -s \(short)" }
        text += " -d \(quote(flag.help))"
        if flag.kind.isSwitch { return text + "\n" }
        text += flag.kind.takesFile ? " -r -F" : " -x"
        if !flag.kind.words.isEmpty { text += " -a \(quote(flag.kind.words.joined(separator: " ")))" }
        return text + "\n"
    }

    /// In single quotes, as all three shells read them.
    private static func quote(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}

extension FlagKind {
    /// Whether the next word is not its value.
    var isSwitch: Bool {
        switch self {
        case .on, .optionalInteger: true
        case .text, .input, .output, .choice, .integer, .number, .length, .pair, .page, .margin, .firmware,
            .hatch, .suggested, .wordOr:
            false
        }
    }
}

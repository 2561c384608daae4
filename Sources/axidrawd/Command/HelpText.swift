/// Help made from the table of verbs: examples first.
enum HelpText {
    /// Columns of a line.
    private static let width = 100

    /// The whole program.
    static func program(_ table: [Verb], standard: Verb?) -> String {
        var text = "axidrawd \(Version.number): draws with an AxiDraw, or a simulated one\n\nExamples:\n"
        for verb in table {
            if let example = verb.examples.first { text += "  \(example.command)\n      \(example.effect)\n" }
        }
        text += "\nUsage: axidrawd VERB [arguments] [flags]\n"
        if let standard { text += "       axidrawd [flags]          (the same as axidrawd \(standard.name))\n" }
        text += "\nVerbs:\n"
        let column = (table.map(\.name.count).max() ?? 0) + 4
        for verb in table { text += entry(verb.name, verb.summary, column: column) }
        return text + "\naxidrawd help VERB tells more; axidrawd --version prints the version.\n"
    }

    /// One verb.
    static func verb(_ verb: Verb) -> String {
        var text = "axidrawd \(verb.name): \(verb.summary)\n"
        if !verb.examples.isEmpty { text += "\nExamples:\n" }
        for example in verb.examples { text += "  \(example.command)\n      \(example.effect)\n" }
        text += "\nUsage: axidrawd \(verb.name) \(verb.synopsis)".trimmed + "\n"
        if !verb.verbs.isEmpty { text += "\nVerbs:\n" }
        let column = (verb.verbs.map { $0.lastName.count + $0.synopsis.count + 1 }.max() ?? 0) + 4
        for inner in verb.verbs {
            text += entry("\(inner.lastName) \(inner.synopsis)".trimmed, inner.summary, column: min(column, 34))
        }
        for group in verb.groups + [FlagGroup("Common", Flag.common)] {
            text += "\n\(group.title):\n"
            for flag in group.flags { text += entry(heading(flag), explanation(flag), column: 34) }
        }
        return text
    }

    /// `-o, --output FILE`.
    static func heading(_ flag: Flag) -> String {
        let short = flag.short.map { "-\($0), " } ?? "    "
        switch flag.kind {
        case .on: return short + "--" + flag.name
        case .optionalInteger: return short + "--" + flag.name + "[=N]"
        case .text, .input, .output, .choice, .integer, .number, .length, .pair, .page, .margin, .firmware, .hatch,
            .suggested, .wordOr:
            return short + "--" + flag.name + " " + flag.kind.placeholder
        }
    }

    /// Help and default, as one sentence.
    static func explanation(_ flag: Flag) -> String {
        flag.help + (flag.standard.map { " (default: \($0))" } ?? "") + (flag.isRepeatable ? "; may be repeated" : "")
    }

    /// Two columns; the second is broken at blanks.
    private static func entry(_ name: String, _ text: String, column: Int) -> String {
        var result = "  " + name
        var position = result.count
        if position >= column {
            result += "\n"
            position = 0
        }
        result += String(repeating: " ", count: column - position)
        position = column
        for word in text.split(separator: " ") {
            if position > column && position + 1 + word.count > width {
                result += "\n" + String(repeating: " ", count: column)
                position = column
            } else if position > column {
                result += " "
                position += 1
            }
            result += word
            position += word.count
        }
        return result + "\n"
    }
}

extension String {
    /// Without blanks at its end.
    var trimmed: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// The manual page axidrawd(1), in the man macros, made from the table of verbs.
enum ManualPage {
    static func text(_ table: [Verb], standard: Verb?) -> String {
        var page = Roff()
        page.raw(".TH AXIDRAWD 1 \"\" \"axidrawd \(Version.number)\" \"User Commands\"")
        page.section("NAME")
        page.line("axidrawd - draws with an AxiDraw, or a simulated one")
        page.section("SYNOPSIS")
        for verb in leaves(of: table) {
            page.raw(".br")
            page.line(bold: "axidrawd \(verb.name)", verb.synopsis)
        }
        page.section("DESCRIPTION")
        page.line(
            "Turns drawings (SVG) into the motion of an AxiDraw pen plotter, or of a virtual one that any program can drive."
        )
        if let standard { page.line("Without a verb it does what \(standard.name) does.") }
        page.section("EXAMPLES")
        for verb in leaves(of: table) {
            for example in verb.examples { page.tagged(example.command, example.effect) }
        }
        page.section("VERBS")
        for verb in leaves(of: table) { describe(verb, in: &page) }
        page.section("COMMON FLAGS")
        for flag in Flag.common { page.tagged(HelpText.heading(flag).trimmedAtStart, HelpText.explanation(flag)) }
        page.section("EXIT STATUS")
        for (code, meaning) in ExitCode.meanings { page.tagged("\(code.rawValue)", meaning) }
        page.section("ENVIRONMENT")
        page.tagged("NO_COLOR", "when not empty, no colours")
        page.tagged("TERM", "when dumb, no colours and no line that redraws itself")
        return page.text
    }

    /// Every verb that can be run, those inside others in their place.
    static func leaves(of table: [Verb]) -> [Verb] {
        table.flatMap { $0.verbs.isEmpty ? [$0] : leaves(of: $0.verbs) }
    }

    private static func describe(_ verb: Verb, in page: inout Roff) {
        page.subsection("axidrawd \(verb.name) \(verb.synopsis)".trimmed)
        page.line(verb.summary + ".")
        for group in verb.groups {
            page.paragraph(italic: group.title)
            for flag in group.flags { page.tagged(HelpText.heading(flag).trimmedAtStart, HelpText.explanation(flag)) }
        }
    }
}

extension ExitCode {
    /// Every code with what it means, for people.
    static let meanings: [(code: ExitCode, meaning: String)] = [
        (.success, "success"), (.failure, "the operation failed"), (.usage, "wrong usage"),
        (.unusableInput, "input that cannot be used"), (.missingInput, "input that is not there"),
        (.unavailable, "daemon or device not there"), (.internalError, "a mistake of the program"),
        (.cannotCreate, "output that cannot be created"), (.inputOutputError, "input or output failed"),
        (.tryLater, "locked, busy or full: try later"), (.notPermitted, "not permitted"),
        (.configuration, "configuration or data version wrong"), (.interrupted, "interrupted by the user"),
        (.terminated, "terminated"),
    ]
}

/// Writes roff with everything escaped that roff would take for its own.
private struct Roff {
    private(set) var text = ""

    mutating func raw(_ line: String) { text += line + "\n" }
    mutating func section(_ title: String) { raw(".SH \"\(Self.escaped(title))\"") }
    mutating func subsection(_ title: String) { raw(".SS \"\(Self.escaped(title))\"") }
    mutating func line(_ words: String) { raw(Self.escaped(words)) }
    mutating func line(bold: String, _ rest: String) {
        raw("\\fB\(Self.escaped(bold))\\fR \(Self.escaped(rest))".trimmed)
    }

    mutating func paragraph(italic: String) {
        raw(".PP")
        raw("\\fI\(Self.escaped(italic))\\fR")
    }

    mutating func tagged(_ tag: String, _ words: String) {
        raw(".TP")
        raw("\\fB\(Self.escaped(tag))\\fR")
        line(words)
    }

    private static func escaped(_ words: String) -> String {
        var result = ""
        for character in words {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\"": result += "\\(dq"
            case "…": result += "\\&..."
            default: result.append(character)
            }
        }
        return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
    }
}

extension String {
    /// Without blanks at its beginning.
    var trimmedAtStart: String { String(drop { $0 == " " }) }
}

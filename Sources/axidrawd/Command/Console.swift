internal import Foundation

/// How this run talks to its caller: results on standard output, everything else on standard error.
struct Console: Sendable {
    /// Whether words on standard error may be coloured.
    let usesColour: Bool
    /// Whether progress may redraw its line.
    let redraws: Bool
    let isQuiet: Bool
    /// Standard error is the journal: lines begin with their priority.
    var isJournal = false

    init(usesColour: Bool, redraws: Bool, isQuiet: Bool) {
        self.usesColour = usesColour
        self.redraws = redraws
        self.isQuiet = isQuiet
    }

    /// Colour and redrawing need a terminal that is not dumb and an empty NO_COLOR.
    init(colour: String?, isQuiet: Bool, environment: [String: String], isTerminal: Bool) {
        let isCapable = isTerminal && environment["TERM", default: "dumb"] != "dumb"
        let wanted = isCapable && environment["NO_COLOR", default: ""].isEmpty
        self.init(
            usesColour: colour == "always" || (colour != "never" && wanted), redraws: isCapable, isQuiet: isQuiet)
        isJournal = Terminal.isJournal(environment["JOURNAL_STREAM"])
    }

    /// The result, on standard output.
    func result(_ text: String) throws(Terminal.StreamError) {
        try Terminal.write(text.utf8, to: Terminal.standardOutput)
    }

    /// The result as bytes, on standard output.
    func result(bytes: some Collection<UInt8>) throws(Terminal.StreamError) {
        try Terminal.write(bytes, to: Terminal.standardOutput)
    }

    /// A line for people, on standard error; nothing when quiet.
    func note(_ text: String) {
        if !isQuiet { say(text, priority: 6) }
    }

    /// A question, on standard error, also when quiet; what is typed follows on its line.
    func prompt(_ text: String) {
        try? Terminal.write(text.utf8, to: Terminal.standardError)
    }

    /// A warning, on standard error, also when quiet.
    func warn(_ text: String) {
        say((usesColour ? "\u{1b}[33mwarning:\u{1b}[0m " : "warning: ") + text, priority: 4)
    }

    /// What went wrong, on standard error.
    func fail(_ text: String) {
        say((usesColour ? "\u{1b}[31maxidrawd:\u{1b}[0m " : "axidrawd: ") + text, priority: 3)
    }

    /// Nobody listening on standard error is no reason to stop.
    private func say(_ text: String, priority: Int) {
        let text = isJournal ? "<\(priority)>" + text : text
        try? Terminal.write((text + "\n").utf8, to: Terminal.standardError)
    }
}

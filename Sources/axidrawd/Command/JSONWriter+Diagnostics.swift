internal import Motion
internal import Text

extension JSONWriter {
    /// `"diagnostics":[…]`, as every verb that reads a drawing writes them.
    mutating func diagnostics(_ list: [Diagnostic]) {
        key("diagnostics")
        array { json in
            for diagnostic in list { json.value(diagnostic) }
        }
    }

    private mutating func value(_ diagnostic: Diagnostic) {
        object { json in
            json.key("severity")
            json.value(diagnostic.severity.rawValue)
            json.key("code")
            json.value(diagnostic.code)
            json.key("message")
            json.value(diagnostic.message)
            json.key("offset")
            json.value(diagnostic.offset)
            json.key("line")
            json.value(diagnostic.line)
            json.key("column")
            json.value(diagnostic.column)
            json.key("count")
            json.value(diagnostic.count)
        }
    }

    mutating func value(_ number: Int?) {
        if let number { value(number) } else { null() }
    }
}

extension Console {
    /// Diagnostics lines shown at most; the rest is counted.
    private static let shownDiagnostics = 20

    /// Tells people what a drawing's reader or planner has to say; information is left to `--json`.
    func tell(_ diagnostics: [Diagnostic]) {
        if isQuiet { return }
        let worth = diagnostics.filter { $0.severity != .info }
        for diagnostic in worth.prefix(Self.shownDiagnostics) {
            let place = diagnostic.line.map { "line \($0): " } ?? ""
            let count = diagnostic.count > 1 ? " (\(diagnostic.count) times)" : ""
            warn(place + diagnostic.message + count)
        }
        if worth.count > Self.shownDiagnostics { warn("and \(worth.count - Self.shownDiagnostics) more kinds") }
    }
}

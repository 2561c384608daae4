internal import Testing

/// The words of the log: said once each, in words, at their level, with keys that can be looked for.
struct LogTests {
    private struct Entry: Hashable {
        var level: String
        var message: String
        var keys: [String]
        var path: String
    }

    /// Keys of values, the same everywhere.
    private static let keys: Set<String> = [
        "changed", "code", "configuration", "device", "durationSeconds", "event", "finding", "firmware", "job", "key",
        "members", "method", "path", "peer", "reason", "receiver", "service", "request", "role", "route", "state",
        "subject",
        "version", "at",
        "strokes",
    ]

    /// What is written with a literal message; calls with words made elsewhere are counted below.
    private static var entries: [Entry] {
        SourceFile.sources.flatMap { file in
            file.lines.joined(separator: "\n").matches(
                of: #/log\.write\(\s*\.(\w+),\s*"((?:[^"\\]|\\.)*)"(?:,\s*\[((?:[^\[\]]|\[[^\]]*\])*)\])?/#
            ).map { match in
                Entry(
                    level: String(match.1), message: String(match.2),
                    keys: (match.3 ?? "").matches(of: #/\("(\w+)",/#).map { String($0.1) }, path: file.path)
            }
        }
    }

    @Test func everyMessageIsInWords() {
        let entries = Self.entries
        #expect(entries.count > 20)
        var wrong: [String] = []
        for entry in entries {
            let isPlain = !entry.message.contains("\\(") && !entry.message.contains("_") && entry.message.count <= 80
            // Continues the line after its level; values are keys, so that lines of one kind can be counted.
            let isLine = entry.message.first?.isUppercase == false && entry.message.last?.isPunctuation == false
            if !isPlain || !isLine { wrong.append("\(entry.path): \(entry.message)") }
        }
        #expect(wrong == [])
    }

    @Test func aMessageHasOneLevelAndOnePlace() {
        var places: [String: Set<String>] = [:]
        for entry in Self.entries { places[entry.message, default: []].insert("\(entry.level) \(entry.path)") }
        #expect(places.filter { $0.value.count > 1 } == [:])
    }

    @Test func keysAreThoseThatAreKnown() {
        let strangers = Self.entries.flatMap { entry in
            entry.keys.filter { !Self.keys.contains($0) }.map { "\(entry.path): \($0)" }
        }
        #expect(strangers == [])
    }

    /// An error is told by its words: interpolated, one without any would come out as Swift's own description of its value.
    @Test func reasonsAreInWords() {
        let raw = SourceFile.sources.flatMap { file in
            file.lines.joined(separator: "\n").matches(
                of: #/log\.write\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*"\\\((?:error|refusal|failure|problem)\)"/#
            ).map { _ in file.path }
        }
        #expect(raw == [])
    }

    /// What stops work or loses something is an error or a warning; what people did and jobs went through is news.
    @Test func levelsFitWhatIsTold() {
        var wrong: [String] = []
        for entry in Self.entries {
            let isTrouble = [
                "cannot", "failed", "refused", "wrong", "slow", "cut off", "kept from", "has ended", "waits",
            ]
            .contains { entry.message.contains($0) }
            if isTrouble != ["error", "warning"].contains(entry.level), entry.message != "the spool was mended",
                !entry.message.contains("next start")
            {
                wrong.append("\(entry.path): \(entry.level) \(entry.message)")
            }
        }
        #expect(wrong == [])
    }

    /// Only the sentences of incidents are made elsewhere, where they are said to people, too.
    @Test func otherMessagesAreSentencesOfIncidents() {
        let others = SourceFile.sources.flatMap { file in
            file.lines.joined(separator: "\n").matches(of: #/log\.write\(\s*\.\w+,\s*[^"\s]/#).map { _ in file.path }
        }
        #expect(others == ["Sources/axidrawd/Jobs/Roster.swift"])
    }
}

extension SVG {
    /// Gathers what is worth telling: each kind once with a count, a bounded number of kinds.
    struct DiagnosticLog {
        private struct Key: Hashable {
            var code: String
            var message: String
        }

        private var entries: [Diagnostic] = []
        private var indexes: [Key: Int] = [:]
        private var dropped = 0

        /// Nothing has been told.
        var isEmpty: Bool { entries.isEmpty && dropped == 0 }

        /// Notes something at an offset of the decoded text.
        mutating func add(
            _ severity: Diagnostic.Severity, _ code: String, _ message: String, at offset: Int?
        ) {
            let key = Key(code: code, message: message)
            if let k = indexes[key] {
                entries[k].count += 1
            } else if entries.count < Limit.diagnostics {
                indexes[key] = entries.count
                entries.append(Diagnostic(severity, code: code, message: message, offset: offset))
            } else {
                dropped += 1
            }
        }

        /// All of them, with line and column, in order of place.
        func finished(_ text: DecodedText) -> [Diagnostic] {
            var places = LineCounter(text)
            var result: [Diagnostic] = []
            for entry in entries.enumerated().sorted(by: { ($0.1.offset ?? 0, $0.0) < ($1.1.offset ?? 0, $1.0) }) {
                var diagnostic = entry.1
                if let offset = diagnostic.offset {
                    (diagnostic.line, diagnostic.column) = places.place(of: offset)
                    diagnostic.offset = text.fileOffset(offset)
                }
                result.append(diagnostic)
            }
            if dropped > 0 {
                result.append(
                    Diagnostic(
                        .info, code: "more-diagnostics", message: "further diagnostics were not kept", count: dropped))
            }
            return result
        }
    }

    /// Turns offsets, asked for in rising order, into lines and columns in one pass.
    struct LineCounter {
        private let text: DecodedText
        private var i = 0
        private var line = 1
        private var lineStart = 0

        init(_ text: DecodedText) { self.text = text }

        /// 1-based line and column; columns in bytes of the decoded text.
        mutating func place(of offset: Int) -> (line: Int, column: Int) {
            let end = min(max(offset, i), text.bytes.count)
            while i < end {
                if text.bytes[i] == 0x0A {
                    line += 1
                    lineStart = i + 1
                }
                i += 1
            }
            return (line, max(offset, lineStart) - lineStart + 1)
        }
    }
}

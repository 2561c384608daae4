/// Counts of a campaign, row by row.
struct CampaignReport: Sendable {
    /// What came of one run.
    enum Verdict: Equatable, Sendable {
        /// As the row wants it; the words say which of its ways, and are counted.
        case held(String)
        case broken(String)
    }

    private struct Row: Sendable {
        var name: String
        var runs = 0
        var failures = 0
        /// In the order in which they were first seen.
        var outcomes: [(words: String, count: Int)] = []
    }

    private var rows: [Row] = []
    /// What was measured, in words.
    private var notes: [String] = []
    /// Told at once, so that a long campaign need not be waited for.
    var onFailure: (@Sendable (String) -> Void)?

    var runCount: Int { rows.reduce(0) { $0 + $1.runs } }
    var failureCount: Int { rows.reduce(0) { $0 + $1.failures } }

    /// Runs of a row, and those that ended in this way, whatever came before.
    func counts(of words: String, row name: String) -> (runs: Int, count: Int) {
        guard let row = rows.first(where: { $0.name == name }) else { return (0, 0) }
        return (row.runs, row.outcomes.reduce(0) { $0 + ($1.words.hasSuffix(words) ? $1.count : 0) })
    }

    mutating func add(_ verdict: Verdict, row name: String, seed: UInt64, times: Int = 1) {
        let index = rows.firstIndex { $0.name == name } ?? rows.endIndex
        if index == rows.endIndex { rows.append(Row(name: name)) }
        rows[index].runs += times
        switch verdict {
        case .held(let words):
            if let known = rows[index].outcomes.firstIndex(where: { $0.words == words }) {
                rows[index].outcomes[known].count += times
            } else {
                rows[index].outcomes.append((words, times))
            }
        case .broken(let why):
            rows[index].failures += times
            onFailure?("\(name), seed \(seed): \(why)")
        }
    }

    /// Keeps figures that are told before the rows.
    mutating func note(_ lines: [String]) { notes += lines }

    /// Figures, then one line a row, last the sum.
    var summary: String {
        var lines = notes
        lines += rows.map { row in
            let counts = row.outcomes.map { "\($0.count) \($0.words)" } + ["\(row.failures) failed"]
            return row.name + String(repeating: " ", count: max(1, 26 - row.name.count)) + "\(row.runs) runs: "
                + counts.joined(separator: ", ")
        }
        lines.append("\(runCount) runs, \(failureCount) failed")
        return lines.joined(separator: "\n")
    }

    /// Names, words and figures are ours and need no escapes.
    var json: String {
        let items = rows.map { row in
            let counts = row.outcomes.map { "\"\($0.words)\":\($0.count)" }.joined(separator: ",")
            return "{\"row\":\"\(row.name)\",\"runs\":\(row.runs),\"failed\":\(row.failures),\"outcomes\":{\(counts)}}"
        }
        let told =
            notes.isEmpty ? "" : ",\"figures\":[\(notes.map { "\"\($0)\"" }.joined(separator: ","))]"
        return
            "{\"rows\":[\(items.joined(separator: ","))],\"runs\":\(runCount),\"failed\":\(failureCount)\(told)}"
    }
}

/// How a broken driver is made of a whole one: what the wrapper round its link keeps from it, or lets it hear instead.
///
/// Lines come whole on this link, but for those that a fault has cut, which stay as they are.
struct WireMistake: Sendable {
    /// Steps that the host is not to hear of, and whether one acknowledgement is still to be kept from it.
    private var hidden: (steps: (Int, Int), answer: Bool)?
    private var openings = 0
    /// What was written last and its answer so far; the link has been quiet before it.
    private var question = ""
    private var answer: [UInt8] = []
    /// A time-out has been followed by the bytes that bring the link to silence, and what was asked then is not answered yet.
    private var isResynchronised = false
    private var messages = 0
    /// Where the counters and the pen are if every command ran as it was written.
    private var counters = (0, 0)
    private var pen = 1

    init() {}

    mutating func opened() {
        openings += 1
        (question, answer, messages, isResynchronised) = ("", [], 0, false)
    }

    /// A line has been written twice, and that must not show.
    mutating func hide(_ bytes: [UInt8]) {
        hidden = (Self.steps(String(decoding: bytes.dropLast(), as: UTF8.self)), true)
    }

    /// What the host hears at once instead of having this written; nil = it is written.
    mutating func instead(of bytes: [UInt8], _ broken: WireBreak) -> [UInt8]? {
        let text = String(decoding: bytes, as: UTF8.self)
        messages += 1
        for line in text.split(separator: "\r") { note(line) }
        // The first message of a link is such a line end, too.
        if text == "\r", messages > 1 { isResynchronised = true }
        defer { question = text }
        let isAskedTwice = ["V", "QT", "QS", "QL", "QC"].contains { text.hasPrefix($0) } && text == question
        if broken == .firstAnswerBelieved, openings > 1, isAskedTwice, !answer.isEmpty { return answer }
        answer = []
        return nil
    }

    private mutating func note(_ line: Substring) {
        if line.hasPrefix("EM") { counters = (0, 0) }
        if line.hasPrefix("SP,") { pen = line.dropFirst(3).hasPrefix("1") ? 1 : 0 }
        let steps = Self.steps(String(line))
        counters = (counters.0 + steps.0, counters.1 + steps.1)
    }

    /// What the host hears of what has come.
    mutating func heard(_ bytes: [UInt8], _ broken: WireBreak) -> [UInt8] {
        answer += bytes
        // By bytes: to a string CR and LF together are one character.
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        switch broken {
        case .surplusUnseen: hideSurplus(&lines)
        case .lateBelieved where isResynchronised && question.hasPrefix("QL"): change(&lines) { _ in "0" }
        case .damageUnseen where question.hasPrefix("QS"):
            change(&lines) { [counters] text in text.contains(",") ? "\(counters.0),\(counters.1)" : nil }
        case .damageUnseen where question.hasPrefix("QP"): change(&lines) { [pen] _ in "\(pen)" }
        case .deadUnseen where question.hasPrefix("QC"):
            change(&lines) { text in text.split(separator: ",").first.map { "\($0),0300" } }
        case .deadUnseen where question.hasPrefix("QG"):
            change(&lines) { text in
                UInt8(text, radix: 16).map { byte in
                    let digits = String(byte & 0xBF, radix: 16, uppercase: true)
                    return digits.count == 1 ? "0" + digits : digits
                }
            }
        case .stopWaits, .strangerBelieved, .lostRequest, .firstAnswerBelieved, .lateBelieved, .damageUnseen,
            .stopsPassed, .deadUnseen:
            return bytes
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// Puts other data into the lines of an answer that have some, in either syntax.
    private func change(_ lines: inout [String], _ other: (String) -> String?) {
        for (place, line) in lines.enumerated() {
            let name = question.prefix(2) + ","
            let isNamed = line.hasPrefix(name)
            let bare = line.filter { $0 != "\r" }
            let data = isNamed ? String(bare.dropFirst(name.count)) : bare
            guard let first = data.first, first.isHexDigit || first == "-", let new = other(data) else { continue }
            lines[place] = line.replacing(data, with: new)
        }
    }

    private mutating func hideSurplus(_ lines: inout [String]) {
        guard let hidden else { return }
        if hidden.answer,
            let place = lines.indices.dropFirst().first(where: { lines[$0] == lines[$0 - 1] && lines[$0] != "" })
        {
            lines.remove(at: place)
            self.hidden?.answer = false
        }
        for (place, line) in lines.enumerated() where line.hasPrefix("QS,") {
            let numbers = line.split(separator: ",").compactMap { Int($0) }
            guard numbers.count == 2 else { continue }
            lines[place] = "QS,\(numbers[0] - hidden.steps.0),\(numbers[1] - hidden.steps.1)"
        }
    }

    /// Steps of both motors that a command line makes.
    private static func steps(_ line: String) -> (Int, Int) {
        let fields = line.split(separator: ",")
        func number(_ index: Int) -> Int { fields.indices.contains(index) ? Int(fields[index]) ?? 0 : 0 }
        return fields.first == "LM" ? (number(2), number(5)) : fields.first == "SM" ? (number(2), number(3)) : (0, 0)
    }
}

internal import EBB

/// A list of faults as text, one a line: when, what. docs/virtual-board.md describes the format.
public struct FaultScript: Hashable, Sendable {
    /// Why a line is no rule.
    public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// 1-based.
        public var line: Int
        public var reason: String

        public var description: String { "line \(line): \(reason)" }
    }

    public var rules: [FaultRule] = []
    /// From a line `seed N`; nil when the script has none.
    public var seed: UInt64?

    public init(rules: [FaultRule] = [], seed: UInt64? = nil) {
        self.rules = rules
        self.seed = seed
    }

    /// Reads a script; empty lines and what follows `#` do not count.
    public init(_ text: some StringProtocol) throws(ParseError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            do {
                try read(line)
            } catch {
                throw ParseError(line: index + 1, reason: error.reason)
            }
        }
    }

    /// What is wrong with a line, in words.
    struct Complaint: Error {
        var reason: String
    }

    private mutating func read(_ line: some StringProtocol) throws(Complaint) {
        let bare = String(line.prefix { $0 != "#" })
        let parts: [Substring] = bare.split { $0 == " " || $0 == "\t" || $0 == "\r" }
        var words = parts.map { String($0) }[...]
        guard let first = words.popFirst() else { return }
        if first == "seed" {
            guard let word = words.popFirst(), let seed = UInt64(word) else {
                throw Complaint(reason: "seed needs a whole number")
            }
            self.seed = seed
        } else {
            let trigger = try Self.trigger(first, &words)
            rules.append(FaultRule(trigger, try Self.fault(&words)))
        }
        if let extra = words.first { throw Complaint(reason: "\"\(extra)\" is too much") }
    }

    private static func trigger(_ word: String, _ words: inout ArraySlice<String>) throws(Complaint) -> FaultTrigger {
        switch word {
        case "now": return .now
        case "at": return .at(tick: try time(words.popFirst()))
        case "command": return .commands(try indices(words.popFirst()))
        case "reply": return .replies(try indices(words.popFirst()))
        case "every": return .every(try count(words.popFirst()))
        case "random":
            guard let word = words.popFirst(), let value = Double(word), (0...1).contains(value) else {
                throw Complaint(reason: "random needs a probability from 0 to 1")
            }
            return .random(value)
        default: throw Complaint(reason: "\"\(word)\" is none of now, at, command, reply, every, random, seed")
        }
    }

    private static func fault(_ words: inout ArraySlice<String>) throws(Complaint) -> Fault {
        guard let word = words.popFirst() else { throw Complaint(reason: "the fault is missing") }
        switch word {
        case "delay": return .delay(ticks: try time(words.popFirst()))
        case "split": return .split(bytes: try count(words.popFirst() ?? "1"))
        case "join": return .join(ticks: try time(words.popFirst()))
        case "silence": return .silence(ticks: try time(words.popFirst()))
        case "deafness": return .deafness(ticks: try time(words.popFirst()))
        case "garbage": return .garbage(bytes: try count(words.popFirst() ?? "1"))
        case "say": return .say(try said(&words))
        case "lose": return .lose(bytes: try count(words.popFirst()), try direction(words.popFirst()))
        case "double": return .double(bytes: try count(words.popFirst()), try direction(words.popFirst()))
        case "flip": return .flip(bytes: try count(words.popFirst()), try direction(words.popFirst()))
        case "unplug": return try unplug(&words)
        case "power": return try power(words.popFirst())
        case "button": return .press(times: try count(words.popFirst() ?? "1"))
        default:
            throw Complaint(
                reason: "\"\(word)\" is none of delay, split, join, silence, deafness, garbage, say, lose, double, "
                    + "flip, unplug, power, button")
        }
    }

    private static func unplug(_ words: inout ArraySlice<String>) throws(Complaint) -> Fault {
        let word = words.popFirst()
        let ticks: Int64? = word == nil || word == "forever" ? nil : try time(word)
        switch words.popFirst() {
        case "reset": return .unplug(ticks: ticks, resets: true)
        case "keep", nil: return .unplug(ticks: ticks, resets: false)
        case let other?: throw Complaint(reason: "\"\(other)\" is neither reset nor keep")
        }
    }

    private static func power(_ word: String?) throws(Complaint) -> Fault {
        switch word {
        case "off": return .supply(counts: 0)
        case "on": return .supply(counts: 300)
        case let word?:
            guard let counts = Int(word), (0...1023).contains(counts) else {
                throw Complaint(reason: "power is on, off or 0…1023")
            }
            return .supply(counts: counts)
        case nil: throw Complaint(reason: "power is on, off or 0…1023")
        }
    }

    /// The rest of the line with `\r`, `\n`, `\s` for a blank and `\\`.
    private static func said(_ words: inout ArraySlice<String>) throws(Complaint) -> [UInt8] {
        guard !words.isEmpty else { throw Complaint(reason: "say needs a text") }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in words.joined(separator: " ").utf8 {
            if isEscaped {
                isEscaped = false
                switch byte {
                case UInt8(ascii: "r"): bytes.append(13)
                case UInt8(ascii: "n"): bytes.append(10)
                case UInt8(ascii: "s"): bytes.append(32)
                default: bytes.append(byte)
                }
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        words = []
        return bytes
    }

    /// `2.5s`, `300ms` or `1200t` (ticks of 40 µs).
    private static func time(_ word: String?) throws(Complaint) -> Int64 {
        let units = [
            ("ms", Double(BoardClock.ticksPerMillisecond)), ("s", Double(BoardClock.ticksPerSecond)), ("t", 1),
        ]
        for (unit, ticks) in units {
            guard let word, word.hasSuffix(unit), let value = Double(word.dropLast(unit.count)) else { continue }
            let total = (value * ticks).rounded()
            if (0...1e15).contains(total) { return Int64(total) }
        }
        throw Complaint(reason: "a time is written 2.5s, 300ms or 1200t" + (word.map { ", not \"\($0)\"" } ?? ""))
    }

    /// `17` or `10-20`.
    private static func indices(_ word: String?) throws(Complaint) -> ClosedRange<Int> {
        let parts = (word ?? "").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        if parts.count == 1, let first = parts[0] { return first...first }
        if parts.count == 2, let first = parts[0], let last = parts[1], first <= last { return first...last }
        throw Complaint(reason: "a command is written 17 or 10-20, counted from 0")
    }

    private static func count(_ word: String?) throws(Complaint) -> Int {
        guard let word, let value = Int(word), (1...1_000_000).contains(value) else {
            throw Complaint(reason: "a whole number from 1 to 1000000 is needed")
        }
        return value
    }

    private static func direction(_ word: String?) throws(Complaint) -> Fault.Direction {
        guard let word else { return .toHost }
        guard let direction = Fault.Direction(rawValue: word) else {
            throw Complaint(reason: "\"\(word)\" is neither to-host nor to-board")
        }
        return direction
    }
}

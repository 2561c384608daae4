/// What may be wrong with a command's text or values.
enum Complaint: Hashable, Sendable {
    case overrun
    case missing
    case comma(found: UInt8)
    case range
    case extra
    case text(String)

    /// The line that the board sends, without its end.
    var line: [UInt8] {
        switch self {
        case .overrun: Array("!3 Err: RX Buffer overrun".utf8)
        case .missing: Array("!4 Err: Missing parameter(s)".utf8)
        case .comma(let found): Array("!5 Err: Need comma next, found: '".utf8) + [found, UInt8(ascii: "'")]
        case .range: Array("!6 Err: Invalid parameter value".utf8)
        case .extra: Array("!7 Err: Extra parameter".utf8)
        case .text(let text): Array(text.utf8)
        }
    }
}

/// Reads the numbers of one command as the firmware does.
///
/// At most ten digits count and the value wraps at 2³² before the range check; an error leaves the reader where it
/// stands, so that further required parameters complain about what they find there.
struct Parameters {
    enum Kind {
        case u8, u16, u32, i8, i16, i32
    }

    private(set) var index: Int
    private let line: [UInt8]
    private let end: Int
    /// Complaints in the order in which the parser meets them.
    private(set) var complaints: [Complaint] = []

    init(_ line: [UInt8], from index: Int, to end: Int) {
        self.line = line
        self.index = index
        self.end = end
    }

    var hasFailed: Bool { !complaints.isEmpty }
    var isAtEnd: Bool { index >= end }

    mutating func complain(_ complaint: Complaint) { complaints.append(complaint) }

    /// A required number; 0 if it is missing or wrong, which is then among the complaints.
    mutating func number(_ kind: Kind) -> Int64 { read(kind, isRequired: true) ?? 0 }

    /// An optional number; nil if there is none.
    mutating func optional(_ kind: Kind) -> Int64? { read(kind, isRequired: false) }

    private mutating func read(_ kind: Kind, isRequired: Bool) -> Int64? {
        guard comma(isRequired: isRequired) else { return nil }
        var isNegative = false
        if line[index] == UInt8(ascii: "-") {
            switch kind {
            case .u8, .u16, .u32:
                complaints.append(.range)
                return nil
            case .i8, .i16, .i32:
                isNegative = true
                index += 1
            }
        }
        var value: UInt32 = 0
        var digits = 0
        while index < end, digits < 10 {
            let digit = line[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value &* 10 &+ UInt32(digit)
            index += 1
            digits += 1
        }
        return checked(value, isNegative: isNegative, kind)
    }

    private mutating func checked(_ value: UInt32, isNegative: Bool, _ kind: Kind) -> Int64? {
        let signed = Int64(Int32(truncatingIfNeeded: isNegative ? 0 &- value : value))
        let range: ClosedRange<Int64>
        switch kind {
        case .u32: return Int64(value)
        case .i32: return signed
        case .u8: range = 0...255
        case .u16: range = 0...65535
        case .i8: range = -128...127
        case .i16: range = -32768...32767
        }
        let number = kind == .u8 || kind == .u16 ? Int64(value) : signed
        guard range.contains(number) else {
            complaints.append(.range)
            return nil
        }
        return number
    }

    /// Passes the comma before a parameter.
    private mutating func comma(isRequired: Bool) -> Bool {
        guard index < end else {
            if isRequired { complaints.append(.missing) }
            return false
        }
        guard line[index] == UInt8(ascii: ",") else {
            if isRequired { complaints.append(.comma(found: line[index])) }
            return false
        }
        index += 1
        guard index < end else {
            if isRequired { complaints.append(.missing) }
            return false
        }
        return true
    }

    /// A single character, as `CK` takes it.
    mutating func character() -> UInt8 {
        guard comma(isRequired: true) else { return 0 }
        index += 1
        return line[index - 1]
    }

    /// Text up to the next comma or the end.
    mutating func text() -> [UInt8]? {
        guard index < end else { return nil }
        guard line[index] == UInt8(ascii: ",") else {
            complaints.append(.comma(found: line[index]))
            return nil
        }
        index += 1
        let stop = line[index..<end].firstIndex(of: UInt8(ascii: ",")) ?? end
        defer { index = stop }
        return Array(line[index..<stop])
    }
}

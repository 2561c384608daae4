/// Reads JSON (RFC 8259) from bytes, strictly; where asked, with `//` and `/* */` comments and trailing commas.
package struct JSONReader {
    /// Why a text is no JSON, and where.
    package struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
        package var reason: String
        /// 1-based.
        package var line: Int
        /// 1-based, in bytes.
        package var column: Int
        package var description: String { "line \(line), column \(column): \(reason)" }
    }

    /// Arrays and objects inside one another.
    package static let depthLimit = 64
    private let bytes: [UInt8]
    private let allowsComments: Bool
    private var at = 0
    private var depth = 0
    private var path: [String] = []
    /// Line of every object member, by JSON pointer.
    package private(set) var lines: [String: Int] = [:]
    private let keepsLines: Bool
    /// The line at `counted`, so that lines are counted once from the first to the last.
    private var line = 1
    private var counted = 0

    private init(_ bytes: [UInt8], allowsComments: Bool, keepsLines: Bool) {
        self.bytes = bytes
        self.allowsComments = allowsComments
        self.keepsLines = keepsLines
    }

    /// The one value that the text is.
    package static func read(_ bytes: [UInt8], allowsComments: Bool = false) throws(Failure) -> JSONValue {
        var reader = JSONReader(bytes, allowsComments: allowsComments, keepsLines: false)
        return try reader.document()
    }

    /// The value, and the line of every member by JSON pointer, for messages about its meaning.
    package static func readWithLines(_ bytes: [UInt8]) throws(Failure) -> (value: JSONValue, lines: [String: Int]) {
        var reader = JSONReader(bytes, allowsComments: true, keepsLines: true)
        let value = try reader.document()
        return (value, reader.lines)
    }

    private mutating func document() throws(Failure) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        let value = try self.value()
        try skipBlanks()
        guard at == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private mutating func value() throws(Failure) -> JSONValue {
        try skipBlanks()
        guard let byte = peek else { throw failure("the text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { (self) throws(Failure) in try self.object() }
        case UInt8(ascii: "["): return try nested { (self) throws(Failure) in try self.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("a value is expected")
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(Failure) -> JSONValue
    ) throws(Failure) -> JSONValue {
        guard depth < Self.depthLimit else { throw failure("more than \(Self.depthLimit) levels") }
        depth += 1
        at += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(Failure) -> JSONValue {
        var members: [(String, JSONValue)] = []
        var names: Set<String> = []
        try skipBlanks()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            try skipBlanks()
            guard peek == UInt8(ascii: "\"") else { throw failure("a member's name in quotation marks is expected") }
            let line = keepsLines ? lineHere() : 0
            let name = try string()
            guard names.insert(name).inserted else { throw failure("the member \(name) is there twice") }
            try skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw failure("a colon is expected") }
            if keepsLines {
                path.append(name)
                lines["/" + path.joined(separator: "/")] = line
            }
            members.append((name, try value()))
            if keepsLines { path.removeLast() }
            try skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw failure("a comma or } is expected") }
            try skipBlanks()
            if allowsComments, take(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array() throws(Failure) -> JSONValue {
        var items: [JSONValue] = []
        try skipBlanks()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            if keepsLines { path.append(String(items.count)) }
            items.append(try value())
            if keepsLines { path.removeLast() }
            try skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard take(UInt8(ascii: ",")) else { throw failure("a comma or ] is expected") }
            try skipBlanks()
            if allowsComments, take(UInt8(ascii: "]")) { return .array(items) }
        }
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
        guard bytes[at...].starts(with: word.utf8) else { throw failure("a value is expected") }
        at += word.utf8.count
        return value
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = at
        _ = take(UInt8(ascii: "-"))
        let firstDigit = at
        let digits = skipDigits()
        guard digits > 0, digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
            throw failure("this is no number")
        }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard skipDigits() > 0 else { throw failure("digits are expected after the point") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw failure("digits are expected in the exponent") }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw failure("the number is too large") }
        return .number(value)
    }

    private mutating func skipDigits() -> Int {
        let start = at
        while let byte = peek, ASCII.isDigit(byte) { at += 1 }
        return at - start
    }

    private mutating func string() throws(Failure) -> String {
        at += 1
        var text: [UInt8] = []
        while let byte = peek {
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let result = ASCII.text(text) else { throw failure("the string is not UTF-8") }
                return result
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw failure("a control character stands in a string")
            default: text.append(byte)
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        guard let byte = peek else { throw failure("a string does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var unit = try codeUnit()
            if (0xD800..<0xDC00).contains(unit) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure("half a surrogate pair") }
                let low = try codeUnit()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair") }
                unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(unit) else { throw failure("half a surrogate pair") }
            text += String(Character(scalar)).utf8
        default: throw failure("no such escape")
        }
    }

    private mutating func codeUnit() throws(Failure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek.flatMap(ASCII.hexDigit) else { throw failure("four hex digits are expected") }
            unit = unit << 4 | UInt32(digit)
            at += 1
        }
        return unit
    }

    // MARK: Bytes

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipBlanks() throws(Failure) {
        while let byte = peek {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            case UInt8(ascii: "/") where allowsComments: try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(Failure) {
        let next = at + 1 < bytes.count ? bytes[at + 1] : 0
        switch next {
        case UInt8(ascii: "/"): while let byte = peek, byte != 0x0A { at += 1 }
        case UInt8(ascii: "*"):
            at += 2
            while at < bytes.count, !(bytes[at] == UInt8(ascii: "*") && at + 1 < bytes.count && bytes[at + 1] == 0x2F) {
                at += 1
            }
            guard at < bytes.count else { throw failure("a comment does not end") }
            at += 2
        default: throw failure("a value is expected")
        }
    }

    /// The line of `at`, which is never before where it was asked last.
    private mutating func lineHere() -> Int {
        let end = min(at, bytes.count)
        while counted < end {
            if bytes[counted] == 0x0A { line += 1 }
            counted += 1
        }
        return line
    }

    private var place: (line: Int, column: Int) {
        let before = bytes[..<min(at, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return (line, before.count - start + 1)
    }

    private func failure(_ reason: String) -> Failure {
        Failure(reason: reason, line: place.line, column: place.column)
    }
}

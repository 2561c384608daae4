extension LayerCodes {
    /// A code that has no effect, and why.
    struct Ignored: Equatable {
        /// As it stands in the name.
        var text: String
        var reason: String
    }

    /// Reads the codes at the beginning of a layer's name: `%`, `!`, a number, then `+D`, `+H`, `+S`.
    ///
    /// A value out of range or of too many digits is ignored by itself.
    public init(parsing name: String) { self = Self.reading(name).codes }

    /// What a layer's name says beside its codes; nil when that is nothing.
    static func label(in name: String) -> String? {
        let rest = reading(name).rest
        return rest.isEmpty ? nil : rest
    }

    /// The codes of a name, those that are ignored (each by itself, what follows it still counts), and the rest of it.
    static func reading(_ name: String) -> (codes: LayerCodes, ignored: [Ignored], rest: String) {
        var codes = LayerCodes()
        var ignored: [Ignored] = []
        var cursor = SVG.Cursor(name)
        if cursor.take(UInt8(ascii: "%")) { codes.isDocumentation = true }
        if cursor.take(UInt8(ascii: "!")) { codes.pausesBefore = true }
        cursor.skipSpace()
        if let digits = cursor.digits(takesFraction: false) {
            if let value = digits.value, (0...1000).contains(value) {
                codes.number = value
            } else {
                ignored.append(Ignored(text: digits.text, reason: "numbers of layers are from 0 to 1000"))
            }
        }
        var rest = cursor
        while true {
            cursor.skipSpace()
            rest = cursor
            guard cursor.take(UInt8(ascii: "+")) else { break }
            let letter = cursor.byte
            guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter.lowercased) else { break }
            cursor.i += 1
            let isNegative = cursor.take(UInt8(ascii: "-"))
            guard let digits = cursor.digits(takesFraction: true) else { break }
            let text = "+" + String(decoding: [letter], as: UTF8.self) + (isNegative ? "-" : "") + digits.text
            let value = isNegative ? nil : digits.value
            if let reason = codes.take(letter, value) { ignored.append(Ignored(text: text, reason: reason)) }
        }
        return (codes, ignored, String(decoding: rest.remaining, as: UTF8.self))
    }

    /// Takes one code; says why if it has no effect.
    private mutating func take(_ letter: UInt8, _ value: Int?) -> String? {
        switch letter.lowercased {
        case UInt8(ascii: "d"):
            guard let value, value >= 0 else { return "a delay is whole milliseconds, of nine digits at most" }
            delayMilliseconds = value > 0 ? value : nil
        case UInt8(ascii: "h"):
            guard let value, (0...100).contains(value) else { return "a height is a whole number from 0 to 100" }
            penDownHeightPercent = Double(value)
        case UInt8(ascii: "s"):
            guard let value, (1...110).contains(value) else { return "a speed is a whole number from 1 to 110" }
            penDownSpeedPercent = Double(value)
        default: return "no such code; there are +S, +D and +H"
        }
        return nil
    }
}

extension SVG.Cursor {
    /// Digits as an integer, with what stands there; the value is nil for more than nine of them or a fraction, all nil for
    /// none.
    fileprivate mutating func digits(takesFraction: Bool) -> (value: Int?, text: String)? {
        let start = i
        var value = 0
        while byte.isDigit {
            if i - start < 9 { value = value * 10 + Int(byte & 15) }
            i += 1
        }
        guard i > start else { return nil }
        var isWhole = i - start <= 9
        if takesFraction, byte == UInt8(ascii: "."), peek(1).isDigit {
            isWhole = false
            i += 1
            while byte.isDigit { i += 1 }
        }
        // Of a very long number as much as tells it.
        return (isWhole ? value : nil, String(decoding: bytes[start..<min(i, start + 24)], as: UTF8.self))
    }
}

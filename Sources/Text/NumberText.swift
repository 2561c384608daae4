/// Numbers and lengths as the command line writes them: decimal digits with optional sign, fraction and exponent.
package enum NumberText {
    /// The number that the whole text says; nil for anything else, also `nan`, `inf`, hexadecimal and blanks.
    ///
    /// May be infinite when the exponent is large: a range check must follow.
    package static func number(_ text: some StringProtocol) -> Double? {
        isNumber(text.utf8) ? Double(String(text)) : nil
    }

    /// A whole number without fraction or exponent.
    package static func integer(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8.first.map(isSign) == true ? text.utf8.dropFirst() : text.utf8.dropFirst(0)
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        return Int(String(text))
    }

    /// A length in mm; `mm`, `cm` or `in` may follow the number.
    package static func length(_ text: some StringProtocol) -> Double? {
        for (unit, millimetres) in [("mm", 1.0), ("cm", 10.0), ("in", 25.4)] where text.hasSuffix(unit) {
            return number(text.dropLast(unit.count)).map { $0 * millimetres }
        }
        return number(text)
    }

    /// Lengths between commas.
    package static func lengths(_ text: String) -> [Double]? {
        var values: [Double] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = length(part) else { return nil }
            values.append(value)
        }
        return values
    }

    /// Whether an argument that begins with a minus sign is meant as a number, not as a flag.
    package static func looksNegative(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.first == UInt8(ascii: "-"), let second = bytes.dropFirst().first else { return false }
        return isDigit(second) || (second == UInt8(ascii: ".") && bytes.dropFirst(2).first.map(isDigit) == true)
    }

    private static func isNumber(_ text: some Collection<UInt8>) -> Bool {
        var rest = text[...]
        if rest.first.map(isSign) == true { rest = rest.dropFirst() }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var hasDigits = !whole.isEmpty
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            if fraction.isEmpty { return false }
            hasDigits = true
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard hasDigits else { return false }
        guard let e = rest.first else { return true }
        guard e == UInt8(ascii: "e") || e == UInt8(ascii: "E") else { return false }
        rest = rest.dropFirst()
        if rest.first.map(isSign) == true { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
}

/// A number without a needless fraction: 1 instead of 1.0.
package func brief(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}

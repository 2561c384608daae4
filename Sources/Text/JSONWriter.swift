/// Writes one JSON document into a byte buffer, in the order given, without intermediate values.
///
/// Numbers are written as the shortest decimal that reads back the same, or rounded to fixed decimals, which is several
/// times faster; what is not finite becomes `null`. Commas are set by the writer.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Whether a comma is due before the next value.
    private var needsComma = false

    package init() {}

    /// Takes what has been written so far, so that a long document can go out in pieces.
    package mutating func takeBytes() -> [UInt8] {
        let taken = bytes
        bytes.removeAll(keepingCapacity: true)
        return taken
    }

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "{"))
        body(&self)
        end(UInt8(ascii: "}"))
    }

    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "["))
        body(&self)
        end(UInt8(ascii: "]"))
    }

    /// Opens an object that `endObject` closes, for documents written in pieces.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// The name of the next value of an object; must need no escapes.
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: "\(name)".utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func null() { literal("null") }
    package mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

    package mutating func value(_ number: some BinaryInteger) {
        separate()
        digits(UInt64(number.magnitude), isNegative: number < 0)
        needsComma = true
    }

    /// The shortest decimal that reads back as the same number.
    package mutating func value(_ number: Double) {
        guard number.isFinite else { return null() }
        separate()
        if number == number.rounded() && number.magnitude < 1e15 {
            digits(UInt64(number.magnitude), isNegative: number < 0)
        } else {
            bytes.append(contentsOf: number.description.utf8)
        }
        needsComma = true
    }

    /// Rounded to at most `decimals` (0…9) places, without trailing zeros.
    package mutating func value(_ number: Double, decimals: Int) {
        precondition((0...9).contains(decimals), "decimals out of range")
        let scale = Self.powersOfTen[decimals]
        let scaled = (number * scale).rounded()
        guard scaled.magnitude < 9e15 else { return value(number) }
        separate()
        fixed(UInt64(scaled.magnitude), isNegative: scaled < 0, scale: UInt64(scale), decimals: decimals)
        needsComma = true
    }

    package mutating func value(_ text: String?) {
        guard let text else { return null() }
        separate()
        escaped(text)
        needsComma = true
    }

    /// `[x,y]`, each to at most `decimals` places: the unit of long documents.
    package mutating func pair(_ x: Double, _ y: Double, decimals: Int) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        value(x, decimals: decimals)
        value(y, decimals: decimals)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// A line break for people; JSON readers skip it.
    package mutating func newline() { bytes.append(UInt8(ascii: "\n")) }

    private static let powersOfTen = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func literal(_ word: StaticString) {
        separate()
        bytes.append(contentsOf: "\(word)".utf8)
        needsComma = true
    }

    private mutating func digits(_ magnitude: UInt64, isNegative: Bool) {
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        appendDigits(magnitude)
    }

    private mutating func appendDigits(_ magnitude: UInt64) {
        let start = bytes.count
        var rest = magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    private mutating func fixed(_ scaled: UInt64, isNegative: Bool, scale: UInt64, decimals: Int) {
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: scale)
        appendDigits(whole)
        guard fraction > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var rest = fraction
        var divisor = scale / 10
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }

    private mutating func escaped(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7f:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(Self.hexadecimal[Int(byte >> 4)])
                bytes.append(Self.hexadecimal[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}

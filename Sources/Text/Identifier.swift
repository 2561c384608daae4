package import Foundation

/// Ids of ours: 26 characters, sortable by the time they were made (48 bits of milliseconds, 80 random bits).
package enum Identifier {
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    package static func make(now: Date, using generator: inout some RandomNumberGenerator) -> String {
        var milliseconds = UInt64(max(0, now.timeIntervalSince1970 * 1000))
        var text = [UInt8](repeating: 0, count: 26)
        for i in stride(from: 9, through: 0, by: -1) {
            text[i] = digits[Int(milliseconds & 31)]
            milliseconds >>= 5
        }
        for i in 10..<26 { text[i] = digits[Int(generator.next(upperBound: UInt32(32)))] }
        return String(decoding: text, as: UTF8.self)
    }

    /// A fresh id, from the system's clock and random numbers.
    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return make(now: Date(), using: &generator)
    }

    package static func isValid(_ text: String) -> Bool {
        text.utf8.count == 26 && text.utf8.allSatisfy(digits.contains)
    }
}

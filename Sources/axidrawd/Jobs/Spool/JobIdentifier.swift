/// Identity of a job: 26 characters that sort by time of making; made by us, never taken from a client.
///
/// Shape: Crockford base 32 of a 48-bit time in ms and 80 random bits (the ULID layout). Two identifiers made in the
/// same millisecond differ by one in their random part, so order of making is kept.
struct JobIdentifier: Hashable, Comparable, Sendable, CustomStringConvertible {
    let text: String

    static let length = 26
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Accepts exactly the form that `JobIdentifierSource` makes; nil for anything else, so it is safe as a file name.
    init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == Self.length, bytes.allSatisfy({ Self.alphabet.contains($0) }),
            bytes[0] <= UInt8(ascii: "7")
        else { return nil }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    fileprivate init(value: UInt128) {
        var rest = value
        var bytes = [UInt8](repeating: 0, count: Self.length)
        for place in bytes.indices.reversed() {
            bytes[place] = Self.alphabet[Int(truncatingIfNeeded: rest & 31)]
            rest >>= 5
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    fileprivate var value: UInt128 {
        text.utf8.reduce(0) { ($0 << 5) | UInt128(Self.alphabet.firstIndex(of: $1) ?? 0) }
    }

    var description: String { text }

    static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}

/// Makes identifiers that never repeat and never go back, also when the clock does.
struct JobIdentifierSource: Sendable {
    private var last: UInt128 = 0

    /// - Parameter newest: the newest identifier known from disk; nothing made is at or before it.
    init(after newest: JobIdentifier?) { last = newest?.value ?? 0 }

    mutating func next(
        nowMilliseconds: Int64, using generator: inout some RandomNumberGenerator
    ) -> JobIdentifier {
        let time = UInt128(UInt64(max(0, nowMilliseconds)) & 0xFFFF_FFFF_FFFF) << 80
        let random = UInt128(generator.next()) << 16 | UInt128(generator.next() & 0xFFFF)
        last = max(time | random, last + 1)
        return JobIdentifier(value: last)
    }
}

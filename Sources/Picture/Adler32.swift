/// Adler-32 of RFC 1950, built up piece by piece.
struct Adler32 {
    private var low: UInt32 = 1
    private var high: UInt32 = 0

    private static let modulus: UInt32 = 65_521
    /// Most bytes whose sums stay below 2³² before they are reduced (RFC 1950).
    private static let stretch = 5552

    mutating func update(_ bytes: Span<UInt8>) {
        var start = 0
        while start < bytes.count {
            let end = min(start + Self.stretch, bytes.count)
            var (a, b) = (low, high)
            for i in start..<end {
                a &+= UInt32(bytes[i])
                b &+= a
            }
            low = a % Self.modulus
            high = b % Self.modulus
            start = end
        }
    }

    var value: UInt32 { high << 16 | low }
}

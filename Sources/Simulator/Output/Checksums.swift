/// CRC-32 of ISO 3309 as PNG uses it, built up piece by piece.
public struct CRC32: Sendable {
    @usableFromInline var state: UInt32 = 0xFFFF_FFFF

    @usableFromInline static let table: [UInt32] = (0..<256).map { byte in
        var value = UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        return value
    }

    public init() {}

    /// Takes in more bytes, in order.
    @inlinable
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let table = Self.table
        var state = state
        for byte in bytes { state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ (state >> 8) }
        self.state = state
    }

    /// The checksum of all bytes so far.
    public var value: UInt32 { ~state }
}

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

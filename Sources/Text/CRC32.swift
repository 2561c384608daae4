/// CRC-32 of ISO 3309 as PNG uses it, built up piece by piece.
package struct CRC32: Sendable {
    @usableFromInline var state: UInt32 = 0xFFFF_FFFF

    @usableFromInline static let table: [UInt32] = (0..<256).map { byte in
        var value = UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        return value
    }

    package init() {}

    /// Takes in more bytes, in order.
    @inlinable
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        let table = Self.table
        var state = state
        for byte in bytes { state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ (state >> 8) }
        self.state = state
    }

    /// The checksum of all bytes so far.
    package var value: UInt32 { ~state }
}

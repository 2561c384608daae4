internal import Text

/// Bytes as one member of a gzip file (RFC 1952), without name and time: the same bytes give the same member. O(n).
package func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var deflater = Deflater()
    deflater.write(bytes.span)
    deflater.finish()
    // Deflate with neither flags nor time, from an unknown system.
    var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    // What zlib puts around the same blocks: two bytes before, its own sum after.
    member += deflater.output.dropFirst(2).dropLast(4)
    var sum = CRC32()
    sum.update(bytes)
    for word in [sum.value, UInt32(truncatingIfNeeded: bytes.count)] {
        for shift in stride(from: UInt32(0), through: 24, by: 8) {
            member.append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }
    return member
}

internal import Text

/// The append-only file of what happened to jobs: framing and recovery, without I/O.
///
/// A record is `AXJ1`, length and CRC-32 of the payload (both 4 bytes, little endian), the payload (one JSON line). The
/// file is extended with zeros ahead of use, so a header of zeros is the end.
enum Journal {
    static let headerLength = 12
    /// A payload is one small JSON object; more is damage.
    static let longestPayload = 1 << 20
    private static let mark: [UInt8] = Array("AXJ1".utf8)

    /// The bytes of one record.
    static func record(_ payload: [UInt8]) -> [UInt8] {
        precondition(payload.count <= longestPayload, "a journal record is one small object")
        var bytes = mark
        append(UInt32(payload.count), to: &bytes)
        append(checksum(payload[...]), to: &bytes)
        bytes.append(contentsOf: payload)
        return bytes
    }

    /// What a journal file holds.
    struct Contents: Equatable {
        var payloads: [[UInt8]] = []
        /// Where the next record goes.
        var end = 0
        /// True when something follows `end` that is neither zeros nor a torn last record: records were lost.
        var isDamaged = false
    }

    /// Reads every whole record. A bad one at the end (torn write) is cut; one with good records after it is damage,
    /// and the good ones behind it are read too.
    static func read(_ bytes: [UInt8]) -> Contents {
        var contents = Contents()
        var position = 0
        while let payload = payload(in: bytes, at: position) {
            contents.payloads.append(Array(payload))
            position = payload.endIndex
        }
        contents.end = position
        var search = position + 1
        while search + headerLength <= bytes.count {
            if bytes[search] == mark[0], let payload = payload(in: bytes, at: search) {
                contents.isDamaged = true
                contents.payloads.append(Array(payload))
                search = payload.endIndex
                contents.end = search
            } else {
                search += 1
            }
        }
        return contents
    }

    private static func payload(in bytes: [UInt8], at position: Int) -> ArraySlice<UInt8>? {
        let start = position + headerLength
        guard start <= bytes.count, bytes[position..<position + 4].elementsEqual(mark) else { return nil }
        let length = Int(number(in: bytes, at: position + 4))
        guard length <= longestPayload, length <= bytes.count - start else { return nil }
        let payload = bytes[start..<start + length]
        return checksum(payload) == number(in: bytes, at: position + 8) ? payload : nil
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var check = CRC32()
        check.update(bytes)
        return check.value
    }

    private static func number(in bytes: [UInt8], at position: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << (8 * UInt32($1)) }
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt32(0), through: 24, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

internal import Text

/// An address, or all that share its first bits: `10.0.0.2`, `10.0.0.0/8`, `fd00::/8` (CIDR, RFC 4632 and RFC 4291 §2.3).
package struct AddressRange: Hashable, Sendable {
    /// Four bytes or sixteen.
    private let bytes: [UInt8]
    private let bits: Int

    /// Nil unless the text is an address with or without a length; bits beyond the length must be 0, since whoever wrote
    /// `10.0.0.2/8` may have meant one host or all.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = Self.bytes(of: String(parts[0])) else { return nil }
        var bits = bytes.count * 8
        if parts.count == 2 {
            guard let length = ASCII.decimal(parts[1].utf8), length <= bits else { return nil }
            bits = length
        }
        self.bytes = bytes
        self.bits = bits
        guard Self.isEmpty(bytes, from: bits) else { return nil }
    }

    /// Whether it is of IPv4, also where that was written inside IPv6.
    var isFourBytes: Bool { bytes.count == 4 }

    package func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        return Self.isEmpty(zip(bytes, other).map { $0 ^ $1 }, to: bits)
    }

    private static func isEmpty(_ bytes: [UInt8], from first: Int = 0, to end: Int = .max) -> Bool {
        (first..<max(first, min(end, bytes.count * 8))).allSatisfy { bytes[$0 / 8] & (0x80 >> UInt8($0 % 8)) == 0 }
    }

    /// An address as bytes in network order; of IPv6 any spelling, without a zone. IPv4 inside IPv6 is IPv4.
    private static func bytes(of text: String) -> [UInt8]? {
        guard text.contains(":") else { return fourBytes(text[...]) }
        // At most one row of zeros is left out.
        var halves: [[UInt8]] = []
        var rest = text[...]
        while let gap = rest.firstRange(of: "::") {
            guard halves.isEmpty, let half = groups(rest[..<gap.lowerBound]) else { return nil }
            halves.append(half)
            rest = rest[gap.upperBound...]
        }
        guard let last = groups(rest) else { return nil }
        let first = halves.first ?? []
        let missing = 16 - first.count - last.count
        guard halves.isEmpty ? missing == 0 : missing >= 2 else { return nil }
        let bytes = first + [UInt8](repeating: 0, count: missing) + last
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (k, part) in parts.enumerated() {
            if k == parts.count - 1, part.contains(".") {
                guard let four = fourBytes(part) else { return nil }
                bytes += four
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ ASCII.hexDigit($0) != nil }),
                let value = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        return bytes.count <= 16 ? bytes : nil
    }

    private static func fourBytes(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.utf8.count <= 3, let value = ASCII.decimal(part.utf8), value < 256 else { return nil }
            bytes.append(UInt8(value))
        }
        return bytes
    }
}

extension Set<String> {
    /// Whether an address, or a word such as `unix`, is listed: by itself, or within a range.
    func lists(_ address: String) -> Bool {
        contains(address) || contains { AddressRange($0)?.contains(address) ?? false }
    }
}

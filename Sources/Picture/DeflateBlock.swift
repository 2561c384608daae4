/// One block of RFC 1951 with its own codes.
///
/// Tokens: below 256 a byte, else length << 16 | distance.
struct DeflateBlock {
    private let tokens: [UInt32]
    private let literals: HuffmanCode
    private let distances: HuffmanCode

    private static let endOfBlock = 256
    /// First length of codes 257…285 and first distance of codes 0…29 (RFC 1951 §3.2.5).
    private static let lengthBases: [UInt32] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let distanceBases: [UInt32] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ]
    /// Order in which the lengths of the code for code lengths are sent.
    private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// Code index of every length 0…258.
    private static let lengthIndices: [UInt8] = (0...258).map { length in
        UInt8(lengthBases.lastIndex { $0 <= max(3, length) } ?? 0)
    }

    private static func lengthExtraBits(_ index: Int) -> Int { index < 8 || index == 28 ? 0 : index / 4 - 1 }
    private static func distanceExtraBits(_ index: Int) -> Int { index < 4 ? 0 : index / 2 - 1 }

    /// Code index of a distance 1…32768: two codes for every power of two.
    private static func distanceIndex(_ distance: UInt32) -> Int {
        let value = distance &- 1
        guard value >= 2 else { return Int(value) }
        let top = 31 - value.leadingZeroBitCount
        return 2 * top + Int((value >> UInt32(top - 1)) & 1)
    }

    init(_ tokens: [UInt32]) {
        self.tokens = tokens
        var literalCounts = [UInt32](repeating: 0, count: 286)
        var distanceCounts = [UInt32](repeating: 0, count: 30)
        for token in tokens {
            if token < 256 {
                literalCounts[Int(token)] += 1
            } else {
                literalCounts[257 + Int(Self.lengthIndices[Int(token >> 16)])] += 1
                distanceCounts[Self.distanceIndex(token & 0xFFFF)] += 1
            }
        }
        literalCounts[Self.endOfBlock] += 1
        literals = HuffmanCode(frequencies: literalCounts, limit: 15)
        distances = HuffmanCode(frequencies: distanceCounts, limit: 15)
    }

    func write(to writer: inout BitWriter, _ output: inout [UInt8], isLast: Bool) {
        writer.write(isLast ? 1 : 0, 1, &output)
        writer.write(2, 2, &output)
        writeCodeLengths(&writer, &output)
        for token in tokens {
            if token < 256 {
                literals.write(Int(token), &writer, &output)
                continue
            }
            let (length, distance) = (token >> 16, token & 0xFFFF)
            let index = Int(Self.lengthIndices[Int(length)])
            literals.write(257 + index, &writer, &output)
            writer.write(length - Self.lengthBases[index], Self.lengthExtraBits(index), &output)
            let far = Self.distanceIndex(distance)
            distances.write(far, &writer, &output)
            writer.write(distance - Self.distanceBases[far], Self.distanceExtraBits(far), &output)
        }
        literals.write(Self.endOfBlock, &writer, &output)
    }

    /// Both codes' lengths, runs shortened, under a code of their own (RFC 1951 §3.2.7).
    private func writeCodeLengths(_ writer: inout BitWriter, _ output: inout [UInt8]) {
        let literalLengths = Self.trimmed(literals.lengths, atLeast: 257)
        let distanceLengths = Self.trimmed(distances.lengths, atLeast: 1)
        let runs = Self.runs(literalLengths + distanceLengths)
        var counts = [UInt32](repeating: 0, count: 19)
        for run in runs { counts[run.symbol] += 1 }
        let code = HuffmanCode(frequencies: counts, limit: 7)
        let sent = (Self.lengthOrder.lastIndex { code.lengths[$0] > 0 } ?? 3) + 1
        writer.write(UInt32(literalLengths.count - 257), 5, &output)
        writer.write(UInt32(distanceLengths.count - 1), 5, &output)
        writer.write(UInt32(max(4, sent) - 4), 4, &output)
        for symbol in Self.lengthOrder.prefix(max(4, sent)) { writer.write(UInt32(code.lengths[symbol]), 3, &output) }
        for run in runs {
            code.write(run.symbol, &writer, &output)
            writer.write(run.extra, run.extraBits, &output)
        }
    }

    private static func trimmed(_ lengths: [UInt8], atLeast: Int) -> [UInt8] {
        Array(lengths.prefix(max(atLeast, (lengths.lastIndex { $0 > 0 } ?? 0) + 1)))
    }

    /// A code length, or a run of them: 16 repeats the one before 3…6 times, 17 and 18 are 3…10 and 11…138 zeros.
    private struct Run {
        var symbol: Int
        var extra: UInt32 = 0
        var extraBits = 0
    }

    private static func runs(_ lengths: [UInt8]) -> [Run] {
        var result: [Run] = []
        var start = 0
        while start < lengths.count {
            let length = lengths[start]
            var end = start + 1
            while end < lengths.count && lengths[end] == length { end += 1 }
            var rest = end - start
            if length != 0 {
                result.append(Run(symbol: Int(length)))
                rest -= 1
            }
            while rest >= 3 {
                let taken = min(rest, length == 0 ? 138 : 6)
                switch (length, taken) {
                case (0, 11...): result.append(Run(symbol: 18, extra: UInt32(taken - 11), extraBits: 7))
                case (0, _): result.append(Run(symbol: 17, extra: UInt32(taken - 3), extraBits: 3))
                default: result.append(Run(symbol: 16, extra: UInt32(taken - 3), extraBits: 2))
                }
                rest -= taken
            }
            for _ in 0..<rest { result.append(Run(symbol: Int(length))) }
            start = end
        }
        return result
    }
}

extension HuffmanCode {
    @inline(__always)
    fileprivate func write(_ symbol: Int, _ writer: inout BitWriter, _ output: inout [UInt8]) {
        writer.write(UInt32(codes[symbol]), Int(lengths[symbol]), &output)
    }
}

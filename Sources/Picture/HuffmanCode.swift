/// A canonical Huffman code whose lengths never pass a limit and which is always complete.
///
/// Complete means that the lengths fill the code space exactly (Kraft's sum is 1): decoders refuse anything else.
struct HuffmanCode {
    /// Bits a symbol; 0 = never used.
    private(set) var lengths: [UInt8]
    /// Code of each symbol, first bit lowest, as deflate writes it.
    private(set) var codes: [UInt16]

    init(lengths: [UInt8]) {
        self.lengths = lengths
        codes = Self.canonicalCodes(lengths)
    }

    /// The best code for these frequencies within `limit` bits.
    ///
    /// Fewer than two used symbols are filled up with unused ones, so that the code stays complete.
    /// - Precondition: at least two symbols, at most 2^limit; the frequencies' sum fits.
    init(frequencies: [UInt32], limit: Int) {
        precondition(frequencies.count >= 2 && frequencies.count <= 1 << limit)
        var used = frequencies.indices.filter { frequencies[$0] > 0 }
        for filler in frequencies.indices where used.count < 2 && !used.contains(filler) { used.append(filler) }
        // Ties by symbol: the result is a function of the frequencies alone.
        used.sort { (frequencies[$0], $0) < (frequencies[$1], $1) }
        let depths = Self.depths(used.map { UInt64(max(1, frequencies[$0])) })
        let counts = Self.limited(depths, limit: limit)
        var lengths = [UInt8](repeating: 0, count: frequencies.count)
        // Rarest symbols first get the longest codes.
        var next = 0
        for length in stride(from: limit, through: 1, by: -1) {
            for _ in 0..<counts[length] {
                lengths[used[next]] = UInt8(length)
                next += 1
            }
        }
        self.init(lengths: lengths)
    }

    /// Depth of every leaf of Huffman's tree over weights in rising order, by two queues.
    private static func depths(_ weights: [UInt64]) -> [Int] {
        let count = weights.count
        var nodeWeights: [UInt64] = []
        var parents = [Int](repeating: 0, count: 2 * count - 1)
        var (leaf, node) = (0, 0)
        func takeLowest() -> (index: Int, weight: UInt64) {
            if leaf < count && (node >= nodeWeights.count || weights[leaf] <= nodeWeights[node]) {
                leaf += 1
                return (leaf - 1, weights[leaf - 1])
            }
            node += 1
            return (count + node - 1, nodeWeights[node - 1])
        }
        for inner in count..<2 * count - 1 {
            let (first, second) = (takeLowest(), takeLowest())
            parents[first.index] = inner
            parents[second.index] = inner
            nodeWeights.append(first.weight + second.weight)
        }
        var depths = [Int](repeating: 0, count: 2 * count - 1)
        for index in stride(from: 2 * count - 3, through: 0, by: -1) { depths[index] = depths[parents[index]] + 1 }
        return Array(depths[..<count])
    }

    /// How many codes there are of each length, none longer than `limit`, Kraft's sum exactly 1.
    ///
    /// Too long codes are cut to the limit; then the overfull code space is emptied one unit at a time by
    /// lengthening the longest code that is shorter than the limit, which costs least.
    private static func limited(_ depths: [Int], limit: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: limit + 1)
        for depth in depths { counts[min(depth, limit)] += 1 }
        var filled = (1...limit).reduce(0) { $0 + counts[$1] << (limit - $1) }
        while filled > 1 << limit {
            // One code of the full length moves under a split shorter one: the space used falls by exactly one unit.
            guard let shorter = (1..<limit).last(where: { counts[$0] > 0 }) else { break }
            counts[limit] -= 1
            counts[shorter] -= 1
            counts[shorter + 1] += 2
            filled -= 1
        }
        return counts
    }

    private static func canonicalCodes(_ lengths: [UInt8]) -> [UInt16] {
        var counts = [UInt32](repeating: 0, count: 17)
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        var next = [UInt32](repeating: 0, count: 17)
        for length in 1..<17 { next[length] = (next[length - 1] + (length > 1 ? counts[length - 1] : 0)) << 1 }
        return lengths.map { length in
            guard length > 0 else { return 0 }
            var (code, reversed) = (next[Int(length)], UInt16(0))
            next[Int(length)] += 1
            for _ in 0..<length {
                reversed = reversed << 1 | UInt16(code & 1)
                code >>= 1
            }
            return reversed
        }
    }
}

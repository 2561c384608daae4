/// Keys that sort what lies in the plane into strips and along each: 12 bits, 20 bits, and the number of the item below them.
enum StripKey {
    /// The last strip there may be, and the last place along one.
    static let (lastStrip, lastPlace) = (4095.0, 1_048_575.0)

    /// Of what lies beyond the strips, that of the nearest place in them.
    ///
    /// - Parameters: `strip` and `along` finite.
    @inline(__always)
    static func of(strip: Double, along: Double, item: Int32) -> UInt64 {
        UInt64(max(0, min(strip, lastStrip))) << 52 | UInt64(max(0, min(along, lastPlace))) << 32
            | UInt64(UInt32(bitPattern: item))
    }

    /// The strip of a key.
    @inline(__always)
    static func strip(_ key: UInt64) -> Int { Int(key >> 52) }
}

extension [UInt64] {
    private static let bitsAtATime = 11
    /// Fewer are sorted as any array.
    private static let fewest = 4096

    /// Sorts by the upper 32 bits; of equal ones the sequence stays.
    ///
    /// - Complexity: O(n), a second array while it runs.
    mutating func sortByUpperHalf() {
        if count < Self.fewest {
            // Of equal keys by their places: sorting alone is not stable.
            let sorted = enumerated().sorted { ($0.element >> 32, $0.offset) < ($1.element >> 32, $1.offset) }
            self = sorted.map { $0.element }
            return
        }
        var other = [UInt64](repeating: 0, count: count)
        for shift in stride(from: 32, to: 64, by: Self.bitsAtATime) {
            if Self.isSpread(self, shift, into: &other) { swap(&self, &other) }
        }
    }

    /// Counting sort by some bits; false where they are the same in all, and nothing was done.
    private static func isSpread(_ keys: [UInt64], _ shift: Int, into other: inout [UInt64]) -> Bool {
        let mask = UInt64(1) << UInt64(bitsAtATime) - 1
        var next = [Int](repeating: 0, count: Int(mask) + 1)
        for key in keys { next[Int(key >> UInt64(shift) & mask)] += 1 }
        if next.contains(keys.count) { return false }
        var sum = 0
        for k in next.indices { (next[k], sum) = (sum, sum + next[k]) }
        for key in keys {
            let bucket = Int(key >> UInt64(shift) & mask)
            other[next[bucket]] = key
            next[bucket] += 1
        }
        return true
    }
}

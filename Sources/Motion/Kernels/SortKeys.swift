extension [UInt64] {
    private static let bitsAtATime = 11
    /// Fewer are sorted as any array.
    private static let fewest = 4096

    /// Sorts by the upper 32 bits; of equal ones the sequence stays.
    ///
    /// - Complexity: O(n), a second array while it runs.
    mutating func sortByUpperHalf() {
        if count < Self.fewest {
            // No two lower halves that ascend are the same, so that sorting by the whole is stable where they do.
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

extension JoinGrid.Pair {
    /// Fewer are sorted as any array.
    private static let fewest = 2048
    /// A bucket of no more is sorted by insertion: fewer than eight bits part.
    private static let leastBucket = 160
    private static let bitsAtATime = 8

    /// Sorts pairs by gap, of equal ones by places: buckets by eight bits of the gap at a time, in place.
    ///
    /// Every two pairs differ or are the same in all, so there is one result whatever the way. A million and more of them need
    /// no second array, as merging does.
    /// - Parameter longest: no gap is longer, mm.
    /// - Complexity: O(n); O(n log n) where most gaps are equal.
    static func sort(_ pairs: inout [Self], longest: Double) {
        if pairs.count < fewest { return pairs.sort() }
        let scale = longest > 0 ? 4_294_967_295 / longest : 0
        var span = pairs.mutableSpan
        sort(&span, 0..<span.count, scale: scale, shift: 32 - bitsAtATime)
    }

    private static func sort(_ pairs: inout MutableSpan<Self>, _ range: Range<Int>, scale: Double, shift: Int) {
        if range.count <= leastBucket { return insert(&pairs, range) }
        if shift < 0 { return sortEqual(&pairs, range) }
        var next = InlineArray<256, Int>(repeating: 0)
        for k in range { next[pairs[k].bucket(scale, shift)] += 1 }
        var ends = next
        var end = range.lowerBound
        for bucket in 0..<256 {
            let count = next[bucket]
            next[bucket] = end
            end += count
            ends[bucket] = end
        }
        let begins = next
        for bucket in 0..<256 {
            while next[bucket] < ends[bucket] {
                // Into its bucket, and what was there into its own, until one comes back to here.
                var pair = pairs[next[bucket]]
                var own = pair.bucket(scale, shift)
                while own != bucket {
                    let other = pairs[next[own]]
                    pairs[next[own]] = pair
                    next[own] += 1
                    pair = other
                    own = pair.bucket(scale, shift)
                }
                pairs[next[bucket]] = pair
                next[bucket] += 1
            }
        }
        for bucket in 0..<256 where ends[bucket] - begins[bucket] > 1 {
            sort(&pairs, begins[bucket]..<ends[bucket], scale: scale, shift: shift - bitsAtATime)
        }
    }

    @inline(__always)
    private func bucket(_ scale: Double, _ shift: Int) -> Int {
        (Int(min(gap * scale, 4_294_967_295)) >> shift) & 255
    }

    private static func insert(_ pairs: inout MutableSpan<Self>, _ range: Range<Int>) {
        for i in range.dropFirst() {
            let pair = pairs[i]
            var k = i
            while k > range.lowerBound, pair < pairs[k - 1] {
                pairs[k] = pairs[k - 1]
                k -= 1
            }
            pairs[k] = pair
        }
    }

    /// Many gaps that hardly differ, as on a lattice.
    private static func sortEqual(_ pairs: inout MutableSpan<Self>, _ range: Range<Int>) {
        var copy: [Self] = []
        copy.reserveCapacity(range.count)
        for k in range { copy.append(pairs[k]) }
        copy.sort()
        for k in range { pairs[k] = copy[k - range.lowerBound] }
    }
}

extension JoinGrid.Pair: Comparable {
    static func < (one: Self, other: Self) -> Bool {
        (one.gap, one.a, one.b) < (other.gap, other.a, other.b)
    }
}

/// Which of many ends have another one within some distance: bits of squares tell, for far less than a grid costs.
///
/// A square is twice as wide as the distance, so that whatever is near an end lies in its square or in the three beside the
/// quarter that it lies in. Squares share bits: some ends count as near others that are not.
enum NearEnds {
    private static let bitsPerEnd = 16

    /// - Parameter distance: mm; what coincides counts as near at any.
    /// - Returns: one an end, false only where no other end is within the distance; empty where nearly all have one.
    /// - Complexity: O(n).
    static func marked(_ ends: [Point], distance: Double) -> [Bool] {
        let scale = 1 / (2 * max(distance, 2 * JoinNodes.rounding) * (1 + 1e-6))
        var size = 1024
        while size < ends.count * bitsPerEnd { size *= 2 }
        let (mask, rowStride) = (size - 1, Int(Double(size) * 0.618_033_988_749_895) | 1)
        func bit(_ x: Int, _ y: Int) -> Int { (y &* rowStride &+ x) & mask }
        // Squares that hold an end, and beside them those that hold more.
        var words = [SIMD2<UInt64>](repeating: SIMD2(0, 0), count: size / 64)
        var squares = 0
        for end in ends {
            let own = bit(whole(end.x * scale), whole(end.y * scale))
            let flag = UInt64(1) << UInt64(own & 63)
            let word = words[own >> 6]
            if word[0] & flag == 0 { squares += 1 }
            words[own >> 6] = SIMD2(word[0] | flag, word[1] | (word[0] & flag))
        }
        if squares * 4 < ends.count * 3 { return [] }
        func has(_ bit: Int, _ k: Int) -> Bool { words[bit >> 6][k] >> UInt64(bit & 63) & 1 == 1 }
        return ends.map { end in
            let (x, y) = (end.x * scale, end.y * scale)
            let (column, row) = (whole(x), whole(y))
            let across = whole(x + 0.5) == column ? column - 1 : column + 1
            let down = whole(y + 0.5) == row ? row - 1 : row + 1
            return has(bit(column, row), 1) || has(bit(across, row), 0) || has(bit(column, down), 0)
                || has(bit(across, down), 0)
        }
    }

    @inline(__always)
    private static func whole(_ value: Double) -> Int {
        value > -1e15 ? Int(min(value, 1e15).rounded(.down)) : -1_000_000_000_000_000
    }
}

/// Ends of strokes that count as one place: the nodes of the joining graph.
///
/// Ends at exactly the same place are always one node. Places no farther than `distance` apart become one node,
/// nearest pairs first, as long as every two places of a node stay within the distance: ends are never chained to
/// others beyond it.
struct JoinNodes {
    /// Node of each end.
    private(set) var nodeOf: [Int32]
    private(set) var count = 0
    /// Pairs of ends of different nodes within the distance, nearest first; few for each place.
    private(set) var nearPairs: [(Int32, Int32)] = []

    /// Places of a node are compared pairwise up to this many pairs.
    private static let mostComparisons = 64

    /// - Complexity: O(n log n).
    init(ends: [Point], distance: Double) {
        nodeOf = []
        let (placeOf, places, someEnd) = Self.distinct(ends)
        let pairs = Self.pairs(places, distance: distance)
        var cluster = (0..<places.count).map { Int32(truncatingIfNeeded: $0) }
        var members: [[Int32]?] = Array(repeating: nil, count: places.count)
        var apart: [(Int32, Int32)] = []
        for (a, b) in pairs {
            let (x, y) = (cluster[Int(a)], cluster[Int(b)])
            if x == y { continue }
            let left = members[Int(x)] ?? [x]
            let right = members[Int(y)] ?? [y]
            guard Self.fit(left, right, places, distance) else {
                apart.append((someEnd[Int(a)], someEnd[Int(b)]))
                continue
            }
            for place in right { cluster[Int(place)] = x }
            members[Int(x)] = left + right
            members[Int(y)] = nil
        }
        var number = [Int32](repeating: -1, count: places.count)
        nodeOf = placeOf.map { place in
            let root = Int(cluster[Int(place)])
            if number[root] < 0 {
                number[root] = Int32(truncatingIfNeeded: count)
                count += 1
            }
            return number[root]
        }
        nearPairs = apart.filter { nodeOf[Int($0.0)] != nodeOf[Int($0.1)] }
    }

    private static func fit(_ a: [Int32], _ b: [Int32], _ places: [Point], _ distance: Double) -> Bool {
        if a.count * b.count > mostComparisons { return false }
        for i in a {
            for j in b where places[Int(i)].distance(to: places[Int(j)]) > distance { return false }
        }
        return true
    }

    /// Place of each end, the places, and one end at each.
    private static func distinct(_ ends: [Point]) -> (of: [Int32], places: [Point], some: [Int32]) {
        var capacity = 16
        while capacity < ends.count * 2 { capacity *= 2 }
        var table = [Int32](repeating: -1, count: capacity)
        var placeOf: [Int32] = []
        var places: [Point] = []
        var some: [Int32] = []
        placeOf.reserveCapacity(ends.count)
        for (end, point) in ends.enumerated() {
            var slot = Int(truncatingIfNeeded: hash(point)) & (capacity - 1)
            while table[slot] >= 0 && places[Int(table[slot])] != point { slot = (slot + 1) & (capacity - 1) }
            if table[slot] < 0 {
                table[slot] = Int32(truncatingIfNeeded: places.count)
                places.append(point)
                some.append(Int32(truncatingIfNeeded: end))
            }
            placeOf.append(table[slot])
        }
        return (placeOf, places, some)
    }

    private static func hash(_ p: Point) -> UInt64 {
        let x = (p.x + 0).bitPattern &* 0xBF58_476D_1CE4_E5B9
        let y = (p.y + 0).bitPattern &* 0x94D0_49BB_1331_11EB
        let z = (x ^ (x >> 32)) &+ (y ^ (y >> 29)) &* 0x9E37_79B9_7F4A_7C15
        return z ^ (z >> 31)
    }

    /// Pairs of places within the distance, nearest first, at most eight for each place.
    private static func pairs(_ places: [Point], distance: Double) -> [(Int32, Int32)] {
        let single = places.map { SIMD2<Float>(Float($0.x), Float($0.y)) }
        let tree = PointTree(places: single, names: (0..<places.count).map { Int32(truncatingIfNeeded: $0) << 1 })
        var found = NearestList(capacity: 8)
        // Coordinates are rounded to `Float` in the tree: look a little farther, then measure exactly.
        let reach = Float(distance) * 1.01 + 1e-4
        var result: [(square: Double, a: Int32, b: Int32)] = []
        for name in tree.names {
            let a = Int(name >> 1)
            found.reset(excluding: name >> 1, within: reach * reach)
            tree.search(near: single[a], into: &found)
            for j in 0..<found.count {
                let b = Int(found.ends[j] >> 1)
                let gap = places[a].distance(to: places[b])
                if gap <= distance {
                    result.append((gap, Int32(truncatingIfNeeded: min(a, b)), Int32(truncatingIfNeeded: max(a, b))))
                }
            }
        }
        result.sort { ($0.square, $0.a, $0.b) < ($1.square, $1.a, $1.b) }
        // Most pairs were found from both sides.
        return result.indices.filter { $0 == 0 || result[$0] != result[$0 - 1] }.map { (result[$0].a, result[$0].b) }
    }
}

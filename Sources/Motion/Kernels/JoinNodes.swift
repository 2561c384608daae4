/// Ends of strokes that count as one place: the nodes of the joining graph.
///
/// Ends at the same place, within rounding, are always one node, and so are places that crowd where all lie within `distance` of
/// each other. Other places no farther apart than that become one node, nearest pairs first, as long as every two
/// places of a node stay within the distance: ends are never chained to others beyond it. The two ends of a short piece never become one.
struct JoinNodes {
    /// Node of each end.
    private(set) var nodeOf: [Int32]
    private(set) var count = 0
    /// Pairs of ends of different nodes within the distance, nearest first; few for each place.
    private(set) var nearPairs: [(Int32, Int32)] = []

    /// Ends that lie in one square of this size, mm, are in one place: far less than a motor's step, and more than what the
    /// same place differs by when it is written with three or four digits in two ways.
    static let rounding = 0.0005

    /// Places of a node are compared pairwise up to this many pairs.
    static let mostComparisons = 64

    /// - Parameters: `distance` 0: what coincides only; `lengths` of the pieces that have two of the ends each, mm, or empty.
    /// - Complexity: O(n log n), O(n) where `distance` is 0.
    init(ends: [Point], distance: Double, lengths: [Double] = []) {
        let (placeOf, places, someEnd) = Self.distinct(ends)
        if !(distance > 0) {
            nodeOf = placeOf
            count = places.count
            return
        }
        nodeOf = []
        var clusters = PlaceClusters(count: places.count)
        for (piece, length) in lengths.enumerated() where length <= 2 * distance {
            clusters.keepApart(placeOf[2 * piece], placeOf[2 * piece + 1])
        }
        var apart: [(Int32, Int32)] = []
        if distance > 0 {
            let grid = JoinGrid(places, distance: distance)
            for crowd in grid.crowds {
                for place in crowd.dropFirst() { clusters.unite(crowd[0], place) }
            }
            for pair in grid.pairs() where clusters.root[Int(pair.a)] != clusters.root[Int(pair.b)] {
                if clusters.fit(pair.a, pair.b, places, distance) {
                    clusters.unite(pair.a, pair.b)
                } else {
                    apart.append((pair.a, pair.b))
                }
            }
        }
        var number = [Int32](repeating: -1, count: places.count)
        nodeOf = placeOf.map { place in
            let root = Int(clusters.root[Int(place)])
            if number[root] < 0 {
                number[root] = Int32(truncatingIfNeeded: count)
                count += 1
            }
            return number[root]
        }
        for (a, b) in apart where clusters.root[Int(a)] != clusters.root[Int(b)] {
            nearPairs.append((someEnd[Int(a)], someEnd[Int(b)]))
        }
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
        places.reserveCapacity(ends.count)
        some.reserveCapacity(ends.count)
        for (end, point) in ends.enumerated() {
            var slot = Int(truncatingIfNeeded: hash(point)) & (capacity - 1)
            while table[slot] >= 0 && whole(places[Int(table[slot])]) != whole(point) {
                slot = (slot + 1) & (capacity - 1)
            }
            if table[slot] < 0 {
                table[slot] = Int32(truncatingIfNeeded: places.count)
                places.append(point)
                some.append(Int32(truncatingIfNeeded: end))
            }
            placeOf.append(table[slot])
        }
        return (placeOf, places, some)
    }

    /// The square that a place lies in; lower left corner in squares.
    @inline(__always)
    private static func whole(_ p: Point) -> SIMD2<Double> {
        // Half a square beside where decimals lie, so that those are not on a border.
        (SIMD2(p.x, p.y) / rounding + 0.25).rounded(.down)
    }

    @inline(__always)
    private static func hash(_ point: Point) -> UInt64 {
        let p = whole(point)
        let x = (p.x + 0).bitPattern &* 0xBF58_476D_1CE4_E5B9
        let y = (p.y + 0).bitPattern &* 0x94D0_49BB_1331_11EB
        let z = (x ^ (x >> 32)) &+ (y ^ (y >> 29)) &* 0x9E37_79B9_7F4A_7C15
        return z ^ (z >> 31)
    }
}

/// Places put together: each knows its cluster, and the places of a cluster stand in a ring.
private struct PlaceClusters {
    private(set) var root: [Int32]
    private var next: [Int32]
    /// Places of each cluster, by root.
    private var sizes: [Int32]
    /// A place with which each must not be put together, −1 where there is none; empty where no place has one.
    private var other: [Int32] = []

    init(count: Int) {
        root = (0..<count).map { Int32(truncatingIfNeeded: $0) }
        next = root
        sizes = [Int32](repeating: 1, count: count)
    }

    mutating func keepApart(_ a: Int32, _ b: Int32) {
        if a == b { return }
        if other.isEmpty { other = [Int32](repeating: -1, count: root.count) }
        (other[Int(a)], other[Int(b)]) = (b, a)
    }

    /// - Complexity: the places of the smaller cluster.
    mutating func unite(_ a: Int32, _ b: Int32) {
        let isLarger = sizes[Int(root[Int(a)])] >= sizes[Int(root[Int(b)])]
        let (host, guest) = isLarger ? (root[Int(a)], root[Int(b)]) : (root[Int(b)], root[Int(a)])
        sizes[Int(host)] += sizes[Int(guest)]
        var place = guest
        repeat {
            root[Int(place)] = host
            place = next[Int(place)]
        } while place != guest
        next.swapAt(Int(host), Int(guest))
    }

    /// Whether every place of one cluster is within the distance of every place of the other, small clusters only.
    func fit(_ a: Int32, _ b: Int32, _ places: [Point], _ distance: Double) -> Bool {
        let (first, second) = (root[Int(a)], root[Int(b)])
        if Int(sizes[Int(first)]) * Int(sizes[Int(second)]) > JoinNodes.mostComparisons { return false }
        var i = first
        repeat {
            if !other.isEmpty && other[Int(i)] >= 0 && root[Int(other[Int(i)])] == second { return false }
            var j = second
            repeat {
                if places[Int(i)].distance(to: places[Int(j)]) > distance { return false }
                j = next[Int(j)]
            } while j != second
            i = next[Int(i)]
        } while i != first
        return true
    }
}

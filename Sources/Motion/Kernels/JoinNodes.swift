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

    /// - Parameters: `distance` 0: what coincides only; `lengths` of the pieces that have two of the ends each, mm, or empty;
    ///   `hasNear` one an end, false only where no other end is near or in one place with it, or empty.
    /// - Complexity: O(n log n), O(n) where `distance` is 0.
    init(ends: [Point], distance: Double, lengths: [Double] = [], hasNear: [Bool] = []) {
        // An end that no other comes near is a node of its own, without a place.
        let (placeOf, places, someEnd) = Self.distinct(ends, hasNear)
        nodeOf = []
        if !(distance > 0) {
            number(placeOf, places: places.count) { $0 }
            return
        }
        // The grid is let go of before there are clusters.
        let (crowds, pairs) = Self.near(places, distance: distance)
        var clusters = PlaceClusters(count: places.count)
        for (piece, length) in lengths.enumerated() where length <= 2 * distance {
            clusters.keepApart(placeOf[2 * piece], placeOf[2 * piece + 1])
        }
        var apart: [(Int32, Int32)] = []
        for crowd in crowds {
            for place in crowd.dropFirst() { clusters.unite(crowd[0], place) }
        }
        for pair in pairs where !clusters.isUnited(pair.a, pair.b) {
            if clusters.fit(pair.a, pair.b, places, distance) {
                clusters.unite(pair.a, pair.b)
            } else {
                apart.append((pair.a, pair.b))
            }
        }
        number(placeOf, places: places.count, clusters.root)
        for (a, b) in apart where !clusters.isUnited(a, b) {
            nearPairs.append((someEnd[Int(a)], someEnd[Int(b)]))
        }
    }

    /// Numbers nodes in the sequence of their ends.
    private mutating func number(_ placeOf: [Int32], places: Int, _ root: (Int32) -> Int32) {
        var numbers = [Int32](repeating: -1, count: places)
        nodeOf = placeOf.map { place in
            if place < 0 {
                count += 1
                return Int32(truncatingIfNeeded: count - 1)
            }
            let root = Int(root(place))
            if numbers[root] < 0 {
                numbers[root] = Int32(truncatingIfNeeded: count)
                count += 1
            }
            return numbers[root]
        }
    }

    private static func near(_ places: [Point], distance: Double) -> (crowds: [[Int32]], pairs: [JoinGrid.Pair]) {
        let grid = JoinGrid(places, distance: distance)
        return (grid.crowds, grid.pairs())
    }

    /// Place of each end, −1 where it has nothing near; the places, and one end at each.
    ///
    /// - Parameter hasNear: one an end, or empty where all count.
    private static func distinct(_ ends: [Point], _ hasNear: [Bool]) -> (of: [Int32], places: [Point], some: [Int32]) {
        let most = hasNear.isEmpty ? ends.count : hasNear.reduce(0) { $0 + ($1 ? 1 : 0) }
        var capacity = 16
        while capacity < most * 2 { capacity *= 2 }
        // Number of a place, and above it as much of its hash as there is room for: most others are told by that.
        let numbers = UInt32(truncatingIfNeeded: capacity - 1)
        var table = [UInt32](repeating: .max, count: capacity)
        var placeOf = [Int32](repeating: -1, count: ends.count)
        var places: [Point] = []
        var some: [Int32] = []
        places.reserveCapacity(most)
        some.reserveCapacity(most)
        for (end, point) in ends.enumerated() where hasNear.isEmpty || hasNear[end] {
            let hash = hash(point)
            let mark = UInt32(truncatingIfNeeded: hash >> 32) & ~numbers
            var slot = Int(truncatingIfNeeded: hash) & (capacity - 1)
            while table[slot] != .max
                && (table[slot] & ~numbers != mark || whole(places[Int(table[slot] & numbers)]) != whole(point))
            {
                slot = (slot + 1) & (capacity - 1)
            }
            if table[slot] == .max {
                table[slot] = mark | UInt32(truncatingIfNeeded: places.count)
                places.append(point)
                some.append(Int32(truncatingIfNeeded: end))
            }
            placeOf[end] = Int32(truncatingIfNeeded: table[slot] & numbers)
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
    /// What is known of a place lies together: pairs come in no order of places.
    private struct Place {
        var root: Int32
        var next: Int32
        /// Places of the cluster, at its root.
        var size: Int32 = 1
        /// A place with which this must not be put together, −1 where there is none.
        var other: Int32 = -1
    }

    private var all: [Place]

    init(count: Int) {
        all = (0..<count).map { Place(root: Int32(truncatingIfNeeded: $0), next: Int32(truncatingIfNeeded: $0)) }
    }

    func root(_ place: Int32) -> Int32 { all[Int(place)].root }

    func isUnited(_ a: Int32, _ b: Int32) -> Bool { root(a) == root(b) }

    /// Either may be −1: an end without a place.
    mutating func keepApart(_ a: Int32, _ b: Int32) {
        if a == b { return }
        if a >= 0 { all[Int(a)].other = b }
        if b >= 0 { all[Int(b)].other = a }
    }

    /// - Complexity: the places of the smaller cluster.
    mutating func unite(_ a: Int32, _ b: Int32) {
        let (first, second) = (root(a), root(b))
        let isLarger = all[Int(first)].size >= all[Int(second)].size
        let (host, guest) = isLarger ? (first, second) : (second, first)
        all[Int(host)].size += all[Int(guest)].size
        var place = guest
        repeat {
            all[Int(place)].root = host
            place = all[Int(place)].next
        } while place != guest
        (all[Int(host)].next, all[Int(guest)].next) = (all[Int(guest)].next, all[Int(host)].next)
    }

    /// Whether every place of one cluster is within the distance of every place of the other, small clusters only.
    func fit(_ a: Int32, _ b: Int32, _ places: [Point], _ distance: Double) -> Bool {
        let (first, second) = (root(a), root(b))
        // A pair of places is within the distance of each other.
        if all[Int(first)].size == 1, all[Int(second)].size == 1 { return all[Int(first)].other != second }
        if Int(all[Int(first)].size) * Int(all[Int(second)].size) > JoinNodes.mostComparisons { return false }
        var i = first
        repeat {
            let own = all[Int(i)]
            if own.other >= 0 && root(own.other) == second { return false }
            var j = second
            repeat {
                if places[Int(i)].distance(to: places[Int(j)]) > distance { return false }
                j = all[Int(j)].next
            } while j != second
            i = own.next
        } while i != first
        return true
    }
}

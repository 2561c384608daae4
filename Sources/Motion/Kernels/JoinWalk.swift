/// Small groups of strokes that lie near each other, walked through as they come: where that lifts less often than what
/// was found, it is taken.
///
/// Where a few dozen strokes lie at random in a crowd, going on from each end to the nearest one left may be lucky by a
/// lift. Of each group the better of both is drawn, so none is worse than a plain walk.
struct JoinWalk {
    /// The end that follows each end; −1 while open.
    private(set) var mate: [Int32]
    private let pieces: JoinPieces
    private let distance: Double
    /// Strokes still to be walked through.
    private var left: [Int32] = []
    private var isSeen: [Bool]

    /// Larger groups are left as they are: a walk looks at all strokes left for every step.
    static let mostStrokes = 512

    private var ends: [Point] { pieces.ends }
    private var isDot: [Bool] { pieces.isDot }

    init(pieces: JoinPieces, mate: [Int32], distance: Double) {
        self.pieces = pieces
        self.mate = mate
        self.distance = distance
        isSeen = [Bool](repeating: false, count: pieces.isDot.count)
    }

    /// - Complexity: O(n · `mostStrokes`) at worst.
    mutating func improve(nodes: JoinNodes) {
        var groups = StrokeGroups(count: isDot.count)
        var first = [Int32](repeating: -1, count: nodes.count)
        for (end, node) in nodes.nodeOf.enumerated() where !isDot[end >> 1] {
            let stroke = Int32(truncatingIfNeeded: end >> 1)
            if first[Int(node)] < 0 { first[Int(node)] = stroke } else { groups.unite(stroke, first[Int(node)]) }
        }
        // Without ends that are near but not one node there is nothing that Euler's trails miss.
        var isNear = [Bool](repeating: false, count: isDot.count)
        for (a, b) in nodes.nearPairs where !isDot[Int(a >> 1)] && !isDot[Int(b >> 1)] {
            groups.unite(a >> 1, b >> 1)
            isNear[Int(a >> 1)] = true
        }
        for (a, b) in mate.enumerated() where b >= 0 { groups.unite(Int32(truncatingIfNeeded: a >> 1), b >> 1) }
        for group in groups.members(of: isNear, atMost: Self.mostStrokes) {
            let before = trails(of: group)
            if before > 1 { walk(through: group, lessThan: before) }
        }
    }

    /// Trails of a group as it is linked.
    private mutating func trails(of group: [Int32]) -> Int {
        var count = 0
        for stroke in group where !isSeen[Int(stroke)] {
            isSeen[Int(stroke)] = true
            count += 1
            for exit in [2 * stroke, 2 * stroke + 1] {
                var next = mate[Int(exit)]
                while next >= 0 && !isSeen[Int(next >> 1)] {
                    isSeen[Int(next >> 1)] = true
                    next = mate[Int(next ^ 1)]
                }
            }
        }
        return count
    }

    /// Walks through a group, and keeps the links if they leave fewer trails.
    private mutating func walk(through group: [Int32], lessThan most: Int) {
        var links: [(Int32, Int32)] = []
        var count = 0
        left = group.reversed()
        while let stroke = left.popLast() {
            count += 1
            if count >= most { return }
            for first in [2 * stroke + 1, 2 * stroke] {
                var end = first
                while let next = takeNearest(to: end) {
                    links.append((end, next))
                    end = next ^ 1
                }
            }
        }
        for stroke in group {
            mate[Int(stroke) * 2] = -1
            mate[Int(stroke) * 2 + 1] = -1
        }
        for (a, b) in links { (mate[Int(a)], mate[Int(b)]) = (b, a) }
    }

    /// The end nearest to an end of those left, within the distance; its stroke is not left any more.
    private mutating func takeNearest(to from: Int32) -> Int32? {
        let place = ends[Int(from)]
        var least = distance * distance * (1 + 1e-9)
        var (best, index) = (Int32(-1), 0)
        for k in left.indices.reversed() {
            for end in [left[k] * 2, left[k] * 2 + 1] {
                let off = ends[Int(end)] - place
                let squared = off.x * off.x + off.y * off.y
                if squared < least || (squared == least && best < 0), pieces.mayLink(from, end) {
                    (least, best, index) = (squared, end, k)
                }
            }
        }
        guard best >= 0, ends[Int(best)].distance(to: place) <= distance else { return nil }
        left.remove(at: index)
        return best
    }
}

/// Strokes put together (union-find).
private struct StrokeGroups {
    private var parent: [Int32]

    init(count: Int) { parent = (0..<count).map { Int32(truncatingIfNeeded: $0) } }

    mutating func unite(_ a: Int32, _ b: Int32) {
        let (x, y) = (root(a), root(b))
        // The lower number is the root: groups come in order of their first stroke.
        parent[Int(max(x, y))] = min(x, y)
    }

    private mutating func root(_ stroke: Int32) -> Int32 {
        var k = stroke
        while parent[Int(k)] != k {
            parent[Int(k)] = parent[Int(parent[Int(k)])]
            k = parent[Int(k)]
        }
        return k
    }

    /// Groups of two to `most` strokes in which any is marked, strokes in order.
    mutating func members(of marked: [Bool], atMost most: Int) -> [[Int32]] {
        var sizes = [Int32](repeating: 0, count: parent.count)
        var isWanted = [Bool](repeating: false, count: parent.count)
        for stroke in parent.indices {
            let root = Int(root(Int32(truncatingIfNeeded: stroke)))
            sizes[root] += 1
            if marked[stroke] { isWanted[root] = true }
        }
        var number = [Int32](repeating: -1, count: parent.count)
        var result: [[Int32]] = []
        for stroke in parent.indices {
            let root = Int(root(Int32(truncatingIfNeeded: stroke)))
            guard isWanted[root], sizes[root] > 1, sizes[root] <= most else { continue }
            if number[root] < 0 {
                number[root] = Int32(truncatingIfNeeded: result.count)
                result.append([])
            }
            result[Int(number[root])].append(Int32(truncatingIfNeeded: stroke))
        }
        return result
    }
}

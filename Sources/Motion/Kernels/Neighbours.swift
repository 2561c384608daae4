/// For every end of a stroke the nearest other strokes, each by its nearer end.
///
/// Lists are by stroke, not by end: a closed loop has both ends in one place and would fill half of a list by itself.
struct Neighbours: Sendable {
    /// Ends a list holds; shorter lists end in −1.
    let breadth: Int
    /// `breadth` ends for each end, nearest first.
    private(set) var ends: [Int32]

    /// - Parameters: `places` two ends a stroke; `isWanted` ends that get a list and may stand in one, nil = all.
    /// - Complexity: O(n log n); cut into pieces of fixed size for `execution`.
    init(places: [SIMD2<Float>], breadth: Int, execution: PlanExecution) {
        self.breadth = breadth
        ends = []
        var kept: [Int32] = []
        kept.reserveCapacity(places.count)
        for end in 0..<places.count where end & 1 == 0 || places[end] != places[end ^ 1] {
            kept.append(Int32(truncatingIfNeeded: end))
        }
        let tree = PointTree(places: kept.map { places[Int($0)] }, names: kept)
        let size = 1 << 14
        let count = tree.names.count
        let parts = execution.map((count + size - 1) / size) { part in
            Self.lists(of: tree, part * size..<min(count, (part + 1) * size), breadth: breadth)
        }
        ends = [Int32](repeating: -1, count: places.count * breadth)
        for (part, lists) in parts.enumerated() {
            for k in 0..<lists.count / breadth {
                let end = Int(tree.names[part * size + k])
                for j in 0..<breadth { ends[end * breadth + j] = lists[k * breadth + j] }
                guard places[end] == places[end ^ 1] else { continue }
                for j in 0..<breadth { ends[(end ^ 1) * breadth + j] = lists[k * breadth + j] }
            }
        }
    }

    init(breadth: Int, ends: [Int32]) {
        self.breadth = breadth
        self.ends = ends
    }

    private static func lists(of tree: PointTree, _ range: Range<Int>, breadth: Int) -> [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(range.count * breadth)
        var found = NearestList(capacity: breadth)
        for k in range {
            found.reset(excluding: tree.names[k] >> 1)
            tree.search(near: tree.places[k], into: &found)
            for j in 0..<breadth { result.append(j < found.count ? found.ends[j] : -1) }
        }
        return result
    }
}

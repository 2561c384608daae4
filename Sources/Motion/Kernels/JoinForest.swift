/// Nodes that lie within the joining distance of each other without being one: links that even out odd nodes.
///
/// Along a forest that spans near nodes each node with an odd number of open ends, from the leaves on, takes one link
/// towards its root, which flips the next node's count. So at most one node of each tree stays odd, unless the only
/// near ends are taken already. An even node is not passed where a piece leads to it: the pen would go along it twice.
struct JoinForest {
    private let nodes: JoinNodes
    private let grouped: [Int32]
    private let firsts: [Int32]
    private let pieces: JoinPieces
    /// Open ends by node.
    private var open: [Int32]
    private var isTaken: [Bool]
    /// Near nodes of each node: `near[nearFirsts[k] ..< nearFirsts[k + 1]]`.
    private var near: [Int32] = []
    private var nearFirsts: [Int32] = []
    /// The end at the other side of a chain of linked strokes.
    private var far: [Int32]

    init(nodes: JoinNodes, grouped: [Int32], firsts: [Int32], pieces: JoinPieces) {
        self.nodes = nodes
        self.grouped = grouped
        self.firsts = firsts
        self.pieces = pieces
        open = (0..<nodes.count).map { firsts[$0 + 1] - firsts[$0] }
        isTaken = [Bool](repeating: false, count: pieces.ends.count)
        far = (0..<pieces.ends.count).map { Int32(truncatingIfNeeded: $0 ^ 1) }
        nearFirsts = [Int32](repeating: 0, count: nodes.count + 1)
        for (a, b) in nodes.nearPairs {
            nearFirsts[Int(nodes.nodeOf[Int(a)]) + 1] += 1
            nearFirsts[Int(nodes.nodeOf[Int(b)]) + 1] += 1
        }
        for k in 0..<nodes.count { nearFirsts[k + 1] += nearFirsts[k] }
        near = [Int32](repeating: 0, count: nodes.nearPairs.count * 2)
        // The first of a node counts up to that of the next while it is filled.
        for (a, b) in nodes.nearPairs {
            let (x, y) = (nodes.nodeOf[Int(a)], nodes.nodeOf[Int(b)])
            near[Int(nearFirsts[Int(x)])] = y
            nearFirsts[Int(x)] += 1
            near[Int(nearFirsts[Int(y)])] = x
            nearFirsts[Int(y)] += 1
        }
        for k in (0..<nodes.count).reversed() { nearFirsts[k + 1] = nearFirsts[k] }
        nearFirsts[0] = 0
    }

    /// Pairs of ends to link, each no farther apart than `distance`.
    mutating func links(within distance: Double) -> [(Int32, Int32)] {
        let (sequence, rank) = breadthFirst()
        var result: [(Int32, Int32)] = []
        for node in sequence.reversed() where open[Int(node)] & 1 == 1 {
            // Odd nodes first: that evens out two at once.
            guard
                let link = link(of: node, rank, distance, wantsOdd: true)
                    ?? link(of: node, rank, distance, wantsOdd: false)
            else { continue }
            take(link)
            result.append(link)
        }
        return result
    }

    /// Nodes with near ones, each tree from its root on, and the place of each in that sequence.
    private func breadthFirst() -> (sequence: [Int32], rank: [Int32]) {
        var rank = [Int32](repeating: -1, count: nodes.count)
        var sequence: [Int32] = []
        var head = 0
        for root in 0..<nodes.count where rank[root] < 0 && nearFirsts[root + 1] > nearFirsts[root] {
            rank[root] = Int32(truncatingIfNeeded: sequence.count)
            sequence.append(Int32(truncatingIfNeeded: root))
            while head < sequence.count {
                let node = Int(sequence[head])
                head += 1
                for k in Int(nearFirsts[node])..<Int(nearFirsts[node + 1]) where rank[Int(near[k])] < 0 {
                    rank[Int(near[k])] = Int32(truncatingIfNeeded: sequence.count)
                    sequence.append(near[k])
                }
            }
        }
        return (sequence, rank)
    }

    /// The shortest link from this node to one nearer the root.
    private func link(of node: Int32, _ rank: [Int32], _ distance: Double, wantsOdd: Bool) -> (Int32, Int32)? {
        var best: (Int32, Int32)?
        var least = distance.nextUp
        let own = openEnds(node)
        for k in Int(nearFirsts[Int(node)])..<Int(nearFirsts[Int(node) + 1]) {
            let other = near[k]
            guard rank[Int(other)] < rank[Int(node)], open[Int(other)] > 0, !wantsOdd || open[Int(other)] & 1 == 1,
                wantsOdd || !isConnected(node, other)
            else { continue }
            let others = openEnds(other)
            for i in 0..<own.count {
                let a = own.ends[i]
                for j in 0..<others.count {
                    let b = others.ends[j]
                    guard far[Int(a)] != b, pieces.mayLink(a, b) else { continue }
                    let gap = pieces.ends[Int(a)].distance(to: pieces.ends[Int(b)])
                    if gap < least { (best, least) = ((a, b), gap) }
                }
            }
        }
        return best
    }

    /// Whether a piece leads from one node to the other, among the first sixteen.
    private func isConnected(_ node: Int32, _ other: Int32) -> Bool {
        grouped[Int(firsts[Int(node)])..<Int(firsts[Int(node) + 1])].prefix(16).contains {
            nodes.nodeOf[Int($0 ^ 1)] == other
        }
    }

    /// Open ends of a node, the first sixteen.
    private func openEnds(_ node: Int32) -> (ends: InlineArray<16, Int32>, count: Int) {
        var result = InlineArray<16, Int32>(repeating: -1)
        var count = 0
        for k in Int(firsts[Int(node)])..<Int(firsts[Int(node) + 1]) where count < 16 {
            let end = grouped[k]
            if isTaken[Int(end)] { continue }
            result[count] = end
            count += 1
        }
        return (result, count)
    }

    private mutating func take(_ link: (Int32, Int32)) {
        for end in [link.0, link.1] {
            isTaken[Int(end)] = true
            open[Int(nodes.nodeOf[Int(end)])] -= 1
        }
        let (a, b) = (far[Int(link.0)], far[Int(link.1)])
        far[Int(a)] = b
        far[Int(b)] = a
    }
}

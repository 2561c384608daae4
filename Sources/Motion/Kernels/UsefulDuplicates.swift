/// Which of the strokes that repeat another are worth drawing again, because a lift is dearer than going along them.
///
/// Where a stroke is drawn twice, an odd number of strokes may meet at fewer places: of what is repeated the choice is made
/// that leaves the least sum of strokes drawn again and of lifts, half a one for every odd place. On the trees that repeated
/// strokes make that is exact (from the leaves on, for each place the least cost with and without the stroke to its parent);
/// of rings of them one stroke each is left out.
struct UsefulDuplicates {
    private struct Edge {
        var stroke: Int32
        var child: Int32
        /// s, drawn again.
        var price: Double
    }

    /// By place: whether strokes that are drawn once leave it odd.
    private var isOdd: [Bool]
    /// By place: the edge to its parent, −1 at a root.
    private var edgeOf: [Int32]
    private var parent: [Int32]
    private var edges: [Edge] = []
    /// Places that repeated strokes meet at, each tree from its root on.
    private var sequence: [Int32] = []
    /// Half of what a lift costs, s.
    private let half: Double

    /// - Parameters: `kept` strokes drawn once, `repeats` those that repeat one of them; `lift` what a lift costs, s; `price`
    ///   what a stroke costs that is drawn again, s.
    init(kept: [Int32], repeats: [Int32], of lines: Polylines, lift: Double, price: (Int32) -> Double) {
        half = lift / 2
        let all = kept + repeats
        var ends: [Point] = []
        ends.reserveCapacity(all.count * 2)
        for stroke in all {
            let range = lines.range(Int(stroke))
            ends.append(lines.points[range.lowerBound])
            ends.append(lines.points[range.upperBound - 1])
        }
        let nodes = JoinNodes(ends: ends, distance: 0)
        isOdd = [Bool](repeating: false, count: nodes.count)
        for k in 0..<2 * kept.count { isOdd[Int(nodes.nodeOf[k])].toggle() }
        edgeOf = [Int32](repeating: -1, count: nodes.count)
        parent = edgeOf
        span(repeats, nodes: nodes, first: kept.count, price: price)
    }

    /// Trees of repeated strokes, breadth first.
    private mutating func span(_ repeats: [Int32], nodes: JoinNodes, first: Int, price: (Int32) -> Double) {
        func ends(_ k: Int) -> (Int32, Int32) { (nodes.nodeOf[2 * (first + k)], nodes.nodeOf[2 * (first + k) + 1]) }
        var firsts = [Int32](repeating: 0, count: nodes.count + 1)
        for k in repeats.indices {
            firsts[Int(ends(k).0) + 1] += 1
            firsts[Int(ends(k).1) + 1] += 1
        }
        for k in 0..<nodes.count { firsts[k + 1] += firsts[k] }
        var next = firsts
        var near = [Int32](repeating: 0, count: 2 * repeats.count)
        for k in repeats.indices {
            for node in [ends(k).0, ends(k).1] {
                near[Int(next[Int(node)])] = Int32(truncatingIfNeeded: k)
                next[Int(node)] += 1
            }
        }
        var isSeen = [Bool](repeating: false, count: nodes.count)
        var head = 0
        for k in repeats.indices where !isSeen[Int(ends(k).0)] {
            isSeen[Int(ends(k).0)] = true
            sequence.append(ends(k).0)
            while head < sequence.count {
                let node = sequence[head]
                head += 1
                for i in firsts[Int(node)]..<firsts[Int(node) + 1] {
                    let k = Int(near[Int(i)])
                    let other = ends(k).0 == node ? ends(k).1 : ends(k).0
                    if isSeen[Int(other)] { continue }
                    isSeen[Int(other)] = true
                    parent[Int(other)] = node
                    edgeOf[Int(other)] = Int32(truncatingIfNeeded: edges.count)
                    edges.append(Edge(stroke: repeats[k], child: other, price: price(repeats[k])))
                    sequence.append(other)
                }
            }
        }
    }

    /// The strokes to draw again, in no order.
    ///
    /// - Complexity: O(n).
    func chosen() -> [Int32] {
        // By place: the least cost of what hangs below with an even and with an odd number of its strokes drawn again.
        var even = [Double](repeating: 0, count: isOdd.count)
        var odd = [Double](repeating: .infinity, count: isOdd.count)
        func best(_ node: Int, _ used: Bool) -> (cost: Double, isOddBelow: Bool) {
            let (left, right) = (
                even[node] + (isOdd[node] != used ? half : 0), odd[node] + (isOdd[node] == used ? half : 0)
            )
            return left <= right ? (left, false) : (right, true)
        }
        for node in sequence.reversed() where parent[Int(node)] >= 0 {
            let (above, price) = (Int(parent[Int(node)]), edges[Int(edgeOf[Int(node)])].price)
            let (without, with) = (best(Int(node), false).cost, best(Int(node), true).cost + price)
            (even[above], odd[above]) = (
                min(even[above] + without, odd[above] + with), min(odd[above] + without, even[above] + with)
            )
        }
        return taken(even, odd, best)
    }

    /// From the roots down: each place's strokes are gone through anew to find which of them its best sum has.
    private func taken(
        _ even: [Double], _ odd: [Double], _ best: (Int, Bool) -> (cost: Double, isOddBelow: Bool)
    ) -> [Int32] {
        var children: [[Int32]] = Array(repeating: [], count: isOdd.count)
        for node in sequence where parent[Int(node)] >= 0 { children[Int(parent[Int(node)])].append(node) }
        var isUsed = [Bool](repeating: false, count: isOdd.count)
        var result: [Int32] = []
        for node in sequence {
            let own = children[Int(node)]
            // Those that gain by being drawn again; one more or one less to get the number right, the cheapest.
            var change = Double.infinity
            var (cheapest, count) = (Int32(-1), 0)
            for child in own {
                let gain =
                    best(Int(child), false).cost - best(Int(child), true).cost - edges[Int(edgeOf[Int(child)])].price
                isUsed[Int(child)] = gain > 0
                if gain > 0 { count += 1 }
                if gain.magnitude < change { (change, cheapest) = (gain.magnitude, child) }
            }
            let wantsOdd = best(Int(node), isUsed[Int(node)]).isOddBelow
            if (count % 2 == 1) != wantsOdd, cheapest >= 0 { isUsed[Int(cheapest)].toggle() }
            for child in own where isUsed[Int(child)] { result.append(edges[Int(edgeOf[Int(child)])].stroke) }
        }
        return result
    }
}

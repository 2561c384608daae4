/// Strokes drawn one after the other without lifting the pen.
package struct Trails: Equatable {
    /// Stroke · 2, + 1 where it is drawn backwards.
    var items: [Int32] = []
    /// Offsets into `items`; one more than there are trails.
    var starts: [Int] = [0]
    /// Trails whose last stroke leads back to the first.
    var isClosed: [Bool] = []
    /// Gaps between different places that are drawn across.
    package var links = 0

    package var count: Int { starts.count - 1 }
}

/// Joins strokes into the fewest trails: first where ends coincide, then across gaps, from small to large ones.
///
/// Where ends coincide that is for each connected component max(1, odd nodes / 2), Euler's bound: at each node ends are
/// paired so that the pen goes on as straight as possible, an odd node leaves one end open, and trails that close on
/// themselves are spliced into others that pass the same node. What is joined so far is one piece from then on, and only
/// the ends of pieces are linked across gaps: again at nodes, then where ends left open lie within the distance of each
/// other, and links give way where that saves a lift (`JoinGaps`); a small group that a plain walk lifts less often in is
/// drawn as the walk goes (`JoinWalk`).
///
/// No link is longer than `distance`, or than either of the pieces that it joins: else a row of short strokes would be
/// linked past its own strokes, and a row of specks drawn as a line.
///
/// - Parameters: `lines` with `members` the strokes to join; a dot is left alone; `distance` in mm, 0 joins what coincides.
/// - Returns: trails in order of their first stroke, that stroke forwards.
/// - Complexity: O(n log n).
package func joined(_ members: [Int32], of lines: Polylines, distance: Double) -> Trails {
    if distance > 0, members.count > StrokeStrips.fewest, let near = StrokeStrips.sorted(members, of: lines) {
        return joinedInSequence(near, of: lines, distance: distance).inOrderOfFirstStrokes()
    }
    return joinedInSequence(members, of: lines, distance: distance)
}

private func joinedInSequence(_ members: [Int32], of lines: Polylines, distance: Double) -> Trails {
    let strokes = JoinPieces(members, of: lines, distance: distance)
    let near = distance > 0 ? NearEnds(strokes.ends, isDot: strokes.isDot, within: distance) : NearEnds()
    var exact = JoinPairing(strokes, distance: 0, hasNear: near.marked(within: 0))
    exact.pairAtNodes()
    exact.spliceCycles()
    var trails = exact.trails().all
    exact.forgetNodes()
    if distance > 0 {
        trails = JoinRounds(trails, of: strokes, near: near).linked(distance: distance)
        // Links within pieces, too, give way where that saves a lift.
        var gaps = JoinGaps(pieces: strokes, mate: trails.mates(of: strokes), distance: distance)
        gaps.makeRoom()
        exact.take(gaps.mate)
        trails = exact.trails().all
    }
    for k in trails.items.indices {
        trails.items[k] = members[Int(trails.items[k] >> 1)] << 1 | (trails.items[k] & 1)
    }
    return trails
}

/// Which end of a piece is followed by which; ends are numbered by piece · 2, + 1 for the last point.
struct JoinPairing {
    let pieces: JoinPieces
    private let distance: Double
    private var nodes: JoinNodes
    /// The end that follows each end; −1 while open.
    private var mate: [Int32]
    /// Ends by node, without those of dots: `ends of node k = grouped[firsts[k] ..< firsts[k + 1]]`.
    private var grouped: [Int32] = []
    private var firsts: [Int32] = []

    private var ends: [Point] { pieces.ends }

    /// - Parameter hasNear: one an end, false only where no other end is near; empty where nothing is known.
    init(_ pieces: JoinPieces, distance: Double, hasNear: [Bool]) {
        self.pieces = pieces
        self.distance = distance
        mate = [Int32](repeating: -1, count: pieces.ends.count)
        nodes = JoinNodes(ends: pieces.ends, distance: distance, lengths: pieces.lengths, hasNear: hasNear)
        firsts = [Int32](repeating: 0, count: nodes.count + 1)
        for (end, node) in nodes.nodeOf.enumerated() where !pieces.isDot[end >> 1] { firsts[Int(node) + 1] += 1 }
        for k in 0..<nodes.count { firsts[k + 1] += firsts[k] }
        grouped = [Int32](repeating: 0, count: Int(firsts[nodes.count]))
        // The first of a node counts up to that of the next while it is filled.
        for (end, node) in nodes.nodeOf.enumerated() where !pieces.isDot[end >> 1] {
            grouped[Int(firsts[Int(node)])] = Int32(truncatingIfNeeded: end)
            firsts[Int(node)] += 1
        }
        for k in (0..<nodes.count).reversed() { firsts[k + 1] = firsts[k] }
        firsts[0] = 0
    }

    private mutating func pair(_ a: Int32, _ b: Int32) {
        mate[Int(a)] = b
        mate[Int(b)] = a
    }

    private func gap(_ a: Int32, _ b: Int32) -> Double { ends[Int(a)].distance(to: ends[Int(b)]) }

    /// How little two ends suit each other: 0 straight on without a gap, 2 back, more across a gap.
    private func strain(_ a: Int32, _ b: Int32) -> Double {
        let (u, v) = (pieces.direction(a), pieces.direction(b))
        let gapShare = distance > 0 ? gap(a, b) / distance : 0
        return 1 + u.x * v.x + u.y * v.y + gapShare + (a ^ b == 1 ? 4 : 0)
    }

    /// First the links between nodes that even out odd ones, then within each node.
    mutating func pairAtNodes() {
        linkOddNodes()
        var open: [Int32] = []
        for node in 0..<nodes.count {
            open.removeAll(keepingCapacity: true)
            for k in Int(firsts[node])..<Int(firsts[node + 1]) {
                let end = grouped[k]
                if mate[Int(end)] < 0 { open.append(end) }
            }
            pairStraightest(open)
        }
    }

    /// Pairs as straight as it goes; in nodes of very many ends as they come.
    private mutating func pairStraightest(_ open: [Int32]) {
        if open.count < 2 { return }
        if open.count == 2 {
            // The most usual node by far: there is no choice.
            if pieces.mayLink(open[0], open[1]) { pair(open[0], open[1]) }
            return
        }
        if open.count > 16 {
            for k in stride(from: 0, to: open.count - 1, by: 2) where pieces.mayLink(open[k], open[k + 1]) {
                pair(open[k], open[k + 1])
            }
            return
        }
        var choices: [(strain: Double, a: Int32, b: Int32)] = []
        for i in open.indices {
            for j in open.indices.dropFirst(i + 1) where pieces.mayLink(open[i], open[j]) {
                choices.append((strain(open[i], open[j]), open[i], open[j]))
            }
        }
        choices.sort { ($0.strain, $0.a, $0.b) < ($1.strain, $1.a, $1.b) }
        for (_, a, b) in choices where mate[Int(a)] < 0 && mate[Int(b)] < 0 { pair(a, b) }
    }

    /// Links ends of different nodes where that leaves fewer odd nodes: along a forest of near nodes, from its leaves
    /// on, a node with an odd number of open ends takes a link to a node that comes later.
    private mutating func linkOddNodes() {
        if nodes.nearPairs.isEmpty { return }
        var forest = JoinForest(nodes: nodes, grouped: grouped, firsts: firsts, pieces: pieces)
        for (a, b) in forest.links(within: distance) { pair(a, b) }
    }

    /// Splices each closed trail into another trail that passes one of its nodes, until none is left that could be.
    mutating func spliceCycles() {
        var sets = TrailSets(mate: mate)
        for node in 0..<nodes.count {
            let range = Int(firsts[node])..<Int(firsts[node + 1])
            guard range.count > 2 else { continue }
            // The trail that others are spliced into: an open one if there is any.
            var host: Int32 = -1
            for k in range where isWithinNode(grouped[k], node) {
                if host < 0 || (sets.isCycle(host) && !sets.isCycle(grouped[k])) { host = grouped[k] }
            }
            if host < 0 { continue }
            for k in range {
                let end = grouped[k]
                let other = mate[Int(end)]
                guard other >= 0, isWithinNode(end, node), sets.isCycle(end) else { continue }
                if sets.isUnited(end, with: host) || !maySplice(end, other, into: host) { continue }
                _ = sets.unite(end, with: host)
                splice(end, other, into: host)
            }
        }
    }

    /// Whether this end is open or paired with an end of the same node.
    private func isWithinNode(_ end: Int32, _ node: Int) -> Bool {
        let other = mate[Int(end)]
        return other < 0 || Int(nodes.nodeOf[Int(other)]) == node
    }

    private func maySplice(_ a: Int32, _ b: Int32, into host: Int32) -> Bool {
        let next = mate[Int(host)]
        return pieces.mayLink(host, a) && pieces.mayLink(host, b)
            && (next < 0 || (pieces.mayLink(next, a) && pieces.mayLink(next, b)))
    }

    /// Opens the closed trail at a–b and leads the host through it.
    private mutating func splice(_ a: Int32, _ b: Int32, into host: Int32) {
        let next = mate[Int(host)]
        if next < 0 {
            let (near, far) = strain(a, host) <= strain(b, host) ? (a, b) : (b, a)
            pair(host, near)
            mate[Int(far)] = -1
        } else if strain(host, a) + strain(next, b) <= strain(host, b) + strain(next, a) {
            pair(host, a)
            pair(next, b)
        } else {
            pair(host, b)
            pair(next, a)
        }
    }

    mutating func take(_ mate: [Int32]) { self.mate = mate }

    /// Lets go of what only pairing needs, and of the pairs, which the trails hold as well.
    mutating func forgetNodes() {
        nodes = JoinNodes(ends: [], distance: 0)
        (mate, grouped, firsts) = ([], [], [])
    }

    /// Last, what nodes and the forest between them left open.
    mutating func linkAcrossGaps() {
        if !(distance > 0) { return }
        var gaps = JoinGaps(pieces: pieces, nodes: nodes, mate: mate, distance: distance)
        gaps.close()
        mate = gaps.mate
    }

    /// A plain walk is taken where it is luckier.
    mutating func walkThroughSmallGroups() {
        if nodes.nearPairs.isEmpty { return }
        var walk = JoinWalk(pieces: pieces, mate: mate, distance: distance)
        walk.improve(nodes: nodes)
        mate = walk.mate
    }

    /// Follows the pairs: trails by their lowest pieces, each of which is drawn forwards.
    func trails() -> (all: Trails, lowest: [Int32]) {
        var result = Trails()
        var lowest: [Int32] = []
        var isDone = [Bool](repeating: false, count: pieces.isDot.count)
        for stroke in pieces.isDot.indices where !isDone[stroke] {
            // Back to the beginning of the trail, or round to the same stroke.
            var entry = Int32(truncatingIfNeeded: stroke) * 2
            var before = mate[Int(entry)]
            while before >= 0 && before >> 1 != Int32(truncatingIfNeeded: stroke) {
                entry = before ^ 1
                before = mate[Int(entry)]
            }
            let isClosed = before >= 0
            if isClosed { entry = Int32(truncatingIfNeeded: stroke) * 2 }
            let first = entry
            repeat {
                isDone[Int(entry >> 1)] = true
                result.items.append(entry)
                let next = mate[Int(entry ^ 1)]
                if next < 0 { break }
                if next != first && gap(next, entry ^ 1) > 2 * JoinNodes.rounding { result.links += 1 }
                entry = next
            } while entry != first
            result.starts.append(result.items.count)
            result.isClosed.append(isClosed)
            lowest.append(Int32(truncatingIfNeeded: stroke))
        }
        return (result, lowest)
    }
}

/// Which ends belong to one trail, and whether that trail is closed (union-find).
private struct TrailSets {
    private var parent: [Int32]
    private var closed: [Bool]

    init(mate: [Int32]) {
        parent = (0..<mate.count / 2).map { Int32(truncatingIfNeeded: $0) }
        closed = [Bool](repeating: true, count: mate.count / 2)
        for end in mate.indices where mate[end] >= 0 {
            let (a, b) = (root(Int32(truncatingIfNeeded: end >> 1)), root(mate[end] >> 1))
            if a != b { parent[Int(a)] = b }
        }
        for end in mate.indices where mate[end] < 0 { closed[Int(root(Int32(truncatingIfNeeded: end >> 1)))] = false }
    }

    mutating func isCycle(_ end: Int32) -> Bool { closed[Int(root(end >> 1))] }

    mutating func isUnited(_ end: Int32, with host: Int32) -> Bool { root(end >> 1) == root(host >> 1) }

    /// False when both belong together already.
    mutating func unite(_ end: Int32, with host: Int32) -> Bool {
        let (a, b) = (root(end >> 1), root(host >> 1))
        if a == b { return false }
        parent[Int(a)] = b
        return true
    }

    private mutating func root(_ stroke: Int32) -> Int32 {
        var k = stroke
        while parent[Int(k)] != k {
            parent[Int(k)] = parent[Int(parent[Int(k)])]
            k = parent[Int(k)]
        }
        return k
    }
}

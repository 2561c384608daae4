/// Opaque areas, indexed so that what hides a place is found near it: a quadtree that is filled from the top area down.
///
/// A leaf holds the edges of areas near it and how often each of these areas winds round its middle; whichever area is the
/// highest to cover a node wholly closes it for all that lie below. So neither areas in great numbers nor one on top of
/// the other cost more than what is seen of them.
struct CoverTree {
    /// One edge, on the grid, in grid units.
    struct Edge {
        var a: Point
        var b: Point
    }

    /// Edges of one area in one leaf.
    struct Entry {
        var area: Int32
        /// Of the area round the middle of the leaf.
        var winding: Int32
        /// Among `members`.
        var edges: Range<Int32>
        /// The next lower area; −1 = none.
        var next: Int32 = -1
    }

    struct Node {
        /// The first of four; −1 = a leaf.
        var child: Int32 = -1
        /// The highest area that covers all of it; −1 = none.
        var cover: Int32 = -1
        /// Entries from the highest area down; −1 = none.
        var first: Int32 = -1
        var last: Int32 = -1
        var count: Int32 = 0
    }

    /// A square in grid units.
    struct Square {
        var middle: Point
        var half: Double

        /// Of four, by bits: 1 = right, 2 = lower.
        func quarter(_ k: Int) -> Square {
            let h = half / 2
            return Square(
                middle: Point(middle.x + (k & 1 == 0 ? -h : h), middle.y + (k & 2 == 0 ? -h : h)), half: h)
        }
    }

    private(set) var nodes: [Node] = [Node()]
    private(set) var entries: [Entry] = []
    private(set) var members: [Int32] = []
    private(set) var edges: [Edge] = []
    /// Edges on their way down the tree, those of each level behind those of the one above.
    private var pending: [Int32] = []
    /// By area: its fill rule, and whether its own outline is drawn.
    private(set) var isEvenOdd: [Bool] = []
    private(set) var isOutlined: [Bool] = []
    let root: Square
    /// Comparisons so far.
    var steps = 0

    /// Grid lines a millimetre; a power of two, so that coordinates on the grid are exact.
    static let grid = 16_384.0
    /// How far beside a line it is asked whether it is hidden, in grid units: 0.01 mm.
    static let aside = 163.0
    private static let fewEdges = 16
    /// The smallest leaf's half side in grid units: 0.06 mm.
    private static let smallest = 1024.0
    private static let mostMembers = 24_000_000

    /// - Complexity: O(n log n) for areas whose edges do not crowd.
    init(_ painted: PaintedAreas, hides: (Int) -> Bool, check: (Int) throws(PlanError) -> Void) throws(PlanError) {
        var box = Box()
        for p in painted.rings.points { box.include(p) }
        let far = max(box.maxX - box.minX, box.maxY - box.minY, 1) * Self.grid + 4 * Self.aside
        var half = Self.smallest
        while half < far / 2 { half *= 2 }
        let middle = box.isEmpty ? Point(0, 0) : (box.minimum + box.maximum) * 0.5
        root = Square(middle: Self.between(middle), half: half)
        isEvenOdd = painted.areas.map(\.isEvenOdd)
        isOutlined = painted.areas.map(\.isOutlined)
        for area in painted.areas.indices.reversed() where hides(area) {
            try check(steps)
            add(area, painted.outlines(of: area))
        }
    }

    /// The middle of the grid square round a place: no corner of an area lies level with or straight above it.
    static func between(_ p: Point) -> Point {
        Point((p.x * grid).rounded(.down) + 0.5, (p.y * grid).rounded(.down) + 0.5)
    }

    private mutating func add(_ area: Int, _ outlines: [ArraySlice<Point>]) {
        let first = Int32(edges.count)
        var box = Box()
        for outline in outlines {
            let corners = outline.map { Point(($0.x * Self.grid).rounded(), ($0.y * Self.grid).rounded()) }
            for k in corners.indices {
                let edge = Edge(a: corners[k], b: corners[k + 1 < corners.count ? k + 1 : 0])
                if edge.a != edge.b { edges.append(edge) }
                box.include(edge.a)
            }
        }
        let outside = Point(root.middle.x - 4 * root.half, root.middle.y)
        var winding = 0
        pending.removeAll(keepingCapacity: true)
        for edge in first..<Int32(edges.count) {
            pending.append(edge)
            winding += Self.change(from: outside, to: root.middle, edges[Int(edge)])
        }
        insert(
            Int32(area), 0..<pending.count, winding: winding, node: 0, root, box.expanded(by: Self.aside * 2))
    }

    // MARK: windings

    /// 1 left of an edge, −1 right of it; on it, as if a hair further right.
    private static func side(_ e: Edge, _ p: Point) -> Int {
        let cross = (e.b.x - e.a.x) * (p.y - e.a.y) - (e.b.y - e.a.y) * (p.x - e.a.x)
        if cross != 0 { return cross > 0 ? 1 : -1 }
        return e.b.y < e.a.y ? 1 : -1
    }

    /// How the winding number changes along a level or upright way that no corner touches.
    static func change(from p: Point, to q: Point, _ e: Edge) -> Int {
        let isLevel = p.y == q.y
        let straddles = isLevel ? (e.a.y > p.y) != (e.b.y > p.y) : (e.a.x > p.x) != (e.b.x > p.x)
        guard straddles else { return 0 }
        return (side(e, q) - side(e, p)) / 2
    }

    func isInside(_ winding: Int, area: Int32) -> Bool { isEvenOdd[Int(area)] ? winding & 1 != 0 : winding != 0 }

    // MARK: filling

    /// - Parameter members: edges of the area that come near the node, among `pending`.
    private mutating func insert(
        _ area: Int32, _ members: Range<Int>, winding: Int, node: Int, _ square: Square, _ box: Box
    ) {
        if nodes[node].cover >= 0 { return }
        if members.isEmpty {
            if isInside(winding, area: area) { nodes[node].cover = area }
            return
        }
        if nodes[node].child < 0 {
            let isFull = Int(nodes[node].count) + members.count > Self.fewEdges && nodes[node].first >= 0
            let isLarge = members.count > Self.fewEdges
            guard isFull || isLarge, square.half > Self.smallest, self.members.count < Self.mostMembers else {
                return store(area, members, winding, node)
            }
            split(node, square)
        }
        pass(area, members, winding, node, square, box)
    }

    private mutating func store(_ area: Int32, _ members: Range<Int>, _ winding: Int, _ node: Int) {
        let first = Int32(self.members.count)
        self.members += pending[members]
        let k = Int32(entries.count)
        entries.append(
            Entry(area: area, winding: Int32(winding), edges: first..<Int32(self.members.count)))
        if nodes[node].last >= 0 { entries[Int(nodes[node].last)].next = k } else { nodes[node].first = k }
        nodes[node].last = k
        nodes[node].count += Int32(members.count)
    }

    private mutating func split(_ node: Int, _ square: Square) {
        var next = nodes[node].first
        nodes[node].child = Int32(nodes.count)
        (nodes[node].first, nodes[node].last, nodes[node].count) = (-1, -1, 0)
        nodes += [Node(), Node(), Node(), Node()]
        let everywhere = Box(minX: -.infinity, minY: -.infinity, maxX: .infinity, maxY: .infinity)
        while next >= 0 {
            let entry = entries[Int(next)]
            let top = pending.count
            pending += members[Int(entry.edges.lowerBound)..<Int(entry.edges.upperBound)]
            pass(entry.area, top..<pending.count, Int(entry.winding), node, square, everywhere)
            pending.removeLast(pending.count - top)
            next = entry.next
        }
    }

    /// Hands the edges of an area on to the four children of a node.
    private mutating func pass(
        _ area: Int32, _ members: Range<Int>, _ winding: Int, _ node: Int, _ square: Square, _ box: Box
    ) {
        steps += 4
        for k in 0..<4 {
            let child = Int(nodes[node].child) + k
            if nodes[child].cover >= 0 { continue }
            let quarter = square.quarter(k)
            let reach = quarter.half + 2 * Self.aside
            let (m, c) = (quarter.middle, square.middle)
            guard box.minX <= m.x + reach, box.maxX >= m.x - reach, box.minY <= m.y + reach, box.maxY >= m.y - reach
            else { continue }
            let corner = Point(m.x, c.y)
            let top = pending.count
            var inner = winding
            for k in members {
                let edge = edges[Int(pending[k])]
                inner += Self.change(from: c, to: corner, edge) + Self.change(from: corner, to: m, edge)
                if Self.touches(edge, m, reach) { pending.append(pending[k]) }
            }
            steps += members.count
            insert(area, top..<pending.count, winding: inner, node: child, quarter, box)
            pending.removeLast(pending.count - top)
        }
        // What is covered by quarters is covered as a whole: nothing lower goes down here again.
        let first = Int(nodes[node].child)
        nodes[node].cover = min(
            nodes[first].cover, nodes[first + 1].cover, nodes[first + 2].cover, nodes[first + 3].cover)
    }

    /// Whether an edge comes into a square.
    private static func touches(_ e: Edge, _ m: Point, _ reach: Double) -> Bool {
        if max(e.a.x, e.b.x) < m.x - reach || min(e.a.x, e.b.x) > m.x + reach { return false }
        if max(e.a.y, e.b.y) < m.y - reach || min(e.a.y, e.b.y) > m.y + reach { return false }
        let (dx, dy) = (e.b.x - e.a.x, e.b.y - e.a.y)
        let cross = dx * (m.y - e.a.y) - dy * (m.x - e.a.x)
        return cross.magnitude <= reach * (dx.magnitude + dy.magnitude)
    }
}

extension CoverTree {
    /// A part of a straight line, by its shares of the way.
    typealias Part = (from: Double, to: Double)

    /// The parts of a straight line that no area from `rank` on hides, in order.
    ///
    /// A line is hidden where areas lie on both sides of it, and where one lies on one side and draws its own outline there.
    mutating func seen(_ p: Point, _ q: Point, rank: Int) -> [Part] {
        var walk = Walk(p: p * Self.grid, q: q * Self.grid, rank: Int32(rank))
        let inner = Self.clip(root, walk)
        if inner.to > inner.from { visit(0, root, inner.from, inner.to, &walk) }
        steps += walk.steps
        if walk.hidden.isEmpty { return [(0, 1)] }
        var seen: [Part] = []
        var place = 0.0
        for part in walk.hidden {
            if part.from > place { seen.append((place, part.from)) }
            place = max(place, part.to)
        }
        if place < 1 { seen.append((place, 1)) }
        return seen
    }

    /// Whether an area from `rank` on hides a dot.
    mutating func hides(_ p: Point, rank: Int) -> Bool {
        seen(p, Point(p.x + 1e-3, p.y), rank: rank).isEmpty
    }

    /// One line on its way through the tree.
    private struct Walk {
        let p, q: Point
        let rank: Int32
        let length: Double
        /// Unit normal.
        let normal: Point
        var hidden: [Part] = []
        var breaks: [Double] = []
        var steps = 0

        init(p: Point, q: Point, rank: Int32) {
            (self.p, self.q, self.rank) = (p, q, rank)
            length = p.distance(to: q)
            normal = length > 0 ? Point((p.y - q.y) / length, (q.x - p.x) / length) : Point(0, 1)
        }

        func point(_ t: Double) -> Point { Point(p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t) }

        mutating func hide(_ from: Double, _ to: Double) {
            if let last = hidden.last, last.to >= from - 1e-12 {
                hidden[hidden.count - 1].to = max(last.to, to)
            } else {
                hidden.append((from, to))
            }
        }
    }

    /// Goes through a node with the part of the line that lies in it.
    private func visit(_ node: Int, _ square: Square, _ from: Double, _ to: Double, _ walk: inout Walk) {
        walk.steps += 1
        if nodes[node].cover >= walk.rank { return walk.hide(from, to) }
        guard nodes[node].child >= 0 else { return look(node, square, from, to, &walk) }
        var cuts = (from, from, to)
        var count = 0
        for (a, b, c) in [(walk.p.x, walk.q.x, square.middle.x), (walk.p.y, walk.q.y, square.middle.y)] where a != b {
            let t = (c - a) / (b - a)
            guard t > from, t < to else { continue }
            if count == 0 { cuts = (t, t, to) } else { cuts = (min(cuts.0, t), max(cuts.0, t), to) }
            count += 1
        }
        var place = from
        for k in 0...count {
            let end = k == count ? to : k == 0 ? cuts.0 : cuts.1
            defer { place = end }
            if end <= place, count > 0 { continue }
            let middle = walk.point((place + end) / 2)
            let quarter = (middle.x > square.middle.x ? 1 : 0) + (middle.y > square.middle.y ? 2 : 0)
            visit(Int(nodes[node].child) + quarter, square.quarter(quarter), place, end, &walk)
        }
    }

    /// The part of a line inside a square.
    private static func clip(_ square: Square, _ walk: Walk) -> Part {
        var (low, high) = (0.0, 1.0)
        for (a, d, c) in [
            (walk.p.x, walk.q.x - walk.p.x, square.middle.x), (walk.p.y, walk.q.y - walk.p.y, square.middle.y),
        ] {
            if d == 0 {
                if (a - c).magnitude > square.half { return (1, 0) }
                continue
            }
            let (t, u) = ((c - square.half - a) / d, (c + square.half - a) / d)
            (low, high) = (max(low, min(t, u)), min(high, max(t, u)))
        }
        return (low, high)
    }

    /// Decides a part of the line inside a leaf.
    private func look(_ node: Int, _ square: Square, _ from: Double, _ to: Double, _ walk: inout Walk) {
        let first = nodes[node].first
        guard first >= 0, entries[Int(first)].area >= walk.rank else { return }
        walk.breaks.removeAll(keepingCapacity: true)
        walk.breaks.append(from)
        var next = first
        while next >= 0, entries[Int(next)].area >= walk.rank {
            let entry = entries[Int(next)]
            for k in entry.edges { meet(edges[Int(members[Int(k)])], from, to, &walk) }
            next = entry.next
        }
        // Where edges crowd, a smallest leaf is decided as a whole.
        if walk.breaks.count > Self.crowd { walk.breaks.removeLast(walk.breaks.count - 1) }
        walk.breaks.append(to)
        walk.breaks.sort()
        for k in walk.breaks.indices.dropLast() {
            let (low, high) = (walk.breaks[k], walk.breaks[k + 1])
            guard high > low, isHidden(first, square, walk.point((low + high) / 2), &walk) else { continue }
            walk.hide(low, high)
        }
    }

    private static let crowd = 300

    /// Notes where an edge crosses the line.
    private func meet(_ e: Edge, _ from: Double, _ to: Double, _ walk: inout Walk) {
        walk.steps += 1
        let (d, f, w) = (walk.q - walk.p, e.b - e.a, e.a - walk.p)
        let cross = d.x * f.y - d.y * f.x
        guard cross != 0 else { return }
        let u = (w.x * d.y - w.y * d.x) / cross
        guard u >= -1e-9, u <= 1 + 1e-9 else { return }
        let t = (w.x * f.y - w.y * f.x) / cross
        if t > from, t < to { walk.breaks.append(t) }
    }

    private func isHidden(_ first: Int32, _ square: Square, _ p: Point, _ walk: inout Walk) -> Bool {
        let left = Self.onGrid(p + walk.normal * Self.aside)
        let right = Self.onGrid(p - walk.normal * Self.aside)
        var (isLeft, isRight, isOutline) = (false, false, false)
        var next = first
        while next >= 0, entries[Int(next)].area >= walk.rank {
            let entry = entries[Int(next)]
            let (onLeft, onRight) = (isInside(entry, left, square, &walk), isInside(entry, right, square, &walk))
            if onLeft != onRight, isOutlined[Int(entry.area)] { isOutline = true }
            isLeft = isLeft || onLeft
            isRight = isRight || onRight
            if (isLeft && isRight) || isOutline { return true }
            next = entry.next
        }
        return false
    }

    private static func onGrid(_ p: Point) -> Point { Point(p.x.rounded(.down) + 0.5, p.y.rounded(.down) + 0.5) }

    private func isInside(_ entry: Entry, _ p: Point, _ square: Square, _ walk: inout Walk) -> Bool {
        let corner = Point(p.x, square.middle.y)
        var winding = Int(entry.winding)
        for k in entry.edges {
            let edge = edges[Int(members[Int(k)])]
            winding += Self.change(from: square.middle, to: corner, edge) + Self.change(from: corner, to: p, edge)
        }
        walk.steps += 2 * entry.edges.count
        return isInside(winding, area: entry.area)
    }
}

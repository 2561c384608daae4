/// The area inside closed outlines, indexed so that a point or a line meets only the edges near it.
///
/// Edges stand in runs of eight in the order in which they are drawn, runs in groups of eight, and so on; each knows its
/// bounds and how its ends lie. An outline is coherent, so the bounds are tight without any sorting. For a ray that
/// passes a whole group the crossings telescope: of a connected chain only its first and last height count. A winding
/// number costs O(log n) and the edges that begin near the ray's start.
struct RegionPolygon {
    /// Corners; each outline repeats its first at its end.
    private var corners: [Point] = []
    /// Runs: index of their first corner and how many edges follow.
    private var runs: [(first: Int, edges: Int)] = []
    private var groups: [Group] = []
    /// Where the groups of each level begin, finest first.
    private var levels: [Range<Int>] = []
    private let isEvenOdd: Bool
    private(set) var bounds = Box()
    /// Set when the whole is one rectangle along the axes.
    private(set) var rectangle: Box?

    /// Bounds of some runs and the heights at which their chains begin and end.
    private struct Group {
        var box: Box
        /// Height of the first corner, of the end of the outline that it is in, of the start of the outline in which
        /// the last corner is, and of the last corner.
        var first, firstEnd, lastStart, last: Double
    }

    private static let fan = 8

    init(isEvenOdd: Bool) { self.isEvenOdd = isEvenOdd }

    /// Adds an outline; it is closed by the straight line that filling adds. Call `finish` after the last.
    mutating func add(_ outline: [Point]) {
        guard let start = outline.first, outline.count > 1 else { return }
        let first = corners.count
        corners.append(contentsOf: outline)
        if outline[outline.count - 1] != start { corners.append(start) }
        var k = first
        while k < corners.count - 1 {
            let edges = min(Self.fan, corners.count - 1 - k)
            var box = Box()
            for corner in corners[k...k + edges] { box.include(corner) }
            runs.append((k, edges))
            groups.append(
                Group(box: box, first: corners[k].y, firstEnd: start.y, lastStart: start.y, last: corners[k + edges].y))
            k += edges
        }
    }

    /// Builds the levels above the runs.
    mutating func finish() {
        levels = [0..<groups.count]
        while let below = levels.last, below.count > Self.fan {
            for first in stride(from: below.lowerBound, to: below.upperBound, by: Self.fan) {
                let last = min(first + Self.fan, below.upperBound) - 1
                var group = groups[first]
                for k in first...last { group.box.include(groups[k].box) }
                group.lastStart = groups[last].lastStart
                group.last = groups[last].last
                groups.append(group)
            }
            levels.append(below.upperBound..<groups.count)
        }
        for k in levels.last ?? 0..<0 { bounds.include(groups[k].box) }
        rectangle = corners.count == 5 && runs.count == 1 ? axisRectangle() : nil
    }

    var edgeCount: Int { corners.count }

    private func axisRectangle() -> Box? {
        for k in 0..<4 {
            let (a, b) = (corners[k], corners[k + 1])
            guard (a.x == b.x) != (a.y == b.y) else { return nil }
        }
        return corners[0].x == corners[1].x ? (corners[1].y == corners[2].y ? bounds : nil) : bounds
    }

    /// Whether a point is inside by the rule; on an edge it may be either.
    func contains(_ p: Point, _ probe: inout RegionProbe) -> Bool {
        guard bounds.contains(p) else { return false }
        let winding = winding(p, &probe)
        return isEvenOdd ? winding & 1 != 0 : winding != 0
    }

    /// How often the outlines go round a point, by the crossings of a ray towards larger x.
    private func winding(_ p: Point, _ probe: inout RegionProbe) -> Int {
        var sum = 0
        probe.stack.removeAll(keepingCapacity: true)
        for k in levels.last ?? 0..<0 { probe.stack.append(k) }
        while let k = probe.stack.popLast() {
            probe.steps += 1
            let group = groups[k]
            if p.y < group.box.minY || p.y > group.box.maxY || group.box.maxX < p.x { continue }
            if group.box.minX > p.x {
                sum += above(group.firstEnd, p.y) - above(group.first, p.y)
                sum += above(group.last, p.y) - above(group.lastStart, p.y)
            } else if k < runs.count {
                for i in runs[k].first..<runs[k].first + runs[k].edges { sum += crossing(i, p) }
            } else {
                pushChildren(of: k, &probe)
            }
        }
        return sum
    }

    private func above(_ height: Double, _ y: Double) -> Int { height > y ? 1 : 0 }

    private func crossing(_ i: Int, _ p: Point) -> Int {
        let (a, b) = (corners[i], corners[i + 1])
        let step = above(b.y, p.y) - above(a.y, p.y)
        if step == 0 { return 0 }
        let side = (b.x - a.x) * (p.y - a.y) - (p.x - a.x) * (b.y - a.y)
        return (step > 0) == (side > 0) ? step : 0
    }

    private func pushChildren(of k: Int, _ probe: inout RegionProbe) {
        var level = 1
        while !levels[level].contains(k) { level += 1 }
        let below = levels[level - 1]
        let first = below.lowerBound + (k - levels[level].lowerBound) * Self.fan
        for child in first..<min(first + Self.fan, below.upperBound) { probe.stack.append(child) }
    }

    /// Whether any edge passes within a distance of a point.
    func isNear(_ p: Point, within distance: Double, _ probe: inout RegionProbe) -> Bool {
        let box = Box(minimum: p, maximum: p).expanded(by: distance)
        guard box.intersects(bounds) else { return false }
        probe.stack.removeAll(keepingCapacity: true)
        for k in levels.last ?? 0..<0 { probe.stack.append(k) }
        while let k = probe.stack.popLast() {
            probe.steps += 1
            guard groups[k].box.intersects(box) else { continue }
            guard k < runs.count else {
                pushChildren(of: k, &probe)
                continue
            }
            for i in runs[k].first..<runs[k].first + runs[k].edges
            where squaredDistance(p, corners[i], corners[i + 1]) <= distance * distance { return true }
        }
        return false
    }

    /// Collects the parameters at which a line from `p` to `q` may pass from inside to outside.
    ///
    /// Those are its crossings with edges, corners that touch it, and, beside an edge that it nearly runs along, where
    /// it comes within `margin` of that edge.
    func breaks(from p: Point, to q: Point, margin: Double, _ breaks: inout [Double], _ probe: inout RegionProbe) {
        var box = Box()
        box.include(p)
        box.include(q)
        box = box.expanded(by: margin)
        guard box.intersects(bounds) else { return }
        probe.stack.removeAll(keepingCapacity: true)
        for k in levels.last ?? 0..<0 { probe.stack.append(k) }
        while let k = probe.stack.popLast() {
            probe.steps += 1
            guard groups[k].box.intersects(box) else { continue }
            guard k < runs.count else {
                pushChildren(of: k, &probe)
                continue
            }
            for i in runs[k].first..<runs[k].first + runs[k].edges {
                Self.breaks(p, q, corners[i], corners[i + 1], margin, &breaks)
            }
        }
    }

    /// Adds the edges that come near a box.
    func edges(in box: Box, to list: inout [AreaEdge], _ probe: inout RegionProbe) {
        guard box.intersects(bounds) else { return }
        probe.stack.removeAll(keepingCapacity: true)
        for k in levels.last ?? 0..<0 { probe.stack.append(k) }
        while let k = probe.stack.popLast() {
            probe.steps += 1
            guard groups[k].box.intersects(box) else { continue }
            guard k < runs.count else {
                pushChildren(of: k, &probe)
                continue
            }
            for i in runs[k].first..<runs[k].first + runs[k].edges {
                var own = Box()
                own.include(corners[i])
                own.include(corners[i + 1])
                if own.intersects(box) { list.append(AreaEdge(corners[i], corners[i + 1])) }
            }
        }
    }

    private static func breaks(
        _ p: Point, _ q: Point, _ a: Point, _ b: Point, _ margin: Double, _ breaks: inout [Double]
    ) {
        let (d, e, w) = (q - p, b - a, a - p)
        let squared = d.x * d.x + d.y * d.y
        guard squared > 0 else { return }
        func add(_ t: Double) { if t > 0, t < 1 { breaks.append(t) } }
        let along = (w.x * d.x + w.y * d.y) / squared
        let offset = Point(w.x - along * d.x, w.y - along * d.y)
        if offset.x * offset.x + offset.y * offset.y <= margin * margin { add(along) }
        let cross = d.x * e.y - d.y * e.x
        let edge = e.x * e.x + e.y * e.y
        guard cross != 0 else { return }
        let u = (w.x * d.y - w.y * d.x) / cross
        if u >= -1e-9, u <= 1 + 1e-9 { add((w.x * e.y - w.y * e.x) / cross) }
        // Nearly parallel: less than three degrees.
        guard cross * cross < 0.0025 * squared * edge else { return }
        let length = edge.squareRoot()
        let from = (e.x * -w.y - e.y * -w.x) / length  // distance of p from the edge's line
        let slope = -cross / length
        for side in [margin, -margin] { add((side - from) / slope) }
    }

    private func squaredDistance(_ p: Point, _ a: Point, _ b: Point) -> Double {
        let (e, w) = (b - a, p - a)
        let squared = e.x * e.x + e.y * e.y
        let t = squared > 0 ? min(1, max(0, (w.x * e.x + w.y * e.y) / squared)) : 0
        let (x, y) = (w.x - t * e.x, w.y - t * e.y)
        return x * x + y * y
    }
}

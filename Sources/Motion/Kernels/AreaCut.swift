/// One straight piece of what bounds an area.
struct AreaEdge {
    var from: Point
    var to: Point

    init(_ from: Point, _ to: Point) {
        self.from = from
        self.to = to
    }
}

/// Cuts filled areas by regions: the outline of what is left, closed.
///
/// All edges that may bound the result, those of the area and those of the regions near it, are brought onto a fine grid,
/// cut where they cross, and kept where the result lies on one side of them only; what is kept is walked into rings.
/// Nothing depends on which edge came from where, so nested regions, unions and both fill rules need no care of their own.
struct AreaCutter {
    /// Counts what cutting costs; once it is spent, what comes back is of no worth.
    var probe = RegionProbe()
    private var edges: [AreaEdge] = []
    private var splits: [Split] = []
    private var pieces: [AreaEdge] = []

    /// A place at which an edge is cut.
    private struct Split {
        var edge: Int32
        var along: Double
        var place: Point
    }

    /// Grid lines a millimetre: 15 nm apart, a thousandth of a motor step.
    private static let grid = 65_536.0
    /// How far beside an edge it is asked which side lies inside, mm.
    private static let aside = 1e-4
    /// Ends of rings that do not meet exactly are joined up to here, mm.
    private static let slack = 0.005

    /// The outline of what all regions leave of an area.
    ///
    /// - Parameter outlines: of the area; each is closed by the straight line that filling adds.
    /// - Returns: closed rings that repeat their first point; nil when the regions leave the area as it is.
    /// - Complexity: O(n log n + pairs of edges that overlap along x).
    mutating func cut(_ outlines: [[Point]], isEvenOdd: Bool, by regions: [Region]) -> [[Point]]? {
        var area = RegionPolygon(isEvenOdd: isEvenOdd)
        for outline in outlines { area.add(outline) }
        area.finish()
        var near: [AreaEdge] = []
        for region in regions { region.edges(in: area.bounds, to: &near, &probe) }
        if near.isEmpty {
            // No edge of the regions comes near: all of the box is in or out.
            let middle = (area.bounds.minimum + area.bounds.maximum) * 0.5
            return contains(middle, regions) ? nil : []
        }
        edges.removeAll(keepingCapacity: true)
        for edge in near { add(edge.from, edge.to) }
        for outline in outlines {
            for k in outline.indices.dropLast() { add(outline[k], outline[k + 1]) }
            if let first = outline.first, let last = outline.last { add(last, first) }
        }
        findSplits()
        if probe.isSpent { return [] }
        keepBoundary(area, regions)
        return probe.isSpent ? [] : rings()
    }

    /// Whether any edge of the regions passes through the inside of an area that none of them crosses: a hole in it.
    mutating func reachesInto(_ outlines: [[Point]], isEvenOdd: Bool, _ regions: [Region]) -> Bool {
        var area = RegionPolygon(isEvenOdd: isEvenOdd)
        for outline in outlines { area.add(outline) }
        area.finish()
        var near: [AreaEdge] = []
        for region in regions { region.edges(in: area.bounds, to: &near, &probe) }
        return near.contains { edge in
            let middle = (edge.from + edge.to) * 0.5
            return area.contains(middle, &probe) && !area.isNear(middle, within: Self.slack, &probe)
        }
    }

    private mutating func contains(_ p: Point, _ regions: [Region]) -> Bool {
        for region in regions where !region.contains(p, margin: 0, &probe) { return false }
        return true
    }

    private static func snapped(_ p: Point) -> Point {
        Point((p.x * grid).rounded() / grid + 0, (p.y * grid).rounded() / grid + 0)
    }

    private mutating func add(_ from: Point, _ to: Point) {
        let edge = AreaEdge(Self.snapped(from), Self.snapped(to))
        if edge.from != edge.to { edges.append(edge) }
    }

    // MARK: crossings

    /// Sweeps the edges from left to right and notes where they meet.
    private mutating func findSplits() {
        splits.removeAll(keepingCapacity: true)
        let touch = 2 / Self.grid
        edges.sort { min($0.from.x, $0.to.x) < min($1.from.x, $1.to.x) }
        var open: [Int32] = []
        for k in edges.indices {
            let edge = edges[k]
            let left = min(edge.from.x, edge.to.x) - touch
            let (low, high) = (min(edge.from.y, edge.to.y) - touch, max(edge.from.y, edge.to.y) + touch)
            var kept = 0
            probe.steps += open.count + 1
            if probe.isSpent { return }
            for i in open {
                let other = edges[Int(i)]
                if max(other.from.x, other.to.x) < left { continue }
                open[kept] = i
                kept += 1
                if min(other.from.y, other.to.y) <= high, max(other.from.y, other.to.y) >= low {
                    meet(Int32(k), i)
                }
            }
            open.removeLast(open.count - kept)
            open.append(Int32(k))
        }
        splits.sort { ($0.edge, $0.along) < ($1.edge, $1.along) }
    }

    private mutating func meet(_ i: Int32, _ k: Int32) {
        let (a, b) = (edges[Int(i)], edges[Int(k)])
        let (d, e, w) = (a.to - a.from, b.to - b.from, b.from - a.from)
        touch(i, a, d, b.from)
        touch(i, a, d, b.to)
        touch(k, b, e, a.from)
        touch(k, b, e, a.to)
        let cross = d.x * e.y - d.y * e.x
        guard cross != 0 else { return }
        let t = (w.x * e.y - w.y * e.x) / cross
        let u = (w.x * d.y - w.y * d.x) / cross
        guard t > 0, t < 1, u > 0, u < 1 else { return }
        let place = Self.snapped(a.from + d * t)
        split(i, a, t, place)
        split(k, b, u, place)
    }

    private mutating func split(_ i: Int32, _ edge: AreaEdge, _ t: Double, _ place: Point) {
        if place != edge.from, place != edge.to { splits.append(Split(edge: i, along: t, place: place)) }
    }

    /// Cuts an edge at the end of another that lies on it.
    private mutating func touch(_ i: Int32, _ edge: AreaEdge, _ d: Point, _ p: Point) {
        let w = p - edge.from
        let squared = d.x * d.x + d.y * d.y
        let t = (w.x * d.x + w.y * d.y) / squared
        guard t > 0, t < 1 else { return }
        let off = w - d * t
        if off.x * off.x + off.y * off.y <= 2 / (Self.grid * Self.grid) { split(i, edge, t, p) }
    }

    // MARK: boundary

    /// Keeps the pieces with the result on one side of them only, directed so that it lies on the same side of all.
    private mutating func keepBoundary(_ area: RegionPolygon, _ regions: [Region]) {
        pieces.removeAll(keepingCapacity: true)
        var next = 0
        for k in edges.indices {
            var from = edges[k].from
            while next < splits.count, splits[next].edge == k {
                keep(AreaEdge(from, splits[next].place), area, regions)
                from = splits[next].place
                next += 1
            }
            keep(AreaEdge(from, edges[k].to), area, regions)
            if probe.isSpent { return }
        }
    }

    private mutating func keep(_ piece: AreaEdge, _ area: RegionPolygon, _ regions: [Region]) {
        let d = piece.to - piece.from
        let length = (d.x * d.x + d.y * d.y).squareRoot()
        guard length > 0 else { return }
        let middle = (piece.from + piece.to) * 0.5
        let side = Point(-d.y, d.x) * (Self.aside / length)
        let isLeft = isInside(middle + side, area, regions)
        let isRight = isInside(middle - side, area, regions)
        if isLeft != isRight { pieces.append(isLeft ? piece : AreaEdge(piece.to, piece.from)) }
    }

    private mutating func isInside(_ p: Point, _ area: RegionPolygon, _ regions: [Region]) -> Bool {
        area.contains(p, &probe) && contains(p, regions)
    }

    // MARK: rings

    /// Walks the pieces into rings; those that repeat another are dropped.
    private mutating func rings() -> [[Point]] {
        func precedes(_ a: AreaEdge, _ b: AreaEdge) -> Bool {
            (a.from.x, a.from.y, a.to.x, a.to.y) < (b.from.x, b.from.y, b.to.x, b.to.y)
        }
        pieces.sort(by: precedes)
        var count = 0
        for piece in pieces where count == 0 || precedes(pieces[count - 1], piece) {
            pieces[count] = piece
            count += 1
        }
        pieces.removeLast(pieces.count - count)
        var isTaken = [Bool](repeating: false, count: count)
        var result: [[Point]] = []
        for first in pieces.indices where !isTaken[first] {
            var ring = [pieces[first].from]
            var k = first
            while true {
                isTaken[k] = true
                ring.append(pieces[k].to)
                if pieces[k].to == pieces[first].from { break }
                if let next = next(after: pieces[k], isTaken) {
                    k = next
                } else if pieces[k].to.distance(to: pieces[first].from) > Self.slack,
                    let next = nearest(to: pieces[k].to, isTaken)
                {
                    k = next
                    ring.append(pieces[k].from)
                } else {
                    break
                }
            }
            if let ring = Self.tidied(ring) { result.append(ring) }
        }
        return result
    }

    /// The untaken piece that goes on from another, of several the one that turns furthest to the inside.
    private func next(after piece: AreaEdge, _ isTaken: [Bool]) -> Int? {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            let from = pieces[middle].from
            if (from.x, from.y) < (piece.to.x, piece.to.y) { low = middle + 1 } else { high = middle }
        }
        let d = piece.to - piece.from
        var best: (k: Int, turn: Double)?
        while low < pieces.count, pieces[low].from == piece.to {
            if !isTaken[low] {
                let e = pieces[low].to - pieces[low].from
                let turn = arcTangent(d.x * e.y - d.y * e.x, d.x * e.x + d.y * e.y)
                if best.map({ turn > $0.turn }) ?? true { best = (low, turn) }
            }
            low += 1
        }
        return best?.k
    }

    /// The untaken piece that begins nearest to a place where rounding has left a gap.
    private mutating func nearest(to p: Point, _ isTaken: [Bool]) -> Int? {
        probe.steps += pieces.count
        guard !probe.isSpent else { return nil }
        var best: (k: Int, distance: Double)?
        for k in pieces.indices where !isTaken[k] {
            let distance = pieces[k].from.distance(to: p)
            if distance <= Self.slack, distance < best?.distance ?? .infinity { best = (k, distance) }
        }
        return best?.k
    }

    /// A ring without points on straight lines; nil when nothing is left. One that does not close is closed where its
    /// ends nearly meet.
    private static func tidied(_ ring: [Point]) -> [Point]? {
        guard let first = ring.first, let last = ring.last else { return nil }
        var corners: [Point] = []
        for p in ring { append(p, to: &corners) }
        if first == last {
            // The seam may lie on a straight line as well.
            corners.removeLast()
            while corners.count > 3, isStraight(corners[corners.count - 1], corners[0], corners[1]) {
                corners.removeFirst()
            }
            while corners.count > 3, isStraight(corners[corners.count - 2], corners[corners.count - 1], corners[0]) {
                corners.removeLast()
            }
            corners.append(corners[0])
        } else if first.distance(to: last) <= slack, corners.count > 3 {
            corners[corners.count - 1] = first
        }
        var box = Box()
        for p in corners { box.include(p) }
        return max(box.width, box.height) > slack ? corners : nil
    }

    private static func append(_ p: Point, to corners: inout [Point]) {
        while corners.count > 1, isStraight(corners[corners.count - 2], corners[corners.count - 1], p) {
            corners.removeLast()
        }
        corners.append(p)
    }

    private static func isStraight(_ a: Point, _ b: Point, _ c: Point) -> Bool {
        let (d, w) = (c - a, b - a)
        let squared = d.x * d.x + d.y * d.y
        let along = w.x * d.x + w.y * d.y
        let off = w.x * d.y - w.y * d.x
        return along > 0 && along < squared && off * off <= squared * 9 / (grid * grid)
    }
}

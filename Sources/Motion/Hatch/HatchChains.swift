/// Joins the pieces of neighbouring rows into zigzags, so that the pen is lifted seldom.
struct HatchChains {
    private let rows: HatchRows
    private var polygon: RegionPolygon
    private var probe = RegionProbe()
    private var near: [AreaEdge] = []
    /// How far two ends may lie apart along the rows.
    private let reach: Double
    /// Links keep this distance from edges, mm.
    private let clearance: Double

    init(_ rows: HatchRows) {
        self.rows = rows
        polygon = RegionPolygon(isEvenOdd: rows.isEvenOdd)
        for ring in rows.rings { polygon.add(ring) }
        polygon.finish()
        reach = 8 * rows.spacing
        clearance = rows.inset / 2
    }

    /// Zigzags in the frame of the rows, in the order of their first pieces.
    ///
    /// - Parameters:
    ///   - pieces: by row and from left to right.
    ///   - isOpen: whether a link may be drawn as far as others are concerned.
    /// - Complexity: O(n log n).
    mutating func joined(_ pieces: [HatchPiece], isOpen: (Point, Point) -> Bool) -> [[Point]] {
        var isTaken = [Bool](repeating: false, count: pieces.count)
        var chains: [[Point]] = []
        for first in pieces.indices where !isTaken[first] {
            isTaken[first] = true
            let y = rows.height(of: pieces[first].row)
            var chain = [Point(pieces[first].from, y), Point(pieces[first].to, y)]
            var (k, isAtRight) = (first, true)
            while let next = next(after: k, isAtRight, pieces, isTaken, isOpen) {
                isTaken[next] = true
                let y = rows.height(of: pieces[next].row)
                let ends = [Point(pieces[next].from, y), Point(pieces[next].to, y)]
                chain += isAtRight ? ends.reversed() : ends
                (k, isAtRight) = (next, !isAtRight)
            }
            chains.append(chain)
        }
        return chains
    }

    /// The piece of the next row whose end on the same side is nearest and can be reached inside the area.
    private mutating func next(
        after k: Int, _ isAtRight: Bool, _ pieces: [HatchPiece], _ isTaken: [Bool], _ isOpen: (Point, Point) -> Bool
    ) -> Int? {
        let row = pieces[k].row + 1
        let place = isAtRight ? pieces[k].to : pieces[k].from
        var (low, high) = (k + 1, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            let piece = pieces[middle]
            if (piece.row, piece.to) < (row, place - reach) { low = middle + 1 } else { high = middle }
        }
        var best: (k: Int, distance: Double)?
        while low < pieces.count, pieces[low].row == row, pieces[low].from <= place + reach {
            let distance = ((isAtRight ? pieces[low].to : pieces[low].from) - place).magnitude
            if !isTaken[low], distance <= reach, distance < best?.distance ?? .infinity { best = (low, distance) }
            low += 1
        }
        guard let best else { return nil }
        let from = Point(place, rows.height(of: pieces[k].row))
        let to = Point(isAtRight ? pieces[best.k].to : pieces[best.k].from, rows.height(of: row))
        return isClear(from, to) && isOpen(from, to) ? best.k : nil
    }

    /// Whether a link comes near no edge.
    private mutating func isClear(_ p: Point, _ q: Point) -> Bool {
        var box = Box()
        box.include(p)
        box.include(q)
        near.removeAll(keepingCapacity: true)
        polygon.edges(in: box.expanded(by: clearance), to: &near, &probe)
        return near.allSatisfy { squaredDistance(p, q, $0.from, $0.to) > clearance * clearance }
    }
}

/// Squared distance of two straight pieces; 0 where they cross.
func squaredDistance(_ p: Point, _ q: Point, _ a: Point, _ b: Point) -> Double {
    func side(_ a: Point, _ b: Point, _ p: Point) -> Double { (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) }
    func toPiece(_ p: Point, _ a: Point, _ b: Point) -> Double {
        let (e, w) = (b - a, p - a)
        let squared = e.x * e.x + e.y * e.y
        let t = squared > 0 ? min(1, max(0, (w.x * e.x + w.y * e.y) / squared)) : 0
        let (x, y) = (w.x - t * e.x, w.y - t * e.y)
        return x * x + y * y
    }
    if (side(a, b, p) > 0) != (side(a, b, q) > 0), (side(p, q, a) > 0) != (side(p, q, b) > 0) { return 0 }
    return min(min(toPiece(p, a, b), toPiece(q, a, b)), min(toPiece(a, p, q), toPiece(b, p, q)))
}

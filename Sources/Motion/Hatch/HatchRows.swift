/// A piece of a hatch line: level, at the height of its row.
struct HatchPiece: Equatable {
    var row: Int
    var from: Double
    var to: Double
}

/// Level lines through an area, no nearer to its edges than an inset.
///
/// A scanline algorithm: each row meets the edges at crossings, which change the winding number, and meets the strip of all
/// points nearer to an edge than the inset, which is convex, in one interval. A piece is drawn where the fill rule says
/// inside and no interval lies. So corners and edges that nearly run along a row need no care of their own.
struct HatchRows {
    /// Closed rings in the frame of the rows.
    let rings: [[Point]]
    let isEvenOdd: Bool
    let spacing: Double
    let inset: Double
    /// Height of row 0.
    private(set) var phase: Double

    private struct Event {
        var row: Int
        var place: Double
        /// Change of the winding number, or of the number of strips that lie over the row.
        var winding: Int8
        var strips: Int8
    }

    /// Shorter pieces leave no line, mm.
    private static let shortest = 0.02

    init(rings: [[Point]], isEvenOdd: Bool, spacing: Double, inset: Double) {
        self.rings = rings.map { ring in
            guard let first = ring.first, ring.last != first else { return ring }
            return ring + [first]
        }
        self.isEvenOdd = isEvenOdd
        self.spacing = spacing
        self.inset = inset
        phase = spacing / 2
    }

    func height(of row: Int) -> Double { phase + Double(row) * spacing }

    /// Crossings of edges, or of what is near them, with rows: what the pieces cost.
    var estimate: Double {
        var sum = 0.0
        for ring in rings {
            for k in ring.indices.dropLast() { sum += ((ring[k + 1].y - ring[k].y).magnitude + 2 * inset) / spacing }
        }
        return sum
    }

    /// The pieces, row by row and from left to right. An area that falls between two rows gets one through its middle.
    ///
    /// - Complexity: O(n log n) of the crossings.
    mutating func pieces() -> [HatchPiece] {
        let result = cut()
        if !result.isEmpty { return result }
        var box = Box()
        for ring in rings { for p in ring { box.include(p) } }
        guard !box.isEmpty, box.height > 2 * inset, box.height < 2 * (spacing + inset) else { return [] }
        let usual = phase
        phase = (box.minY + box.maxY) / 2
        let middle = cut().filter { $0.row == 0 }
        if middle.isEmpty { phase = usual }
        return middle
    }

    private func cut() -> [HatchPiece] {
        var events: [Event] = []
        for ring in rings {
            for k in ring.indices.dropLast() { add(ring[k], ring[k + 1], to: &events) }
        }
        events.sort { ($0.row, $0.place, $0.strips, $0.winding) < ($1.row, $1.place, $1.strips, $1.winding) }
        var pieces: [HatchPiece] = []
        var (winding, strips) = (0, 0)
        for k in events.indices {
            let event = events[k]
            if k == 0 || events[k - 1].row != event.row { (winding, strips) = (0, 0) }
            winding += Int(event.winding)
            strips += Int(event.strips)
            let isInside = isEvenOdd ? winding & 1 != 0 : winding != 0
            guard isInside, strips == 0, k + 1 < events.count, events[k + 1].row == event.row else { continue }
            let end = events[k + 1].place
            if let last = pieces.last, last.row == event.row, last.to == event.place {
                pieces[pieces.count - 1].to = end
            } else if end > event.place {
                pieces.append(HatchPiece(row: event.row, from: event.place, to: end))
            }
        }
        return pieces.filter { $0.to - $0.from >= Self.shortest }
    }

    private func add(_ a: Point, _ b: Point, to events: inout [Event]) {
        let first = ((min(a.y, b.y) - inset - phase) / spacing).rounded(.up)
        let last = ((max(a.y, b.y) + inset - phase) / spacing).rounded(.down)
        guard first <= last, first.magnitude < 1e9, last.magnitude < 1e9 else { return }
        for row in Int(first)...Int(last) {
            let y = height(of: row)
            if let (from, to) = Self.strip(a, b, y, inset) {
                events.append(Event(row: row, place: from, winding: 0, strips: 1))
                events.append(Event(row: row, place: to, winding: 0, strips: -1))
            }
            guard (a.y > y) != (b.y > y) else { continue }
            let place = a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y))
            events.append(Event(row: row, place: place, winding: a.y > y ? 1 : -1, strips: 0))
        }
    }

    /// Where a level line lies nearer to an edge than the inset.
    static func strip(_ a: Point, _ b: Point, _ y: Double, _ inset: Double) -> (Double, Double)? {
        var (from, to) = (Double.infinity, -Double.infinity)
        for end in [a, b] {
            let off = y - end.y
            guard off.magnitude < inset else { continue }
            let half = (inset * inset - off * off).squareRoot()
            from = min(from, end.x - half)
            to = max(to, end.x + half)
        }
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = (dx * dx + dy * dy).squareRoot()
        guard length > 0 else { return from < to ? (from, to) : nil }
        let (ex, ey) = (dx / length, dy / length)
        // Beside the edge: its distance and its foot are linear in the place.
        var (low, high) = (-Double.infinity, Double.infinity)
        if ey != 0 {
            let middle = a.x + (y - a.y) * ex / ey
            let half = inset / ey.magnitude
            (low, high) = (middle - half, middle + half)
        } else if (y - a.y).magnitude >= inset {
            return from < to ? (from, to) : nil
        }
        if ex != 0 {
            let foot = a.x - (y - a.y) * ey / ex
            let other = foot + length / ex
            (low, high) = (max(low, min(foot, other)), min(high, max(foot, other)))
        } else if (y - a.y) * ey < 0 || (y - a.y) * ey > length {
            return from < to ? (from, to) : nil
        }
        if low < high { (from, to) = (min(from, low), max(to, high)) }
        return from < to ? (from, to) : nil
    }
}

/// Lines of one contour whose ends nearly meet, joined into rings.
struct HatchRings {
    private var closed: [[Point]] = []
    private var open: [[Point]] = []
    private let gap: Double

    /// - Parameters:
    ///   - lines: closed ones repeat their first point.
    ///   - gap: how far two ends that belong together may lie apart.
    init(_ lines: [[Point]], gap: Double) {
        self.gap = gap
        for line in lines {
            if line.count > 3, line.first == line.last { closed.append(line) } else { open.append(line) }
        }
    }

    /// All lines; of the ends that are open the nearest are joined first.
    ///
    /// - Complexity: O(n log n) where open ends do not crowd.
    func joined() -> [[Point]] {
        if open.isEmpty { return closed }
        let partner = partners()
        var isTaken = [Bool](repeating: false, count: open.count)
        var result = closed
        // Lines with a free end first; what is left are rings.
        let starts = open.indices.flatMap { [2 * $0, 2 * $0 + 1] }
        for start in starts.filter({ partner[$0] < 0 }) + starts where !isTaken[start >> 1] {
            var line: [Point] = []
            var end = start
            while end >= 0, !isTaken[end >> 1] {
                isTaken[end >> 1] = true
                line += end & 1 == 0 ? open[end >> 1] : open[end >> 1].reversed()
                end = partner[end ^ 1]
            }
            if end == start, line.count > 2 {
                if line[0].distance(to: line[line.count - 1]) < 1e-3 { line.removeLast() }
                line.append(line[0])
            }
            result.append(line)
        }
        return result
    }

    private func place(_ end: Int) -> Point {
        let line = open[end >> 1]
        return end & 1 == 0 ? line[0] : line[line.count - 1]
    }

    /// For each end (two a line) the one that it is joined to; −1 = none.
    private func partners() -> [Int] {
        var partner = [Int](repeating: -1, count: 2 * open.count)
        let order = partner.indices.sorted { place($0).x < place($1).x }
        var pairs: [(a: Int, b: Int, distance: Double)] = []
        for (k, a) in order.enumerated() {
            let p = place(a)
            for b in order[(k + 1)...].prefix(64) {
                let q = place(b)
                if q.x > p.x + gap { break }
                let distance = p.distance(to: q)
                if distance <= gap, b != a ^ 1 || open[a >> 1].count > 3 { pairs.append((a, b, distance)) }
            }
        }
        pairs.sort { ($0.distance, $0.a, $0.b) < ($1.distance, $1.a, $1.b) }
        for pair in pairs where partner[pair.a] < 0 && partner[pair.b] < 0 {
            partner[pair.a] = pair.b
            partner[pair.b] = pair.a
        }
        return partner
    }
}

/// Lines along the outline of an area, at fixed distances inside it.
///
/// Each distance stands for itself, so that errors do not add up: of every edge, moved inwards by it, and of the arc round
/// every corner, that part is kept which no other edge comes nearer to. What is kept meets end to end in rings; no topology
/// has to be worked out.
struct HatchContours {
    private let rings: [[Point]]
    private var polygon: RegionPolygon
    private var probe = RegionProbe()
    private let tolerance: Double
    private var near: [AreaEdge] = []
    private var hidden: [(from: Double, to: Double)] = []

    /// Ends that are nearer than this are one, mm.
    private static let slack = 1e-3

    init(_ outlines: [ArraySlice<Point>], isEvenOdd: Bool, tolerance: Double) {
        rings = outlines.map { outline in
            var ring: [Point] = []
            for p in outline where ring.last != p { ring.append(p) }
            if ring.count > 1, ring.first == ring.last { ring.removeLast() }
            return ring
        }
        polygon = RegionPolygon(isEvenOdd: isEvenOdd)
        for outline in outlines { polygon.add(Array(outline)) }
        polygon.finish()
        self.tolerance = tolerance
    }

    /// All rings, the outermost first.
    ///
    /// - Parameter check: asked every few milliseconds; throws once the work is to end.
    /// - Complexity: O(edges · edges near them) a distance.
    mutating func rings(
        first: Double, spacing: Double, check: () throws(PlanError) -> Void
    ) throws(PlanError) -> [[Point]] {
        var result: [[Point]] = []
        var level = 0.0
        let most = min(polygon.bounds.width, polygon.bounds.height) / 2
        while first + level * spacing <= most {
            let found = try rings(at: first + level * spacing, check)
            if found.isEmpty { break }
            result += found
            level += 1
        }
        return result
    }

    private mutating func rings(
        at distance: Double, _ check: () throws(PlanError) -> Void
    ) throws(PlanError) -> [[Point]] {
        var pieces: [[Point]] = []
        for ring in rings where ring.count > 1 {
            for k in ring.indices {
                if k & 0x3F == 0 { try check() }
                let (a, b) = (ring[k], ring[(k + 1) % ring.count])
                let after = ring[(k + 2) % ring.count]
                let length = a.distance(to: b)
                let normal = Point((a.y - b.y) / length, (b.x - a.x) / length) * distance
                for side in [1.0, -1] { keep([a + normal * side, b + normal * side], distance, &pieces) }
                keep(arc(a, b, after, distance), distance, &pieces)
            }
        }
        // Round corners are chords outside their circles: what cuts the circle may miss the chord by this much.
        let gap = 2 * (2 * distance * tolerance).squareRoot()
        let lines = HatchRings(Self.linked(pieces), gap: max(gap, 2 * Self.slack)).joined()
        return lines.filter { line in
            zip(line, line.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) } > 20 * Self.slack
        }
    }

    /// Round the outer side of a corner, outside of the circle so that chords are no nearer than the distance.
    private func arc(_ a: Point, _ b: Point, _ c: Point, _ distance: Double) -> [Point] {
        let (d, e) = (b - a, c - b)
        let turn = arcTangent(d.x * e.y - d.y * e.x, d.x * e.x + d.y * e.y)
        guard turn != 0 else { return [] }
        // A left turn has its outer side on the right.
        let start = arcTangent(d.y, d.x) + (turn > 0 ? -0.5 : 0.5) * .pi
        let step = 2 * arcCosine(max(0.5, 1 / (1 + tolerance / distance)))
        let count = max(1, Int((turn.magnitude / step).rounded(.up)))
        let part = turn / Double(count)
        func at(_ angle: Double, _ radius: Double) -> Point {
            Point(b.x + radius * cosine(angle), b.y + radius * sine(angle))
        }
        let outer = distance / cosine(part / 2)
        return [at(start, distance)] + (0..<count).map { at(start + (Double($0) + 0.5) * part, outer) }
            + [at(start + turn, distance)]
    }

    /// Keeps the parts of a line inside the area that nothing is nearer to.
    private mutating func keep(_ line: [Point], _ distance: Double, _ pieces: inout [[Point]]) {
        for k in line.indices.dropLast() {
            let (p, q) = (line[k], line[k + 1])
            let length = p.distance(to: q)
            guard length > 1e-9 else { continue }
            findHidden(p, q, length, distance)
            var place = 0.0
            hidden.append((length, length))
            for part in hidden {
                if part.from - place > 1e-6 {
                    let (s, t) = (place / length, part.from / length)
                    let (from, to) = (p + (q - p) * s, p + (q - p) * t)
                    if polygon.contains((from + to) * 0.5, &probe) { pieces.append([from, to]) }
                }
                place = max(place, part.to)
            }
        }
    }

    private mutating func findHidden(_ p: Point, _ q: Point, _ length: Double, _ distance: Double) {
        var box = Box()
        box.include(p)
        box.include(q)
        near.removeAll(keepingCapacity: true)
        hidden.removeAll(keepingCapacity: true)
        polygon.edges(in: box.expanded(by: distance), to: &near, &probe)
        let (ex, ey) = ((q.x - p.x) / length, (q.y - p.y) / length)
        for edge in near {
            let (a, b) = (edge.from - p, edge.to - p)
            let strip = HatchRows.strip(
                Point(a.x * ex + a.y * ey, a.y * ex - a.x * ey), Point(b.x * ex + b.y * ey, b.y * ex - b.x * ey), 0,
                distance * (1 - 1e-7))
            guard let (from, to) = strip, to > 0, from < length else { continue }
            hidden.append((max(0, from), min(length, to)))
            if from <= 0, to >= length { break }
        }
        hidden.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    // MARK: rings

    /// Links pieces that meet, rings closed by their first point.
    private static func linked(_ pieces: [[Point]]) -> [[Point]] {
        func cell(_ p: Point) -> Cell { Cell(x: (p.x / slack).rounded(.down), y: (p.y / slack).rounded(.down)) }
        var ends: [Cell: [Int]] = [:]
        for (k, piece) in pieces.enumerated() {
            ends[cell(piece[0]), default: []].append(2 * k)
            ends[cell(piece[1]), default: []].append(2 * k + 1)
        }
        var isTaken = [Bool](repeating: false, count: pieces.count)
        func next(_ p: Point) -> Int? {
            var best: (end: Int, distance: Double)?
            let middle = cell(p)
            for x in [-1.0, 0, 1] {
                for y in [-1.0, 0, 1] {
                    for end in ends[Cell(x: middle.x + x, y: middle.y + y)] ?? [] where !isTaken[end >> 1] {
                        let distance = pieces[end >> 1][end & 1].distance(to: p)
                        if distance <= slack, distance < best?.distance ?? .infinity { best = (end, distance) }
                    }
                }
            }
            return best?.end
        }
        var result: [[Point]] = []
        for first in pieces.indices where !isTaken[first] {
            isTaken[first] = true
            var line = pieces[first]
            for _ in 0..<2 {
                while let last = line.last, let end = next(last) {
                    isTaken[end >> 1] = true
                    line.append(pieces[end >> 1][1 - end & 1])
                }
                if let a = line.first, let b = line.last, line.count > 3, a.distance(to: b) <= slack {
                    line[line.count - 1] = a
                    break
                }
                line.reverse()
            }
            result.append(line)
        }
        return result
    }

    private struct Cell: Hashable {
        var x, y: Double
    }
}

public import Motion

/// Answers how far places are from a set of polylines, by a grid of cells.
public struct Nearness {
    private struct Segment {
        var from: Point
        var to: Point
    }

    private let cell: Double
    private var segments: [Segment] = []
    private var grid: [Int64: [Int32]] = [:]

    /// - Parameter reach: distances up to it are found, mm; what is farther counts as infinite.
    public init(_ lines: Polylines, reach: Double) {
        cell = max(reach, 0.5)
        for i in 0..<lines.count {
            let line = lines[i]
            guard let first = line.first else { continue }
            if line.count == 1 { add(Segment(from: first, to: first)) }
            for k in line.indices.dropLast() { add(Segment(from: line[k], to: line[k + 1])) }
        }
    }

    private mutating func add(_ segment: Segment) {
        let index = Int32(segments.count)
        segments.append(segment)
        let steps = max(1, Int((segment.from.distance(to: segment.to) / cell * 2).rounded(.up)))
        var last: Int64?
        for k in 0...steps {
            let t = Double(k) / Double(steps)
            let key = key(segment.from + (segment.to - segment.from) * t)
            if key != last { grid[key, default: []].append(index) }
            last = key
        }
    }

    private func key(_ p: Point, _ dx: Int64 = 0, _ dy: Int64 = 0) -> Int64 {
        let x = Int64((p.x / cell).rounded(.down)) + dx
        let y = Int64((p.y / cell).rounded(.down)) + dy
        return x &* 1_000_003 &+ y
    }

    /// Distance from a place to the nearest line, mm; infinite beyond the reach.
    public func distance(from p: Point) -> Double {
        var best = Double.infinity
        for dx in Int64(-1)...1 {
            for dy in Int64(-1)...1 {
                for index in grid[key(p, dx, dy)] ?? [] { best = min(best, Self.distance(p, segments[Int(index)])) }
            }
        }
        return best
    }

    /// Largest distance from places along other lines, at most `spacing` apart, with where it is.
    public func largestDistance(from lines: Polylines, spacing: Double) -> (distance: Double, place: Point) {
        var worst = (distance: 0.0, place: Point(0, 0))
        func look(_ p: Point) {
            let distance = distance(from: p)
            if distance > worst.distance { worst = (distance, p) }
        }
        for i in 0..<lines.count {
            let line = lines[i]
            if let first = line.first { look(first) }
            for k in line.indices.dropLast() {
                let steps = max(1, Int((line[k].distance(to: line[k + 1]) / spacing).rounded(.up)))
                for step in 1...steps { look(line[k] + (line[k + 1] - line[k]) * (Double(step) / Double(steps))) }
            }
        }
        return worst
    }

    private static func distance(_ p: Point, _ s: Segment) -> Double {
        let d = s.to - s.from
        let length = d.x * d.x + d.y * d.y
        guard length > 0 else { return p.distance(to: s.from) }
        let t = ((p.x - s.from.x) * d.x + (p.y - s.from.y) * d.y) / length
        return p.distance(to: s.from + d * min(max(t, 0), 1))
    }
}

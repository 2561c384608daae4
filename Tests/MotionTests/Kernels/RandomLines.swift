internal import Motion
internal import TestSupport

/// Random polylines with everything in them that planning may stumble over.
enum RandomLines {
    static let box = Box(minX: 0, minY: 0, maxX: 100, maxY: 80)

    /// A line of a random kind: wandering, jagged, noisy, straight, forth and back, with repeated points.
    static func line(_ random: inout SeededGenerator) -> [Point] {
        let start = random.point(in: box)
        let count = 2 + random.below(60)
        let step = [0.001, 0.05, 1, 20][random.below(4)]
        var heading = Point(random.bell(), random.bell())
        var points = [start]
        let kind = random.below(6)
        for _ in 1..<count {
            let last = points[points.count - 1]
            switch kind {
            case 0:
                heading = heading + Point(random.bell(), random.bell()) * 0.3
                points.append(last + heading * step)
            case 1: points.append(last + Point(random.bell(), random.bell()) * step)
            case 2: points.append(last + heading * step + Point(random.bell(), random.bell()) * (0.2 * step))
            case 3: points.append(last + heading * (step * random.unit()))
            case 4: points.append(last + heading * (step * random.between(-1, 1)))
            default: points.append(random.below(3) == 0 ? points[random.below(points.count)] : random.point(in: box))
            }
            if random.below(8) == 0 { points.append(points[points.count - 1]) }
        }
        return points
    }

    /// A stroke of a random kind: a dot, a short line, a closed line, or any line.
    static func stroke(_ random: inout SeededGenerator) -> [Point] {
        let start = random.point(in: box)
        switch random.below(4) {
        case 0: return [start]
        case 1: return [start, start + Point(random.bell(), random.bell()) * 3]
        case 2:
            let corners = (0..<3 + random.below(9)).map { _ in start + Point(random.bell(), random.bell()) * 2 }
            return corners + [corners[0]]
        default: return line(&random)
        }
    }

    static func strokes(_ count: Int, _ random: inout SeededGenerator) -> Polylines {
        var lines = Polylines()
        for _ in 0..<count { lines.append(stroke(&random)) }
        return lines
    }
}

/// Distances worked out the plain way.
enum Naive {
    static func distance(_ p: Point, _ a: Point, _ b: Point) -> Double {
        let (d, w) = (b - a, p - a)
        let squared = d.x * d.x + d.y * d.y
        guard squared > 0 else { return p.distance(to: a) }
        return p.distance(to: a + d * max(0, min(1, (w.x * d.x + w.y * d.y) / squared)))
    }

    static func distance(_ p: Point, _ line: ArraySlice<Point>) -> Double {
        guard let first = line.first else { return .infinity }
        var least = p.distance(to: first)
        for k in line.indices.dropLast() { least = min(least, distance(p, line[k], line[k + 1])) }
        return least
    }

    static func length(_ line: some Collection<Point>) -> Double {
        zip(line, line.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
    }
}

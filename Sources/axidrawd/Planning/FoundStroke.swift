internal import Motion
internal import Text

/// The stroke of a plan that comes nearest to a place that a person has picked.
struct FoundStroke: Equatable, Sendable {
    /// Counted from 0 in the order of drawing, over the whole drawing.
    var stroke = 0
    var strokeCount: Int
    var distance = Double.infinity
    var points: [Point] = []

    /// The first of those that are equally near. O(points).
    init(nearest place: Point, in strokes: PlannedStrokes) {
        strokeCount = strokes.polylines.count
        for index in 0..<strokeCount {
            let points = strokes.polylines[index]
            guard let first = points.first else { continue }
            var nearest = first.distance(to: place)
            for (a, b) in zip(points, points.dropFirst()) { nearest = min(nearest, Self.distance(place, a, b)) }
            if nearest < distance { (stroke, distance) = (index, nearest) }
        }
        if strokeCount > 0 { points = Array(strokes.polylines[stroke]) }
    }

    /// From a place to the straight line between two points.
    private static func distance(_ place: Point, _ a: Point, _ b: Point) -> Double {
        let (x, y) = (b.x - a.x, b.y - a.y)
        let square = x * x + y * y
        guard square > 0 else { return a.distance(to: place) }
        let share = max(0, min(1, ((place.x - a.x) * x + (place.y - a.y) * y) / square))
        return Point(a.x + share * x, a.y + share * y).distance(to: place)
    }

    var json: JSONValue {
        func rounded(_ value: Double) -> JSONValue { .number((value * 1000).rounded() / 1000) }
        return .object([
            ("stroke", .integer(stroke)), ("strokeCount", .integer(strokeCount)),
            ("distanceMillimetres", rounded(distance.isFinite ? distance : 0)),
            ("points", .array(points.flatMap { [rounded($0.x), rounded($0.y)] })),
        ])
    }
}

/// A path that text runs along: its outline as chords, by distance along it.
struct TextPath {
    private var points: [Point] = []
    /// Distance along the path of each point, user units.
    private var distances: [Double] = []
    private let isClosed: Bool
    /// It came to more points than it may.
    private(set) var isFull = false
    /// Where on it the text begins, user units.
    var start = 0.0

    /// Its points.
    var count: Int { points.count }
    /// All its length, user units; moves from one subpath to the next count nothing.
    var length: Double { distances.last ?? 0 }
    /// Its last point; nil when there is none.
    var end: Point? { points.last }

    /// - Parameters:
    ///   - outline: in user units.
    ///   - tolerance: of the chords, user units.
    ///   - most: points it may come to; beyond, `isFull` is set and the path is not usable.
    init(_ outline: PathBuffer, tolerance: Double, most: Int) {
        var flattener = Flattener(tolerance: tolerance, keepsOrigins: false)
        flattener.mostPoints = most
        var place = (verb: 0, point: 0)
        var isRing = true
        var distance = 0.0
        while place.verb < outline.verbs.count, !isFull {
            place = flattener.subpath(of: outline, verb: place.verb, end: outline.verbs.count, point: place.point)
            isFull = flattener.isFull || points.count + flattener.points.count > most
            isRing = isRing && points.isEmpty && flattener.isClosed
            for (k, p) in flattener.points.enumerated() {
                if k > 0, let last = points.last { distance += last.distance(to: p) }
                points.append(p)
                distances.append(distance)
            }
        }
        isClosed = isRing && !points.isEmpty
    }

    var isUsable: Bool { !isFull && points.count > 1 && length > 0 && length.isFinite }

    /// The same path from its other end.
    mutating func reverse() {
        let whole = length
        points.reverse()
        distances = distances.reversed().map { whole - $0 }
    }

    /// The point at a distance from the beginning, and the way the path runs there; nil = beyond its ends.
    func place(at distance: Double) -> (place: Point, direction: Point)? {
        var d = distance
        if isClosed, d < 0 || d > length { d -= (d / length).rounded(.down) * length }
        guard isUsable, d >= 0, d <= length else { return nil }
        var (low, high) = (0, points.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if distances[middle] <= d { low = middle } else { high = middle }
        }
        // A step without length, between subpaths, has no direction.
        while high < points.count - 1, distances[high] <= distances[low] { (low, high) = (high, high + 1) }
        let step = distances[high] - distances[low]
        guard step > 0 else { return nil }
        let along = (points[high] - points[low]) * (1 / step)
        let t = (d - distances[low]) / step
        let (first, last) = (tangent(beside: along, low - 1), tangent(beside: along, high))
        let direction = first * (1 - t) + last * t
        return (points[low] + along * (d - distances[low]), direction * (1 / Point(0, 0).distance(to: direction)))
    }

    /// The way through a point between two chords: half of each, but at a corner that of the chord in hand.
    ///
    /// - Parameter chord: the other chord, by its first point.
    private func tangent(beside along: Point, _ chord: Int) -> Point {
        guard chord >= 0, chord + 1 < points.count, distances[chord + 1] > distances[chord] else { return along }
        let other = (points[chord + 1] - points[chord]) * (1 / (distances[chord + 1] - distances[chord]))
        // 0.9: a turn of 26°; chords of curves turn less.
        return along.x * other.x + along.y * other.y > 0.9 ? (along + other) * 0.5 : along
    }
}

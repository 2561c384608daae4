/// Outlines in one flat buffer: verbs and the points that belong to them.
///
/// | verb | points |
/// | --- | --- |
/// | move, line | the end |
/// | cubic | two controls, the end |
/// | arc | centre, u, v, (start angle, sweep), the end |
/// | close | none |
///
/// Every subpath begins with a move. Memory: 17 bytes a straight segment, 49 a curve.
public struct PathBuffer: Equatable, Sendable {
    /// A kind of segment.
    public enum Verb: UInt8, Sendable {
        case move, line, cubic, arc, close

        /// How many points the verb takes.
        public var pointCount: Int {
            switch self {
            case .move, .line: 1
            case .cubic: 3
            case .arc: 5
            case .close: 0
            }
        }
    }

    public private(set) var verbs: [Verb] = []
    public private(set) var points: [Point] = []

    public init() {}

    /// Bytes that it takes.
    var heldBytes: Int { verbs.capacity + points.capacity * MemoryLayout<Point>.stride }

    /// Makes room for so many more, so that growing does not copy what is there again and again.
    mutating func reserve(verbs more: Int, points morePoints: Int) {
        let (wanted, wantedPoints) = (verbs.count + more, points.count + morePoints)
        if wanted > verbs.capacity { verbs.reserveCapacity(max(wanted, verbs.capacity + verbs.capacity / 2)) }
        if wantedPoints > points.capacity {
            points.reserveCapacity(max(wantedPoints, points.capacity + points.capacity / 2))
        }
    }

    /// Begins a subpath.
    public mutating func move(to p: Point) {
        verbs.append(.move)
        points.append(p)
    }

    /// Adds a straight segment.
    public mutating func line(to p: Point) {
        verbs.append(.line)
        points.append(p)
    }

    /// Adds a cubic Bézier by its controls and end.
    public mutating func cubic(_ p1: Point, _ p2: Point, to p3: Point) {
        verbs.append(.cubic)
        points.append(p1)
        points.append(p2)
        points.append(p3)
    }

    /// Adds an arc that ends exactly at `end`.
    public mutating func arc(_ arc: EllipticalArc, to end: Point) {
        verbs.append(.arc)
        points.append(arc.center)
        points.append(arc.u)
        points.append(arc.v)
        points.append(Point(arc.start, arc.sweep))
        points.append(end)
    }

    /// Ends the subpath where it began.
    public mutating func close() { verbs.append(.close) }

    /// The arc whose five points begin at `i`.
    public func arc(at i: Int) -> EllipticalArc {
        EllipticalArc(
            center: points[i], u: points[i + 1], v: points[i + 2], start: points[i + 3].x, sweep: points[i + 3].y)
    }

    /// Adds all segments of another buffer.
    mutating func append(_ other: PathBuffer) {
        verbs += other.verbs
        points += other.points
    }

    /// Drops everything after the first `verbs` verbs and `points` points.
    public mutating func truncate(verbs: Int, points: Int) {
        self.verbs.removeLast(self.verbs.count - verbs)
        self.points.removeLast(self.points.count - points)
    }

    /// Whether the outline from a point on can hold any area: not when it is points of one line, or none.
    ///
    /// - Complexity: as many points as lie on one line at its begin; arcs count as area.
    func hasArea(from first: Int) -> Bool {
        guard let start = points[first...].first, let next = points[first...].first(where: { $0 != start }) else {
            return false
        }
        let (dx, dy) = (next.x - start.x, next.y - start.y)
        let reach = dx.magnitude + dy.magnitude
        return points[first...].contains { p in
            let (x, y) = (p.x - start.x, p.y - start.y)
            return (dx * y - dy * x).magnitude > 1e-9 * reach * (x.magnitude + y.magnitude)
        }
    }

    /// Tight bounds of a run of segments, seen through a map; a lone move counts nothing.
    public func bounds(verbs range: Range<Int>, points first: Int, through m: Transform) -> Box {
        var box = Box.empty
        var i = first
        var last = Point(0, 0)
        for verb in verbs[range] {
            let end = i + verb.pointCount
            switch verb {
            case .move: last = m.apply(points[i])
            case .line:
                box.include(last)
                last = m.apply(points[i])
                box.include(last)
            case .cubic:
                let p3 = m.apply(points[i + 2])
                box.include(CubicBezier(last, m.apply(points[i]), m.apply(points[i + 1]), p3).bounds)
                last = p3
            case .arc:
                box.include(arc(at: i).mapped(by: m).bounds)
                last = m.apply(points[i + 4])
            case .close: break
            }
            i = end
        }
        return box
    }
}

extension EllipticalArc {
    /// Smallest box that contains the arc.
    public var bounds: Box {
        var box = Box.empty
        box.include(point(at: start))
        box.include(point(at: start + sweep))
        for extreme in [arcTangent(v.x, u.x), arcTangent(v.y, u.y)] {
            // The ends of the ellipse repeat every half turn; take those that the arc passes.
            let (low, high) = (min(start, start + sweep), max(start, start + sweep))
            var angle = extreme + ((low - extreme) / .pi).rounded(.up) * .pi
            while angle < high {
                box.include(point(at: angle))
                angle += .pi
            }
        }
        return box
    }
}

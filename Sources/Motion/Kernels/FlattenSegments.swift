/// Turns segments into points, one subpath at a time, each within a tolerance of its curve.
struct Flattener {
    let tolerance: Double
    let keepsOrigins: Bool
    /// The subpath in hand.
    private(set) var points: [Point] = []
    private(set) var origins: [CurveOrigin] = []
    private(set) var isClosed = false
    /// Curves that became their chord because they would have needed too many.
    private(set) var givenUp = 0
    private var parameters = ChordParameters()

    init(tolerance: Double, keepsOrigins: Bool) {
        self.tolerance = tolerance
        self.keepsOrigins = keepsOrigins
    }

    /// Reads one subpath; gives where the next one begins.
    ///
    /// - Parameters:
    ///   - verb: where the subpath begins in `outlines.verbs`.
    ///   - end: behind the last verb that may be read.
    ///   - point: where its points begin.
    ///   - map: applied to every segment before it is cut.
    mutating func subpath(
        of outlines: borrowing PathBuffer, verb first: Int, end: Int, point firstPoint: Int, map: Transform? = nil
    ) -> (verb: Int, point: Int) {
        points.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        isClosed = false
        var (verb, i) = (first, firstPoint)
        func mapped(_ k: Int) -> Point { map.map { $0.apply(outlines.points[k]) } ?? outlines.points[k] }
        while verb < end {
            let kind = outlines.verbs[verb]
            switch kind {
            case .move:
                if verb > first { return (verb, i) }
                append(mapped(i), verb, 0)
            case .line: append(mapped(i), verb, 1)
            case .cubic:
                if let start = points.last {
                    add(CubicBezier(start, mapped(i), mapped(i + 1), mapped(i + 2)), verb)
                }
            case .arc:
                let arc = outlines.arc(at: i)
                add(map.map { arc.mapped(by: $0) } ?? arc, to: mapped(i + 4), verb)
            case .close:
                isClosed = true
                if let start = points.first, points.last != start { append(start, verb, 1) }
                return (verb + 1, i)
            }
            i += kind.pointCount
            verb += 1
        }
        return (verb, i)
    }

    private mutating func append(_ p: Point, _ verb: Int, _ t: Double) {
        points.append(p)
        if keepsOrigins {
            origins.append(CurveOrigin(segment: Int32(truncatingIfNeeded: verb), parameter: Float(t)))
        }
    }

    private mutating func add(_ curve: CubicBezier, _ verb: Int) {
        // The same points whichever way the curve is travelled: cut it the way that begins further left.
        let isReversed = Self.isReversed(curve)
        let forward = isReversed ? curve.reversed : curve
        if !chordParameters(of: forward, tolerance: tolerance, into: &parameters) {
            givenUp += 1
            parameters.spreadEvenly(1)
        }
        let inner = parameters.inner
        for k in 0..<inner.count {
            let t = isReversed ? inner[inner.count - 1 - k] : inner[k]
            append(forward.point(at: t), verb, isReversed ? 1 - t : t)
        }
        append(curve.p3, verb, 1)
    }

    private static func isReversed(_ c: CubicBezier) -> Bool {
        if c.p0.x != c.p3.x { return c.p0.x > c.p3.x }
        if c.p0.y != c.p3.y { return c.p0.y > c.p3.y }
        if c.p1.x != c.p2.x { return c.p1.x > c.p2.x }
        return c.p1.y > c.p2.y
    }

    private mutating func add(_ arc: EllipticalArc, to end: Point, _ verb: Int) {
        if !chordParameters(of: arc, tolerance: tolerance, into: &parameters) {
            givenUp += 1
            parameters.spreadEvenly(1)
        }
        for t in parameters.inner { append(arc.point(at: arc.start + arc.sweep * t), verb, t) }
        append(end, verb, 1)
    }
}

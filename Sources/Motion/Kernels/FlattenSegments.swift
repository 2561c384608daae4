/// Turns segments into points, one subpath at a time, each within a tolerance of its curve.
struct Flattener {
    let tolerance: Double
    let keepsOrigins: Bool
    /// The subpath in hand.
    private(set) var points: [Point] = []
    private(set) var origins: [CurveOrigin] = []
    private(set) var isClosed = false
    /// Whether any of its segments is a curve.
    private(set) var isCurved = false
    /// Measures the lengths of `lengths` where it is set: from the page to the unit of dashes, its linear part.
    var metric: Transform?
    /// Length of the true curve up to each point from the one before it; empty without a metric.
    private(set) var lengths: [Double] = []
    /// Curves that became their chord because they would have needed too many.
    private(set) var givenUp = 0
    /// Points beyond which a subpath is left unfinished.
    var mostPoints = Int.max
    /// Whether the subpath in hand was left unfinished.
    private(set) var isFull = false
    private var chords = CubicChords()
    private var parameters = ChordParameters()
    private var turns = UnitTurns()

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
        lengths.removeAll(keepingCapacity: true)
        isClosed = false
        isCurved = false
        isFull = false
        var (verb, i) = (first, firstPoint)
        func mapped(_ k: Int) -> Point { map.map { $0.apply(outlines.points[k]) } ?? outlines.points[k] }
        while verb < end {
            let kind = outlines.verbs[verb]
            if points.count > mostPoints {
                isFull = true
                return (end, i)
            }
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

    /// - Parameter length: of the curve since the point before; nil = that of the straight line.
    private mutating func append(_ p: Point, _ verb: Int, _ t: Double, length: Double? = nil) {
        if let metric {
            lengths.append(length ?? points.last.map { metric.applyLinear(p - $0).distance(to: Point(0, 0)) } ?? 0)
        }
        points.append(p)
        if keepsOrigins {
            origins.append(CurveOrigin(segment: Int32(truncatingIfNeeded: verb), parameter: Float(t)))
        }
    }

    private mutating func add(_ curve: CubicBezier, _ verb: Int) {
        isCurved = true
        // The same points whichever way the curve is travelled: cut it the way that begins further left.
        let isReversed = Self.isReversed(curve)
        let forward = isReversed ? curve.reversed : curve
        if !chords.cut(forward, tolerance: tolerance) { givenUp += 1 }
        if metric == nil && !keepsOrigins {
            for k in 0..<chords.count { points.append(chords.places[isReversed ? chords.count - 1 - k : k]) }
            points.append(curve.p3)
            return
        }
        var last = 0.0
        for k in 0..<chords.count {
            let cut = isReversed ? chords.count - 1 - k : k
            let t = chords.parameters[cut]
            let own = isReversed ? 1 - t : t
            append(chords.places[cut], verb, own, length: length(last, own) { curve.tangent(at: $0) })
            last = own
        }
        append(curve.p3, verb, 1, length: length(last, 1) { curve.tangent(at: $0) })
    }

    /// Length of a piece of curve in the metric, by Gauss and Legendre's three points; nil without a metric.
    private func length(_ a: Double, _ b: Double, _ tangent: (Double) -> Point) -> Double? {
        guard let metric else { return nil }
        let (middle, half) = ((a + b) / 2, (b - a) / 2)
        func speed(_ t: Double) -> Double { metric.applyLinear(tangent(t)).distance(to: Point(0, 0)) }
        let side = half * 0.774_596_669_241_483_4
        return half * (8 * speed(middle) + 5 * (speed(middle - side) + speed(middle + side))) / 9
    }

    private static func isReversed(_ c: CubicBezier) -> Bool {
        if c.p0.x != c.p3.x { return c.p0.x > c.p3.x }
        if c.p0.y != c.p3.y { return c.p0.y > c.p3.y }
        if c.p1.x != c.p2.x { return c.p1.x > c.p2.x }
        return c.p1.y > c.p2.y
    }

    private mutating func add(_ arc: EllipticalArc, to end: Point, _ verb: Int) {
        isCurved = true
        if metric == nil, !keepsOrigins, arc.start == 0, arc.sweep == 2 * .pi,
            let parts = evenParts(of: arc, tolerance: tolerance), parts <= UnitTurns.mostParts
        {
            turns.append(parts, of: arc, to: &points)
            points.append(end)
            return
        }
        if !chordParameters(of: arc, tolerance: tolerance, into: &parameters) {
            givenUp += 1
            parameters.spreadEvenly(1)
        }
        func tangent(_ t: Double) -> Point { arc.tangent(at: arc.start + arc.sweep * t) * arc.sweep }
        let inner = parameters.inner
        var last = 0.0
        for t in inner {
            append(arc.point(at: arc.start + arc.sweep * t), verb, t, length: length(last, t, tangent))
            last = t
        }
        append(end, verb, 1, length: length(last, 1, tangent))
    }
}

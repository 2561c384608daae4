/// A piece of an ellipse: centre + u·cos θ + v·sin θ for θ from `start` to `start + sweep`.
///
/// `u` and `v` are conjugate half axes: any affine image of an arc is an arc again, by mapping the three vectors.
public struct EllipticalArc: Hashable, Sendable {
    public var center: Point
    public var u: Point
    public var v: Point
    /// Angle of the first point, radians.
    public var start: Double
    /// Signed angle travelled, radians.
    public var sweep: Double

    public init(center: Point, u: Point, v: Point, start: Double, sweep: Double) {
        self.center = center
        self.u = u
        self.v = v
        self.start = start
        self.sweep = sweep
    }

    /// The point at angle `theta`.
    public func point(at theta: Double) -> Point {
        let (s, k) = (sine(theta), cosine(theta))
        return Point(center.x + u.x * k + v.x * s, center.y + u.y * k + v.y * s)
    }

    /// Derivative by the angle.
    public func tangent(at theta: Double) -> Point {
        let (s, k) = (sine(theta), cosine(theta))
        return Point(v.x * k - u.x * s, v.y * k - u.y * s)
    }

    /// The image under a map.
    public func mapped(by m: Transform) -> EllipticalArc {
        EllipticalArc(center: m.apply(center), u: m.applyLinear(u), v: m.applyLinear(v), start: start, sweep: sweep)
    }

    /// Larger and smaller half axis.
    public var halfAxes: (larger: Double, smaller: Double) { Transform(u.x, u.y, v.x, v.y, 0, 0).singularValues }

    /// What an arc in end-point form is given by; `SVG` path data and others use it.
    public struct Endpoints: Hashable, Sendable {
        public var from, to: Point
        public var rx, ry: Double
        /// Degrees from the x axis to the `rx` half axis.
        public var rotation: Double
        public var isLarge, isSweep: Bool

        public init(
            from: Point, to: Point, rx: Double, ry: Double, rotation: Double, isLarge: Bool, isSweep: Bool
        ) {
            self.from = from
            self.to = to
            self.rx = rx
            self.ry = ry
            self.rotation = rotation
            self.isLarge = isLarge
            self.isSweep = isSweep
        }
    }

    /// The arc between two points; nil when it is a straight line (a radius is zero or nothing is finite).
    ///
    /// Radii that are too small grow until the end is reached (SVG 1.1 F.6.6).
    public init?(_ e: Endpoints) {
        var (rx, ry) = (e.rx.magnitude, e.ry.magnitude)
        guard rx > 0, ry > 0, e.from != e.to else { return nil }
        let axes = Transform.rotation(degrees: e.rotation)
        let (k, s) = (axes.a, axes.b)
        let half = Point((e.from.x - e.to.x) / 2, (e.from.y - e.to.y) / 2)
        let h = Point(k * half.x + s * half.y, k * half.y - s * half.x)
        var n = Point(h.x / rx, h.y / ry)  // in units of the radii, so that huge and tiny ones keep their precision
        var excess = n.x * n.x + n.y * n.y
        if excess > 1 {
            let grow = excess.squareRoot()
            rx *= grow
            ry *= grow
            n = Point(n.x / grow, n.y / grow)
            excess = 1
        }
        guard excess > 0, rx.isFinite, ry.isFinite else { return nil }
        var f = max(0, 1 / excess - 1).squareRoot()
        if e.isLarge == e.isSweep { f = -f }
        let c = Point(f * n.y, -f * n.x)  // centre in units of the radii
        u = Point(k * rx, s * rx)
        v = Point(-s * ry, k * ry)
        center = Point(
            u.x * c.x + v.x * c.y + (e.from.x + e.to.x) / 2, u.y * c.x + v.y * c.y + (e.from.y + e.to.y) / 2)
        start = arcTangent(n.y - c.y, n.x - c.x)
        sweep = arcTangent(-n.y - c.y, -n.x - c.x) - start
        if e.isSweep, sweep < 0 { sweep += 2 * .pi }
        if !e.isSweep, sweep > 0 { sweep -= 2 * .pi }
        guard center.isFinite, sweep.isFinite else { return nil }
    }
}

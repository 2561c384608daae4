/// A cubic Bézier curve; a quadratic one is raised to it without loss.
public struct CubicBezier: Hashable, Sendable {
    public var p0, p1, p2, p3: Point

    public init(_ p0: Point, _ p1: Point, _ p2: Point, _ p3: Point) {
        self.p0 = p0
        self.p1 = p1
        self.p2 = p2
        self.p3 = p3
    }

    /// The cubic that is the same curve, at the same parameters, as a quadratic one.
    public init(quadratic p0: Point, _ p1: Point, _ p2: Point) {
        self.init(
            p0, Point(p0.x + (p1.x - p0.x) * 2 / 3, p0.y + (p1.y - p0.y) * 2 / 3),
            Point(p2.x + (p1.x - p2.x) * 2 / 3, p2.y + (p1.y - p2.y) * 2 / 3), p2)
    }

    /// The point at `t`; a reversed curve gives the very same point at `1 − t` where that is exact.
    public func point(at t: Double) -> Point {
        let s = 1 - t
        let (w0, w1, w2, w3) = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
        return Point(
            (w0 * p0.x + w3 * p3.x) + (w1 * p1.x + w2 * p2.x), (w0 * p0.y + w3 * p3.y) + (w1 * p1.y + w2 * p2.y))
    }

    /// Derivative by the parameter.
    public func tangent(at t: Double) -> Point {
        let s = 1 - t
        let (w0, w1, w2) = (3 * s * s, 6 * s * t, 3 * t * t)
        return Point(
            w0 * (p1.x - p0.x) + w1 * (p2.x - p1.x) + w2 * (p3.x - p2.x),
            w0 * (p1.y - p0.y) + w1 * (p2.y - p1.y) + w2 * (p3.y - p2.y))
    }

    /// The curve travelled the other way.
    public var reversed: CubicBezier { CubicBezier(p3, p2, p1, p0) }

    /// Largest second difference of the control points: B″ is at most six times this.
    public var secondDifference: Double {
        let (ax, ay) = (p0.x - 2 * p1.x + p2.x, p0.y - 2 * p1.y + p2.y)
        let (bx, by) = (p1.x - 2 * p2.x + p3.x, p1.y - 2 * p2.y + p3.y)
        return max(ax * ax + ay * ay, bx * bx + by * by).squareRoot()
    }

    /// Smallest box that contains the curve.
    public var bounds: Box {
        var box = Box.empty
        box.include(p0)
        box.include(p3)
        if box.contains(p1), box.contains(p2) { return box }
        for t in extremes(p0.x, p1.x, p2.x, p3.x) + extremes(p0.y, p1.y, p2.y, p3.y) { box.include(point(at: t)) }
        return box
    }

    /// Parameters inside 0…1 at which one coordinate stops growing or shrinking.
    private func extremes(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> [Double] {
        let (k0, k1, k2) = (b - a, c - b, d - c)
        let (p, q) = (k0 - 2 * k1 + k2, k1 - k0)  // p t² + 2 q t + k0 = 0
        let root = max(0, q * q - p * k0).squareRoot()
        let s = q < 0 ? q - root : q + root  // the root without cancellation
        return [p != 0 ? -s / p : 0, s != 0 ? -k0 / s : 0].filter { $0 > 0 && $0 < 1 }
    }
}

/// An affine map of the plane: (x, y) → (a·x + c·y + tx, b·x + d·y + ty), as SVG's `matrix(a b c d tx ty)`.
public struct Transform: Hashable, Sendable {
    public var a, b, c, d, tx, ty: Double

    public init(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ tx: Double, _ ty: Double) {
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.tx = tx
        self.ty = ty
    }

    public static let identity = Transform(1, 0, 0, 1, 0, 0)

    /// Moves by an offset.
    public static func translation(_ x: Double, _ y: Double) -> Transform { Transform(1, 0, 0, 1, x, y) }
    /// Scales about the origin.
    public static func scaling(_ x: Double, _ y: Double) -> Transform { Transform(x, 0, 0, y, 0, 0) }

    /// Rotation by an angle in degrees, from x towards y; multiples of 90° are exact.
    public static func rotation(degrees: Double) -> Transform {
        let turned = degrees.truncatingRemainder(dividingBy: 360)
        switch turned {
        case 0: return .identity
        case 90, -270: return Transform(0, 1, -1, 0, 0, 0)
        case 180, -180: return Transform(-1, 0, 0, -1, 0, 0)
        case 270, -90: return Transform(0, -1, 1, 0, 0, 0)
        case let angle:
            let radians = angle * (.pi / 180)
            let (s, k) = (sine(radians), cosine(radians))
            return Transform(k, s, -s, k, 0, 0)
        }
    }

    /// `a * b` applies `b` first.
    public static func * (m: Transform, n: Transform) -> Transform {
        Transform(
            m.a * n.a + m.c * n.b, m.b * n.a + m.d * n.b,
            m.a * n.c + m.c * n.d, m.b * n.c + m.d * n.d,
            m.a * n.tx + m.c * n.ty + m.tx, m.b * n.tx + m.d * n.ty + m.ty)
    }

    /// Image of a point.
    public func apply(_ p: Point) -> Point { Point(a * p.x + c * p.y + tx, b * p.x + d * p.y + ty) }

    /// Image of a direction: the translation does not count.
    public func applyLinear(_ p: Point) -> Point { Point(a * p.x + c * p.y, b * p.x + d * p.y) }

    public var determinant: Double { a * d - b * c }

    /// The map that undoes this one; nil when this one is singular or not finite.
    public var inverse: Transform? {
        let k = determinant
        guard k != 0, k.isFinite else { return nil }
        let m = Transform(d / k, -b / k, -c / k, a / k, 0, 0)
        let t = m.applyLinear(Point(tx, ty))
        let result = Transform(m.a, m.b, m.c, m.d, -t.x, -t.y)
        return result.isFinite ? result : nil
    }

    public var isFinite: Bool { (a + b + c + d + tx + ty).isFinite }

    /// Largest and smallest factor by which a length can grow.
    public var singularValues: (larger: Double, smaller: Double) {
        let (e, f, g, h) = ((a + d) / 2, (a - d) / 2, (b + c) / 2, (b - c) / 2)
        let q = (e * e + h * h).squareRoot()
        let r = (f * f + g * g).squareRoot()
        return (q + r, (q - r).magnitude)
    }
}

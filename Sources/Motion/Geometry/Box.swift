/// An axis-parallel rectangle in mm; empty until a point is included.
public struct Box: Hashable, Sendable {
    public var minimum = Point(.infinity, .infinity)
    public var maximum = Point(-.infinity, -.infinity)

    public init() {}

    public init(minimum: Point, maximum: Point) {
        self.minimum = minimum
        self.maximum = maximum
    }

    public var isEmpty: Bool { !(minimum.x <= maximum.x && minimum.y <= maximum.y) }

    /// Width and height; zero when empty.
    public var size: Size {
        isEmpty ? Size(width: 0, height: 0) : Size(width: maximum.x - minimum.x, height: maximum.y - minimum.y)
    }

    public mutating func include(_ p: Point) {
        if p.x < minimum.x { minimum.x = p.x }
        if p.x > maximum.x { maximum.x = p.x }
        if p.y < minimum.y { minimum.y = p.y }
        if p.y > maximum.y { maximum.y = p.y }
    }

    public func contains(_ p: Point) -> Bool {
        p.x >= minimum.x && p.x <= maximum.x && p.y >= minimum.y && p.y <= maximum.y
    }

    public func contains(_ other: Box) -> Bool { contains(other.minimum) && contains(other.maximum) }

    public func intersection(_ other: Box) -> Box {
        Box(
            minimum: Point(max(minimum.x, other.minimum.x), max(minimum.y, other.minimum.y)),
            maximum: Point(min(maximum.x, other.maximum.x), min(maximum.y, other.maximum.y)))
    }

    /// The nearest point inside.
    public func clamp(_ p: Point) -> Point {
        Point(max(minimum.x, min(p.x, maximum.x)), max(minimum.y, min(p.y, maximum.y)))
    }
}

extension Box {
    /// A box by its four sides.
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.init(minimum: Point(minX, minY), maximum: Point(maxX, maxY))
    }

    /// Contains nothing; grows by `include`.
    public static let empty = Box()

    public var minX: Double { minimum.x }
    public var minY: Double { minimum.y }
    public var maxX: Double { maximum.x }
    public var maxY: Double { maximum.y }
    public var width: Double { size.width }
    public var height: Double { size.height }

    /// Grows to contain another box.
    public mutating func include(_ other: Box) {
        minimum = Point(min(minX, other.minX), min(minY, other.minY))
        maximum = Point(max(maxX, other.maxX), max(maxY, other.maxY))
    }

    /// The box grown by a margin on every side.
    public func expanded(by margin: Double) -> Box {
        Box(minX: minX - margin, minY: minY - margin, maxX: maxX + margin, maxY: maxY + margin)
    }

    /// Whether the two have a point in common.
    public func intersects(_ other: Box) -> Bool {
        minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
    }
}

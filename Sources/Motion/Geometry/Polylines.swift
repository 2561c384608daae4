/// Where on its source curve a flattened point lies.
public struct CurveOrigin: Hashable, Sendable {
    /// Index of the segment in the drawing's segment buffer; −1 when the point belongs to none (cut or joined).
    public var segment: Int32
    /// Curve parameter in 0…1 on that segment.
    public var parameter: Float

    public init(segment: Int32, parameter: Float) {
        self.segment = segment
        self.parameter = parameter
    }
}

/// Many polylines in one flat buffer, in mm.
///
/// Polyline `i` is `points[starts[i]..<starts[i + 1]]`. A polyline of one point is a dot. Memory: 16 bytes a point,
/// 8 bytes a polyline, 8 more a point where curve origins are kept.
public struct Polylines: Equatable, Sendable {
    public private(set) var points: [Point] = []
    /// Offsets into `points`; always one more than there are polylines.
    public private(set) var starts: [Int] = [0]
    /// Empty, or one a point.
    public private(set) var origins: [CurveOrigin] = []

    public init() {}

    /// Wraps buffers that already obey the invariants.
    public init(points: [Point], starts: [Int], origins: [CurveOrigin] = []) {
        precondition(starts.first == 0 && starts.last == points.count, "starts must span the points")
        precondition(origins.isEmpty || origins.count == points.count, "origins must match the points")
        self.points = points
        self.starts = starts
        self.origins = origins
    }

    public var count: Int { starts.count - 1 }

    public func range(_ i: Int) -> Range<Int> { starts[i]..<starts[i + 1] }

    public subscript(i: Int) -> ArraySlice<Point> { points[range(i)] }

    public mutating func reserve(points: Int, polylines: Int) {
        self.points.reserveCapacity(points)
        starts.reserveCapacity(polylines + 1)
    }

    /// Empties it; memory stays for what is appended next.
    mutating func removeAll() {
        points.removeAll(keepingCapacity: true)
        starts.removeSubrange(1...)
        origins.removeAll(keepingCapacity: true)
    }

    /// Moves the last point of the polyline being built.
    mutating func replaceLast(with point: Point) { points[points.count - 1] = point }

    /// Adds a point to the polyline being built; `finish()` ends it.
    public mutating func append(_ point: Point) { points.append(point) }

    /// Adds a point with its origin; use either form for all points of a buffer.
    public mutating func append(_ point: Point, origin: CurveOrigin) {
        points.append(point)
        origins.append(origin)
    }

    /// Ends the polyline being built; without points since the last end, adds nothing.
    public mutating func finish() {
        if points.count > starts[starts.count - 1] { starts.append(points.count) }
    }

    public mutating func append(_ polyline: some Sequence<Point>) {
        points.append(contentsOf: polyline)
        finish()
    }

    /// Adds a whole polyline with its origins; none, or one a point.
    public mutating func append(_ polyline: [Point], origins: [CurveOrigin]) {
        precondition(origins.isEmpty || origins.count == polyline.count, "origins must match the points")
        points.append(contentsOf: polyline)
        self.origins.append(contentsOf: origins)
        finish()
    }

    /// Length of polyline `i` in mm.
    public func length(_ i: Int) -> Double { self[i].pathLength }
}

extension ArraySlice<Point> {
    /// From the first to the last, along all of them, mm.
    package var pathLength: Double {
        var sum = 0.0
        guard var last = first else { return 0 }
        for point in self {
            sum += last.distance(to: point)
            last = point
        }
        return sum
    }
}

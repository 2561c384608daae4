/// A path without repeated points, and the highest speed at each of its vertices.
///
/// Keeps its buffers from path to path.
package struct PathSpeeds: Sendable {
    package private(set) var vertices: [Point] = []
    /// mm, one a segment.
    package private(set) var lengths: [Double] = []
    /// (mm/s)², one a segment.
    package private(set) var caps: [Double] = []
    /// (mm/s)², one a vertex.
    package private(set) var squared: [Double] = []
    /// Factors of the speed limit, one a segment; empty while nothing had to be slowed.
    var slowdown: [Double] = []
    /// Where the vertices of a smoothed path were; empty where none was moved.
    private(set) var source: [Point] = []
    /// Sides of `source`, mm.
    private var sourceLengths: [Double] = []

    package init() {}

    /// Nearer neighbours are one point, mm.
    static let shortestSegment = 1e-7

    /// Takes the path in; false when it has no length.
    package mutating func take(_ points: ArraySlice<Point>) -> Bool {
        vertices.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        slowdown.removeAll(keepingCapacity: true)
        source.removeAll(keepingCapacity: true)
        vertices.reserveCapacity(points.count)
        guard var last = points.first else { return false }
        vertices.append(last)
        for point in points.dropFirst() {
            let length = last.distance(to: point)
            guard length > Self.shortestSegment else { continue }
            lengths.append(length)
            vertices.append(point)
            last = point
        }
        return !lengths.isEmpty
    }

    /// Finds the speeds of the path taken in, from rest to rest.
    package mutating func plan(limits: MotionLimits, rates: RateCaps) {
        let (points, lengths, slowdown) = (vertices, lengths, slowdown)
        // Moved out and back: two spans of one structure cannot be written at a time.
        var caps: [Double] = []
        var squared: [Double] = []
        swap(&caps, &self.caps)
        swap(&squared, &self.squared)
        resize(&caps, to: lengths.count)
        resize(&squared, to: points.count)
        var capSpan = caps.mutableSpan
        var squaredSpan = squared.mutableSpan
        capSpeeds(
            points: points.span, lengths: lengths.span, slowdown: slowdown.span, limits: limits, rates: rates,
            caps: &capSpan, squared: &squaredSpan)
        limitVertexSpeeds(&squaredSpan, lengths: lengths.span, acceleration: limits.acceleration)
        swap(&caps, &self.caps)
        swap(&squared, &self.squared)
    }

    /// Sides up to so many times the tolerance are short.
    private static let shortSide = 16.0
    /// Of the time of a path as it is, what one that is worth smoothing takes at most.
    private static let worthwhile = 0.9

    /// Smooths the path within the tolerance and plans it again, where that saves a good part of its time: where it is
    /// noise that slows it down. Else it is left as it is. The path must have been planned.
    mutating func smooth(limits: MotionLimits, rates: RateCaps) {
        let longest = Self.shortSide * limits.tolerance
        guard lengths.count > 2, lengths.count(where: { $0 <= longest }) * 2 > lengths.count else { return }
        let duration = duration(acceleration: limits.acceleration)
        source = vertices
        sourceLengths = lengths
        var places: [Point] = []
        swap(&places, &vertices)
        var placeSpan = places.mutableSpan
        Motion.smooth(
            &placeSpan, source: source.span, lengths: sourceLengths.span, reach: limits.tolerance, longest: longest)
        swap(&places, &vertices)
        for i in lengths.indices { lengths[i] = vertices[i].distance(to: vertices[i + 1]) }
        if lengths.allSatisfy({ $0 > Self.shortestSegment }) {
            plan(limits: limits, rates: rates)
            if self.duration(acceleration: limits.acceleration) < duration * Self.worthwhile { return }
        }
        swap(&vertices, &source)
        swap(&lengths, &sourceLengths)
        source.removeAll(keepingCapacity: true)
        plan(limits: limits, rates: rates)
    }

    /// Time from end to end as planned, s.
    func duration(acceleration: Double) -> Double {
        var sum = 0.0
        for i in lengths.indices {
            sum += segmentSeconds(lengths[i], squared[i], squared[i + 1], cap: caps[i], acceleration)
        }
        return sum
    }

    private func resize(_ buffer: inout [Double], to count: Int) {
        if buffer.count > count {
            buffer.removeLast(buffer.count - count)
        } else if buffer.count < count {
            buffer.append(contentsOf: repeatElement(0, count: count - buffer.count))
        }
    }
}

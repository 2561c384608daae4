/// Time of paths whose motion keeps the acceleration vector within its limit: corners rounded, speeds as planned, without the
/// commands that follow.
///
/// What smoothing of noise saves is not in it: it saves as much whichever way a path is drawn.
struct CurvePrice: Sendable {
    private let limits: CurveLimits
    /// Highest speed of one motor, as mm/s of x + y.
    private let motorSpeed: Double
    private var places: [SIMD2<Double>] = []
    private var path = RoundedPath()
    private var profile = CurveProfile()
    private var ring = RingCurves()

    init(limits: CurveLimits, motorSpeed: Double) {
        self.limits = limits
        self.motorSpeed = motorSpeed
    }

    /// From rest to rest, s; 0 for a path without length.
    ///
    /// - Complexity: O(points), no allocation once its buffers are large enough.
    mutating func seconds(along points: ArraySlice<Point>) -> Double {
        var (sum, first) = (0.0, points.startIndex)
        while first < points.endIndex - 1 {
            let end = LongPath.end(of: points, from: first)
            sum += seconds(ofPiece: points[first...end])
            first = end
        }
        return sum
    }

    private mutating func seconds(ofPiece points: ArraySlice<Point>) -> Double {
        take(points)
        guard places.count > 1 else { return 0 }
        var (sum, first) = (0.0, 0)
        for i in 1..<places.count {
            guard i + 1 == places.count || RoundedPath.stops(places[i - 1], places[i], places[i + 1]) else { continue }
            path.lay(places[first...i], limits: limits, shortestSeconds: 0)
            profile.clear()
            profile.plan(path, limits: limits, motorSpeed: motorSpeed)
            sum += profile.duration
            first = i
        }
        return sum
    }

    /// Appends for each vertex of a closed path but the last what beginning and ending there costs beside passing it, s.
    ///
    /// - Complexity: O(points).
    mutating func stops(of points: ArraySlice<Point>, into costs: inout [Float]) {
        take(points)
        if places.count > 1 { places.removeLast() }
        guard places.count > 1 else {
            return costs.append(contentsOf: repeatElement(0, count: max(0, points.count - 1)))
        }
        let stops = ring.stops(places, limits: limits, motorSpeed: motorSpeed)
        var vertex = -1
        for k in points.indices.dropLast() {
            let place = SIMD2(points[k].x, points[k].y)
            // A point that repeats the one before is the same vertex.
            if k == points.startIndex || !Self.isSame(place, places[vertex]) {
                vertex = min(vertex + 1, places.count - 1)
            }
            costs.append(Float(stops[vertex]))
        }
    }

    private mutating func take(_ points: ArraySlice<Point>) {
        places.removeAll(keepingCapacity: true)
        for point in points {
            let place = SIMD2(point.x, point.y)
            if let last = places.last, Self.isSame(last, place) { continue }
            places.append(place)
        }
    }

    private static func isSame(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Bool {
        let side = b - a
        return (side * side).sum() <= PathSpeeds.shortestSegment * PathSpeeds.shortestSegment
    }
}

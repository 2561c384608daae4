/// Square of the highest speed at which the pen may pass from one segment into the next, (mm/s)².
///
/// The corner is imagined rounded by an arc that stays within `deviation` of the vertex; the speed is where the
/// centripetal acceleration on that arc equals `acceleration`: v² = a·d·s / (1 − s), s the sine of half the inner angle.
///
/// - Parameters:
///   - cosine: cosine of the turn; 1 is straight on, −1 is a full reversal.
///   - deviation: mm, > 0.
///   - acceleration: mm/s², > 0.
/// - Returns: 0 for a reversal, a very large number or infinity for a straight joint.
@inline(__always)
func junctionSpeedSquared(cosine: Double, deviation: Double, acceleration: Double) -> Double {
    let sineOfHalf = max(0, (1 + cosine) / 2).squareRoot()
    guard sineOfHalf < 1 else { return .infinity }
    return acceleration * deviation * sineOfHalf / (1 - sineOfHalf)
}

/// What limits the speed along a path, beside its own limits: rates of the motors.
package struct RateCaps {
    /// Highest speed of one motor, as mm/s of x + y.
    package var motorSpeed: Double
    /// Largest jump of one motor's speed at a corner, as mm/s of x + y.
    package var motorSpeedStep: Double

    package init(motorSpeed: Double, motorSpeedStep: Double) {
        self.motorSpeed = motorSpeed
        self.motorSpeedStep = motorSpeedStep
    }
}

/// Fills in the square of the highest speed on each segment and at each vertex, before look-ahead, (mm/s)².
///
/// - Parameters:
///   - points: n + 1 vertices, no two neighbours equal; the path is at rest at both ends.
///   - lengths: mm, n segments.
///   - slowdown: factors of the speed limit, one a segment, or empty.
///   - caps, squared: filled; n and n + 1 long.
/// - Complexity: O(n), no allocation.
func capSpeeds(
    points: Span<Point>, lengths: Span<Double>, slowdown: Span<Double>, limits: MotionLimits, rates: RateCaps,
    caps: inout MutableSpan<Double>, squared: inout MutableSpan<Double>
) {
    precondition(points.count == lengths.count + 1 && caps.count == lengths.count && squared.count == points.count)
    var beforeX = 0.0
    var beforeY = 0.0
    var capBefore = 0.0
    let stepSquared = rates.motorSpeedStep * rates.motorSpeedStep
    for i in 0..<lengths.count {
        let inverse = 1 / lengths[i]
        let x = (points[i + 1].x - points[i].x) * inverse
        let y = (points[i + 1].y - points[i].y) * inverse
        var speed = min(limits.speed, rates.motorSpeed / (x.magnitude + y.magnitude))
        if !slowdown.isEmpty { speed *= slowdown[i] }
        let cap = speed * speed
        caps[i] = cap
        let corner = junctionSpeedSquared(
            cosine: beforeX * x + beforeY * y, deviation: limits.junctionDeviation, acceleration: limits.acceleration)
        // A motor's share of the turn is |Δx| + |Δy| at most.
        let turn = (x - beforeX).magnitude + (y - beforeY).magnitude
        squared[i] = min(min(corner, stepSquared / (turn * turn)), min(cap, capBefore))
        (beforeX, beforeY, capBefore) = (x, y, cap)
    }
    squared[0] = 0
    squared[lengths.count] = 0
}

/// Caps the squared speeds at the vertices of a path so that each can be reached from its neighbours.
///
/// One backward and one forward pass are exactly optimal when acceleration acts along the line only.
/// - Parameters:
///   - squared: (mm/s)², one a vertex, changed in place; the caps of the corners come in.
///   - lengths: mm, one a segment: one fewer than vertices.
///   - acceleration: mm/s².
/// - Complexity: O(n), no allocation.
func limitVertexSpeeds(_ squared: inout MutableSpan<Double>, lengths: Span<Double>, acceleration: Double) {
    precondition(lengths.count == squared.count - 1, "one segment between two vertices")
    let twice = 2 * acceleration
    var next = squared[lengths.count]
    for i in stride(from: lengths.count - 1, through: 0, by: -1) {
        next = min(squared[i], next + twice * lengths[i])
        squared[i] = next
    }
    var last = squared[0]
    for i in 0..<lengths.count {
        last = min(squared[i + 1], last + twice * lengths[i])
        squared[i + 1] = last
    }
}

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

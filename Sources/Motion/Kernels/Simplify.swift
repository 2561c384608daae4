/// Drops points of a polyline while it stays within `tolerance` of what it was, both ways and in order along it.
///
/// From each kept point a cone of directions is carried along: the directions in which a straight line passes every
/// point since then at most `tolerance` away. A point inside the cone, and no nearer than those before it, may end the
/// line. Points may step back by a small part of the tolerance (noise of a scan); a real reversal ends the line, so a
/// path drawn forth and back is kept. The first and last points never move, kept points are points of the input.
///
/// - Parameters: `points` any polyline; `tolerance` in mm, > 0; `keep` is called with the offset of each kept point.
/// - Complexity: O(n), no allocation.
@inline(__always)
package func simplify(_ points: Span<Point>, tolerance: Double, keep: (Int) -> Void) {
    let count = points.count
    guard count > 0 else { return }
    keep(0)
    var anchor = 0
    while anchor < count - 1 {
        anchor = farthestChord(points, from: anchor, tolerance: tolerance)
        keep(anchor)
    }
}

/// Share of the tolerance that a chord's distance may use; the rest pays for steps back along the chord.
private let coneShare = 0.95
/// Largest step back along a chord as a share of the tolerance: √(1 − 0.95²), less a little.
private let backShare = 0.3
/// Points beyond the last possible end after which a chord is given up; bounds the work per point.
private let patience = 24

/// Index of the last point that a chord from `anchor` may end at; at least `anchor + 1`.
@inline(__always)
private func farthestChord(_ points: Span<Point>, from anchor: Int, tolerance: Double) -> Int {
    let origin = points[anchor]
    let radius = tolerance * coneShare
    let radiusSquared = radius * radius
    var (leftX, leftY, rightX, rightY) = (0.0, 0.0, 0.0, 0.0)  // directions that bound the cone
    var hasCone = false
    var farthestSquared = 0.0
    var best = anchor + 1
    var k = anchor + 1
    while k < points.count {
        let (x, y) = (points[k].x - origin.x, points[k].y - origin.y)
        let squared = x * x + y * y
        let beyondLeft = leftX * y - leftY * x
        let beyondRight = rightY * x - rightX * y
        let isInCone = !hasCone || (beyondLeft <= 0 && beyondRight <= 0)
        if squared >= farthestSquared {
            if isInCone && (hasCone || squared > 0 || k == anchor + 1) { best = k }
            farthestSquared = squared
        } else {
            let back = farthestSquared.squareRoot() - squared.squareRoot()
            if back > tolerance * backShare { return best }
        }
        if k - best > patience { return best }
        if squared > radiusSquared {
            // Tangents from the anchor to the circle of `radius` round the point.
            let c = (squared - radiusSquared).squareRoot()
            let (lx, ly) = (x * c - y * radius, y * c + x * radius)
            let (rx, ry) = (x * c + y * radius, y * c - x * radius)
            if !hasCone {
                (leftX, leftY, rightX, rightY) = (lx, ly, rx, ry)
                hasCone = true
            } else {
                if leftX * x + leftY * y <= 0 && rightX * x + rightY * y <= 0 { return best }
                // Behind a wide cone: beyond both of its sides, so which side a tangent is on cannot be told.
                if beyondLeft > 0 && beyondRight > 0 { return best }
                if beyondLeft <= 0 && leftX * ly - leftY * lx < 0 { (leftX, leftY) = (lx, ly) }
                if beyondRight <= 0 && rightX * ry - rightY * rx > 0 { (rightX, rightY) = (rx, ry) }
                if rightX * leftY - rightY * leftX < 0 { return best }
            }
        }
        k += 1
    }
    return best
}

/// Square of the highest speed after `length`, begun at `squared`, when the acceleration vector is limited.
///
/// Across the path it takes v²·k; what is left of the limit acts along it. On a parabola the two are not square to each
/// other: at its ends they enclose the sine of half the turn. Second order in the length.
@inline(__always)
func speedSquared(
    after length: Double, from squared: Double, bend: Double, sine: Double, acceleration: Double
) -> Double {
    if bend == 0 { return squared + 2 * acceleration * length }
    let first = slope(squared, bend: bend, sine: sine, acceleration: acceleration)
    let middle = slope(squared + first * length, bend: bend, sine: sine, acceleration: acceleration)
    return squared + 2 * min(first, middle) * length
}

@inline(__always)
private func slope(_ squared: Double, bend: Double, sine: Double, acceleration: Double) -> Double {
    let across = squared * bend
    let along = acceleration * acceleration - across * across * (1 - sine * sine)
    return along <= 0 ? 0 : max(0, along.squareRoot() - across * sine)
}

/// Squared speeds at the ends of the parts of a path, from rest to rest: the optimum to first order.
///
/// - Parameters:
///   - lengths, bends, sines: one a part: mm, 1/mm, sine of half the turn.
///   - caps, accelerations: one a part: (mm/s)², mm/s².
///   - squared: filled, (mm/s)², one more than parts.
/// - Complexity: O(n), no allocation.
func limitCurveSpeeds(
    lengths: Span<Double>, bends: Span<Double>, sines: Span<Double>, caps: Span<Double>, accelerations: Span<Double>,
    squared: inout MutableSpan<Double>
) {
    let count = lengths.count
    precondition(bends.count == count && sines.count == count && caps.count == count, "one a part")
    precondition(accelerations.count == count && squared.count == count + 1, "one a part, one more of speeds")
    squared[count] = 0
    var next = 0.0
    for i in stride(from: count - 1, through: 0, by: -1) {
        next = min(
            caps[i], i > 0 ? caps[i - 1] : 0,
            speedSquared(
                after: lengths[i], from: next, bend: bends[i], sine: sines[i], acceleration: accelerations[i]))
        squared[i] = next
    }
    var last = 0.0
    for i in 0..<count {
        last = min(
            squared[i + 1],
            speedSquared(
                after: lengths[i], from: last, bend: bends[i], sine: sines[i], acceleration: accelerations[i]))
        squared[i + 1] = last
    }
}

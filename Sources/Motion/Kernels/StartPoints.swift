/// Where closed strokes start, given the order: each at the vertex that makes the way to it and on from it shortest.
///
/// Sweeps over the sequence until a sweep gains under a thousandth; never longer than with the starts given.
///
/// - Parameters: `first` the stroke of `lines` that is number 0; `sequence` strokes · 2 (+ 1 backwards); `from`, `to`
///   where the pen comes from and goes to.
/// - Returns: by stroke, the offset of the starting point; 0 for open strokes.
/// - Complexity: O(points) a sweep, ten sweeps at most.
func startPoints(
    lines: Polylines, first: Int, sequence: [Int32], isLoop: [Bool], starts: [Int32], from: Point, to: Point
) -> [Int32] {
    var starts = starts
    func entry(_ item: Int32) -> Point {
        let range = lines.range(first + Int(item >> 1))
        if isLoop[Int(item >> 1)] { return lines.points[range.lowerBound + Int(starts[Int(item >> 1)])] }
        return lines.points[item & 1 == 0 ? range.lowerBound : range.upperBound - 1]
    }
    func exit(_ item: Int32) -> Point { isLoop[Int(item >> 1)] ? entry(item) : entry(item ^ 1) }
    for _ in 0..<10 {
        var saved = 0.0
        var total = 0.0
        var before = from
        for (place, item) in sequence.enumerated() {
            let after = place + 1 < sequence.count ? entry(sequence[place + 1]) : to
            if isLoop[Int(item >> 1)] {
                let old = entry(item)
                let length = before.distance(to: old) + old.distance(to: after)
                let range = lines.range(first + Int(item >> 1))
                let (offset, least) = nearestVertex(lines.points, range.dropLast(), before, after)
                if least < length {
                    starts[Int(item >> 1)] = Int32(truncatingIfNeeded: offset)
                    saved += length - least
                }
                total += length
            }
            before = exit(item)
        }
        if saved <= total / 1000 { break }
    }
    return starts
}

/// Offset in `range` of the point with the shortest way from `before` over it to `after`, and that way.
private func nearestVertex(
    _ points: [Point], _ range: Range<Int>, _ before: Point, _ after: Point
) -> (offset: Int, length: Double) {
    var best = (offset: 0, length: Double.infinity)
    for k in range {
        let length = points[k].distance(to: before) + points[k].distance(to: after)
        if length < best.length { best = (k - range.lowerBound, length) }
    }
    return best
}

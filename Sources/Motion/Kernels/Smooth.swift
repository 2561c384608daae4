/// Moves the vertices of a noisy polyline towards a line that bends as little as it can, none farther than `reach` from
/// where it was.
///
/// A few rounds of fourth differences, each vertex put back onto its circle when it leaves it: what lies on a parabola
/// stays where it is. Vertices beside a long side are corners that are meant: they stay, and so do both ends.
/// - Parameters:
///   - places: the vertices, moved in place; where they are when it begins is where they belong.
///   - source: the same vertices, not moved.
///   - lengths: sides of the source, mm, one fewer than vertices.
///   - longest: sides up to it are short, mm.
/// - Complexity: O(n), no allocation.
func smooth(
    _ places: inout MutableSpan<Point>, source: Span<Point>, lengths: Span<Double>, reach: Double, longest: Double
) {
    precondition(places.count == source.count && lengths.count == source.count - 1, "sides lie between vertices")
    let last = source.count - 1
    for _ in 0..<smoothingRounds {
        // The two places before, as they were before this round.
        var (before2, before) = (places[0], places[0])
        for i in stride(from: 1, to: last, by: 1) {
            let here = places[i]
            defer { (before2, before) = (before, here) }
            guard lengths[i - 1] <= longest, lengths[i] <= longest else { continue }
            let sides = before + places[i + 1]
            var off = here - source[i]
            if i > 1, i < last - 1, lengths[i - 2] <= longest, lengths[i + 1] <= longest {
                off = off + (sides * 4 - before2 - places[i + 2] - here * 6) * (1.0 / 16)
            } else {
                off = off + (sides - here * 2) * 0.25
            }
            let squared = off.x * off.x + off.y * off.y
            if squared > reach * reach { off = off * (reach / squared.squareRoot()) }
            places[i] = source[i] + off
        }
    }
}

/// More of them make the line no faster.
private let smoothingRounds = 4

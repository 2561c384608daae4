public import Motion

/// Trails that a walk finds: on from the end of a stroke to any stroke left that has an end within the distance.
///
/// What hosts do that join at all; no trail is ever spliced into another or led through odd places. Across no gap that is
/// longer than either stroke.
public func plainTrails(_ lines: Polylines, distance: Double) -> Int {
    struct Cell: Hashable {
        var x, y: Int
    }
    func cell(_ p: Point) -> Cell {
        Cell(x: Int((p.x / distance).rounded(.down)), y: Int((p.y / distance).rounded(.down)))
    }
    func place(_ end: Int) -> Point {
        let range = lines.range(end / 2)
        return lines.points[end % 2 == 0 ? range.lowerBound : range.upperBound - 1]
    }
    var ends: [Cell: [Int]] = [:]
    for end in 0..<2 * lines.count { ends[cell(place(end)), default: []].append(end) }
    var isDrawn = Array(repeating: false, count: lines.count)
    let lengths = (0..<lines.count).map { lines.length($0) }
    /// The nearest end of a stroke left.
    func next(to from: Int) -> Int? {
        let pen = place(from)
        var (best, least) = (Int?.none, min(distance, lengths[from / 2]))
        let middle = cell(pen)
        for x in middle.x - 1...middle.x + 1 {
            for y in middle.y - 1...middle.y + 1 {
                for end in ends[Cell(x: x, y: y)] ?? [] where !isDrawn[end / 2] {
                    let gap = place(end).distance(to: pen)
                    if gap <= least && gap <= lengths[end / 2] { (best, least) = (end, gap) }
                }
            }
        }
        return best
    }
    var trails = 0
    for stroke in 0..<lines.count where !isDrawn[stroke] {
        trails += 1
        isDrawn[stroke] = true
        for first in [2 * stroke + 1, 2 * stroke] {
            var end = first
            while let entered = next(to: end) {
                isDrawn[entered / 2] = true
                end = entered ^ 1
            }
        }
    }
    return trails
}

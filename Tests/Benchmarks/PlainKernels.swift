internal import Motion

/// Trails that a walk finds: on from the end of a stroke to any stroke left that has an end within the distance.
///
/// What hosts do that join at all; no trail is ever spliced into another or led through odd places.
func plainTrails(_ lines: Polylines, distance: Double) -> Int {
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
    /// The nearest end of a stroke left.
    func next(to pen: Point) -> Int? {
        var (best, least) = (Int?.none, distance)
        let middle = cell(pen)
        for x in middle.x - 1...middle.x + 1 {
            for y in middle.y - 1...middle.y + 1 {
                for end in ends[Cell(x: x, y: y)] ?? [] where !isDrawn[end / 2] {
                    let gap = place(end).distance(to: pen)
                    if gap <= least { (best, least) = (end, gap) }
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
            while let entered = next(to: place(end)) {
                isDrawn[entered / 2] = true
                end = entered ^ 1
            }
        }
    }
    return trails
}

/// Moves when nothing is merged: one for each time a segment speeds up, cruises and brakes, rounded to whole steps.
func plainMoves(_ lines: Polylines, _ limits: MotionLimits) -> Int {
    var path = PathSpeeds()
    struct PlainMove {
        var ticks, steps1, steps2: Int32
    }
    var moves: [PlainMove] = []
    let rates = RateCaps(motorSpeed: 312, motorSpeedStep: 31)
    var count = 0
    for k in 0..<lines.count where path.take(lines[k]) {
        path.plan(limits: limits, rates: rates)
        moves.removeAll(keepingCapacity: true)
        var last = (x: 0.0, y: 0.0)
        for i in 0..<path.lengths.count {
            let (a, b) = (path.vertices[i], path.vertices[i + 1])
            let (entry, exit) = (path.squared[i], path.squared[i + 1])
            let twice = 2 * limits.acceleration
            let peak = max(
                entry, exit, min(path.caps[i], (entry + exit) / 2 + limits.acceleration * path.lengths[i]))
            let (up, down) = ((peak - entry) / twice, (peak - exit) / twice)
            let flat = max(0, path.lengths[i] - up - down)
            var done = 0.0
            for (length, v0, v1) in [(up, entry, peak), (flat, peak, peak), (down, peak, exit)] where length > 0 {
                done += length
                let share = min(1, done / path.lengths[i])
                let (x, y) = (a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
                let place = (x: ((x + y) * 80).rounded(), y: ((x - y) * 80).rounded())
                let ticks = (2 * length / (v0.squareRoot() + v1.squareRoot()) * 25_000).rounded()
                moves.append(
                    PlainMove(
                        ticks: Int32(max(1, ticks)), steps1: Int32(place.x - last.x), steps2: Int32(place.y - last.y)))
                last = place
            }
        }
        count += moves.count
    }
    return count
}

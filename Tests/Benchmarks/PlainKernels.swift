internal import Motion

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

/// What the grouping of pieces weighs and must keep to; lengths in microsteps, times in ticks.
struct GroupingLimits {
    /// Shortest move of the link.
    var shortest: Double
    /// Longest move that may be encoded.
    var longest: Double
    /// How far a move may lie beside the path, in the plane of motor steps, squared.
    var toleranceSquared: Double
    /// Highest rate of one motor, steps/tick.
    var highestRate: Double
    /// Largest difference of one motor's rate from the planned one where a merged move begins or ends.
    var highestMismatch: Double
    /// Largest change of velocity that the rule has at a corner, in the plane of motor steps, steps/tick.
    var highestTurn: Double
    /// Differences of velocity, motor steps/tick, squared, that weigh as much as one tick: in motion and at rest.
    var mismatchSquared: Double
    var restMismatchSquared: Double

    /// What one more command weighs, ticks.
    static let commandWeight = 1.0
    /// What a difference of `highestMismatch` weighs once it is passed, ticks.
    static let excessWeight = 50.0
    /// Pieces that one group may have, and how many more of them are tried once it is long enough.
    static let mostPieces = 64
    static let mostExtraPieces = 12
}

/// The move that stands for a run of pieces: a parabola in time between its ends.
struct GroupFit {
    /// Motor microsteps from end to end.
    var total1 = 0.0
    var total2 = 0.0
    /// Half the acceleration times the duration squared: place at share u of the time is total·u − bump·u·(1 − u).
    var bump1 = 0.0
    var bump2 = 0.0
    /// Planned duration.
    var ticks = 0.0
}

/// Running sums of a group that grows towards the start of the path.
private struct GroupSums {
    var ticks = 0.0
    /// Integral over time of the place relative to the group's end.
    var area1 = 0.0
    var area2 = 0.0
    /// From the group's end back to its start.
    var back1 = 0.0
    var back2 = 0.0

    @inline(__always)
    mutating func extend(over piece: MotionPiece) {
        let t = piece.ticks
        let length = (piece.entrySpeed + piece.exitSpeed) / 2 * t
        back1 -= length * piece.direction1
        back2 -= length * piece.direction2
        let moved = t * t * (2 * piece.entrySpeed + piece.exitSpeed) / 6
        area1 += back1 * t + moved * piece.direction1
        area2 += back2 * t + moved * piece.direction2
        ticks += t
    }

    /// The parabola through both ends that encloses the same area as the pieces, never turning back on a motor.
    @inline(__always)
    var fit: GroupFit {
        var fit = GroupFit(total1: -back1, total2: -back2, ticks: ticks)
        let most1 = fit.total1.magnitude
        let most2 = fit.total2.magnitude
        let k = -6 / ticks
        fit.bump1 = max(-most1, min(most1, k * area1 - 3 * fit.total1))
        fit.bump2 = max(-most2, min(most2, k * area2 - 3 * fit.total2))
        return fit
    }
}

/// The move that stands for the pieces `start..<end`.
func groupFit(_ pieces: Span<MotionPiece>, _ start: Int, _ end: Int) -> GroupFit {
    var sums = GroupSums()
    for i in stride(from: end - 1, through: start, by: -1) { sums.extend(over: pieces[i]) }
    return sums.fit
}

/// Cuts the pieces of a path into runs that one move each stands for: the least time lost, then the fewest moves.
///
/// A run shorter than the link's minimum is slowed to it; a run over several segments must stay within the tolerance.
/// The optimum over all cuts is found by dynamic programming over the ends of runs.
/// - Parameters:
///   - pieces: the path; at rest at its two ends if `beginsAtRest`, `endsAtRest`.
///   - offsets: from what moves are held against to the path, where the first piece begins and where each of them ends; empty
///     where that is the path.
///   - previous: filled with the start of the best run that ends before each index; longer than `pieces`.
///   - cost: scratch, longer than `pieces`.
/// - Complexity: O(n · k), k the pieces within about the link's minimum; no allocation.
func groupPieces(
    _ pieces: Span<MotionPiece>, offsets: Span<SIMD2<Double>>, beginsAtRest: Bool, endsAtRest: Bool,
    limits: GroupingLimits, cost: inout MutableSpan<Double>, previous: inout MutableSpan<Int32>
) {
    precondition(cost.count > pieces.count && previous.count > pieces.count, "one more than pieces")
    precondition(offsets.isEmpty || offsets.count == pieces.count + 1, "one more than pieces")
    cost[0] = 0
    previous[0] = -1
    for end in stride(from: 1, through: pieces.count, by: 1) {
        var best = Double.infinity
        var bestStart = end - 1
        var sums = GroupSums()
        var start = end
        var extra = 0
        let endsHere = endsAtRest && end == pieces.count
        let turnAfter = end < pieces.count ? turn(pieces[end - 1], pieces[end]) : SIMD2(0, 0)
        while start > 0, end - start < GroupingLimits.mostPieces, extra <= GroupingLimits.mostExtraPieces {
            start -= 1
            sums.extend(over: pieces[start])
            let isSingle = start == end - 1
            if sums.ticks > limits.longest && !isSingle { break }
            let stretch = max(0, limits.shortest - sums.ticks)
            if stretch == 0 { extra += 1 }
            guard cost[start] + stretch + GroupingLimits.commandWeight < best else { continue }
            let fit = sums.fit
            var weight = groupWeight(
                fit, first: pieces[start], last: pieces[end - 1], limits: limits,
                beginsAtRest: beginsAtRest && start == 0, endsAtRest: endsHere)
            guard cost[start] + weight < best else { continue }
            let turnBefore = start > 0 ? turn(pieces[start - 1], pieces[start]) : SIMD2(0, 0)
            weight += turnWeight(
                fit, first: pieces[start], last: pieces[end - 1], before: turnBefore, after: turnAfter, limits: limits)
            guard cost[start] + weight < best else { continue }
            let isStraight = pieces[start].segment == pieces[end - 1].segment
            guard isStraight || isWithinTolerance(fit, pieces, offsets, start, end, limits.toleranceSquared) else {
                if stretch == 0 { break }
                continue
            }
            best = cost[start] + weight
            bestStart = start
        }
        cost[end] = best
        previous[end] = Int32(truncatingIfNeeded: bestStart)
    }
}

/// Change of the planned velocity from one piece to the next.
@inline(__always)
private func turn(_ piece: MotionPiece, _ next: MotionPiece) -> SIMD2<Double> {
    SIMD2(next.direction1, next.direction2) * next.entrySpeed - SIMD2(piece.direction1, piece.direction2)
        * piece.exitSpeed
}

/// What it costs that a move's velocity at its ends is another than planned where the path turns: nothing as long as it takes up
/// no more than half of what the turn leaves of the largest one, so that two moves that meet keep to that.
@inline(__always)
private func turnWeight(
    _ fit: GroupFit, first: MotionPiece, last: MotionPiece, before: SIMD2<Double>, after: SIMD2<Double>,
    limits: GroupingLimits
) -> Double {
    let inverse = 1 / max(fit.ticks, limits.shortest)
    let (total, bump) = (SIMD2(fit.total1, fit.total2), SIMD2(fit.bump1, fit.bump2))
    let start = (total - bump) * inverse - SIMD2(first.direction1, first.direction2) * first.entrySpeed
    let end = (total + bump) * inverse - SIMD2(last.direction1, last.direction2) * last.exitSpeed
    let (into, out) = (before + start, after - end)
    return turnWeight(into, planned: before, limits) + turnWeight(out, planned: after, limits)
}

@inline(__always)
private func turnWeight(_ turn: SIMD2<Double>, planned: SIMD2<Double>, _ limits: GroupingLimits) -> Double {
    let squared = (turn * turn).sum()
    let quarter = limits.highestTurn * limits.highestTurn / 4
    // Below half of the largest turn it is allowed whatever was planned.
    if squared <= quarter { return 0 }
    let allowed = (limits.highestTurn + (planned * planned).sum().squareRoot()) / 2
    return squared > allowed * allowed * 1.000001 ? GroupingLimits.excessWeight * squared.squareRoot() / allowed : 0
}

/// What a move costs, in ticks: time lost to the link's or the motors' limits, one command, and departure from the
/// planned velocity at both ends.
@inline(__always)
private func groupWeight(
    _ fit: GroupFit, first: MotionPiece, last: MotionPiece, limits: GroupingLimits, beginsAtRest: Bool,
    endsAtRest: Bool
) -> Double {
    let peak = max(fit.total1.magnitude + fit.bump1.magnitude, fit.total2.magnitude + fit.bump2.magnitude)
    let ticks = max(fit.ticks, limits.shortest, peak / limits.highestRate)
    let inverse = 1 / ticks
    let start1 = (fit.total1 - fit.bump1) * inverse - first.entrySpeed * first.direction1
    let start2 = (fit.total2 - fit.bump2) * inverse - first.entrySpeed * first.direction2
    let end1 = (fit.total1 + fit.bump1) * inverse - last.exitSpeed * last.direction1
    let end2 = (fit.total2 + fit.bump2) * inverse - last.exitSpeed * last.direction2
    let start =
        (start1 * start1 + start2 * start2) / (beginsAtRest ? limits.restMismatchSquared : limits.mismatchSquared)
    let end = (end1 * end1 + end2 * end2) / (endsAtRest ? limits.restMismatchSquared : limits.mismatchSquared)
    var weight = ticks - fit.ticks + GroupingLimits.commandWeight + start + end
    let worst = max(max(start1.magnitude, start2.magnitude), max(end1.magnitude, end2.magnitude))
    if worst > limits.highestMismatch { weight += GroupingLimits.excessWeight * worst / limits.highestMismatch }
    return weight
}

/// Whether the parabola stays within the tolerance of the pieces `start..<end`, and they of it; of the source where there
/// are offsets.
///
/// Corners are compared with the nearest place of the parabola (a Newton step or two from the planned time), and the
/// parabola with each straight piece where it bows out most.
@inline(__always)
private func isWithinTolerance(
    _ fit: GroupFit, _ pieces: Span<MotionPiece>, _ offsets: Span<SIMD2<Double>>, _ start: Int, _ end: Int,
    _ toleranceSquared: Double
) -> Bool {
    let inverse = 1 / fit.ticks
    let newtonSteps = offsets.isEmpty ? 1 : 2
    // The corner before: its share of the time on the parabola, and how far the parabola lies from it there.
    var lastShare = 0.0
    var lastOff = offsets.isEmpty ? SIMD2(0, 0) : offsets[start]
    // Where the path is, and how far it lies from the source there.
    var (corner, moved) = (SIMD2(0.0, 0), lastOff)
    var elapsed = 0.0
    var k = start
    while k < end {
        let segment = pieces[k].segment
        var direction = SIMD2(pieces[k].direction1, pieces[k].direction2)
        let cornerBefore = corner - moved
        repeat {
            corner += direction * pieces[k].length
            elapsed += pieces[k].ticks
            k += 1
        } while k < end && pieces[k].segment == segment
        if !offsets.isEmpty {
            moved = offsets[k]
            let side = corner - moved - cornerBefore
            let squared = (side * side).sum()
            // As long as a direction of motors is.
            if squared > 0 { direction = side * (2 / squared).squareRoot() }
        }
        var (share, off) = (1.0, moved)
        if k < end {
            share = elapsed * inverse
            off = offset(fit, share, corner - moved)
            for _ in 0..<newtonSteps {
                let slope = SIMD2(
                    fit.total1 - fit.bump1 * (1 - 2 * share), fit.total2 - fit.bump2 * (1 - 2 * share))
                let squared = (slope * slope).sum()
                if squared > 0 {
                    share = max(lastShare, min(1, share - (off * slope).sum() / squared))
                    off = offset(fit, share, corner - moved)
                }
            }
            if (off * off).sum() > toleranceSquared { return false }
        }
        // Across the piece the parabola's distance is quadratic in time: half-way it is the mean less the bow.
        let width = share - lastShare
        let across =
            ((lastOff.x + off.x) * direction.y - (lastOff.y + off.y) * direction.x) / 2
            - (fit.bump1 * direction.y - fit.bump2 * direction.x) * width * width / 4
        if across * across > 2 * toleranceSquared { return false }
        (lastShare, lastOff) = (share, off)
    }
    return true
}

/// From a corner of the path to the parabola at `share` of the time.
@inline(__always)
private func offset(_ fit: GroupFit, _ share: Double, _ corner: SIMD2<Double>) -> SIMD2<Double> {
    let bow = share * (1 - share)
    return SIMD2(fit.total1 * share - fit.bump1 * bow, fit.total2 * share - fit.bump2 * bow) - corner
}

/// Smooths runs of a polyline within a tolerance: the line of least bending that stays near its vertices.
///
/// Weighted penalised least squares (Whittaker 1923): Σ wᵢ·|xᵢ − qᵢ|² + λ·Σ |xᵢ₋₁ − 2xᵢ + xᵢ₊₁|², solved for the vertices
/// of a run between two that stay; the weights of vertices that lie beyond the reach grow from round to round, so that
/// only they pull. What is beyond it at last is put back to it. Both count across the line.
struct BendingSmoother: Sendable {
    private var weights: [Double] = []
    /// Factors of the symmetric band: inverse diagonal, and the two rows below it.
    private var inverse: [Double] = []
    private var first: [Double] = []
    private var second: [Double] = []

    /// Rounds of growing weights, and how much they grow: the last reaches what a stiff line needs to follow a corner.
    private static let rounds = 24
    private static let growth = 2.0
    /// Share of the reach at which a vertex begins to pull harder.
    private static let pull = 0.97

    /// Moves `places[run]`; the two places before and after the run stay, and `source` is where all of them belong.
    ///
    /// - Parameters:
    ///   - stiffness: λ, the fourth power of the length, in vertices, below which wiggles are taken away.
    ///   - reach: how far a place may move, mm, > 0.
    /// - Complexity: O(run) a round, at most 24 rounds.
    mutating func smooth(
        _ places: inout [SIMD2<Double>], source: [SIMD2<Double>], run: Range<Int>, stiffness: Double, reach: Double
    ) {
        let count = run.count
        guard count > 0 else { return }
        resize(to: count)
        for i in 0..<count { weights[i] = 1 }
        let pullSquared = reach * reach * Self.pull * Self.pull
        for _ in 0..<Self.rounds {
            solve(&places, source: source, run: run, stiffness: stiffness)
            var isNear = true
            for i in 0..<count {
                if distanceSquared(places, source, run.lowerBound + i) > pullSquared {
                    weights[i] *= Self.growth
                    isNear = false
                }
            }
            if isNear { return }
        }
        for i in run {
            let squared = distanceSquared(places, source, i)
            guard squared > reach * reach else { continue }
            let off = places[i] - source[i]
            places[i] -= off * (1 - reach / squared.squareRoot())
        }
    }

    /// How far a vertex lies beside the line through where its neighbours are now: along it nothing is lost.
    @inline(__always)
    private func distanceSquared(_ places: [SIMD2<Double>], _ source: [SIMD2<Double>], _ i: Int) -> Double {
        let off = places[i] - source[i]
        let (before, after) = (places[i] - places[i - 1], places[i + 1] - places[i])
        let along = before + after
        let length = (along * along).sum()
        let whole = (off * off).sum()
        guard length > 0 else { return whole }
        let across = off.x * along.y - off.y * along.x
        let squared = across * across / length
        // Where the line bends, what lies along one side lies across the other.
        let turn = before.x * after.y - before.y * after.x
        let sides = (before * before).sum() * (after * after).sum()
        let bend = (before * after).sum() <= 0 || sides <= 0 ? 1 : min(1, 4 * turn * turn / sides)
        return squared + (whole - squared) * bend
    }

    /// L·D·Lᵀ of the band and both substitutions, x and y at once.
    private mutating func solve(
        _ places: inout [SIMD2<Double>], source: [SIMD2<Double>], run: Range<Int>, stiffness: Double
    ) {
        let (low, count) = (run.lowerBound, run.count)
        let (before, after) = (places[low - 1], places[run.upperBound])
        for i in 0..<count {
            let isFirst = i == 0
            let isLast = i == count - 1
            var diagonal = 4.0 + (isFirst ? 0 : 1) + (isLast ? 0 : 1)
            diagonal = weights[i] + stiffness * diagonal
            var right = source[low + i] * weights[i]
            if isFirst { right += before * (2 * stiffness) }
            if i == 1 { right -= before * stiffness }
            if isLast { right += after * (2 * stiffness) }
            if i == count - 2 { right -= after * stiffness }
            var off1 = 0.0
            if i > 0 {
                off1 = -4 * stiffness
                if i > 1 {
                    let off2 = stiffness
                    let l2 = off2 * inverse[i - 2]
                    off1 -= l2 * first[i - 1]
                    diagonal -= l2 * off2
                    right -= places[low + i - 2] * l2
                    second[i] = l2
                }
                let l1 = off1 * inverse[i - 1]
                diagonal -= l1 * off1
                right -= places[low + i - 1] * l1
                // Kept undivided for the next row, divided below.
                first[i] = off1
            }
            inverse[i] = 1 / diagonal
            places[low + i] = right
        }
        for i in stride(from: count - 1, through: 0, by: -1) {
            var value = places[low + i] * inverse[i]
            if i + 1 < count { value -= places[low + i + 1] * (first[i + 1] * inverse[i]) }
            if i + 2 < count { value -= places[low + i + 2] * second[i + 2] }
            places[low + i] = value
        }
    }

    private mutating func resize(to count: Int) {
        let missing = count - weights.count
        guard missing > 0 else { return }
        weights.append(contentsOf: repeatElement(1, count: missing))
        inverse.append(contentsOf: repeatElement(0, count: missing))
        first.append(contentsOf: repeatElement(0, count: missing))
        second.append(contentsOf: repeatElement(0, count: missing))
    }
}

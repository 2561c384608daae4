/// The tick for which a board of 3.0 or later rests behind each command.
///
/// Within its time a command makes up for it by its rates: one of n ticks runs faster by 1/n, and where a short one meets a long
/// one they step. Where that is too much, the shorter takes a tick more instead, and runs as it was planned.
extension CurvePlanner {
    /// How much rates may step by a tick of rest, mm/s.
    private static let mostRestStep = 0.27
    /// The same as a share of what the acceleration changes in 10 ms, over which it is judged: a step adds to it.
    private static let stepShare = 0.03
    private static let judgedSeconds = 0.01

    /// Lengthens commands by their tick of rest where rates would step.
    ///
    /// - Parameter first: where the moves of the path begin.
    /// - Complexity: O(moves).
    mutating func addRests(_ limits: CurveLimits, from first: Int, to moves: inout [CurveMove]) {
        let most = min(Self.mostRestStep, limits.acceleration * Self.judgedSeconds * Self.stepShare)
        // Of both motors, steps/tick.
        let step = most / Self.ticksPerSecond * steps.stepsPerMillimetre * 2.0.squareRoot()
        let count = moves.count - first
        rested.removeAll(keepingCapacity: true)
        rested.append(contentsOf: repeatElement(false, count: count))
        // A command that takes its tick may leave either neighbour too fast.
        for k in 0..<count where steps(k, first, moves) > step { rested[k] = true }
        for k in (0..<count).reversed() where steps(k, first, moves) > step { rested[k] = true }
        for k in first..<moves.count where rested[k - first] && moves[k].ticks < longestTicks {
            moves[k].ticks += 1
            moves[k].rest = 1
        }
    }

    /// How much faster than its neighbours a command runs at its ends, of both motors, steps/tick.
    private func steps(_ k: Int, _ first: Int, _ moves: [CurveMove]) -> Double {
        let (own, move) = (haste(k, first, moves), moves[first + k])
        var most = 0.0
        if k > 0 {
            most = max(0, own - haste(k - 1, first, moves)) * (move.entry * move.entry).sum().squareRoot()
        }
        if k + 1 < rested.count {
            let more = max(0, own - haste(k + 1, first, moves))
            most = max(most, more * (move.exit * move.exit).sum().squareRoot())
        }
        return most
    }

    /// By which share a command runs faster than planned.
    private func haste(_ k: Int, _ first: Int, _ moves: [CurveMove]) -> Double {
        rested[k] ? 0 : 1 / Double(moves[first + k].ticks)
    }
}

internal import EBB
internal import TestSupport
internal import Testing

struct AxisMoveRampTests {
    /// The board's own arithmetic, tick by tick (docs/board.md §7.2): the tick of the last step, nil where a rate is illegal.
    static func lastStepTick(_ move: AxisMove, limit: Int64) -> Int64? {
        let full = Int64(1) << 31
        guard move.rate >= 0 else { return nil }
        var rate = Int64(move.rate) - Int64(move.acceleration / 2)
        var phase: Int64 = 0
        var left = Int64(move.steps.magnitude)
        var tick: Int64 = 0
        while left > 0, tick < limit {
            tick += 1
            rate += Int64(move.acceleration)
            guard rate > 0, rate < full else { return nil }
            phase += rate
            if phase >= full {
                phase -= full
                left -= 1
            }
        }
        return left == 0 ? tick : nil
    }

    @Test(arguments: [1, 2, 3])
    func endsOnTheChosenTickAtLegalRates(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            let ticks = Int32(1 + 20_000 * random.unit() * random.unit())
            let most = Double(ticks) * 0.9998
            guard most >= 1 else { continue }
            let steps = Int32(1 + (most - 1) * random.unit() * random.unit()) * (random.unit() < 0.5 ? 1 : -1)
            let mean = Double(steps) / Double(ticks)
            let acceleration = (random.unit() * 6 - 3) * mean / Double(ticks)
            let move = AxisMove(
                steps: steps, ticks: ticks, acceleration: acceleration, highestRate: (1 << 31) * 24_995 / 25_000)
            let last = Self.lastStepTick(move, limit: Int64(ticks) + 2)
            #expect(last == Int64(ticks), "seed \(seed): \(move) in \(ticks) ticks")
        }
    }
}

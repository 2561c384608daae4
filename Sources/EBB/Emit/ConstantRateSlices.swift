public import Motion

/// A planned move as moves of constant rate (`SM`), for boards whose firmware has no `LM` as we use it.
///
/// Speed changes in steps, once a slice: less smooth, but every step is where it belongs and the board is never in a
/// hurry. Slices of accelerated motion last 15 ms, so that an old board's single reserve is as long as with `LM`.
public struct ConstantRateSlices: Sendable {
    /// Of a move that changes its speed, and of one that does not; ms. A slower axis must make 1.31 steps/s at least
    /// (docs/board.md §4), if any.
    static let acceleratedMilliseconds: Int64 = 15
    static let evenMilliseconds: Int64 = 700
    /// No slice is shorter, ms.
    static let shortestMilliseconds: Int64 = 10

    /// Commands with what they cost, in order; their steps add up to the move's.
    public private(set) var slices: [(command: Command, ticks: Int32)] = []

    public init(of move: StepMove) {
        let perMillisecond = Int64(BoardClock.ticksPerMillisecond)
        let total = max(Self.shortestMilliseconds, (Int64(move.ticks) + perMillisecond - 1) / perMillisecond)
        let isEven = move.acceleration1 == 0 && move.acceleration2 == 0
        let count =
            isEven
            ? (total + Self.evenMilliseconds - 1) / Self.evenMilliseconds
            : max(1, total / Self.acceleratedMilliseconds)
        let first = Axis(steps: move.steps1, acceleration: move.acceleration1, ticks: move.ticks)
        let second = Axis(steps: move.steps2, acceleration: move.acceleration2, ticks: move.ticks)
        var (done, done1, done2) = (Int64(0), Int32(0), Int32(0))
        for slice in 1...count {
            let end = total * slice / count
            // By the slice's true end: a millisecond more or less is much of 15.
            let (end1, end2) = (first.place(end, of: total), second.place(end, of: total))
            let milliseconds = end - done
            slices.append(
                (
                    .move(milliseconds: UInt32(milliseconds), end1 - done1, end2 - done2),
                    Int32(milliseconds * perMillisecond)
                ))
            (done, done1, done2) = (end, end1, end2)
        }
    }

    /// One motor's way through the move.
    private struct Axis {
        let steps: Int32
        /// How far the middle of an evenly accelerated way lies behind that of an even one, × 4; its sign is the way's.
        let bend: Double

        init(steps: Int32, acceleration: Double, ticks: Int32) {
            self.steps = steps
            let wanted = acceleration * Double(ticks) * Double(ticks) / 2
            // Beyond, the motor would turn back within the move.
            let limit = Double(steps.magnitude)
            bend = wanted.isFinite ? max(-limit, min(limit, wanted)) : 0
        }

        func place(_ time: Int64, of whole: Int64) -> Int32 {
            if time == whole { return steps }
            let share = Double(time) / Double(whole)
            return Int32(clamping: Int64((Double(steps) * share - bend * share * (1 - share)).rounded()))
        }
    }
}

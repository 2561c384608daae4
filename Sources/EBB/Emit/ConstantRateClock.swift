/// The ticks that `SM` takes on a 2.x board, which makes its rates of whole numbers and keeps what a motor has left of a step.
///
/// - Source: docs/board.md §7.1.
struct ConstantRateClock: Sendable {
    /// Of both motors, 0 ≤ phase < F; a board that was just started has 0.
    private var phase1: Int64 = 0
    private var phase2: Int64 = 0

    /// Ticks until the slower motor has made its last step; nil for what is no move of constant rate.
    mutating func ticks(of command: Command) -> Int32? {
        guard case .move(let milliseconds, let steps1, let steps2) = command else { return nil }
        let nominal = Int64(milliseconds) * Int64(BoardClock.ticksPerMillisecond)
        if steps1 == 0, steps2 == 0 { return Int32(clamping: nominal) }
        let first = Self.run(&phase1, steps: Int64(steps1.magnitude), milliseconds, nominal)
        let second = Self.run(&phase2, steps: Int64(steps2.magnitude), milliseconds, nominal)
        return Int32(clamping: max(first, second))
    }

    private static func run(_ phase: inout Int64, steps: Int64, _ milliseconds: UInt32, _ nominal: Int64) -> Int64 {
        guard steps > 0, nominal > 0 else { return 0 }
        let rate = rate(steps: steps, milliseconds, nominal)
        let missing = steps * BoardClock.fullScale - phase
        let ticks = (missing + rate - 1) / rate
        phase += ticks * rate - steps * BoardClock.fullScale
        return ticks
    }

    /// 15 bits of a quotient, and above 30 ms 16 more of its rest, as the board's 32 bits have it.
    private static func rate(steps: Int64, _ milliseconds: UInt32, _ nominal: Int64) -> Int64 {
        let isShort = steps < 131_071
        let (whole, rest) = (steps << 15).quotientAndRemainder(dividingBy: nominal)
        let quotient = isShort ? whole : ((steps / Int64(milliseconds)) << 15) / 25
        let fraction = milliseconds > 30 && isShort ? ((rest << 16) & 0xFFFF_FFFF) / nominal : 0
        return min(max(1, min(quotient, 0x8000)) << 16 + fraction, BoardClock.fullScale - 1)
    }
}

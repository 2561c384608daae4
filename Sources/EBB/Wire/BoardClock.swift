/// The board's step interrupt (docs/board.md §1).
public enum BoardClock {
    /// Step interrupts a second; one tick is 40 µs.
    public static let ticksPerSecond = 25_000
    public static let ticksPerMillisecond = 25
    /// F = 2³¹: a phase accumulator that reaches it makes a step.
    public static let fullScale: Int64 = 1 << 31
}

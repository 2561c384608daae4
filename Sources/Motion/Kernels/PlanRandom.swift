/// The random numbers of planning: seeded by a constant, so that plans repeat (xorshift64*, Vigna 2016).
struct PlanRandom: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    /// Uniform in 0 ..< bound, bound > 0 and below 2³¹.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: ((next() >> 32) &* UInt64(truncatingIfNeeded: bound)) >> 32)
    }

    /// The square of a number uniform in 0 ..< 1, times two.
    mutating func unitSquared() -> Double {
        let unit = Double(next() >> 11) * 0x1p-53
        return 2 * unit * unit
    }
}

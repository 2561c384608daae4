/// How speed rises, holds and falls along a line.
struct LinePhases {
    /// s.
    var rise: Double
    var hold: Double
    var fall: Double
    /// Between rising and falling, mm/s.
    var speed: Double

    /// Shorter phases are none, s.
    private static let least = 1e-6
    /// How much longer a line may take for it.
    private static let mostLonger = 1.02
    /// Halvings in which a speed is found.
    private static let rounds = 40

    /// From end to end, s.
    private var duration: Double { rise + hold + fall }

    /// Whether one of them is shorter than `shortest`, s.
    @inline(__always)
    func hasShorter(than shortest: Double) -> Bool {
        func isShorter(_ time: Double) -> Bool { time > Self.least && time < shortest }
        return isShorter(rise) || isShorter(hold) || isShorter(fall)
    }

    /// Replaces them by the quickest that last at least `shortest` each, s, or nothing, where that takes hardly longer: commands
    /// can be those, and not shorter ones.
    ///
    /// A speed rises by a lower acceleration then, or not as high.
    /// - Parameters:
    ///   - v0, v1: at the ends, mm/s.
    ///   - length: mm.
    ///   - acceleration: the most, mm/s².
    ///   - highest: mm/s.
    mutating func lengthen(
        to shortest: Double, from v0: Double, to v1: Double, along length: Double, acceleration: Double, highest: Double
    ) {
        func ramp(_ change: Double) -> Double { change <= 0 ? 0 : max(shortest, change / acceleration) }
        /// What is left of the length between rising to `v` and falling from it.
        func left(_ v: Double) -> Double {
            length - (v0 + v) / 2 * ramp(v - v0) - (v + v1) / 2 * ramp(v - v1)
        }
        var best = LinePhases(rise: 0, hold: duration * Self.mostLonger, fall: 0, speed: 0)
        func offer(_ v: Double, _ hold: Double) {
            let other = LinePhases(rise: ramp(v - v0), hold: hold, fall: ramp(v - v1), speed: v)
            if other.duration < best.duration { best = other }
        }
        let lowest = max(v0, v1)
        for v in [highest, lowest] where v > 0 {
            let hold = left(v) / v
            if hold >= shortest || hold >= 0 && hold < Self.least { offer(v, hold) }
        }
        for hold in [0, shortest] {
            var (low, high) = (lowest, highest)
            guard left(low.nextUp) > low * hold, left(high) < high * hold else { continue }
            for _ in 0..<Self.rounds {
                let v = (low + high) / 2
                if left(v) > v * hold { low = v } else { high = v }
            }
            offer(high, hold)
        }
        if best.speed > 0 { self = best }
    }
}

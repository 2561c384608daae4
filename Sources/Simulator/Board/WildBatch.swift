/// An axis's register between two ticks.
struct RegisterState: Hashable, Sendable {
    /// 0 ..< F.
    var phase: Int64
    /// Of the last tick.
    var rate: Int64
    var acceleration: Int64

    /// Rate and acceleration of the next tick, and whether the rate ran over the register's end.
    func advanced(by jerk: Int64, register: Axis.Register) -> (rate: Int64, acceleration: Int64, wrapped: Bool) {
        switch register {
        case .unsigned:
            // A constant rate may be F itself (3.x at 25,000 steps/s), so it is never masked.
            if acceleration == 0 { return (rate, 0, false) }
            let sum = rate + acceleration
            let masked = sum & Axis.phaseMask
            return (masked, acceleration, sum != masked)
        case .signed:
            let newAcceleration = Int64(Int32(truncatingIfNeeded: acceleration + jerk))
            let sum = rate + newAcceleration
            let masked = Int64(Int32(truncatingIfNeeded: sum))
            return (masked, newAcceleration, sum != masked)
        }
    }

    /// Runs one tick; gives −1, 0 or 1 step.
    mutating func tick(jerk: Int64, register: Axis.Register) -> Int {
        let next = advanced(by: jerk, register: register)
        rate = next.rate
        acceleration = next.acceleration
        let sum = phase + rate
        phase = sum & Axis.phaseMask
        return sum >= Axis.fullScale ? 1 : sum < 0 ? -1 : 0
    }
}

/// A stretch of ticks run one by one, for rates that turn or wrap every few ticks.
///
/// Costs a few ns a tick, far less than the 40 µs that the tick stands for, so that hostile commands are still run
/// thousands of times faster than a board would. Asking for a state inside runs the stretch again.
///
/// A class only so that an axis, which rarely needs one, stays small.
final class WildBatch: Sendable {
    /// Ticks at most in one batch.
    static let longest: Int64 = 1024

    private let begin: RegisterState
    private let jerk: Int64
    private let register: Axis.Register
    let end: RegisterState
    let ticks: Int64
    /// Steps, direction considered, and steps in either direction.
    let net: Int64
    let total: Int64
    let wrapped: Bool
    /// The register stands as it did earlier with no step in between: nothing will ever happen.
    let repeats: Bool
    /// For the search of a repeated state: no step has been made since `anchor`, `quiet` ticks before this batch.
    private let anchor: RegisterState
    private let quiet: Int64
    private let anchorSpan: Int64

    /// Runs until `left` steps are made or `ticks` are over.
    ///
    /// - Parameter earlier: the batch before, if it was one: the search for a repeated state goes on from it (Brent's
    ///   cycle search: the anchor moves up whenever the stretch since it has doubled).
    init(
        _ begin: RegisterState, jerk: Int64, register: Axis.Register, left: Int64, ticks: Int64,
        after earlier: WildBatch?
    ) {
        self.begin = begin
        self.jerk = jerk
        self.register = register
        var state = begin
        var (count, net, total, wrapped) = (Int64(0), Int64(0), Int64(0), false)
        while count < ticks && total < left {
            if !wrapped { wrapped = state.advanced(by: jerk, register: register).wrapped }
            let step = state.tick(jerk: jerk, register: register)
            net += Int64(step)
            total += Int64(step.magnitude)
            count += 1
        }
        (end, self.ticks, self.net, self.total, self.wrapped) = (state, count, net, total, wrapped)
        if let earlier, earlier.total == 0, total == 0 {
            let since = earlier.quiet + earlier.ticks
            let moves = since + count >= earlier.anchorSpan
            repeats = state == earlier.anchor || state == begin
            anchor = moves ? state : earlier.anchor
            quiet = moves ? -count : since
            anchorSpan = moves ? earlier.anchorSpan * 2 : earlier.anchorSpan
        } else {
            repeats = total == 0 && state == begin
            (anchor, quiet, anchorSpan) = (begin, 0, WildBatch.longest)
        }
    }

    /// The register after `t` ticks, with the steps made until then.
    func state(after t: Int64) -> (register: RegisterState, net: Int64, total: Int64) {
        if t >= ticks { return (end, net, total) }
        var state = begin
        var (net, total) = (Int64(0), Int64(0))
        for _ in 0..<max(0, t) {
            let step = state.tick(jerk: jerk, register: register)
            net += Int64(step)
            total += Int64(step.magnitude)
        }
        return (state, net, total)
    }

    /// First step after `t` ticks.
    func nextStep(after t: Int64) -> (tick: Int64, direction: Int)? {
        var state = self.state(after: t).register
        var tick = t
        while tick < ticks {
            let step = state.tick(jerk: jerk, register: register)
            tick += 1
            if step != 0 { return (tick, step) }
        }
        return nil
    }
}

internal import EBB

/// What a motion command puts into one motor's registers when it is loaded.
struct AxisLoad: Hashable, Sendable {
    /// As in docs/board.md §7: R, A and J after the sign changes that the firmware makes at parse time.
    var rate: Int64 = 0
    var acceleration: Int64 = 0
    var jerk: Int64 = 0
    /// Steps to make, ≥ 0; unused by time-limited commands.
    var steps: Int64 = 0
    /// Direction of positive rates.
    var orientation: Int64 = 1

    /// Whether it asks for no step, or for steps that it can never make.
    func isDead(jerk: Int64) -> Bool { steps == 0 || (rate == 0 && acceleration == 0 && jerk == 0) }
}

/// A motion command as it waits in the queue.
struct MotionLoad: Hashable, Sendable {
    var register: Axis.Register
    var first: AxisLoad
    var second: AxisLoad
    /// Bit 0 clears phase 1 at loading, bit 1 phase 2.
    var clear: UInt8 = 0
    /// Length in ticks of LT and T3; nil for the step-limited ones.
    var duration: Int64?
    /// Ticks without motion after the last (LT and T3 on 3.x).
    var deadTicks: Int64 = 0

    /// The axis as it runs, from the phase that the command before left.
    func axis(_ load: AxisLoad, phase: Int64, clears: Bool) -> Axis {
        let isConstant = load.acceleration == 0 && load.jerk == 0
        var state = RegisterState(phase: phase, rate: load.rate, acceleration: load.acceleration - load.jerk)
        if !isConstant { state.rate += load.jerk / 6 - load.acceleration / 2 }
        if register == .signed {
            state.rate = Int64(Int32(truncatingIfNeeded: state.rate))
            state.acceleration = Int64(Int32(truncatingIfNeeded: state.acceleration))
        }
        if clears { state.phase = clearedPhase(state, load) }
        return Axis(
            register: register, orientation: load.orientation, load: state, jerk: load.jerk,
            steps: duration == nil ? load.steps : nil, duration: duration)
    }

    /// 0, or F − 1 for a signed register that starts backward, so that a negative move mirrors a positive one.
    private func clearedPhase(_ state: RegisterState, _ load: AxisLoad) -> Int64 {
        guard register == .signed else { return 0 }
        let first = state.advanced(by: load.jerk, register: .signed).rate
        let sum = Int64(Int32(truncatingIfNeeded: load.acceleration + load.jerk))
        let telling = first != 0 ? first : sum != 0 ? sum : load.jerk
        return telling < 0 ? Axis.fullScale - 1 : 0
    }
}

/// Rate registers of the constant-rate commands, from the firmware's documented arithmetic (docs/board.md §7.1).
enum ConstantRate {
    /// SM and XM on 2.x: 15-bit integer quotient and a faulty remainder term; `complaint` is the quotient when the
    /// firmware reports a major malfunction about it.
    static func legacy(steps: Int64, milliseconds: UInt32) -> (rate: Int64, complaint: UInt32?) {
        let ticks = 25 &* milliseconds
        let steps = UInt32(truncatingIfNeeded: steps)
        var quotient: UInt32
        var rest: UInt32 = 0
        if steps < 131_071 {
            let scaled = steps << 15
            (quotient, rest) = ticks == 0 ? (.max, 0) : scaled.quotientAndRemainder(dividingBy: ticks)
        } else {
            quotient = milliseconds == 0 ? .max : ((steps / milliseconds) << 15) / 25
        }
        var complaint: UInt32?
        if quotient == 0 || quotient > 0x8000 { complaint = quotient }
        quotient = min(max(quotient, 1), 0x8000)
        let fraction = milliseconds > 30 && steps < 131_071 && ticks != 0 ? (rest << 16) / ticks : 0
        let rate = Int64(quotient) << 16 + Int64(fraction)
        return (min(rate, Axis.fullScale - 1), complaint)
    }

    /// SM and XM on 3.x, before the range check: single precision, truncated.
    static func modern(steps: Int64, milliseconds: UInt32) -> Float {
        let unit: Float = 85_899_345.92 / Float(milliseconds)
        return Float(steps) * unit
    }

    /// HM and TR on 3.x: `longer` runs at `rate` steps/s, `shorter` in proportion.
    static func modern(rate: UInt32, longer: Int64, shorter: Int64) -> (longer: Int64, shorter: Int64) {
        let unit: Float = 85_899.34592
        let fast = Float(rate) * unit
        let slow = longer == 0 ? 0 : ((Float(shorter) * Float(rate)) / Float(longer)) * unit
        return (truncated(fast), truncated(slow))
    }

    /// Cut to a whole register value in 1…F.
    static func truncated(_ rate: Float) -> Int64 {
        rate < 0x1p31 ? max(1, Int64(max(0, rate))) : Axis.fullScale  // false also for NaN
    }
}

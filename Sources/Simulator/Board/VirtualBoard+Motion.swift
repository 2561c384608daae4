internal import EBB

extension VirtualBoard {
    // MARK: SM, XM

    /// `SM,ms,s1[,s2[,clear]]` and `XM,ms,a,b[,clear]`.
    mutating func simpleMove(_ p: inout Parameters, mixes: Bool) -> Outcome {
        let milliseconds = UInt32(truncatingIfNeeded: p.number(.u32))
        var first = p.number(.i32)
        var second = mixes ? p.number(.i32) : p.optional(.i32) ?? 0
        let clear = configuration.firmware >= FirmwareVersion(2, 7, 0) ? p.optional(.u32) ?? 0 : 0
        if p.hasFailed {
            // 3.x XM goes on without its steps, which makes a pause of it.
            guard isModern && mixes && milliseconds > 0 else { return .failed }
            return .queued(pause(milliseconds))
        }
        if mixes {
            (first, second) = (
                Int64(Int32(truncatingIfNeeded: first + second)), Int64(Int32(truncatingIfNeeded: first - second))
            )
        }
        if milliseconds == 0 && (settings.checksLimits || mixes && !isModern) {
            p.complain(.range)
            return .failed
        }
        return isModern
            ? modernMove(milliseconds, first, second, clear, &p, isSimple: !mixes)
            : legacyMove(
                milliseconds, first, second, legacyClear(clear, mixes: mixes), &p,
                checks: settings.checksLimits || mixes)
    }

    private func pause(_ milliseconds: UInt32) -> QueuedCommand {
        let ticks: Int64
        if isModern {
            ticks = Int64(min(milliseconds, 100_000)) * 25
        } else {
            ticks = milliseconds > 65_536 ? 1 : Int64(milliseconds) * 25
        }
        return QueuedCommand(action: .delay, ticks: max(1, ticks), index: commandIndex)
    }

    /// Too large a value counts as 3, but as 0 in an SM whose limits are checked.
    private func legacyClear(_ clear: Int64, mixes: Bool) -> UInt8 {
        clear <= 3 ? UInt8(clear) : settings.checksLimits && !mixes ? 0 : 3
    }

    private mutating func legacyMove(
        _ milliseconds: UInt32, _ first: Int64, _ second: Int64, _ clear: UInt8, _ p: inout Parameters, checks: Bool
    ) -> Outcome {
        if checks, let text = legacyComplaint(milliseconds, first, second) {
            p.complain(.text(text))
            return .failed
        }
        if first == 0 && second == 0 { return .queued(pause(milliseconds)) }
        return enqueue(legacyLoad(milliseconds, first, second, clear: clear))
    }

    private func legacyComplaint(_ milliseconds: UInt32, _ first: Int64, _ second: Int64) -> String? {
        let limit: UInt64 = 0xFF_FFFF
        let time = UInt64(milliseconds)
        if time > limit { return "!0 Err: <move_duration> larger than 16777215 ms." }
        let axes = [("<axis1>", first.magnitude), ("<axis2>", second.magnitude)]
        for (name, steps) in axes where steps > limit { return "!0 Err: \(name) larger than 16777215 steps." }
        for (name, steps) in axes where steps / time > 25 { return "!0 Err: \(name) step rate > 25K steps/second." }
        for (name, steps) in axes where steps != 0 && time / 1311 >= steps {
            return "!0 Err: \(name) step rate < 1.31Hz."
        }
        return nil
    }

    /// Registers of a 2.x move; complaints of the arithmetic go into the reply.
    private mutating func legacyLoad(
        _ milliseconds: UInt32, _ first: Int64, _ second: Int64, clear: UInt8
    ) -> MotionLoad {
        let axes = [("Axis1", first), ("Axis2", second)].map { name, steps in
            guard steps != 0 else { return AxisLoad() }
            let (rate, complaint) = ConstantRate.legacy(
                steps: Int64(steps.magnitude), milliseconds: milliseconds)
            if let complaint {
                let text = complaint == 0 ? "zero" : "too high : \(complaint)"
                reply += "Major malfunction \(name) StepCounter \(text)".utf8
                reply += LineEnd.lfcr
            }
            return AxisLoad(rate: rate, steps: Int64(steps.magnitude), orientation: steps.signum())
        }
        return MotionLoad(register: .unsigned, first: axes[0], second: axes[1], clear: clear)
    }

    private mutating func modernMove(
        _ milliseconds: UInt32, _ first: Int64, _ second: Int64, _ clear: Int64, _ p: inout Parameters, isSimple: Bool
    ) -> Outcome {
        if clear > 3 && isSimple && settings.checksLimits {
            p.complain(.range)
            return .failed
        }
        if first == 0 && second == 0 { return .queued(pause(milliseconds)) }
        var loads: [AxisLoad] = []
        for (name, steps) in [("<axis1>", first), ("<axis2>", second)] {
            let rate = ConstantRate.modern(steps: Int64(steps.magnitude), milliseconds: milliseconds)
            if steps != 0 && settings.checksLimits && !(rate <= 0x1p31 && rate >= 1) {
                let text = "!0 Err: \(name) step rate too \(rate < 1 ? "slow" : "high")"
                // SM sends one line end too many.
                p.complain(.text(isSimple ? text + (settings.usesFutureSyntax ? "\n" : "\r\n") : text))
                return isSimple ? .failed : .doneThenFailed
            }
            let used = steps == 0 ? 0 : ConstantRate.truncated(rate)
            loads.append(
                AxisLoad(rate: used, steps: Int64(steps.magnitude), orientation: steps < 0 ? -1 : 1))
        }
        return enqueue(
            MotionLoad(register: .unsigned, first: loads[0], second: loads[1], clear: UInt8(min(clear, 3))))
    }

    // MARK: LM, L3, LT, T3, TD

    /// `LM,r1,s1,a1,r2,s2,a2[,clear]` and, with jerk, `L3`.
    mutating func steppedMove(_ p: inout Parameters, hasJerk: Bool) -> Outcome {
        let one = steppedLoad(&p, hasJerk: hasJerk)
        let other = steppedLoad(&p, hasJerk: hasJerk)
        let clear = configuration.firmware.hasAcceleratedMoves ? p.optional(.u32) ?? 0 : 0
        if p.hasFailed { return .failed }
        // L3 looks at the first jerk for both axes.
        let isDead = one.isDead(jerk: one.jerk) && other.isDead(jerk: one.jerk)
        guard !isDead, let first = directed(one), let second = directed(other) else {
            p.complain(.range)
            return isModern ? .doneThenFailed : .failed
        }
        return enqueue(
            MotionLoad(
                register: isModern ? .signed : .unsigned, first: first, second: second, clear: UInt8(min(clear, 3))))
    }

    private func steppedLoad(_ p: inout Parameters, hasJerk: Bool) -> AxisLoad {
        let rate = p.number(isModern ? .i32 : .u32)
        let steps = p.number(.i32)
        let acceleration = p.number(.i32)
        return AxisLoad(rate: rate, acceleration: acceleration, jerk: hasJerk ? p.number(.i32) : 0, steps: steps)
    }

    /// The signs as the firmware loads them; nil if they contradict.
    private func directed(_ load: AxisLoad) -> AxisLoad? {
        var load = load
        let isNegative = load.steps < 0
        load.steps = Int64(load.steps.magnitude)
        if isModern {
            guard isNegative else { return load }
            if load.rate < 0 { return nil }
            load.rate = -load.rate
            load.acceleration = Int64(Int32(truncatingIfNeeded: -load.acceleration))
            return load
        }
        if load.rate > Int64(Int32.max) { return nil }
        load.orientation = isNegative ? -1 : 1
        return load
    }

    /// `LT,n,r1,a1,r2,a2[,clear]`, `T3` with jerk, and `TD`, a pair of them.
    mutating func timedMove(_ p: inout Parameters, hasJerk: Bool, isPair: Bool) -> Outcome {
        let ticks = p.number(.u32)
        var starts: [AxisLoad] = []
        var ends: [AxisLoad] = []
        for _ in 0..<2 {
            let rate = p.number(.i32)
            let later = isPair ? p.number(.i32) : 0
            let acceleration = p.number(.i32)
            let jerk = hasJerk ? p.number(.i32) : 0
            starts.append(AxisLoad(rate: rate, acceleration: isPair ? 0 : acceleration, jerk: jerk))
            ends.append(
                AxisLoad(rate: later, acceleration: acceleration, jerk: Int64(Int32(truncatingIfNeeded: -jerk))))
        }
        let clear = UInt8(min(p.optional(.u32) ?? 0, 3))
        if p.hasFailed { return .failed }
        if ticks == 0 || (!isModern && starts.allSatisfy { $0.rate == 0 }) {
            p.complain(.range)
            return isModern ? .doneThenFailed : .failed
        }
        let load = timed(starts, ticks, clear: clear)
        return isPair ? enqueue(load, timed(ends, ticks, clear: 0)) : enqueue(load)
    }

    private func timed(_ loads: [AxisLoad], _ ticks: Int64, clear: UInt8) -> MotionLoad {
        guard !isModern else {
            return MotionLoad(
                register: .signed, first: loads[0], second: loads[1], clear: clear, duration: ticks, deadTicks: 1)
        }
        let signed = loads.map { load in
            // 2.x keeps the direction and lets the acceleration act on the speed.
            var load = load
            load.orientation = load.rate < 0 ? -1 : 1
            load.rate = Int64(load.rate.magnitude)
            if load.acceleration == 0 { load.rate &= Axis.phaseMask }
            return load
        }
        return MotionLoad(register: .unsigned, first: signed[0], second: signed[1], clear: clear, duration: ticks)
    }

    // MARK: TR, HM

    /// `TR,rate,s1,s2[,clear]`.
    mutating func testMove(_ p: inout Parameters) -> Outcome {
        let rate = p.number(.u32)
        let (first, second) = (p.number(.i32), p.number(.i32))
        let clear = UInt8(min(p.optional(.u32) ?? 0, 3))
        if p.hasFailed { return .failed }
        guard (1...25_000).contains(rate) else {
            p.complain(.text("!1 Err: Invalid step rate"))
            return .doneThenFailed
        }
        guard first != 0 || second != 0 else {
            p.complain(.range)
            return .doneThenFailed
        }
        return enqueue(straight(UInt32(rate), first, second, clear: clear))
    }

    /// A straight move at `rate` on the longer axis, as 3.x computes it.
    private func straight(_ rate: UInt32, _ first: Int64, _ second: Int64, clear: UInt8) -> MotionLoad {
        let (a, b) = (Int64(first.magnitude), Int64(second.magnitude))
        let rates = ConstantRate.modern(rate: rate, longer: max(a, b), shorter: min(a, b))
        return MotionLoad(
            register: .unsigned,
            first: AxisLoad(rate: a >= b ? rates.longer : rates.shorter, steps: a, orientation: first < 0 ? -1 : 1),
            second: AxisLoad(rate: a >= b ? rates.shorter : rates.longer, steps: b, orientation: second < 0 ? -1 : 1),
            clear: clear)
    }

    /// `HM,rate[,p1,p2]`: absolute, after everything has come to rest.
    mutating func home(_ p: inout Parameters) -> Outcome {
        let rate = p.number(.u32)
        var place: (Int64, Int64) = (0, 0)
        if configuration.firmware >= FirmwareVersion(2, 7, 0) {
            place = (p.optional(.i32) ?? 0, p.optional(.i32) ?? 0)
        }
        if p.hasFailed { return .failed }
        guard (1...25_000).contains(rate) else {
            p.complain(isModern || rate == 0 ? .range : .text("!0 Err: HM <axis1> step rate > 25K steps/second."))
            return isModern ? .doneThenFailed : .failed
        }
        if settings.enablesMotors && !hasLimitStopped { isMotorOn = (true, true) }
        return .resting(.home(rate: UInt32(rate), motor1: place.0, motor2: place.1))
    }

    /// The queue entries of `HM`, from the counters as they stand.
    mutating func homing(rate: UInt32, to place: (Int64, Int64), _ complaints: inout [Complaint]) -> [QueuedCommand] {
        let first = Int64(Int32(truncatingIfNeeded: place.0 - Int64(counters.0)))
        let second = Int64(Int32(truncatingIfNeeded: place.1 - Int64(counters.1)))
        guard !hasLimitStopped, first != 0 || second != 0 else { return [] }
        if isModern { return [queued(straight(rate, first, second, clear: 0))] }
        if max(first.magnitude, second.magnitude) > 0xFF_FFFF {
            complaints.append(.text("!0 Err: steps to home larger than 16,777,215."))
            return []
        }
        return legacyHoming(rate, first, second)
    }

    /// 2.x: one leg, or a diagonal and a straight one if the shorter axis would be too slow.
    private mutating func legacyHoming(_ rate: UInt32, _ first: Int64, _ second: Int64) -> [QueuedCommand] {
        func milliseconds(_ steps: Int64) -> UInt32 { UInt32(truncatingIfNeeded: steps) &* 1000 / rate }
        let longer = Int64(max(first.magnitude, second.magnitude))
        let shorter = Int64(min(first.magnitude, second.magnitude))
        let time = max(10, milliseconds(longer))
        guard shorter > 0, Int64(time / 1311) >= shorter else {
            return [queued(legacyLoad(time, first, second, clear: 3))]
        }
        let diagonal = legacyLoad(
            milliseconds(shorter), first.signum() * shorter, second.signum() * shorter, clear: 3)
        let rest = (first - first.signum() * shorter, second - second.signum() * shorter)
        guard rest != (0, 0) else { return [queued(diagonal)] }
        return [queued(diagonal), queued(legacyLoad(milliseconds(longer - shorter), rest.0, rest.1, clear: 3))]
    }

    // MARK: Into the queue

    private func queued(_ load: MotionLoad) -> QueuedCommand {
        QueuedCommand(action: .motion(load), ticks: 0, index: commandIndex)
    }

    /// Motors go on when a move is parsed; after a limit stop it is answered and forgotten.
    private mutating func enqueue(_ load: MotionLoad, _ following: MotionLoad? = nil) -> Outcome {
        if hasLimitStopped { return .done }
        if settings.enablesMotors { isMotorOn = (true, true) }
        guard let following else { return .queued(queued(load)) }
        return .queued(queued(load), following: queued(following))
    }
}

/// One motor's share of a running command, evaluated in closed form.
///
/// The command is cut into segments in which the rate keeps its sign, stays in range and only rises or only falls.
/// Inside a segment everything follows from polynomials (docs/board.md §7.4). Where the rate is negative the segment is
/// mirrored: with phase F − 1 − c a step backward falls where a step forward would, so one set of formulas serves both.
/// Where segments would be shorter than a few ticks a batch of ticks is run one by one instead (`WildBatch`).
struct Axis: Sendable {
    /// F: a phase that reaches it makes a step.
    static let fullScale: Int64 = 1 << 31
    static let phaseMask: Int64 = fullScale - 1
    /// Stands for "not in this segment" and "never".
    static let never = Int64.max
    /// Segments shorter than this are run tick by tick, in batches.
    private static let shortestSegment: Int64 = 24

    /// How the register's arithmetic behaves at its ends.
    enum Register: Sendable {
        /// 31 bits, direction fixed by the command: SM, XM, HM, TR everywhere, LM and LT on 2.x.
        case unsigned
        /// 32 bits, the sign is the direction, tick by tick: LM, L3, LT, T3 on 3.x.
        case signed
    }

    let register: Register
    /// Direction of positive rates: 1 or −1; always 1 for a signed register.
    let orientation: Int64
    private let jerk: Int64
    /// A time-limited command's length in ticks; `never` for a step-limited one.
    private let duration: Int64

    // The segment: offsets in ticks from the command's start; polynomial mirrored by `heading`.
    private(set) var start: Int64 = 0
    private(set) var length: Int64 = 0
    private var heading: Int64 = 1
    private var phase: Int64 = 0
    private var rate: Int64 = 0
    private var acceleration: Int64 = 0
    private var curvature: Int64 = 0
    private var wild: WildBatch?

    /// Net steps made before the segment, in the direction of positive rates.
    private var position: Int64 = 0
    /// Steps still owed at the segment's start, counted in either direction; `never` if time-limited.
    private var left: Int64
    /// Offset after whose tick the motor is finished; `never` while that lies beyond the segment.
    private(set) var done: Int64 = Axis.never
    /// Whether the register ran over its end at the segment's start or in its batch.
    private(set) var wrapped = false

    /// - Parameters:
    ///   - load: the register as loaded, before the first tick.
    ///   - steps: to be made, ≥ 0; nil if time-limited.
    ///   - duration: ticks of a time-limited command.
    init(register: Register, orientation: Int64, load: RegisterState, jerk: Int64, steps: Int64?, duration: Int64?) {
        self.register = register
        self.orientation = orientation
        self.jerk = jerk
        self.duration = duration ?? Axis.never
        left = steps ?? Axis.never
        if left == 0 || duration == 0 {
            rest(load.phase)
        } else {
            open(load)
        }
    }

    /// An axis that does nothing and keeps its phase.
    static func idle(phase: Int64) -> Axis {
        Axis(
            register: .unsigned, orientation: 1, load: RegisterState(phase: phase, rate: 0, acceleration: 0), jerk: 0,
            steps: 0, duration: nil)
    }

    private mutating func rest(_ held: Int64) {
        (phase, rate, acceleration, curvature, heading) = (held, 0, 0, 0, 1)
        wild = nil
        done = start
        length = Axis.never - start
    }

    // MARK: Segments

    /// Offset up to which the present segment tells everything.
    var horizon: Int64 { done != Axis.never ? Axis.never : length == Axis.never ? Axis.never : start + length }

    /// Whether the axis owes steps that it will never make.
    var neverEnds: Bool {
        guard done == Axis.never else { return false }
        if let wild { return wild.repeats }
        return length == Axis.never
    }

    /// Goes on to the segment after the present one; the axis must not be done in it.
    mutating func openNext() {
        precondition(done == Axis.never && length != Axis.never, "no segment follows")
        let state: RegisterState
        let steps: Int64
        if let wild {
            state = wild.end
            position += wild.net
            steps = wild.total
        } else {
            let made = reach(length)
            let rawRate = heading * rate(at: length)
            let rawAcceleration = heading * (acceleration &+ curvature &* length)
            state = RegisterState(
                phase: heading > 0 ? made.phase : Axis.phaseMask - made.phase, rate: rawRate,
                acceleration: rawAcceleration)
            position += heading * made.steps
            steps = made.steps
        }
        if left != Axis.never { left -= steps }
        start += length
        open(state, after: wild)
    }

    private mutating func open(_ state: RegisterState, after earlier: WildBatch? = nil) {
        let next = state.advanced(by: jerk, register: register)
        wrapped = next.wrapped
        wild = nil
        switch register {
        case .unsigned:
            heading = 1
        case .signed:
            let following = next.rate != 0 ? next.rate : next.acceleration &+ jerk
            heading = following < 0 ? -1 : 1
        }
        phase = heading > 0 ? state.phase : Axis.phaseMask - state.phase
        curvature = heading * jerk
        acceleration = heading * next.acceleration - curvature
        rate = heading * next.rate - (acceleration + curvature)
        length = segmentLength()
        let remaining = duration == Axis.never ? Axis.never : duration - start
        if length < min(Axis.shortestSegment, remaining) {
            openBatch(state, remaining: remaining, after: earlier)
            return
        }
        done = Axis.never
        if duration != Axis.never && remaining <= length {
            done = duration
        } else if left != Axis.never, length == Axis.never || steps(length) >= left {
            let ticks = tick(ofStep: left)
            done = ticks == Axis.never ? Axis.never : start + ticks
        }
    }

    private mutating func openBatch(_ state: RegisterState, remaining: Int64, after earlier: WildBatch?) {
        let batch = WildBatch(
            state, jerk: jerk, register: register, left: left, ticks: min(remaining, WildBatch.longest),
            after: earlier)
        length = batch.ticks
        wrapped = wrapped || batch.wrapped
        let isOver = batch.total >= left || batch.ticks == remaining
        done = isOver ? start + batch.ticks : Axis.never
        wild = batch
    }

    /// Ticks over which the rate stays in 0…top and does not turn; `never` if it always does.
    private func segmentLength() -> Int64 {
        let top = register == .signed && heading > 0 ? Axis.fullScale - 1 : Axis.fullScale
        let first = rate + acceleration + curvature
        guard (0...top).contains(first) else { return 1 }
        if curvature == 0 {
            if acceleration == 0 { return Axis.never }
            let highest = register == .unsigned ? Axis.fullScale - 1 : top
            return max(1, acceleration > 0 ? (highest - rate) / acceleration : rate / -acceleration)
        }
        return curvedLength(top: register == .unsigned ? Axis.fullScale - 1 : top)
    }

    private func curvedLength(top: Int64) -> Int64 {
        let slope = acceleration + curvature
        let isRising = slope > 0 || (slope == 0 && curvature > 0)
        // Up to the turn the rate changes by at least |curvature| t² / 2, so at this t it has left its range.
        let limit = Int64((0x1p36 / Double(curvature.magnitude)).squareRoot()) + 2
        let turns = slope != 0 && (slope < 0) != (curvature < 0)
        let turn = turns ? max(1, acceleration / -curvature) : limit
        var (good, bad) = (Int64(1), min(turn, limit) + 1)
        func isInRange(_ t: Int64) -> Bool { isRising ? rate(at: t) <= top : rate(at: t) >= 0 }
        if bad - 1 > 1, isInRange(bad - 1) { return bad - 1 }
        while bad - good > 1 {
            let middle = (good + bad) / 2
            if isInRange(middle) { good = middle } else { bad = middle }
        }
        return good
    }

    // MARK: Polynomials of the segment; t counts ticks from its start

    private func rate(at t: Int64) -> Int64 {
        rate &+ acceleration &* t &+ curvature &* (t &* (t &+ 1) / 2)
    }

    private func travelled(_ t: Int64) -> Int64 {
        let pairs = t &* (t &+ 1) / 2
        var sum = rate &* t &+ acceleration &* pairs
        if curvature != 0 { sum = sum &+ curvature &* (pairs &* (t &+ 2) / 3) }
        return sum
    }

    /// Steps made after t ticks of the segment and the (mirrored) phase then.
    private func reach(_ t: Int64) -> (steps: Int64, phase: Int64) {
        if t < 1 << 28 {
            let sum = phase &+ travelled(t)
            return (sum >> 31, sum & Axis.phaseMask)
        }
        // Curved segments are shorter than 2^18 ticks, so only rate and acceleration count here.
        let wide = Int128(t)
        let sum = Int128(phase) + Int128(rate) * wide + Int128(acceleration) * (wide * (wide + 1) / 2)
        return (Int64(truncatingIfNeeded: sum >> 31), Int64(truncatingIfNeeded: sum & Int128(Axis.phaseMask)))
    }

    private func steps(_ t: Int64) -> Int64 { reach(t).steps }

    /// First tick of the segment after which `count` steps are made; `never` if not within it.
    private func tick(ofStep count: Int64) -> Int64 {
        let target = (count << 31) - phase
        guard target > 0 else { return 0 }
        if acceleration == 0 && curvature == 0 {
            return rate <= 0 ? Axis.never : (target + rate - 1) / rate
        }
        guard steps(length) >= count else { return Axis.never }
        if curvature != 0 { return bisected(count, from: 0, to: length) }
        let b = Double(rate) + Double(acceleration) / 2
        let root = (b * b + 2 * Double(acceleration) * Double(target)).squareRoot()
        let estimate = 2 * Double(target) / (b + root)
        var t = estimate < Double(length) ? max(1, Int64(estimate)) : length  // false also for NaN
        for _ in 0..<4 {
            if steps(t) < count {
                t += 1
            } else if t > 1 && steps(t - 1) >= count {
                t -= 1
            } else {
                return t
            }
        }
        return bisected(count, from: 0, to: length)
    }

    private func bisected(_ count: Int64, from low: Int64, to high: Int64) -> Int64 {
        var (low, high) = (low, high)  // steps(low) < count ≤ steps(high)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if steps(middle) < count { low = middle } else { high = middle }
        }
        return high
    }

    // MARK: What others ask; offsets from the command's start, within the present segment

    /// Net steps of the motor since the command's start, in the motor's own direction.
    func position(at offset: Int64) -> Int64 {
        let t = min(offset, done) - start
        if let wild { return orientation * (position + wild.state(after: t).net) }
        return orientation * (position + heading * steps(t))
    }

    /// Phase accumulator.
    func phase(at offset: Int64) -> Int64 {
        let t = min(offset, done) - start
        if let wild { return wild.state(after: t).register.phase }
        let mirrored = reach(t).phase
        return heading > 0 ? mirrored : Axis.phaseMask - mirrored
    }

    /// Signed rate on the tick that ends at `offset`, in units of F per tick.
    func signedRate(at offset: Int64) -> Int64 {
        let t = max(1, min(offset, done) - start)
        if done == start { return 0 }
        if let wild { return orientation * wild.state(after: t).register.rate }
        return orientation * heading * rate(at: t)
    }

    /// Steps still owed; for a time-limited command the ticks left.
    func remaining(at offset: Int64) -> Int64 {
        guard offset < done else { return 0 }
        if left == Axis.never { return duration - offset }
        let t = offset - start
        return left - (wild.map { $0.state(after: t).total } ?? steps(t))
    }

    /// Offset of the first step after `offset`, if there is one in this segment, and its direction.
    func nextStep(after offset: Int64) -> (offset: Int64, direction: Int)? {
        guard offset < done else { return nil }
        let t = offset - start
        if let wild { return wild.nextStep(after: t).map { (start + $0.tick, Int(orientation) * $0.direction) } }
        let next = tick(ofStep: steps(t) + 1)
        guard next != Axis.never, next <= length, start + next <= done else { return nil }
        return (start + next, Int(orientation * heading))
    }

    /// Registers after `offset`, so that the rest can be run from a changed phase (`CS` in mid-move).
    func zeroedPhase(at offset: Int64) -> Axis {
        guard offset < done else {
            var copy = self
            copy.position = orientation * position(at: done)
            copy.start = done
            copy.rest(0)
            return copy
        }
        var copy = self
        let t = offset - start
        var state: RegisterState
        if let wild {
            let reached = wild.state(after: t)
            state = reached.register
            copy.position += reached.net
            if left != Axis.never { copy.left -= reached.total }
        } else {
            let made = steps(t)
            state = RegisterState(
                phase: 0, rate: heading * (t == 0 ? rate : rate(at: t)),
                acceleration: heading * (acceleration &+ curvature &* t))
            copy.position += heading * made
            if left != Axis.never { copy.left -= made }
        }
        state.phase = 0
        copy.start = offset
        copy.open(state)
        return copy
    }
}

/// How the rate of one motor runs during a planned command, and where it has got to (docs/board.md §7.4).
public struct Course: Equatable, Sendable {
    /// Rate before the first tick, its change per tick before the first, and the change of that per tick, in the direction
    /// of `sign`.
    private let start: Int64
    private let ramp: Int64
    private let jerk: Int64
    private let phase: Int64
    private let sign: Int64
    /// Steps of a step-limited move, ticks of a time-limited one.
    private let mostSteps: Int64
    private let mostTicks: Int64

    private static let fullScale = Double(BoardClock.fullScale)

    /// Of a step-limited move whose phase is cleared.
    init(_ move: AxisMove) {
        ramp = Int64(move.acceleration)
        jerk = 0
        start = Int64(move.rate) - ramp / 2
        phase = 0
        sign = move.steps < 0 ? -1 : 1
        mostSteps = Int64(move.steps.magnitude)
        mostTicks = .max
    }

    /// Of a time-limited move of so many ticks; before 3.0 its acceleration acts on the magnitude of the rate.
    init(_ axis: AxisRate, ticks: Int64, isSigned: Bool) {
        sign = !isSigned && axis.rate < 0 ? -1 : 1
        jerk = Int64(axis.jerk)
        ramp = Int64(axis.acceleration) - jerk
        start = sign * Int64(axis.rate) - Int64(axis.acceleration) / 2 + jerk / 6
        phase = Int64(axis.phase)
        mostSteps = .max
        mostTicks = ticks
    }

    /// Whether its rate changes.
    public var isAccelerated: Bool { ramp != 0 || jerk != 0 }

    /// Whether its acceleration changes.
    var isBent: Bool { jerk != 0 }

    /// Whether a time-limited move turns back in its midst.
    var reverses: Bool {
        guard mostTicks != .max else { return false }
        if jerk != 0 { return !turns.isEmpty }
        let last = start + ramp * mostTicks
        return (start + ramp > 0 && last < 0) || (start + ramp < 0 && last > 0)
    }

    /// Ticks after which a time-limited move turns back, in order: two at most.
    var turns: [Int64] {
        guard mostTicks != .max, isAccelerated else { return [] }
        if jerk == 0 {
            let tick = -start / ramp
            return tick > 0 && tick < mostTicks ? [tick] : []
        }
        // The rate on tick t is start + ramp·t + jerk·t(t + 1)/2.
        let (a, b, c) = (Double(jerk) / 2, Double(ramp) + Double(jerk) / 2, Double(start))
        let root = (b * b - 4 * a * c).squareRoot()
        guard root > 0 else { return [] }
        let q = b < 0 ? (root - b) / 2 : -(root + b) / 2
        let found = [q / a, q == 0 ? 0 : c / q].sorted()
        return found.filter { $0 >= 1 && $0 < Double(mostTicks) }.map { Int64($0) }
    }

    private func sum(_ ticks: Int64) -> Int64 {
        let t = min(ticks, mostTicks)
        let pairs = t &* (t &+ 1) / 2
        let sum = phase &+ start &* t &+ ramp &* pairs
        return jerk == 0 ? sum : sum &+ jerk &* (pairs &* (t &+ 2) / 3)
    }

    /// Signed steps made after `ticks`.
    public func steps(after ticks: Int64) -> Int32 {
        let made = sum(ticks) >> 31
        return Int32(clamping: sign * (mostSteps == .max ? made : max(0, min(mostSteps, made))))
    }

    /// Steps and phase after `ticks`, in steps from where the command found the motor; a time-limited one counts from the
    /// middle of a phase.
    public func place(after ticks: Int64) -> Double {
        let centre = mostTicks == .max ? 0 : BoardClock.fullScale / 2
        return Double(sign * (sum(ticks) - centre)) / Self.fullScale
    }

    /// Signed rate `ticks` after its beginning, steps/tick, and its change, steps/tick².
    public func rate(after ticks: Int64) -> Double {
        if mostSteps == 0 || (mostTicks != .max && start == 0 && !isAccelerated) { return 0 }
        let t = Double(min(ticks, mostTicks))
        let curved = jerk == 0 ? 0 : Double(jerk) * (t + 1) * (t + 1) / 2
        return Double(sign) * (Double(start) + Double(ramp) * (t + 0.5) + curved) / Self.fullScale
    }

    /// Signed change of the rate `ticks` after its beginning, steps/tick².
    public func acceleration(after ticks: Int64) -> Double {
        Double(sign * (ramp + jerk * (jerk == 0 ? 0 : min(ticks, mostTicks) + 1))) / Self.fullScale
    }

    /// Signed change of the acceleration, steps/tick³.
    public var accelerationChange: Double { Double(sign * jerk) / Self.fullScale }

    /// Signed rates at both ends, steps/tick; the mean is steps over ticks whatever the registers say.
    func rates(steps: Int32, _ ticks: Double) -> (entry: Double, exit: Double) {
        let mean = Double(steps) / ticks + accelerationChange * ticks * ticks / 12
        let change = (acceleration(after: -1) + accelerationChange * (1 + ticks / 2)) * ticks
        return (mean - change / 2, mean + change / 2)
    }
}

extension Command {
    /// How both motors run during the command, of which it takes `ticks`; nil for what is no accelerated or timed move.
    ///
    /// From 3.0 on a timed move takes a tick more than it moves.
    public func courses(ticks: Int32) -> (Course, Course)? {
        switch self {
        case .acceleratedMove(let a, let b, _): return (Course(a), Course(b))
        case .timedMove(let active, let a, let b, _):
            let isSigned = Int64(ticks) > Int64(active)
            return (
                Course(a, ticks: Int64(active), isSigned: isSigned), Course(b, ticks: Int64(active), isSigned: isSigned)
            )
        case .move, .home, .enableMotors, .pen, .configure, .servoTimeout, .setUp, .setVariable, .emergencyStop,
            .clearSteps, .raw:
            return nil
        }
    }
}

extension Command {
    /// The command that gives both motors the phases which this one, a time-limited move of `ticks`, was planned with, to a
    /// few units of 2⁻³¹ step, and how long it takes; nil if it needs none. It makes no step.
    func restoringPhases(ticks: Int32) -> (command: Command, ticks: Int32)? {
        guard case .timedMove(let active, let a, let b, clear: 0) = self else { return nil }
        // As long as the shortest of our commands: quicker, the rate would jump; before 3.0 two rates of 0 are refused.
        let whole: Int32 = 114
        let own = Int64(ticks) > Int64(active) ? whole - 1 : whole
        return (
            .timedMove(
                ticks: UInt32(own), AxisRate(rate: max(1, a.phase / own), acceleration: 0),
                AxisRate(rate: max(1, b.phase / own), acceleration: 0), clear: 3), whole
        )
    }
}

extension AxisRate {
    /// A time-limited move in place of a step-limited one: the same steps in as many ticks, with a cleared phase before it
    /// and `phase` after it, but for a few units of 2⁻³¹ step.
    ///
    /// - Parameter heading: direction of a motor that makes no step, −1 or 1.
    init(_ move: AxisMove, ticks: Int32, endingAt phase: Int32, heading: Int64, isSigned: Bool) {
        let active = Int64(isSigned ? max(1, ticks - 1) : ticks)
        let (entry, exit) = Course(move).rates(steps: move.steps, Double(ticks))
        let full = BoardClock.fullScale
        let sign: Int64 = isSigned ? 1 : move.steps < 0 ? -1 : move.steps > 0 ? 1 : heading
        // From 3.0 on a motor that begins backwards begins with the highest phase.
        let before: Int64 = isSigned && entry < 0 ? full - 1 : 0
        let distance = sign * Int64(move.steps) * full + Int64(phase) - before
        let mean = Double(distance) / Double(active)
        let wanted = Double(sign) * (exit - entry) * Double(full) / Double(active)
        let most = isSigned ? Double(Int32.max) : max(0, 2 * (mean - 2) / Double(active + 1))
        let ramp = Int64(max(-most, min(most, wanted)).rounded(.towardZero))
        let rest = distance - ramp * (active * (active + 1) / 2)
        let start = Int64((Double(rest) / Double(active)).rounded()) + ramp / 2
        self.init(
            rate: Int32(clamping: sign * (isSigned ? start : max(1, start))), acceleration: Int32(clamping: ramp),
            steps: move.steps, phase: Int32(clamping: before))
    }
}

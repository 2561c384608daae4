/// A moment of a planned motion at which a command may begin.
struct KnotCandidate: Sendable {
    /// Whole, from the beginning of the path.
    var tick: Int32
    /// Part of the path that it lies in.
    var part: Int32
    /// From the beginning of that part, ticks.
    let offset: Double
    /// mm, mm/tick.
    var place: SIMD2<Double>
    let velocity: SIMD2<Double>
    /// How far the commands may lie beside the motion here, mm.
    let reach: Double
    /// What a distance is multiplied by to be a share of the reach across the motion; 0 at rest, where all of it counts.
    let across: SIMD2<Double>
    /// 1 / reach, 1/mm.
    let inverseReach: Double
    /// Of a chosen knot: how far the command that ends here lies beside the motion, as a share of what it may.
    var excess = 0.0

    /// - Parameters: as the properties.
    init(
        tick: Int32, part: Int32, offset: Double = 0, place: SIMD2<Double>, velocity: SIMD2<Double>, reach: Double
    ) {
        self.tick = tick
        self.part = part
        self.offset = offset
        self.place = place
        self.velocity = velocity
        self.reach = reach
        inverseReach = 1 / reach
        let squared = (velocity * velocity).sum()
        across = squared > 1e-12 ? SIMD2(velocity.y, -velocity.x) * (inverseReach / squared.squareRoot()) : SIMD2(0, 0)
    }

    /// How far beside the motion a place is that lies `off` from this one, as a share of the reach.
    @inline(__always)
    func share(_ off: SIMD2<Double>) -> Double {
        if across == SIMD2(0, 0) { return (off * off).sum().squareRoot() * inverseReach }
        return (off * across).sum().magnitude
    }
}

/// What a choice of knots must keep to; times in ticks.
struct KnotLimits {
    var shortest: Int32
    var longest: Int32
    /// mm/tick².
    var acceleration: Double
    /// mm/tick.
    var speed: Double
    /// Whether a motor must not reverse within a command.
    var splitsReversals: Bool
    /// How much the tick of rest behind a command may change its mean speed, mm/tick; infinite without such a tick.
    var restStep = Double.infinity
    /// How much more than usually departures weigh, up to less than a command that is too short.
    var strictness = 1.0
    /// Beyond which a command weighs more, mm/tick, whatever lower limit is tried; as the acceleration, nil where neither does.
    var highestSpeed: Double?

    /// What one more command weighs, and what departures weigh beside it.
    static let commandWeight = 1.0
    /// Of the square of a difference of mean velocity as a share of what the acceleration changes in the time, or in 60 ms, or
    /// of so many times the limit of speed, which is passed by twice as much.
    static let mismatchWeight = 160.0
    static let mismatchTicks = 1500.0
    static let mismatchSpeeds = 2.0
    static let mostMismatch = 500.0
    /// And how much more where motion begins or ends at rest.
    static let restMismatch = 4.0
    /// Of a command that is too short, too long or too far beside the motion, times how much it is.
    static let excessWeight = 1000.0
    /// Of a command so short that its tick of rest counts, times how much of what it should last is missing.
    static let restWeight = 6.0
    /// Of a reversal of a motor within a command.
    static let reversalWeight = 2.5
    /// Of a command beyond these shares of the limits of acceleration and of speed, times how much it is: what is slowed for it
    /// takes longer than a command more.
    static let overWeight = 100.0
    static let allowance = 1.02
    static let speedAllowance = 1.045
    /// Candidates that one command may span.
    static let mostCandidates = 32
    /// Starts beyond the first that lies too far beside the motion that are tried still.
    static let patience = 3
    /// What is that much more is not mistaken for less by rounding.
    static let sureShare = 1.001

    /// Mean velocity may change by so much in a command of so many ticks, mm/tick.
    @inline(__always)
    func change(in ticks: Double) -> Double {
        // What is off in a long command falls upon its short neighbours.
        min(acceleration * min(ticks, Self.mismatchTicks), speed * Self.mismatchSpeeds)
    }

    /// Whether the mismatch of a command is sure to weigh more than it may: without the divisions by which that is known to
    /// the last digit.
    ///
    /// - Parameter times: how much more than usually it weighs.
    @inline(__always)
    func isUnlike(_ first: KnotCandidate, _ last: KnotCandidate, times: Double, beyond most: Double) -> Bool {
        if strictness > 1, most >= Self.mostMismatch { return false }
        let ticks = Double(last.tick - first.tick)
        let off = last.place - first.place - (first.velocity + last.velocity) * (ticks / 2)
        let change = change(in: ticks) * ticks
        let weight = Self.mismatchWeight * times * max(1, strictness) * (off * off).sum()
        return weight > most * Self.sureShare * (change * change)
    }
}

/// The cut of a stretch of motion into commands that weighs least: few, each near the motion and like it in speed.
///
/// Each command is judged as the parabola from end to end whose control point is (p₀ + p₁)/2 + (v₀ − v₁)·T/4. The optimum
/// over all cuts is found by dynamic programming.
/// - Parameters:
///   - previous: filled with the start of the best command that ends at each candidate, −1 at the first.
///   - cost, tails: scratch; all as long as `moments`.
/// - Complexity: O(n · k), k the candidates within the longest command, at most 32; no allocation.
func chooseKnots(
    _ moments: Span<KnotCandidate>, beginsAtRest: Bool, endsAtRest: Bool, limits: KnotLimits,
    cost: inout MutableSpan<Double>, previous: inout MutableSpan<Int32>, tails: inout MutableSpan<KnotTail>
) {
    precondition(cost.count >= moments.count && previous.count >= moments.count, "one a candidate")
    precondition(tails.count >= moments.count, "one a candidate")
    cost[0] = 0
    previous[0] = -1
    tails[0] = KnotTail()
    for end in stride(from: 1, to: moments.count, by: 1) {
        var best = Double.infinity
        var start = end
        var left = KnotLimits.patience
        previous[end] = Int32(truncatingIfNeeded: end - 1)
        while start > 0, end - start < KnotLimits.mostCandidates {
            start -= 1
            let ticks = moments[end].tick - moments[start].tick
            if ticks > limits.longest, start < end - 1 { break }
            var weight = cost[start] + KnotLimits.commandWeight
            guard weight < best else { continue }
            let rests = (first: beginsAtRest && start == 0, last: endsAtRest && end == moments.count - 1)
            // One command cannot both begin and end at rest.
            if rests.first, rests.last, end > 1 { continue }
            let times = rests.first || rests.last ? KnotLimits.restMismatch : 1
            if limits.isUnlike(moments[start], moments[end], times: times, beyond: best - weight) { continue }
            let fit = CommandFit(moments[start], moments[end], rests: rests)
            let mismatch = fit.mismatch(limits) * times
            weight += limits.strictness > 1 ? min(mismatch * limits.strictness, KnotLimits.mostMismatch) : mismatch
            if ticks < limits.shortest {
                weight += KnotLimits.excessWeight * Double(limits.shortest) / Double(max(1, ticks))
            }
            if ticks < limits.shortest * 2 { weight += fit.restShare(limits) * KnotLimits.restWeight }
            if limits.splitsReversals, fit.reverses { weight += KnotLimits.reversalWeight }
            guard weight < best else { continue }
            // Beyond what may be, how far matters only where nothing better is known.
            let room = (best - weight) * KnotLimits.sureShare / KnotLimits.excessWeight
            let excess = fit.excess(moments, start, end, enough: max(1, room))
            if excess > 1 {
                weight += KnotLimits.excessWeight * excess
                if ticks >= limits.shortest {
                    left -= 1
                    if left == 0 { break }
                }
            }
            guard weight < best else { continue }
            let velocity = rests.first ? SIMD2(0, 0) : tails[start].velocity(at: moments[start], before: fit)
            if let speed = limits.highestSpeed {
                let over = tails[start].excess(
                    velocity, before: fit, isLast: rests.last, acceleration: limits.acceleration, speed: speed)
                weight += over * KnotLimits.overWeight
            }
            if weight < best {
                best = weight
                tails[end] = KnotTail(fit, begin: velocity)
                previous[end] = Int32(truncatingIfNeeded: start)
            }
        }
        cost[end] = best
    }
}

/// The parabola that a command between two moments runs.
struct CommandFit {
    private let first: KnotCandidate
    private let last: KnotCandidate
    let ticks: Double
    let control: SIMD2<Double>
    /// How much the mean velocity differs from the mean of both ends', mm/tick.
    private let difference: SIMD2<Double>
    /// By how much it moves the velocities at its knots, times its ticks, mm.
    let off: SIMD2<Double>

    /// - Parameter rests: whether the path begins or ends here: there the control point is its end.
    @inline(__always)
    init(_ first: KnotCandidate, _ last: KnotCandidate, rests: (first: Bool, last: Bool)) {
        self.first = first
        self.last = last
        ticks = max(1, Double(last.tick - first.tick))
        control =
            rests.first
            ? first.place
            : rests.last
                ? last.place : (first.place + last.place) / 2 + (first.velocity - last.velocity) * (ticks / 4)
        difference = (last.place - first.place) / self.ticks - (first.velocity + last.velocity) / 2
        off = difference * (rests.first || rests.last ? 2 * ticks : ticks)
    }

    @inline(__always)
    func mismatch(_ limits: KnotLimits) -> Double {
        let change = limits.change(in: ticks)
        return KnotLimits.mismatchWeight * (difference * difference).sum() / (change * change)
    }

    /// Of the ticks beside which a tick of rest would not be noticed, the share that is missing.
    @inline(__always)
    func restShare(_ limits: KnotLimits) -> Double {
        let way = last.place - first.place
        let squared = (way * way).sum()
        let most = ticks * ticks * limits.restStep
        return squared <= most * most ? 0 : 1 - most / squared.squareRoot()
    }

    /// Whether the velocity of a motor, which is x + y or x − y, changes its sign.
    var reverses: Bool {
        let (a, b) = (first.velocity, last.velocity)
        let sum = (a.x + a.y) * (b.x + b.y)
        let difference = (a.x - a.y) * (b.x - b.y)
        let least = -1e-12
        return sum < least || difference < least
    }

    /// How much of the difference of velocities lies across the motion at a moment, as a share of its reach; 0 at rest.
    @inline(__always)
    private func across(_ moment: KnotCandidate) -> Double { (difference * moment.across).sum().magnitude }

    /// How far the parabola lies beside the motion at the worst moment between, as a share of what it may; a knot
    /// moves by T/4 times the difference of two of `difference`, which is as much again of the neighbour.
    ///
    /// - Parameter enough: what is farther need not be known to the last.
    @inline(__always)
    func excess(_ moments: Span<KnotCandidate>, _ start: Int, _ end: Int, enough: Double = .infinity) -> Double {
        let moved = max(across(first) * first.reach, across(last) * last.reach) * ticks / 2
        var worst = moved * max(first.inverseReach, last.inverseReach)
        let step = 1 / ticks
        let (a, b) = (control - first.place, last.place - control)
        let turn = b - a
        var i = start + 1
        while i < end, worst <= enough {
            let u = Double(moments[i].tick - first.tick) * step
            // w²·p₀ + 2uw·c + u²·p₁ with w = 1 − u.
            let off = first.place + (a + a + turn * u) * u - moments[i].place
            worst = max(worst, moments[i].share(off) + moved / 2 * moments[i].inverseReach)
            i += 1
        }
        return worst
    }
}

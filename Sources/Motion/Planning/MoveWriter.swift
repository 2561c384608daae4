/// Writes groups of pieces as step moves: whole steps and ticks, remainders carried in place and time.
struct MoveWriter {
    /// A stretch that must be slower: there a motor's rate would jump further than it may.
    struct Jump {
        var segments: ClosedRange<Int32>
        /// Of the speed limit, < 1.
        var factor: Double
    }

    private(set) var position: (motor1: Int32, motor2: Int32) = (0, 0)
    private(set) var jumps: [Jump] = []
    /// Whether a motor's rate jumped further than motors follow, not only the velocity further than the rule has it.
    private(set) var hasHardJump = false
    private var steps = StepLimits(
        stepsPerMillimetre: 1, highestRate: 1, shortestTicks: 1, longestTicks: 1, highestRateStep: 1)
    /// Ticks written, and where the plan is, which may lie up to a half apart.
    private var written: Int64 = 0
    private var planned = 0.0
    /// Rates at the end of the last move, steps/tick, its segments and how much it was slowed.
    private var lastRate1 = 0.0
    private var lastRate2 = 0.0
    private var lastSegments: ClosedRange<Int32> = 0...0
    private var lastFactor = 1.0

    init() {}

    /// Largest change of velocity between two moves, in the plane of motor steps, steps/tick, squared.
    private var highestTurnSquared = 0.0

    init(position: (motor1: Int32, motor2: Int32), steps: StepLimits, highestTurnSquared: Double) {
        self.position = position
        self.steps = steps
        self.highestTurnSquared = highestTurnSquared
    }

    /// Appends the move of the pieces `start..<end`.
    mutating func append(
        _ pieces: Span<MotionPiece>, _ start: Int, _ end: Int, fit: GroupFit, to moves: inout [StepMove]
    ) {
        let last = pieces[end - 1]
        let target1 = Self.whole(last.end1)
        let target2 = Self.whole(last.end2)
        let (steps1, steps2) = (target1 &- position.motor1, target2 &- position.motor2)
        // Less than half a step: the place is made up for by the next move, and its time is not spent.
        guard steps1 != 0 || steps2 != 0 else { return }
        planned += fit.ticks
        let fastest = Double(max(steps1.magnitude, steps2.magnitude)) / steps.highestRate
        let least = max(Int64(steps.shortestTicks), Int64(fastest.rounded(.up)))
        let due = Int64(planned.rounded()) - written
        let ticks = max(least, min(due, Int64(steps.longestTicks)))
        written += ticks
        if ticks > due { planned = Double(written) }
        position = (target1, target2)
        let bump1 = bump(fit.bump1, steps: steps1, ticks: ticks)
        let bump2 = bump(fit.bump2, steps: steps2, ticks: ticks)
        let inverse = 1 / Double(ticks)
        noteRate(fit.bump1, steps: steps1, ticks: ticks, pieces[start].segment...last.segment)
        noteRate(fit.bump2, steps: steps2, ticks: ticks, pieces[start].segment...last.segment)
        note(
            pieces[start].segment...last.segment, factor: max(0.5, min(1, fit.ticks * inverse)),
            start1: (Double(steps1) - bump1) * inverse, start2: (Double(steps2) - bump2) * inverse)
        lastRate1 = (Double(steps1) + bump1) * inverse
        lastRate2 = (Double(steps2) + bump2) * inverse
        let curve = 2 * inverse * inverse
        moves.append(
            StepMove(
                ticks: Int32(clamping: ticks), steps1: steps1, steps2: steps2, acceleration1: bump1 * curve,
                acceleration2: bump2 * curve))
    }

    /// Steps of a change of rate that a command may leave out: it bows by a quarter of them.
    private static let mostLeft = 4.0

    /// What a command cannot do of a change of rate because the motor would pass its highest rate would bow it beside the
    /// line, the other motor keeping its pace: both are slowed.
    private mutating func noteRate(_ wanted: Double, steps count: Int32, ticks: Int64, _ segments: ClosedRange<Int32>) {
        let (mean, room) = (Double(count.magnitude), steps.highestRate * Double(ticks))
        guard mean + wanted.magnitude > room + Self.mostLeft else { return }
        hasHardJump = true
        jumps.append(Jump(segments: segments, factor: max(0.8, room / (mean + wanted.magnitude) * 0.99)))
    }

    /// What a command can do of a change of rate: the motor neither turns back nor passes the highest rate.
    private func bump(_ wanted: Double, steps count: Int32, ticks: Int64) -> Double {
        let mean = Double(count.magnitude)
        let most = max(0, min(mean, steps.highestRate * Double(ticks) - mean))
        return max(-most, min(most, wanted))
    }

    /// The path ends: the motors stop.
    mutating func finish() {
        note(lastSegments, factor: lastFactor, start1: 0, start2: 0)
    }

    private mutating func note(_ segments: ClosedRange<Int32>, factor: Double, start1: Double, start2: Double) {
        let (turn1, turn2) = (start1 - lastRate1, start2 - lastRate2)
        let isHard = max(turn1.magnitude, turn2.magnitude) > steps.highestRateStep
        let turnSquared = turn1 * turn1 + turn2 * turn2
        if isHard || turnSquared > highestTurnSquared {
            if isHard { hasHardJump = true }
            // A slowed move is planned at the speed it got; if none was slowed, both get slower.
            if factor < 0.999 { jumps.append(Jump(segments: segments, factor: factor * 0.98)) }
            if lastFactor < 0.999 { jumps.append(Jump(segments: lastSegments, factor: lastFactor * 0.98)) }
            if factor >= 0.999, lastFactor >= 0.999 {
                let low = min(segments.lowerBound, lastSegments.lowerBound)
                let high = max(segments.upperBound, lastSegments.upperBound)
                // A change of velocity shrinks as the speed does; that of one motor by whole steps hardly.
                let needed = isHard ? 0 : (highestTurnSquared / turnSquared).squareRoot() * 0.98
                jumps.append(Jump(segments: low...high, factor: max(0.8, needed)))
            }
        }
        lastSegments = segments
        lastFactor = factor
    }

    private static func whole(_ place: Double) -> Int32 {
        // Travel times resolution is checked before; the clamp is for what lies within a rounding of the limit.
        Int32(max(-2e9, min(2e9, place)).rounded())
    }
}

/// Turns paths into step moves one after another, keeping the place where the last one ended.
///
/// Every path begins and ends at rest; its end is the rounding of its true end, so no error accumulates.
public struct StepPlanner: Sendable {
    /// Ticks a second, the unit of time of a step move.
    public static let ticksPerSecond = 25_000.0
    /// How often a path is planned again with slower stretches before what remains is accepted.
    private static let mostRounds = 12
    /// How much further than the rule has it the velocity may change, for whole steps and ticks.
    private static let turnSlack = 1.1
    /// In how many of them it is slowed also where only the rule's largest change of velocity is passed.
    private static let mostSoftRounds = 4
    /// Pieces that are grouped at a time, and how many of the last are grouped again with what follows.
    private static let window = 2048
    private static let overlap = 160

    /// Where the carriage stands, in microsteps of both motors.
    public private(set) var position: (motor1: Int32, motor2: Int32) = (0, 0)
    public let steps: StepLimits

    private var path = PathSpeeds()
    /// What the path at hand takes without its commands, ticks.
    private var ideal = 0.0
    private var pieces: [MotionPiece] = []
    /// From the source to the smoothed path, in motor microsteps: where the first piece begins and each of them ends; empty
    /// where the path is not smoothed.
    private var offsets: [SIMD2<Double>] = []
    private var cost: [Double] = []
    private var previous: [Int32] = []
    private var bounds: [Int] = []
    private var writer = MoveWriter()

    public init(steps: StepLimits) { self.steps = steps }

    /// Appends the moves along `points`, from rest to rest.
    ///
    /// The first point must be where the last path ended, within rounding. Where short moves or corners would make a
    /// motor's rate jump too far, the path is planned again, slower there. A path that noise makes slow is smoothed within
    /// the tolerance first; moves are then held against the path as it was.
    ///
    /// Commands have a shortest time, and a longest change of their motors' rates. Where they take longer than the motion that
    /// they stand for, or leave a jump, it is planned at lower limits, too, which are the same for every limit, and the quickest
    /// plan without a jump is taken: so a higher limit never makes a path slower.
    public mutating func append(path points: ArraySlice<Point>, limits: MotionLimits, to moves: inout [StepMove]) {
        let (first, start) = (moves.count, position)
        var limits = limits
        limits.acceleration = Self.rung(notAbove: limits.acceleration)
        let jumps = appendOnce(path: points, limits: limits, within: .infinity, to: &moves)
        let ticks = Self.ticks(moves[first...])
        let goal = ideal * CurvePlanner.slack
        let isUsual =
            limits.acceleration <= CurvePlanner.lowAcceleration && limits.speed <= CurvePlanner.lowSpeed
        guard jumps || (ticks > goal && !isUsual) else { return }
        var best = Found(moves: Array(moves[first...]), position: position, ticks: jumps ? .infinity : ticks)
        for acceleration in Self.accelerations(from: limits.acceleration) where best.ticks > goal {
            let isSure = acceleration <= Self.surestAcceleration
            // A long path is planned at many limits only where none is without a jump.
            let isBrief =
                points.count > Self.longPath
                ? !isSure || best.ticks < .infinity
                : acceleration < limits.acceleration && !LimitRungs.accelerations.contains(acceleration)
            var isSlower = false
            for speed in Self.speeds(from: limits.speed, isBrief: isBrief) where best.ticks > goal {
                var lower = limits
                (lower.acceleration, lower.speed) = (acceleration, speed)
                if lower == limits { continue }
                moves.removeLast(moves.count - first)
                position = start
                let most = best.ticks * Self.worthwhile
                let jumps = appendOnce(path: points, limits: lower, within: most, to: &moves)
                if ideal >= most {
                    isSlower = speed == limits.speed
                    break
                }
                let ticks = Self.ticks(moves[first...])
                if !jumps, ticks < best.ticks {
                    best = Found(moves: Array(moves[first...]), position: position, ticks: ticks)
                }
            }
            // By its plan alone: no lower limit can be quicker. And where all have jumps, the slowest is drawn.
            if isSlower { break }
            if isSure, best.ticks == .infinity { return }
        }
        moves.removeLast(moves.count - first)
        moves += best.moves
        position = best.position
    }

    /// The quickest of the plans of a path.
    private struct Found {
        var moves: [StepMove]
        var position: (Int32, Int32)
        /// Infinite where it has jumps.
        var ticks: Double
    }

    /// Of the time of a path, what another plan takes that is worth to be looked at.
    private static let worthwhile = 0.998

    private static func ticks(_ moves: ArraySlice<StepMove>) -> Double {
        moves.reduce(0) { $0 + Double($1.ticks) }
    }

    /// Vertices beyond which a path is long.
    private static let longPath = 2000

    /// Speeds that are tried from one down, mm/s.
    private static func speeds(from speed: Double, isBrief: Bool) -> [Double] {
        isBrief ? [speed] : [speed] + LimitRungs.speeds.reversed().filter { $0 < speed }
    }

    /// Up to here commands of any board stand for the ramps of most paths, mm/s².
    private static let surestAcceleration = 1500.0

    /// The highest limit that is tried, mm/s²: above `surestAcceleration` whole steps of 250 up to 5,000, of 1,000 beyond, so that
    /// those of a higher limit are those of a lower one and more.
    private static func rung(notAbove limit: Double) -> Double {
        if limit <= surestAcceleration { return limit }
        let step = limit <= 5000 ? 250.0 : 1000.0
        return max(surestAcceleration, (limit / step).rounded(.down) * step)
    }

    /// Limits that are tried from one down, mm/s².
    private static func accelerations(from limit: Double) -> [Double] {
        var list = [limit]
        var next = limit
        while next > surestAcceleration {
            next = rung(notAbove: next.nextDown)
            list.append(next)
        }
        return list + LimitRungs.accelerations.filter { $0 < next }
    }

    private var rates: RateCaps {
        let k = Self.ticksPerSecond / steps.stepsPerMillimetre
        return RateCaps(
            motorSpeed: steps.highestRate * k, motorSpeedStep: steps.highestRateStep * Self.cornerShare * k)
    }

    /// Leaves in `ideal` what the path takes without its commands; nothing is appended where that is no less than `most` ticks.
    ///
    /// - Returns: whether jumps were left, or it was given up.
    private mutating func appendOnce(
        path points: ArraySlice<Point>, limits: MotionLimits, within most: Double, to moves: inout [StepMove]
    ) -> Bool {
        ideal = 0
        guard path.take(points) else { return false }
        let start = (moves.count, position)
        let rates = rates
        path.plan(limits: limits, rates: rates)
        path.smooth(limits: limits, rates: rates)
        ideal = path.duration(acceleration: limits.acceleration) * Self.ticksPerSecond
        guard ideal < most else { return true }
        for round in 1...Self.mostRounds {
            if round > 1 {
                path.plan(limits: limits, rates: rates)
                if path.duration(acceleration: limits.acceleration) * Self.ticksPerSecond >= most { return true }
            }
            run(limits: limits, moves: &moves)
            let isJumping = round < Self.mostSoftRounds ? !writer.jumps.isEmpty : writer.hasHardJump
            guard isJumping, round < Self.mostRounds else { return writer.hasHardJump }
            slowDown()
            moves.removeLast(moves.count - start.0)
            position = start.1
        }
        return true
    }

    /// Shares of the largest jump of a motor's rate that a planned corner, and a move's departure from it, may use.
    private static let cornerShare = 0.625
    private static let mismatchShare = 0.125

    private mutating func run(limits: MotionLimits, moves: inout [StepMove]) {
        let source = PieceSource(
            stepsPerMillimetre: steps.stepsPerMillimetre, acceleration: limits.acceleration,
            shortest: Double(steps.shortestTicks), longest: Double(steps.longestTicks))
        let grouping = groupingLimits(limits)
        writer = MoveWriter(
            position: position, steps: steps,
            highestTurnSquared: highestTurnSquared(limits) * Self.turnSlack * Self.turnSlack)
        pieces.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        if !path.source.isEmpty { offsets.append(SIMD2(0, 0)) }
        var beginsAtRest = true
        for i in 0..<path.lengths.count {
            let first = pieces.count
            source.append(segment: i, of: path, to: &pieces)
            if !path.source.isEmpty { appendOffsets(ofPieces: first, segment: i) }
            if pieces.count >= Self.window {
                group(grouping, beginsAtRest: beginsAtRest, endsAtRest: false, moves: &moves)
                beginsAtRest = false
            }
        }
        group(grouping, beginsAtRest: beginsAtRest, endsAtRest: true, moves: &moves)
        writer.finish()
        position = writer.position
    }

    /// Largest change of velocity at a corner by the rule, whatever its angle: the corner speed is √(a·δ·s / (1 − s)) for a half
    /// angle whose sine is s, the change twice that times its cosine, most where the path is nearly straight: √(8·a·δ). Not
    /// below what whole steps at both ends of two of the shortest moves come to.
    private func highestTurnSquared(_ limits: MotionLimits) -> Double {
        let scale = steps.stepsPerMillimetre / Self.ticksPerSecond
        let whole = 2 / Double(steps.shortestTicks)
        return 2 * max(8 * limits.acceleration * limits.junctionDeviation * scale * scale, whole * whole)
    }

    private mutating func appendOffsets(ofPieces first: Int, segment i: Int) {
        let before = path.vertices[i] - path.source[i]
        let change = path.vertices[i + 1] - path.source[i + 1] - before
        let inverse = 1 / (path.lengths[i] * steps.stepsPerMillimetre)
        var passed = 0.0
        for k in first..<pieces.count {
            passed += pieces[k].length
            let here = (before + change * min(1, passed * inverse)) * steps.stepsPerMillimetre
            offsets.append(SIMD2(here.x + here.y, here.x - here.y))
        }
    }

    private func groupingLimits(_ limits: MotionLimits) -> GroupingLimits {
        let scale = steps.stepsPerMillimetre / Self.ticksPerSecond
        // In the plane of the motors 1 mm is √2 times as many steps as along x.
        let tolerance = max(0, limits.tolerance) * steps.stepsPerMillimetre
        return GroupingLimits(
            shortest: Double(steps.shortestTicks), longest: Double(steps.longestTicks),
            toleranceSquared: 2 * tolerance * tolerance, highestRate: steps.highestRate,
            highestMismatch: steps.highestRateStep * Self.mismatchShare,
            highestTurn: highestTurnSquared(limits).squareRoot(), mismatchSquared: 2 * (4 * scale) * (4 * scale),
            restMismatchSquared: 2 * (2 * scale) * (2 * scale))
    }

    /// Groups the pieces at hand into moves; without the path's end, all but the last few.
    private mutating func group(
        _ limits: GroupingLimits, beginsAtRest: Bool, endsAtRest: Bool, moves: inout [StepMove]
    ) {
        let count = pieces.count
        guard count > 0 else { return }
        if cost.count <= count {
            let missing = max(64, count + 1) - cost.count
            cost.append(contentsOf: repeatElement(0, count: missing))
            previous.append(contentsOf: repeatElement(0, count: missing))
        }
        // Moved out and back: spans of one structure cannot be used while another part of it is written.
        var pieces: [MotionPiece] = []
        var starts: [Int32] = []
        var offsets: [SIMD2<Double>] = []
        swap(&pieces, &self.pieces)
        swap(&offsets, &self.offsets)
        swap(&starts, &previous)
        var costSpan = cost.mutableSpan
        var startSpan = starts.mutableSpan
        groupPieces(
            pieces.span, offsets: offsets.span, beginsAtRest: beginsAtRest, endsAtRest: endsAtRest, limits: limits,
            cost: &costSpan,
            previous: &startSpan)
        bounds.removeAll(keepingCapacity: true)
        var end = count
        while end > 0 {
            if endsAtRest || end <= count - Self.overlap { bounds.append(end) }
            end = Int(starts[end])
        }
        var start = 0
        for end in bounds.reversed() {
            writer.append(pieces.span, start, end, fit: groupFit(pieces.span, start, end), to: &moves)
            start = end
        }
        pieces.removeFirst(start)
        if !offsets.isEmpty { offsets.removeFirst(start) }
        swap(&pieces, &self.pieces)
        swap(&offsets, &self.offsets)
        swap(&starts, &previous)
    }

    /// Lowers the speed limit of the segments whose moves made a motor's rate jump.
    private mutating func slowDown() {
        if path.slowdown.isEmpty { path.slowdown = Array(repeating: 1, count: path.lengths.count) }
        let whole = Int32(0)...Int32(clamping: path.lengths.count - 1)
        for jump in writer.jumps {
            for segment in jump.segments.clamped(to: whole) {
                path.slowdown[Int(segment)] *= jump.factor
            }
        }
    }
}

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
    /// Above `surestAcceleration` commands may be too long for the ramps that they stand for; then lower limits are tried as
    /// well, and the quickest plan without a jump is taken. So a higher limit never makes a path slower. Where none of them is
    /// without a jump, lower speeds are tried.
    public mutating func append(path points: ArraySlice<Point>, limits: MotionLimits, to moves: inout [StepMove]) {
        let (first, start) = (moves.count, position)
        guard limits.acceleration > Self.surestAcceleration else {
            if appendOnce(path: points, limits: limits, to: &moves) {
                position = start
                moves.removeLast(moves.count - first)
                appendSlowly(path: points, limits: limits, to: &moves)
            }
            return
        }
        var best: (moves: [StepMove], position: (Int32, Int32), ticks: Int64)?
        var lower = limits
        lower.acceleration = Self.rung(notAbove: limits.acceleration)
        while true {
            position = start
            let jumps = appendOnce(path: points, limits: lower, to: &moves)
            let ticks = moves[first...].reduce(0) { $0 + Int64($1.ticks) }
            if !jumps, ticks < best?.ticks ?? .max { best = (Array(moves[first...]), position, ticks) }
            moves.removeLast(moves.count - first)
            guard lower.acceleration > Self.surestAcceleration else { break }
            lower.acceleration = Self.rung(notAbove: lower.acceleration.nextDown)
            // Slower by the plan alone: no lower limit can be quicker.
            if let best, idealTicks(of: points, limits: lower) >= Double(best.ticks) { break }
        }
        position = best?.position ?? start
        guard let best else { return appendSlowly(path: points, limits: lower, to: &moves) }
        moves += best.moves
    }

    /// Appends the moves at the highest of ever lower speeds at which no motor's rate jumps too far.
    private mutating func appendSlowly(
        path points: ArraySlice<Point>, limits: MotionLimits, to moves: inout [StepMove]
    ) {
        let (first, start) = (moves.count, position)
        var limits = limits
        for speed in LimitRungs.speeds.reversed() where speed < limits.speed {
            limits.speed = speed
            position = start
            moves.removeLast(moves.count - first)
            if !appendOnce(path: points, limits: limits, to: &moves) { return }
        }
        if moves.count == first { _ = appendOnce(path: points, limits: limits, to: &moves) }
    }

    /// Up to here commands of any board stand for the ramps of any path, mm/s².
    private static let surestAcceleration = 1500.0

    /// Limits that are tried, mm/s²: whole steps of 250 up to 5,000, of 1,000 above, so that those of a higher limit are those of
    /// a lower one and more.
    private static func rung(notAbove limit: Double) -> Double {
        let step = limit <= 5000 ? 250.0 : 1000.0
        return max(surestAcceleration, (limit / step).rounded(.down) * step)
    }

    private mutating func idealTicks(of points: ArraySlice<Point>, limits: MotionLimits) -> Double {
        guard path.take(points) else { return 0 }
        path.plan(limits: limits, rates: rates)
        return path.duration(acceleration: limits.acceleration) * Self.ticksPerSecond
    }

    private var rates: RateCaps {
        let k = Self.ticksPerSecond / steps.stepsPerMillimetre
        return RateCaps(
            motorSpeed: steps.highestRate * k, motorSpeedStep: steps.highestRateStep * Self.cornerShare * k)
    }

    /// - Returns: whether jumps were left.
    private mutating func appendOnce(
        path points: ArraySlice<Point>, limits: MotionLimits, to moves: inout [StepMove]
    ) -> Bool {
        guard path.take(points) else { return false }
        let start = (moves.count, position)
        let rates = rates
        path.plan(limits: limits, rates: rates)
        path.smooth(limits: limits, rates: rates)
        for round in 1...Self.mostRounds {
            if round > 1 { path.plan(limits: limits, rates: rates) }
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

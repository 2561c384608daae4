internal import Motion

/// Commands of motion that keeps the acceleration vector within its limit: planned as parabolas, sent as `LT`; with a limit on
/// jerk as cubics, sent as `T3`.
struct CurveEmitter: Sendable {
    private var planner: CurvePlanner
    /// As it was before any path.
    private let freshPlanner: CurvePlanner
    private var encoder: TimedMoveEncoder
    private var moves: [CurveMove] = []
    /// One a move: whether the carriage comes to rest behind it.
    private var rests: [Bool] = []
    private var commands: [TimedMoveEncoder.Timed] = []

    /// Longest command: 0.25 s. Before 3.0 `ES` does not stop an `LT`, so this is how long one runs on after a stop.
    private static let longestTicks: Int32 = 6_250
    private static let longestSeconds = Double(longestTicks) / Double(BoardClock.ticksPerSecond)
    /// Of the limit on jerk, what the plan may use: registers are whole. Half a unit comes on top.
    private static let jerkShare = 0.985
    /// Highest jerk of the plane, mm/s³, that the register of either motor holds, and what a unit of it is.
    private let mostJerk: Double
    private let jerkUnit: Double

    init(profile: MachineProfile, firmware: FirmwareVersion) {
        let isSigned = firmware >= FirmwareVersion(3, 0, 0)
        var steps = Emitter.stepLimits(profile, firmware)
        // What the tick of rest behind each command costs (3.x) or a reversal owes (2.x) is made up for by its rates, which
        // must not wrap round.
        steps.highestRate *= 0.985
        planner = CurvePlanner(
            steps: steps, longestTicks: Self.longestTicks, splitsReversals: !isSigned)
        freshPlanner = planner
        let second = Double(BoardClock.ticksPerSecond)
        jerkUnit = second * second * second / Double(BoardClock.fullScale) / steps.stepsPerMillimetre
        mostJerk = MotorPhase.mostJerk * jerkUnit / 2.0.squareRoot()
        encoder = TimedMoveEncoder(isSigned: isSigned)
    }

    /// What a board needs once after its counters were zeroed.
    var centring: TimedMoveEncoder.Timed { encoder.centring }

    /// Moves that are planned.
    var count: Int { moves.count }

    mutating func clear() {
        // Room for usual strokes stays; that of a huge one is let go of.
        let isHuge = moves.capacity > Self.longPath * 8
        moves.removeAll(keepingCapacity: !isHuge)
        rests.removeAll(keepingCapacity: !isHuge)
    }

    /// Points from which on a path is long: what planning it needs is let go of before its commands are made.
    private static let longPath = 8192
    /// Moves for which room is made at once.
    private static let mostRoom = 1 << 21

    /// Makes room for the moves of a long path: while they grow all would be there twice. What is not used is never touched and
    /// costs no memory.
    private mutating func makeRoom(_ path: ArraySlice<Point>, _ limits: CurveLimits) {
        let longest = path.pathLength / limits.speed / Self.longestSeconds
        let most = min(3 * Double(path.count) + longest, Double(Self.mostRoom))
        moves.reserveCapacity(moves.count + Int(most))
    }

    /// How many commands strokes come to that stop at every point: three from stop to stop, and more where one would last too
    /// long.
    static func usualCount(of lines: Polylines, speed: Double) -> Int {
        var length = 0.0
        for i in 0..<lines.count { length += lines.length(i) }
        let longest = length / speed / longestSeconds
        return 2 * lines.points.count + (longest < Double(mostRoom) ? Int(longest) : mostRoom)
    }

    /// Plans the moves along `path`, from rest to rest, behind those that are planned.
    mutating func plan(_ path: ArraySlice<Point>, _ limits: CurveLimits) {
        var limits = limits
        limits.jerk = limits.jerk.map { max($0 / 4, min(Self.jerkShare * $0, mostJerk) - jerkUnit / 2) }
        let isLong = path.count > Self.longPath
        if isLong { makeRoom(path, limits) }
        planner.append(path: path, limits: limits, to: &moves)
        if isLong { planner = freshPlanner }
        noteRest()
    }

    private mutating func noteRest() {
        guard moves.count > rests.count else { return }
        rests.append(contentsOf: repeatElement(false, count: moves.count - rests.count))
        rests[rests.count - 1] = true
    }

    /// Ticks of moves that are planned.
    func ticks(_ part: Range<Int>) -> Int64 { moves[part].reduce(0) { $0 + Int64($1.ticks) } }

    /// Cuts a path so that its second part takes `rest` ticks, or a little less where a part would be shorter than `shortest`.
    ///
    /// - Returns: both parts, behind all that is planned; nil when there is no second one.
    mutating func cut(_ path: Range<Int>, before rest: Int64, shortest: Int32) -> (Range<Int>, Range<Int>)? {
        let start = moves.count
        // One by one: a slice would hold on to all moves while they grow, and they would be copied.
        for index in path { moves.append(moves[index]) }
        guard let first = cutLast(from: start, before: rest, shortest: shortest) else {
            moves.removeLast(moves.count - start)
            return nil
        }
        noteRest()
        return (start..<first, first..<moves.count)
    }

    /// Cuts a move so that what follows takes `rest` ticks, or a little less where a part would be shorter than `shortest`.
    ///
    /// - Returns: the first move that follows; nil when there is none.
    private mutating func cutLast(from start: Int, before rest: Int64, shortest: Int32) -> Int? {
        var left = ticks(start..<moves.count) - rest
        for k in start..<moves.count {
            if left <= 0 { return k }
            let ticks = Int64(moves[k].ticks)
            if left < ticks {
                let first = Int32(max(left, Int64(shortest)))
                guard moves[k].ticks - first >= shortest else { return k + 1 < moves.count ? k + 1 : nil }
                let (a, b) = moves[k].cut(after: first)
                moves.replaceSubrange(k...k, with: [a, b])
                return k + 1
            }
            left -= ticks
        }
        return nil
    }

    /// Appends the commands of moves that are planned; each of them once, in order.
    mutating func append(_ part: Range<Int>, stroke: Int32, to stream: inout CommandStream) {
        let (needed, room) = (stream.commands.count + part.count, stream.ticks.capacity)
        if part.count > Self.longPath, needed > room { stream.reserve(max(needed, room / 2 * 3)) }
        for index in part {
            commands.removeAll(keepingCapacity: true)
            encoder.append(moves[index], isLast: rests[index], to: &commands)
            for timed in commands { stream.append(timed.command, ticks: timed.ticks, stroke: stroke) }
        }
    }
}

internal import Motion

/// Commands of motion that keeps the acceleration vector within its limit: planned as parabolas, sent as `LT`.
struct CurveEmitter: Sendable {
    private var planner: CurvePlanner
    private var encoder: TimedMoveEncoder
    private var moves: [CurveMove] = []
    private var commands: [TimedMoveEncoder.Timed] = []

    /// Longest command: 0.25 s. Before 3.0 `ES` does not stop an `LT`, so this is how long one runs on after a stop.
    private static let longestTicks: Int32 = 6_250

    init(profile: MachineProfile, firmware: FirmwareVersion) {
        let isSigned = firmware >= FirmwareVersion(3, 0, 0)
        planner = CurvePlanner(
            steps: Emitter.stepLimits(profile, firmware), longestTicks: Self.longestTicks, splitsReversals: !isSigned)
        encoder = TimedMoveEncoder(isSigned: isSigned)
    }

    /// What a board needs once after its counters were zeroed.
    var centring: TimedMoveEncoder.Timed { encoder.centring }

    /// Plans the moves along `path`, from rest to rest.
    mutating func plan(_ path: ArraySlice<Point>, _ limits: CurveLimits) {
        moves.removeAll(keepingCapacity: true)
        planner.append(path: path, limits: limits, to: &moves)
    }

    /// Ticks of the moves that were planned last.
    var plannedTicks: Int64 { moves.reduce(0) { $0 + Int64($1.ticks) } }

    /// Cuts a move so that what follows takes `rest` ticks, or a little less where a part would be shorter than `shortest`.
    ///
    /// - Returns: the first move that follows; nil when there is none.
    mutating func cut(before rest: Int64, shortest: Int32) -> Int? {
        var left = plannedTicks - rest
        for k in moves.indices {
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

    /// Appends the commands of some of the moves that were planned last; each of them once, in order.
    mutating func append(_ part: some RangeExpression<Int>, stroke: Int32, to stream: inout CommandStream) {
        commands.removeAll(keepingCapacity: true)
        for index in part.relative(to: moves) {
            encoder.append(moves[index], isLast: index == moves.count - 1, to: &commands)
        }
        for timed in commands { stream.append(timed.command, ticks: timed.ticks, stroke: stroke) }
    }
}

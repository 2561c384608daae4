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

    /// Appends the commands along `path`, from rest to rest.
    mutating func append(
        _ path: ArraySlice<Point>, _ limits: CurveLimits, stroke: Int32, to stream: inout CommandStream
    ) {
        moves.removeAll(keepingCapacity: true)
        planner.append(path: path, limits: limits, to: &moves)
        commands.removeAll(keepingCapacity: true)
        for (index, move) in moves.enumerated() {
            encoder.append(move, isLast: index == moves.count - 1, to: &commands)
        }
        for timed in commands { stream.append(timed.command, ticks: timed.ticks, stroke: stroke) }
    }
}

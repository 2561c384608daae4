/// Why a run stands still, pen up.
public enum StandReason: Equatable, Sendable {
    case asked
    /// The board's own button.
    case button
    /// The program has come to a place at which it was told to wait.
    case waitingPoint(command: Int)
    case linkLost(LinkError)
    /// The board cannot prove where the carriage is; the text quotes what it said.
    case positionLost(String)
    case motorPowerLost(volts: Double)
}

/// What a run tells its owner, on the driver's queue.
public enum RunEvent: Equatable, Sendable {
    case progressed(RunProgress)
    case stood(StandReason)
    /// After `stood(.linkLost)`.
    case recovered
    /// The board's button has been pressed while the run stands.
    case pressed
    /// The run goes on with the plan that was given with this mark; progress counts in that one from now on.
    case changed(mark: Int)
    /// The plan that was given with this mark will not be used.
    case kept(mark: Int)
}

/// How far a run is, by the model of the board's queue.
public struct RunProgress: Equatable, Sendable {
    public var commands: Int
    public var strokes: Int
    public var ticks: Int64
}

/// How a run ended; the pen is up, if the board could still be told.
public enum RunEnd: Equatable, Sendable {
    case done
    case cancelled
    case failed(String)
}

/// What has been asked of a run and has not been done yet.
struct RunControl: Sendable {
    enum Halt: Sendable { case cancel, stop }
    enum Pause: Sendable { case atPenUp, now }

    /// Another plan of the same strokes, to go on with from a pen-up on.
    struct Change: Sendable {
        var program: Program
        var mark: Int
        /// Command before which the plans were found not to meet.
        var tried = -1
    }

    var isRunning = false
    /// The board has taken the mark of this run; before that nothing but questions has been sent.
    var isMarked = false
    /// The board is being asked where it is, or waited for.
    var isRecovering = false
    var report: (@Sendable (RunEvent) -> Void)?
    var nextReport: Int64 = 0
    var halt: Halt?
    var pause: Pause?
    var pauseReason = StandReason.asked
    var change: Change?
    var resumption: Resumption?
    /// Why nobody knows where the carriage is, until a person has brought it home and the plot has begun anew.
    var lost: StandReason?
    /// The pen has been raised out of turn and must go down before the program goes on, if the program has it down there.
    var isPenLifted = false
    /// What the board had sent just before the last trouble.
    var quoted = ""
    /// The run stands and waits to be told how to go on.
    var standing: CheckedContinuation<Void, Never>?
}

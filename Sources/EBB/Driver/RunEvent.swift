public import Motion

/// Why a run stands still, pen up.
public enum PauseReason: Equatable, Sendable {
    case asked
    /// The board's own button.
    case button
    /// The plot itself waits here for a person: for another pen, for ink, or because a layer asks for it.
    case planned(PlotStop)
    /// The link is gone, or what answers is not the board; the driver goes on trying to get it back.
    case linkLost(LinkError)
    /// The board cannot prove where the carriage is, or that the stroke is drawn as planned; the text quotes what it said.
    case positionLost(String)
    case motorPowerLost(volts: Double)

    /// Whether a person must bring the carriage home before the plot can go on.
    public var isPositionUnknown: Bool {
        switch self {
        case .positionLost, .motorPowerLost: true
        case .asked, .button, .planned, .linkLost: false
        }
    }
}

/// What a run tells its owner, on the driver's queue, in order; the owner must return at once.
public enum RunEvent: Equatable, Sendable {
    /// At most ten a second of the link's time, and one whenever it stands, rests or ends.
    case progressed(PlotProgress)
    /// The plot stands still with the pen up.
    case stood(PauseReason)
    /// After `stood(.linkLost)`: the board has proved where it is and the plot goes on by itself.
    case recovered
    /// The board's button has been pressed while the run stands.
    case pressed
    /// The run goes on with the plan that was given with this mark, from this command of it on; progress counts in that one
    /// from now on.
    case changed(mark: Int, command: Int)
    /// The plan that was given with this mark will not be used.
    case kept(mark: Int)
    /// The run goes on with this part of a plot that is drawn as it comes; commands of the progress count in it from now on.
    case grew(ProgramPiece)
}

/// How far a plot is, in commands, strokes and ticks of its present plan; what was put before or into it by the driver
/// (the way home, a deceleration) is not counted as commands.
///
/// `commands` are done by the model of the board's queue, which is corrected by what the board says; `sent` have been
/// taken by the board and will be done whatever becomes of the host. Both only grow, but for a plot that begins again
/// at a stroke and for `sent` when a link was lost. A place of the plan between two commands is named by the number of
/// commands before it.
public struct PlotProgress: Equatable, Sendable {
    /// Commands that have been executed.
    public var commands = 0
    public var commandCount = 0
    /// Commands that the board has acknowledged; at least `commands`.
    public var sent = 0
    /// Strokes finished.
    public var strokes = 0
    /// Strokes whose end the board's counters have verified; what a plot that lost its place goes on after.
    public var verifiedStrokes = 0
    public var strokeCount = 0
    /// Ticks of motion done, as planned; one is 40 µs.
    public var ticks: Int64 = 0
    public var tickCount: Int64 = 0

    public init(
        commands: Int = 0, commandCount: Int = 0, sent: Int = 0, strokes: Int = 0, verifiedStrokes: Int = 0,
        strokeCount: Int = 0, ticks: Int64 = 0, tickCount: Int64 = 0
    ) {
        self.commands = commands
        self.commandCount = commandCount
        self.sent = sent
        self.strokes = strokes
        self.verifiedStrokes = verifiedStrokes
        self.strokeCount = strokeCount
        self.ticks = ticks
        self.tickCount = tickCount
    }

    /// 0…1 by time.
    public var fraction: Double { tickCount > 0 ? min(1, Double(ticks) / Double(tickCount)) : 0 }
    public var remainingSeconds: Double {
        Double(max(0, tickCount - ticks)) / Double(BoardClock.ticksPerSecond)
    }
}

/// How a run ended; the pen is up, if the board could still be told.
public enum RunEnd: Equatable, Sendable {
    case done
    case cancelled
    case failed(String)
}

internal import EBB

/// What a run tells its owner, on the driver's queue; it must return at once.
enum PlotRunEvent: Equatable, Sendable {
    /// At most ten a second of the link's time, and one whenever it stands or ends.
    case progressed(PlotProgress)
    /// The plot stands still with the pen up; `resume` goes on.
    case stood(PauseReason)
    /// After `stood(.linkLost)`: the board has proved where it is and the plot goes on by itself.
    case recovered
}

/// One program on one board, from the first command to rest.
///
/// `run()` returns when the plot is at its end, whichever; the other functions may be called from anywhere at any time
/// and take effect in the order in which they were called.
final class PlotRun: Sendable {
    /// What is run, and from where.
    struct Parts: Sendable {
        var program: Program
        /// The mark of the run on the board; nil = the same as always.
        var session: UInt8?
        /// Commands at the beginning that are no part of the job: the way home.
        var prefix = 0
        /// Where an earlier run of the program was cut off; nil = from the beginning.
        var place: (command: Int, counters: MotorPosition)?
    }

    private let parts: Parts
    private let driver: Driver
    private let report: @Sendable (PlotRunEvent) -> Void
    private let whole: PlotProgress

    convenience init(program: Program, driver: Driver, report: @escaping @Sendable (PlotRunEvent) -> Void = { _ in }) {
        self.init(Parts(program: program), driver: driver, report: report)
    }

    /// - Parameter report: called on the driver's queue; must return at once.
    init(_ parts: Parts, driver: Driver, report: @escaping @Sendable (PlotRunEvent) -> Void) {
        self.parts = parts
        self.driver = driver
        self.report = report
        let program = parts.program
        whole = PlotProgress(
            commandCount: program.commands.count - parts.prefix, strokeCount: program.commands.count { $0.isPenDown },
            tickCount: program.ticks.reduce(0) { $0 + Int64($1) })
    }

    /// Draws; suspended while paused. The driver must be connected.
    func run() async -> JobEnd {
        let end = await driver.run(parts.program, session: parts.session, from: parts.place) { [self] event in
            report(translated(event))
        }
        switch end {
        case .done: return .done
        case .cancelled: return .cancelled
        case .failed(let text): return .failed(Fault(message: text))
        }
    }

    /// The run answers with `stood(.asked)` once it is at rest with the pen up.
    func pause(_ kind: PauseKind) { driver.pause(now: kind == .now) }

    /// Goes on after `stood`, or takes back a pause that has not come into effect.
    func resume() { driver.resume() }

    /// Goes on with the beginning of a stroke, after a person has brought the carriage home.
    func resume(atStroke stroke: Int) { driver.resume(.stroke(stroke)) }

    /// Ends the plot with a planned deceleration, pen up; `run()` returns `.cancelled`.
    func cancel() { driver.cancel() }

    /// Emergency stop: `ES` is the next thing on the wire; `run()` returns `.cancelled`.
    func stop() { driver.stop() }

    private func translated(_ event: RunEvent) -> PlotRunEvent {
        switch event {
        case .progressed(let progress):
            var here = whole
            here.commands = max(0, progress.commands - parts.prefix)
            here.strokes = progress.strokes
            here.ticks = progress.ticks
            return .progressed(here)
        case .stood(let reason): return .stood(PauseReason(reason))
        case .recovered: return .recovered
        }
    }
}

extension PauseReason {
    init(_ reason: StandReason) {
        switch reason {
        case .asked: self = .asked
        case .button: self = .button
        case .waitingPoint: self = .penChange(layer: nil)
        case .linkLost: self = .linkLost
        case .positionLost(let text): self = .positionLost(text)
        case .motorPowerLost: self = .motorPowerLost
        }
    }
}

extension Program {
    init(_ stream: CommandStream) {
        self.init(commands: stream.commands, ticks: stream.ticks, strokes: stream.strokes)
    }
}

extension Command {
    /// Whether the command begins a stroke.
    var isPenDown: Bool {
        if case .pen(let isUp, _, _) = self { !isUp } else { false }
    }
}

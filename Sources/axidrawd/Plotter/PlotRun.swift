internal import EBB
internal import Synchronization

/// What a run tells its owner, on the driver's queue; it must return at once.
enum PlotRunEvent: Equatable, Sendable {
    /// At most ten a second of the link's time, and one whenever it stands or ends.
    case progressed(PlotProgress)
    /// The plot stands still with the pen up; `resume` goes on.
    case stood(PauseReason)
    /// After `stood(.linkLost)`: the board has proved where it is and the plot goes on by itself.
    case recovered
    /// The board's button has been pressed while the plot stands.
    case pressed
    /// From here on the plot is drawn as the plan says that was given with this mark.
    case changed(mark: Int)
    /// The plan that was given with this mark will not be used.
    case kept(mark: Int)
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
        /// Where it begins, and the counters there: where an earlier run was cut off, or at its first command; nil = at its
        /// first command, wherever the counters are.
        var place: (command: Int, counters: MotorPosition)?
    }

    private let parts: Parts
    private let driver: Driver
    private let report: @Sendable (PlotRunEvent) -> Void
    private let state: Mutex<State>

    private struct State {
        /// The whole of the present plan.
        var whole: PlotProgress
        /// The driver has begun: what it is told from here on is told about this run.
        var hasBegun = false
        /// Asked for before that.
        var pause: PauseKind?
        /// Plans that it has been given, or is to be given when it begins.
        var changes: [(mark: Int, program: Program)] = []
    }

    convenience init(program: Program, driver: Driver, report: @escaping @Sendable (PlotRunEvent) -> Void = { _ in }) {
        self.init(Parts(program: program), driver: driver, report: report)
    }

    /// - Parameter report: called on the driver's queue; must return at once.
    init(_ parts: Parts, driver: Driver, report: @escaping @Sendable (PlotRunEvent) -> Void) {
        self.parts = parts
        self.driver = driver
        self.report = report
        state = Mutex(State(whole: Self.whole(parts.program, prefix: parts.prefix)))
    }

    private static func whole(_ program: Program, prefix: Int) -> PlotProgress {
        PlotProgress(
            commandCount: program.commands.count - prefix, strokeCount: program.commands.count { $0.isPenDown },
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
    func pause(_ kind: PauseKind) {
        let hasBegun = state.withLock { state in
            if !state.hasBegun { state.pause = kind }
            return state.hasBegun
        }
        if hasBegun { driver.pause(now: kind == .now) }
    }

    /// Goes on after `stood`, or takes back a pause that has not come into effect.
    func resume() {
        state.withLock { $0.pause = nil }
        driver.resume()
    }

    /// Goes on with the beginning of a stroke, after a person has brought the carriage home.
    func resume(atStroke stroke: Int) { driver.resume(.stroke(stroke)) }

    /// Ends the plot with a planned deceleration, pen up; `run()` returns `.cancelled`.
    func cancel() { driver.cancel() }

    /// Emergency stop: `ES` is the next thing on the wire; `run()` returns `.cancelled`.
    func stop() { driver.stop() }

    /// Goes on with another plan of the same strokes from the next stroke on; answered by `changed` or `kept`.
    func change(to program: Program, mark: Int) {
        // The way home that was put before the first plan stands before every other one.
        let prefix = parts.prefix
        let whole = Program(
            commands: parts.program.commands[..<prefix] + program.commands,
            ticks: parts.program.ticks[..<prefix] + program.ticks,
            strokes: parts.program.strokes[..<prefix] + program.strokes)
        let hasBegun = state.withLock { state in
            state.changes.append((mark, whole))
            return state.hasBegun
        }
        if hasBegun { driver.change(to: whole, mark: mark) }
    }

    /// Hands over what was asked for before the driver had begun.
    private func begin() {
        let (pause, changes) = state.withLock { state -> (PauseKind?, [(mark: Int, program: Program)]) in
            defer { (state.hasBegun, state.pause) = (true, nil) }
            return state.hasBegun ? (nil, []) : (state.pause, state.changes)
        }
        if let pause { driver.pause(now: pause == .now) }
        for change in changes { driver.change(to: change.program, mark: change.mark) }
    }

    private func translated(_ event: RunEvent) -> PlotRunEvent {
        begin()
        switch event {
        case .progressed(let progress):
            var here = state.withLock { $0.whole }
            here.commands = max(0, progress.commands - parts.prefix)
            here.strokes = progress.strokes
            here.ticks = progress.ticks
            return .progressed(here)
        case .stood(let reason): return .stood(PauseReason(reason))
        case .recovered: return .recovered
        case .pressed: return .pressed
        case .changed(let mark):
            state.withLock { state in
                if let change = state.changes.first(where: { $0.mark == mark }) {
                    state.whole = Self.whole(change.program, prefix: parts.prefix)
                }
                state.changes.removeAll { $0.mark == mark }
            }
            return .changed(mark: mark)
        case .kept(let mark):
            state.withLock { $0.changes.removeAll { $0.mark == mark } }
            return .kept(mark: mark)
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

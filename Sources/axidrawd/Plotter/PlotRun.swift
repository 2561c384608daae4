internal import EBB

/// What a run tells its owner, on the driver's queue; it must return at once.
enum PlotRunEvent: Equatable, Sendable {
    /// At most ten a second of the link's time, and one at the end.
    case progressed(PlotProgress)
    /// The plot stands still with the pen up; `resume` goes on.
    case stood(PauseReason)
    /// After `stood(.linkLost)`: the board has proved where it is and the plot goes on by itself.
    case recovered
}

/// One program on one board, from the first command to rest.
///
/// `run()` returns when the plot is at its end, whichever; the other functions may be called from anywhere at any time.
final class PlotRun: Sendable {
    private let program: Program
    private let driver: Driver
    private let report: @Sendable (PlotRunEvent) -> Void

    init(program: Program, driver: Driver, report: @escaping @Sendable (PlotRunEvent) -> Void = { _ in }) {
        self.program = program
        self.driver = driver
        self.report = report
    }

    /// Draws; suspended while paused. The driver must be connected.
    func run() async -> JobEnd { .done }

    /// The run answers with `stood(.asked)` once it is at rest with the pen up.
    func pause(_ kind: PauseKind) {}

    /// Goes on after `stood`, or takes back a pause that has not come into effect.
    func resume() {}

    /// Ends the plot with a planned deceleration, pen up; `run()` returns `.cancelled`.
    func cancel() {}

    /// Emergency stop: `ES` is the next thing on the wire; `run()` returns `.cancelled`.
    func stop() {}
}

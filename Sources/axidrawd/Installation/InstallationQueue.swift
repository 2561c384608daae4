internal import HTTP
internal import Text

/// A drawing made for somebody who pressed or was called.
struct InstallationDrawing: Sendable {
    var plotter: String
    /// For people.
    var name: String
    var svg: [UInt8]
    /// Identity of the press or place it is drawn for; the same is never drawn twice.
    var ticket: String
}

/// The states of a plotter before and after an event.
struct PlotterStep: Sendable {
    var before: PlotterState
    var after: PlotterState
}

/// What the installation asks of plotters and their jobs; the only way it reaches them.
protocol InstallationQueue: Sendable {
    /// Names of the plotters, in their order.
    var plotters: [String] { get }
    /// nil if there is no such plotter.
    func state(of plotter: String) -> PlotterState?
    /// Whether a drawing that is not the installation's waits at the plotter or is under way.
    func isLoaded(_ plotter: String) -> Bool
    /// When a person has stopped the plotter, if nobody has said go on since: nothing is called or drawn meanwhile.
    func stoppedAt(_ plotter: String) -> Int64?
    /// A person says that a stopped plotter goes on.
    func goOn(_ plotter: String) async throws(InstallationError)
    /// Calls this when a person says that a stopped plotter goes on.
    func whenReopened(_ body: @escaping @Sendable (_ plotter: String) -> Void)
    /// Passes an event to the plotter's state machine, which decides; the states before and after.
    func apply(_ event: PlotterEvent, to plotter: String) async throws(InstallationError) -> PlotterStep
    /// Stops what is under way and brings the plotter to rest with the pen up; the state in which it stands then.
    func reset(_ plotter: String) async throws(InstallationError) -> PlotterState
    /// Hands over a drawing that is plotted as soon as it is planned; refused at once if it cannot be read.
    func submit(_ drawing: InstallationDrawing) async throws(InstallationError) -> JobID
    /// The job that was made of a ticket before a restart, if the queue remembers it.
    func job(of ticket: String) -> JobID?
    /// How the job of a ticket ended that the queue does not list any more; nil if the history has none, or cannot be read.
    func past(of ticket: String, at plotter: String) async -> JobEnd?
    /// How a job ended, as soon as it has; nil if nobody knows it.
    func end(of job: JobID) async -> JobEnd?
    /// Drops a job that has not begun, or ends one that has.
    func cancel(_ job: JobID) async
    /// An event for everybody who listens.
    func publish(_ name: String, _ data: JSONValue)
}

extension InstallationQueue {
    /// Whether a person has stopped the plotter and nobody has said go on since.
    func isStopped(_ plotter: String) -> Bool { stoppedAt(plotter) != nil }
}

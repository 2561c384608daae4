internal import Motion

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
    /// Passes an event to the plotter's state machine, which decides; the states before and after.
    func apply(_ event: PlotterEvent, to plotter: String) async throws(Problem) -> PlotterStep
    /// Hands over a drawing that is plotted as soon as it is planned; refused at once if it cannot be read.
    func submit(_ drawing: InstallationDrawing) async throws(Problem) -> JobID
    /// The job that was made of a ticket before a restart, if the queue remembers it.
    func job(of ticket: String) -> JobID?
    /// How a job ended, as soon as it has; nil if nobody knows it.
    func end(of job: JobID) async -> JobEnd?
    /// Drops a job that has not begun, or ends one that has.
    func cancel(_ job: JobID) async
    /// An event for everybody who listens.
    func publish(_ name: String, _ data: JSONValue)
}

/// The workshop's plotters and jobs.
struct WorkshopQueue: InstallationQueue {
    let workshop: Workshop

    var plotters: [String] { workshop.stations.map(\.name) }

    func state(of plotter: String) -> PlotterState? { (try? workshop.device(plotter))?.state }

    func isLoaded(_ plotter: String) -> Bool {
        guard let id = (try? workshop.device(plotter))?.job, let job = try? workshop.job(id) else { return false }
        return !job.state.isFinal
    }

    func apply(_ event: PlotterEvent, to plotter: String) async throws(Problem) -> PlotterStep {
        let before = try workshop.device(plotter).state
        try await workshop.act(onDevice: plotter, event)
        return PlotterStep(before: before, after: try workshop.device(plotter).state)
    }

    func submit(_ drawing: InstallationDrawing) async throws(Problem) -> JobID {
        try await workshop.submit(
            Submission(device: drawing.plotter, name: drawing.name, drawing: drawing.svg, source: "installation")
        ).id
    }

    /// Jobs of earlier runs are not remembered, so there is none.
    func job(of ticket: String) -> JobID? { nil }

    func end(of job: JobID) async -> JobEnd? {
        var pause = Duration.milliseconds(5)
        while true {
            guard let state = (try? workshop.job(job))?.state else { return nil }
            switch state {
            case .done: return .done
            case .cancelled: return .cancelled
            case .failed(let reason): return .failed(Fault(message: reason))
            case .interrupted: return .interrupted
            case .queued, .held, .plotting, .paused, .waitingForPaper, .stopping: break
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 1.5, .milliseconds(200))
        }
    }

    func cancel(_ job: JobID) async {
        // Refused means that it has ended or is ending.
        try? await workshop.act(on: job, .cancel)
    }

    func publish(_ name: String, _ data: JSONValue) { workshop.events.publish(name, data) }
}

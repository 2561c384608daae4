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
            Submission(
                device: drawing.plotter, name: drawing.name, drawing: drawing.svg,
                source: Self.source + drawing.ticket)
        ).id
    }

    /// The ticket is written down with its job, so it is found again after a restart.
    func job(of ticket: String) -> JobID? { workshop.jobs().first { $0.source == Self.source + ticket }?.id }

    private static let source = "installation/"

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

internal import HTTP
internal import Text

/// The workshop's plotters and jobs.
struct WorkshopQueue: InstallationQueue {
    let workshop: Workshop

    var plotters: [String] { workshop.stations.map(\.name) }

    func state(of plotter: String) -> PlotterState? { (try? workshop.device(plotter))?.state }

    func stoppedAt(_ plotter: String) -> Int64? { (try? workshop.device(plotter))?.stoppedAt }

    func goOn(_ plotter: String) async throws(InstallationError) {
        do throws(JobError) { try await workshop.advance(plotter) } catch { throw .queue(error) }
    }

    func whenReopened(_ body: @escaping @Sendable (_ plotter: String) -> Void) {
        workshop.reopened.replace(body)
    }

    func isLoaded(_ plotter: String) -> Bool {
        guard let device = try? workshop.device(plotter) else { return false }
        return device.state.job != nil
            || device.queue.contains { id in
                switch (try? workshop.job(id))?.state {
                // Held jobs are passed over, so they keep nobody waiting.
                case .held, .done, .cancelled, .failed, nil: false
                case .queued, .plotting, .paused, .waitingForPaper, .stopping, .interrupted: true
                }
            }
    }

    func apply(_ event: PlotterEvent, to plotter: String) async throws(InstallationError) -> PlotterStep {
        do throws(JobError) {
            let before = try workshop.device(plotter).state
            try await workshop.act(onDevice: plotter, event)
            // Pressed twice: the paper is in, for stored jobs too. Refused means that none waits.
            if event == .pressed(.double), !isStopped(plotter) { try? await workshop.advance(plotter) }
            return PlotterStep(before: before, after: try workshop.device(plotter).state)
        } catch { throw .queue(error) }
    }

    func reset(_ plotter: String) async throws(InstallationError) -> PlotterState {
        do throws(JobError) {
            try await workshop.act(onDevice: plotter, .reset)
            await workshop.rest(of: plotter, seconds: 10)
            return try workshop.device(plotter).state
        } catch { throw .queue(error) }
    }

    func submit(_ drawing: InstallationDrawing) async throws(InstallationError) -> JobID {
        var submission = Submission(
            device: drawing.plotter, name: drawing.name, drawing: drawing.svg, source: Self.source(drawing.ticket))
        let job: PlotJob
        do throws(JobError) {
            // Nobody stands by to change pens.
            try submission.take([(name: "one-pen", value: "true")])
            job = try await workshop.submit(submission)
        } catch { throw .queue(error) }
        // The plotter waits, so the paper is in, also where held jobs stand before this one.
        if let device = try? workshop.device(drawing.plotter), device.state.job == nil, device.queue.first != job.id,
            device.stoppedAt == nil
        {
            try? await workshop.advance(drawing.plotter)
        }
        return job.id
    }

    /// What a job says of where it comes from; durable with it.
    private static func source(_ ticket: String) -> String { "installation/" + ticket }

    func job(of ticket: String) -> JobID? {
        workshop.jobs().first { $0.record.job.source == Self.source(ticket) }?.id
    }

    func past(of ticket: String, at plotter: String) async -> JobEnd? {
        let source = Self.source(ticket)
        guard let entry = await workshop.past.ended(from: source, at: plotter) else { return nil }
        return switch entry.state {
        case JobState.done.word: .done
        case JobState.cancelled.word: .cancelled
        default: .failed(Fault(message: entry.reason ?? "the drawing was not finished"))
        }
    }

    func end(of job: JobID) async -> JobEnd? { await workshop.end(of: job) }

    func cancel(_ job: JobID) async {
        // Refused means that it has ended or is ending.
        try? await workshop.act(on: job, .cancel)
    }

    func publish(_ name: String, _ data: JSONValue) { workshop.events.publish(name, data) }
}

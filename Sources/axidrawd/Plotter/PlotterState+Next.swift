extension PlotterState {
    /// The next state and what has to be done, or a refusal.
    func next(on event: PlotterEvent) throws(Refusal) -> (state: Self, effects: [PlotterEffect]) {
        switch self {
        case .absent: try nextWhenAbsent(on: event)
        case .raised, .lowered, .free: try nextWhenReady(on: event)
        case .awaiting(let grant): try nextWhenAwaiting(grant, on: event)
        case .plotting(let job, let progress): try nextWhenPlotting(job, progress, on: event)
        case .stopping(let job): try nextWhenStopping(job, on: event)
        case .paused(let job, let progress, let reason): try nextWhenPaused(job, progress, reason, on: event)
        case .faulted: try nextWhenFaulted(on: event)
        }
    }

    private typealias Step = (state: PlotterState, effects: [PlotterEffect])

    private func nextWhenAbsent(on event: PlotterEvent) throws(Refusal) -> Step {
        switch event {
        case .attached: (.raised, [])
        case .detached: (.absent, [])
        case .trouble(let fault): (.faulted(fault), [])
        case .reset: (.absent, [.reconnect])
        case .stop: (.absent, [])  // nothing can move; that nothing is to begin is kept by whoever owns the queue
        case .pressed, .raisePen, .lowerPen, .releaseMotors, .manual, .called, .grantExpired, .start, .progressed,
            .pause, .stood, .resume, .resumeHomed, .resumeAt, .recovered, .cancel, .finished, .failed, .withheld,
            .atRest:
            throw Refusal(state: self, event: event)
        }
    }

    private func nextWhenReady(on event: PlotterEvent) throws(Refusal) -> Step {
        switch (self, event) {
        case (.raised, .pressed(.single)), (.raised, .lowerPen), (.lowered, .lowerPen): (.lowered, [.lowerPen])
        case (.raised, .pressed(.double)): (.awaiting(grant: nil), [])
        case (.raised, .pressed(.long)), (.raised, .releaseMotors), (.lowered, .releaseMotors),
            (.free, .releaseMotors):
            (.free, [.raisePen, .releaseMotors])
        case (.lowered, .pressed(.single)), (.raised, .raisePen), (.lowered, .raisePen): (.raised, [.raisePen])
        case (.free, .pressed(.single)), (.free, .raisePen): (.raised, [.engageMotors, .raisePen])
        case (.raised, .manual): (.raised, [])
        case (.raised, .start(let job)): (Self.started(job), [.run(job)])
        case (_, .stop): (.raised, [.emergencyStop, .raisePen])
        case (_, .attached): (.raised, [.raisePen])
        case (_, .detached): (.absent, [])
        case (_, .trouble(let fault)): (.faulted(fault), [])
        case (.free, .reset): (.raised, [.engageMotors, .raisePen])
        case (_, .reset): (.raised, [.raisePen])
        // Listed by state, so that a new one does not compile until it is thought about.
        case (.absent, _), (.raised, _), (.lowered, _), (.free, _), (.awaiting, _), (.plotting, _), (.stopping, _),
            (.paused, _), (.faulted, _):
            throw Refusal(state: self, event: event)
        }
    }

    private func nextWhenAwaiting(_ grant: Grant?, on event: PlotterEvent) throws(Refusal) -> Step {
        switch event {
        case .called(let next) where grant == nil: return (.awaiting(grant: next), [])
        case .grantExpired(let expired) where expired == grant: return (.awaiting(grant: nil), [])
        case .start(let job) where grant == nil: return (Self.started(job), [.run(job)])
        // Asking for the next ticket is due only while nobody has been called.
        case .pressed(.double) where grant == nil: return (.awaiting(grant: nil), [])
        // Whoever is to bring paper may see first where the drawing will lie; the carriage comes back, and what is to begin
        // ends it.
        case .manual(HandMove.aroundName) where grant == nil: return (.awaiting(grant: nil), [])
        case .stop: return (.raised, [.emergencyStop, .raisePen])
        case .attached, .reset: return (.raised, [.raisePen])
        case .detached: return (.absent, [])
        case .trouble(let fault): return (.faulted(fault), [])
        case .pressed, .raisePen, .lowerPen, .releaseMotors, .manual, .called, .grantExpired, .start, .progressed,
            .pause, .stood, .resume, .resumeHomed, .resumeAt, .recovered, .cancel, .finished, .failed, .withheld,
            .atRest:
            throw Refusal(state: self, event: event)
        }
    }

    private func nextWhenPlotting(_ job: JobID, _ progress: PlotProgress, on event: PlotterEvent) throws(Refusal)
        -> Step
    {
        switch event {
        case .progressed(job, let progress): (.plotting(job: job, progress: progress), [])
        case .pause(let kind): (self, [.pauseRun(kind)])
        case .stood(job, let reason): (.paused(job: job, progress: progress, reason: reason), [])
        case .resume, .resumeHomed: (self, [.resumeRun])  // takes back a pause that has not come into effect
        case .recovered(job): (self, [])
        case .cancel: (.stopping(job: job), [.cancelRun])
        case .stop, .reset: (.stopping(job: job), [.emergencyStop])
        case .finished(job): (.raised, [.endJob(job, .done)])
        case .failed(job, let fault): (.faulted(fault), [.endJob(job, .failed(fault))])
        case .withheld(job, .disk(let fault)): (.raised, [.putBack(job, .disk(fault))])
        case .withheld(job, .board(let fault)): (.faulted(fault), [.putBack(job, .board(fault))])
        case .withheld(job, .stopped): (.raised, [.putBack(job, .stopped)])
        case .withheld(job, .unproven(let why)): (.raised, [.putBack(job, .unproven(why))])
        case .trouble(let fault): (.faulted(fault), [.cancelRun, .endJob(job, .failed(fault))])
        case .detached: (.absent, [.cancelRun, .endJob(job, .interrupted)])
        case .attached, .pressed, .raisePen, .lowerPen, .releaseMotors, .manual, .called, .grantExpired, .start,
            .progressed, .stood, .resumeAt, .recovered, .finished, .failed, .withheld, .atRest:
            throw Refusal(state: self, event: event)
        }
    }

    private func nextWhenStopping(_ job: JobID, on event: PlotterEvent) throws(Refusal) -> Step {
        switch event {
        case .stop, .reset: (self, [.emergencyStop])
        case .cancel: (self, [])
        // What the run had on its way when the stop came.
        case .progressed(job, _), .stood(job, _), .recovered(job): (self, [])
        case .finished(job): (.raised, [.endJob(job, .done)])
        case .atRest(job), .withheld(job, .disk), .withheld(job, .unproven): (.raised, [.endJob(job, .cancelled)])
        case .withheld(job, .stopped): (.raised, [.putBack(job, .stopped)])
        case .withheld(job, .board(let fault)): (.faulted(fault), [.endJob(job, .cancelled)])
        case .failed(job, let fault): (.faulted(fault), [.endJob(job, .failed(fault))])
        case .trouble(let fault): (.faulted(fault), [.endJob(job, .failed(fault))])
        case .detached: (.absent, [.endJob(job, .interrupted)])
        case .attached, .pressed, .raisePen, .lowerPen, .releaseMotors, .manual, .called, .grantExpired, .start,
            .progressed, .pause, .stood, .resume, .resumeHomed, .resumeAt, .recovered, .finished, .failed, .withheld,
            .atRest:
            throw Refusal(state: self, event: event)
        }
    }

    private func nextWhenPaused(_ job: JobID, _ progress: PlotProgress, _ reason: PauseReason, on event: PlotterEvent)
        throws(Refusal) -> Step
    {
        switch event {
        // Where nobody knows the place, only a person who says that the carriage is home goes on.
        case .resume where !reason.isLinkLost && !reason.isPositionUnknown:
            (.plotting(job: job, progress: progress), [.resumeRun])
        case .resumeHomed where !reason.isLinkLost: (.plotting(job: job, progress: progress), [.resumeRun])
        case .resumeAt(let stroke) where reason.isPositionUnknown:
            (.plotting(job: job, progress: progress), [.resumeRunAt(stroke: stroke)])
        case .recovered(job) where reason.isLinkLost: (.plotting(job: job, progress: progress), [])
        case .stood(job, let reason): (.paused(job: job, progress: progress, reason: reason), [])
        case .progressed(job, let progress): (.paused(job: job, progress: progress, reason: reason), [])
        case .pause: (self, [])
        case .raisePen: (self, [.raisePen])
        case .releaseMotors where reason.isPositionUnknown: (self, [.releaseMotors])
        // Brought home, yes; around a drawing nobody knows the way.
        case .manual(let name) where reason.isPositionUnknown && name != HandMove.aroundName: (self, [])
        case .cancel: (.stopping(job: job), [.cancelRun])
        case .stop, .reset: (.stopping(job: job), [.emergencyStop])
        case .failed(job, let fault): (.faulted(fault), [.endJob(job, .failed(fault))])
        case .trouble(let fault): (.faulted(fault), [.cancelRun, .endJob(job, .failed(fault))])
        case .detached: (.absent, [.cancelRun, .endJob(job, .interrupted)])
        case .attached, .pressed, .lowerPen, .releaseMotors, .manual, .called, .grantExpired, .start, .progressed,
            .stood, .resume, .resumeHomed, .resumeAt, .recovered, .finished, .failed, .withheld, .atRest:
            throw Refusal(state: self, event: event)
        }
    }

    private func nextWhenFaulted(on event: PlotterEvent) throws(Refusal) -> Step {
        switch event {
        case .attached: (.raised, [.raisePen])
        case .detached: (.absent, [])
        case .reset: (self, [.reconnect])
        case .stop: (self, [.emergencyStop])
        case .trouble(let fault): (.faulted(fault), [])
        case .pressed, .raisePen, .lowerPen, .releaseMotors, .manual, .called, .grantExpired, .start, .progressed,
            .pause, .stood, .resume, .resumeHomed, .resumeAt, .recovered, .cancel, .finished, .failed, .withheld,
            .atRest:
            throw Refusal(state: self, event: event)
        }
    }

    private static func started(_ job: JobID) -> PlotterState { .plotting(job: job, progress: PlotProgress()) }
}

extension PauseReason {
    /// The driver goes on by itself once it has the board back.
    var isLinkLost: Bool { if case .linkLost = self { true } else { false } }
}

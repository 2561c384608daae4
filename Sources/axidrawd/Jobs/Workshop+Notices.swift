internal import EBB
internal import HTTP

extension Workshop {
    /// What plotters tell. Called on the plotter's actor; returns at once.
    func hear(_ notice: PlotterNotice, from name: String) {
        switch notice {
        case .attached(let identity):
            roster.withLock { state in
                state.table.devices[name]?.firmware = identity.firmware
                state.table.devices[name]?.revision += 1
            }
            log.write(.info, "board attached", [("device", name), ("firmware", identity.firmware.description)])
        case .state(let new):
            changed(name, to: new)
            guard new.job == nil else { return }
            ink.lookAtRest(name)
            roster.tellWaiters()
        case .ended(let job, let end): ended(job, end, on: name)
        case .withheld(let job, let hindrance): putBack(job, hindrance, on: name)
        case .changed(let job, let mark, let command): changed(job, mark: mark, at: command)
        case .kept(let job, let mark): kept(job, mark: mark)
        case .grew(let job, let piece): ink.grew(job, piece, on: name)
        case .progressed(let job, let progress):
            progressed(job, progress)
            ink.tellLayers(job, progress, on: name)
            ink.drew(job, progress, on: name)
        case .unproven(let why):
            log.write(.info, "goes on at the stroke: the place is not proved", [("device", name), ("reason", why)])
        }
    }

    private func changed(_ name: String, to new: PlotterState) {
        let now = HTTPServer.now
        let change = roster.withLock { state -> Change? in
            guard var device = state.table.devices[name] else { return nil }
            let isProgressOnly = device.state.isSame(as: new)
            let before = device.state
            device.state = new
            if !isProgressOnly { device.revision += 1 }
            state.table.devices[name] = device
            var change = Change(
                isProgressOnly: isProgressOnly,
                isPause: before.isPause != new.isPause || new.isPause && !isProgressOnly)
            if let id = new.job, let job = state.table.jobs[id], !job.state.isFinal {
                change.strokesBefore = job.progress.strokes
                let followed = Self.follow(job, new, isProgressOnly)
                state.table.jobs[id] = followed
                change.job = followed
            }
            guard isProgressOnly else { return change }
            change.isTold = now - device.toldProgressAt >= 500
            if change.isTold { state.table.devices[name]?.toldProgressAt = now }
            return change
        }
        guard let change else { return }
        if let job = change.job { writeDown(change, job, new) }
        guard !change.isProgressOnly else {
            guard change.isTold, let job = change.job else { return }
            events.publish(
                "progress",
                .object([("device", .string(name)), ("job", .string(job.id)), ("progress", job.progress.json)]))
            return
        }
        roster.tell(device: name)
        if let job = change.job { roster.tell(job: job.id) }
        var words = [("device", name), ("state", new.publicName)]
        if case .faulted(let fault) = new { words.append(("reason", fault.message)) }
        log.write(.info, "state", words)
        if case .raised = new { startNext(name) }
    }

    /// What is drawn while a job is brought to rest counts, too: its place is written down exactly.
    private func progressed(_ id: JobID, _ progress: PlotProgress) {
        let reached = roster.withLock { state -> JobProgress? in
            guard let job = state.table.jobs[id], case .stopping = job.state else { return nil }
            state.table.jobs[id]?.progress = progress
            return state.table.jobs[id]?.reached
        }
        guard let reached, let identifier = JobIdentifier(id) else { return }
        keeper.later { store throws(JobStore.Refusal) in try store.note(reached, of: identifier) }
    }

    private struct Change {
        var isProgressOnly: Bool
        var isPause: Bool
        var isTold = true
        var strokesBefore = 0
        var job: PlotJob?
    }

    /// Writes down how far a job is after each stroke, and when it stands.
    private func writeDown(_ change: Change, _ job: PlotJob, _ new: PlotterState) {
        guard let id = JobIdentifier(job.id) else { return }
        if job.progress.strokes != change.strokesBefore {
            let reached = job.reached
            keeper.later { store throws(JobStore.Refusal) in try store.note(reached, of: id) }
        }
        guard change.isPause else { return }
        let durable: JobState
        switch new {
        case .paused(_, _, let reason): durable = .paused(reason)
        case .plotting: durable = .plotting
        case .absent, .raised, .lowered, .free, .awaiting, .stopping, .faulted: return
        }
        keeper.later { store throws(JobStore.Refusal) in
            // The first `plotting` is written before the first motion; this is about pauses only.
            guard let record = store.record(id), record.state != durable, record.state.isStarted else { return }
            try store.move(id, to: durable, nowMilliseconds: JobKeeper.now)
        }
    }

    /// A job's record after its plotter has entered a state.
    private static func follow(_ job: PlotJob, _ state: PlotterState, _ isProgressOnly: Bool) -> PlotJob {
        var job = job
        switch state {
        case .plotting(_, let progress):
            job.state = .plotting
            job.progress = progress.strokeCount > 0 ? progress : job.progress
        case .paused(_, let progress, let reason):
            job.state = .paused(reason)
            job.progress = progress.strokeCount > 0 ? progress : job.progress
        case .stopping: job.state = .stopping
        case .absent, .raised, .lowered, .free, .awaiting, .faulted: break
        }
        if !isProgressOnly { job.revision += 1 }
        return job
    }

    private func ended(_ id: JobID, _ end: JobEnd, on name: String) {
        let outcome = roster.withLock { state -> (JobState, Int)? in
            state.table.devices[name]?.waitsForPaper = true
            guard let job = state.table.jobs[id] else { return nil }
            switch end {
            case .done:
                let done = job.copiesDone + 1
                return done < job.copies || job.isEndless ? (.waitingForPaper, done) : (.done, done)
            case .cancelled: return (state.table.isClosing ? .interrupted : .cancelled, job.copiesDone)
            case .failed(let fault): return (.failed(fault.message), job.copiesDone)
            case .interrupted: return (.interrupted, job.copiesDone)
            }
        }
        guard let outcome else { return }
        settle(id, endOfStream(id, outcome.0), copiesDone: outcome.1)
    }
}

extension PlotterState {
    /// Whether nothing but progress is between two states of one job.
    func isSame(as other: PlotterState) -> Bool {
        switch (self, other) {
        case (.plotting(let job, _), .plotting(let now, _)), (.stopping(let job), .stopping(let now)): job == now
        case (.paused(let job, _, let reason), .paused(let now, _, let why)): job == now && reason == why
        case (.absent, _), (.raised, _), (.lowered, _), (.free, _), (.awaiting, _), (.plotting, _), (.stopping, _),
            (.paused, _), (.faulted, _):
            false
        }
    }

    /// Stands in the middle of a job.
    var isPause: Bool { if case .paused = self { true } else { false } }
}

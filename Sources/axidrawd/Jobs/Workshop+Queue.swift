internal import EBB
internal import HTTP

extension Workshop {
    /// Where a waiting job is to go in its queue.
    enum Place: Equatable, Sendable {
        case first, last, up, down
        case before(JobID)
    }

    /// Passes an event of a person to the job's plotter; a job that waits is started or dropped here.
    func act(on id: JobID, _ event: PlotterEvent) async throws(JobError) {
        let job = try roster.job(id)
        switch (job.state, event) {
        case (.queued, .resume), (.held, .resume), (.waitingForPaper, .resume), (.queued, .resumeHomed),
            (.held, .resumeHomed), (.waitingForPaper, .resumeHomed):
            try await go(job, asOf: try roster.device(job.device).stoppedAt)
        case (.interrupted, .resume): try await goOn(job, atStroke: nil, isHomed: false)
        case (.interrupted, .resumeHomed): try await goOn(job, atStroke: nil, isHomed: true)
        case (.queued, .cancel), (.held, .cancel), (.waitingForPaper, .cancel), (.interrupted, .cancel):
            try await drop(job)
        case (.queued, _), (.held, _), (.waitingForPaper, _), (.interrupted, _), (.done, _), (.cancelled, _),
            (.failed, _):
            throw .job(job.state, event: event.publicName)
        case (.plotting, _), (.paused, _), (.stopping, _): try await act(onDevice: job.device, event)
        }
    }

    /// The paper is in: starts what waits on a plotter, or goes on with what is paused.
    ///
    /// It is also how a person opens a line that a stop has closed.
    func advance(_ name: String, isHomed: Bool = false) async throws(JobError) {
        let device = try roster.device(name)
        if device.state.job != nil { return try await act(onDevice: name, isHomed ? .resumeHomed : .resume) }
        let wasStopped = device.stoppedAt != nil
        try await openLine(name, asOf: device.stoppedAt)
        while device.state.takesJobs, let id = roster.withLock({ $0.table.next(name) }) {
            do throws(JobError) { return try await go(try roster.job(id), asOf: nil) } catch {
                // Cancelled or held while it was being asked for: then it is the next one's turn.
                let isWaiting = roster.withLock { $0.table.next(name) == id }
                guard !isWaiting, (try? roster.job(id))?.state.isStarted != true else { throw error }
            }
        }
        if wasStopped { return }
        guard device.state.takesJobs else { throw .plotter(name, device.state, event: "resume") }
        throw .noJobWaits(name, device.state)
    }

    /// Lets a job begin that waits.
    ///
    /// - Parameter seen: when its plotter had been stopped as a person said so.
    func go(_ job: PlotJob, asOf seen: Int64?) async throws(JobError) {
        let device = try roster.device(job.device)
        if case .held = job.state {
            try await trust(job)
            try await change(job.id, to: .queued)
            guard device.state.takesJobs else { return try await openLine(device.name, asOf: seen) }
        }
        guard device.state.takesJobs else {
            throw .plotter(device.name, device.state, event: "start")
        }
        let blocking = device.queue.first { id in (try? roster.job(id))?.state.isStarted ?? false }
        guard blocking == nil || blocking == job.id else {
            throw .anotherIsCut(device.name)
        }
        try await trust(job)
        try await openLine(device.name, asOf: seen)
        if device.hindrance != nil { try await tryDisk(device.name) }
        if job.state != .waitingForPaper { try await move(job.id, to: .first) }
        roster.withLock { $0.table.devices[job.device]?.waitsForPaper = false }
        roster.tell(device: job.device)
        startNext(job.device)
    }

    /// Goes on with a job that was cut off.
    ///
    /// - Parameters:
    ///   - stroke: from its beginning; nil = at the very step if the board proves where it stands, else from the beginning
    ///     of the stroke that was being drawn.
    ///   - isHomed: a person says that the carriage is home; without it only a place that is proved is gone on from.
    func goOn(_ job: PlotJob, atStroke stroke: Int?, isHomed: Bool) async throws(JobError) {
        let device = try roster.device(job.device)
        if let stroke, case .paused(let reason) = job.state, reason.isPositionUnknown {
            guard isHomed else { throw .notHomed(job.id, job.state) }
            let first = stroke - job.firstStroke
            guard first >= 0, first < job.summary?.strokes ?? 0 else {
                throw .noSuchStroke(
                    first: job.firstStroke, last: job.firstStroke + (job.summary?.strokes ?? 1) - 1)
            }
            return try await act(onDevice: job.device, .resumeAt(stroke: first))
        }
        guard job.state == .interrupted else {
            throw .goesOnElsewhere(job.state)
        }
        guard device.state.takesJobs else {
            throw .plotter(device.name, device.state, event: "resume")
        }
        // Of a sheet on which nothing is drawn yet any place is right. What has left no mark on a board is proved by none.
        let isFreshSheet = stroke == nil && job.run?.isAtBeginning ?? false
        guard isHomed || isFreshSheet || stroke == nil && (job.run?.session ?? 0) > 0 else {
            throw .notHomed(job.id, job.state)
        }
        try await openLine(job.device, asOf: device.stoppedAt)
        let start = roster.withLock { state -> DeviceRecord.Start? in
            guard let device = state.table.devices[job.device], device.starting == nil, device.stoppedAt == nil else {
                return nil
            }
            if let stroke { state.table.jobs[job.id]?.firstStroke = stroke }
            return state.table.beginStart(job.id, on: job.device)
        }
        guard let start else {
            throw try roster.device(job.device).stoppedAt == nil ? .starting : .stoppedMeanwhile(job.device)
        }
        let station = try roster.station(job.device)
        do throws(JobError) {
            var made = try await beginning(job.id, station, mayProve: stroke == nil)
            guard isHomed || isFreshSheet || made.plot.cut != nil else { throw .notHomed(job.id, job.state) }
            made.plot.mustProve = !isHomed && !isFreshSheet
            try await begin(start, made, station)
        } catch {
            _ = take(start, on: job.device)
            throw error
        }
    }

    /// Keeps a waiting job back until a person says go, or presses the board's button.
    func hold(_ id: JobID, untilButton: Bool = false) async throws(JobError) {
        let reason = untilButton ? JobState.armed : JobState.person
        do throws(JobError) {
            try await change(id, to: .held(reason))
        } catch { throw error.naming("hold") }
        watchButton(try roster.job(id).device)
    }

    /// A person's word for a job that the daemon has ended over: it is planned once more.
    private func trust(_ job: PlotJob) async throws(JobError) {
        guard keeper.suspects.contains(job.id), job.summary == nil else { return }
        let id = job.id
        try await keeper.perform { store throws(JobStore.Refusal) in try store.trust(id) }
        schedulePlan(id, try roster.station(job.device), nil)
    }

    private func change(_ id: JobID, to new: JobState) async throws(JobError) {
        guard let identifier = JobIdentifier(id) else { throw .noJobID(id) }
        let job = try roster.job(id)
        try await keeper.perform { [self] store throws(JobStore.Refusal) in
            try store.move(identifier, to: new, nowMilliseconds: JobKeeper.now)
            roster.withLock { state in
                state.table.jobs[id]?.state = new
                state.table.jobs[id]?.revision += 1
            }
        }
        roster.tell(job: id)
        roster.tell(device: job.device)
    }

    /// Moves a waiting job within its queue; durable when it returns.
    func move(_ id: JobID, to place: Place) async throws(JobError) {
        do throws(JobError) { try await moveWaiting(id, to: place) } catch { throw error.naming("move") }
    }

    private func moveWaiting(_ id: JobID, to place: Place) async throws(JobError) {
        guard let identifier = JobIdentifier(id) else { throw .noJobID(id) }
        let job = try roster.job(id)
        var target: JobIdentifier?
        if case .before(let other) = place {
            guard let found = JobIdentifier(other) else { throw .badPlace }
            target = found
        }
        let other = target
        try await keeper.perform { [self] store throws(JobStore.Refusal) in
            let waiting = store.queue(of: job.device).filter { !$0.state.isStarted }.map(\.id)
            guard let index = waiting.firstIndex(of: identifier) else {
                throw .forbidden(from: store.record(identifier)?.state ?? .done, to: .queued)
            }
            switch place {
            case .first where index > 0: try store.move(identifier, before: waiting[0])
            case .up where index > 0: try store.move(identifier, before: waiting[index - 1])
            case .down where index + 1 < waiting.count:
                try store.move(identifier, before: index + 2 < waiting.count ? waiting[index + 2] : nil)
            case .last where index + 1 < waiting.count: try store.move(identifier, before: nil)
            case .before: try store.move(identifier, before: other)
            case .first, .up, .down, .last: return
            }
            let queue = store.queue(of: job.device).map(\.id.text)
            roster.withLock { state in
                state.table.queues[job.device] = queue
                state.table.jobs[id]?.revision += 1
                state.table.devices[job.device]?.revision += 1
            }
        }
        roster.tell(job: id)
        roster.tell(device: job.device)
    }

    /// Passes an event of a person to a plotter.
    ///
    /// - Parameter height: of the pen, %, to be tried in place of the one that holds.
    func act(onDevice name: String, _ event: PlotterEvent, height: Double? = nil) async throws(JobError) {
        if event == .stop { return try await stop(name) }
        let station = try roster.station(name)
        if event == .reset, roster.withLock({ !$0.table.isClosing && $0.table.isOnTheWay(name) }) {
            // Whoever resets a plotter in the middle of a drawing does not want the next one to begin by itself.
            try await stop(name)
            switch try roster.device(name).state {
            case .plotting, .stopping, .paused, .raised: return
            case .absent, .lowered, .free, .awaiting, .faulted: break
            }
        }
        if event.isHandCommand {
            let (up, down) = event == .raisePen ? (height, nil) : (nil, height)
            await station.plotter.use(penSettings(of: station, up: up, down: down))
        }
        let (cut, wasCancelled) = roster.withLock { state in
            let cut = state.table.devices[name]?.state.job
            let wasCancelled = cut.flatMap { state.table.jobs[$0]?.isCancelled } ?? false
            if let cut, event == .cancel { state.table.jobs[cut]?.isCancelled = true }
            return (cut, wasCancelled)
        }
        do { try await station.plotter.order(event) } catch {
            // An earlier cancel still holds.
            if let cut, event == .cancel { roster.withLock { $0.table.jobs[cut]?.isCancelled = wasCancelled } }
            throw refused(error, on: name)
        }
        if let cut, event == .cancel { await keepCancelled(cut, on: name) }
    }

    /// Sets whether the next job starts by itself, and what options are offered for it; durable when it returns.
    ///
    /// - Parameters: nil leaves what is set; options that could not be used are refused.
    func set(autoAdvance: Bool? = nil, options: [String: String]? = nil, of name: String) async throws(JobError) {
        let station = try roster.station(name)
        if let options {
            try roster.check(try PlotJob.request(options, over: station.profile).options, on: station)
        }
        try await keeper.perform { [self] store throws(JobStore.Refusal) in
            try store.change(settingsOf: name) { settings in
                if let autoAdvance { settings.autoAdvance = autoAdvance }
                if let options { settings.options = options }
            }
            roster.withLock { state in
                if let autoAdvance { state.table.devices[name]?.autoAdvance = autoAdvance }
                if let options { state.table.devices[name]?.options = options }
                state.table.devices[name]?.revision += 1
            }
        }
        roster.tell(device: name)
        startNext(name)
    }

    /// Why something by hand was not done.
    func refused(_ refusal: HandRefusal, on name: String) -> JobError {
        switch refusal {
        case .state(let refusal):
            if refusal.event == .resume, refusal.state.isPositionUnknown, let id = refusal.state.job,
                let job = try? roster.job(id)
            {
                return .notHomed(job.id, job.state)
            }
            return .refused(refusal)
        case .full(let limit): return .handFull(limit, name)
        case .stopped: return .handStopped(name)
        }
    }
}

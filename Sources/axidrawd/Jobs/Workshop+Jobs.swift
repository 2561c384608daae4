internal import EBB
internal import Foundation
internal import HTTP
internal import Motion
internal import Text

/// A drawing handed in.
struct Submission: Sendable {
    var device: String
    var name: String
    var drawing: [UInt8]
    /// Plot options by the names of `OptionFields`; checked, so that they can be read again after a restart.
    private(set) var fields: [String: String] = [:]
    /// Plan it, and wait for `resume`.
    var isHeld = false
    /// Plan it, and begin when the board's button is pressed.
    var isArmed = false
    /// Drawn so often, each time on new paper.
    var copies = 1
    /// What asked for it.
    var source = "api"
    /// The request that brought it, as the log and `X-Request-Id` name it; nil where there was none.
    var request: String?
    var idempotency: Job.Idempotency?

    init(device: String, name: String, drawing: [UInt8], isHeld: Bool = false, source: String = "api") {
        self.device = device
        self.name = name
        self.drawing = drawing
        self.isHeld = isHeld
        self.source = source
    }

    /// Sets the plot options; `copies` among them counts plots. An unknown name or a value out of range is refused.
    mutating func take(_ given: [(name: String, value: String)]) throws(JobError) {
        do throws(OptionError) { copies = try OptionFields.request(given, over: .standard).options.copies } catch {
            throw .options(error)
        }
        // A number of them is the job's own; that there is none stays among the options.
        for (name, value) in given where name != "copies" || Int(value) == nil { fields[name] = value }
    }

    /// The options over a machine's figures.
    func request(over profile: MachineProfile) throws(JobError) -> PlotRequest {
        try PlotJob.request(fields, over: profile)
    }
}

extension Submission {
    /// The drawing that comes with the program.
    static func sample(device: String) -> Submission {
        var submission = Submission(
            device: device, name: SampleDrawing.name, drawing: SampleDrawing.bytes, source: "page")
        // To be seen at once, with whatever pen is in.
        submission.fields["one-pen"] = "true"
        return submission
    }
}

extension Workshop {
    /// Takes a drawing: refused at once if it cannot be read, or asks for what the plotter's board is known not to do; durable
    /// when this returns, planned in the background.
    ///
    /// It starts by itself when its plotter is ready and nothing waits before it: whoever hands it in has put the paper in.
    ///
    /// - Parameter supply: where its strokes come from if they come while they are drawn; else they are in the drawing.
    func submit(_ submission: Submission, supply: ProgramSupply? = nil) async throws(JobError) -> PlotJob {
        let station = try roster.station(submission.device)
        let options = try submission.request(over: station.profile).options
        try roster.check(options, on: station)
        let flat = supply == nil ? try await planner.read(submission.drawing, options) : nil
        // Once it is durable, who leaves has still handed it in; before that, nobody wants it any more.
        if Task.isCancelled { throw .abandoned }
        let drawing = submission.drawing
        let digest = try await planner.onReadingQueue { SHA256.hexadecimal(drawing) }
        let accepted = JobStore.Submission(
            device: submission.device, name: submission.name, drawing: submission.drawing, drawingSHA256: digest,
            options: submission.fields, copies: submission.copies, source: submission.source,
            isHeld: submission.isHeld || submission.isArmed,
            heldReason: submission.isArmed ? JobState.armed : nil, idempotency: submission.idempotency)
        let job = try await keeper.perform { [self] store throws(JobStore.Refusal) in
            var generator = SystemRandomNumberGenerator()
            let record = try store.submit(accepted, nowMilliseconds: JobKeeper.now, using: &generator)
            // Finished ones may have left to make room.
            if store.quotaBytes != nil { forget(Set(store.records.keys.map(\.text))) }
            if let supply { streams.put(supply, of: record.id.text) }
            return enter(PlotJob(record))
        }
        roster.tell(job: job.id)
        roster.tell(device: job.device)
        log.write(
            .info, "job accepted",
            [("device", job.device), ("job", job.id)] + (submission.request.map { [("request", $0)] } ?? []))
        schedulePlan(job.id, station, flat)
        watchButton(job.device)
        return job
    }

    private func enter(_ job: PlotJob) -> PlotJob {
        roster.withLock { state in
            state.table.jobs[job.id] = job
            state.table.order.append(job.id)
            let isFirst = (state.table.queues[job.device] ?? []).isEmpty
            state.table.queues[job.device, default: []].append(job.id)
            if isFirst, job.state == .queued { state.table.devices[job.device]?.waitsForPaper = false }
            state.table.devices[job.device]?.revision += 1
        }
        return job
    }

    // MARK: Ends

    /// Brings a job to where it stays: durable first, then told. Also when the disk fails, the plotter is free again.
    func settle(_ id: JobID, _ told: JobState, copiesDone: Int = 0) {
        guard let identifier = JobIdentifier(id), let job = try? roster.job(id), !job.state.isFinal else { return }
        let firmware = (try? roster.device(job.device))?.firmware
        keeper.later { [self] store throws(JobStore.Refusal) in
            let outcome = Self.end(of: identifier, told, store)
            guard outcome.isFinal || outcome == .waitingForPaper || outcome == .interrupted else { return }
            do {
                defer { rest(id, outcome, copiesDone: copiesDone) }
                if copiesDone > 0, !outcome.isFinal {
                    var progress = JobProgress()
                    progress.copy = UInt32(clamping: copiesDone)
                    try store.note(progress, of: identifier)
                }
                let drawn = Self.outcome(of: job, outcome, firmware: firmware)
                try store.move(identifier, to: outcome, outcome: drawn, nowMilliseconds: JobKeeper.now)
            }
            // Last: what has left for the history is no longer known here.
            if outcome.isFinal { sweep(store) }
        } failed: { [self] refusal in
            roster.report(job.device, id, "The end of the job could not be written down: \(refusal)")
        }
    }

    /// Gives up a job that is not at the plotter; durable when it returns, refused if the disk or its state forbids it.
    func drop(_ job: PlotJob) async throws(JobError) {
        guard let id = JobIdentifier(job.id) else { throw .noJobID(job.id) }
        let drawn =
            job.state.isStarted
            ? Self.outcome(of: job, .cancelled, firmware: (try? roster.device(job.device))?.firmware) : nil
        try await keeper.perform { [self] store throws(JobStore.Refusal) in
            // What its last run told stays, unless the daemon died in it.
            let told = store.record(id)?.outcome ?? drawn
            try store.move(id, to: .cancelled, outcome: told, nowMilliseconds: JobKeeper.now)
            rest(job.id, .cancelled, copiesDone: job.copiesDone)
            sweep(store)
        }
    }

    /// Moves the oldest finished jobs into the history; what the disk refuses now is done the next time.
    private func sweep(_ store: JobStore) {
        do throws(JobStore.Refusal) { try store.tidy() } catch {
            log.write(.warning, "the history waits for the disk", [("reason", error.description)])
        }
        forget(Set(store.records.keys.map(\.text)))
    }

    /// Puts the outcome into the mirror and goes on with the queue; on the keeper's queue.
    private func rest(_ id: JobID, _ outcome: JobState, copiesDone: Int) {
        if outcome.isFinal { endStream(id) }
        let device = roster.withLock { state -> String? in
            guard var job = state.table.jobs[id], !job.state.isFinal else { return nil }
            job.state = outcome
            job.revision += 1
            if outcome == .done {
                job.progress.ticks = job.progress.tickCount
                job.progress.strokes = job.progress.strokeCount
            }
            switch outcome {
            case .waitingForPaper:
                job.copiesDone = copiesDone
                job.firstStroke = 0
                job.isDelayed = job.pageDelay != nil
            case .interrupted: job.firstStroke += job.progress.strokes
            case .done: job.copiesDone = copiesDone
            case .queued, .held, .plotting, .paused, .stopping, .cancelled, .failed: break
            }
            if outcome.isFinal {
                job.endedAt = JobKeeper.now
                state.table.queues[job.device]?.removeAll { $0 == id }
            }
            state.table.jobs[id] = job
            if state.table.devices[job.device]?.starting?.job == id { state.table.devices[job.device]?.starting = nil }
            state.table.devices[job.device]?.revision += 1
            return job.device
        }
        guard let device else { return }
        changes.drop(id)
        if outcome.isFinal {
            // Only after its picture has been taken from it.
            if let ended = try? roster.job(id) { pictures.keepDrawn(ended, on: device) }
            planner.shelf.dropPlan(of: id)
        }
        roster.tell(job: id)
        roster.tell(device: device)
        log.write(.info, "job ended", [("device", device), ("job", id), ("state", outcome.word)])
        if outcome == .waitingForPaper { beginCopyLater(id, after: copiesDone) }
        watchButton(device)
        if outcome.isFinal { endings.tell(outcome.end, of: id) }
        roster.tellWaiters()
        startNext(device)
    }

    /// How a job ended, told as soon as it has; nil if nobody knows it.
    func end(of id: JobID) async -> JobEnd? {
        await endings.wait(for: id) { [roster] in
            guard let job = try? roster.job(id) else { return .unknown }
            return job.state.end.map { .over($0) } ?? .underWay
        }
    }

    /// Drops from the mirror what has gone into the history.
    private func forget(_ kept: Set<JobID>) {
        let gone = roster.withLock { state -> [JobID] in
            let gone = state.table.order.filter { !kept.contains($0) }
            for id in gone { state.table.jobs[id] = nil }
            state.table.order.removeAll { !kept.contains($0) }
            return gone
        }
        planner.shelf.forget(gone)
    }

    /// What a job has drawn when it ends so: all its copies, and of the last also what it drew before it was cut off.
    private static func outcome(
        of job: PlotJob, _ end: JobState, firmware: FirmwareVersion?
    ) -> JobOutcome? {
        guard let summary = job.summary else { return nil }
        let whole = job.whole ?? summary
        // The run at hand drew a part of what was left when it began.
        let left = job.firstStroke == 0 ? whole : summary
        let missing = end.isWholeCopy ? 0 : 1 - job.progress.fraction
        let copies = Double(job.copiesDone)
        func drawn(_ figure: KeyPath<JobSummary, Double>) -> Double {
            max(0, whole[keyPath: figure] * (copies + 1) - left[keyPath: figure] * missing)
        }
        let strokes = end.isWholeCopy ? whole.strokes : min(whole.strokes, job.firstStroke + job.progress.strokes)
        return JobOutcome(
            penDownMillimetres: drawn(\.penDownMillimetres), penUpMillimetres: drawn(\.penUpMillimetres),
            durationSeconds: drawn(\.durationSeconds), strokes: job.copiesDone * whole.strokes + strokes,
            firmware: firmware?.description)
    }
}

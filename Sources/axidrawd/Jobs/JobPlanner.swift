internal import Dispatch
internal import EBB
internal import HTTP
internal import Motion
internal import Synchronization

/// Reads and plans drawings: each in its turn, within the memory there is, never on a thread that serves somebody.
final class JobPlanner: Sendable {
    /// Programs of so many jobs at the head of a queue are kept; the others are planned again when their turn comes.
    static let keptPrograms = 2

    let roster: Roster
    let planning: PlotPlanning
    let shelf = PlanShelf()
    let streams: StreamSupplies
    let turns = DrawingTurns()
    /// Jobs of one plotter are planned one after the other, those of two beside each other.
    private let planners = Mutex<[String: DispatchQueue]>([:])
    /// Drawings that are handed in are read here, never on a cooperative thread.
    let readingQueue = DispatchQueue(label: "axidrawd.reading", qos: .utility, attributes: .concurrent)
    /// Plans that a plotter waits for, and plans for those who only look: neither waits behind the other or a queue's own.
    private let startingQueue = DispatchQueue(label: "axidrawd.starting", attributes: .concurrent)
    let lookingQueue = DispatchQueue(label: "axidrawd.looking", qos: .utility)

    init(_ roster: Roster, _ planning: PlotPlanning, _ streams: StreamSupplies) {
        self.roster = roster
        self.planning = planning
        self.streams = streams
    }

    private func planner(of name: String) -> DispatchQueue {
        planners.withLock { planners in
            if let known = planners[name] { return known }
            let made = DispatchQueue(label: "axidrawd.planning.\(name)", qos: .utility)
            planners[name] = made
            return made
        }
    }

    /// Plans a job in its plotter's turn, one at a time for each device.
    ///
    /// - Parameters:
    ///   - flat: the drawing as it was read; nil = read it from the spool again.
    ///   - done: told what became of it, unless the job is over, planned, or changed meanwhile.
    func schedule(
        _ id: JobID, _ station: Station, _ flat: FlatDrawing?,
        _ done: @escaping @Sendable (Result<Void, JobError>) -> Void
    ) {
        // Drawings that wait for their plan are kept as they were read only while they are few.
        let kept = flat.flatMap { turns.held.take($0.polylines.points.count) ? $0 : nil }
        planner(of: station.name).async { @Sendable [self] in
            defer { if let kept { turns.held.release(kept.polylines.points.count) } }
            guard let job = try? roster.job(id), !job.state.isFinal, job.summary == nil else { return }
            do throws(JobError) {
                _ = try plan(id, kept, station, .planning)
                done(.success(()))
            } catch {
                if error == .yielded { return schedule(id, station, nil, done) }
                if error == .crowded { return scheduleWhenThereIsRoom(id, station, done) }
                // With the options that it has by now it is being planned already.
                guard let now = try? roster.job(id), now.options == job.options, !now.state.isFinal else { return }
                done(.failure(error))
            }
        }
    }

    /// A drawing may take so long; then it is tried whether there is room all the same, s.
    private static let longestDrawing = 86_400

    /// Lets the plans of other waiting jobs go, which are made again when it is their turn, and plans the job once what is
    /// drawn leaves room for it.
    private func scheduleWhenThereIsRoom(
        _ id: JobID, _ station: Station, _ done: @escaping @Sendable (Result<Void, JobError>) -> Void
    ) {
        let planned = shelf.planned
        let drawn = roster.withLock { state in
            planned.filter { $0 != id && state.table.jobs[$0]?.state.isStarted ?? false }
        }
        shelf.keepPlans(of: Set(drawn + [id]))
        Task(priority: .utility) {
            if !drawn.isEmpty {
                await roster.wait(seconds: Self.longestDrawing) { table in
                    drawn.contains { table.jobs[$0]?.state.isStarted != true } || table.jobs[id]?.state.isFinal != false
                }
            }
            schedule(id, station, nil, done)
        }
    }

    /// A program for a job from the stroke with which it goes on; made anew unless there is one that fits.
    func program(_ id: JobID, _ station: Station) async throws(JobError) -> Program {
        let job = try roster.job(id)
        let firmware = roster.firmware(of: station)
        let made = shelf.plan(of: id)
        if let made, made.firmware == firmware, made.firstStroke == job.firstStroke, made.options == job.options {
            return made.program
        }
        return try await on(startingQueue) { [self] () throws(JobError) in
            try plan(id, nil, station, .starting).program
        }
    }

    /// A program for the rest of a job from a stroke; nothing of it is kept.
    func program(_ id: JobID, _ station: Station, fromStroke stroke: Int) async throws(JobError) -> Program {
        let job = try roster.job(id)
        return try await on(startingQueue) { [self] () throws(JobError) in
            try planned(job, nil, station, firstStroke: stroke, .starting).program
        }
    }

    /// A plan for a running job with the options it is to go on with, of the strokes that its run began with.
    func replanned(_ job: PlotJob, _ station: Station) async throws(JobError) -> PlannedPlot {
        try await on(startingQueue) { [self] () throws(JobError) in
            try planned(job, nil, station, firstStroke: job.firstStroke, .starting)
        }
    }

    /// Work on bytes that somebody handed in, away from the cooperative threads.
    func onReadingQueue<Value: Sendable>(
        _ work: @escaping @Sendable () throws(JobError) -> Value
    ) async throws(JobError) -> Value {
        try await on(readingQueue, work)
    }

    func on<Value: Sendable>(
        _ queue: DispatchQueue, _ work: @escaping @Sendable () throws(JobError) -> Value
    ) async throws(JobError) -> Value {
        let result: Result<Value, JobError> = await withCheckedContinuation { continuation in
            queue.async { @Sendable in
                do throws(JobError) { continuation.resume(returning: .success(try work())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Plans on the caller's thread and keeps what came of it. While that lasts, an end of the daemon counts against the job.
    private func plan(
        _ id: JobID, _ flat: FlatDrawing?, _ station: Station, _ urgency: Turnstile.Urgency
    ) throws(JobError) -> MadePlan {
        let keeper = roster.keeper
        // A disk that takes no writes is found out where it matters.
        _ = try? keeper.blocking { store throws(JobStore.Refusal) in try store.takeInHand(id) }
        var isPlanned = false
        defer {
            let isPlanned = isPlanned
            keeper.later { store throws(JobStore.Refusal) in try store.letGo(id, isPlanned: isPlanned) }
        }
        let job = try roster.job(id)
        let firmware = roster.firmware(of: station)
        let planned = try planned(job, flat, station, firstStroke: job.firstStroke, urgency)
        var whole = job.whole
        if job.firstStroke == 0 { whole = planned.summary }
        if whole == nil { whole = try self.planned(job, nil, station, firstStroke: 0, urgency).summary }
        isPlanned = true
        var plan = MadePlan(
            program: planned.program, firmware: firmware, firstStroke: job.firstStroke, options: job.options)
        if planned.strokes.polylines.points.count <= HeldPoints.most { plan.strokes = planned.strokes }
        let picture = job.firstStroke > 0 ? nil : PreviewSVG.bytes(planned.strokes, bed: station.profile.travel)
        take(plan, planned, whole, picture, of: job)
        roster.tell(job: id)
        roster.tell(device: job.device)
        return plan
    }

    /// Writes down what a plan has found, unless the job is over or has other options by now, for which it is planned again.
    private func take(
        _ plan: MadePlan, _ planned: PlannedPlot, _ whole: JobSummary?, _ picture: [UInt8]?, of asked: PlotJob
    ) {
        let id = asked.id
        // First, so that whoever sees the job planned finds its plan.
        shelf.put(plan, of: id)
        let (isWanted, wasUnplannable, kept) = roster.withLock { state -> (Bool, Bool, Set<JobID>) in
            guard var job = state.table.jobs[id], !job.state.isFinal, job.options == asked.options else {
                return (false, false, [])
            }
            let wasUnplannable = job.state.isHeldAsChanged
            if wasUnplannable { job.state = .held(JobState.person) }
            job.summary = planned.summary
            job.whole = whole
            // Of a stream they are about its lines, which may have come already.
            if !job.isStream { job.diagnostics = planned.diagnostics }
            job.progress.strokeCount = planned.summary.strokes
            job.revision += 1
            state.table.jobs[id] = job
            state.table.devices[job.device]?.revision += 1
            let kept = state.stations.flatMap { (state.table.queues[$0.name] ?? []).prefix(Self.keptPrograms) }
            return (true, wasUnplannable, Set(kept))
        }
        guard isWanted else { return shelf.dropPlan(of: id) }
        shelf.keepPlans(of: kept)
        if let picture { shelf.put(picture: picture, of: id) }
        guard wasUnplannable, let identifier = JobIdentifier(id) else { return }
        roster.keeper.later { store throws(JobStore.Refusal) in
            guard store.record(identifier)?.state.isHeldAsChanged == true else { return }
            try store.move(identifier, to: .held(JobState.person), nowMilliseconds: JobKeeper.now)
        }
    }
}

internal import Dispatch
internal import EBB
internal import Motion
internal import Synchronization
internal import Text

extension JobPlanner {
    /// Reads a drawing that was handed in, away from the cooperative threads; stops soon after its task is cancelled.
    func read(_ drawing: [UInt8], _ options: PlotOptions) async throws(JobError) -> FlatDrawing {
        let isCancelled = CancelFlag()
        let result: Result<FlatDrawing, JobError> = await withTaskCancellationHandler {
            do throws(JobError) {
                return .success(
                    try await read(drawing, options) { isCancelled.isRaised })
            } catch { return .failure(error) }
        } onCancel: {
            isCancelled.raise()
        }
        return try result.get()
    }

    private func read(
        _ drawing: [UInt8], _ options: PlotOptions, isCancelled: @escaping @Sendable () -> Bool
    ) async throws(JobError) -> FlatDrawing {
        let planning = planning
        if DrawingTurns.isSmall(drawing) {
            await turns.small.enter(.reading)
            defer { turns.small.leave() }
            do throws(JobError) {
                return try await onReadingQueue { () throws(JobError) in
                    try Self.flat(planning, drawing, options, .small, isCancelled)
                }
            } catch { guard error.isOverBudget else { throw error } }
        }
        await turns.big.enter(.reading)
        defer { turns.big.leave() }
        return try await onReadingQueue { () throws(JobError) in
            if isCancelled() { throw .abandoned }
            return try Self.flat(planning, drawing, options, .whole, isCancelled)
        }
    }

    /// Plans a job on the caller's thread, which may wait: small drawings at once, big ones in their turn.
    ///
    /// - Parameter flat: the drawing as it was read; nil = read it from the spool.
    func planned(
        _ job: PlotJob, _ flat: FlatDrawing?, _ station: Station, firstStroke: Int, _ urgency: Turnstile.Urgency
    ) throws(JobError) -> PlannedPlot {
        if job.isStream { return try streamPlan(job, station) }
        let request = try job.request(over: station.profile)
        let machine = TargetMachine(
            profile: request.profile, ordering: try job.orderingProfile(over: station.profile),
            firmware: roster.firmware(of: station))
        func finish(
            _ flat: consuming FlatDrawing, _ share: DrawingShare, _ giveUp: @escaping @Sendable () -> Bool
        ) throws(JobError) -> PlannedPlot {
            let execution = PlanExecution(
                concurrently: { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) },
                isCancelled: giveUp)
            do throws(PlanningError) {
                return try planning.plan(flat, request.options, machine, firstStroke, share, execution)
            } catch { throw .planning(error) }
        }
        var drawing: [UInt8] = []
        do throws(JobError) {
            if let flat, flat.polylines.points.count < HeldPoints.most / 8 {
                return try finish(flat, .small, giveUp(job, urgency))
            }
            if flat == nil {
                drawing = try self.drawing(job)
                if DrawingTurns.isSmall(drawing) {
                    let read = try Self.flat(planning, drawing, request.options, .small, giveUp(job, urgency))
                    return try finish(consume read, .small, giveUp(job, urgency))
                }
            }
        } catch { guard error.isOverBudget else { throw error } }
        turns.big.enterBlocking(urgency)
        defer { turns.big.leave() }
        let held = urgency == .planning ? shelf.programBytes(besides: job.id) : 0
        do throws(JobError) {
            let way = makeWay(job, urgency)
            if let flat { return try finish(flat, .rest(beside: held), way) }
            let read = try Self.flat(planning, drawing, request.options, .whole, way)
            drawing = []
            return try finish(consume read, .rest(beside: held), way)
        } catch {
            if held > 0, error.isOverBudget { throw .crowded }
            throw isInTheWay(urgency) ? .yielded : error
        }
    }

    /// Reads the drawing from the spool; blocks.
    private func drawing(_ job: PlotJob) throws(JobError) -> [UInt8] {
        guard let id = JobIdentifier(job.id) else { throw .noJobID(job.id) }
        let bytes = try roster.keeper.blocking { store throws(JobStore.Refusal) in
            try store.drawing(of: id) { SHA256.hexadecimal($0) }
        }
        guard let bytes else {
            throw .damagedDrawing
        }
        return bytes
    }

    private static func flat(
        _ planning: PlotPlanning, _ drawing: [UInt8], _ options: PlotOptions, _ share: DrawingShare,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(JobError) -> FlatDrawing {
        do throws(PlanningError) { return try planning.read(drawing, options, share, isCancelled) } catch {
            throw .planning(error)
        }
    }

    /// Whether the plan of a job is no longer worth making: the job is over, unless somebody wants to look at it.
    private func giveUp(_ job: PlotJob, _ urgency: Turnstile.Urgency) -> @Sendable () -> Bool {
        let id = job.id
        let wasOver = job.state.isFinal || urgency == .looking
        return { [self] in !wasOver && ((try? roster.job(id))?.state.isFinal ?? true) }
    }

    /// The same, or a plotter waits for another one.
    private func makeWay(_ job: PlotJob, _ urgency: Turnstile.Urgency) -> @Sendable () -> Bool {
        let giveUp = giveUp(job, urgency)
        return { [self] in isInTheWay(urgency) || giveUp() }
    }

    private func isInTheWay(_ urgency: Turnstile.Urgency) -> Bool {
        urgency > .starting && turns.big.isWanted(beforeThan: .planning)
    }
}

/// A flag that is raised once.
final class CancelFlag: Sendable {
    private let value = Mutex(false)
    var isRaised: Bool { value.withLock { $0 } }
    func raise() { value.withLock { $0 = true } }
}

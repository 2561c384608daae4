internal import Dispatch
internal import EBB
internal import Foundation
internal import HTTP
internal import Motion
internal import Synchronization

/// Turns at what costs memory: many small drawings beside each other, one big one at a time.
struct DrawingTurns: Sendable {
    /// Small drawings are read beside each other, as many as there are cores on a small machine.
    let small = Turnstile(places: 2)
    /// One big drawing is read or planned at a time.
    let big = Turnstile(places: 1)
    /// Drawings that were read and wait for their plan.
    let held = HeldPoints()

    /// Files of this size and more are big without trying, bytes.
    static let bigFile = 256 << 10

    /// Whether a file is worth trying with a small share of the budget first.
    static func isSmall(_ file: [UInt8]) -> Bool { file.count < bigFile }
}

/// How many points of drawings are held while they wait; beyond a bound they are read again when their turn comes.
final class HeldPoints: Sendable {
    /// Points, 16 bytes each.
    static let most = 1_000_000
    private let count = Mutex(0)

    /// Takes the place for so many points; false if there is none.
    func take(_ points: Int) -> Bool {
        count.withLock { count in
            guard count + points <= Self.most else { return false }
            count += points
            return true
        }
    }

    func release(_ points: Int) { count.withLock { $0 -= points } }
}

extension Workshop {
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
        let firmware = firmware(of: station)
        func finish(
            _ flat: consuming FlatDrawing, _ share: DrawingShare, _ giveUp: @escaping @Sendable () -> Bool
        ) throws(JobError) -> PlannedPlot {
            let execution = PlanExecution(
                concurrently: { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) },
                isCancelled: giveUp)
            do throws(PlanningError) {
                return try planning.plan(
                    flat, request.options, request.profile, firmware, firstStroke, share, execution)
            } catch { throw .planning(error) }
        }
        var drawing: [UInt8] = []
        do throws(JobError) {
            if let flat, flat.polylines.points.count < HeldPoints.most / 8 {
                return try finish(flat, .small, giveUp(job))
            }
            if flat == nil {
                drawing = try self.drawing(job)
                if DrawingTurns.isSmall(drawing) {
                    let read = try Self.flat(planning, drawing, request.options, .small, giveUp(job))
                    return try finish(consume read, .small, giveUp(job))
                }
            }
        } catch { guard error.isOverBudget else { throw error } }
        turns.big.enterBlocking(urgency)
        defer { turns.big.leave() }
        let held = urgency == .planning ? heldBytes(besides: job.id) : 0
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

    /// Bytes of the programs of other jobs: of the one that is drawn, and of those that wait with their plan.
    func heldBytes(besides id: JobID) -> Int {
        state.withLock { state in
            state.plans.reduce(0) { $0 + ($1.key == id ? 0 : $1.value.program.commands.count) }
        } * CommandStream.bytesPerCommand
    }

    /// A drawing may take so long; then it is tried whether there is room all the same, s.
    private static let longestDrawing = 86_400

    /// Lets the plans of other waiting jobs go, which are made again when it is their turn, and plans the job once what is
    /// drawn leaves room for it.
    func planWhenThereIsRoom(_ id: JobID, _ station: Station) {
        let drawn = state.withLock { state in
            for other in state.plans.keys where other != id && !(state.table.jobs[other]?.state.isStarted ?? false) {
                state.plans[other] = nil
            }
            return state.plans.keys.filter { $0 != id }
        }
        Task(priority: .utility) {
            if !drawn.isEmpty {
                await wait(seconds: Self.longestDrawing) { table in
                    drawn.contains { table.jobs[$0]?.state.isStarted != true } || table.jobs[id]?.state.isFinal != false
                }
            }
            schedulePlan(id, station, nil)
        }
    }

    private static func flat(
        _ planning: PlotPlanning, _ drawing: [UInt8], _ options: PlotOptions, _ share: DrawingShare,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(JobError) -> FlatDrawing {
        do throws(PlanningError) { return try planning.read(drawing, options, share, isCancelled) } catch {
            throw .planning(error)
        }
    }

    /// Whether the plan of a job is no longer worth making.
    private func giveUp(_ job: PlotJob) -> @Sendable () -> Bool {
        let id = job.id
        let wasOver = job.state.isFinal
        return { [self] in !wasOver && ((try? self.job(id))?.state.isFinal ?? true) }
    }

    /// The same, or a plotter waits for another one.
    private func makeWay(_ job: PlotJob, _ urgency: Turnstile.Urgency) -> @Sendable () -> Bool {
        let giveUp = giveUp(job)
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

internal import EBB
internal import Motion
internal import Synchronization

/// What goes to jobs whose strokes come while they are drawn.
final class StreamSupplies: Sendable {
    private let supplies = Mutex<[JobID: ProgramSupply]>([:])

    subscript(id: JobID) -> ProgramSupply? { supplies.withLock { $0[id] } }

    func put(_ supply: ProgramSupply, of id: JobID) { supplies.withLock { $0[id] = supply } }

    /// The supply of a job of which nothing more is drawn, once.
    func take(_ id: JobID) -> ProgramSupply? { supplies.withLock { $0.removeValue(forKey: id) } }
}

extension JobPlanner {
    /// The plan of a stream: the board's set-up, behind which its strokes follow.
    func streamPlan(_ job: PlotJob, _ station: Station) throws(JobError) -> PlannedPlot {
        guard streams[job.id] != nil else { throw .streamGone }
        let request = try job.request(over: station.profile)
        let maker = PieceMaker(
            profile: request.profile, options: request.options, firmware: roster.firmware(of: station))
        do throws(PlanError) {
            let program = try maker.beginning()
            let travel = request.profile.travel
            let seconds = Double(program.ticks.reduce(0) { $0 + Int64($1) }) / Double(BoardClock.ticksPerSecond)
            let summary = JobSummary(
                durationSeconds: seconds, penDownMillimetres: 0, penUpMillimetres: 0, penLifts: 0, strokes: 0,
                points: 0, commands: program.commands.count, pageX: 0, pageY: 0, pageWidth: travel.width,
                pageHeight: travel.height)
            let strokes = PlannedStrokes(polylines: Polylines(), layers: [], pageOrigin: Point(0, 0), page: travel)
            return PlannedPlot(program: program, summary: summary, diagnostics: [], strokes: strokes)
        } catch { throw .planning(.unplannable(error)) }
    }
}

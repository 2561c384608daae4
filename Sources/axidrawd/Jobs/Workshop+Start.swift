internal import EBB
internal import HTTP

/// How a job begins: planned, written down, and only then in motion.
extension Workshop {
    /// Starts the next job of a plotter if it is ready, planned, and allowed to begin.
    func startNext(_ name: String) {
        let next = roster.withLock { state -> (DeviceRecord.Start, Station)? in
            guard case .start(let id) = state.table.decision(for: name),
                let station = state.stations.first(where: { $0.name == name })
            else { return nil }
            return (state.table.beginStart(id, on: name), station)
        }
        guard let (start, station) = next else { return }
        Task { await launch(start, station) }
    }

    func take(_ start: DeviceRecord.Start, on name: String) -> Bool {
        roster.withLock { $0.table.take(start, on: name) }
    }

    private func launch(_ start: DeviceRecord.Start, _ station: Station) async {
        let id = start.job
        do throws(JobError) {
            try await begin(start, try await beginning(id, station, mayProve: false), station)
        } catch {
            // The job keeps its place; what stands in the way is said where people look.
            guard take(start, on: station.name) else { return }
            switch error.meaning {
            case .waits: break
            case .waitsForDisk: waitForDisk(station, error)
            // Nothing has moved, and those after it need not wait.
            case .hopeless: settle(id, .failed(error.sentence))
            case .isTold: roster.report(station.name, id, error.sentence)
            }
        }
    }

    /// What a job's next run may be, and what is written down of it before the first motion.
    struct Beginning {
        var plot: PlotStart
        var fromHome: JobProgress
        var atStep: JobProgress?
    }

    /// - Parameter mayProve: go on at the very step if the board proves that it stands where the last run was cut off.
    func beginning(_ id: JobID, _ station: Station, mayProve: Bool) async throws(JobError) -> Beginning {
        let program = try await planner.program(id, station)
        let job = try roster.job(id)
        let session = UInt8.random(in: 1...255)
        var fromHome = JobProgress()
        fromHome.copy = UInt32(clamping: job.copiesDone)
        fromHome.stroke = UInt32(clamping: job.firstStroke)
        fromHome.firstStroke = fromHome.stroke
        fromHome.plan = program.digest
        fromHome.session = UInt32(session)
        var made = Beginning(plot: PlotStart(program: program, session: session), fromHome: fromHome)
        made.plot.supply = streams[id]
        guard mayProve, let last = job.run, let mark = UInt8(exactly: last.session), mark > 0,
            last.copy == fromHome.copy
        else { return made }
        var whole = program
        if last.firstStroke != fromHome.firstStroke {
            whole = try await planner.program(id, station, fromStroke: Int(last.firstStroke))
        }
        // Another version of the program, or other settings, may plan otherwise; then nothing can be proved.
        guard whole.digest == last.plan else { return made }
        made.plot.cut = PlotStart.Cut(program: whole, record: RunRecord(session: mark, command: Int(last.command)))
        var atStep = last
        atStep.session = UInt32(session)
        made.atStep = atStep
        return made
    }

    func begin(_ start: DeviceRecord.Start, _ beginning: Beginning, _ station: Station) async throws(JobError) {
        let id = start.job
        guard roster.withLock({ $0.table.devices[station.name]?.starting == start }) else { return }
        guard let identifier = JobIdentifier(id) else { throw .noJobID(id) }
        let keeper = keeper
        var plot = beginning.plot
        plot.beforeMotion = { [self] (place) async throws(Hindrance) -> JobEnd? in
            var note = beginning.fromHome
            if case .atStep = place, let atStep = beginning.atStep { note = atStep }
            let first = note
            // On disk before the first motion: a job that has begun is never taken for a fresh one.
            let isTaken: Bool
            do throws(JobError) {
                // From here on the job is at its plotter, and a stop ends it there; until now it kept it from beginning.
                isTaken = try await keeper.perform { [self] store throws(JobStore.Refusal) in
                    guard take(start, on: station.name) else { return false }
                    try store.begin(identifier, with: first, nowMilliseconds: JobKeeper.now)
                    return true
                }
            } catch {
                guard let job = try? roster.job(id), !job.state.isFinal else { return .cancelled }
                // Somebody has held it meanwhile.
                guard error.meaning == .waitsForDisk else { throw .stopped }
                // Before the plotter is ready again, so that nothing is started at once.
                waitForDisk(station, error)
                throw .disk(Fault(message: error.sentence))
            }
            guard isTaken else {
                guard let job = try? roster.job(id), !job.state.isFinal else { return .cancelled }
                throw .stopped
            }
            started(id, first, place, on: station.name)
            ink.beginInk(id, beginning.plot, place, on: station.name)
            return nil
        }
        do { try await station.plotter.start(job: id, plot) } catch { throw .refused(error) }
    }

    private func started(_ id: JobID, _ note: JobProgress, _ beginning: PlotBeginning, on name: String) {
        var words = [("device", name), ("job", id)]
        if case .atStep(let command) = beginning { words.append(("at", "the very step, command \(command)")) }
        log.write(.info, "job begins", words)
        roster.withLock { state in
            state.table.jobs[id]?.run = note
            // Strokes of an earlier run are in `firstStroke`; left in the progress they would be counted again.
            if beginning == .fromHome {
                let strokes = state.table.jobs[id]?.progress.strokeCount ?? 0
                state.table.jobs[id]?.progress = PlotProgress(strokeCount: strokes)
            }
            state.table.jobs[id]?.firstStroke = Int(note.firstStroke)
            state.table.devices[name]?.waitsForPaper = false
            if state.table.jobs[id]?.startedAt == nil { state.table.jobs[id]?.startedAt = JobKeeper.now }
            // What is being drawn stands first, also when another was moved before it meanwhile.
            if let place = state.table.queues[name]?.firstIndex(of: id), place > 0 {
                state.table.queues[name]?.remove(at: place)
                state.table.queues[name]?.insert(id, at: 0)
            }
            state.table.jobs[id]?.revision += 1
            state.table.devices[name]?.revision += 1
        }
        roster.tell(job: id)
        roster.tell(device: name)
    }
}

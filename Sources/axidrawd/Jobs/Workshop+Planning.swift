internal import Dispatch
internal import EBB
internal import Foundation
internal import HTTP
internal import Motion
internal import Text

extension Workshop {
    /// Plans a job in its plotter's turn, one at a time for each device.
    ///
    /// - Parameter flat: the drawing as it was read; nil = read it from the spool again.
    func schedulePlan(_ id: JobID, _ station: Station, _ flat: FlatDrawing?) {
        guard let planner = state.withLock({ $0.planners[station.name] }) else { return }
        // Drawings that wait for their plan are kept as they were read only while they are few.
        let kept = flat.flatMap { turns.held.take($0.polylines.points.count) ? $0 : nil }
        planner.async { @Sendable [self] in
            defer { if let kept { turns.held.release(kept.polylines.points.count) } }
            guard let job = try? job(id), !job.state.isFinal, job.summary == nil else { return }
            do throws(JobError) {
                _ = try plan(id, kept, station, .planning)
                startNext(station.name)
            } catch {
                if error == .yielded { return schedulePlan(id, station, nil) }
                if error == .crowded { return planWhenThereIsRoom(id, station) }
                // With the options that it has by now it is being planned already.
                guard let now = try? self.job(id), now.options == job.options else { return }
                if error.meaning == .waitsForDisk {
                    waitForDisk(station, error)
                } else if now.record.changedOptions != nil, !now.state.isStarted {
                    holdAsChanged(id, error)
                } else {
                    settle(id, .failed(error.sentence))
                }
            }
        }
    }

    /// A job that somebody has changed so that it cannot be planned: it is held and says why, and can be changed again.
    private func holdAsChanged(_ id: JobID, _ error: JobError) {
        guard let identifier = JobIdentifier(id), let job = try? job(id) else { return }
        let held = JobState.held(JobState.asChanged + error.sentence)
        keeper.later { [self] store throws(JobStore.Refusal) in
            try store.move(identifier, to: held, nowMilliseconds: JobKeeper.now)
            state.withLock { state in
                state.table.jobs[id]?.state = held
                state.table.jobs[id]?.revision += 1
            }
            tell(job: id)
            tell(device: job.device)
            startNext(job.device)
        } failed: { [self] refusal in
            report(job.device, id, "The job could not be held: \(refusal)")
        }
    }

    /// A program for a job from the stroke with which it goes on; made anew unless there is one that fits.
    func program(_ id: JobID, _ station: Station) async throws(JobError) -> Program {
        let job = try job(id)
        let firmware = firmware(of: station)
        let made = state.withLock { $0.plans[id] }
        if let made, made.firmware == firmware, made.firstStroke == job.firstStroke { return made.program }
        return try await on(startingQueue) { [self] () throws(JobError) in
            try plan(id, nil, station, .starting).program
        }
    }

    /// A program for the rest of a job from a stroke; nothing of it is kept.
    func program(_ id: JobID, _ station: Station, fromStroke stroke: Int) async throws(JobError) -> Program {
        let job = try job(id)
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

    /// The picture of a plan; made again when it was dropped, nil for a job that is over and has none.
    func preview(_ id: JobID) async throws(JobError) -> [UInt8]? {
        if let known = state.withLock({ $0.previews[id] }) { return known }
        let job = try job(id)
        let station = try station(job.device)
        guard job.summary != nil || job.state.isFinal else { return nil }
        return try await on(lookingQueue) { [self] () throws(JobError) in
            let strokes = try strokes(of: job, station)
            let picture = PreviewSVG.bytes(strokes, bed: station.profile.travel)
            state.withLock { Self.remember(picture, of: id, &$0) }
            return picture
        }
    }

    /// A plan as strokes over time; made again when it was dropped, nil for a job that is not planned yet.
    func planned(_ id: JobID) async throws(JobError) -> [UInt8]? {
        let job = try job(id)
        let station = try station(job.device)
        guard job.summary != nil || job.state.isFinal else { return nil }
        return try await on(lookingQueue) { [self] () throws(JobError) in
            if let kept = state.withLock({ $0.plans[id] }), kept.firstStroke == 0, let strokes = kept.strokes {
                return PlanJSON.bytes(strokes, kept.program)
            }
            while true {
                do throws(JobError) {
                    let made = try planned(job, nil, station, firstStroke: 0, .looking)
                    return PlanJSON.bytes(made.strokes, made.program)
                } catch { guard error == .yielded else { throw error } }
            }
        }
    }

    /// The stroke of a job that comes nearest to a place in machine coordinates, by the plan that is kept where there is one.
    func stroke(nearest place: Point, of job: PlotJob) async throws(JobError) -> FoundStroke {
        guard job.summary != nil || job.state.isFinal else {
            throw .notPlanned(job.state)
        }
        let station = try station(job.device)
        return try await on(lookingQueue) { [self] () throws(JobError) in
            FoundStroke(nearest: place, in: try strokes(of: job, station))
        }
    }

    /// All strokes of a job: of the plan that is kept, else of one that is made for those who look, after all others.
    private func strokes(of job: PlotJob, _ station: Station) throws(JobError) -> PlannedStrokes {
        if let kept = state.withLock({ $0.plans[job.id] }), kept.firstStroke == 0, let strokes = kept.strokes {
            return strokes
        }
        while true {
            do throws(JobError) { return try planned(job, nil, station, firstStroke: 0, .looking).strokes } catch {
                guard error == .yielded else { throw error }
            }
        }
    }

    /// The drawing of a job as it was handed in, from the disk piece by piece as the client takes it.
    func streamedDrawing(_ id: JobID) async throws(JobError) -> BodyStream {
        guard let identifier = JobIdentifier(try job(id).id) else { throw .noJobID(id) }
        let keeper = keeper
        let length = try await keeper.perform { store throws(JobStore.Refusal) in
            guard let record = store.record(identifier) else { throw .unknownJob }
            // Found out now rather than in the middle of the answer.
            _ = try store.drawingPart(of: identifier, at: 0, count: 1)
            return record.job.drawingBytes
        }
        return BodyStream(length: length) { offset, count, done in
            keeper.later { store throws(JobStore.Refusal) in
                done(try? store.drawingPart(of: identifier, at: offset, count: count))
            }
        }
    }

    func onReadingQueue<Value: Sendable>(
        _ work: @escaping @Sendable () throws(JobError) -> Value
    ) async throws(JobError) -> Value {
        try await on(readingQueue, work)
    }

    private func on<Value: Sendable>(
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

    /// What to plan for: the board's own version once it has told it.
    func firmware(of station: Station) -> FirmwareVersion {
        (try? device(station.name))?.firmware ?? station.firmware
    }

    /// Reads the drawing from the spool; blocks.
    func drawing(_ job: PlotJob) throws(JobError) -> [UInt8] {
        guard let id = JobIdentifier(job.id) else { throw .noJobID(job.id) }
        let bytes = try keeper.blocking { store throws(JobStore.Refusal) in
            try store.drawing(of: id) { SHA256.hexadecimal($0) }
        }
        guard let bytes else {
            throw .damagedDrawing
        }
        return bytes
    }

    /// Plans on the caller's thread and keeps what came of it. While that lasts, an end of the daemon counts against the job.
    private func plan(
        _ id: JobID, _ flat: FlatDrawing?, _ station: Station, _ urgency: Turnstile.Urgency
    ) throws(JobError) -> MadePlan {
        // A disk that takes no writes is found out where it matters.
        _ = try? keeper.blocking { store throws(JobStore.Refusal) in try store.takeInHand(id) }
        var isPlanned = false
        defer {
            let isPlanned = isPlanned
            keeper.later { store throws(JobStore.Refusal) in try store.letGo(id, isPlanned: isPlanned) }
        }
        let job = try job(id)
        let firmware = firmware(of: station)
        let planned = try planned(job, flat, station, firstStroke: job.firstStroke, urgency)
        var whole = job.whole
        if job.firstStroke == 0 { whole = planned.summary }
        if whole == nil { whole = try self.planned(job, nil, station, firstStroke: 0, urgency).summary }
        isPlanned = true
        var plan = MadePlan(program: planned.program, firmware: firmware, firstStroke: job.firstStroke)
        if planned.strokes.polylines.points.count <= HeldPoints.most { plan.strokes = planned.strokes }
        let made = plan
        let preview = job.firstStroke > 0 ? nil : PreviewSVG.bytes(planned.strokes, bed: station.profile.travel)
        let options = job.options
        let wasUnplannable = state.withLock { state in
            // With other options it is planned again.
            guard var job = state.table.jobs[id], !job.state.isFinal, job.options == options else { return false }
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
            if let preview { Self.remember(preview, of: id, &state) }
            state.plans[id] = made
            let kept = Set(state.stations.flatMap { (state.table.queues[$0.name] ?? []).prefix(Self.keptPrograms) })
            for id in state.plans.keys where !kept.contains(id) { state.plans[id] = nil }
            return wasUnplannable
        }
        if wasUnplannable, let identifier = JobIdentifier(id) {
            keeper.later { store throws(JobStore.Refusal) in
                guard store.record(identifier)?.state.isHeldAsChanged == true else { return }
                try store.move(identifier, to: .held(JobState.person), nowMilliseconds: JobKeeper.now)
            }
        }
        tell(job: id)
        tell(device: job.device)
        return made
    }

    /// Keeps a picture, and drops the oldest ones beyond the bound.
    private static func remember(_ picture: [UInt8], of id: JobID, _ state: inout State) {
        state.previews[id] = picture
        state.previewOrder.removeAll { $0 == id }
        state.previewOrder.append(id)
        var bytes = state.previews.values.reduce(0) { $0 + $1.count }
        while bytes > rememberedPreviewBytes, state.previewOrder.count > 1 {
            let oldest = state.previewOrder.removeFirst()
            bytes -= state.previews.removeValue(forKey: oldest)?.count ?? 0
        }
    }
}

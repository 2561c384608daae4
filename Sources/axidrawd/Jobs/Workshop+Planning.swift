internal import EBB
internal import HTTP
internal import Motion

extension Workshop {
    /// Plans a job in the background, and lets it begin if it is its turn.
    ///
    /// - Parameter flat: the drawing as it was read; nil = read it from the spool again.
    func schedulePlan(_ id: JobID, _ station: Station, _ flat: FlatDrawing?) {
        planner.schedule(id, station, flat) { [self] result in
            switch result {
            case .success: startNext(station.name)
            case .failure(let error):
                guard let job = try? roster.job(id) else { return }
                if error.meaning == .waitsForDisk {
                    waitForDisk(station, error)
                } else if job.record.changedOptions != nil, !job.state.isStarted {
                    holdAsChanged(id, error)
                } else {
                    settle(id, .failed(error.sentence))
                }
            }
        }
    }

    /// A job that somebody has changed so that it cannot be planned: it is held and says why, and can be changed again.
    private func holdAsChanged(_ id: JobID, _ error: JobError) {
        guard let identifier = JobIdentifier(id), let job = try? roster.job(id) else { return }
        let held = JobState.held(JobState.asChanged + error.sentence)
        keeper.later { [self] store throws(JobStore.Refusal) in
            try store.move(identifier, to: held, nowMilliseconds: JobKeeper.now)
            roster.withLock { state in
                state.table.jobs[id]?.state = held
                state.table.jobs[id]?.revision += 1
            }
            roster.tell(job: id)
            roster.tell(device: job.device)
            startNext(job.device)
        } failed: { [self] refusal in
            roster.report(job.device, id, "The job could not be held: \(refusal)")
        }
    }
}

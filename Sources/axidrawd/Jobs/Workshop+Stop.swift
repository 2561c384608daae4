internal import EBB
internal import HTTP
internal import Motion

/// Stopping a plotter, and letting it go on.
extension Workshop {
    /// Stops a plotter at once, whatever is under way, and closes its line: nothing begins by itself until a person says go on.
    ///
    /// What was on its way to begin is held; other jobs keep their places. Kept over a restart; where the disk refuses
    /// that, the line is closed all the same for as long as the daemon runs.
    func stop(_ name: String) async throws(JobError) {
        let station = try roster.station(name)
        let now = JobKeeper.now
        let caught = roster.withLock { state in state.table.close(name, at: now) }
        let cut = roster.withLock { $0.table.devices[name]?.state.job }
        // The table of states refuses it nowhere.
        do { try await station.plotter.apply(.stop) } catch { throw .refused(error) }
        if let cut { await keepCancelled(cut, on: name) }
        log.write(.info, "stopped by a person", [("device", name)])
        do throws(JobError) { try await keepStop(name, now, holding: caught) } catch {
            roster.report(name, nil, "The stop holds, but cannot be kept over a restart: \(error.sentence)")
        }
        if let caught { roster.tell(job: caught) }
        roster.tell(device: name)
    }

    private func keepStop(_ name: String, _ now: Int64, holding caught: JobID?) async throws(JobError) {
        try await keeper.perform { [self] store throws(JobStore.Refusal) in
            try store.change(settingsOf: name) { $0.stoppedAt = now }
            guard let caught, let id = JobIdentifier(caught), store.record(id)?.state == .queued else { return }
            try store.move(id, to: .held(JobState.stopped), nowMilliseconds: now)
            roster.withLock { state in
                state.table.jobs[caught]?.state = .held(JobState.stopped)
                state.table.jobs[caught]?.revision += 1
            }
        }
    }

    /// A person says go on: what waits may begin again. Durable when it returns.
    ///
    /// - Parameter seen: when the plotter had been stopped as the person said so; a stop that came later stays in force.
    func openLine(_ name: String, asOf seen: Int64?) async throws(JobError) {
        guard let stoppedAt = try roster.device(name).stoppedAt else { return }
        guard stoppedAt == seen else { throw .stoppedMeanwhile(name) }
        let isOpen = try await keeper.perform { [self] store throws(JobStore.Refusal) in
            let now = try? roster.device(name).stoppedAt
            // Somebody else has opened it meanwhile.
            guard now != nil else { return true }
            guard now == seen else { return false }
            try store.change(settingsOf: name) { $0.stoppedAt = nil }
            // A stop that comes between the two is written down after this.
            return roster.withLock { state in
                guard let now = state.table.devices[name]?.stoppedAt else { return true }
                guard now == seen else { return false }
                state.table.devices[name]?.stoppedAt = nil
                state.table.devices[name]?.revision += 1
                return true
            }
        }
        guard isOpen else { throw .stoppedMeanwhile(name) }
        log.write(.info, "a person says go on", [("device", name)])
        roster.tell(device: name)
        reopened.value(name)
    }

    /// Heights and speeds of the pen that hold by hand: those of the drawing that is loaded, else the plotter's own.
    ///
    /// - Parameter heights: to be tried in their place, %.
    func penSettings(of station: Station, up: Double? = nil, down: Double? = nil) -> [Command] {
        let loaded = (try? roster.device(station.name))?.job.flatMap { try? roster.job($0) }
        let given = loaded.map { $0.options.map { (name: $0.key, value: $0.value) } } ?? []
        var request =
            (try? OptionFields.request(given, over: station.profile))
            ?? PlotRequest(
                profile: station.profile, firmware: station.firmware)
        if let up { request.profile.penUpHeight = up }
        if let down { request.profile.penDownHeight = down }
        return PenModel(profile: request.profile, options: request.options).configuration(of: request.profile)
    }
}

internal import EBB
internal import HTTP

extension Workshop {
    /// How long to wait before the disk is tried again, ms: first, and at most.
    private static let pauses = (first: 500, longest: 5_000)

    /// Says why the next job of a plotter does not begin, and lets it begin by itself once the disk takes writes again.
    func waitForDisk(_ station: Station, _ error: JobError) {
        let name = station.name
        let hindrance = DiskTrouble(
            isFull: error.isDiskFull,
            sentence: error.isDiskFull
                ? "The disk is full: the next drawing waits, and begins by itself once there is room."
                : "The next drawing waits for the disk. " + error.sentence)
        let isNew = roster.withLock { state in
            guard state.table.devices[name]?.hindrance == nil else { return false }
            state.table.devices[name]?.hindrance = hindrance
            state.table.devices[name]?.revision += 1
            return true
        }
        guard isNew else { return }
        roster.report(name, nil, hindrance.sentence)
        roster.tell(device: name)
        Task(priority: .utility) {
            var pause = Self.pauses.first
            repeat {
                try? await Task.sleep(for: .milliseconds(pause))
                pause = min(pause * 2, Self.pauses.longest)
                guard roster.withLock({ $0.table.devices[name]?.hindrance != nil && !$0.table.isClosing }) else {
                    return
                }
            } while (try? await tryDisk(name)) == nil
            goOnWithQueue(station)
        }
    }

    /// Takes the hindrance away if the disk takes writes again; refused as a client is told if it does not.
    func tryDisk(_ name: String) async throws(JobError) {
        try await keeper.perform { store throws(JobStore.Refusal) in try store.probe() }
        roster.withLock { state in
            guard state.table.devices[name]?.hindrance != nil else { return }
            state.table.devices[name]?.hindrance = nil
            state.table.devices[name]?.revision += 1
        }
        roster.tell(device: name)
    }

    /// Plans what could not be read, and starts what is due.
    private func goOnWithQueue(_ station: Station) {
        let waiting = roster.withLock { $0.table.queues[station.name] ?? [] }
        for id in waiting where (try? roster.job(id))?.summary == nil && !keeper.suspects.contains(id) {
            schedulePlan(id, station, nil)
        }
        startNext(station.name)
    }

    /// Puts a job that was kept from beginning back to where the spool has it.
    func putBack(_ id: JobID, _ hindrance: Hindrance, on name: String) {
        guard let identifier = JobIdentifier(id) else { return }
        let fault: Fault
        switch hindrance {
        case .board(let found):
            fault = found
            // What lies on the bed when the board comes back is not known.
            roster.withLock { $0.table.devices[name]?.waitsForPaper = true }
            roster.report(name, id, "The drawing waits: \(found.message).")
        case .disk(let found): fault = found
        case .stopped: fault = Fault(message: "stopped, or held, by a person")
        case .unproven(let found):
            fault = found
            roster.report(
                name, id,
                "The drawing waits: \(found.message). Bring the carriage home, then resume with homed=true.")
        }
        log.write(.warning, "job kept from beginning", [("device", name), ("job", id), ("reason", fault.message)])
        keeper.later { [self] store throws(JobStore.Refusal) in
            guard let record = store.record(identifier) else { return }
            if roster.withLock({ $0.table.jobs[id]?.isCancelled == true }) { return settle(id, .cancelled) }
            let before: JobState = record.state.isUnderWay ? .interrupted : record.state
            roster.withLock { state in
                if state.table.devices[name]?.starting?.job == id { state.table.devices[name]?.starting = nil }
                guard state.table.jobs[id]?.state.isFinal == false else { return }
                state.table.jobs[id]?.state = before
                state.table.jobs[id]?.revision += 1
                state.table.devices[name]?.revision += 1
            }
            roster.tell(job: id)
            roster.tell(device: name)
            roster.tellWaiters()
            startNext(name)
        }
    }
}

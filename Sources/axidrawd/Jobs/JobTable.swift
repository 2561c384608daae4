/// All plotters and their jobs as they stand: a value, and what follows from it. Nothing here acts.
struct JobTable: Sendable {
    var devices: [String: DeviceRecord] = [:]
    var jobs: [JobID: PlotJob] = [:]
    /// By submission, oldest first.
    var order: [JobID] = []
    /// Jobs that are not over, by device, in the order in which they are drawn.
    var queues: [String: [JobID]] = [:]
    /// The daemon is on its way out: what is cut off now can go on later.
    var isClosing = false
    /// Number of the last attempt to begin a job.
    var lastStart = 0

    /// A plotter with what its queue says of it.
    func record(_ name: String) -> DeviceRecord? {
        guard var record = devices[name] else { return nil }
        record.queue = queues[name] ?? []
        record.job = record.state.job ?? record.queue.first
        let states = record.queue.compactMap { jobs[$0]?.state }
        record.hasCutJob = states.first == .interrupted
        record.isArmed = states.contains(.held(JobState.armed))
        record.hasWaiting = states.contains { $0 == .queued || $0 == .waitingForPaper }
        record.isDelayed = record.job.flatMap { jobs[$0]?.isDelayed } ?? false
        record.isPlanning = next(name).map { jobs[$0]?.summary == nil } ?? false
        record.isLoaded = !record.hasWaiting && states.contains { if case .held = $0 { true } else { false } }
        return record
    }

    /// The job that the button of a plotter begins.
    func armed(_ name: String) -> JobID? {
        queues[name]?.first { jobs[$0]?.state == .held(JobState.armed) }
    }

    /// The job that a press of the button begins: one that is armed, else the one that waits for paper.
    func awaitingButton(_ name: String) -> JobID? {
        if let armed = armed(name) { return armed }
        return devices[name]?.waitsForPaper == true ? next(name) : nil
    }

    /// The job whose turn it is: held ones are passed over, one that is cut off keeps the others waiting.
    func next(_ name: String) -> JobID? {
        for id in queues[name] ?? [] {
            switch jobs[id]?.state {
            case .queued, .waitingForPaper: return id
            case .held, .done, .cancelled, .failed, nil: continue
            case .plotting, .paused, .stopping, .interrupted: return nil
            }
        }
        return nil
    }

    /// Takes a job on its way to its plotter.
    mutating func beginStart(_ id: JobID, on name: String) -> DeviceRecord.Start {
        lastStart += 1
        let start = DeviceRecord.Start(job: id, number: lastStart)
        devices[name]?.starting = start
        return start
    }

    /// Ends an attempt: true if nobody has taken it back, and once only.
    mutating func take(_ start: DeviceRecord.Start, on name: String) -> Bool {
        guard devices[name]?.starting == start else { return false }
        devices[name]?.starting = nil
        return true
    }

    /// Whether a plotter draws, stands in the middle of a job, or is about to begin one.
    func isOnTheWay(_ name: String) -> Bool {
        guard let device = devices[name] else { return false }
        return device.state.job != nil || device.starting != nil || decision(for: name).job != nil
    }

    /// Closes the line of a plotter that a person has stopped.
    ///
    /// - Returns: the job that was on its way to begin: it is held now, if it had been waiting.
    mutating func close(_ name: String, at now: Int64) -> JobID? {
        let caught = devices[name]?.starting?.job ?? decision(for: name).job
        devices[name]?.starting = nil
        devices[name]?.stoppedAt = now
        devices[name]?.revision += 1
        guard let caught, jobs[caught]?.state == .queued else { return caught }
        jobs[caught]?.state = .held(JobState.stopped)
        jobs[caught]?.revision += 1
        return caught
    }
}

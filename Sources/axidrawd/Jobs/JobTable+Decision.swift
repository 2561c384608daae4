/// What the queue of one plotter comes to now.
enum Decision: Equatable, Sendable {
    /// The job begins.
    case start(JobID)
    /// The job begins as soon as it is planned.
    case plan(JobID)
    /// Nothing begins by itself.
    case wait(Wait)

    /// Why nothing begins.
    enum Wait: String, Sendable, CaseIterable {
        /// There is no such plotter.
        case unknown
        /// The daemon is on its way out.
        case closing
        /// A person has stopped the plotter, and nobody has said go on since.
        case stopped
        /// A job is on its way to the plotter already.
        case starting
        /// The plotter is not ready, or it is at work.
        case busy
        /// The disk takes no writes.
        case disk
        /// No job of the queue waits for its turn, or one that is cut off keeps the others waiting.
        case noTurn
        /// Something lies on the bed.
        case paper
    }

    /// The job that begins by itself, at once or as soon as it is planned.
    var job: JobID? {
        switch self {
        case .start(let job), .plan(let job): job
        case .wait: nil
        }
    }
}

extension JobTable {
    /// What is to begin on a plotter by itself. The only place where that is decided.
    func decision(for name: String) -> Decision {
        guard let device = devices[name] else { return .wait(.unknown) }
        if isClosing { return .wait(.closing) }
        if device.stoppedAt != nil { return .wait(.stopped) }
        if device.starting != nil { return .wait(.starting) }
        if !device.state.takesJobs { return .wait(.busy) }
        if device.hindrance != nil { return .wait(.disk) }
        guard let id = next(name), let job = jobs[id] else { return .wait(.noTurn) }
        if device.waitsForPaper, !device.autoAdvance || job.isDelayed { return .wait(.paper) }
        return job.summary == nil ? .plan(id) : .start(id)
    }
}

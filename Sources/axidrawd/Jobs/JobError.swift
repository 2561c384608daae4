internal import EBB
internal import Text

/// Why something that was asked of plotters and their jobs is not done; what has not been named has not changed.
enum JobError: Error, Equatable, Sendable {
    // What is not there, or no longer.
    case unknownDevice(String)
    case unknownJob(JobID)
    /// This is the name of no job, now or ever.
    case noJobID(String)
    case jobGone(JobID)
    case drawingGone
    case historyChanged
    case notPlanned(JobState)
    case notDrawn(JobState)
    case pictureGone
    /// The drawing is still being planned.
    case pictureToCome
    /// A picture that cannot be turned into pixels: our mistake.
    case noPixels
    case damagedDrawing
    /// Its strokes came as a stream, which is gone.
    case streamGone

    // What the state of a plotter or a job forbids.
    case job(JobState, event: String)
    /// By the spool's own words of the state.
    case whileJob(is: String, event: String)
    case plotter(String, PlotterState, event: String)
    case noJobWaits(String, PlotterState)
    /// Another job of the plotter is half drawn.
    case anotherIsCut(String)
    case goesOnElsewhere(JobState)
    case starting
    case changeWhileStarting
    /// Nobody has said that the carriage is home.
    case notHomed(JobID, JobState)
    case refused(Refusal)
    case handFull(Int, String)
    case handStopped(String)
    /// A command that somebody typed was not done; in the board's words.
    case boardRefuses(String)
    /// A stop that came after the word to go on.
    case stoppedMeanwhile(String)
    /// Somebody else has changed the job meanwhile.
    case changedMeanwhile
    /// The carriage goes around a drawing already.
    case roundUnderWay(String)
    /// Its strokes are planned as they come.
    case isStream(JobState)

    // What was asked for makes no sense.
    case noSuchStroke(first: Int, last: Int)
    case badPlace
    case change(JobChange.Mistake)
    case options(OptionError)
    case planning(PlanningError)

    // What may be asked again.
    /// Planning has made way for a more urgent one and is to be tried again.
    case yielded
    /// Beside the programs that are held there is no room for the plan; without them there may be.
    case crowded
    /// Whoever asked has gone; nobody reads this.
    case abandoned
    case spool(JobStore.Refusal)
}

extension JobError {
    /// What an error means for a job whose turn has come.
    enum Meaning: Equatable, Sendable {
        /// It keeps its place: the state says when it may begin.
        case waits
        /// The disk of the spool does not do what it should now.
        case waitsForDisk
        /// It can never be drawn.
        case hopeless
        /// It keeps its place, and somebody should know.
        case isTold
    }

    var meaning: Meaning {
        switch self {
        case .job, .whileJob, .plotter, .noJobWaits, .anotherIsCut, .goesOnElsewhere, .starting, .changeWhileStarting,
            .notHomed, .refused, .handStopped, .stoppedMeanwhile, .roundUnderWay, .isStream, .spool(.forbidden):
            .waits
        case .spool(.spool), .yielded, .crowded, .abandoned, .pictureToCome: .waitsForDisk
        case .damagedDrawing, .noPixels, .noSuchStroke, .change, .options, .planning, .streamGone: .hopeless
        case .unknownDevice, .unknownJob, .noJobID, .jobGone, .drawingGone, .historyChanged, .notPlanned, .notDrawn,
            .pictureGone, .handFull, .boardRefuses, .changedMeanwhile, .badPlace, .spool(.queueFull),
            .spool(.overQuota),
            .spool(.unknownJob):
            .isTold
        }
    }

    /// The drawing needs more memory or work than it was allowed.
    var isOverBudget: Bool { if case .planning(let error) = self { error.isOverBudget } else { false } }

    /// The disk of the spool has no room.
    var isDiskFull: Bool { if case .spool(.spool(.noSpace)) = self { true } else { false } }

    /// May be asked again as it is: a state forbids it now, or there is no room at present.
    var isPassing: Bool {
        switch self {
        case .handFull, .spool(.queueFull), .spool(.overQuota): true
        default: meaning == .waits || meaning == .waitsForDisk
        }
    }

    /// A conflict tells what was asked for, not the change of state that it would have been.
    func naming(_ event: String) -> JobError {
        if case .spool(.forbidden(let from, _)) = self { return .whileJob(is: from.word, event: event) }
        return self
    }
}

extension JobError {
    /// What stands in the way, and what was asked for; nil where it is no state that forbids it.
    var conflict: (state: String, event: String)? {
        switch self {
        case .job(let state, let event): (state.word, event)
        case .whileJob(let state, let event): (state, event)
        case .plotter(_, let state, let event): (state.publicName, event)
        case .noJobWaits(_, let state): (state.publicName, "resume")
        case .anotherIsCut: ("interrupted", "start")
        case .goesOnElsewhere(let state), .notHomed(_, let state): (state.word, "resume")
        case .roundUnderWay: ("going-around", "bounds")
        case .isStream(let state): (state.word, "change")
        case .starting: ("starting", "resume")
        case .changeWhileStarting: ("starting", "change")
        case .refused(let refusal): (refusal.state.publicName, refusal.event.publicName)
        case .handStopped: ("stopped", "move")
        case .stoppedMeanwhile: ("stopped", "resume")
        case .unknownDevice, .unknownJob, .noJobID, .jobGone, .drawingGone, .historyChanged, .notPlanned, .notDrawn,
            .pictureGone, .pictureToCome, .noPixels, .damagedDrawing, .noSuchStroke, .badPlace, .change, .options,
            .planning, .yielded, .crowded, .abandoned, .spool, .handFull, .boardRefuses, .changedMeanwhile, .streamGone:
            nil
        }
    }
}

extension JobError {
    /// For people: what is not done, and what can be done about it.
    var sentence: String {
        switch self {
        case .unknownDevice(let name): "There is no device \(name)."
        case .unknownJob(let id): "There is no job \(id)."
        case .noJobID(let text): "There is nothing at \(text)."
        case .jobGone(let id):
            "The history no longer has the job \(id): only the newest jobs that have ended are kept."
        case .drawingGone: "The drawing of a job that has ended is kept only until enough later jobs have ended."
        case .historyChanged: "The history has changed; begin again without after."
        case .notPlanned(let state): "The job has no plan: it is \(state.word)."
        case .notDrawn(let state): "Nothing of the job was drawn: it is \(state.word)."
        case .pictureGone: "The picture of what was drawn is no longer kept."
        case .pictureToCome: "The drawing is being planned; its picture comes after that."
        case .noPixels: "This is our mistake; the log says more under the request id."
        case .streamGone:
            "Its strokes came as a stream, and that has ended; what was drawn until then is on the paper."
        case .damagedDrawing: "The file of the drawing is not what was handed in; it will not be drawn."
        case .options(let error): error.sentence
        case .planning(let error): error.sentence
        case .change(let mistake): mistake.sentence
        case .noSuchStroke(let first, let last): "This run has the strokes \(first) to \(last)."
        case .badPlace: "before must be the id of a job."
        case .yielded: "Planning made way for a drawing that a plotter waits for."
        case .crowded: "Planning waits until another large drawing is drawn."
        case .abandoned: "The client has left."
        case .boardRefuses(let reason): "The board does not do it: \(reason)."
        case .spool(let refusal): refusal.sentence
        case .job, .whileJob, .plotter, .noJobWaits, .anotherIsCut, .goesOnElsewhere, .starting, .changeWhileStarting,
            .notHomed, .refused, .handFull, .handStopped, .stoppedMeanwhile, .changedMeanwhile, .isStream,
            .roundUnderWay:
            conflictSentence
        }
    }

    private var conflictSentence: String {
        switch self {
        case .job(let state, _): "The job is \(state.word)."
        case .whileJob(let state, let event): "While the job is \(state), \(event) is not possible."
        case .plotter(let name, let state, _): "\(name) is \(state.publicName)."
        case .noJobWaits(let name, _): "No job waits for \(name)."
        case .anotherIsCut(let name): "Another drawing on \(name) is half done; resume or cancel it first."
        case .goesOnElsewhere: "Only a job that was cut off, or whose position was lost, goes on at a stroke."
        case .starting: "A job is being started."
        case .changeWhileStarting: "The job is being started; try again in a moment."
        case .notHomed(let id, _):
            "Nobody knows where the carriage is. Bring it home (back left), then say so: resume with homed=true "
                + "(axidrawd resume \(id) --homed; on the page, tick the box)."
        case .refused(let refusal):
            if case .pressed = refusal.event {
                "While the plotter is \(refusal.state.publicName), a \(refusal.event.publicName) press does nothing."
            } else {
                "While the plotter is \(refusal.state.publicName), \(refusal.event.publicName) is not possible."
            }
        case .handFull(let limit, let name):
            "\(limit) moves by hand wait on \(name) already; wait for them, or stop the plotter, which drops them."
        case .handStopped(let name): "Somebody has stopped \(name) before this was done; it was not finished."
        case .stoppedMeanwhile(let name): "Somebody has stopped \(name) meanwhile; nothing begins."
        case .changedMeanwhile: "The job has changed since; look at it and try again."
        case .roundUnderWay(let name):
            "The carriage of \(name) goes around a drawing already: wait until it is back, or stop it."
        case .isStream: "Strokes that come as a stream are planned as they come, with the options that it began with."
        case .unknownDevice, .unknownJob, .noJobID, .jobGone, .drawingGone, .historyChanged, .notPlanned, .notDrawn,
            .pictureGone, .pictureToCome, .noPixels, .damagedDrawing, .noSuchStroke, .badPlace, .change, .options,
            .planning, .yielded, .crowded, .abandoned, .spool, .streamGone, .boardRefuses:
            ""
        }
    }
}

extension JobStore.Refusal {
    /// For people, with what can be done about it.
    var sentence: String {
        switch self {
        case .queueFull(let limit):
            "\(limit) jobs are waiting, and no more are taken; cancel some or wait until one is done."
        case .overQuota(let held, let needed, let quota):
            "The drawings of jobs that are not over take \(Self.mebibytes(held)) of the \(Self.mebibytes(quota)) MiB that they may, "
                + "and this one needs \(Self.mebibytes(needed)); cancel some, wait until one is done, or raise "
                + "limits.spoolMebibytes in the configuration."
        case .unknownJob: "There is no such job any more."
        case .forbidden(let from, let to): "A job that is \(from.word) cannot become \(to.word)."
        case .spool(.noSpace): "The disk of the spool is full; nothing was accepted. Make room and send it again."
        case .spool(.unsure):
            "An earlier write to the disk failed, so nothing more is accepted until the daemon is started again."
        case .spool(let error): "The spool cannot be used now (\(error)); nothing was accepted."
        }
    }

    private static func mebibytes(_ bytes: Int) -> String { "\((Double(bytes) / 104_857.6).rounded(.up) / 10)" }
}

internal import EBB

/// Identity of a job, made by the queue.
typealias JobID = String
/// One-time right to submit a drawing, given out with a place in the queue.
typealias Grant = String

/// A press of an installation's button.
enum PenPress: String, Equatable, Sendable, CaseIterable { case single, double, long }

typealias PauseKind = EBB.PauseKind

typealias PauseReason = EBB.PauseReason
typealias PlotProgress = EBB.PlotProgress

/// What ended a plot or keeps a plotter from working, in words.
struct Fault: Error, Equatable, Sendable {
    var message: String
}

/// What keeps a job from beginning: nothing of it was drawn by this run, so it keeps its place and its state.
enum Hindrance: Error, Equatable, Sendable {
    /// The board did not answer: it is out of service until it is connected anew.
    case board(Fault)
    /// What has to be on disk before the first motion could not be written; the board is as it was.
    case disk(Fault)
    /// A person has stopped the plotter before the job had begun.
    case stopped
    /// A job that was cut off: the board does not prove where it stands, and nobody has said that the carriage is home.
    case unproven(Fault)
}

/// How a job left its plotter.
enum JobEnd: Equatable, Sendable {
    case done
    case cancelled
    case failed(Fault)
    /// The plotter went away; the job may go on at a stroke once someone has homed the machine.
    case interrupted
}

/// What a plotter is doing; what may happen next is decided by `next(on:)` alone.
enum PlotterState: Equatable, Sendable {
    /// No board on this port.
    case absent
    /// Ready, pen up.
    case raised
    /// Ready, pen down.
    case lowered
    /// Motors released: the carriage moves by hand.
    case free
    /// Takes the oldest ticket; one grant at a time is out.
    case awaiting(grant: Grant?)
    case plotting(job: JobID, progress: PlotProgress)
    /// Stop or cancel is under way; waiting for rest.
    case stopping(job: JobID)
    /// Pen up and at rest in the middle of a job.
    case paused(job: JobID, progress: PlotProgress, reason: PauseReason)
    /// Board or power trouble.
    case faulted(Fault)

    /// The name published to other programs; the installation's five names are among them.
    var publicName: String {
        switch self {
        case .absent: "absent"
        case .raised: "raised"
        case .lowered: "lowered"
        case .free: "free"
        case .awaiting: "idle"
        case .plotting: "plotting"
        case .stopping: "stopping"
        case .paused: "paused"
        case .faulted: "faulted"
        }
    }

    /// A plot stands and can go on only after the carriage has been brought home.
    var isPositionUnknown: Bool { if case .paused(_, _, let reason) = self { reason.isPositionUnknown } else { false } }

    /// The job in hand, if there is one.
    var job: JobID? {
        switch self {
        case .plotting(let job, _), .stopping(let job), .paused(let job, _, _): job
        case .absent, .raised, .lowered, .free, .awaiting, .faulted: nil
        }
    }
}

/// What happens to a plotter.
enum PlotterEvent: Equatable, Sendable {
    /// A board answers and its pen is up.
    case attached
    case detached
    case pressed(PenPress)
    case raisePen, lowerPen, releaseMotors
    /// A move by hand over the API or the command line: walk, move, home, align, cycle.
    case manual(String)
    /// The queue calls the next ticket.
    case called(Grant)
    case grantExpired(Grant)
    /// While somebody has been called the plotter takes no job.
    case start(job: JobID)
    case progressed(job: JobID, progress: PlotProgress)
    case pause(PauseKind)
    /// The run stands still, pen up.
    case stood(job: JobID, reason: PauseReason)
    case resume
    /// The same from a person who says that the carriage is home: also after its position was lost.
    case resumeHomed
    /// The carriage has been brought home: go on with the beginning of a stroke, counted from that with which the run began.
    case resumeAt(stroke: Int)
    /// The driver has proved the position and goes on by itself.
    case recovered(job: JobID)
    case cancel
    /// Emergency stop.
    case stop
    case finished(job: JobID)
    case failed(job: JobID, Fault)
    /// The run was kept from beginning.
    case withheld(job: JobID, Hindrance)
    /// After cancel or stop: nothing moves, pen up.
    case atRest(job: JobID)
    /// Trouble outside a job.
    case trouble(Fault)
    case reset
}

/// What the owner of a state has to do; the state machine itself does nothing.
enum PlotterEffect: Equatable, Sendable {
    case raisePen, lowerPen, releaseMotors, engageMotors
    case run(JobID)
    case pauseRun(PauseKind)
    case resumeRun
    case resumeRunAt(stroke: Int)
    case cancelRun
    case emergencyStop
    case endJob(JobID, JobEnd)
    /// The job goes back to where it waited.
    case putBack(JobID, Hindrance)
    /// Connect and set up the board anew.
    case reconnect
}

/// An event that the state forbids.
struct Refusal: Error, Equatable {
    var state: PlotterState
    var event: PlotterEvent
}

extension PlotterState {
    /// Ready for the next job.
    var takesJobs: Bool {
        switch self {
        case .raised: true
        case .awaiting(let grant): grant == nil
        case .absent, .lowered, .free, .plotting, .stopping, .paused, .faulted: false
        }
    }
}

extension PlotterEvent {
    /// As it is written in answers.
    var publicName: String {
        switch self {
        case .attached: "attached"
        case .detached: "detached"
        case .pressed(let press): press.rawValue
        case .raisePen: "raise-pen"
        case .lowerPen: "lower-pen"
        case .releaseMotors: "release"
        case .manual(let what): what
        case .called: "call"
        case .grantExpired: "expire"
        case .start: "start"
        case .progressed: "progress"
        case .pause: "pause"
        case .stood: "stand"
        case .resume, .resumeHomed, .resumeAt: "resume"
        case .recovered: "recover"
        case .cancel: "cancel"
        case .stop: "stop"
        case .finished: "finish"
        case .failed: "fail"
        case .withheld: "withhold"
        case .atRest: "rest"
        case .trouble: "trouble"
        case .reset: "reset"
        }
    }
}

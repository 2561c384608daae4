internal import EBB

/// Where a job stands: in the spool, in memory, in answers and events. `done`, `cancelled` and `failed` are final.
enum JobState: Equatable, Sendable {
    /// Waits for its turn on its plotter.
    case queued
    /// Kept back until a person says go; a word for why.
    case held(String)
    case plotting
    case paused(PauseReason)
    /// A copy is done and another is due: waits for paper.
    case waitingForPaper
    /// It is being brought to rest; the spool keeps it as `plotting`.
    case stopping
    /// Half drawn when the daemon or the plotter went away; goes on only when a person says so.
    case interrupted
    case done
    case cancelled
    case failed(String)

    /// Why a job is held that begins when the board's button is pressed.
    static let armed = "button"
    /// Why one is held that was on its way to begin when somebody stopped its plotter.
    static let stopped = "stopped"

    /// Why one is held that a person starts.
    static let person = "person"
    /// How the reason begins of one that is held because it cannot be planned as somebody has changed it.
    static let asChanged = "as it was changed it cannot be planned: "

    var isHeldAsChanged: Bool { if case .held(let why) = self { why.hasPrefix(Self.asChanged) } else { false } }

    /// Nothing follows.
    var isFinal: Bool {
        switch self {
        case .done, .cancelled, .failed: true
        case .queued, .held, .plotting, .paused, .waitingForPaper, .stopping, .interrupted: false
        }
    }

    /// Something of it may be on paper and it is not over: it holds its plotter until it is finished, resumed or given up.
    var isStarted: Bool {
        switch self {
        case .plotting, .paused, .waitingForPaper, .stopping, .interrupted: true
        case .queued, .held, .done, .cancelled, .failed: false
        }
    }

    /// A plotter draws it, or stands in the middle of it.
    var isUnderWay: Bool {
        switch self {
        case .plotting, .paused, .stopping: true
        case .queued, .held, .waitingForPaper, .interrupted, .done, .cancelled, .failed: false
        }
    }

    /// The last of the sheets is as it should be.
    var isWholeCopy: Bool {
        switch self {
        case .done, .waitingForPaper: true
        case .queued, .held, .plotting, .paused, .stopping, .interrupted, .cancelled, .failed: false
        }
    }

    /// How it ended, if it has. One that was cut off can go on.
    var end: JobEnd? {
        switch self {
        case .done: .done
        case .cancelled: .cancelled
        case .failed(let reason): .failed(Fault(message: reason))
        case .queued, .held, .plotting, .paused, .waitingForPaper, .stopping, .interrupted: nil
        }
    }

    /// Whether a job may go from here to `next`. Nothing leaves a final state; only what was being drawn is done.
    func allows(_ next: JobState) -> Bool {
        switch (self, next) {
        case (.done, _), (.cancelled, _), (.failed, _): false
        case (.queued, .held), (.held, .held), (.held, .queued), (.queued, .plotting): true
        case (_, .cancelled), (_, .failed): true
        case (.plotting, .paused), (.plotting, .waitingForPaper), (.plotting, .interrupted), (.plotting, .done): true
        case (.paused, .plotting), (.paused, .paused), (.paused, .interrupted): true
        case (.paused, .waitingForPaper), (.waitingForPaper, .paused): true
        case (.waitingForPaper, .plotting), (.waitingForPaper, .waitingForPaper), (.waitingForPaper, .interrupted): true
        case (.interrupted, .plotting): true
        case (.queued, _), (.held, _), (.plotting, _), (.paused, _), (.waitingForPaper, _), (.stopping, _),
            (.interrupted, _):
            false
        }
    }
}

// MARK: - In words

extension JobState {
    /// The word used in JSON, logs and the spool.
    var word: String {
        switch self {
        case .queued: "queued"
        case .held: "held"
        case .plotting: "plotting"
        case .paused, .waitingForPaper: "paused"
        case .stopping: "stopping"
        case .interrupted: "interrupted"
        case .done: "done"
        case .cancelled: "cancelled"
        case .failed: "failed"
        }
    }

    /// What the spool writes beside the word; nil where there is nothing.
    var detail: String? {
        switch self {
        case .held(let word): word
        case .failed(let reason): reason
        case .paused(let reason): reason.word
        case .waitingForPaper: Self.paper
        case .queued, .plotting, .stopping, .interrupted, .done, .cancelled: nil
        }
    }

    /// Reads what `word` and `detail` wrote; of a pause only its kind has been kept.
    init?(word: String, detail: String?) {
        switch word {
        case "queued": self = .queued
        case "held": self = .held(detail ?? "")
        case "plotting": self = .plotting
        case "paused" where detail == Self.paper: self = .waitingForPaper
        case "paused":
            guard let reason = detail.flatMap(PauseReason.init(word:)) else { return nil }
            self = .paused(reason)
        case "interrupted": self = .interrupted
        case "done": self = .done
        case "cancelled": self = .cancelled
        case "failed": self = .failed(detail ?? "")
        default: return nil
        }
    }

    private static let paper = "paper"

    /// Why, in a sentence for people, where there is something to say.
    var reason: String? {
        switch self {
        case .failed(let reason): reason
        case .paused(let reason): reason.detail
        case .waitingForPaper: "waiting for paper"
        case .held(Self.armed): "waits for the button of its plotter"
        case .held(Self.stopped): "stopped by a person"
        case .held(let reason): reason
        case .interrupted:
            "the plot was cut off; resume goes on at the very step if the board proves where it stands; else bring the "
                + "carriage home, and resume with homed=true goes on at the stroke"
        case .queued, .plotting, .stopping, .done, .cancelled: nil
        }
    }
}

extension PauseReason {
    /// As the spool keeps it.
    fileprivate var word: String {
        switch self {
        case .asked, .button, .planned: "person"
        case .linkLost: "linkLost"
        case .positionLost: "positionLost"
        case .motorPowerLost: "powerOff"
        }
    }

    /// Reads also the words that earlier versions had.
    fileprivate init?(word: String) {
        switch word {
        case "person", "layer": self = .asked
        case "linkLost", "garbledLink": self = .linkLost(.lost(call: "read", code: 0))
        case "positionLost": self = .positionLost("")
        case "powerOff": self = .motorPowerLost(volts: 0)
        default: return nil
        }
    }
}

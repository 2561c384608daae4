/// Where a job stands. `done`, `cancelled` and `failed` are final.
enum JobState: Hashable, Sendable {
    /// Why a job stands still half drawn.
    enum Pause: String, Sendable, CaseIterable {
        case person, paper, powerOff, positionLost, linkLost

        /// Reads also the words that earlier versions had.
        init?(word: String) {
            switch word {
            case "layer": self = .person
            case "garbledLink": self = .linkLost
            default: self.init(rawValue: word)
            }
        }
    }

    case queued
    /// Kept back until a person says go.
    case held(reason: String)
    case plotting
    case paused(Pause)
    /// The daemon died while it was drawn; position unknown until proved.
    case interrupted
    case done
    case cancelled
    case failed(reason: String)

    var isFinal: Bool {
        switch self {
        case .done, .cancelled, .failed: true
        case .queued, .held, .plotting, .paused, .interrupted: false
        }
    }

    /// On paper in part: it holds its device until it is finished, resumed or given up.
    var isStarted: Bool {
        switch self {
        case .plotting, .paused, .interrupted: true
        case .queued, .held, .done, .cancelled, .failed: false
        }
    }

    /// The word used in JSON and logs.
    var word: String {
        switch self {
        case .queued: "queued"
        case .held: "held"
        case .plotting: "plotting"
        case .paused: "paused"
        case .interrupted: "interrupted"
        case .done: "done"
        case .cancelled: "cancelled"
        case .failed: "failed"
        }
    }

    /// The detail beside the word; nil where there is none.
    var reason: String? {
        switch self {
        case .held(let reason), .failed(let reason): reason
        case .paused(let pause): pause.rawValue
        case .queued, .plotting, .interrupted, .done, .cancelled: nil
        }
    }

    /// Reads what `word` and `reason` wrote.
    init?(word: String, reason: String?) {
        switch word {
        case "queued": self = .queued
        case "held": self = .held(reason: reason ?? "")
        case "plotting": self = .plotting
        case "paused":
            guard let pause = reason.flatMap(Pause.init(word:)) else { return nil }
            self = .paused(pause)
        case "interrupted": self = .interrupted
        case "done": self = .done
        case "cancelled": self = .cancelled
        case "failed": self = .failed(reason: reason ?? "")
        default: return nil
        }
    }

    /// Whether a job may go from here to `next`. Nothing leaves a final state; only what was being drawn is done.
    func allows(_ next: JobState) -> Bool {
        switch (self, next) {
        case (.done, _), (.cancelled, _), (.failed, _): false
        case (.queued, .held), (.held, .held), (.held, .queued), (.queued, .plotting): true
        case (_, .cancelled), (_, .failed): true
        case (.plotting, .paused), (.plotting, .interrupted), (.plotting, .done): true
        case (.paused, .plotting), (.paused, .paused), (.paused, .interrupted): true
        case (.interrupted, .plotting): true
        case (.queued, _), (.held, _), (.plotting, _), (.paused, _), (.interrupted, _): false
        }
    }
}

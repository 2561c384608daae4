internal import EBB
internal import HTTP

/// What a client is told of errors of the rooms below: the only place where they become answers.
extension Problem {
    /// - Parameter error: of a handler; one that is not known here is our mistake.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as JobError: self.init(error)
        case let error as OptionError: self.init(error)
        case let error as PlanningError: self.init(error)
        default: self = .internalError
        }
    }

    init(_ error: JobError) {
        let detail = error.sentence
        switch error {
        case .unknownDevice: self.init(404, "unknown-device", "No such device", detail)
        case .unknownJob: self.init(404, "unknown-job", "No such job", detail)
        case .noJobID(let text): self = .notFound(text)
        case .jobGone: self.init(410, "job-gone", "The job is gone", detail)
        case .drawingGone: self.init(410, "drawing-gone", "The drawing is gone", detail)
        case .historyChanged: self.init(410, "page-gone", "Page gone", detail)
        case .notPlanned: self.init(404, "not-planned", "Not planned", detail)
        case .notDrawn: self.init(404, "not-drawn", "Nothing drawn", detail)
        case .pictureGone: self.init(410, "picture-gone", "The picture is gone", detail)
        case .pictureToCome: self = .busy(detail, retryAfterSeconds: 5)
        case .noPixels: self = .internalError
        case .streamGone: self.init(410, "stream-gone", "The stream is gone", detail)
        case .damagedDrawing: self.init(500, "damaged-drawing", "The drawing is damaged", detail)
        case .noSuchStroke: self.init(422, "stroke", "No such stroke", detail)
        case .badPlace: self = .malformed(detail)
        case .change(let mistake): self.init(mistake)
        case .options(let error): self.init(error)
        case .planning(let error): self.init(error)
        case .yielded:
            self = .busy(detail, retryAfterSeconds: 5)
            slug = "yielded"
        case .crowded:
            self = .busy(detail, retryAfterSeconds: 60)
            slug = "crowded"
        case .abandoned: self = .busy(detail, retryAfterSeconds: 1)
        case .changedMeanwhile: self.init(412, "condition-failed", "Condition failed", detail)
        case .handFull:
            self.init(429, "hand-full", "Too much waits", detail)
            retryAfterSeconds = 2
        case .boardRefuses: self.init(502, "board", "The board refuses", detail)
        case .spool(let refusal): self.init(refusal)
        case .job, .whileJob, .plotter, .noJobWaits, .anotherIsCut, .goesOnElsewhere, .starting, .changeWhileStarting,
            .notHomed, .refused, .handStopped, .stoppedMeanwhile, .isStream, .roundUnderWay:
            let (state, event) = error.conflict ?? ("", "")
            self = .conflict(state: state, event: event, detail)
        }
    }

    private init(_ refusal: JobStore.Refusal) {
        let detail = refusal.sentence
        switch refusal {
        case .queueFull:
            self.init(429, "queue-full", "The queue is full", detail)
            retryAfterSeconds = 60
        case .overQuota: self.init(507, "spool-quota", "The queue holds all it may", detail)
        case .unknownJob: self.init(404, "unknown-job", "No such job", detail)
        case .forbidden(let from, let to): self = .conflict(state: from.word, event: to.word, detail)
        case .spool(.noSpace): self.init(507, "no-space", "No room on the disk", detail)
        case .spool(.unsure): self = .busy(detail, retryAfterSeconds: 60)
        case .spool: self = .busy(detail, retryAfterSeconds: 10)
        }
    }

    private init(_ mistake: JobChange.Mistake) {
        guard !mistake.isOfForm else {
            self = .malformed(mistake.sentence)
            return
        }
        self.init(422, "change", "Unusable change", mistake.sentence)
        if let member = mistake.member { errors = [.init(pointer: "/\(member)", detail: mistake.sentence)] }
    }

    init(_ error: OptionError) {
        self.init(422, "options", "Unusable options", error.sentence)
        if case .option(let name, let what) = error { errors = [.init(pointer: "/\(name)", detail: what)] }
    }

    init(_ error: PlanningError) {
        switch error {
        case .unplannable(.memory): self.init(422, "drawing-too-costly", "The drawing needs too much", error.sentence)
        case .unplannable: self.init(422, "unplannable-drawing", "The drawing cannot be plotted", error.sentence)
        case .unreadable(let place):
            if error.isOverBudget {
                self.init(422, "drawing-too-costly", "The drawing needs too much", error.sentence)
            } else {
                self.init(422, "unreadable-drawing", "The drawing cannot be read", error.sentence)
            }
            line = place.line
            column = place.column
        }
    }
}

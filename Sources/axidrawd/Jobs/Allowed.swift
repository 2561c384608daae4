internal import Text

/// What a person may ask for now, made here for every surface: a page or a program only shows it.
extension DeviceRecord {
    /// Whether the table of states takes an event now.
    private func takes(_ event: PlotterEvent) -> Bool { (try? state.next(on: event)) != nil }

    var can: JSONValue {
        let isPaused = state.isPause && (takes(.resume) || takes(.resumeHomed))
        let begins = state.takesJobs && hasWaiting && !hasCutJob
        return .object([
            ("stop", .bool(true)), ("start", .bool(state.takesJobs)),
            ("resume", .bool(stoppedAt != nil || isPaused || begins)),
            ("penUp", .bool(takes(.raisePen))), ("penDown", .bool(takes(.lowerPen))),
            ("move", .bool(takes(.manual("move")))),
            ("bounds", .bool(takes(.manual(HandMove.aroundName)))), ("release", .bool(takes(.releaseMotors))),
            ("reset", .bool(takes(.reset))), ("needsHomed", .bool(state.isPositionUnknown)),
        ])
    }
}

extension PlotJob {
    var can: JSONValue {
        var (start, pause, resume, hold, move) = (false, false, false, false, false)
        var (cancel, change, needsHomed) = (true, true, false)
        switch state {
        case .queued: (start, hold, move) = (true, true, true)
        case .held: (start, move) = (true, true)
        case .plotting: pause = true
        case .paused(.linkLost): break
        case .paused(let reason): (resume, needsHomed) = (true, reason.isPositionUnknown)
        case .waitingForPaper: start = true
        // Where the board proves the place it is gone on from without.
        case .interrupted: (resume, needsHomed) = (true, (run?.session ?? 0) == 0 && !(run?.isAtBeginning ?? false))
        case .stopping, .done, .cancelled, .failed: (cancel, change) = (false, false)
        }
        return .object([
            ("start", .bool(start)), ("pause", .bool(pause)), ("resume", .bool(resume)), ("cancel", .bool(cancel)),
            ("hold", .bool(hold)), ("move", .bool(move)), ("change", .bool(change)), ("needsHomed", .bool(needsHomed)),
        ])
    }

    /// How it stands, in a sentence for people.
    var sentence: String {
        switch state {
        case .queued where summary == nil: "It is being planned."
        case .queued: "It waits for its turn."
        case .held(JobState.armed): "It begins when the button of its plotter is pressed."
        case .held(JobState.stopped): "Stopped by a person before it began: start it, or cancel it."
        case .held(let why) where why.hasPrefix(JobState.asChanged):
            "As it was changed it cannot be planned: \(why.dropFirst(JobState.asChanged.count)) Change it again, or cancel it."
        case .held: "It is loaded and waits for somebody to start it."
        case .plotting: "It is being drawn."
        case .paused(let reason): reason.pausedSentence
        case .waitingForPaper where isDelayed:
            "A copy is done: put in a new sheet; the next begins by itself \(brief(pageDelay ?? 0)) s after it."
        case .waitingForPaper: "A copy is done: put in a new sheet, then go on."
        case .stopping: "It is being brought to rest."
        case .interrupted: "It was cut off: bring the carriage home and go on with it, or cancel it."
        case .done: "It is drawn."
        case .cancelled: "It was cancelled."
        case .failed(let reason): "It failed: \(reason)"
        }
    }
}

/// What a run is doing; what comes after is decided by `next(after:)` alone.
enum RunPhase: Equatable, Sendable {
    /// The board is asked for power, rest and counters, and marked; not one motion has been sent.
    case beginning
    /// Commands go out as the board's queue has room.
    case feeding
    /// Nothing more is sent; what has been sent ends, and the counters are compared.
    case resting
    /// All that has come is drawn and more is to come: pen up, until it does.
    case awaiting
    /// The board is got back, and asked where it is. The reason if it is known already that it cannot know.
    case recovering(Trouble, lost: PauseReason?)
    /// Pen up, until a person says how to go on.
    case standing(PauseReason)
    /// From where it stood back to where the plot goes on.
    case goingOn(Resumption, from: PauseReason)
    /// A person wants the end: rest, pen up.
    case halting
    case over(RunEnd)
}

/// What a phase has come to.
enum RunOutcome: Equatable, Sendable {
    /// The board has taken the mark of the run.
    case begun
    /// Nothing has begun, nor will it.
    case refused(String)
    /// All that may be sent has been answered and executed.
    case fed
    /// The counters are as planned; whether that is the program's end, and whether somebody wants a pause here.
    case rested(isEnd: Bool, pause: PauseReason?)
    /// All that has come is drawn, and more is to come.
    case starved
    /// More has come, or nothing more will.
    case supplied
    case troubled(Trouble)
    /// The board has proved where it is.
    case proven
    /// It stands, or cannot prove it.
    case stands(PauseReason)
    /// How a person wants to go on, and why it stood in the end.
    case resumed(Resumption, after: PauseReason)
    /// The carriage and the pen are where the plot goes on; or a pause was taken back before it was told.
    case placed
    /// A person has asked for the end.
    case ended
    /// Nothing moves, the pen is up if the board could be told.
    case halted
}

extension RunPhase {
    /// The phase that follows; nil = a phase cannot come to that.
    func next(after outcome: RunOutcome) -> RunPhase? {
        switch (self, outcome) {
        case (.over, _): nil
        case (.halting, .halted): .over(.cancelled)
        case (.halting, _): nil
        // Before the first motion there is nothing to bring to rest.
        case (.beginning, .ended): .over(.cancelled)
        case (.beginning, .begun): .feeding
        case (.beginning, .refused(let text)): .over(.failed(text))
        case (_, .ended): .halting
        case (.beginning, .troubled(let trouble)), (.feeding, .troubled(let trouble)),
            (.resting, .troubled(let trouble)), (.awaiting, .troubled(let trouble)):
            .recovering(trouble, lost: nil)
        case (.goingOn(_, let reason), .troubled(let trouble)):
            .recovering(trouble, lost: reason.isPositionUnknown ? reason : nil)
        case (.feeding, .fed): .resting
        case (.resting, .rested(isEnd: true, _)): .over(.done)
        case (.resting, .rested(_, let pause?)), (.awaiting, .rested(false, let pause?)): .standing(pause)
        case (.resting, .starved): .awaiting
        // Whatever has happened meanwhile: the carriage is where it was.
        case (.awaiting, .supplied): .goingOn(.here, from: .asked)
        case (.resting, .rested), (.recovering, .proven), (.goingOn, .placed), (.standing, .placed): .feeding
        case (.recovering, .stands(let reason)): .standing(reason)
        case (.standing, .resumed(let resumption, let reason)): .goingOn(resumption, from: reason)
        case (.beginning, _), (.feeding, _), (.resting, _), (.awaiting, _), (.recovering, _), (.standing, _),
            (.goingOn, _):
            nil
        }
    }
}

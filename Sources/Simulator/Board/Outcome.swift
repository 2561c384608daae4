/// What a parsed command asks of the board before it is over.
enum Outcome {
    /// `OK`, or its name in future syntax.
    case done
    /// The reply is data, written by the command itself.
    case answered
    /// No reply at all.
    case silent
    /// Refused; the complaints tell.
    case failed
    /// Refused after the usual completion: some 3.x motion commands send both.
    case doneThenFailed
    /// Goes through the motion queue, then `OK`.
    case queued(QueuedCommand, following: QueuedCommand? = nil)
    /// Needs the board at rest first.
    case resting(Resting)
}

/// What waits in the parser until all motion has ended.
enum Resting: Hashable, Sendable {
    case home(rate: UInt32, motor1: Int64, motor2: Int64)
    case queueDepth(Int)
}

/// A command that has been read but cannot go on, so that the parser stands still.
struct BlockedCommand: Sendable {
    var name: CommandName
    /// Still to be put into the queue.
    var waiting: [QueuedCommand]
    var resting: Resting?
    var complaints: [Complaint]
}

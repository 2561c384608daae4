/// What a conversation asks of its surroundings: who may pass, what the date is.
package protocol Gatekeeper {
    /// Decides from the head alone.
    func admit(_ head: RequestHead) -> Admission
    /// `Date` of an answer written now.
    var date: String { get }
    func makeRequestId() -> String
    /// An answer has been written.
    func note(_ exchange: Exchange)
}

/// One request and its answer, for the log and the figures.
package struct Exchange: Equatable, Sendable {
    /// `-` where no head was read.
    package var method: String
    /// Pattern of the route, never the path, which may hold a capability; nil where no route was found.
    package var route: String?
    /// What the path names as `{id}` or `{name}`: a job, a plotter, a key.
    package var subject: String?
    package var status: Int
    package var requestId: String
    /// Address of the client; nil where only the peer is known.
    package var client: String?
    /// From the end of the head to the answer.
    package var milliseconds: Int64
}

/// What becomes of a request once its head is known.
package enum Admission: Sendable {
    case passes(Pass)
    /// Answered without a handler.
    case answered(Response)
    case refused(Problem)

    /// The route that serves it.
    package struct Pass: Sendable {
        package var route: Route
        package var parameters: [String: String]
        package var caller: Caller
        package var forwarded: Forwarded
        /// The user at the other end of a Unix socket.
        package var user: UInt32?
    }
}

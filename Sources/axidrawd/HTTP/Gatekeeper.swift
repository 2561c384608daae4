/// What a conversation asks of its surroundings: who may pass, what the date is.
protocol Gatekeeper {
    /// Decides from the head alone.
    func admit(_ head: RequestHead) -> Admission
    /// `Date` of an answer written now.
    var date: String { get }
    func makeRequestId() -> String
}

/// What becomes of a request once its head is known.
enum Admission: Sendable {
    case passes(Pass)
    /// Answered without a handler.
    case answered(Response)
    case refused(Problem)

    /// The route that serves it.
    struct Pass: Sendable {
        var route: Route
        var parameters: [String: String]
        var caller: Caller
    }
}

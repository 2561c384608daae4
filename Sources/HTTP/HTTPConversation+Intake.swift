/// A body that is handed over while it comes.
extension HTTPConversation {
    /// So long a client may send nothing in the middle of such a body: a person draws, and thinks.
    package static let silence: Int64 = 3_600_000

    /// Hands over what has come of the body; nothing when none is being taken.
    package mutating func passBody(now: Int64) {
        guard phase == .taking, let intake else { return }
        while phase == .taking, holdsBody, intake.hasRoom {
            let event: RequestParser.Event?
            do { event = try readBody(now: now) } catch {
                // What follows on this connection is no request.
                endIntake(.brokenOff)
                return
            }
            intake.put(takeParsedBody())
            guard case .body(let last) = event else { continue }
            intake.put(last)
            endIntake(.end, keepsConnection: true)
        }
    }
}

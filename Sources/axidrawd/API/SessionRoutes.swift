internal import HTTP

/// A key swapped for a cookie, so that a page can listen to events.
struct SessionRoutes: Sendable {
    let credentials: CredentialTable
    /// Keeps the sessions that are to outlive the process; returns when they are on disk, or cannot be.
    var keep: @Sendable () async -> Void = {}

    var routes: [Route] {
        let credentials = credentials
        let keep = keep
        return [
            Route(
                method: "POST", pattern: "/v1/session", role: .viewer, operation: "startSession",
                summary:
                    "Swap the key of this request for a cookie of 12 hours; a viewer's key without expiry for a lasting one",
                produces: [], statuses: [204],
                handler: { request in
                    guard let session = credentials.startSession(for: request.caller) else {
                        return .refused(
                            Problem(
                                403, "no-key", "No key to swap",
                                "A session is made from a key: send it as Authorization: Bearer."))
                    }
                    let seconds = session.seconds ?? CredentialTable.lastingSeconds
                    let answer = Response(204).adding(
                        "Set-Cookie", Self.cookie(session.token, seconds: seconds, for: request))
                    guard session.seconds == nil else { return .now(answer) }
                    return .later {
                        await keep()
                        return .now(answer)
                    }
                }),
            Route(
                method: "DELETE", pattern: "/v1/session", role: .viewer, operation: "endSession",
                summary: "End the session of the cookie", produces: [], statuses: [204],
                handler: { request in
                    if let token = Access.cookie(request.head) { credentials.endSession(token) }
                    let answer = Response(204).adding("Set-Cookie", Self.cookie("", seconds: 0, for: request))
                    return .later {
                        await keep()
                        return .now(answer)
                    }
                }),
        ]
    }

    /// A cookie that scripts cannot read and other sites cannot send; behind https it never goes over plain http.
    static func cookie(_ token: String, seconds: Int, for request: HTTPRequest) -> String {
        "\(Access.cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (request.isSecure ? "; Secure" : "")
    }
}

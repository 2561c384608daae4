internal import HTTP

/// A key swapped for a cookie, so that a page can listen to events.
struct SessionRoutes: Sendable {
    let credentials: CredentialTable

    var routes: [Route] {
        let credentials = credentials
        return [
            Route(
                method: "POST", pattern: "/v1/session", role: .viewer, operation: "startSession",
                summary: "Swap the key of this request for a cookie of 12 hours", produces: [], statuses: [204],
                handler: { request in
                    guard let token = credentials.startSession(for: request.caller) else {
                        return .refused(
                            Problem(
                                403, "no-key", "No key to swap",
                                "A session is made from a key: send it as Authorization: Bearer."))
                    }
                    let cookie = Self.cookie(token, seconds: CredentialTable.sessionSeconds, for: request)
                    return .now(Response(204).adding("Set-Cookie", cookie))
                }),
            Route(
                method: "DELETE", pattern: "/v1/session", role: .viewer, operation: "endSession",
                summary: "End the session of the cookie", produces: [], statuses: [204],
                handler: { request in
                    if let token = Access.cookie(request.head) { credentials.endSession(token) }
                    return .now(Response(204).adding("Set-Cookie", Self.cookie("", seconds: 0, for: request)))
                }),
        ]
    }

    /// A cookie that scripts cannot read and other sites cannot send; behind https it never goes over plain http.
    private static func cookie(_ token: String, seconds: Int, for request: HTTPRequest) -> String {
        "\(Access.cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (request.isSecure ? "; Secure" : "")
    }
}

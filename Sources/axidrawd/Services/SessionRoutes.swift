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
                    let isSecure = request.head.value("x-forwarded-proto")?.lowercased() == "https"
                    let cookie =
                        "\(Access.cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict; "
                        + "Max-Age=\(CredentialTable.sessionSeconds)" + (isSecure ? "; Secure" : "")
                    return .now(Response(204).adding("Set-Cookie", cookie))
                }),
            Route(
                method: "DELETE", pattern: "/v1/session", role: .viewer, operation: "endSession",
                summary: "End the session of the cookie", produces: [], statuses: [204],
                handler: { request in
                    if let token = Access.cookie(request.head) { credentials.endSession(token) }
                    return .now(
                        Response(204).adding(
                            "Set-Cookie", "\(Access.cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"))
                }),
        ]
    }
}

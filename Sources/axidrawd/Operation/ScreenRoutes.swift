internal import HTTP
internal import Text

/// How a screen without keyboard and key gets in: it shows a code, and a person who may plot types that into the page.
///
/// What it gets is a viewer's key without expiry, whatever the person may do, as a cookie that ends when the key is revoked.
struct ScreenRoutes: Sendable {
    let codes: ScreenCodes
    let credentials: CredentialTable
    let keys: KeyRoutes

    var routes: [Route] { [make, claim, grant] }

    private var make: Route {
        let codes = codes
        return Route(
            method: "POST", pattern: "/v1/screens", role: .anyone, operation: "makeScreenCode",
            summary: "A code for a screen to show, good for ten minutes and once", schema: "ScreenCode",
            handler: { request in
                let client = PeerAddress.internet(request.pass.forwarded.client)
                guard let made = codes.make(for: client.network) else {
                    return .refused(.busy("Too many screens wait to be let in.", retryAfterSeconds: 60))
                }
                return .now(
                    Response(
                        200,
                        .object([
                            ("code", .string(made.code)), ("token", .string(made.token)),
                            ("expiresInSeconds", .integer(ScreenCodes.seconds)),
                        ])))
            })
    }

    private var claim: Route {
        let (codes, credentials, keys) = (codes, credentials, keys)
        return Route(
            method: "POST", pattern: "/v1/screens/claim", role: .anyone, operation: "claimScreen",
            summary: "Whether the screen's code has been typed: 202 not yet, 204 with the cookie", accepts: Self.json,
            requestSchema: "ScreenClaim", bodyLimit: Route.smallBody, produces: [], statuses: [202, 204],
            handler: { request in
                do throws(Problem) {
                    let token = try Self.texts(request, required: "token")["token"] ?? ""
                    switch codes.claim(token) {
                    case .waits: return .now(Response(202))
                    case .unknown: throw Self.gone
                    case .granted(let name):
                        guard let session = credentials.startSession(ofKey: name) else { throw Self.gone }
                        let seconds = session.seconds ?? CredentialTable.lastingSeconds
                        return .later {
                            await keys.keepSessions()
                            return .now(
                                Response(204).adding(
                                    "Set-Cookie", SessionRoutes.cookie(session.token, seconds: seconds, for: request)))
                        }
                    }
                } catch { return .refused(error) }
            })
    }

    private var grant: Route {
        let (codes, keys) = (codes, keys)
        return Route(
            method: "POST", pattern: "/v1/screens/grant", role: .operator, operation: "letScreenIn",
            summary: "Let the screen in that shows this code: it may look, and nothing else", accepts: Self.json,
            requestSchema: "ScreenGrant", bodyLimit: Route.smallBody, schema: "ScreenKey",
            handler: { request in
                do throws(Problem) {
                    let given = try Self.texts(request, required: "code")
                    let code = given["code"] ?? ""
                    if let name = given["name"], !KeyFile.isName(name) {
                        throw .malformed("name must be \(KeyFile.namePattern).")
                    }
                    let ticket = try Self.ticket(codes, code, request.caller)
                    let name = given["name"] ?? "screen-" + Identifier.make().suffix(10)
                    return .later {
                        if let problem = await keys.addScreen(name) {
                            codes.giveBack(ticket)
                            return .refused(problem)
                        }
                        codes.settle(ticket, key: name)
                        return .now(Response(200, .object([("name", .string(name)), ("role", .string("viewer"))])))
                    }
                } catch { return .refused(error) }
            })
    }

    private static let json = ["application/json"]

    private static let gone = Problem(
        410, "screen-gone", "The code is gone", "The code was used or is older than ten minutes; ask for another.")

    private static func ticket(
        _ codes: ScreenCodes, _ code: String, _ caller: Caller
    ) throws(Problem) -> ScreenCodes.Ticket {
        switch codes.tried(code, by: "\(caller.credential)") {
        case .good(let ticket): return ticket
        case .wrong:
            throw Problem(
                404, "unknown-code", "No such code",
                "No screen shows this code now: look at it again. A code is good for ten minutes, and once.")
        case .tooMany(let seconds):
            var problem = Problem(
                429, "too-many-codes", "Too many wrong codes",
                "\(ScreenCodes.triesPerMinute) wrong codes in a minute: wait \(seconds) s, then type the code anew.")
            problem.retryAfterSeconds = seconds
            throw problem
        }
    }

    /// The members of a body of texts.
    private static func texts(_ request: HTTPRequest, required: String) throws(Problem) -> [String: String] {
        let value: JSONValue
        do { value = try JSONReader.read(request.body) } catch {
            throw .malformed("Line \(error.line), column \(error.column): \(error.reason).")
        }
        guard case .object(let members) = value else { throw .malformed("Send {\"\(required)\": \"…\"}.") }
        let known = required == "code" ? ["code", "name"] : [required]
        var texts: [String: String] = [:]
        for (name, value) in members {
            guard known.contains(name) else { throw .malformed("\(name) is not known; \(required) is.") }
            guard case .string(let text) = value else { throw .malformed("\(name) must be a text.") }
            texts[name] = text
        }
        guard texts[required] != nil else { throw .malformed("Send {\"\(required)\": \"…\"}.") }
        return texts
    }
}

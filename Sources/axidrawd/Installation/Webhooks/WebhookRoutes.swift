internal import Foundation
internal import HTTP
internal import Text

/// Presses from buttons: `/v1/webhooks/{source}` by key or signature, with a secret in the address for those that can send
/// neither.
struct WebhookRoutes: Sendable {
    let installation: Installation
    let credentials: CredentialTable
    let figures: WebhookFigures
    let sources: WebhookSources
    let plots: WebhookPlots
    let passing: PassingOn

    var routes: [Route] {
        [
            route(
                "POST", "/v1/webhooks/{source}", .anyone, "receivePress",
                "A press of a button, or a request for a plot: by a key of role operator, or signed where the source signs"
            ),
            route("GET", "/v1/webhooks/{source}", .operator, "receivePressByGet", "The same, all of it in the query"),
            route(
                "POST", "/v1/webhooks/{source}/{secret}", .anyone, "receiveButton",
                "A press of the button that this address belongs to"),
            route(
                "GET", "/v1/webhooks/{source}/{secret}", .anyone, "receiveButtonByGet",
                "The same for buttons that can only ask"),
        ]
    }

    /// A message may carry a drawing, bytes.
    private static let longestMessage = 1 << 20

    private func route(
        _ method: String, _ pattern: String, _ role: Role, _ operation: String, _ summary: String
    ) -> Route {
        let members = [
            Route.Parameter(name: "press", summary: "single, double or long, or the sender's own word"),
            Route.Parameter(name: "device", summary: "Which button; a plotter's name presses that plotter"),
        ]
        return Route(
            method: method, pattern: pattern, role: role, operation: operation, summary: summary, query: members,
            bodyLimit: method == "GET" ? 0 : pattern.contains("{secret}") ? Route.smallBody : Self.longestMessage,
            schema: "Press", actsOnGet: true,
            handler: { [self] request in
                .later {
                    do throws(Problem) {
                        let answer = try await receive(request)
                        figures.count(answer)
                        return .now(Response(200, answer))
                    } catch {
                        figures.count(nil)
                        return .refused(error)
                    }
                }
            })
    }

    private func receive(_ request: HTTPRequest) async throws(Problem) -> JSONValue {
        let source = request.parameters["source"] ?? ""
        if request.parameters["secret"] == nil {
            if let sender = try sources.source(source) { return try await receive(request, from: sender) }
            try Access.require(.operator, of: request.pass.caller)
        }
        var owner: (name: String, plotter: String)?
        if let secret = request.parameters["secret"] {
            owner = credentials.button(ofSecret: secret)
            guard owner != nil else {
                throw Problem(404, "unknown-button", "No such button", "No button has this address.")
            }
        }
        let payload = ButtonPayload(
            query: request.head.target.query, contentType: request.head.contentType, body: request.body,
            now: installation.clock())
        if owner == nil, let members = try? ButtonMembers(payload), let plot = WebhookPlots.request(in: members) {
            return try await plots.take(
                plot, plotter: nil, from: "webhook \(source) by key", id: members.text("id"), of: request)
        }
        let message = try ButtonDecoder.message(source: source, payload)
        let button = owner?.name ?? message.button
        guard let plotter = owner?.plotter ?? plotter(of: message.button, source: source) else {
            throw unknown(message.button)
        }
        tellBattery(message, plotter, button: button)
        guard var press = message.press else { return Self.noted(plotter) }
        press.button = button
        return try await answer(press, source, plotter)
    }

    // MARK: Signed

    /// A message of a sender that signs: nothing of it is looked at before its signature.
    private func receive(_ request: HTTPRequest, from sender: WebhookSource) async throws(Problem) -> JSONValue {
        let milliseconds = installation.clock()
        let verdict = sender.scheme.verdict(
            request.head, body: request.body, keys: sender.keys, now: milliseconds / 1000)
        let marks: [String]
        let seconds: Int
        switch verdict {
        case .genuine(let known, let time): (marks, seconds) = (known, time)
        case .untimely(let age):
            // The sender is told what any other is told; who looks after the machine must know what is wrong.
            installation.queue.publish("incident", Installation.incident("webhook-time", nil, Self.time(sender, age)))
            throw Self.unsigned
        case .refused: throw Self.unsigned
        }
        if sender.scheme == .github, request.head.value("x-github-event") == "ping" {
            return Self.noted(sender.plotter)
        }
        let payload = ButtonPayload(
            contentType: request.head.contentType, body: request.body, now: milliseconds)
        if !sender.events.isEmpty {
            let members = try ButtonMembers(payload)
            let event = request.head.value("x-github-event") ?? members.text("type", "event") ?? ""
            guard sender.events.contains(event) else { return Self.noted(sender.plotter) }
        }
        // GitHub says what happened there, and nothing of ours.
        if sender.scheme != .github, let members = try? ButtonMembers(payload),
            let plot = WebhookPlots.request(in: members)
        {
            return try await plots.take(
                plot, plotter: sender.plotter, from: "webhook \(sender.source)", id: marks.first, of: request)
        }
        var message: ButtonMessage
        if let plotter = sender.plotter {
            // Whatever it is about, it is a press of this plotter; a press in our words may say which.
            let said = try? ButtonDecoder.message(source: sender.source, payload)
            message = said ?? ButtonMessage(button: plotter, press: Press(button: plotter, kind: .single))
        } else {
            message = try ButtonDecoder.message(source: sender.source, payload)
        }
        guard let plotter = sender.plotter ?? plotter(of: message.button, source: sender.source) else {
            throw unknown(message.button)
        }
        tellBattery(message, plotter, button: message.button)
        guard var press = message.press else { return Self.noted(plotter) }
        press.signed = marks
        press.signedSeconds = seconds
        // The sender's clock has been judged.
        press.time = nil
        return try await answer(press, sender.source, plotter)
    }

    /// `POST /v1/installation/{id}/presses`: a press that another daemon has taken, of a plotter that is here.
    var passedOn: Route {
        Route(
            method: "POST", pattern: "/v1/installation/{id}/presses", role: .operator, operation: "pressPlotter",
            summary: "A press of a plotter's button, or a request for a plot, that another daemon has taken",
            accepts: ["application/json"],
            requestSchema: "PassedPress", bodyLimit: Self.longestMessage + Route.smallBody, schema: "Press",
            handler: { [self] request in
                .later {
                    do throws(Problem) { return .now(Response(200, try await takePassed(request))) } catch {
                        return .refused(error)
                    }
                }
            })
    }

    private func takePassed(_ request: HTTPRequest) async throws(Problem) -> JSONValue {
        let plotter = request.parameters["id"] ?? ""
        guard let body = try? JSONReader.read(request.body), case .string(let source)? = body["source"] else {
            throw .malformed("The body must be an object with source, and press or plot.")
        }
        if let plot = body["plot"] {
            var id: String?
            if case .string(let text)? = body["id"] { id = text }
            return try await plots.take(plot, plotter: plotter, from: source, id: id, of: request)
        }
        guard case .string(let word)? = body["press"], let kind = PenPress(rawValue: word) else {
            throw .malformed("press must be single, double or long.")
        }
        var press = Press(kind: kind)
        if case .string(let text)? = body["button"] { press.button = text }
        if case .string(let text)? = body["id"] { press.id = text }
        if case .integer(let time)? = body["time"] { press.time = time }
        do throws(InstallationError) {
            return Self.answer(
                try await installation.press(press, source: source, on: plotter), press.kind, plotter)
        } catch { throw Problem(error) }
    }

    /// A press of a plotter elsewhere: its daemon decides, and knows a repeat of it by its identity.
    private func passOn(_ press: Press, _ source: String, to plotter: String) async throws(Problem) -> JSONValue {
        let id = press.id ?? press.signed.first.map { SHA256.hexadecimal($0.utf8) } ?? Identifier.make()
        let body = JSONValue.object([
            ("press", .string(press.kind.rawValue)), ("source", .string(source)),
            ("button", press.button.map { .string($0) } ?? .null), ("id", .string(id)),
            ("time", press.time.map { .integer($0) } ?? .null),
        ])
        let request = PassedRequest(
            method: "POST", target: "/v1/installation/" + RequestTarget.queryEncoded(plotter) + "/presses",
            contentType: "application/json", body: body.bytes, isRepeatable: true)
        switch await passing.elsewhere.value.pass(request, to: plotter) {
        case .failure(let problem):
            // Nothing remembers it: who looks after the fleet is told, as the sender is.
            let words = "A press for \(plotter) was refused, and is to be sent again: \(problem.detail)"
            installation.queue.publish("incident", Installation.incident("press-refused", plotter, words))
            throw problem
        case .success(let response):
            guard let answer = try? JSONReader.read(response.body) else {
                throw .busy("The daemon of \(plotter) gives no answer of ours.", retryAfterSeconds: 5)
            }
            guard response.status >= 400 else { return answer }
            var detail = "The daemon of \(plotter) refuses."
            if case .string(let text)? = answer["detail"] { detail = text }
            // Only what a sender can do something about is told as its own; that our key is wrong there is not.
            switch response.status {
            case 401, 403:
                throw .busy(
                    "The daemon of \(plotter) does not take our key; see cluster.keyFile. It says: \(detail)",
                    retryAfterSeconds: 30)
            case 429:
                var problem = Problem(429, "queue-full", "The queue is full", detail)
                problem.retryAfterSeconds = 60
                throw problem
            case 409: throw Problem(409, "press-draws", "Presses ask for drawings here", detail)
            default: throw .busy(detail, retryAfterSeconds: 5)
            }
        }
    }

    private func answer(_ press: Press, _ source: String, _ plotter: String) async throws(Problem) -> JSONValue {
        if installation.queue.state(of: plotter) == nil, passing.elsewhere.value.address(of: plotter) != nil {
            return try await passOn(press, source, to: plotter)
        }
        do throws(InstallationError) {
            let outcome = try await installation.press(press, source: source, on: plotter)
            return Self.answer(outcome, press.kind, plotter)
        } catch { throw Problem(error) }
    }

    /// One answer for every fault of a signature, so that nobody learns which part was wrong.
    private static let unsigned: Problem = {
        var problem = Problem(
            401, "signature", "Not signed", "Messages of this source are signed; this one is not, or not rightly.")
        problem.fields = [.init("WWW-Authenticate", "Bearer")]
        return problem
    }()

    private static func time(_ sender: WebhookSource, _ age: Int) -> String {
        let when = age > 0 ? "\(age) s old" : "\(-age) s in the future"
        return "A message of \(sender.source) is rightly signed but \(when), so it was refused. " + clockSentence
    }

    /// Whether the clock can be believed, for people whose messages are refused because of their time.
    static var clockSentence: String {
        // What systemd's time service leaves once it has heard of a server; others leave nothing to look at.
        let isSet = FileManager.default.fileExists(atPath: "/run/systemd/timesync/synchronized")
        let clock = isSet ? "has been set by a time server" : "is not known to have been set by a time server"
        return "The clock of this machine \(clock); if it is wrong, set it."
    }

    private static func noted(_ plotter: String?) -> JSONValue {
        .object([("result", .string("noted")), ("device", plotter.map { .string($0) } ?? .null)])
    }

    private func tellBattery(_ message: ButtonMessage, _ plotter: String, button: String?) {
        guard let battery = message.battery, battery.isLow else { return }
        installation.queue.publish(
            "incident",
            Installation.incident(
                "battery-low", plotter, "The battery of the button \(button ?? "") is at \(battery.text)."))
    }

    /// The plotter that a button belongs to: by the list, or by its own name.
    private func plotter(of button: String?, source: String) -> String? {
        guard let button else { return nil }
        let listed = installation.plan.buttons.first {
            $0.device == button && ($0.source == nil || $0.source == source)
        }
        return listed?.plotter
            ?? (installation.queue.plotters + passing.elsewhere.value.names).first { $0 == button }
    }

    private func unknown(_ button: String?) -> Problem {
        let detail =
            button.map { "There is no button \(quoted($0)); list it under buttons in the installation file." }
            ?? "The press does not say which button it is of: send device, or use the button's own address."
        installation.queue.publish("incident", Installation.incident("unknown-button", nil, detail))
        return Problem(404, "unknown-button", "No such button", detail)
    }

    private static func answer(_ outcome: PressOutcome, _ kind: PenPress, _ plotter: String) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("device", .string(plotter)), ("press", .string(kind.rawValue)),
        ]
        switch outcome {
        case .repeated: members.insert(("result", .string("repeated")), at: 0)
        case .old: members.insert(("result", .string("old")), at: 0)
        case .moved(let before, let after):
            members.insert(("result", .string("moved")), at: 0)
            members += [("previousState", .string(before.publicName)), ("state", .string(after.publicName))]
        case .queued(let ticket, let waiting, let state):
            members.insert(("result", .string("queued")), at: 0)
            members += [
                ("state", .string(state.publicName)), ("ticket", .string(ticket.id)),
                ("product", .string(ticket.product)), ("seed", .integer(ticket.seed)), ("waiting", .integer(waiting)),
            ]
        }
        return .object(members)
    }
}

internal import Foundation
internal import HTTP
internal import Text

/// Presses from buttons: `/v1/webhooks/{source}` by key, with a secret in the address for those that can send no header.
///
/// A signing scheme of a source belongs here, between the size of the body and its decoder.
struct WebhookRoutes: Sendable {
    let installation: Installation
    let credentials: CredentialTable
    let figures: WebhookFigures

    var routes: [Route] {
        [
            route("POST", "/v1/webhooks/{source}", .operator, "receivePress", "A press of a button, by key"),
            route("GET", "/v1/webhooks/{source}", .operator, "receivePressByGet", "The same, all of it in the query"),
            route(
                "POST", "/v1/webhooks/{source}/{secret}", .anyone, "receiveButton",
                "A press of the button that this address belongs to"),
            route(
                "GET", "/v1/webhooks/{source}/{secret}", .anyone, "receiveButtonByGet",
                "The same for buttons that can only ask"),
        ]
    }

    private func route(
        _ method: String, _ pattern: String, _ role: Role, _ operation: String, _ summary: String
    ) -> Route {
        let members = [
            Route.Parameter(name: "press", summary: "single, double or long, or the sender's own word"),
            Route.Parameter(name: "device", summary: "Which button; a plotter's name presses that plotter"),
        ]
        return Route(
            method: method, pattern: pattern, role: role, operation: operation, summary: summary, query: members,
            bodyLimit: method == "GET" ? 0 : Route.smallBody, schema: "Press", actsOnGet: true,
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
        let message = try ButtonDecoder.message(source: source, payload)
        let button = owner?.name ?? message.button
        guard let plotter = owner?.plotter ?? plotter(of: message.button, source: source) else {
            throw unknown(message.button)
        }
        if let battery = message.battery, battery.isLow {
            installation.queue.publish(
                "incident",
                Installation.incident(
                    "battery-low", plotter, "The battery of the button \(button ?? "") is at \(battery.text)."))
        }
        guard var press = message.press else {
            return .object([("result", .string("noted")), ("device", .string(plotter))])
        }
        press.button = button
        let outcome = try await installation.press(press, source: source, on: plotter)
        return Self.answer(outcome, press.kind, plotter)
    }

    /// The plotter that a button belongs to: by the list, or by its own name.
    private func plotter(of button: String?, source: String) -> String? {
        guard let button else { return nil }
        let listed = installation.plan.buttons.first {
            $0.device == button && ($0.source == nil || $0.source == source)
        }
        return listed?.plotter ?? installation.queue.plotters.first { $0 == button }
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

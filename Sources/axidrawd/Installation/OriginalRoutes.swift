internal import Foundation
internal import HTTP
internal import Text

/// The routes of the original installation: same paths, statuses and bodies, for programs that were written for it.
struct OriginalRoutes: Sendable {
    let installation: Installation
    let passing: PassingOn
    /// Whether the original's queue is served, at which clients wait for a plotter that is here.
    var hasQueue = true

    var routes: [Route] {
        let passed = (machine + webhooks).map { $0.pattern.hasSuffix("/{id}") ? passing.guarding($0) : $0 }
        return hasQueue ? passed + queue : passed
    }

    private static let presses: [(path: String, kind: PenPress)] = [
        ("single", .single), ("double", .double), ("long", .long),
    ]

    // MARK: The machine

    private var machine: [Route] {
        let state = Route(
            method: "GET", pattern: "/state/{id}", role: .viewer, operation: "originalState",
            summary: "State of a plotter, as the original installation told it", schema: "OriginalState",
            handler: { [self] request in
                let id = request.parameters["id"] ?? ""
                guard let state = installation.queue.state(of: id) else { return .now(Self.noPlotter(id)) }
                return .now(Response(200, .object([("state", .string(state.publicName)), ("id", .string(id))])))
            })
        let presses = Self.presses.map { path, kind in
            acting("/\(path)/{id}", "original" + path.capitalized, "A \(path) press of a plotter's button") { request in
                await self.press(kind, request.parameters["id"] ?? "")
            }
        }
        let reset = acting(
            "/reset/{id}", "originalReset", "Bring a plotter to rest with the pen up", schema: "OriginalOutcome"
        ) { request in
            await self.reset(request.parameters["id"] ?? "")
        }
        return [state] + presses + [reset]
    }

    private func acting(
        _ pattern: String, _ operation: String, _ summary: String, schema: String = "OriginalPress",
        _ body: @escaping @Sendable (HTTPRequest) async -> Response
    ) -> Route {
        Route(
            method: "POST", pattern: pattern, role: .operator, operation: operation, summary: summary,
            bodyLimit: Route.smallBody, schema: schema, handler: { request in .later { .now(await body(request)) } })
    }

    private func press(_ kind: PenPress, _ id: String) async -> Response {
        do throws(InstallationError) {
            switch try await installation.press(kind, on: id) {
            case .moved(let before, let after): return Self.states(before.publicName, after.publicName, id)
            case .queued(let ticket, _, _):
                return Response(
                    200,
                    .object([
                        ("id", .string(id)), ("jobId", .string(ticket.id)),
                        ("message", .string("Queued new plot job")), ("status", .integer(200)),
                    ]))
            // Only presses of known buttons are compared with earlier ones.
            case .repeated, .old:
                let state = installation.queue.state(of: id)?.publicName ?? ""
                return Self.states(state, state, id)
            }
        } catch {
            // Nothing changes: the original says so with two equal states.
            if error.isConflict, let state = error.state { return Self.states(state, state, id) }
            return Self.failure(Problem(error), id)
        }
    }

    private func reset(_ id: String) async -> Response {
        do throws(InstallationError) {
            let state = try await installation.reset(id)
            return Response(
                200,
                .object([
                    ("success", .bool(true)), ("status", .integer(200)), ("state", .string(state.publicName)),
                    ("id", .string(id)),
                ]))
        } catch { return Self.failure(Problem(error), id) }
    }

    private static func states(_ before: String, _ after: String, _ id: String) -> Response {
        Response(
            200, .object([("previousState", .string(before)), ("state", .string(after)), ("id", .string(id))]))
    }

    private static func noPlotter(_ id: String) -> Response {
        Response(400, .object([("status", .integer(400)), ("error", .string("No plotter with ID: \(id)"))]))
    }

    private static func failure(_ problem: Problem, _ id: String) -> Response {
        if problem.slug == "unknown-device" { return noPlotter(id) }
        var response = Response(
            problem.status, .object([("error", .string(problem.detail)), ("status", .integer(problem.status))]))
        if let seconds = problem.retryAfterSeconds { response = response.adding("Retry-After", String(seconds)) }
        return response
    }

    // MARK: The queue

    private var queue: [Route] {
        [
            Route(
                method: "GET", pattern: "/queue/{id}", role: .operator, operation: "originalQueue",
                summary: "Wait for a turn: a stream of connected, heartbeat, proceed with a key, done",
                query: [
                    .init(name: "ts", summary: "Time of the ticket, Unix ms; the smallest is first", type: "integer"),
                    .init(
                        name: "ticket",
                        summary:
                            "What the drawing is known by, so that it is drawn once however often its client comes; "
                            + "events carry it as their id, and Last-Event-ID says it, too", type: "string"),
                ],
                produces: ["text/event-stream"], actsOnGet: true,
                handler: { [self] request in .later { await wait(request) } }),
            Route(
                method: "POST", pattern: "/plot/{id}", role: .operator, operation: "originalPlot",
                summary: "The drawing of the one who was called, with the key it was given",
                accepts: ["application/json"], requestSchema: "OriginalDrawing", bodyLimit: Route.drawingBody,
                schema: "OriginalOutcome",
                handler: { [self] request in .later { .now(await plot(request)) } }),
        ]
    }

    private func wait(_ request: HTTPRequest) async -> Answer {
        let id = request.parameters["id"] ?? ""
        var time: Int?
        if let text = request.query("ts"), !text.isEmpty {
            time = ASCII.decimal(text.utf8)
            guard time != nil else { return .refused(.malformed("ts must be a whole number of milliseconds.")) }
        }
        // EventSource says by itself what it heard last.
        let ticket = request.query("ticket") ?? request.head.value("last-event-id")
        if let ticket, !Self.isTicket(ticket) {
            return .refused(
                .malformed("ticket must be 1 to 128 letters, digits, dots, hyphens, underscores or slashes."))
        }
        do throws(InstallationError) {
            return .feed(try await installation.admit(id, time: time, ticket: ticket))
        } catch {
            return .now(Self.failure(Problem(error), id))
        }
    }

    private static func isTicket(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                ASCII.isDigit(byte) || (0x61...0x7A).contains(ASCII.lowercased(byte)) || "._-/".utf8.contains(byte)
            }
    }

    private func plot(_ request: HTTPRequest) async -> Response {
        let id = request.parameters["id"] ?? ""
        guard installation.queue.state(of: id) != nil else { return Self.noPlotter(id) }
        guard let body = try? JSONReader.read(request.body) else {
            return Self.failure(.malformed("The body is no JSON."), id)
        }
        var key: String?
        if case .string(let text)? = body["key"] { key = text }
        var drawing: [UInt8] = []
        if case .string(let text)? = body["svg"] { drawing = Array(text.utf8) }
        do throws(InstallationError) {
            switch try await installation.plot(id, key: key, drawing: drawing) {
            case .accepted:
                return Response(
                    200,
                    .object([("success", .bool(true)), ("state", .string("plotting")), ("id", .string(id))]))
            case .wrongKey(let state):
                return Response(
                    403,
                    .object([
                        ("error", .string("Unauthorized request: keys do not match")), ("id", .string(id)),
                        ("state", .string(state.publicName)), ("status", .integer(403)), ("success", .bool(false)),
                    ]))
            case .forbidden(let state): return Self.refusal(state, id, nil)
            case .unusable(let state, let error): return Self.refusal(state, id, error.sentence)
            }
        } catch { return Self.failure(Problem(error), id) }
    }

    private static func refusal(_ state: PlotterState, _ id: String, _ error: String?) -> Response {
        var members: [(String, JSONValue)] = [
            ("success", .bool(false)), ("status", .integer(400)), ("state", .string(state.publicName)),
            ("id", .string(id)),
        ]
        if let error { members.append(("error", .string(error))) }
        return Response(400, .object(members))
    }

    // MARK: The webhooks service

    private var webhooks: [Route] {
        let health = ["/webhooks", "/webhooks/"].enumerated().map { place, pattern in
            Route(
                method: "GET", pattern: pattern, role: .viewer,
                operation: place == 0 ? "originalWebhooks" : "originalWebhooksRoot",
                summary: "Whether presses are taken", schema: "Health",
                handler: { [self] _ in
                    .later { .now(Response(200, .object([("healthy", .bool(await installation.isHealthy))]))) }
                })
        }
        let presses = Self.presses.map { path, kind in
            acting(
                "/webhooks/\(path)/{id}", "originalWebhook" + path.capitalized,
                "A \(path) press, as the original's webhooks service took it"
            ) { request in await self.press(kind, request.parameters["id"] ?? "") }
        }
        let reset = acting(
            "/webhooks/reset/{id}", "originalWebhookReset", "As /reset/{id}", schema: "OriginalOutcome"
        ) { request in await self.reset(request.parameters["id"] ?? "") }
        let others = ["/webhooks/{verb}", "/webhooks/{verb}/{id}"].map { pattern in
            Route(
                method: "GET", pattern: pattern, role: .viewer, operation: "", summary: "", statuses: [404],
                handler: { _ in
                    .now(Response(404, .object([("status", .integer(404)), ("error", .string("Not found"))])))
                })
        }
        return health + presses + [reset] + others
    }
}

internal import EBB
internal import HTTP
internal import Picture
internal import Text

/// Plotters: what they are, what they do by hand.
struct DeviceRoutes: Sendable {
    let workshop: Workshop

    var routes: [Route] { reading + acting + HandRoutes(workshop: workshop).routes }

    private var reading: [Route] {
        let workshop = workshop
        return [
            Route(
                method: "GET", pattern: "/v1/devices", role: .viewer, operation: "listDevices",
                summary: "All plotters", schema: "DeviceList",
                handler: { _ in
                    .now(
                        Response(
                            200, .object([("items", .array(workshop.devices.map(\.json))), ("next", .null)])))
                }),
            Route(
                method: "GET", pattern: "/v1/devices/{name}", role: .viewer, operation: "showDevice",
                summary: "One plotter", schema: "Device",
                handler: answering { request in
                    let device = try workshop.device(request.parameters["name"] ?? "")
                    return EntityTag.answer(request, tag: device.entityTag, device.json)
                }),
            Route(
                method: "GET", pattern: "/v1/devices/{name}/ink", role: .viewer, operation: "showInk",
                summary: "What the present or last job has drawn, as points of the carriage",
                query: [.init(name: "from", summary: "Index of the first point wanted", type: "integer")],
                schema: "Ink",
                handler: answering { request in
                    let name = try workshop.device(request.parameters["name"] ?? "").name
                    let from = try Self.index(request.query("from"))
                    guard let trail = workshop.ink.trail(name) else {
                        throw Problem(404, "no-ink", "Nothing drawn", "\(name) has drawn nothing yet.")
                    }
                    return Response(200, trail.json(device: name, from: from, limit: 20_000))
                }),
        ]
    }

    private var acting: [Route] {
        let workshop = workshop
        func verb(_ word: String, _ summary: String, _ event: PlotterEvent) -> Route {
            Route(
                method: "POST", pattern: "/v1/devices/{name}/" + word, role: .operator,
                operation: word + "Device", summary: summary, schema: "Device",
                handler: { request in
                    .later {
                        await Self.act(workshop, request.parameters["name"] ?? "", event)
                    }
                })
        }
        return [
            verb(
                "stop",
                "Stop at once: the job at hand is cancelled, what was about to begin is held, and nothing begins by itself "
                    + "until somebody resumes", .stop),
            verb("release", "Switch the motors off", .releaseMotors),
            Route(
                method: "POST", pattern: "/v1/devices/{name}/resume", role: .operator, operation: "resumeDevice",
                summary: "Go on, after a stop too: start the next job (the paper is in), or go on with the paused one",
                query: [JobRoutes.homed], schema: "Device",
                handler: answeringLater { request in
                    let name = request.parameters["name"] ?? ""
                    try await workshop.advance(name, isHomed: try JobRoutes.isHomed(request))
                    return Response(200, try workshop.device(name).json)
                }),
            Route(
                method: "PATCH", pattern: "/v1/devices/{name}", role: .operator, operation: "setDevice",
                summary:
                    "Change settings of a plotter: whether the next job begins by itself, and the options a page offers",
                accepts: ["application/json"],
                requestSchema: "DeviceChange", bodyLimit: Route.smallBody, schema: "Device",
                handler: answeringLater { request in
                    let name = request.parameters["name"] ?? ""
                    try EntityTag.require(request, tag: try workshop.device(name).entityTag)
                    let change = try DeviceChange(request.body)
                    try await workshop.set(autoAdvance: change.autoAdvance, options: change.options, of: name)
                    let device = try workshop.device(name)
                    return Response(200, device.json).adding("ETag", device.entityTag)
                }),
            verb("reset", "Leave a fault or any other state and be ready", .reset),
            Route(
                method: "POST", pattern: "/v1/devices/{name}/pen", role: .operator, operation: "movePen",
                summary: "Raise or lower the pen",
                query: [
                    .init(name: "to", summary: "up or down"),
                    .init(
                        name: "height",
                        summary: "%, to try one; else that of the drawing that is loaded, or the plotter's own",
                        type: "number"),
                ], schema: "Device",
                handler: answeringLater { request in
                    let name = request.parameters["name"] ?? ""
                    let height = try Self.height(request.query("height"))
                    switch request.query("to") {
                    case "up": try await workshop.act(onDevice: name, .raisePen, height: height)
                    case "down": try await workshop.act(onDevice: name, .lowerPen, height: height)
                    default: throw Problem.malformed("Say ?to=up or ?to=down.")
                    }
                    return Response(200, try workshop.device(name).json)
                }),
        ]
    }

    private static func height(_ text: String?) throws(Problem) -> Double? {
        guard let text else { return nil }
        guard let height = NumberText.number(text), (0...100).contains(height) else {
            throw .malformed("height must be a number from 0 to 100, in %.")
        }
        return height
    }

    private static func act(_ workshop: Workshop, _ name: String, _ event: PlotterEvent) async -> Answer {
        do throws(JobError) {
            try await workshop.act(onDevice: name, event)
            return .now(Response(200, try workshop.device(name).json))
        } catch { return .refused(Problem(error)) }
    }

    private static func index(_ text: String?) throws(Problem) -> Int {
        guard let text else { return 0 }
        guard let value = ASCII.decimal(text.utf8) else { throw .malformed("from must be a whole number.") }
        return value
    }
}

/// A handler that answers at once, or throws what `Problem+Domain` knows.
func answering(_ body: @escaping @Sendable (HTTPRequest) throws -> Response) -> Handler {
    { request in
        do { return .now(try body(request)) } catch { return .refused(Problem(error)) }
    }
}

/// A handler that answers when its work is done, or throws what `Problem+Domain` knows.
func answeringLater(_ body: @escaping @Sendable (HTTPRequest) async throws -> Response) -> Handler {
    { request in
        .later {
            do { return .now(try await body(request)) } catch { return .refused(Problem(error)) }
        }
    }
}

/// Strong entity tags (RFC 9110 §8.8.3) and the conditions on them.
enum EntityTag {
    /// The document with its tag, or 304 if the client has it.
    static func answer(_ request: HTTPRequest, tag: String, _ value: JSONValue) -> Response {
        answer(request, tag: tag, Response(200, value))
    }

    static func answer(_ request: HTTPRequest, tag: String, _ response: Response) -> Response {
        if let known = request.head.value("if-none-match"), matches(known, tag, weakly: true) {
            return Response(304).adding("ETag", tag)
        }
        return response.adding("ETag", tag)
    }

    /// 428 without a condition, 412 if it does not hold.
    static func require(_ request: HTTPRequest, tag: String) throws(Problem) {
        guard let condition = request.head.value("if-match") else {
            throw Problem(428, "condition-required", "Condition required", "Send If-Match with the entity tag.")
        }
        guard matches(condition, tag, weakly: false) else {
            throw Problem(412, "condition-failed", "Condition failed", "It has been changed since; the tag is \(tag).")
        }
    }

    private static func matches(_ list: String, _ tag: String, weakly: Bool) -> Bool {
        list.split(separator: ",").contains { item in
            var text = item.drop { $0 == " " || $0 == "\t" }
            while text.last == " " || text.last == "\t" { text.removeLast() }
            if weakly, text.hasPrefix("W/") { text = text.dropFirst(2) }
            return text == tag || text == "*"
        }
    }
}

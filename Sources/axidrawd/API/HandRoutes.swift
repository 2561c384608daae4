internal import EBB
internal import HTTP
internal import Motion
internal import Text

/// Moves by hand: refused while something is plotted.
struct HandRoutes: Sendable {
    let workshop: Workshop

    /// Ways of this length and more are slips, mm.
    private static let longest = 2_000.0

    var routes: [Route] {
        [
            move("home", "Walk back, by the counters, to where the motors were switched on; no switch is looked for") {
                _ in .home
            },
            move(
                "walk", "Walk so many mm from here with the pen up",
                query: [
                    .init(name: "dx", summary: "mm to the right", type: "number"),
                    .init(name: "dy", summary: "mm to the front", type: "number"),
                ]
            ) { request throws(Problem) in
                .walk(x: try Self.number(request, "dx"), y: try Self.number(request, "dy"))
            },
            place,
            move("cycle", "Lower the pen and raise it again") { _ in .cycle },
            move("engage", "Switch the motors on, to hold the carriage") { _ in .engage },
            command, naming,
        ]
    }

    private func move(
        _ word: String, _ summary: String, query: [Route.Parameter] = [],
        _ wanted: @escaping @Sendable (HTTPRequest) throws -> HandMove
    ) -> Route {
        let workshop = workshop
        return Route(
            method: "POST", pattern: "/v1/devices/{name}/" + word, role: .operator, operation: word + "Device",
            summary: summary, query: query, schema: "Device",
            handler: answeringLater { request in
                let name = request.parameters["name"] ?? ""
                try await workshop.byHand(try wanted(request), on: name)
                return Response(200, try workshop.device(name).json)
            })
    }

    private var place: Route {
        let workshop = workshop
        return move(
            "move", "Go to a place with the pen up",
            query: [
                .init(name: "x", summary: "mm from home to the right", type: "number"),
                .init(name: "y", summary: "mm from home to the front", type: "number"),
            ]
        ) { request in
            let (x, y) = (try Self.number(request, "x"), try Self.number(request, "y"))
            let travel = try workshop.device(request.parameters["name"] ?? "").travel
            guard (0...travel.width).contains(x), (0...travel.height).contains(y) else {
                throw Problem(
                    422, "out-of-reach", "Out of reach",
                    "\(brief(x)), \(brief(y)) is outside the machine of \(brief(travel.width)) × \(brief(travel.height)) mm."
                )
            }
            return .to(x: x, y: y)
        }
    }

    private var command: Route {
        let workshop = workshop
        return Route(
            method: "POST", pattern: "/v1/devices/{name}/command", role: .admin, operation: "sendCommand",
            summary: "Send a command of the board as it is, and get its answer",
            query: [
                .init(name: "text", summary: "The command without its line end"),
                .init(name: "force", summary: "true: also one that ends the conversation", type: "boolean"),
            ], schema: "Reply",
            handler: answeringLater { request in
                let text = request.query("text") ?? ""
                guard RawCommand.isGood(text) else {
                    throw Problem.malformed(
                        "text must be a command of 1 to 250 visible characters, without a line end.")
                }
                let name = request.parameters["name"] ?? ""
                let isForced = request.query("force") == "true"
                guard isForced || !RawCommand.endsConversation(text) else { throw Self.needsForce(text) }
                return Response(
                    200,
                    .object([("reply", .string(try await workshop.raw(text, isForced: isForced, on: name)))]))
            })
    }

    private var naming: Route {
        let workshop = workshop
        return Route(
            method: "POST", pattern: "/v1/devices/{name}/name", role: .admin, operation: "nameDevice",
            summary: "Write a name into the board; it counts when the board is plugged in again",
            query: [.init(name: "to", summary: "1 to 16 letters, digits, spaces, - or _")], schema: "Reply",
            handler: answeringLater { request in
                let wanted = request.query("to") ?? ""
                guard RawCommand.isGoodName(wanted) else {
                    throw Problem.malformed("to must be 1 to 16 letters, digits, spaces, hyphens or underscores.")
                }
                let name = request.parameters["name"] ?? ""
                return Response(
                    200, .object([("reply", .string(try await workshop.raw("ST,\(wanted)", on: name)))]))
            })
    }

    private static func needsForce(_ text: String) -> Problem {
        Problem(
            422, "ends-conversation", "It ends the conversation",
            "After \(text.prefix(20)) the plotter can no longer be used until it is reset or plugged in anew. If that is "
                + "meant, add force=true.")
    }

    private static func number(_ request: HTTPRequest, _ name: String) throws(Problem) -> Double {
        guard let text = request.query(name), let value = NumberText.number(text), abs(value) <= longest else {
            throw .malformed("\(name) must be a number of mm, at most \(brief(longest)).")
        }
        return value
    }
}

internal import EBB
internal import HTTP
internal import Motion
internal import Text

/// Moves by hand: refused while something is plotted.
struct HandRoutes: Sendable {
    let workshop: Workshop

    /// Ways of this length and more are slips, mm.
    private static let longest = 2_000.0
    private static let longestCommand = 250

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
                guard Self.isGoodCommand(text) else {
                    throw Problem.malformed(
                        "text must be a command of 1 to 250 visible characters, without a line end.")
                }
                let name = request.parameters["name"] ?? ""
                let isForced = request.query("force") == "true"
                guard isForced || !Self.endsConversation(text) else { throw Self.needsForce(text) }
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
                guard Self.isGoodName(wanted) else {
                    throw Problem.malformed("to must be 1 to 16 letters, digits, spaces, hyphens or underscores.")
                }
                let name = request.parameters["name"] ?? ""
                return Response(
                    200, .object([("reply", .string(try await workshop.raw("ST,\(wanted)", on: name)))]))
            })
    }

    /// Whether a board may be called so.
    static func isGoodName(_ name: String) -> Bool {
        (1...16).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                ASCII.isDigit(byte) || (0x61...0x7A).contains(ASCII.lowercased(byte))
                    || [0x20, 0x2D, 0x5F].contains(byte)
            }
    }

    /// Whether a text can be one command of a board.
    static func isGoodCommand(_ text: String) -> Bool {
        (1...longestCommand).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Whether the plotter cannot be spoken to as before after this command: it goes into its bootloader, starts anew, or
    /// answers in another way.
    static func endsConversation(_ text: String) -> Bool {
        let fields = text.uppercased().split(separator: ",", omittingEmptySubsequences: false).map {
            $0.filter { $0 != " " }
        }
        switch fields.first {
        case "BL", "RB", "T": return true
        // Replies to commands, depth of the queue, form of replies.
        case "CU": return fields.count > 1 && ["1", "4", "10"].contains(fields[1])
        default: return false
        }
    }

    /// What a command does that people also order by name: motors let go, the pen put down.
    static func order(in text: String) -> PlotterEvent? {
        let fields = text.uppercased().split(separator: ",", omittingEmptySubsequences: false).map {
            $0.filter { $0 != " " }
        }
        guard fields.count > 1, fields[1] == "0" else { return nil }
        return ["EM": .releaseMotors, "SP": .lowerPen][fields[0]]
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

extension Workshop {
    /// A move by hand; returns when the carriage stands.
    func byHand(_ move: HandMove, on name: String) async throws(JobError) {
        let station = try station(name)
        defer { lookAtRest(station.name) }
        await station.plotter.use(penSettings(of: station))
        do { try await station.plotter.byHand(move) } catch { throw refused(error, on: name) }
    }

    /// Goes around what a job will draw, with the pen up; the job's end is the end of the round, too.
    ///
    /// One round at a time: who asks meanwhile is refused.
    func goAround(_ job: PlotJob, _ ink: Box) async throws(JobError) {
        let (id, name) = (job.id, job.device)
        let isFirst = state.withLock { state in
            guard state.table.devices[name]?.round == nil else { return false }
            state.table.devices[name]?.round = id
            state.table.devices[name]?.revision += 1
            return true
        }
        guard isFirst else { throw .roundUnderWay(name) }
        defer {
            state.withLock { state in
                state.table.devices[name]?.round = nil
                state.table.devices[name]?.revision += 1
            }
            tell(device: name)
            lookAtRest(name)
        }
        tell(device: name)
        let station = try station(name)
        await station.plotter.use(penSettings(of: station))
        do throws(HandRefusal) {
            try await station.plotter.byHand(.around(ink)) { [self] in (try? self.job(id))?.state.isFinal == false }
        } catch { throw refused(error, on: name) }
    }

    /// A command as it is; the board's answer.
    ///
    /// - Parameter isForced: what ends the conversation is let through, and the plotter says so until it is reset.
    func raw(_ text: String, isForced: Bool = false, on name: String) async throws -> String {
        let station = try station(name)
        defer { lookAtRest(station.name) }
        let answer: Result<String, DriverError>
        do { answer = try await station.plotter.raw(text) } catch { throw refused(error, on: name) }
        if isForced, HandRoutes.endsConversation(text) {
            let fault = Fault(
                message: "the board was sent \(text.prefix(20)); plug it in anew, or reset it, before it is used again")
            try? await station.plotter.apply(.trouble(fault))
            if case .success(let reply) = answer { return reply }
            return ""
        }
        switch answer {
        case .success(let reply):
            // What it did to motors or pen is what the same order by name would have done, and the state says so.
            if let order = HandRoutes.order(in: text) { try? await station.plotter.apply(order) }
            return reply
        case .failure(let error):
            throw Problem(502, "board", "The board refuses", "The board does not do it: \(Plotter.text(error)).")
        }
    }
}

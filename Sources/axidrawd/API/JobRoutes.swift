internal import EBB
internal import Foundation
internal import HTTP
internal import Motion
internal import Text

/// Drawings handed in, and the jobs that become of them.
struct JobRoutes: Sendable {
    let workshop: Workshop

    var routes: [Route] { submitting + reading + pictures + acting + [history] }

    /// What became of jobs, newest first: those that are still listed and those that have left the queue for good.
    private var history: Route {
        let workshop = workshop
        return Route(
            method: "GET", pattern: "/v1/history", role: .viewer, operation: "showHistory",
            summary: "What became of jobs, newest first",
            query: Paging.parameters + [.init(name: "device", summary: "Of one plotter only")], schema: "HistoryList",
            handler: answeringLater { request in
                let limit = try Paging.limit(request)
                let device = request.query("device")
                let page = try await workshop.past.history(
                    of: device, after: request.query("after"), limit: limit)
                return Response(
                    200,
                    .object([
                        ("items", .array(page.entries.map(\.json))), ("next", page.next.map { .string($0) } ?? .null),
                    ]))
            })
    }

    private var submitting: [Route] {
        let workshop = workshop
        return [
            Route(
                method: "POST", pattern: "/v1/devices/{name}/jobs", role: .operator, operation: "submitJob",
                summary: "Hand in a drawing; it is plotted when its turn comes",
                query: [
                    .init(name: "name", summary: "What people call the drawing"),
                    .init(name: "hold", summary: "true: plan it and wait for resume", type: "boolean"),
                    .init(name: "start", summary: "button: begin when the board's button is pressed; turn (default)"),
                ] + OptionFields.parameters,
                accepts: ["image/svg+xml", "multipart/form-data"], bodyLimit: Route.drawingBody, schema: "Job",
                statuses: [201], stopsWhenLeft: true,
                handler: { request in .later { await Self.submit(workshop, request) } }),
            Route(
                method: "POST", pattern: "/v1/devices/{name}/sample", role: .operator, operation: "plotSample",
                summary: "Plot a drawing that comes with the program", schema: "Job", statuses: [201],
                handler: { request in
                    .later {
                        await Self.created(workshop, request) {
                            .sample(device: request.parameters["name"] ?? "")
                        }
                    }
                }),
        ]
    }

    private var reading: [Route] {
        let workshop = workshop
        return [
            Route(
                method: "GET", pattern: "/v1/devices/{name}/jobs", role: .viewer, operation: "listJobs",
                summary: "Jobs of a plotter, newest first", query: Paging.parameters, schema: "JobList",
                handler: answering { request in
                    let device = try workshop.device(request.parameters["name"] ?? "").name
                    return try Paging.answer(request, workshop.jobs(of: device), id: \.id, json: \.json)
                }),
            Route(
                method: "GET", pattern: "/v1/jobs", role: .viewer, operation: "listAllJobs",
                summary: "Jobs of all plotters, newest first", query: Paging.parameters, schema: "JobList",
                handler: answering { request in
                    try Paging.answer(request, workshop.jobs(), id: \.id, json: \.json)
                }),
            Route(
                method: "GET", pattern: "/v1/jobs/{id}", role: .viewer, operation: "showJob",
                summary: "One job, for as long as the history has it", schema: "Job",
                handler: answeringLater { request in
                    let job = try await workshop.past.job(request.parameters["id"] ?? "")
                    return EntityTag.answer(request, tag: job.entityTag, job.json)
                }),
        ]
    }

    private var acting: [Route] {
        let workshop = workshop
        func verb(_ word: String, _ summary: String, _ event: @escaping @Sendable (HTTPRequest) -> PlotterEvent)
            -> Route
        {
            Route(
                method: "POST", pattern: "/v1/jobs/{id}/" + word, role: .operator, operation: word + "Job",
                summary: summary,
                query: word == "pause" ? [.init(name: "at", summary: "now, or stroke (default)")] : [],
                schema: "Job",
                handler: { request in
                    .later {
                        do throws(JobError) {
                            let id = request.parameters["id"] ?? ""
                            try await workshop.past.requireListed(id, for: word)
                            try await workshop.act(on: id, event(request))
                            return .now(Response(200, try await workshop.past.job(id).json))
                        } catch { return .refused(Problem(error)) }
                    }
                })
        }
        return moving(workshop) + [
            resuming(workshop), nearest,
            verb("pause", "Pause at the end of the stroke, or now") {
                .pause($0.query("at") == "now" ? .now : .atPenUp)
            },
            verb("cancel", "End the job with the pen up") { _ in .cancel },
            bounds(workshop), placing(workshop), changing(workshop),
        ]
    }

    private func bounds(_ workshop: Workshop) -> Route {
        Route(
            method: "POST", pattern: "/v1/jobs/{id}/bounds", role: .operator, operation: "walkBounds",
            summary: "Go around what the job will draw, with the pen up, and back; answered when the carriage stands",
            schema: "Job",
            handler: answeringLater { request in
                let job = try await workshop.past.job(request.parameters["id"] ?? "")
                try await workshop.past.requireListed(job.id, for: "bounds")
                // Where a carriage stands that was cut off nobody knows.
                if job.state.isFinal || job.state == .interrupted {
                    throw Problem(JobError.job(job.state, event: "bounds"))
                }
                guard let ink = job.summary?.ink, !ink.isEmpty else {
                    throw Problem(JobError.notPlanned(job.state))
                }
                try await workshop.goAround(job, ink)
                return Response(200, try await workshop.past.job(job.id).json)
            })
    }

    private func changing(_ workshop: Workshop) -> Route {
        Route(
            method: "PATCH", pattern: "/v1/jobs/{id}", role: .operator, operation: "changeJob",
            summary:
                "Change speeds and pen heights, of a job that is being drawn from the next stroke on; while it waits any option",
            accepts: ["application/json"], requestSchema: "JobChange", bodyLimit: Route.smallBody, schema: "Job",
            statuses: [200, 202],
            handler: answeringLater { request in
                let job = try await workshop.past.job(request.parameters["id"] ?? "")
                try await workshop.past.requireListed(job.id, for: "change")
                try EntityTag.require(request, tag: job.entityTag)
                let isToCome = try await workshop.change(job, try JobChange(request.body))
                let now = try workshop.job(job.id)
                return Response(isToCome ? 202 : 200, now.json).adding("ETag", now.entityTag)
            })
    }

    private func resuming(_ workshop: Workshop) -> Route {
        Route(
            method: "POST", pattern: "/v1/jobs/{id}/resume", role: .operator, operation: "resumeJob",
            summary: "Start a waiting job now, or go on after a pause or an interruption",
            query: [
                .init(
                    name: "stroke",
                    summary: "After homing, of a job that was cut off or lost its position: the stroke to begin with",
                    type: "integer"),
                .init(
                    name: "x", summary: "Or a place in machine coordinates, mm: the stroke that comes nearest",
                    type: "number"),
                .init(name: "y", summary: "See x", type: "number"), Self.homed,
            ],
            schema: "Job",
            handler: answeringLater { request in
                let job = try await workshop.past.job(request.parameters["id"] ?? "")
                try await workshop.past.requireListed(job.id, for: "resume")
                let isHomed = try Self.isHomed(request)
                if let text = request.query("stroke") {
                    guard let stroke = ASCII.decimal(text.utf8), stroke < Int(Int32.max) else {
                        throw Problem.malformed("stroke must be a whole number from 0.")
                    }
                    try await workshop.goOn(job, atStroke: stroke, isHomed: isHomed)
                } else if let place = try Self.point(request) {
                    let stroke = try await workshop.planner.stroke(nearest: place, of: job).stroke
                    try await workshop.goOn(job, atStroke: stroke, isHomed: isHomed)
                } else {
                    try await workshop.act(on: job.id, isHomed ? .resumeHomed : .resume)
                }
                return Response(200, try await workshop.past.job(job.id).json)
            })
    }

    static let homed = Route.Parameter(
        name: "homed",
        summary: "true: the carriage is home; needed where nobody knows where it is", type: "boolean")

    /// Whether somebody says that the carriage is home.
    static func isHomed(_ request: HTTPRequest) throws(Problem) -> Bool {
        switch request.query("homed") {
        case "true": true
        case "false", nil: false
        default: throw .malformed("homed is true or false.")
        }
    }

    /// The place that a request names; nil = none.
    private static func point(_ request: HTTPRequest) throws(Problem) -> Point? {
        let texts = (request.query("x"), request.query("y"))
        if texts == (nil, nil) { return nil }
        guard let x = texts.0.flatMap(NumberText.number), let y = texts.1.flatMap(NumberText.number) else {
            throw .malformed("x and y must both be numbers, in mm.")
        }
        return Point(x, y)
    }

    private var nearest: Route {
        let workshop = workshop
        return Route(
            method: "GET", pattern: "/v1/jobs/{id}/stroke", role: .viewer, operation: "findStroke",
            summary: "The stroke that comes nearest to a place, to go on from",
            query: [
                .init(name: "x", summary: "mm from home to the right", type: "number"),
                .init(name: "y", summary: "mm from home to the front", type: "number"),
            ], schema: "Stroke",
            handler: answeringLater { request in
                let job = try await workshop.past.job(request.parameters["id"] ?? "")
                try await workshop.past.requireDrawing(job.id)
                guard let place = try Self.point(request) else { throw Problem.malformed("Say ?x=…&y=…, in mm.") }
                return Response(200, try await workshop.planner.stroke(nearest: place, of: job).json)
            })
    }

    private func moving(_ workshop: Workshop) -> [Route] {
        [
            Route(
                method: "POST", pattern: "/v1/jobs/{id}/hold", role: .operator, operation: "holdJob",
                summary: "Keep a waiting job back until it is resumed",
                query: [.init(name: "until", summary: "button: or until the board's button is pressed")], schema: "Job",
                handler: answeringLater { request in
                    let id = request.parameters["id"] ?? ""
                    try await workshop.past.requireListed(id, for: "hold")
                    let until = request.query("until")
                    guard until == nil || until == "button" else {
                        throw Problem.malformed("until can only be button.")
                    }
                    try await workshop.hold(id, untilButton: until == "button")
                    return Response(200, try await workshop.past.job(id).json)
                }),
            Route(
                method: "POST", pattern: "/v1/jobs/{id}/move", role: .operator, operation: "moveJob",
                summary: "Move a waiting job within its queue",
                query: [
                    .init(name: "to", summary: "first, last, up or down"),
                    .init(name: "before", summary: "Id of the waiting job to stand before"),
                ],
                schema: "Job",
                handler: answeringLater { request in
                    let id = request.parameters["id"] ?? ""
                    try await workshop.past.requireListed(id, for: "move")
                    try await workshop.move(id, to: try Self.place(request))
                    return Response(200, try await workshop.past.job(id).json)
                }),
        ]
    }

    private static func place(_ request: HTTPRequest) throws(Problem) -> Workshop.Place {
        switch (request.query("to"), request.query("before")) {
        case ("first", nil): .first
        case ("last", nil): .last
        case ("up", nil): .up
        case ("down", nil): .down
        case (nil, let id?): .before(id)
        default: throw .malformed("Say to=first, last, up or down, or before=ID.")
        }
    }

    // MARK: Handing in

    private static func submit(_ workshop: Workshop, _ request: HTTPRequest) async -> Answer {
        await created(workshop, request) { try submission(request) }
    }

    private static func created(
        _ workshop: Workshop, _ request: HTTPRequest, _ submission: () throws -> Submission
    ) async -> Answer {
        do {
            var accepted = try submission()
            accepted.idempotency = request.idempotency
            accepted.request = request.requestId
            return .now(created(try await workshop.submit(accepted)))
        } catch { return .refused(Problem(error)) }
    }

    /// The answer to whoever handed in what became this job.
    static func created(_ job: PlotJob) -> Response {
        Response(201, job.json).adding("Location", "/v1/jobs/\(job.id)").adding("ETag", job.entityTag)
    }

    /// A raw drawing with options in the query, or a form with parts.
    static func submission(_ request: HTTPRequest) throws -> Submission {
        var fields = request.head.target.query
        var drawing = request.body
        var name: String?
        if request.head.contentType == "multipart/form-data" {
            let form = try Multipart(request.body, contentType: request.head.value("content-type") ?? "")
            (drawing, name) = try takeForm(form, into: &fields)
        }
        try ContentDigest.check(request)
        try checkOnce(fields.map(\.name))
        guard request.head.contentCoding == nil || drawing.starts(with: [0x1F, 0x8B]) else {
            throw Problem.malformed("Content-Encoding is gzip, but the drawing is not compressed.")
        }
        guard !drawing.isEmpty else {
            throw Problem(422, "empty-drawing", "No drawing", "The drawing is empty: choose an SVG file.")
        }
        let own: Set<String> = ["name", "hold", "start"]
        let hold = fields.last { $0.name == "hold" }?.value
        let start = fields.last { $0.name == "start" }?.value
        guard start == nil || start == "turn" || start == "button" else {
            throw Problem.malformed("start is turn or button.")
        }
        guard hold == nil || hold == "true" || hold == "false" else {
            throw Problem.malformed("hold is true or false.")
        }
        let label = fields.last { $0.name == "name" }?.value ?? name ?? ""
        var submission = Submission(
            device: request.parameters["name"] ?? "", name: label.isEmpty ? "drawing" : String(label.prefix(200)),
            drawing: drawing, isHeld: hold == "true")
        submission.isArmed = start == "button"
        try submission.take(fields.filter { !own.contains($0.name) })
        return submission
    }

    /// Of two values for one option neither is taken.
    private static func checkOnce(_ names: [String]) throws(Problem) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw .malformed("\(name) is given more than once.")
        }
    }

    private static func takeForm(
        _ form: Multipart, into fields: inout [(name: String, value: String)]
    ) throws(Problem) -> ([UInt8], String?) {
        var drawing: [UInt8] = []
        var name: String?
        guard form.first("drawing") != nil else {
            let given = form.parts.map(\.name).joined(separator: ", ")
            throw .malformed(
                "The form has no field drawing\(given.isEmpty ? "" : ", only \(given)"). Send the file in it:"
                    + " curl -F drawing=@x.svg")
        }
        for part in form.parts {
            if part.name == "drawing" {
                try checkOnce(form.parts.map(\.name).filter { $0 == part.name })
                drawing = part.body
                name = part.filename
                continue
            }
            guard let text = part.text else { throw .malformed("The part \(part.name) is not UTF-8.") }
            if part.name == "options" {
                guard let query = try? RequestTarget(ArraySlice("/?\(text)".utf8), method: "GET").query else {
                    throw .malformed("The part options is not written as a query.")
                }
                fields += query
            } else {
                fields.append((part.name, text))
            }
        }
        return (drawing, name)
    }
}

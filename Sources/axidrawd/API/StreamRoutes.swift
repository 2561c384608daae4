internal import EBB
internal import HTTP
internal import Motion
internal import Text

/// Strokes that are drawn while they are sent.
struct StreamRoutes: Sendable {
    let workshop: Workshop

    /// Media types of lines of JSON.
    static let types = [
        "application/x-ndjson", "application/jsonl", "application/json-seq", "application/octet-stream",
    ]

    var routes: [Route] {
        let workshop = workshop
        var route = Route(
            method: "POST", pattern: "/v1/devices/{name}/strokes", role: .operator, operation: "drawStrokes",
            summary: "Draw strokes as they come, a line of JSON each; answered when the last of them has been taken",
            query: [.init(name: "name", summary: "What people call the drawing")]
                + OptionFields.parameters.filter { !PlotFlags.ofWholeDrawings.contains($0.name) },
            accepts: Self.types, bodyLimit: Route.smallBody, schema: "Job",
            handler: { request in .later { await Self.draw(workshop, request) } })
        route.takesBodyAsItComes = true
        return [route]
    }

    /// What is told of the first line with which something is wrong.
    private static func firstNote(_ job: PlotJob) -> String {
        guard let note = job.diagnostics.first(where: { $0.line != nil && $0.severity != .info }) else {
            return "a line that cannot be used"
        }
        return "line \(note.line ?? 0): \(note.message)"
    }

    private static func draw(_ workshop: Workshop, _ request: HTTPRequest) async -> Answer {
        do {
            if request.head.value("idempotency-key") != nil {
                throw Problem(
                    400, "no-repeat", "A stream has no repeat",
                    "Strokes are drawn while they come, so that a repeat cannot be known by its Idempotency-Key: leave it out, or hand in a drawing."
                )
            }
            guard let body = request.incoming else {
                throw Problem(422, "empty-drawing", "No drawing", "No stroke came: send a line of JSON for each.")
            }
            let name = request.parameters["name"] ?? ""
            var fields = request.head.target.query
            for (index, field) in fields.enumerated()
            where fields[..<index].contains(where: { $0.name == field.name }) {
                throw Problem.malformed("\(field.name) is given more than once.")
            }
            let label = fields.last { $0.name == "name" }?.value ?? ""
            fields.removeAll { $0.name == "name" }
            if let idle = fields.first(where: { PlotFlags.ofWholeDrawings.contains($0.name) }) {
                throw Problem(
                    JobError.options(.option(idle.name, "needs a whole drawing, and strokes come one by one")))
            }
            let travel = try workshop.station(name).profile.travel
            var submission = Submission.stream(
                device: name, name: label.isEmpty ? "strokes" : String(label.prefix(200)), travel: travel)
            submission.request = request.requestId
            try submission.take(fields.map { ($0.name, $0.value) })
            let (job, outcome) = try await workshop.draw(
                submission, from: { Incoming(await body.next()) }, close: { body.close() })
            if outcome.isRefused {
                throw Problem(
                    422, "stream-refused", "A line that cannot be used",
                    "By strict=true the stream has ended at \(Self.firstNote(job)). Job \(job.id) draws the strokes before it: \(outcome.strokes)."
                )
            }
            if outcome.strokes == 0, !outcome.isCutShort, !outcome.isBrokenOff {
                throw Problem(
                    422, "empty-drawing", "No drawing",
                    outcome.lines == 0
                        ? "No stroke came: send a line of JSON for each."
                        : "None of \(outcome.lines) lines is a stroke on the machine; of \(Self.firstNote(job)). Job \(job.id) has drawn nothing."
                )
            }
            if outcome.isCutShort {
                throw Problem.conflict(
                    state: job.state.word, event: "draw",
                    "The job is \(job.state.word): the strokes that had not been drawn by then are left out.")
            }
            if outcome.isBrokenOff {
                throw Problem.malformed(
                    "The body broke off before its end, or its chunks make no sense: job \(job.id) has drawn what was whole by then."
                )
            }
            return .now(Response(200, job.json).adding("Location", "/v1/jobs/\(job.id)"))
        } catch { return .refused(Problem(error)) }
    }
}

extension Incoming {
    fileprivate init(_ piece: BodyIntake.Piece) {
        switch piece {
        case .bytes(let bytes): self = .bytes(bytes)
        case .end: self = .end
        case .brokenOff: self = .brokenOff
        }
    }
}

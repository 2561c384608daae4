internal import HTTP
internal import Motion
internal import Text

extension JobRoutes {
    /// What was handed in, what will be drawn, and what was.
    var pictures: [Route] {
        let workshop = workshop
        return [
            Route(
                method: "GET", pattern: "/v1/jobs/{id}/drawing", role: .viewer, operation: "showDrawing",
                summary: "The drawing as it was handed in", produces: ["image/svg+xml"],
                handler: answeringLater { request in
                    var answer = Self.picture([])
                    answer.stream = try await workshop.past.keptDrawing(request.parameters["id"] ?? "")
                    return answer.adding("Content-Disposition", "attachment; filename=\"drawing.svg\"")
                }),
            Route(
                method: "GET", pattern: "/v1/jobs/{id}/preview.svg", role: .viewer, operation: "showPreview",
                summary: "What is going to be drawn, in machine coordinates", produces: ["image/svg+xml"],
                handler: answeringLater { request in
                    let job = try await workshop.past.job(request.parameters["id"] ?? "")
                    try await workshop.past.requireDrawing(job.id)
                    guard let bytes = try await workshop.planner.preview(job.id) else {
                        throw JobError.notPlanned(job.state)
                    }
                    return Self.picture(bytes)
                }),
            Route(
                method: "GET", pattern: "/v1/jobs/{id}/plan", role: .viewer, operation: "showPlan",
                summary: "What is going to be drawn, stroke by stroke, and when; and what of the drawing is cut away",
                schema: "Plan",
                handler: answeringLater { request in
                    let job = try await workshop.past.job(request.parameters["id"] ?? "")
                    try await workshop.past.requireDrawing(job.id)
                    guard let bytes = try await workshop.planner.planned(job.id) else {
                        throw JobError.notPlanned(job.state)
                    }
                    return Response(200, contentType: "application/json", bytes)
                }),
            drawn(.svg, "showDrawnOfJob", "What the job has drawn on its last sheet, also long after its end"),
            drawn(.png, "showDrawnPixelsOfJob", "The same in pixels"),
            Route(
                method: "GET", pattern: "/v1/devices/{name}/drawn.svg", role: .viewer, operation: "showDrawn",
                summary: "What the present or last job has drawn so far", produces: ["image/svg+xml"],
                handler: answering { request in
                    let device = try workshop.device(request.parameters["name"] ?? "")
                    var drawn = DrawnSVG(bed: device.travel)
                    if let trail = workshop.ink.trail(device.name) { drawn.add(trail) }
                    let note =
                        device.isSimulated
                        ? "SIMULATED: drawn by a virtual board" : "as the board has carried it out; the pen is not seen"
                    return Self.picture(drawn.bytes(note: note))
                }),
        ]
    }

    private func drawn(_ form: DrawnForm, _ operation: String, _ summary: String) -> Route {
        let workshop = workshop
        return Route(
            method: "GET", pattern: "/v1/jobs/{id}/drawn.\(form.rawValue)", role: .viewer, operation: operation,
            summary: summary, produces: [form.contentType],
            handler: answeringLater { request in
                let bytes = try await workshop.pictures.drawn(request.parameters["id"] ?? "", as: form)
                var answer = Self.picture(bytes)
                answer.contentType = form.contentType
                answer.caching = "private, no-cache"
                return EntityTag.answer(request, tag: "\"\(SHA256.hexadecimal(bytes).prefix(32))\"", answer)
            })
    }

    /// User drawings are shown through `<img>` only; opened by themselves they can do nothing.
    private static func picture(_ bytes: [UInt8]) -> Response {
        Response(200, contentType: "image/svg+xml", bytes)
            .adding("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    }
}

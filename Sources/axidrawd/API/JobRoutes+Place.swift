internal import HTTP
internal import Motion
internal import Text

extension JobRoutes {
    /// Moves where a waiting job will be drawn: its option `origin`.
    func placing(_ workshop: Workshop) -> Route {
        Route(
            method: "POST", pattern: "/v1/jobs/{id}/place", role: .operator, operation: "placeJob",
            summary: "Move where a waiting job will be drawn by so many mm, or put its page where the carriage stands",
            query: [
                .init(name: "dx", summary: "mm to the right", type: "number"),
                .init(name: "dy", summary: "mm to the front", type: "number"),
                .init(name: "here", summary: "The page's top left corner lies under the pen", type: "boolean"),
            ],
            schema: "Job",
            handler: answeringLater { request in
                let job = try await workshop.past.job(request.parameters["id"] ?? "")
                try await workshop.past.requireListed(job.id, for: "place")
                let origin = try Self.origin(request, job, try workshop.device(job.device))
                let change = JSONValue.object([
                    (JobChange.optionsMember, .object([("origin", .string("\(brief(origin.x)),\(brief(origin.y))"))]))
                ])
                _ = try await workshop.change(job, try JobChange(Array(change.text.utf8)))
                return Response(200, try workshop.job(job.id).json)
            })
    }

    private static func origin(_ request: HTTPRequest, _ job: PlotJob, _ device: DeviceRecord) throws -> Point {
        func number(_ name: String) throws(Problem) -> Double? {
            guard let text = request.query(name) else { return nil }
            guard let value = NumberText.number(text), abs(value) <= 10_000 else {
                throw .malformed("\(name) must be a number of mm, from -10000 to 10000.")
            }
            return value
        }
        let (dx, dy) = (try number("dx"), try number("dy"))
        if let here = request.query("here") {
            guard here == "true", dx == nil, dy == nil else {
                throw Problem.malformed("Send here=true alone, or dx and dy.")
            }
            guard let place = device.position, !device.state.isPositionUnknown else {
                throw Problem.conflict(
                    state: device.state.publicName, event: "place", "Where the carriage stands is not known.")
            }
            func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
            return Point(tenth(place.xMillimetres), tenth(place.yMillimetres))
        }
        guard dx != nil || dy != nil else { throw Problem.malformed("Send dx, dy or both, in mm, or here=true.") }
        let now = try job.request(over: .standard).options.origin
        func hundredth(_ value: Double) -> Double { (value * 100).rounded() / 100 }
        return Point(hundredth(now.x + (dx ?? 0)), hundredth(now.y + (dy ?? 0)))
    }
}

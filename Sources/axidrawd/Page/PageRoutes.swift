internal import EBB
internal import HTTP
internal import Motion

/// The page, its files, and the plain forms that work without script.
struct PageRoutes: Sendable {
    let workshop: Workshop
    let web: WebFront

    var routes: [Route] { web.routes + [front, forms] }

    /// `GET /`: the page for browsers, a word about health for programs.
    private var front: Route {
        let (workshop, web) = (workshop, web)
        return Route(
            method: "GET", pattern: "/", role: .viewer, operation: "", summary: "",
            produces: ["application/json", "text/html"],
            handler: { request in
                let accept = request.head.value("accept") ?? "*/*"
                let wantsPage =
                    AcceptField.weight(of: "text/html", accept) > AcceptField.weight(of: "application/json", accept)
                guard wantsPage else {
                    let message = "axidrawd is running; the page is for Accept: text/html, the API under /v1."
                    return .now(
                        Response(200, .object([("healthy", .bool(true)), ("message", .string(message))]))
                            .adding("Vary", "Accept"))
                }
                let wanted = request.query("device") ?? workshop.stations.first?.name ?? ""
                guard let page = Self.page(workshop, wanted, for: request) else {
                    let none = NoPlotterPage(wanted: request.query("device"), names: workshop.stations.map(\.name))
                    return .now(none.response(web).adding("Vary", "Accept"))
                }
                return .now(page.response(web).adding("Vary", "Accept"))
            })
    }

    private static func page(
        _ workshop: Workshop, _ name: String, for request: HTTPRequest, complaint: String? = nil
    ) -> Page? {
        guard let device = try? workshop.device(name) else { return nil }
        let others = workshop.devices.map(\.name).filter { $0 != name }
        let job = device.job.flatMap { try? workshop.job($0) } ?? workshop.jobs(of: name).first
        return Page(
            device: device, otherDevices: others, job: job, complaint: complaint,
            profile: try? workshop.station(name).profile, role: request.caller.role)
    }

    /// From `/do/{name}/{verb}` to the page.
    private static let top = "../../"

    /// `POST /do/{name}/{verb}`: the page's forms without script; answers with the page.
    private var forms: Route {
        let (workshop, web) = (workshop, web)
        return Route(
            method: "POST", pattern: "/do/{name}/{verb}", role: .operator, operation: "", summary: "",
            accepts: ["application/x-www-form-urlencoded", "multipart/form-data"], bodyLimit: Route.drawingBody,
            produces: ["text/html"], statuses: [303],
            handler: { request in
                .later {
                    let name = request.parameters["name"] ?? ""
                    do {
                        try await Self.perform(workshop, request, name)
                        let query = RequestTarget.queryEncoded(name)
                        return .now(Response(303).adding("Location", "\(Self.top)?device=" + query))
                    } catch {
                        let problem = Problem(error)
                        guard var page = Self.page(workshop, name, for: request, complaint: problem.detail) else {
                            return .refused(problem)
                        }
                        page.root = Self.top
                        return .now(page.response(web, status: problem.status))
                    }
                }
            })
    }

    private static func perform(_ workshop: Workshop, _ request: HTTPRequest, _ name: String) async throws {
        let device = try workshop.device(name)
        switch request.parameters["verb"] {
        case "submit": _ = try await workshop.submit(try JobRoutes.submission(request))
        case "sample": _ = try await workshop.submit(.sample(device: name))
        case "stop": try await workshop.act(onDevice: name, .stop)
        case "start":
            let isHomed = String(decoding: request.body, as: UTF8.self).split(separator: "&").contains("homed=true")
            try await workshop.act(on: try loaded(device), isHomed ? .resumeHomed : .resume)
        case "resume": try await workshop.advance(name)
        case "pause": try await workshop.act(on: try loaded(device), .pause(.atPenUp))
        case "change": try await change(workshop, try loaded(device), request.body)
        case "cancel": try await workshop.act(on: try loaded(device), .cancel)
        case "up": try await workshop.act(onDevice: name, .raisePen)
        case "down": try await workshop.act(onDevice: name, .lowerPen)
        case "release": try await workshop.act(onDevice: name, .releaseMotors)
        case "reset": try await workshop.act(onDevice: name, .reset)
        default: throw Problem.notFound(request.head.target.path)
        }
    }

    private static func change(_ workshop: Workshop, _ id: JobID, _ body: [UInt8]) async throws(JobError) {
        let job = try workshop.job(id)
        let change = try JobChange(form: body)
        // The form sends every figure, also those that nobody touched.
        if change.applied(to: job.options) != job.options { _ = try await workshop.change(job, change) }
    }

    private static func loaded(_ device: DeviceRecord) throws(Problem) -> JobID {
        guard let job = device.job else {
            throw .conflict(state: device.state.publicName, event: "job", "No drawing is loaded.")
        }
        return job
    }
}

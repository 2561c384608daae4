internal import Foundation
internal import HTTP
internal import Text

/// Where drawings may be fetched from that a message names.
struct DrawingSources: Equatable, Sendable {
    /// What addresses must begin with; empty = none is fetched.
    var prefixes: [HTTPLocation] = []
    /// Networks of our own that may be connected to.
    var allowed: [String] = []
    /// The largest drawing, bytes.
    var limit = Route.drawingBody

    /// Whether a drawing may be fetched from here: from a listed server, below a listed path, without a way up from it.
    func permits(_ location: HTTPLocation) -> Bool {
        let path = location.target.prefix { $0 != "?" }.lowercased()
        // Nor what a server may take for one: written otherwise, behind a semicolon, or encoded twice.
        let isPlain = path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            part.prefix { $0 != ";" } != ".."
        }
        guard isPlain, !["%2e", "%2f", "%5c", "%25", "%3b", "\\"].contains(where: { path.contains($0) }) else {
            return false
        }
        return prefixes.contains { $0.isSameServer(as: location) && location.target.hasPrefix($0.target) }
    }
}

extension HTTPLocation {
    /// Names of servers know no case.
    fileprivate func isSameServer(as other: HTTPLocation) -> Bool { origin.lowercased() == other.origin.lowercased() }
}

/// Messages that ask for a plot: with a drawing in them, the address of one, or the name of a design.
///
/// `{"plot": {"device": "plot1", "svg": "<svg …>"}}`, or `url`, or `design` with `seed` and `parameters`; `name` and
/// `options` (as everywhere) besides. The same in `data`, as Standard Webhooks have it.
struct WebhookPlots: Sendable {
    let workshop: Workshop
    let installation: Installation
    let sources: Live<DrawingSources>
    let repeats: IdempotencyTable
    let passing: PassingOn

    /// A fetch may take so long, ms: senders wait some 15 s.
    private static let patience: Int64 = 10_000
    private static let known = ["device", "name", "svg", "url", "design", "seed", "parameters", "options"]
    /// Fetching and drawing wait, so they have threads of their own.
    private static let threads = WaitingThreads(most: 16)

    /// The request for a plot in a message; nil where there is none.
    static func request(in members: ButtonMembers) -> JSONValue? {
        for value in [members["plot"], members["data"]?["plot"]] { if case .object? = value { return value } }
        return nil
    }

    /// Takes a plot request.
    ///
    /// - Parameters:
    ///   - plotter: the one that the sender is bound to, or nil.
    ///   - id: what a repeat of the message is known by, by whom it comes from; nil where there is nothing.
    func take(
        _ plot: JSONValue, plotter: String?, from sender: String, id: String?, of message: HTTPRequest
    ) async throws(Problem) -> JSONValue {
        var request = try Request(plot, plotter: plotter)
        request.id = message.requestId
        let wanted = request
        if passing.passes(request.device, of: message) {
            return try await passOn(plot, from: sender, id: id, to: request.device)
        }
        _ = try workshopDevice(request.device)
        let id = id.map { SHA256.hexadecimal($0.utf8) }
        guard let id else { return Self.answer(try await submit(wanted, nil), isRepeated: false) }
        let digest = SHA256.digest(message.body)
        let answer = await repeats.answer(caller: sender, key: id, digest: digest) { mark in
            .later {
                do throws(Problem) { return .now(JobRoutes.created(try await submit(wanted, mark))) } catch {
                    return .refused(error)
                }
            }
        }
        switch answer {
        case .now(let response):
            guard let job = try? JSONReader.read(response.body) else { throw .internalError }
            return Self.answer(
                job, isRepeated: response.fields.contains { $0.name == "Idempotency-Replayed" })
        case .refused(let problem): throw problem
        case .later, .events, .feed: throw .internalError
        }
    }

    /// A plot at a plotter elsewhere: its daemon fetches and plans, and knows a repeat by its identity.
    private func passOn(
        _ plot: JSONValue, from sender: String, id: String?, to plotter: String
    ) async throws(Problem) -> JSONValue {
        let id = id.map { SHA256.hexadecimal($0.utf8) } ?? Identifier.make()
        let body = JSONValue.object([("plot", plot), ("source", .string(sender)), ("id", .string(id))])
        let request = PassedRequest(
            method: "POST", target: "/v1/installation/" + RequestTarget.queryEncoded(plotter) + "/presses",
            contentType: "application/json", body: body.bytes, isRepeatable: true)
        let response: Response
        switch await passing.elsewhere.value.pass(request, to: plotter) {
        case .failure(let problem): throw problem
        case .success(let found): response = found
        }
        let answer = (try? JSONReader.read(response.body)) ?? .null
        if response.status == 200 { return answer }
        func text(_ name: String) -> String? { if case .string(let text)? = answer[name] { text } else { nil } }
        let detail = text("detail") ?? "The daemon of \(plotter) answers \(response.status)."
        switch response.status {
        // That our key is wrong there is nothing that a sender can mend.
        case 401, 403:
            throw .busy(
                "The daemon of \(plotter) does not take our key; see cluster.keyFile. It says: \(detail)",
                retryAfterSeconds: 30)
        case 400..<600 where text("type") != nil:
            let slug = text("type").map { String($0.split(separator: "/").last ?? "") } ?? ""
            throw Problem(response.status, slug, text("title") ?? "", detail)
        default: throw .busy(detail, retryAfterSeconds: 5)
        }
    }

    private func workshopDevice(_ name: String) throws(Problem) -> DeviceRecord {
        do throws(JobError) { return try workshop.device(name) } catch { throw Problem(error) }
    }

    private static func answer(_ job: PlotJob, isRepeated: Bool) -> JSONValue {
        answer(job.json, isRepeated: isRepeated)
    }

    private static func answer(_ job: JSONValue, isRepeated: Bool) -> JSONValue {
        .object([
            ("result", .string(isRepeated ? "repeated" : "accepted")), ("device", job["device"] ?? .null),
            ("job", job["id"] ?? .null), ("state", job["state"] ?? .null),
        ])
    }

    private func submit(_ request: Request, _ mark: IdempotencyMark?) async throws(Problem) -> PlotJob {
        let drawing = try await drawing(request)
        do {
            var submission = Submission(
                device: request.device, name: request.name, drawing: drawing, source: "webhook")
            try submission.take(request.options)
            submission.idempotency = mark
            submission.request = request.id
            return try await workshop.submit(submission)
        } catch { throw Problem(error) }
    }

    // MARK: Drawings

    private func drawing(_ request: Request) async throws(Problem) -> [UInt8] {
        switch request.drawing {
        case .svg(let bytes): return bytes
        case .address(let location): return try await fetched(location)
        case .design(let name, let seed, let values):
            let product = installation.plan.product(name) ?? Product(name: name, kind: name)
            var made = product
            made.parameters.merge(values) { $1 }
            let wanted = made
            return try await waiting { () throws(Problem) in
                do throws(DesignError) { return try wanted.drawing(seed: seed) } catch {
                    throw Request.unusable("\(error).")
                }
            }
        }
    }

    private func fetched(_ location: HTTPLocation) async throws(Problem) -> [UInt8] {
        let sources = sources.value
        guard sources.permits(location) else {
            throw Request.unusable(
                "Drawings of \(location.origin) at this address are not fetched; list what it begins with under "
                    + "webhooks.drawings in the configuration.")
        }
        var bounds = HTTPClient.Bounds()
        bounds.totalMilliseconds = Self.patience
        bounds.body = sources.limit
        let client = HTTPClient(bounds: bounds, addresses: .public(and: sources.allowed))
        return try await waiting { () throws(Problem) in
            do throws(HTTPClient.Failure) {
                let reply = try client.send(.init("GET", location, fields: [.init("Accept", "image/svg+xml")]))
                guard reply.status == 200 else { throw HTTPClient.Failure.broken("it answers \(reply.status)") }
                return reply.body
            } catch { throw Self.failed(error) }
        }
    }

    private static func failed(_ failure: HTTPClient.Failure) -> Problem {
        let reason =
            switch failure {
            case .unreachable(let reason), .untrusted(let reason), .broken(let reason): reason
            case .forbidden(let address): "\(address) is no public address, and not listed under webhooks.allow"
            case .late: "it takes longer than \(patience / 1000) s"
            case .tooLong(let limit): "it is larger than \(limit >> 20) MiB"
            case .unwritable: "its address cannot be written"
            }
        return Problem(
            502, "drawing-not-fetched", "The drawing cannot be fetched", "The drawing cannot be fetched: \(reason).")
    }

    private func waiting(
        _ work: @escaping @Sendable () throws(Problem) -> [UInt8]
    ) async throws(Problem) -> [UInt8] {
        let result: Result<[UInt8], Problem> = await withCheckedContinuation { done in
            let isBegun = Self.threads.begin {
                do throws(Problem) { done.resume(returning: .success(try work())) } catch {
                    done.resume(returning: .failure(error))
                }
            }
            if !isBegun {
                done.resume(
                    returning: .failure(.busy("Other drawings are being fetched; try again.", retryAfterSeconds: 10)))
            }
        }
        return try result.get()
    }

    // MARK: Reading

    /// What a message asks for.
    struct Request: Sendable {
        enum Drawing: Equatable, Sendable {
            case svg([UInt8])
            case address(HTTPLocation)
            case design(String, seed: UInt64, [String: Double])
        }

        var device: String
        var name: String
        var drawing: Drawing
        var options: [(name: String, value: String)] = []
        /// Of the HTTP request that brought it.
        var id: String?

        static func unusable(_ detail: String) -> Problem {
            Problem(422, "plot-request", "The plot request cannot be used", detail)
        }

        init(_ plot: JSONValue, plotter: String?) throws(Problem) {
            guard case .object(let members) = plot else { throw Self.unusable("plot must be an object { … }.") }
            if let stranger = members.first(where: { !WebhookPlots.known.contains($0.0) })?.0 {
                throw Self.unusable(
                    "\(quoted(String(stranger.prefix(40)))) is no member of plot; known are "
                        + "\(WebhookPlots.known.joined(separator: ", ")).")
            }
            func text(_ name: String) throws(Problem) -> String? {
                switch plot[name] {
                case .string(let text)?: return text
                case nil, .null?: return nil
                default: throw Self.unusable("\(name) must be a text.")
                }
            }
            let said = try text("device")
            guard let device = plotter ?? said else { throw Self.unusable("device is missing: which plotter?") }
            guard said == nil || said == device else {
                throw Self.unusable("This sender is for \(device), not for \(String(said?.prefix(40) ?? "")).")
            }
            self.device = device
            let (svg, url, design) = (try text("svg"), try text("url"), try text("design"))
            switch (svg, url, design) {
            case (let svg?, nil, nil):
                guard !svg.isEmpty else { throw Self.unusable("svg is empty.") }
                drawing = .svg(Array(svg.utf8))
            case (nil, let url?, nil):
                guard url.hasPrefix("http"), let location = HTTPLocation(url) else {
                    throw Self.unusable("url must be http:// or https://, a host, and what follows it.")
                }
                drawing = .address(location)
            case (nil, nil, let design?):
                drawing = .design(design, seed: try Self.seed(plot["seed"]), try Self.numbers(plot["parameters"]))
            default: throw Self.unusable("Say one of svg, url and design.")
            }
            guard design != nil || (plot["seed"] == nil && plot["parameters"] == nil) else {
                throw Self.unusable("seed and parameters belong to a design.")
            }
            let label = try text("name") ?? design ?? "drawing"
            name = label.isEmpty ? "drawing" : String(label.prefix(200))
            options = try Self.options(plot["options"])
        }

        private static func seed(_ value: JSONValue?) throws(Problem) -> UInt64 {
            switch value {
            case nil, .null?: return 1
            case .integer(let number)? where number >= 0: return UInt64(number)
            default: throw unusable("seed must be a whole number from 0.")
            }
        }

        private static func numbers(_ value: JSONValue?) throws(Problem) -> [String: Double] {
            guard let value else { return [:] }
            guard case .object(let members) = value else { throw unusable("parameters must be an object { … }.") }
            var numbers: [String: Double] = [:]
            for (name, value) in members {
                switch value {
                case .integer(let number): numbers[name] = Double(number)
                case .number(let number) where number.isFinite: numbers[name] = number
                default: throw unusable("The parameter \(quoted(String(name.prefix(40)))) must be a number.")
                }
            }
            return numbers
        }

        private static func options(_ value: JSONValue?) throws(Problem) -> [(name: String, value: String)] {
            guard let value else { return [] }
            guard case .object(let members) = value else { throw unusable("options must be an object { … }.") }
            return try members.map { name, value throws(Problem) in
                switch value {
                case .string(let text): return (name, text)
                case .integer(let number): return (name, String(number))
                case .number(let number) where number.isFinite: return (name, "\(number)")
                case .bool(let flag): return (name, flag ? "true" : "false")
                default:
                    throw unusable("The option \(quoted(String(name.prefix(40)))) must be a text, a number or true.")
                }
            }
        }
    }
}

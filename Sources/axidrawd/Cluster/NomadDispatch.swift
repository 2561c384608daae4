internal import Foundation
internal import HTTP
internal import Text

/// Has each press drawn by a task of Nomad: dispatches a parameterized batch job with a description of the drawing.
///
/// Written against Nomad's HTTP interface, version 1, as 0.9.4 and 1.1.2 answer it: errors are plain text, and most with
/// status 500 are mistakes of whoever asks.
struct NomadDispatch: PressDispatch {
    /// As it is configured now; nil = nothing is dispatched.
    var plan: @Sendable () -> NomadPlan?
    var token: @Sendable (NomadPlan) throws(ClusterFailure) -> String? = { plan throws(ClusterFailure) in
        try ClusterToken(path: plan.tokenFile, credential: NomadPlan.credential).read()
    }
    /// How long one try may take, ms.
    var patience: Int64 = 8_000
    let threads = WaitingThreads(most: 16)

    private static let longestAnswer = 1 << 16

    func dispatches(for plotter: String) -> Bool { plan()?.job(for: plotter) != nil }

    func dispatch(_ ticket: PressTicket) async throws(DispatchFailure) {
        guard let plan = plan(), let job = plan.job(for: ticket.plotter) else {
            throw DispatchFailure(reason: "no job of Nomad is configured for \(ticket.plotter)", isPassing: false)
        }
        let result: Result<String, DispatchFailure> = await withCheckedContinuation { done in
            let isBegun = threads.begin { @Sendable in done.resume(returning: attempt(ticket, job, plan)) }
            if !isBegun {
                done.resume(
                    returning: .failure(DispatchFailure(reason: "too many wait for Nomad already", isPassing: true)))
            }
        }
        _ = try result.get()
    }

    /// One try, with the id of the dispatched job; waits for its end.
    private func attempt(_ ticket: PressTicket, _ job: String, _ plan: NomadPlan) -> Result<String, DispatchFailure> {
        do throws(ClusterFailure) {
            let reply = try send(try call(ticket, job, plan))
            if let failure = ClusterFailure(reply) { return .failure(Self.failure(failure, plan)) }
            guard let answer = try? JSONReader.read(reply.body), case .string(let child)? = answer["DispatchedJobID"],
                !child.isEmpty
            else { throw .nonsense("no DispatchedJobID") }
            return .success(child)
        } catch { return .failure(Self.failure(error, plan)) }
    }

    private func send(_ call: HTTPClient.Call) throws(ClusterFailure) -> HTTPClient.Reply {
        var bounds = HTTPClient.Bounds()
        bounds.connectMilliseconds = patience / 2
        bounds.totalMilliseconds = patience
        bounds.body = Self.longestAnswer
        do throws(HTTPClient.Failure) { return try HTTPClient(bounds: bounds).send(call) } catch {
            throw .silent(error)
        }
    }

    // MARK: What is asked

    private func call(
        _ ticket: PressTicket, _ job: String, _ plan: NomadPlan
    ) throws(ClusterFailure) -> HTTPClient.Call {
        // The same press has the same token: from Nomad 1.1.3 on it is one child however often it is asked for. Older ones
        // start a second task, which the plotter knows by its ticket.
        var query = ["idempotency_token=\(RequestTarget.queryEncoded(ticket.id))"]
        if let name = plan.namespace { query.append("namespace=\(RequestTarget.queryEncoded(name))") }
        if let name = plan.region { query.append("region=\(RequestTarget.queryEncoded(name))") }
        let path = "/v1/job/\(RequestTarget.queryEncoded(job))/dispatch?" + query.joined(separator: "&")
        guard let location = plan.location.at(path) else { throw .silent(.unwritable) }
        var fields = [Response.Field("Content-Type", "application/json")]
        if let token = try token(plan) { fields.append(.init("X-Nomad-Token", token)) }
        return HTTPClient.Call("POST", location, fields: fields, body: Self.body(ticket, plan))
    }

    /// A job of its own for each plotter knows its plotter and declares no meta, as in the original.
    static func body(_ ticket: PressTicket, _ plan: NomadPlan) -> [UInt8] {
        let task = TaskDescription(
            product: ticket.product, time: ticket.seed, ticket: ticket.id, plotter: ticket.plotter)
        let payload = Data(task.json.bytes).base64EncodedString()
        let meta: [(String, JSONValue)] =
            plan.jobs[ticket.plotter] == nil ? [("plotter", .string(ticket.plotter))] : []
        return JSONValue.object([("Payload", .string(payload)), ("Meta", .object(meta))]).bytes
    }

    // MARK: What is answered

    private static func failure(_ failure: ClusterFailure, _ plan: NomadPlan) -> DispatchFailure {
        DispatchFailure(reason: "Nomad at \(plan.location.text) \(failure.sentence)", isPassing: isPassing(failure))
    }

    /// Whether asking again may help.
    private static func isPassing(_ failure: ClusterFailure) -> Bool {
        switch failure {
        case .silent(.unwritable), .silent(.forbidden), .silent(.untrusted), .token: false
        case .silent, .redirected, .nonsense: true
        case .refused(let status, let text): isPassing(status, text)
        }
    }

    /// Of 500 only what says so is an outage; all else is a job that is not there, not parameterized or declared
    /// otherwise.
    private static func isPassing(_ status: Int, _ text: String) -> Bool {
        switch status {
        case 429, 502, 503, 504: true
        case 500: ["No cluster leader", "rpc error", "No path to region"].contains { text.contains($0) }
        default: false
        }
    }
}

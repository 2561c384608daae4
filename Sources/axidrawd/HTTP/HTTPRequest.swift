/// What a caller may do; each includes those before it.
enum Role: Int, Comparable, CaseIterable, Sendable {
    /// Anybody: health, the page's fixed files, problem descriptions.
    case anyone
    case viewer
    case `operator`
    case admin

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// As it is written in files and answers.
    var name: String {
        switch self {
        case .anyone: "anyone"
        case .viewer: "viewer"
        case .operator: "operator"
        case .admin: "admin"
        }
    }
}

/// Who asks, after access has been decided.
struct Caller: Equatable, Sendable {
    enum Credential: Equatable, Sendable {
        case none, local
        case key(String)
        case session(String)
    }

    var role: Role
    var credential: Credential
}

/// A complete request as a handler sees it.
struct HTTPRequest: Sendable {
    var head: RequestHead
    var pass: Admission.Pass
    var body: [UInt8]
    var requestId: String
    /// What a repeat of this request is known by, where it has an `Idempotency-Key`; kept with the job it makes.
    var idempotency: IdempotencyMark?

    /// Parts of the path that the route names, decoded.
    var parameters: [String: String] { pass.parameters }
    var caller: Caller { pass.caller }
    /// Whether the client speaks https to a listed proxy.
    var isSecure: Bool { pass.forwarded.isSecure }

    /// The last value of this name in the query.
    func query(_ name: String) -> String? { head.target.query.last { $0.name == name }?.value }
}

/// What a handler gives back. It runs on the loop's thread, so it must not wait for anything.
enum Answer: Sendable {
    case now(Response)
    case refused(Problem)
    /// Made elsewhere; the connection waits, the loop does not.
    case later(@Sendable () async -> Answer)
    /// The connection becomes an event stream.
    case events(EventRequest)
    /// The connection becomes a stream of messages to this client alone.
    case feed(EventFeed)
}

typealias Handler = @Sendable (HTTPRequest) -> Answer

/// One row of the router's table: everything that is promised about it, for access, tests and the OpenAPI document.
struct Route: Sendable {
    /// A member of the query.
    struct Parameter: Sendable {
        var name: String
        var summary: String
        /// JSON schema type.
        var type = "string"
    }

    var method: String
    /// Segments with `{name}` for parameters, such as `/v1/devices/{name}`.
    var pattern: String
    var role: Role
    /// Stable camelCase name in the OpenAPI document.
    var operation: String
    var summary: String
    var query: [Parameter] = []
    /// Media types the body may have; empty means no body.
    var accepts: [String] = []
    /// Name of the schema of the body, if it is JSON.
    var requestSchema: String?
    var bodyLimit = 0
    /// Media types of the answer; the first is the default.
    var produces = ["application/json"]
    /// Name of the schema of the successful answer, if it is JSON.
    var schema: String?
    /// Statuses of successful answers.
    var statuses = [200]
    /// Whether a GET changes something: presses of buttons that can do nothing else, places in a queue.
    var actsOnGet = false
    var handler: Handler

    static let smallBody = 64 * 1024
    static let drawingBody = 32 * 1024 * 1024

    /// Whether it makes or starts something, so that an `Idempotency-Key` is heeded.
    var isRepeatable: Bool {
        method == "POST" && (statuses.contains(201) || ["resumeJob", "resumeDevice"].contains(operation))
    }

    /// Whether a request of this route changes something.
    var changesState: Bool { method != "GET" || actsOnGet }
}

/// What a caller may do; each includes those before it.
package enum Role: Int, Comparable, CaseIterable, Sendable {
    /// Anybody: health, the page's fixed files, problem descriptions.
    case anyone
    case viewer
    case `operator`
    case admin

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// As it is written in files and answers.
    package var name: String {
        switch self {
        case .anyone: "anyone"
        case .viewer: "viewer"
        case .operator: "operator"
        case .admin: "admin"
        }
    }
}

/// Who asks, after access has been decided.
package struct Caller: Equatable, Sendable {
    package enum Credential: Equatable, Sendable {
        case none, local
        case key(String)
        case session(String)
    }

    package var role: Role
    package var credential: Credential
}

/// A complete request as a handler sees it.
package struct HTTPRequest: Sendable {
    package var head: RequestHead
    package var pass: Admission.Pass
    package var body: [UInt8]
    package var requestId: String
    /// What a repeat of this request is known by, where it has an `Idempotency-Key`; kept with the job it makes.
    package var idempotency: IdempotencyMark?
    /// The body where it is taken as it comes; nil where it is whole, or there is none.
    package var incoming: BodyIntake?

    /// Parts of the path that the route names, decoded.
    package var parameters: [String: String] { pass.parameters }
    package var caller: Caller { pass.caller }
    /// The user at the other end of a Unix socket.
    package var user: UInt32? { pass.user }
    /// Whether the client speaks https to a listed proxy.
    package var isSecure: Bool { pass.forwarded.isSecure }

    /// The last value of this name in the query.
    package func query(_ name: String) -> String? { head.target.query.last { $0.name == name }?.value }
}

/// What a handler gives back. It runs on the loop's thread, so it must not wait for anything.
package enum Answer: Sendable {
    case now(Response)
    case refused(Problem)
    /// Made elsewhere; the connection waits, the loop does not.
    case later(@Sendable () async -> Answer)
    /// The connection becomes an event stream.
    case events(EventRequest)
    /// The connection becomes a stream of messages to this client alone.
    case feed(EventFeed)
}

package typealias Handler = @Sendable (HTTPRequest) -> Answer

/// One row of the router's table: everything that is promised about it, for access, tests and the OpenAPI document.
package struct Route: Sendable {
    /// A member of the query.
    package struct Parameter: Sendable {
        package var name: String
        package var summary: String
        /// JSON schema type.
        package var type = "string"

        package init(name: String, summary: String, type: String = "string") {
            self.name = name
            self.summary = summary
            self.type = type
        }
    }

    package var method: String
    /// Segments with `{name}` for parameters, such as `/v1/devices/{name}`.
    package var pattern: String
    package var role: Role
    /// Stable camelCase name in the OpenAPI document.
    package var operation: String
    package var summary: String
    package var query: [Parameter] = []
    /// Media types the body may have; empty means no body.
    package var accepts: [String] = []
    /// Name of the schema of the body, if it is JSON.
    package var requestSchema: String?
    package var bodyLimit = 0
    /// Media types of the answer; the first is the default.
    package var produces = ["application/json"]
    /// Name of the schema of the successful answer, if it is JSON.
    package var schema: String?
    /// Statuses of successful answers.
    package var statuses = [200]
    /// Whether a GET changes something: presses of buttons that can do nothing else, places in a queue.
    package var actsOnGet = false
    /// Whether its work ends early when the client leaves. Of what moves something, nothing may end half done.
    package var stopsWhenLeft = false
    /// Whether its handler takes the body as it comes, however long it is; `bodyLimit` says only that there may be one.
    package var takesBodyAsItComes = false
    package var handler: Handler

    package init(
        method: String, pattern: String, role: Role, operation: String, summary: String, query: [Parameter] = [],
        accepts: [String] = [], requestSchema: String? = nil, bodyLimit: Int = 0,
        produces: [String] = ["application/json"], schema: String? = nil, statuses: [Int] = [200],
        actsOnGet: Bool = false, stopsWhenLeft: Bool = false, handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = pattern
        self.role = role
        self.operation = operation
        self.summary = summary
        self.query = query
        self.accepts = accepts
        self.requestSchema = requestSchema
        self.bodyLimit = bodyLimit
        self.produces = produces
        self.schema = schema
        self.statuses = statuses
        self.actsOnGet = actsOnGet
        self.stopsWhenLeft = stopsWhenLeft
        self.handler = handler
    }

    package static let smallBody = 64 * 1024
    /// Of routes that take a drawing: the limit as it is without a setting, in whose place `HTTPLimits.drawingBody` counts.
    package static let drawingBody = 32 * 1024 * 1024

    /// Whether it makes or starts something, so that an `Idempotency-Key` is heeded.
    package var isRepeatable: Bool {
        method == "POST" && (statuses.contains(201) || ["resumeJob", "resumeDevice"].contains(operation))
    }

    /// Whether a request of this route changes something.
    package var changesState: Bool { method != "GET" || actsOnGet }
}

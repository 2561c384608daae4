internal import Text

/// An error answer (RFC 9457): what kind, and what a person can do about this case of it.
package struct Problem: Error, Equatable, Sendable {
    /// One member of the body that does not agree with its schema or meaning.
    package struct Pointed: Equatable, Sendable {
        /// JSON pointer (RFC 6901).
        package var pointer: String
        package var detail: String

        package init(pointer: String, detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    package var status: Int
    /// Last part of `type`, stable.
    package var slug: String
    /// The same for every case of the type.
    package var title: String
    /// This case, a sentence.
    package var detail: String
    package var state: String?
    package var event: String?
    package var line: Int?
    package var column: Int?
    package var errors: [Pointed] = []
    package var retryAfterSeconds: Int?
    /// Fields of the answer, such as `Allow`.
    package var fields: [Response.Field] = []

    package init(_ status: Int, _ slug: String, _ title: String, _ detail: String) {
        self.status = status
        self.slug = slug
        self.title = title
        self.detail = detail
    }

    package static func malformed(_ detail: String) -> Problem {
        Problem(400, "malformed", "Malformed request", detail)
    }

    package static func notFound(_ path: String) -> Problem {
        Problem(404, "not-found", "Not found", "There is nothing at \(path).")
    }

    /// The state of a device or job forbids it.
    package static func conflict(state: String, event: String, _ detail: String) -> Problem {
        var problem = Problem(409, "state", "The state forbids it", detail)
        problem.state = state
        problem.event = event
        return problem
    }

    package static func busy(_ detail: String, retryAfterSeconds: Int) -> Problem {
        var problem = Problem(503, "unavailable", "Try later", detail)
        problem.retryAfterSeconds = retryAfterSeconds
        return problem
    }

    package static let internalError = Problem(
        500, "internal", "Internal error", "This is our mistake; the log says more under the request id.")

    /// As `application/problem+json`.
    package func response(instance: String, requestId: String) -> Response {
        var members: [(String, JSONValue)] = [
            ("type", .string("/problems/" + slug)), ("title", .string(title)), ("status", .integer(status)),
            ("detail", .string(detail)), ("instance", .string(instance)), ("requestId", .string(requestId)),
        ]
        if let state { members.append(("state", .string(state))) }
        if let event { members.append(("event", .string(event))) }
        if let line { members.append(("line", .integer(line))) }
        if let column { members.append(("column", .integer(column))) }
        if let retryAfterSeconds { members.append(("retryAfterSeconds", .integer(retryAfterSeconds))) }
        if !errors.isEmpty {
            members.append(
                (
                    "errors",
                    .array(errors.map { .object([("pointer", .string($0.pointer)), ("detail", .string($0.detail))]) })
                ))
        }
        var response = Response(status, .object(members))
        response.contentType = "application/problem+json"
        response.fields += fields
        if let retryAfterSeconds { response.fields.append(.init("Retry-After", String(retryAfterSeconds))) }
        return response
    }
}

package import Text

/// What is answered; framing, date and identity are added when it is written.
package struct Response: Equatable, Sendable {
    package struct Field: Equatable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var status: Int
    package var fields: [Field] = []
    package var contentType: String?
    package var body: [UInt8] = []
    /// In the place of `body`: what is read piece by piece as the client takes it.
    package var stream: BodyStream?
    /// `Cache-Control`.
    package var caching = "no-store"
    /// The connection closes after this answer.
    package var closes = false

    package init(_ status: Int) { self.status = status }

    /// A JSON document.
    package init(_ status: Int, _ value: JSONValue) {
        self.status = status
        contentType = "application/json"
        body = value.bytes + [ASCII.lineFeed]
    }

    package init(_ status: Int, contentType: String, _ body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    package func adding(_ name: String, _ value: String) -> Response {
        var copy = self
        copy.fields.append(Field(name, value))
        return copy
    }
}

extension Response {
    /// Reason phrases of the codes in use; they mean nothing to programs.
    package static func reason(_ status: Int) -> String {
        switch status {
        case 100: "Continue"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 303: "See Other"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        default: "Status"
        }
    }
}

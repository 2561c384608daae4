/// What is answered; framing, date and identity are added when it is written.
struct Response: Equatable, Sendable {
    struct Field: Equatable, Sendable {
        var name: String
        var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    var status: Int
    var fields: [Field] = []
    var contentType: String?
    var body: [UInt8] = []
    /// `Cache-Control`.
    var caching = "no-store"
    /// The connection closes after this answer.
    var closes = false

    init(_ status: Int) { self.status = status }

    /// A JSON document.
    init(_ status: Int, _ value: JSONValue) {
        self.status = status
        contentType = "application/json"
        body = value.bytes + [HTTPBytes.lineFeed]
    }

    init(_ status: Int, contentType: String, _ body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    func adding(_ name: String, _ value: String) -> Response {
        var copy = self
        copy.fields.append(Field(name, value))
        return copy
    }
}

extension Response {
    /// Reason phrases of the codes in use; they mean nothing to programs.
    static func reason(_ status: Int) -> String {
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

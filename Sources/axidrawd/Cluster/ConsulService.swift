internal import HTTP
internal import Text

/// How something stands, as Consul knows it, and why in words.
struct ConsulHealth: Equatable, Sendable {
    enum Status: String, Sendable { case passing, warning, critical }

    var status: Status
    var words: String
}

/// A service as it is registered.
struct ConsulService: Equatable, Sendable {
    /// How it is found out whether it works.
    enum Check: Equatable, Sendable {
        /// It must be told within so many seconds.
        case told(id: String, name: String, seconds: Int)
        /// The agent asks this address.
        case asked(id: String, name: String, url: String, seconds: Int)
    }

    var id: String
    var name: String
    /// Empty = the agent's own.
    var host = ""
    /// 0 = none.
    var port = 0
    var tags: [String] = []
    var meta: [(name: String, value: String)] = []
    var checks: [Check] = []

    static func == (a: Self, b: Self) -> Bool { a.json == b.json }

    var json: JSONValue {
        .object([
            ("ID", .string(id)), ("Name", .string(name)), ("Address", .string(host)), ("Port", .integer(port)),
            ("Tags", .array(tags.map { .string($0) })), ("Meta", .object(meta.map { ($0.name, .string($0.value)) })),
            ("Checks", .array(checks.map(\.json))),
        ])
    }
}

extension ConsulService.Check {
    /// What is critical so long is forgotten: what has ended without saying so stays no longer than this.
    private static let forgottenAfter = "24h"

    fileprivate var json: JSONValue {
        switch self {
        case .told(let id, let name, let seconds):
            .object([
                ("CheckID", .string(id)), ("Name", .string(name)), ("TTL", .string("\(seconds)s")),
                ("DeregisterCriticalServiceAfter", .string(Self.forgottenAfter)),
            ])
        case .asked(let id, let name, let url, let seconds):
            .object([
                ("CheckID", .string(id)), ("Name", .string(name)), ("HTTP", .string(url)),
                ("Interval", .string("\(seconds)s")), ("Timeout", .string("5s")),
                ("DeregisterCriticalServiceAfter", .string(Self.forgottenAfter)),
            ])
        }
    }
}

/// A service as others find it.
struct ConsulInstance: Equatable, Sendable {
    var id: String
    var host: String
    var port: Int
    var tags: [String]
    var meta: [String: String]
    /// The worst of its checks.
    var status: ConsulHealth.Status

    /// Where it is reached: as it says itself, else by address and port; nil if that is no address.
    var location: HTTPLocation? {
        if let text = meta["url"], let location = HTTPLocation(text), text.hasPrefix("http") { return location }
        guard (1...65535).contains(port), !host.isEmpty else { return nil }
        return HTTPLocation("http://\(host.contains(":") ? "[\(host)]" : host):\(port)")
    }

    /// One entry of `/v1/health/service/NAME`.
    init?(_ value: JSONValue) {
        guard let service = value["Service"], case .string(let id)? = service["ID"],
            case .integer(let port)? = service["Port"], case .array(let checks)? = value["Checks"]
        else { return nil }
        self.id = id
        self.port = port
        var host = ""
        if case .string(let text)? = service["Address"] { host = text }
        // Where it says none it is its node's.
        if host.isEmpty, case .string(let text)? = value["Node"]?["Address"] { host = text }
        self.host = host
        tags = []
        if case .array(let items)? = service["Tags"] {
            tags = items.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        meta = [:]
        if case .object(let members)? = service["Meta"] {
            for case (let name, .string(let text)) in members { meta[name] = text }
        }
        status = .passing
        for check in checks {
            guard case .string(let word)? = check["Status"] else { return nil }
            switch ConsulHealth.Status(rawValue: word) {
            case .passing?: break
            case .warning?: if status == .passing { status = .warning }
            // Also what newer servers may call otherwise.
            case .critical?, nil: status = .critical
            }
        }
    }
}

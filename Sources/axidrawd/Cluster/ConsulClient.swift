internal import Foundation
internal import HTTP
internal import Text

/// What is asked of Consul's HTTP interface, version 1 (met by 1.5 to 1.22), with its answers read strictly.
///
/// Errors come as plain text. Blocks its thread; everything is bounded in time and size.
struct ConsulClient: Sendable {
    var location: HTTPLocation
    var datacenter: String?
    var token: @Sendable () throws(ClusterFailure) -> String? = { () throws(ClusterFailure) in nil }
    /// How long a request may take that is answered at once, ms.
    var patience: Int64 = 10_000

    init(_ plan: ConsulPlan) {
        location = plan.location
        datacenter = plan.datacenter
        let source = ClusterToken(path: plan.tokenFile, credential: ConsulPlan.credential)
        token = { () throws(ClusterFailure) in try source.read() }
    }

    /// A key as it is kept.
    struct Entry: Equatable, Sendable {
        var key: String
        var value: [UInt8]
        /// A number that goes with the value, ours to choose.
        var flags: UInt64
        /// Of the last change; check-and-set compares it.
        var modifyIndex: UInt64

        var text: String { String(decoding: value, as: UTF8.self) }
    }

    /// An answer that can be waited for to change.
    struct Found<Value: Sendable>: Sendable {
        var value: Value
        /// What to wait after; nil where the server did not say.
        var index: UInt64?
    }

    /// How long a question waits for a change.
    struct Waiting: Equatable, Sendable {
        var after: UInt64
        var seconds: Int
    }

    /// Values may have at most so many bytes, as the server counts.
    static let longestValue = 524_288
    private static let longestAnswer = 8 << 20

    // MARK: Keys

    /// A key, or nil if it is not there.
    func entry(_ key: String, waiting: Waiting? = nil) throws(ClusterFailure) -> Found<Entry?> {
        let reply = try ask("GET", "/v1/kv/" + Self.path(key), query(waiting), waits: waiting)
        if reply.status == 404, reply.body.isEmpty { return Found(value: nil, index: Self.index(reply)) }
        if let failure = ClusterFailure(reply) { throw failure }
        guard case .array(let items) = try Self.json(reply), items.count == 1, let entry = Entry(items[0]) else {
            throw .nonsense("no entry of a key")
        }
        return Found(value: entry, index: Self.index(reply))
    }

    /// All keys that begin so; none where there is none.
    func entries(_ prefix: String, waiting: Waiting? = nil) throws(ClusterFailure) -> Found<[Entry]> {
        let reply = try ask("GET", "/v1/kv/" + Self.path(prefix), ["recurse="] + query(waiting), waits: waiting)
        if reply.status == 404, reply.body.isEmpty { return Found(value: [], index: Self.index(reply)) }
        if let failure = ClusterFailure(reply) { throw failure }
        guard case .array(let items) = try Self.json(reply) else { throw .nonsense("no list of keys") }
        var found: [Entry] = []
        for item in items {
            guard let entry = Entry(item) else { throw .nonsense("an entry that is no key") }
            found.append(entry)
        }
        return Found(value: found, index: Self.index(reply))
    }

    /// Keeps a value under a key.
    ///
    /// - Parameter when: writes only if this is the key's index still, 0 = only if it is not there; nil = in any case.
    /// - Returns: false if somebody else was faster.
    func put(
        _ key: String, _ value: [UInt8], flags: UInt64 = 0, when index: UInt64? = nil
    ) throws(ClusterFailure) -> Bool {
        var query = ["flags=\(flags)"]
        if let index { query.append("cas=\(index)") }
        let reply = try ask("PUT", "/v1/kv/" + Self.path(key), query + place, body: value)
        if let failure = ClusterFailure(reply) { throw failure }
        guard case .bool(let isDone) = try Self.json(reply) else { throw .nonsense("neither true nor false") }
        return isDone
    }

    // MARK: Services

    /// Makes a service known, in place of what was known of it; checks that are not named any more go.
    func register(_ service: ConsulService) throws(ClusterFailure) {
        try say("PUT", "/v1/agent/service/register", ["replace-existing-checks=true"], service.json.bytes)
    }

    /// Says how a check stands; an agent that has forgotten it says no.
    func update(_ check: String, _ health: ConsulHealth) throws(ClusterFailure) {
        let body = JSONValue.object([("Status", .string(health.status.rawValue)), ("Output", .string(health.words))])
        try say("PUT", "/v1/agent/check/update/" + Self.path(check), [], body.bytes)
    }

    /// Takes a service out; one that is not known is out.
    func deregister(_ id: String) throws(ClusterFailure) {
        do throws(ClusterFailure) { try say("PUT", "/v1/agent/service/deregister/" + Self.path(id), [], []) } catch {
            if case .refused(404, _) = error { return }
            throw error
        }
    }

    /// Where instances of a service are that do not say that they cannot work.
    func instances(_ service: String, waiting: Waiting? = nil) throws(ClusterFailure) -> Found<[ConsulInstance]> {
        let reply = try ask("GET", "/v1/health/service/" + Self.path(service), query(waiting), waits: waiting)
        if let failure = ClusterFailure(reply) { throw failure }
        guard case .array(let items) = try Self.json(reply) else { throw .nonsense("no list of services") }
        var found: [ConsulInstance] = []
        for item in items {
            guard let instance = ConsulInstance(item) else { throw .nonsense("an entry that is no service") }
            found.append(instance)
        }
        return Found(value: found, index: Self.index(reply))
    }

    // MARK: Asking

    private var place: [String] { datacenter.map { ["dc=" + RequestTarget.queryEncoded($0)] } ?? [] }

    private func query(_ waiting: Waiting?) -> [String] {
        (waiting.map { ["index=\($0.after)", "wait=\($0.seconds)s"] } ?? []) + place
    }

    private func say(
        _ method: String, _ path: String, _ query: [String], _ body: [UInt8]
    ) throws(ClusterFailure) {
        let reply = try ask(method, path, query, body: body)
        if let failure = ClusterFailure(reply) { throw failure }
        // Whoever says something here is somebody else, and has done nothing of what was asked.
        guard reply.body.isEmpty else { throw .nonsense("\(reply.body.count) bytes where nothing is to be said") }
    }

    private func ask(
        _ method: String, _ path: String, _ query: [String], body: [UInt8] = [], waits: Waiting? = nil
    ) throws(ClusterFailure) -> HTTPClient.Reply {
        let target = path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        guard let location = location.at(target) else { throw .silent(.unwritable) }
        var fields: [Response.Field] = []
        if let token = try token() { fields.append(.init("X-Consul-Token", token)) }
        if !body.isEmpty { fields.append(.init("Content-Type", "application/json")) }
        var bounds = HTTPClient.Bounds()
        bounds.connectMilliseconds = min(5_000, patience)
        // The server adds up to a sixteenth.
        bounds.totalMilliseconds = patience + (waits.map { Int64($0.seconds) * 1000 * 17 / 16 } ?? 0)
        bounds.silenceMilliseconds = bounds.totalMilliseconds ?? patience
        bounds.body = Self.longestAnswer
        do throws(HTTPClient.Failure) {
            return try HTTPClient(bounds: bounds).send(
                HTTPClient.Call(method, location, fields: fields, body: body))
        } catch { throw .silent(error) }
    }

    private static func json(_ reply: HTTPClient.Reply) throws(ClusterFailure) -> JSONValue {
        do { return try JSONReader.read(reply.body) } catch {
            let start = String(decoding: reply.body.prefix(60), as: UTF8.self)
            throw .nonsense("no JSON but \(quoted(start))")
        }
    }

    private static func index(_ reply: HTTPClient.Reply) -> UInt64? {
        reply.head.value("x-consul-index").flatMap { UInt64($0) }
    }

    /// A key or name in a path: what stands between slashes is encoded.
    private static func path(_ text: String) -> String {
        text.split(separator: "/", omittingEmptySubsequences: false).map { RequestTarget.queryEncoded(String($0)) }
            .joined(separator: "/")
    }
}

extension ConsulClient.Entry {
    init?(_ value: JSONValue) {
        guard case .string(let key)? = value["Key"], case .integer(let index)? = value["ModifyIndex"], index >= 0
        else { return nil }
        self.key = key
        modifyIndex = UInt64(index)
        switch value["Flags"] {
        case .integer(let number)? where number >= 0: flags = UInt64(number)
        // Beyond what the reader takes for whole: nothing of ours.
        case .number?: flags = .max
        default: return nil
        }
        switch value["Value"] {
        // An empty one.
        case .null?: self.value = []
        case .string(let text)?:
            guard let data = Data(base64Encoded: text) else { return nil }
            self.value = Array(data)
        default: return nil
        }
    }
}

internal import Foundation
internal import HTTP
internal import Text

/// What a Consul knows, and what it says: a value.
struct ConsulModel {
    struct Entry {
        var value: [UInt8]
        var flags: UInt64
        var created: UInt64
        var modified: UInt64
        var lockIndex: UInt64 = 0
        var session: String?
    }

    struct Check {
        var id: String
        var name: String
        /// ms; nil = asked, not told.
        var ttl: Int?
        var status = "critical"
        var output = ""
        var until = 0
    }

    struct Service {
        var id: String
        var name: String
        var host: String
        var port: Int
        var tags: [JSONValue]
        var meta: JSONValue
        var checks: [Check]
    }

    struct Session {
        var name: String
        var ttl: String
        var behavior: String
        var index: UInt64
    }

    var entries: [String: Entry] = [:]
    var services: [Service] = []
    var sessions: [String: Session] = [:]
    private(set) var index: UInt64
    /// Of the last change of any key, and of any service.
    private var keyIndex: UInt64 = 1
    var serviceIndex: UInt64
    /// No check that is told runs out before.
    var soonestExpiry = Int.max

    /// - Parameter index: from which it counts on.
    init(index: UInt64 = 11) {
        self.index = index
        serviceIndex = index
    }

    static let longestValue = 524_288

    typealias Request = DoubleServer.Request
    typealias Reply = DoubleServer.Reply

    // MARK: Questions that wait

    /// What a question waits for: nil = it does not.
    static func waiting(_ request: Request) -> Result<(index: UInt64, milliseconds: Int)?, RefusedReply> {
        guard request.method == "GET" else { return .success(nil) }
        var milliseconds = 300_000
        if let text = request.query("wait") {
            guard let found = duration(text) else { return .failure(RefusedReply(.text(400, "Invalid wait time"))) }
            milliseconds = min(found, 600_000)
        }
        guard let text = request.query("index") else { return .success(nil) }
        guard let index = UInt64(text) else { return .failure(RefusedReply(.text(400, "Invalid index"))) }
        return .success(index == 0 ? nil : (index, milliseconds))
    }

    /// `10s`, `1m`, `500ms`.
    static func duration(_ text: String) -> Int? {
        for (unit, factor) in [("ms", 1.0), ("s", 1000), ("m", 60_000), ("h", 3_600_000)] where text.hasSuffix(unit) {
            if let value = Double(text.dropLast(unit.count)) { return Int(value * factor) }
        }
        return nil
    }

    // MARK: Answers

    /// - Returns: the answer, and the index that a question of this kind waits on; nil where it cannot wait.
    mutating func answer(_ request: Request, now: Int) -> (Reply, UInt64?) {
        let parts = request.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.first == "v1", parts.count >= 2 else { return (.text(404, ""), nil) }
        let rest = parts.dropFirst(2).joined(separator: "/")
        switch parts[1] {
        case "kv": return key(rest, request)
        case "txn": return (transaction(request), nil)
        case "session": return (session(parts.dropFirst(2).map { $0 }, request), nil)
        case "agent": return (agent(parts.dropFirst(2).map { $0 }, request, now), nil)
        case "health": return health(parts.dropFirst(2).map { $0 }, request)
        case "catalog" where rest == "services": return (indexed(catalog, serviceIndex), serviceIndex)
        case "status" where rest == "leader": return (.json(200, .string("127.0.0.1:8300")), nil)
        default: return (.text(404, ""), nil)
        }
    }

    /// What a question is about, as far as it can wait for a change of it.
    enum Watched: Equatable {
        case key(String)
        case keys
        case services
    }

    /// What a question is about; nil where it cannot wait.
    static func watched(_ request: Request) -> Watched? {
        let parts = request.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard request.method == "GET", parts.first == "v1", parts.count >= 2 else { return nil }
        let rest = parts.dropFirst(2).joined(separator: "/")
        switch parts[1] {
        case "kv": return request.query("recurse") != nil || request.query("keys") != nil ? .keys : .key(rest)
        case "health" where ["service", "checks"].contains(parts.dropFirst(2).first): return .services
        case "catalog" where rest == "services": return .services
        default: return nil
        }
    }

    /// The index that a question about it waits on. Of a key that is not there, the last change of any key.
    func index(of watched: Watched) -> UInt64 {
        switch watched {
        case .key(let name): max(1, entries[name]?.modified ?? keyIndex)
        case .keys: max(1, keyIndex)
        case .services: serviceIndex
        }
    }

    func indexed(_ reply: Reply, _ index: UInt64) -> Reply {
        var reply = reply
        reply.fields += [
            ("X-Consul-Index", String(index)), ("X-Consul-Knownleader", "true"), ("X-Consul-Lastcontact", "0"),
        ]
        return reply
    }

    func indexed(_ value: JSONValue, _ index: UInt64) -> Reply { indexed(.json(200, value), index) }

    mutating func step() -> UInt64 {
        index += 1
        return index
    }

    // MARK: Keys

    private mutating func key(_ name: String, _ request: Request) -> (Reply, UInt64?) {
        switch request.method {
        case "GET": return read(name, request)
        case "PUT":
            guard !name.isEmpty else { return (.text(400, "Missing key name"), nil) }
            guard request.body.count <= Self.longestValue else {
                return (
                    .text(
                        413,
                        "Request body(\(request.body.count) bytes) too large, max size: \(Self.longestValue) bytes. See "
                            + "https://www.consul.io/docs/agent/options.html#kv_max_value_size."), nil
                )
            }
            return (write(name, request), nil)
        case "DELETE":
            if let cas = request.query("cas").flatMap({ UInt64($0) }), cas != (entries[name]?.modified ?? 0) {
                return (.json(200, .bool(false)), nil)
            }
            let gone = request.query("recurse") != nil ? entries.keys.filter { $0.hasPrefix(name) } : [name]
            for key in gone where entries.removeValue(forKey: key) != nil { keyIndex = step() }
            return (.json(200, .bool(true)), nil)
        default:
            var reply = Reply.text(405, "method \(request.method) not allowed")
            reply.fields.append(("Allow", "OPTIONS,GET,PUT,DELETE"))
            return (reply, nil)
        }
    }

    private func read(_ name: String, _ request: Request) -> (Reply, UInt64?) {
        let isMany = request.query("recurse") != nil || request.query("keys") != nil
        let found = entries.filter { isMany ? $0.key.hasPrefix(name) : $0.key == name }.sorted { $0.key < $1.key }
        let index = index(of: isMany ? .keys : .key(name))
        guard !found.isEmpty else { return (indexed(Reply(404), index), index) }
        if request.query("keys") != nil {
            let separator = request.query("separator") ?? ""
            var names: [String] = []
            for (key, _) in found {
                let rest = key.dropFirst(name.count)
                let cut = separator.isEmpty ? nil : rest.range(of: separator)
                let shown = name + (cut.map { String(rest[..<$0.upperBound]) } ?? String(rest))
                if names.last != shown { names.append(shown) }
            }
            return (indexed(.array(names.map { .string($0) }), index), index)
        }
        if request.query("raw") != nil {
            return (indexed(Reply(200, [("Content-Type", "text/plain")], body: found[0].value.value), index), index)
        }
        return (indexed(.array(found.map { json($0.key, $0.value) }), index), index)
    }

    private func json(_ key: String, _ entry: Entry) -> JSONValue {
        .object(
            [
                ("LockIndex", .integer(Int(entry.lockIndex))), ("Key", .string(key)),
                ("Flags", .integer(Int(entry.flags))),
                // An empty value is null.
                ("Value", entry.value.isEmpty ? .null : .string(Data(entry.value).base64EncodedString())),
                ("CreateIndex", .integer(Int(entry.created))), ("ModifyIndex", .integer(Int(entry.modified))),
            ] + (entry.session.map { [("Session", .string($0))] } ?? []))
    }

    private mutating func write(_ name: String, _ request: Request) -> Reply {
        let flags = request.query("flags").flatMap { UInt64($0) } ?? 0
        if let id = request.query("acquire") {
            guard sessions[id] != nil else {
                return .text(500, "raft apply failed: invalid session \"\(id)\"")
            }
            if let holder = entries[name]?.session, holder != id { return .json(200, .bool(false)) }
            let isNew = entries[name]?.session == nil
            _ = put(name, request.body, flags: flags, cas: nil)
            entries[name]?.session = id
            if isNew { entries[name]?.lockIndex += 1 }
            return .json(200, .bool(true))
        }
        if let id = request.query("release") {
            guard entries[name]?.session == id else { return .json(200, .bool(false)) }
            entries[name]?.session = nil
            _ = put(name, request.body, flags: flags, cas: nil)
            return .json(200, .bool(true))
        }
        var cas: UInt64?
        if let text = request.query("cas") {
            guard let number = UInt64(text) else {
                return .text(400, "strconv.ParseUint: parsing \"\(text)\": invalid syntax")
            }
            cas = number
        }
        return .json(200, .bool(put(name, request.body, flags: flags, cas: cas)))
    }

    /// Whether it was written; the same again moves no index.
    mutating func put(_ name: String, _ value: [UInt8], flags: UInt64, cas: UInt64?, at given: UInt64? = nil) -> Bool {
        if let cas, cas != (entries[name]?.modified ?? 0) { return false }
        if let old = entries[name] {
            guard old.value != value || old.flags != flags else { return true }
            let index = given ?? step()
            entries[name]?.value = value
            entries[name]?.flags = flags
            entries[name]?.modified = index
        } else {
            let index = given ?? step()
            entries[name] = Entry(value: value, flags: flags, created: index, modified: index)
        }
        keyIndex = index
        return true
    }

    // MARK: Transactions

    private mutating func transaction(_ request: Request) -> Reply {
        guard case .array(let items)? = try? JSONReader.read(request.body) else {
            return .text(400, "Failed to parse body: invalid character")
        }
        var copy = self
        // All of it happens at once.
        let index = copy.step()
        var results: [JSONValue] = []
        var errors: [JSONValue] = []
        for (place, item) in items.enumerated() {
            guard let operation = item["KV"], case .string(let verb)? = operation["Verb"],
                case .string(let key)? = operation["Key"]
            else { continue }
            var value: [UInt8] = []
            if case .string(let text)? = operation["Value"] { value = Data(base64Encoded: text).map(Array.init) ?? [] }
            var cas: UInt64?
            if verb == "cas" {
                cas = 0
                if case .integer(let number)? = operation["Index"] { cas = UInt64(number) }
            }
            if ["set", "cas"].contains(verb), copy.put(key, value, flags: 0, cas: cas, at: index),
                let entry = copy.entries[key]
            {
                // What was written is not told again.
                guard case .object(let members) = copy.json(key, entry) else { continue }
                results.append(
                    .object([("KV", .object(members.map { $0.0 == "Value" ? ("Value", .null) : $0 }))]))
            } else {
                errors.append(
                    .object([
                        ("OpIndex", .integer(place)),
                        ("What", .string("failed to set key \"\(key)\", index is stale")),
                    ]))
            }
        }
        guard errors.isEmpty else {
            return .json(409, .object([("Results", .null), ("Errors", .array(errors))]))
        }
        self = copy
        return .json(200, .object([("Results", .array(results)), ("Errors", .null)]))
    }

    // MARK: Sessions

    private mutating func session(_ parts: [String], _ request: Request) -> Reply {
        switch parts.first ?? "" {
        case "create":
            let wish = (try? JSONReader.read(request.body)) ?? .null
            if case .string(let text)? = Self.member(wish, "TTL"), let ttl = Self.duration(text),
                !(10_000...86_400_000).contains(ttl)
            {
                return .text(500, "Invalid Session TTL '\(ttl)000000', must be between [10s=24h0m0s]")
            }
            let id = UUID().uuidString.lowercased()
            func text(_ name: String, _ standard: String) -> String {
                if case .string(let text)? = Self.member(wish, name) { text } else { standard }
            }
            sessions[id] = Session(
                name: text("Name", ""), ttl: text("TTL", ""), behavior: text("Behavior", "release"), index: step())
            return .json(200, .object([("ID", .string(id))]))
        case "renew":
            let id = parts.dropFirst().first ?? ""
            guard let session = sessions[id] else { return .text(404, "Session id '\(id)' not found") }
            return .json(
                200,
                .array([
                    .object([
                        ("ID", .string(id)), ("Name", .string(session.name)), ("Node", .string("node1")),
                        ("LockDelay", .integer(0)), ("Behavior", .string(session.behavior)),
                        ("TTL", .string(session.ttl)), ("NodeChecks", .array([.string("serfHealth")])),
                        ("ServiceChecks", .null), ("CreateIndex", .integer(Int(session.index))),
                        ("ModifyIndex", .integer(Int(session.index))),
                    ])
                ]))
        case "destroy":
            let id = parts.dropFirst().first ?? ""
            guard let session = sessions.removeValue(forKey: id) else { return .json(200, .bool(true)) }
            for (key, entry) in entries where entry.session == id {
                keyIndex = step()
                if session.behavior == "delete" {
                    entries[key] = nil
                } else {
                    entries[key]?.session = nil
                    entries[key]?.modified = index
                }
            }
            return .json(200, .bool(true))
        default: return .text(404, "")
        }
    }
}

/// A reply in the place of an error.
struct RefusedReply: Error {
    var reply: DoubleServer.Reply
    init(_ reply: DoubleServer.Reply) { self.reply = reply }
}

internal import HTTP
internal import Text

/// Services of the agent and their checks.
extension ConsulModel {
    // MARK: The agent

    mutating func agent(_ parts: [String], _ request: Request, _ now: Int) -> Reply {
        let name = parts.dropFirst(2).joined(separator: "/")
        switch (parts.first ?? "", parts.dropFirst().first ?? "") {
        case ("service", "register"): return register(request)
        case ("service", "deregister"):
            if services.contains(where: { $0.id == name }) { change() }
            services.removeAll { $0.id == name }
            return Reply(200)
        case ("service", "maintenance"): return maintain(name, request)
        case ("service", let id):
            guard let service = services.first(where: { $0.id == id }) else {
                return .text(404, "unknown service ID: \(id)")
            }
            return .json(200, Self.own(service))
        case ("services", _):
            return .json(200, .object(services.map { ($0.id, Self.own($0)) }))
        case ("checks", _):
            return .json(
                200,
                .object(services.flatMap { service in service.checks.map { ($0.id, json($0, of: service)) } }))
        case ("check", let verb): return tell(verb, name, request, now)
        case ("health", "service"): return localHealth(parts.dropFirst(3).joined(separator: "/"))
        default: return .text(404, "")
        }
    }

    private mutating func change() { serviceIndex = step() }

    /// A member by its name, in whatever case: a real one takes any.
    static func member(_ value: JSONValue, _ name: String) -> JSONValue? {
        guard case .object(let members) = value else { return nil }
        return members.first { $0.0.lowercased() == name.lowercased() }?.1
    }

    private static func text(_ value: JSONValue?, _ name: String) -> String {
        if case .string(let text)? = value.flatMap({ member($0, name) }) { text } else { "" }
    }

    private mutating func register(_ request: Request) -> Reply {
        guard let wish = try? JSONReader.read(request.body) else {
            return .text(400, "Request decode failed: invalid character")
        }
        let name = Self.text(wish, "Name")
        guard !name.isEmpty else { return .text(400, "Missing service name") }
        let id = Self.text(wish, "ID").isEmpty ? name : Self.text(wish, "ID")
        var port = 0
        if case .integer(let number)? = Self.member(wish, "Port") { port = number }
        var tags: [JSONValue] = []
        if case .array(let items)? = Self.member(wish, "Tags") { tags = items }
        var wished: [JSONValue] = []
        if case .object? = Self.member(wish, "Check") { wished = [Self.member(wish, "Check") ?? .null] }
        if case .array(let items)? = Self.member(wish, "Checks") { wished += items }
        var checks: [Check] = []
        for (place, item) in wished.enumerated() {
            switch Self.check(item, standardId: "service:\(id)" + (wished.count > 1 ? ":\(place + 1)" : "")) {
            case .failure(let refused): return refused.reply
            case .success(let check): if let check { checks.append(check) }
            }
        }
        let old = services.first { $0.id == id }
        if request.query("replace-existing-checks") == nil, let old {
            // Checks that are not named any more stay.
            checks += old.checks.filter { known in !checks.contains { $0.id == known.id } }
        }
        let service = Service(
            id: id, name: name, host: Self.text(wish, "Address"), port: port, tags: tags,
            meta: Self.member(wish, "Meta") ?? .object([]),
            checks: checks)
        if let place = services.firstIndex(where: { $0.id == id }) {
            services[place] = service
        } else {
            services.append(service)
        }
        // New checks run out as they are.
        soonestExpiry = 0
        change()
        return Reply(200)
    }

    private static func check(_ item: JSONValue, standardId: String) -> Result<Check?, RefusedReply> {
        var check = Check(id: text(item, "CheckID"), name: text(item, "Name"))
        if check.id.isEmpty { check.id = standardId }
        if !text(item, "Status").isEmpty { check.status = text(item, "Status") }
        let ttl = duration(text(item, "TTL"))
        if text(item, "HTTP").isEmpty {
            // One of no time is none.
            guard let ttl, ttl > 0 else { return .success(nil) }
            check.ttl = ttl
        } else if duration(text(item, "Interval")) == nil {
            return .failure(
                RefusedReply(
                    .text(400, "Invalid check: Interval must be > 0 for Script, HTTP, H2PING, or TCP checks")))
        } else {
            // What is asked answers well here.
            check.status = "passing"
        }
        return .success(check)
    }

    private mutating func maintain(_ id: String, _ request: Request) -> Reply {
        guard let place = services.firstIndex(where: { $0.id == id }) else {
            return .text(404, "unknown service ID: \(id)")
        }
        let check = "_service_maintenance:\(id)"
        services[place].checks.removeAll { $0.id == check }
        if request.query("enable") == "true" {
            services[place].checks.append(
                Check(
                    id: check, name: "Service Maintenance Mode", status: "critical",
                    output: request.query("reason") ?? ""))
        }
        change()
        return Reply(200)
    }

    private mutating func tell(_ verb: String, _ id: String, _ request: Request, _ now: Int) -> Reply {
        let words = ["pass": "passing", "warn": "warning", "fail": "critical"]
        var status = words[verb] ?? ""
        var output = request.query("note") ?? ""
        if verb == "update" {
            let wish = try? JSONReader.read(request.body)
            status = Self.text(wish, "Status")
            output = Self.text(wish, "Output")
        }
        guard words.values.contains(status) else { return .text(400, "Invalid check status: '\(status)'") }
        for s in services.indices {
            for c in services[s].checks.indices where services[s].checks[c].id == id {
                guard let ttl = services[s].checks[c].ttl else { break }
                let old = services[s].checks[c]
                services[s].checks[c].status = status
                services[s].checks[c].output = output
                services[s].checks[c].until = now + ttl
                soonestExpiry = min(soonestExpiry, now + ttl)
                if old.status != status || old.output != output { change() }
                return Reply(200)
            }
        }
        return .text(500, "CheckID \"\(id)\" does not have associated TTL")
    }

    /// What has not been told in time is critical.
    mutating func expire(_ now: Int) {
        guard now > soonestExpiry else { return }
        soonestExpiry = .max
        for s in services.indices {
            for c in services[s].checks.indices {
                let check = services[s].checks[c]
                guard check.ttl != nil, check.status != "critical" else { continue }
                guard check.until < now else {
                    soonestExpiry = min(soonestExpiry, check.until)
                    continue
                }
                services[s].checks[c].status = "critical"
                services[s].checks[c].output = "TTL expired (last output before timeout follows): \(check.output)"
                change()
            }
        }
    }

    mutating func forgetServices() {
        services = []
        change()
    }

    // MARK: Health

    mutating func health(_ parts: [String], _ request: Request) -> (Reply, UInt64?) {
        let name = parts.dropFirst().joined(separator: "/")
        let own = services.filter { $0.name == name }
        switch parts.first ?? "" {
        case "service":
            let tag = request.query("tag").map { JSONValue.string($0) }
            let shown = own.filter { service in
                (request.query("passing") == nil || worst(service) == "passing")
                    && (tag.map { service.tags.contains($0) } ?? true)
            }
            return (indexed(.array(shown.map(entry)), serviceIndex), serviceIndex)
        case "checks":
            let checks = own.flatMap { service in service.checks.map { json($0, of: service) } }
            return (indexed(.array(checks), serviceIndex), serviceIndex)
        default: return (.text(404, ""), nil)
        }
    }

    var catalog: Reply {
        var names: [(String, JSONValue)] = [("consul", .array([]))]
        for service in services {
            var tags = service.tags
            if let place = names.firstIndex(where: { $0.0 == service.name }) {
                if case .array(let known) = names[place].1 { tags = known + tags.filter { !known.contains($0) } }
                names[place].1 = .array(tags)
            } else {
                names.append((service.name, .array(tags)))
            }
        }
        return .json(200, .object(names.sorted { $0.0 < $1.0 }))
    }

    private func worst(_ service: Service) -> String {
        let found = Set(service.checks.map(\.status))
        return ["critical", "warning"].first(where: found.contains) ?? "passing"
    }

    private func localHealth(_ id: String) -> Reply {
        guard let service = services.first(where: { $0.id == id }) else {
            return Reply(404, [("Content-Type", "text/plain")], body: Array("ServiceId \(id) not found".utf8))
        }
        let status = worst(service)
        let code = status == "passing" ? 200 : status == "warning" ? 429 : 503
        return Reply(
            code, [("Content-Type", "text/plain"), ("X-Consul-Reason", status)], body: Array(status.utf8))
    }

    private static func addresses(_ service: Service) -> JSONValue {
        let place = JSONValue.object([("Address", .string(service.host)), ("Port", .integer(service.port))])
        return .object(service.host.isEmpty ? [] : [("lan_ipv4", place), ("wan_ipv4", place)])
    }

    private static let weights = JSONValue.object([("Passing", .integer(1)), ("Warning", .integer(1))])

    private static func own(_ service: Service) -> JSONValue {
        .object([
            ("ID", .string(service.id)), ("Service", .string(service.name)), ("Tags", .array(service.tags)),
            ("Meta", service.meta), ("Port", .integer(service.port)), ("Address", .string(service.host)),
            ("TaggedAddresses", addresses(service)), ("Weights", weights), ("EnableTagOverride", .bool(false)),
            ("ContentHash", .string("d41ecb84fa88ed3f")), ("Datacenter", .string("dc1")),
        ])
    }

    private func entry(_ service: Service) -> JSONValue {
        let agent = Service(
            id: "", name: "", host: "", port: 0, tags: [], meta: .null,
            checks: [
                Check(
                    id: "serfHealth", name: "Serf Health Status", status: "passing",
                    output: "Agent alive and reachable")
            ])
        return .object([
            (
                "Node",
                .object([
                    ("ID", .string("a44a2697-f965-01fb-1553-acafa4d23ef5")), ("Node", .string("node1")),
                    ("Address", .string("127.0.0.1")), ("Datacenter", .string("dc1")),
                    ("TaggedAddresses", .object([])), ("Meta", .object([])), ("CreateIndex", .integer(11)),
                    ("ModifyIndex", .integer(12)),
                ])
            ),
            (
                "Service",
                .object([
                    ("ID", .string(service.id)), ("Service", .string(service.name)), ("Tags", .array(service.tags)),
                    ("Address", .string(service.host)), ("TaggedAddresses", Self.addresses(service)),
                    ("Meta", service.meta), ("Port", .integer(service.port)), ("Weights", Self.weights),
                    ("EnableTagOverride", .bool(false)), ("Proxy", .object([])), ("Connect", .object([])),
                    ("CreateIndex", .integer(Int(serviceIndex))), ("ModifyIndex", .integer(Int(serviceIndex))),
                ])
            ),
            ("Checks", .array((agent.checks.map { ($0, agent) } + service.checks.map { ($0, service) }).map(json))),
        ])
    }

    private func json(_ check: Check, of service: Service) -> JSONValue {
        let isOwn = !service.id.isEmpty
        return .object([
            ("Node", .string("node1")), ("CheckID", .string(check.id)), ("Name", .string(check.name)),
            ("Status", .string(check.status)), ("Notes", .string("")), ("Output", .string(check.output)),
            ("ServiceID", .string(service.id)), ("ServiceName", .string(service.name)),
            ("ServiceTags", .array(service.tags)),
            ("Type", .string(isOwn ? check.ttl == nil ? "http" : "ttl" : "")), ("Interval", .string("")),
            ("Timeout", .string("")), ("ExposedPort", .integer(0)), ("Definition", .object([])),
            ("CreateIndex", .integer(Int(serviceIndex))), ("ModifyIndex", .integer(Int(serviceIndex))),
        ])
    }
}

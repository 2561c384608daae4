internal import HTTP
internal import Text

/// Where the configuration comes from; the first that names a member decides.
struct ConfigurationLayers: Equatable, Sendable {
    /// Flags and environment: fixed for the life of the process.
    var fixed = ServiceConfiguration()
    /// Chosen through the API, kept in the state folder.
    var chosen = ServiceConfiguration()
    /// The configuration file.
    var file = ServiceConfiguration()
    /// What holds where nobody says anything: of the installed service other than of a person's own run.
    var standard = ServiceConfiguration()

    /// What is in force; where nobody says, nil.
    var effective: ServiceConfiguration { fixed.over(chosen).over(file).over(standard) }
}

extension ServiceConfiguration {
    /// Members that may change while the daemon runs; the others are read at the start.
    static let liveNames = ["hosts", "proxies", "origins", "access", "limits"]

    /// Members of the file that count when it is read again.
    static let fileLiveNames = liveNames + ["webhooks", "cluster"]

    /// This, and what `other` says where this is silent.
    func over(_ other: ServiceConfiguration) -> ServiceConfiguration {
        var result = ServiceConfiguration()
        result.listen = listen ?? other.listen
        result.hosts = hosts ?? other.hosts
        result.proxies = proxies ?? other.proxies
        result.origins = origins ?? other.origins
        result.profile = profile ?? other.profile
        result.firmware = firmware ?? other.firmware
        result.log = log ?? other.log
        result.access = access ?? other.access
        result.webhooks = webhooks ?? other.webhooks
        result.cluster = cluster ?? other.cluster
        result.memoryMebibytes = memoryMebibytes ?? other.memoryMebibytes
        result.uploadMebibytes = uploadMebibytes ?? other.uploadMebibytes
        result.spoolMebibytes = spoolMebibytes ?? other.spoolMebibytes
        result.connections = connections ?? other.connections
        result.connectionsPerAddress = connectionsPerAddress ?? other.connectionsPerAddress
        return result
    }

    /// Members in which two configurations differ, as they are shown.
    func differences(from other: ServiceConfiguration) -> [String] {
        // Of addresses less is shown than may differ.
        Self.names.filter { $0 == "webhooks" ? webhooks != other.webhooks : json[$0] != other.json[$0] }
    }

    /// Only what this names, as the file would write it.
    var spoken: JSONValue {
        var members: [(String, JSONValue)] = []
        func add(_ name: String, _ isNamed: Bool) {
            if isNamed, let value = json[name] { members.append((name, value)) }
        }
        add("listen", listen != nil)
        add("hosts", hosts != nil)
        add("proxies", proxies != nil)
        add("origins", origins != nil)
        add("access", access != nil)
        add("profile", profile != nil)
        add("firmware", firmware != nil)
        add("log", log != nil)
        var limits: [(String, JSONValue)] = []
        if let connections { limits.append(("connections", .integer(connections))) }
        if let connectionsPerAddress { limits.append(("connectionsPerAddress", .integer(connectionsPerAddress))) }
        if let memoryMebibytes { limits.append(("memoryMebibytes", .integer(memoryMebibytes))) }
        if let uploadMebibytes { limits.append(("uploadMebibytes", .integer(uploadMebibytes))) }
        if let spoolMebibytes { limits.append(("spoolMebibytes", .integer(spoolMebibytes))) }
        if !limits.isEmpty { members.append(("limits", .object(limits))) }
        return .object(members)
    }

    /// Names that are ours: the machine's, the addresses bound, what the configuration adds.
    func access(machineName: String?) -> Access {
        var access = Access()
        access.hostNames = Set((hosts ?? []).map { $0.lowercased() })
        if let name = machineName?.lowercased(), !name.isEmpty {
            access.hostNames.formUnion([name, name + ".local"])
        }
        for endpoint in listen ?? [] {
            if case .internet(let host, _) = endpoint.kind, !host.isEmpty {
                access.hostNames.insert(host.contains(":") ? "[\(host.lowercased())]" : host.lowercased())
            }
        }
        access.ownsAddresses = (listen ?? []).contains { endpoint in
            if case .internet(let host, _) = endpoint.kind { ["", "0.0.0.0", "::"].contains(host) } else { false }
        }
        access.rule = accessRule.rule
        access.proxies = Set((proxies ?? []).map { $0.lowercased() })
        access.origins = Set((origins ?? []).map { $0.lowercased() })
        return access
    }

    /// The limits with what the configuration says about them.
    func limits(over limits: HTTPLimits) -> HTTPLimits {
        var result = limits
        result.connections = connections ?? limits.connections
        result.connectionsPerAddress = connectionsPerAddress ?? limits.connectionsPerAddress
        result.drawingBody = uploadMebibytes.map { $0 << 20 } ?? limits.drawingBody
        // One body of the largest size always finds room.
        result.bodiesInFlight = max(limits.bodiesInFlight, result.drawingBody)
        return result
    }
}

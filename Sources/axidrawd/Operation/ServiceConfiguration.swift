internal import EBB
internal import Foundation
internal import HTTP
internal import Motion
internal import Text

/// What the configuration file and the environment say; nil or empty where they are silent.
struct ServiceConfiguration: Equatable, Sendable {
    typealias Failure = ConfigurationFailure

    var listen: [DaemonOptions.Endpoint]?
    var hosts: [String]?
    var proxies: [String]?
    var origins: [String]?
    var profile: String?
    var firmware: FirmwareVersion?
    var log: Log.Form?
    /// Who needs a key; nil = by what else is configured (`accessRule`).
    var access: AccessRule?
    var connections: Int?
    var connectionsPerAddress: Int?
    /// MiB that reading and planning drawings may take; nil = by the machine's or cgroup's limit.
    var memoryMebibytes: Int?
    /// MiB that a drawing which is handed in may have; nil = 32.
    var uploadMebibytes: Int?
    /// MiB that drawings of jobs may take together; nil = what the disk has.
    var spoolMebibytes: Int?
    /// Who is told what happens; nil = nobody.
    var webhooks: WebhookPlan?
    /// The fleet that this daemon is part of; nil = it stands alone.
    var cluster: ClusterPlan?

    /// Members of the file, in the order in which `config show` writes them.
    static let names = [
        "listen", "hosts", "proxies", "origins", "access", "profile", "firmware", "log", "limits", "webhooks",
        "cluster",
    ]
    private static let limitNames = [
        "connections", "connectionsPerAddress", "memoryMebibytes", "uploadMebibytes", "spoolMebibytes",
    ]
    private static let spoolRange = 1...1_000_000
    /// Files have at most 256 MB.
    private static let uploadRange = 1...256

    init() {}

    /// Reads a file: JSON with comments; an unknown member is refused with its line and the nearest name.
    init(_ bytes: [UInt8], path: String) throws(Failure) {
        let document: JSONValue
        let lines: [String: Int]
        do { (document, lines) = try JSONReader.readWithLines(bytes) } catch {
            throw Failure(source: path, line: error.line, reason: "\(error.reason) (column \(error.column))")
        }
        guard case .object(let members) = document else {
            throw Failure(source: path, line: 1, reason: "the file must hold one object { … }")
        }
        // Told before what a newer program's members may be.
        if let reason = FileVersion.refusal(of: document) {
            throw Failure(source: path, line: lines["/version"], reason: reason)
        }
        for (name, value) in members where name != "version" {
            do throws(Reason) { try take(name, value) } catch {
                throw Failure(source: path, line: Self.line(of: error.pointer, lines), reason: error.text)
            }
        }
    }

    /// The line of a member, or of the nearest one around it that has one.
    private static func line(of pointer: String, _ lines: [String: Int]) -> Int? {
        var pointer = "/" + pointer
        while lines[pointer] == nil, let slash = pointer.lastIndex(of: "/"), slash > pointer.startIndex {
            pointer = String(pointer[..<slash])
        }
        return lines[pointer]
    }

    /// The file at a path; nothing if there is none.
    static func file(_ path: String) throws(Failure) -> ServiceConfiguration {
        if InputFile.isTooLarge(path) { throw Failure(source: path, line: nil, reason: InputFile.tooLargeReason) }
        guard let data = FileManager.default.contents(atPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw Failure(source: path, line: nil, reason: "it cannot be opened")
            }
            return ServiceConfiguration()
        }
        return try ServiceConfiguration(Array(data), path: path)
    }

    /// The environment over this: `AXIDRAWD_LISTEN`, `AXIDRAWD_HOSTS` and so on, lists with commas.
    func overridden(by environment: [String: String]) throws(Failure) -> ServiceConfiguration {
        var result = self
        for name in Self.names where !["limits", "webhooks", "cluster"].contains(name) {
            let variable = "AXIDRAWD_" + name.uppercased()
            guard let text = environment[variable] else { continue }
            let isList = ["listen", "hosts", "proxies", "origins"].contains(name)
            let value: JSONValue =
                isList ? .array(text.split(separator: ",").map { .string(String($0)) }) : .string(text)
            do throws(Reason) { try result.take(name, value) } catch {
                throw Failure(source: variable, line: nil, reason: error.text)
            }
        }
        if let text = environment[MemoryAllowance.variable] {
            guard let number = ASCII.decimal(text.utf8), MemoryAllowance.settable.contains(number) else {
                throw Failure(
                    source: MemoryAllowance.variable, line: nil, reason: "it must be \(MemoryAllowance.expected)")
            }
            result.memoryMebibytes = number
        }
        return result
    }

    /// Why a member cannot be used.
    struct Reason: Error {
        /// JSON pointer without its first slash.
        var pointer: String
        var text: String
    }

    /// What members say.
    init(members: [(String, JSONValue)]) throws(Reason) {
        for (name, value) in members { try take(name, value) }
    }

    private mutating func take(_ name: String, _ value: JSONValue) throws(Reason) {
        switch name {
        case "listen":
            listen = try Self.texts(name, value).map { text throws(Reason) in
                guard let endpoint = DaemonOptions.Endpoint(text) else {
                    throw Reason(pointer: name, text: "\(quoted(text)) is no HOST:PORT and no unix:PATH")
                }
                return endpoint
            }
        case "hosts": hosts = try Self.texts(name, value)
        case "proxies":
            proxies = try Self.texts(name, value)
            if let wrong = proxies?.first(where: { $0 != "unix" && AddressRange($0) == nil }) {
                throw Reason(
                    pointer: name,
                    text: "\(quoted(wrong)) is no address such as 10.0.0.2, no range such as 10.0.0.0/8, and not unix")
            }
        case "origins": origins = try Self.texts(name, value)
        case "access":
            guard let rule = AccessRule(rawValue: try Self.text(name, value)) else {
                let known = AccessRule.allCases.map(\.rawValue).joined(separator: ", ")
                throw Reason(pointer: name, text: "access must be one of \(known)")
            }
            access = rule
        case "profile": profile = try Self.text(name, value)
        case "firmware":
            guard let version = FirmwareVersion(try Self.text(name, value)) else {
                throw Reason(pointer: name, text: "firmware must be a version such as \"3.0.3\"")
            }
            firmware = version
        case "log":
            guard let form = Log.Form(rawValue: try Self.text(name, value)) else {
                throw Reason(pointer: name, text: "log must be \"text\" or \"json\"")
            }
            log = form
        case "limits": try takeLimits(value)
        case "webhooks": webhooks = try Self.webhookPlan(value)
        case "cluster": cluster = try Self.clusterPlan(value)
        default: throw Self.unknown(name, pointer: name, known: Self.names)
        }
    }

    private mutating func takeLimits(_ value: JSONValue) throws(Reason) {
        guard case .object(let members) = value else {
            throw Reason(pointer: "limits", text: "limits must be an object { … }")
        }
        for (name, value) in members {
            let pointer = "limits/" + name
            guard Self.limitNames.contains(name) else {
                throw Self.unknown(name, pointer: pointer, known: Self.limitNames)
            }
            let range =
                switch name {
                case "memoryMebibytes": MemoryAllowance.settable
                case "uploadMebibytes": Self.uploadRange
                case "spoolMebibytes": Self.spoolRange
                default: 1...100_000
                }
            // As it is shown where nothing is set.
            if name == "spoolMebibytes", case .null = value {
                spoolMebibytes = nil
                continue
            }
            guard case .integer(let number) = value, range.contains(number) else {
                throw Reason(
                    pointer: pointer,
                    text: "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            switch name {
            case "connections": connections = number
            case "connectionsPerAddress": connectionsPerAddress = number
            case "uploadMebibytes": uploadMebibytes = number
            case "spoolMebibytes": spoolMebibytes = number
            default: memoryMebibytes = number
            }
        }
    }

    static func unknown(_ name: String, pointer: String, known: [String]) -> Reason {
        let meant =
            nearest(name, in: known).map { ", did you mean \($0)?" } ?? "; known are \(known.joined(separator: ", "))"
        return Reason(pointer: pointer, text: "unknown member \(quoted(name))\(meant)")
    }

    private static func text(_ name: String, _ value: JSONValue) throws(Reason) -> String {
        guard case .string(let text) = value, !text.isEmpty else {
            throw Reason(pointer: name, text: "\(name) must be a text")
        }
        return text
    }

    private static func texts(_ name: String, _ value: JSONValue) throws(Reason) -> [String] {
        guard case .array(let items) = value else { throw Reason(pointer: name, text: "\(name) must be a list") }
        return try items.map { item throws(Reason) in try text(name, item) }
    }

    /// What is in force, for `config show` and the settings of the API; nothing in it is secret.
    var json: JSONValue {
        func list(_ items: [String]?) -> JSONValue { .array((items ?? []).map { .string($0) }) }
        return .object([
            ("listen", list(listen?.map(\.text))), ("hosts", list(hosts)), ("proxies", list(proxies)),
            ("origins", list(origins)), ("access", .string(accessRule.rule.rawValue)),
            ("profile", profile.map { .string($0) } ?? .null),
            ("firmware", firmware.map { .string($0.description) } ?? .null),
            ("log", .string((log ?? .text).rawValue)),
            (
                "limits",
                .object([
                    ("connections", .integer(connections ?? HTTPLimits().connections)),
                    ("connectionsPerAddress", .integer(connectionsPerAddress ?? HTTPLimits().connectionsPerAddress)),
                    ("memoryMebibytes", .integer(MemoryAllowance(settingMebibytes: memoryMebibytes).mebibytes)),
                    ("uploadMebibytes", .integer(uploadMebibytes ?? HTTPLimits().drawingBody >> 20)),
                    ("spoolMebibytes", spoolMebibytes.map { .integer($0) } ?? .null),
                ])
            ),
            ("webhooks", (webhooks ?? WebhookPlan()).json), ("cluster", (cluster ?? ClusterPlan()).json),
        ])
    }

    /// What holds where neither flag nor variable nor file says anything.
    static func standard(_ environment: [String: String]) throws(Failure) -> ServiceConfiguration {
        let variable = "AXIDRAWD_DEFAULT_ACCESS"
        var result = ServiceConfiguration()
        guard let text = environment[variable] else { return result }
        do throws(Reason) { try result.take("access", .string(text)) } catch {
            throw Failure(source: variable, line: nil, reason: error.text)
        }
        return result
    }

    /// What people are told of who needs a key.
    var accessSentence: String {
        let (rule, reason) = accessRule
        switch rule {
        case .open: return "access is open: whoever reaches this daemon may do everything, without a key"
        case .local:
            return "access is local: from this machine nobody needs a key; a proxy or tunnel on it that adds no "
                + "X-Forwarded-For cannot be told from a browser on it, so behind one set access to keys"
        case .keys:
            return "access is by keys" + (reason.map { ", because \($0)" } ?? "")
                + "; on this machine the Unix socket needs none"
        }
    }

    /// Who needs a key, and why where it is not said in so many words.
    ///
    /// A proxy that adds no forwarding field cannot be told from a browser on this machine. So as soon as something speaks
    /// for a proxy or for guests, loopback is trusted no more.
    var accessRule: (rule: AccessRule, reason: String?) {
        if let access { return (access, nil) }
        if !(proxies ?? []).isEmpty { return (.keys, "proxies are set") }
        if !(hosts ?? []).isEmpty { return (.keys, "hosts are set") }
        if let other = listen?.first(where: { !$0.isLocal }) { return (.keys, "it listens on \(other.text)") }
        return (.local, nil)
    }
}

internal import Dispatch
internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// The configuration in force: shown, changed through the API, read again from its file.
final class Settings: Sendable {
    private let layers: Mutex<ConfigurationLayers>
    /// Keeps what is chosen; nil keeps it in memory only.
    private let file: SettingsFile?
    private let log: Log
    /// Puts a changed configuration into force; called with the lock held, so in order.
    private let apply: @Sendable (ServiceConfiguration) -> Void
    /// Changes run here one after the other: they wait for the disk.
    private let queue = DispatchQueue(label: "axidrawd.settings", qos: .utility)

    init(
        _ layers: ConfigurationLayers, file: SettingsFile?, log: Log,
        apply: @escaping @Sendable (ServiceConfiguration) -> Void
    ) {
        self.layers = Mutex(layers)
        self.file = file
        self.log = log
        self.apply = apply
    }

    var effective: ServiceConfiguration { layers.withLock { $0.effective } }

    private static func tag(_ json: JSONValue) -> String { "\"\(SHA256.hexadecimal(json.bytes).prefix(16))\"" }

    // MARK: The file

    /// Takes what the configuration file says now.
    ///
    /// - Returns: members now in force, and members that wait for a new start.
    func reload(_ configuration: ServiceConfiguration) -> (changed: [String], waiting: [String]) {
        layers.withLock { layers in
            let before = layers.effective
            var wanted = layers
            wanted.file = configuration
            let different = wanted.effective.differences(from: before)
            let live = Set(ServiceConfiguration.fileLiveNames)
            // What cannot change now stays as it was at the start, in force and as shown.
            layers.file.hosts = configuration.hosts
            layers.file.proxies = configuration.proxies
            layers.file.origins = configuration.origins
            layers.file.access = configuration.access
            layers.file.webhooks = configuration.webhooks
            layers.file.cluster = configuration.cluster
            layers.file.memoryMebibytes = configuration.memoryMebibytes
            layers.file.uploadMebibytes = configuration.uploadMebibytes
            layers.file.spoolMebibytes = configuration.spoolMebibytes
            layers.file.connections = configuration.connections
            layers.file.connectionsPerAddress = configuration.connectionsPerAddress
            let changed = different.filter(live.contains)
            if !changed.isEmpty { apply(layers.effective) }
            return (changed, different.filter { !live.contains($0) })
        }
    }

    // MARK: Routes

    var routes: [Route] {
        [
            Route(
                method: "GET", pattern: "/v1/settings", role: .viewer, operation: "showSettings",
                summary: "The configuration in force", schema: "Settings",
                handler: { [self] request in
                    let json = effective.json
                    return .now(EntityTag.answer(request, tag: Self.tag(json), json))
                }),
            Route(
                method: "PUT", pattern: "/v1/settings", role: .admin, operation: "replaceSettings",
                summary:
                    "Choose hosts, proxies, origins, access and limits anew; what is left out follows the file again",
                accepts: ["application/json"], requestSchema: "SettingsChange", bodyLimit: Route.smallBody,
                schema: "Settings",
                handler: { [self] in changing($0) { body, _ in body } }),
            Route(
                method: "PATCH", pattern: "/v1/settings", role: .admin, operation: "changeSettings",
                summary: "Change some of hosts, proxies, origins, access and limits; null follows the file again",
                accepts: ["application/json", "application/merge-patch+json"], requestSchema: "SettingsChange",
                bodyLimit: Route.smallBody, schema: "Settings",
                handler: { [self] in changing($0) { body, chosen in chosen.merged(with: body) } }),
        ]
    }

    private func changing(
        _ request: HTTPRequest, _ chosen: @escaping @Sendable (_ body: JSONValue, _ chosen: JSONValue) -> JSONValue
    ) -> Answer {
        .later { [self] in
            await withCheckedContinuation { done in
                queue.async { @Sendable [self] in
                    do throws(Problem) { done.resume(returning: .now(try change(request, chosen))) } catch {
                        done.resume(returning: .refused(error))
                    }
                }
            }
        }
    }

    private func change(
        _ request: HTTPRequest, _ chosen: (JSONValue, JSONValue) -> JSONValue
    ) throws(Problem) -> Response {
        let body: JSONValue
        do { body = try JSONReader.read(request.body) } catch {
            var problem = Problem.malformed("The body is no JSON: \(error.reason).")
            problem.line = error.line
            problem.column = error.column
            throw problem
        }
        guard case .object = body else { throw .malformed("The body must be one object { … }.") }
        let (json, names) = try layers.withLock { layers throws(Problem) in
            let before = layers.effective
            try EntityTag.require(request, tag: Self.tag(before.json))
            var next = layers
            next.chosen = try Self.configuration(chosen(body, layers.chosen.spoken), layers)
            try store(next.chosen)
            layers = next
            let after = next.effective
            apply(after)
            return (after.json, after.differences(from: before))
        }
        if !names.isEmpty {
            log.write(
                .info, "settings changed", [("request", request.requestId), ("members", names.joined(separator: " "))])
        }
        return Response(200, json).adding("ETag", Self.tag(json))
    }

    /// What is chosen by a document; members that cannot be changed may be there as they are.
    private static func configuration(
        _ document: JSONValue, _ layers: ConfigurationLayers
    ) throws(Problem) -> ServiceConfiguration {
        let shown = layers.effective.json
        let fixed = layers.fixed.spoken
        var members: [(String, JSONValue)] = []
        guard case .object(let wanted) = document else { throw .malformed("The body must be one object { … }.") }
        for (name, value) in wanted {
            let isLive = ServiceConfiguration.liveNames.contains(name)
            if !isLive || fixed[name] != nil, let present = shown[name] {
                guard value == present else {
                    throw unusable(
                        "/" + name,
                        isLive ? "\(name) is fixed by a flag or the environment" : "\(name) is read at the start")
                }
                continue
            }
            members.append((name, value))
        }
        do throws(ServiceConfiguration.Reason) { return try ServiceConfiguration(members: members) } catch {
            throw unusable("/" + error.pointer, error.text)
        }
    }

    private static func unusable(_ pointer: String, _ detail: String) -> Problem {
        var problem = Problem(422, "settings", "Unusable settings", "\(detail).")
        problem.errors = [.init(pointer: pointer, detail: detail)]
        return problem
    }

    private func store(_ chosen: ServiceConfiguration) throws(Problem) {
        guard let file else { return }
        do throws(SpoolError) { try file.write(chosen.spoken) } catch {
            log.write(.error, "the settings cannot be stored", [("reason", error.description)])
            if case .noSpace = error {
                throw Problem(
                    507, "disk-full", "Disk full", "There is no space to store the settings; nothing changed.")
            }
            throw .internalError
        }
    }
}

/// What is chosen through the API, as `settings.json` in the state folder.
struct SettingsFile: Sendable {
    /// Folder of the daemon's state.
    var folder: String

    static let name = "settings.json"
    var path: String { folder + "/" + Self.name }

    /// Writes beside it and renames over it, so that readers and a crash see the old one or the new one.
    func write(_ value: JSONValue) throws(SpoolError) {
        // What cannot be made shows when the folder is opened.
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let directory = try SpoolDirectory(path: folder)
        let partial = Self.name + ".partial"
        do throws(SpoolError) { try directory.removeFile(partial) } catch {
            guard case .notFound = error else { throw error }
        }
        try directory.createSynced(partial, value.bytes + [ASCII.lineFeed])
        try directory.rename(partial, to: Self.name)
        try directory.syncDirectory("")
    }
}

extension JSONValue {
    /// RFC 7396: members of the patch take the place of ours, null removes one, objects are merged.
    func merged(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members: [(String, JSONValue)] = []
        if case .object(let own) = self { members = own }
        for (name, value) in changes {
            let index = members.firstIndex { $0.0 == name }
            if case .null = value {
                if let index { members.remove(at: index) }
                continue
            }
            let old = index.map { members[$0].1 } ?? .null
            if let index {
                members[index].1 = old.merged(with: value)
            } else {
                members.append((name, old.merged(with: value)))
            }
        }
        return .object(members)
    }
}

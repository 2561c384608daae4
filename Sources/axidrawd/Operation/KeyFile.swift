internal import Foundation
internal import HTTP
internal import Text

/// The keys on disk: `keys.json` in the state folder, mode 0600, never a key itself but its hash.
struct KeyFile: Sendable {
    /// Why the file could not be used.
    enum Failure: Error, Equatable {
        case unreadable(path: String, reason: String)
        case unwritable(path: String, reason: String)
        /// Others could read or change it: its permission bits.
        case exposed(path: String, mode: UInt32)
        case nameTaken(String)
        case unknownName(String)
    }

    /// The file: `DIRECTORY/keys.json`.
    let path: String

    /// Begins every key, so that a leaked one is recognised.
    static let prefix = "axd_"
    /// Begins the secret of a button's address.
    static let buttonPrefix = "axb_"

    /// When the file was last replaced.
    var modified: Date? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.modificationDate] as? Date
    }

    var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    /// The keys; none if there is no file.
    func read() throws(Failure) -> [CredentialTable.Key] {
        guard let document = try document() else { return [] }
        guard case .array(let items)? = document["keys"] else {
            throw .unreadable(path: path, reason: "it holds no list of keys")
        }
        var keys: [CredentialTable.Key] = []
        for item in items {
            guard let key = Self.key(item) else { throw .unreadable(path: path, reason: "an entry is damaged") }
            keys.append(key)
        }
        return keys
    }

    /// What the file says; nil if there is none. One that others can read or write is refused.
    func document() throws(Failure) -> JSONValue? {
        if InputFile.isTooLarge(path) { throw .unreadable(path: path, reason: InputFile.tooLargeReason) }
        guard let data = FileManager.default.contents(atPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw .unreadable(path: path, reason: "it cannot be opened")
            }
            return nil
        }
        if let found = SpoolDirectory.ownership(ofFile: path), found.mode & 0o077 != 0 {
            throw .exposed(path: path, mode: found.mode)
        }
        let document: JSONValue
        do { document = try JSONReader.read(Array(data)) } catch {
            throw .unreadable(path: path, reason: error.description)
        }
        // Else a change would write it anew without what this program does not know.
        if let reason = FileVersion.refusal(of: document) { throw .unreadable(path: path, reason: reason) }
        return document
    }

    private static func key(_ item: JSONValue) -> CredentialTable.Key? {
        guard case .string(let name)? = item["name"], case .string(let role)? = item["role"],
            let role = Role.allCases.first(where: { $0.name == role }), case .string(let hash)? = item["sha256"],
            let bytes = SHA256.bytes(hash), case .string(let created)? = item["createdAt"]
        else { return nil }
        var expires: Int?
        if case .integer(let seconds)? = item["expiresAtUnixSeconds"] { expires = seconds }
        var plotter: String?
        if case .string(let name)? = item["plotter"] { plotter = name }
        return CredentialTable.Key(
            name: name, role: role, hash: bytes, created: created, expires: expires, plotter: plotter)
    }

    /// Makes a key and stores its hash; the key itself is returned once and kept nowhere.
    ///
    /// - Parameter plotter: makes the secret of a button that presses this plotter and can do nothing else.
    func add(
        name: String, role: Role, expires: Int?, plotter: String? = nil, now: Int
    ) throws(Failure) -> String {
        let key = (plotter == nil ? Self.prefix : Self.buttonPrefix) + CredentialTable.randomText(bytes: 32)
        try change { keys throws(Failure) in
            guard !keys.contains(where: { $0.name == name }) else { throw .nameTaken(name) }
            keys.append(
                CredentialTable.Key(
                    name: name, role: role, hash: SHA256.digest(key.utf8),
                    created: DateText.stamp(unixMilliseconds: now * 1000), expires: expires, plotter: plotter))
        }
        return key
    }

    /// Makes a key worthless.
    func revoke(name: String) throws(Failure) {
        try change { keys throws(Failure) in
            guard keys.contains(where: { $0.name == name }) else { throw .unknownName(name) }
            keys.removeAll { $0.name == name }
        }
    }

    /// Reads, changes and replaces the file while nobody else does; waits for its turn.
    private func change(_ body: (inout [CredentialTable.Key]) throws(Failure) -> Void) throws(Failure) {
        try locked { () throws(Failure) in
            var keys = try read()
            try body(&keys)
            try write(keys)
        }
    }

    /// Does something while nobody else changes a file of the folder; waits for its turn.
    func locked(_ body: () throws(Failure) -> Void) throws(Failure) {
        try makeFolder()
        let lock: SpoolDirectory.FolderLock
        do throws(SpoolError) { lock = try SpoolDirectory.FolderLock(folder) } catch {
            throw .unwritable(path: path, reason: "\(error)")
        }
        defer { withExtendedLifetime(lock) {} }
        try body()
    }

    private func makeFolder() throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw .unwritable(path: path, reason: error.localizedDescription) }
    }

    // MARK: Last use

    /// Beside the keys: the daemon writes it, the keys themselves are changed from the command line only.
    private var usePath: String { path.hasSuffix(".json") ? String(path.dropLast(5)) + "-used.json" : path + "-used" }

    /// What a file beside the keys says; nil if there is none or it is damaged.
    ///
    /// - Throws: when a newer program wrote it. It is then neither used nor written over.
    private func besides(_ path: String) throws(Failure) -> JSONValue? {
        guard !InputFile.isTooLarge(path), let data = FileManager.default.contents(atPath: path),
            let document = try? JSONReader.read(Array(data))
        else {
            return nil
        }
        if let reason = FileVersion.refusal(of: document) { throw .unreadable(path: path, reason: reason) }
        return document
    }

    /// Why files beside the keys are not used; empty where all is well.
    func setAside() -> [Failure] {
        [usePath, sessionPath].compactMap { path in
            do throws(Failure) {
                _ = try besides(path)
                return nil
            } catch { return error }
        }
    }

    /// When keys were last used, by name, Unix seconds. A file that cannot be read tells nothing.
    func lastUses() -> [String: Int] {
        guard case .object(let members)? = (try? besides(usePath))?["lastUses"] else { return [:] }
        var uses: [String: Int] = [:]
        for case (let name, .integer(let seconds)) in members { uses[name] = seconds }
        return uses
    }

    /// Keeps the uses of keys that there are, the latest of each.
    func note(_ uses: [String: Int]) throws(Failure) {
        _ = try besides(usePath)
        let names = Set(try read().map(\.name))
        let merged = lastUses().merging(uses) { max($0, $1) }.filter { names.contains($0.key) }
        let members = merged.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.integer($0.value)) }
        try replace(usePath, with: .object([("version", .integer(1)), ("lastUses", .object(members))]))
    }

    // MARK: Lasting sessions

    /// Beside the keys, as their last uses: hashes only.
    private var sessionPath: String {
        path.hasSuffix(".json") ? String(path.dropLast(5)) + "-sessions.json" : path + "-sessions"
    }

    /// Sessions of screens from before the start. A file that cannot be read, or that others can get at, holds none.
    func sessions() -> [CredentialTable.KeptSession] {
        guard let found = SpoolDirectory.ownership(ofFile: sessionPath), found.mode & 0o077 == 0,
            case .array(let items)? = (try? besides(sessionPath))?["sessions"]
        else { return [] }
        return items.compactMap { item in
            guard case .string(let token)? = item["tokenSha256"], let token = SHA256.bytes(token),
                case .string(let key)? = item["keySha256"], let key = SHA256.bytes(key)
            else { return nil }
            return .init(token: token, key: key)
        }
    }

    func keep(_ sessions: [CredentialTable.KeptSession]) throws(Failure) {
        guard sessions != self.sessions() else { return }
        _ = try besides(sessionPath)
        let items = sessions.map { session in
            JSONValue.object([
                ("tokenSha256", .string(SHA256.text(session.token))), ("keySha256", .string(SHA256.text(session.key))),
            ])
        }
        try replace(sessionPath, with: .object([("version", .integer(1)), ("sessions", .array(items))]))
    }

    /// Replaces the file as a whole; readers see the old one or the new one.
    private func write(_ keys: [CredentialTable.Key]) throws(Failure) {
        let items = keys.map { key -> JSONValue in
            var members: [(String, JSONValue)] = [
                ("name", .string(key.name)), ("role", .string(key.role.name)),
                ("sha256", .string(SHA256.text(key.hash))),
                ("createdAt", .string(key.created)),
                ("expiresAtUnixSeconds", key.expires.map { .integer($0) } ?? .null),
            ]
            if let plotter = key.plotter { members.append(("plotter", .string(plotter))) }
            return JSONValue.object(members)
        }
        let document = JSONValue.object([("version", .integer(1)), ("keys", .array(items))])
        try replace(path, with: document)
    }

    /// What is written by root for a service stays, or becomes, the service's: its file's owner, else its folder's.
    func replace(_ path: String, with document: JSONValue) throws(Failure) {
        try makeFolder()
        let name = URL(fileURLWithPath: path).lastPathComponent
        do throws(SpoolError) {
            let directory = try SpoolDirectory(path: folder)
            let next = name + ".next"
            do throws(SpoolError) { try directory.removeFile(next) } catch {
                guard case .notFound = error else { throw error }
            }
            try directory.createSynced(next, document.bytes + [0x0A])
            try directory.give(next, toOwnerOf: name)
            try directory.rename(next, to: name)
            try directory.syncDirectory("")
        } catch { throw .unwritable(path: path, reason: "\(error)") }
    }
}

extension KeyFile.Failure: CustomStringConvertible {
    /// What is wrong and what to do.
    var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be used: \(reason)"
        case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
        case .exposed(let path, let mode):
            "\(path) has mode 0\(String(mode, radix: 8)), so others can get at it; look whether its keys are still yours, "
                + "then: chmod 600 \(path)"
        case .nameTaken(let name):
            "there is a key named \(name) already; revoke it first or choose another name"
        case .unknownName(let name): "there is no key named \(name); axidrawd keys list shows them"
        }
    }
}

/// Folders of the daemon, from the environment as systemd and XDG give them.
struct DaemonPaths: Sendable {
    let state: String
    let configuration: String
    let runtime: String?
    private let isSimulated: Bool

    /// - Parameter isSimulated: what is simulated has a state of its own and can never reach a machine.
    init(environment: [String: String], isSimulated: Bool) {
        self.isSimulated = isSimulated
        /// Relative values are ignored, as the XDG specification asks.
        func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        let home = absolute("HOME") ?? "/"
        let state = absolute("STATE_DIRECTORY") ?? (absolute("XDG_STATE_HOME") ?? home + "/.local/state") + "/axidrawd"
        self.state = isSimulated ? state + "/simulated" : state
        configuration =
            absolute("CONFIGURATION_DIRECTORY") ?? (absolute("XDG_CONFIG_HOME") ?? home + "/.config") + "/axidrawd"
        runtime = absolute("RUNTIME_DIRECTORY") ?? absolute("XDG_RUNTIME_DIR").map { $0 + "/axidrawd" }
    }

    var keys: String { state + "/keys.json" }
    /// Where the daemon can be reached on this machine without a port; nil without a runtime folder.
    var socket: String? { runtime.map { $0 + (isSimulated ? "/simulated.socket" : "/socket") } }

    /// The socket's path with its folder there, closed to others; nil where there can be none.
    func makeSocketFolder() -> String? {
        guard let socket, let runtime else { return nil }
        try? FileManager.default.createDirectory(
            atPath: runtime, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let attributes = try? FileManager.default.attributesOfItem(atPath: runtime)
        return attributes?[.type] as? FileAttributeType == .typeDirectory ? socket : nil
    }

    var configurationFile: String { configuration + "/config.json" }
}

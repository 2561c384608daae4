internal import Dispatch
internal import Foundation
internal import HTTP
internal import Text

/// Keys made and revoked in the running daemon, which knows where they are kept and that it may.
///
/// Who comes without a key must be root or the daemon's own user, as the Unix socket tells: who may plot from this machine
/// may not therefore give himself, or others, a way in for good.
struct KeyRoutes: Sendable {
    /// nil where keys are kept in memory only.
    let file: KeyFile?
    let credentials: CredentialTable
    let log: Log

    /// Work on the file waits for the disk and for others who change it.
    private static let queue = DispatchQueue(label: "axidrawd.keys", qos: .utility)

    var routes: [Route] {
        [
            Route(
                method: "GET", pattern: "/v1/keys", role: .admin, operation: "listKeys",
                summary: "The keys by name, never a key itself", schema: "KeyList",
                handler: onFile { (file, _) throws(KeyFile.Failure) in
                    let uses = file.lastUses()
                    let items = try file.read().map { $0.json(lastUse: $0.lastUse(uses)) }
                    return Response(200, .object([("items", .array(items)), ("next", .null)]))
                }),
            Route(
                method: "POST", pattern: "/v1/keys", role: .admin, operation: "addKey",
                summary: "Make a key; it is told in this answer only",
                query: [
                    .init(name: "name", summary: "1 to 64 letters, digits, dots, hyphens or underscores"),
                    .init(name: "role", summary: "viewer (default), operator or admin"),
                    .init(name: "button", summary: "Or of a button: the plotter that it presses"),
                    .init(name: "days", summary: "How long it is good for; for ever without it", type: "integer"),
                ], schema: "NewKey", statuses: [201],
                handler: { request in
                    do throws(Problem) {
                        let wanted = try Self.wanted(request)
                        return onFile { (file, _) throws(KeyFile.Failure) in
                            let key = try file.add(
                                name: wanted.name, role: wanted.role, expires: wanted.expires, plotter: wanted.plotter,
                                now: Int(Date().timeIntervalSince1970))
                            credentials.replaceKeys(try file.read())
                            log.write(.info, "key made", [("key", wanted.name), ("role", wanted.role.name)])
                            return Response(
                                201,
                                .object([
                                    ("name", .string(wanted.name)), ("key", .string(key)), ("path", .string(file.path)),
                                ]))
                        }(request)
                    } catch { return .refused(error) }
                }),
            Route(
                method: "DELETE", pattern: "/v1/keys/{name}", role: .admin, operation: "revokeKey",
                summary: "Make a key worthless, and end its sessions", produces: [], statuses: [204],
                handler: onFile { (file, request) throws(KeyFile.Failure) in
                    let name = request.parameters["name"] ?? ""
                    try file.revoke(name: name)
                    credentials.replaceKeys(try file.read())
                    keep(in: file)
                    log.write(.info, "key revoked", [("key", name)])
                    return Response(204)
                }),
        ]
    }

    /// Keeps the sessions that are to outlive the process; what cannot be kept ends with it.
    func keepSessions() async {
        guard let file else { return }
        await withCheckedContinuation { done in
            Self.queue.async { @Sendable in
                keep(in: file)
                done.resume()
            }
        }
    }

    /// Makes a viewer's key that nobody is told, so that a screen's session has a record of a key to live by: it is listed
    /// and revoked like any other.
    ///
    /// - Returns: what went wrong, or nil.
    func addScreen(_ name: String) async -> Problem? {
        guard let file else { return Self.noFile }
        return await withCheckedContinuation { done in
            Self.queue.async { @Sendable in
                do throws(KeyFile.Failure) {
                    _ = try file.add(
                        name: name, role: .viewer, expires: nil, now: Int(Date().timeIntervalSince1970))
                    credentials.replaceKeys(try file.read())
                    log.write(.info, "screen let in", [("key", name)])
                    done.resume(returning: nil)
                } catch { done.resume(returning: Self.problem(error)) }
            }
        }
    }

    private func keep(in file: KeyFile) {
        do throws(KeyFile.Failure) { try file.keep(credentials.lastingSessions) } catch {
            log.write(.warning, "sessions of screens cannot be kept", [("reason", error.description)])
        }
    }

    private struct Wanted: Sendable {
        var name: String
        var role: Role
        var plotter: String?
        var expires: Int?
    }

    private static func wanted(_ request: HTTPRequest) throws(Problem) -> Wanted {
        let name = request.query("name") ?? ""
        guard KeyFile.isName(name) else { throw .malformed("name must be \(KeyFile.namePattern).") }
        let word = request.query("role") ?? "viewer"
        guard let role = Role.allCases.first(where: { $0.name == word }), role != .anyone else {
            throw .malformed("role must be viewer, operator or admin.")
        }
        var expires: Int?
        if let text = request.query("days") {
            guard let days = ASCII.decimal(text.utf8), (1...36500).contains(days) else {
                throw .malformed("days must be a whole number from 1 to 36500.")
            }
            expires = Int(Date().timeIntervalSince1970) + days * 86400
        }
        return Wanted(name: name, role: role, plotter: request.query("button"), expires: expires)
    }

    /// A handler that works on the file, for those who may.
    private func onFile(
        _ body: @escaping @Sendable (KeyFile, HTTPRequest) throws(KeyFile.Failure) -> Response
    ) -> Handler {
        let file = file
        return { request in
            if let problem = Self.objection(request) { return .refused(problem) }
            guard let file else {
                return .refused(Self.noFile)
            }
            return .later {
                await withCheckedContinuation { done in
                    Self.queue.async { @Sendable in
                        do throws(KeyFile.Failure) { done.resume(returning: .now(try body(file, request))) } catch {
                            done.resume(returning: .refused(Self.problem(error)))
                        }
                    }
                }
            }
        }
    }

    private static let noFile = Problem(503, "no-key-file", "No keys", "This daemon keeps no keys.")

    private static func objection(_ request: HTTPRequest) -> Problem? {
        guard request.caller.credential == .local else { return nil }
        if let user = request.user, user == 0 || user == Socket.ownUser { return nil }
        return Problem(
            403, "not-owner", "Not the owner",
            "Keys are made by root or the daemon's own user over the Unix socket, or with a key of the role admin.")
    }

    private static func problem(_ failure: KeyFile.Failure) -> Problem {
        switch failure {
        case .unreadable, .exposed, .unwritable: Problem(500, "key-file", "The file of keys", "\(failure).")
        case .nameTaken: Problem(409, "name-taken", "The name is taken", "\(failure).")
        case .unknownName: Problem(404, "unknown-key", "No such key", "\(failure).")
        }
    }
}

extension KeyFile {
    static let namePattern = "1 to 64 letters, digits, dots, hyphens or underscores"

    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0)) || $0 == 0x2D || $0 == 0x2E
                    || $0 == 0x5F
            }
    }
}

extension CredentialTable.Key {
    /// When it was last used; an earlier key of the same name says nothing about it.
    func lastUse(_ uses: [String: Int]) -> String? {
        let stamp = uses[name].map { DateText.stamp(unixMilliseconds: $0 * 1000) }
        // Whole seconds against milliseconds: the second in which it was made counts.
        return stamp.flatMap { $0.prefix(19) >= created.prefix(19) ? $0 : nil }
    }

    func json(lastUse: String?) -> JSONValue {
        .object([
            ("name", .string(name)), ("role", .string(plotter == nil ? role.name : "button")),
            ("plotter", plotter.map { .string($0) } ?? .null), ("createdAt", .string(created)),
            ("expiresAt", expires.map { .string(DateText.stamp(unixMilliseconds: $0 * 1000)) } ?? .null),
            ("lastUsedAt", lastUse.map { .string($0) } ?? .null),
        ])
    }
}

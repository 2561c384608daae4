internal import Foundation
internal import Text

/// The secrets that messages to receivers are signed with: `webhook-secrets.json` in the state folder, mode 0600.
struct WebhookSecretFile: Sendable {
    /// The file; shares lock, folder and owner with the keys beside it.
    let file: KeyFile

    init(folder: String) { file = KeyFile(path: folder + "/webhook-secrets.json") }

    /// Two while one is exchanged for another: both sign.
    static let most = 2

    /// By name of the receiver, newest first.
    private func read() throws(KeyFile.Failure) -> [(name: String, secrets: [String])] {
        guard let document = try file.document() else { return [] }
        guard case .object(let members)? = document["secrets"] else {
            throw .unreadable(path: file.path, reason: "it holds no secrets")
        }
        var found: [(name: String, secrets: [String])] = []
        for (name, value) in members {
            guard case .array(let items) = value else {
                throw .unreadable(path: file.path, reason: "an entry is damaged")
            }
            let secrets = items.compactMap { if case .string(let text) = $0 { text } else { nil } }
            guard !secrets.isEmpty, secrets.allSatisfy({ WebhookScheme.standard.key($0) != nil }) else {
                throw .unreadable(path: file.path, reason: "an entry is damaged")
            }
            found.append((name, secrets))
        }
        return found
    }

    /// What is to be done with the secrets of a receiver.
    enum Change { case nothing, add, keepNewest }

    /// The secrets of a receiver, newest first; the first one is made when it is asked for.
    func secrets(of name: String, _ change: Change = .nothing) throws(KeyFile.Failure) -> [String] {
        if case .nothing = change, let found = try read().first(where: { $0.name == name }) { return found.secrets }
        var result: [String] = []
        try file.locked { () throws(KeyFile.Failure) in
            var all = try read()
            let index = all.firstIndex { $0.name == name }
            var secrets = index.map { all[$0].secrets } ?? []
            let isNew = if case .add = change { true } else { secrets.isEmpty }
            if isNew {
                secrets.insert(WebhookScheme.standard.secret((0..<32).map { _ in .random(in: 0...255) }), at: 0)
            }
            if case .keepNewest = change { secrets = Array(secrets.prefix(1)) }
            secrets = Array(secrets.prefix(Self.most))
            if let index { all[index].secrets = secrets } else { all.append((name, secrets)) }
            let members = all.map { ($0.name, JSONValue.array($0.secrets.map { .string($0) })) }
            try file.replace(file.path, with: .object([("version", .integer(1)), ("secrets", .object(members))]))
            result = secrets
        }
        return result
    }

    /// The keys that sign for a receiver; empty when the file cannot be used.
    func keys(of name: String) -> [[UInt8]] {
        ((try? secrets(of: name)) ?? []).compactMap(WebhookScheme.standard.key)
    }
}

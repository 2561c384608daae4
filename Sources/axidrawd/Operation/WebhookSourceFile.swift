internal import Foundation
internal import Text

/// The signed senders on disk: `webhooks.json` in the state folder, mode 0600, since a signature needs the secret itself.
struct WebhookSourceFile: Sendable {
    /// The file; shares lock, folder and owner with the keys beside it.
    let file: KeyFile

    init(folder: String) { file = KeyFile(path: folder + "/webhooks.json") }

    /// For the daemon that reads it.
    var place: WebhookSources.Place {
        .init(
            modified: { file.modified },
            read: { () throws(WebhookSources.Unusable) in
                do throws(KeyFile.Failure) { return try read() } catch {
                    throw WebhookSources.Unusable(description: error.description)
                }
            })
    }

    /// The senders; none if there is no file.
    func read() throws(KeyFile.Failure) -> [WebhookSource] {
        guard let document = try file.document() else { return [] }
        guard case .array(let items)? = document["sources"] else {
            throw .unreadable(path: file.path, reason: "it holds no list of sources")
        }
        var sources: [WebhookSource] = []
        for item in items {
            guard let source = WebhookSource(item) else {
                throw .unreadable(path: file.path, reason: "an entry is damaged")
            }
            sources.append(source)
        }
        return sources
    }

    /// Reads, changes and replaces the file while nobody else does.
    func change(_ body: (inout [WebhookSource]) throws(KeyFile.Failure) -> Void) throws(KeyFile.Failure) {
        try file.locked { () throws(KeyFile.Failure) in
            var sources = try read()
            try body(&sources)
            try file.replace(
                file.path, with: .object([("version", .integer(1)), ("sources", .array(sources.map(\.stored)))]))
        }
    }
}

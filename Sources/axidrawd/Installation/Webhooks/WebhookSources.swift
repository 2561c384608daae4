internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// A sender whose messages are signed.
struct WebhookSource: Equatable, Sendable {
    /// As in the address: `/v1/webhooks/{source}`.
    var source: String
    var scheme: WebhookScheme
    /// Newest first; several while a secret is exchanged.
    var secrets: [String]
    /// The plotter that its messages press; nil where the message itself says which button it is of.
    var plotter: String?
    /// Kinds of message that press; empty = all. Others are answered and do nothing.
    var events: [String] = []

    /// So many secrets may be valid at a time.
    static let mostSecrets = 4

    /// Its secrets as keys.
    var keys: [[UInt8]] { secrets.compactMap(scheme.key) }
}

extension WebhookSource {
    /// As it stands in the file.
    var stored: JSONValue {
        .object([
            ("source", .string(source)), ("scheme", .string(scheme.rawValue)),
            ("secrets", .array(secrets.map { .string($0) })), ("plotter", plotter.map { .string($0) } ?? .null),
            ("events", .array(events.map { .string($0) })),
        ])
    }

    /// As it is shown: without its secrets.
    var shown: JSONValue {
        .object([
            ("source", .string(source)), ("scheme", .string(scheme.rawValue)), ("secrets", .integer(secrets.count)),
            ("plotter", plotter.map { .string($0) } ?? .null), ("events", .array(events.map { .string($0) })),
        ])
    }

    init?(_ item: JSONValue) {
        func texts(_ name: String) -> [String]? {
            guard case .array(let values)? = item[name] else { return nil }
            let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
            return texts.count == values.count ? texts : nil
        }
        guard case .string(let source)? = item["source"], ButtonDecoder.isSource(source),
            case .string(let word)? = item["scheme"], let scheme = WebhookScheme(rawValue: word),
            let secrets = texts("secrets"), (1...Self.mostSecrets).contains(secrets.count),
            secrets.allSatisfy({ scheme.key($0) != nil }), let events = texts("events")
        else { return nil }
        var plotter: String?
        if case .string(let name)? = item["plotter"] { plotter = name }
        self.init(source: source, scheme: scheme, secrets: secrets, plotter: plotter, events: events)
    }
}

/// The signed senders as the running daemon knows them: read again when the file has changed.
final class WebhookSources: Sendable {
    private struct State {
        var sources: [WebhookSource] = []
        var read: Date?
        var isBroken = false
    }

    /// Why the place cannot be read, for people.
    struct Unusable: Error, CustomStringConvertible {
        var description: String
    }

    /// Where they are kept.
    struct Place: Sendable {
        /// When it was last changed; nil where there is nothing.
        var modified: @Sendable () -> Date?
        var read: @Sendable () throws(Unusable) -> [WebhookSource]
    }

    private let place: Place?
    private let log: Log
    private let state = Mutex(State())

    /// - Parameter place: nil where there is none, and so no signed senders.
    init(_ place: Place?, log: Log) {
        self.place = place
        self.log = log
    }

    /// The signed sender of this name; nil where there is none of it.
    ///
    /// - Throws: a file that cannot be used opens nothing: every signed or unsigned message is refused until it can.
    func source(_ name: String) throws(Problem) -> WebhookSource? {
        guard let place else { return nil }
        return try state.withLock { state throws(Problem) in
            let modified = place.modified()
            if modified != state.read || state.isBroken {
                do throws(Unusable) {
                    state.sources = try place.read()
                    state.isBroken = false
                } catch {
                    if !state.isBroken {
                        log.write(.error, "signed webhooks cannot be read", [("reason", error.description)])
                    }
                    state.isBroken = true
                }
                state.read = modified
            }
            guard !state.isBroken else {
                throw Problem(
                    503, "webhook-file", "Senders unknown",
                    "The file of signed webhooks cannot be read; axidrawd webhooks list says why.")
            }
            return state.sources.first { $0.source == name }
        }
    }
}

internal import Foundation

/// One thing that happened, as the journal keeps it.
enum JournalEntry: Equatable, Sendable {
    case state(id: JobIdentifier, JobState, at: Int64, outcome: JobOutcome?)
    /// New places in the queue: all of them or none.
    case ranks([JobIdentifier: Int64])
    /// Plot options in place of those that a job was submitted with.
    case options(id: JobIdentifier, [String: String])
    /// A person has cancelled a job that is still being brought to rest. Read as `plotting` by versions before it was there.
    case cancelled(id: JobIdentifier, at: Int64)

    private static let cancelledReason = "cancelled"

    private struct Form: Codable {
        var kind: String
        var id: String?
        var state: String?
        var reason: String?
        var at: Int64?
        var outcome: JobOutcome?
        var ranks: [String: Int64]?
        var options: [String: String]?
    }

    func encoded() throws -> [UInt8] {
        let form =
            switch self {
            case .state(let id, let state, let at, let outcome):
                Form(
                    kind: "state", id: id.text, state: state.word, reason: state.detail, at: at, outcome: outcome)
            case .ranks(let ranks):
                Form(kind: "ranks", ranks: Dictionary(uniqueKeysWithValues: ranks.map { ($0.key.text, $0.value) }))
            case .options(let id, let options): Form(kind: "options", id: id.text, options: options)
            case .cancelled(let id, let at):
                Form(
                    kind: "state", id: id.text, state: JobState.plotting.word, reason: Self.cancelledReason, at: at)
            }
        return try Array(JSONEncoder.spool.encode(form))
    }

    /// Nil when it is none that this version writes.
    init?(encoded bytes: [UInt8]) {
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(bytes)) else { return nil }
        switch form.kind {
        case "state":
            guard let id = form.id.flatMap({ JobIdentifier($0) }), let word = form.state, let at = form.at,
                let state = JobState(word: word, detail: form.reason)
            else { return nil }
            let isCancelled = state == .plotting && form.reason == Self.cancelledReason
            self = isCancelled ? .cancelled(id: id, at: at) : .state(id: id, state, at: at, outcome: form.outcome)
        case "ranks":
            guard let named = form.ranks else { return nil }
            var ranks: [JobIdentifier: Int64] = [:]
            for (text, rank) in named {
                guard let id = JobIdentifier(text) else { return nil }
                ranks[id] = rank
            }
            self = .ranks(ranks)
        case "options":
            guard let id = form.id.flatMap({ JobIdentifier($0) }), let options = form.options else { return nil }
            self = .options(id: id, options)
        default: return nil
        }
    }
}

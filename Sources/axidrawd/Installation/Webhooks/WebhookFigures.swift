internal import Synchronization
internal import Text

/// How many presses have come over HTTP, by what came of them.
final class WebhookFigures: Sendable {
    /// Every result there is; `refused` stands for those that were answered with a problem.
    static let results = ["queued", "moved", "accepted", "repeated", "old", "noted", "refused"]

    private let held = Mutex<[String: Int]>([:])

    var counts: [String: Int] { held.withLock { $0 } }

    /// Counts an answer, or a refusal.
    func count(_ answer: JSONValue?) {
        var result = "refused"
        if case .string(let word)? = answer?["result"], Self.results.contains(word) { result = word }
        held.withLock { $0[result, default: 0] += 1 }
    }
}

internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// Answers to requests that carry an `Idempotency-Key`: a repeat gets the first answer, not a second effect.
///
/// Kept is only what was made (2xx); a refused request had no effect, so its repeat is judged anew. Keys of different
/// callers have nothing to do with each other. What is kept is bounded by count and bytes; the oldest makes room. A key
/// is durable with the job that its request made: after a restart the table is filled from the jobs.
final class IdempotencyTable: Sendable {
    static let field = "idempotency-key"
    /// An answer is remembered for so long.
    static let seconds = 24 * 3600

    private struct Name: Hashable {
        var caller: String
        var key: String

        /// One text for both; neither holds a line end.
        var text: String { caller + "\n" + key }

        init(caller: String, key: String) {
            self.caller = caller
            self.key = key
        }

        init?(_ text: String) {
            let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            self.init(caller: String(parts[0]), key: String(parts[1]))
        }
    }

    private struct Entry {
        var digest: [UInt8]
        /// Unix seconds.
        var expires: Int
        /// Nil while the first request is at work.
        var answer: Response?
        /// Tells entries of one name apart: what was dropped must not be settled later.
        var serial: Int
    }

    private struct State {
        var entries: [Name: Entry] = [:]
        /// Finished ones, oldest first.
        var order: [(name: Name, serial: Int)] = []
        var bytes = 0
        var serial = 0
    }

    private enum Verdict {
        case first(serial: Int)
        case again(Response)
        case running, other
    }

    private let capacity: Int
    private let byteCapacity: Int
    private let state = Mutex(State())
    /// Unix seconds.
    private let now: @Sendable () -> Int

    init(
        capacity: Int = 4096, byteCapacity: Int = 16 << 20,
        now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
    ) {
        self.capacity = capacity
        self.byteCapacity = byteCapacity
        self.now = now
    }

    /// Answers kept, and those at work.
    var count: Int { state.withLock { $0.entries.count } }

    /// The route with repeats answered from the table.
    func guarding(_ route: Route) -> Route {
        var guarded = route
        let handler = route.handler
        guarded.handler = { [self] request in
            guard let field = request.head.value(Self.field) else { return handler(request) }
            guard let key = Self.key(field) else {
                return .refused(
                    .malformed("Idempotency-Key must be 1 to 64 visible characters, in quotes or without."))
            }
            // The digest of a large drawing is not made on the loop's thread.
            return .later { [self] in await answer(request, key: key, handler) }
        }
        return guarded
    }

    private func answer(_ request: HTTPRequest, key: String, _ handler: Handler) async -> Answer {
        let name = Name(caller: Self.text(request.caller), key: key)
        let digest = Self.digest(request)
        switch begin(name, digest: digest) {
        case .again(let response): return .now(response.adding("Idempotency-Replayed", "true"))
        case .running:
            return .refused(
                Problem(
                    409, "idempotency-running", "The first request is still at work",
                    "A request with this Idempotency-Key is being answered; ask again in a moment."))
        case .other:
            return .refused(
                Problem(
                    422, "idempotency-mismatch", "Idempotency-Key used for another request",
                    "This Idempotency-Key came with another method, path or body; choose a new one."))
        case .first(let serial):
            var marked = request
            marked.idempotency = .init(key: name.text, digest: SHA256.text(digest))
            var answer = handler(marked)
            while case .later(let work) = answer { answer = await work() }
            if case .now(let response) = answer, (200..<300).contains(response.status) {
                settle(name, serial, response)
            } else {
                settle(name, serial, nil)
            }
            return answer
        }
    }

    private func begin(_ name: Name, digest: [UInt8]) -> Verdict {
        let now = now()
        return state.withLock { state in
            Self.forget(&state, until: now, capacity: capacity - 1, bytes: byteCapacity)
            if let entry = state.entries[name] {
                guard entry.digest == digest else { return .other }
                return entry.answer.map { .again($0) } ?? .running
            }
            state.serial += 1
            state.entries[name] = Entry(
                digest: digest, expires: now + Self.seconds, answer: nil, serial: state.serial)
            return .first(serial: state.serial)
        }
    }

    /// Takes an answer given before this process began.
    ///
    /// - Parameter seconds: Unix time of the request.
    func remember(_ mark: Job.Idempotency, at seconds: Int, _ answer: Response) {
        guard let name = Name(mark.key), let digest = SHA256.bytes(mark.digest) else { return }
        let now = now()
        state.withLock { state in
            guard seconds + Self.seconds > now, state.entries[name] == nil else { return }
            state.serial += 1
            state.entries[name] = Entry(
                digest: digest, expires: seconds + Self.seconds, answer: answer, serial: state.serial)
            state.order.append((name, state.serial))
            state.bytes += Self.size(answer)
            Self.forget(&state, until: now, capacity: capacity, bytes: byteCapacity)
        }
    }

    /// The first request has its answer; nil = it made nothing.
    private func settle(_ name: Name, _ serial: Int, _ answer: Response?) {
        let now = now()
        state.withLock { state in
            guard state.entries[name]?.serial == serial else { return }
            guard let answer else {
                state.entries[name] = nil
                return
            }
            state.entries[name]?.answer = answer
            state.order.append((name, serial))
            state.bytes += Self.size(answer)
            Self.forget(&state, until: now, capacity: capacity, bytes: byteCapacity)
        }
    }

    /// Drops what has expired and, while there is too much, the oldest; what is at work stays.
    private static func forget(_ state: inout State, until now: Int, capacity: Int, bytes: Int) {
        var dropped = 0
        while dropped < state.order.count {
            let (name, serial) = state.order[dropped]
            guard let entry = state.entries[name], entry.serial == serial else {
                dropped += 1
                continue
            }
            guard entry.expires <= now || state.entries.count > capacity || state.bytes > bytes else { break }
            state.entries[name] = nil
            state.bytes -= entry.answer.map(size) ?? 0
            dropped += 1
        }
        state.order.removeFirst(dropped)
    }

    /// About what an answer takes in memory.
    private static func size(_ response: Response) -> Int {
        512 + response.body.count + response.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// The key without its quotes; nil if it is none.
    static func key(_ field: String) -> String? {
        var text = field[...]
        if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count >= 2 { text = text.dropFirst().dropLast() }
        let isKey =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        return isKey ? String(text) : nil
    }

    /// SHA-256 of method, path with query, and body.
    static func digest(_ request: HTTPRequest) -> [UInt8] {
        let target = request.head.target
        let line = "\(request.head.method) \(target.path)?"
        return SHA256.digest(Array(line.utf8) + target.rawQuery + [ASCII.lineFeed] + request.body)
    }

    private static func text(_ caller: Caller) -> String {
        switch caller.credential {
        case .none: "none"
        case .local: "local"
        case .key(let name), .session(let name): "key \(name)"
        }
    }
}

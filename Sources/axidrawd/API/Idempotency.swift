internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// Answers to requests that carry an `Idempotency-Key`: a repeat gets the first answer, not a second effect.
///
/// Kept is only what was made (2xx); a refused request had no effect, so its repeat is judged anew. Keys of different
/// callers have nothing to do with each other. What is kept is bounded by count and bytes; the oldest makes room. A key
/// is durable with the job that its request made, queued, finished or in the history: after a restart the table is filled
/// from those. Its age is the time that daemons have run since, so that no clock that is set forgets it.
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
        /// Seconds of running time.
        var expires: Int
        /// Nil while the first request is at work.
        var answer: Kept?
        /// Tells entries of one name apart: what was dropped must not be settled later.
        var serial: Int
    }

    /// A first answer.
    private enum Kept {
        case answer(Response)
        /// Made anew from the job that the request made.
        case job(JobID)
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
        case again(Kept)
        case running, other
    }

    private let capacity: Int
    private let byteCapacity: Int
    private let state = Mutex(State())
    /// Seconds of running time.
    private let now: @Sendable () -> Int
    /// What was answered to the request that made a job; nil while that cannot be told.
    private let created: @Sendable (JobID) async -> Response?

    /// Keys of so many requests are kept at least, those at work among them.
    static let capacity = 20_000

    init(
        capacity: Int = capacity, byteCapacity: Int = 16 << 20, now: @escaping @Sendable () -> Int,
        created: @escaping @Sendable (JobID) async -> Response? = { _ in nil }
    ) {
        self.capacity = capacity
        self.byteCapacity = byteCapacity
        self.now = now
        self.created = created
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

    private func answer(_ request: HTTPRequest, key: String, _ handler: @escaping Handler) async -> Answer {
        await answer(caller: Self.text(request.caller), key: key, digest: Self.digest(request)) { mark in
            var marked = request
            marked.idempotency = mark
            return handler(marked)
        }
    }

    /// Answers what is known by a key: what it was answered before, or what `work` makes of it now.
    ///
    /// - Parameters:
    ///   - caller: keys of different callers have nothing to do with each other; without a line end, as `key`.
    ///   - digest: SHA-256 of what came, so that another request under the same key is noticed.
    func answer(
        caller: String, key: String, digest: [UInt8], _ work: @Sendable (IdempotencyMark) -> Answer
    ) async -> Answer {
        let name = Name(caller: caller, key: key)
        switch begin(name, digest: digest) {
        case .again(.answer(let response)): return .now(response.adding("Idempotency-Replayed", "true"))
        case .again(.job(let id)):
            guard let response = await created(id) else {
                return .refused(
                    .busy("The first answer to this Idempotency-Key cannot be read now.", retryAfterSeconds: 10))
            }
            return .now(response.adding("Idempotency-Replayed", "true"))
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
            var answer = work(.init(key: name.text, digest: SHA256.text(digest), ran: now()))
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

    /// Takes a request that made a job before this process began; of one without an age nobody knows it: it is new.
    func remember(_ mark: Job.Idempotency, job: JobID) {
        guard let name = Name(mark.key), let digest = SHA256.bytes(mark.digest) else { return }
        let now = now()
        let expires = (mark.ran ?? now) + Self.seconds
        state.withLock { state in
            guard expires > now, state.entries[name] == nil else { return }
            state.serial += 1
            state.entries[name] = Entry(
                digest: digest, expires: expires, answer: .job(job), serial: state.serial)
            state.order.append((name, state.serial))
            state.bytes += Self.size(.job(job))
            Self.forget(&state, until: now, capacity: capacity, bytes: byteCapacity)
        }
    }

    /// The first request has its answer; nil = it made nothing.
    private func settle(_ name: Name, _ serial: Int, _ answer: Response?) {
        let now = now()
        let kept = answer.map { answer -> Kept in
            // The spool has it: only where it is need be kept in memory.
            let place = answer.fields.first { $0.name == "Location" }?.value ?? ""
            let id = place.hasPrefix(Self.jobs) ? String(place.dropFirst(Self.jobs.count)) : ""
            return answer.status == 201 && JobIdentifier(id) != nil ? .job(id) : .answer(answer)
        }
        state.withLock { state in
            guard state.entries[name]?.serial == serial else { return }
            guard let kept else {
                state.entries[name] = nil
                return
            }
            state.entries[name]?.answer = kept
            state.order.append((name, serial))
            state.bytes += Self.size(kept)
            Self.forget(&state, until: now, capacity: capacity, bytes: byteCapacity)
        }
    }

    private static let jobs = "/v1/jobs/"

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
    private static func size(_ kept: Kept) -> Int {
        guard case .answer(let response) = kept else { return 512 }
        return 512 + response.body.count
            + response.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
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

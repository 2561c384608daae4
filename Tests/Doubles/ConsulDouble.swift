internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// A Consul agent in dev mode as far as this program and the clients in its tests speak to it: keys with check-and-set,
/// blocking questions, transactions, sessions and locks, services with their checks.
///
/// Answers are those of Consul 1.10.12 as recorded in `fixtures/cluster`; it can die, come back empty, and talk nonsense.
package final class ConsulDouble: Sendable {
    private let server = Mutex<DoubleServer?>(nil)
    private let model: Mutex<ConsulModel>
    /// In place of an answer, by the request; nil = as it should be.
    private let faults = Live<@Sendable (DoubleServer.Request) -> DoubleServer.Answer?>({ _ in nil })
    private let seen = Mutex<[DoubleServer.Request]>([])
    private let offset = Mutex(0)
    /// Who waited in an earlier life waits no longer.
    private let life = Mutex(0)
    private let waiters = Mutex<[ObjectIdentifier: Waiter]>([:])
    private let rendered = Mutex<[String: Rendered]>([:])
    package let port: Int

    /// A question that waits for a change of what it asks about.
    private final class Waiter: Sendable {
        let watched: ConsulModel.Watched
        let index: UInt64
        let wakes = DispatchSemaphore(value: 0)

        init(_ watched: ConsulModel.Watched, after index: UInt64) {
            self.watched = watched
            self.index = index
        }
    }

    /// A list of services as it was at their index: a hundred clients that watch the same are told the same.
    private struct Rendered {
        var index: UInt64
        var reply: DoubleServer.Reply
    }

    package init() throws {
        model = Mutex(ConsulModel())
        let answers = Live<@Sendable (DoubleServer.Request) -> DoubleServer.Answer>({ _ in .silence })
        let first = try DoubleServer { answers.value($0) }
        port = first.port
        answers.replace { [unowned self] in answer($0) }
        server.withLock { $0 = first }
    }

    deinit { die() }

    package var url: String { "http://127.0.0.1:\(port)" }

    // MARK: Its life

    /// Dies: connections are cut, nobody is answered.
    package func die() {
        life.withLock { $0 += 1 }
        for waiter in waiters.withLock({ Array($0.values) }) { waiter.wakes.signal() }
        server.withLock { $0?.stop() }
    }

    /// Is there again at the same port, with nothing of what it knew.
    ///
    /// It counts from lower than it did: that what has been changed has the same number as before would be mere chance.
    package func comeBackEmpty() throws { try comeBack(ConsulModel(index: 2)) }

    /// Is there again at the same port, with everything that it knew.
    package func comeBack() throws { try comeBack(nil) }

    private func comeBack(_ new: ConsulModel?) throws {
        die()
        if let new {
            model.withLock { $0 = new }
            rendered.withLock { $0 = [:] }
        }
        // The port is free as soon as the old one has looked up.
        for attempt in 0... {
            do {
                let again = try DoubleServer(port: port) { [unowned self] in answer($0) }
                return server.withLock { $0 = again }
            } catch {
                guard attempt < 5000 else { throw error }
                usleep(2000)
            }
        }
    }

    /// What is answered in place of what should be; nil from it = as it should be.
    package func fails(_ body: @escaping @Sendable (DoubleServer.Request) -> DoubleServer.Answer?) {
        faults.replace(body)
    }

    /// Its clock is so many ms further.
    package func advance(milliseconds: Int) {
        offset.withLock { $0 += milliseconds }
        tell()
    }

    // MARK: Looking

    package var requests: [DoubleServer.Request] { seen.withLock { $0 } }

    /// The text of a key; nil if it is not there.
    package func key(_ name: String) -> String? {
        model.withLock { $0.entries[name].map { String(decoding: $0.value, as: UTF8.self) } }
    }

    /// The number kept with a key.
    package func flags(_ name: String) -> UInt64? { model.withLock { $0.entries[name]?.flags } }

    /// Ids of the services that are known.
    package var services: [String] { model.withLock { $0.services.map(\.id) } }

    /// How a check stands, and what was said with it.
    package func check(_ id: String) -> (status: String, output: String)? {
        let now = now
        return model.withLock { model in
            model.expire(now)
            return model.services.flatMap(\.checks).first { $0.id == id }.map { ($0.status, $0.output) }
        }
    }

    /// A check of a service is forgotten with it, as by an agent that has lost its data.
    package func forgetServices() {
        model.withLock { $0.forgetServices() }
        tell()
    }

    /// Somebody else writes a key.
    package func put(_ name: String, _ value: String, flags: UInt64 = 0) {
        model.withLock { _ = $0.put(name, Array(value.utf8), flags: flags, cas: nil) }
        tell()
    }

    // MARK: Answering

    private var now: Int { Int(HTTPServer.now) + offset.withLock { $0 } }

    private func answer(_ request: DoubleServer.Request) -> DoubleServer.Answer {
        seen.withLock { $0.append(request) }
        if let fault = faults.value(request) { return fault }
        let waits: (index: UInt64, end: Int)?
        switch ConsulModel.waiting(request) {
        case .failure(let refused): return .reply(refused.reply)
        // The server adds up to a sixteenth.
        case .success(let found): waits = found.map { ($0.index, now + $0.milliseconds + $0.milliseconds / 32) }
        }
        if let waits { wait(for: request, after: waits.index, until: waits.end) }
        return .reply(reply(to: request))
    }

    /// Returns when what is asked about has another index, when the time is over, or when this life is.
    private func wait(for request: DoubleServer.Request, after index: UInt64, until end: Int) {
        guard let watched = ConsulModel.watched(request) else { return }
        let born = life.withLock { $0 }
        let waiter = Waiter(watched, after: index)
        waiters.withLock { $0[ObjectIdentifier(waiter)] = waiter }
        defer { waiters.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(waiter)) } }
        while life.withLock({ $0 }) == born {
            let time = now
            let (current, soonest) = model.withLock { model in
                model.expire(time)
                return (model.index(of: watched), model.soonestExpiry)
            }
            guard current == index, time < end else { return }
            // A check may run out meanwhile, and one that runs out sooner may come.
            let pause = min(end - time, max(10, soonest - time + 1), 1000)
            _ = waiter.wakes.wait(timeout: .now() + .milliseconds(pause))
        }
    }

    /// Wakes those for whom there is news.
    private func tell() {
        let waiting = waiters.withLock { Array($0.values) }
        let concerned = model.withLock { model in waiting.filter { model.index(of: $0.watched) != $0.index } }
        for waiter in concerned { waiter.wakes.signal() }
    }

    private func reply(to request: DoubleServer.Request) -> DoubleServer.Reply {
        let time = now
        guard request.method == "GET", ConsulModel.watched(request) == .services else {
            let reply = model.withLock { model in
                model.expire(time)
                return model.answer(request, now: time).0
            }
            if request.method != "GET" { tell() }
            return reply
        }
        // Lists of services are long: written outside the lock, and once for all who ask.
        var snapshot = model.withLock { model in
            model.expire(time)
            return model
        }
        let target =
            request.path
            + request.query.filter { $0.name != "index" && $0.name != "wait" }.map {
                "&\($0.name)=\($0.value)"
            }.joined()
        if let known = rendered.withLock({ $0[target] }), known.index == snapshot.serviceIndex { return known.reply }
        let reply = snapshot.answer(request, now: time).0
        rendered.withLock { $0[target] = Rendered(index: snapshot.serviceIndex, reply: reply) }
        return reply
    }
}

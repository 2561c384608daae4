internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// Tells Consul what this daemon is and how it stands, for as long as it runs. Nothing in the daemon waits for it.
///
/// One thread does one request after the other, so that what was true last is what stays.
final class ConsulLink: Sendable {
    /// What it needs of the world.
    struct Ways: Sendable {
        /// ms of a steady clock.
        var now: @Sendable () -> Int = { Int(HTTPServer.now) }
        /// Unix ms.
        var clock: @Sendable () -> Int = { Int(Date().timeIntervalSince1970 * 1000) }
        /// From -1 to 1, for the jitter of pauses.
        var chance: @Sendable () -> Double = { Double.random(in: -1...1) }
        /// What Consul is to know now. Called on the link's thread.
        var wish: @Sendable () -> ConsulWish
        /// What is kept there when the daemon ends in order.
        var lastKeys: @Sendable () -> [(key: String, value: String)] = { [] }
        /// Tells people.
        var tell: @Sendable (JSONValue) -> Void
        /// Consul answers again after trouble.
        var isWell: @Sendable () -> Void = {}
    }

    /// How the link stands, for those who look.
    struct Standing: Equatable, Sendable {
        var isLinked = false
        var trouble: ClusterFailure?
        /// Unix ms.
        var troubleSince: Int?
        var lastContact: Int?
        var services: [String] = []
        var keys: [String: String] = [:]
        /// Requests by how they went: `good`, or a word of `ClusterFailure.words`.
        var requests: [String: Int] = [:]
    }

    let plan: ConsulPlan
    private let client: ConsulClient
    private let ways: Ways
    private let log: Log
    private let wakes = TimedBox<Void>()
    private let ended = TimedBox<Void>()
    private let isClosing = Mutex(false)
    private let hasLost = Mutex(false)
    private let seen = Mutex(Standing())

    init(_ plan: ConsulPlan, client: ConsulClient? = nil, ways: Ways, log: Log) {
        self.plan = plan
        self.client = client ?? ConsulClient(plan)
        self.ways = ways
        self.log = log
    }

    var standing: Standing { seen.withLock { $0 } }

    /// Begins; returns at once.
    func begin() {
        let thread = Thread { [self] in
            run()
            ended.put(())
        }
        thread.name = "axidrawd.consul"
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Something may have changed: looks at once.
    func wake() { wakes.put(()) }

    /// Consul has been seen to have lost its keys: they are written again.
    func republish() {
        hasLost.withLock { $0 = true }
        wake()
    }

    /// Takes the daemon's services out, and returns; later than after so many ms it is left to end by itself.
    func close(milliseconds: Int64) {
        isClosing.withLock { $0 = true }
        wake()
        _ = ended.take(until: HTTPServer.now + milliseconds)
    }

    // MARK: On its thread

    private func run() {
        var duties = ConsulDuties(ttlSeconds: plan.ttlSeconds)
        while !isClosing.withLock({ $0 }) {
            if hasLost.withLock({ lost in
                defer { lost = false }
                return lost
            }) {
                duties.forgetKeys()
            }
            let wish = ways.wish()
            let now = ways.now()
            guard let duty = duties.next(wish, now: now) else {
                _ = wakes.take(until: HTTPServer.now + Int64(min(duties.pause(wish, now: now), 1_000_000)))
                // Many wakes are one.
                while wakes.take(until: 0) != nil {}
                continue
            }
            perform(duty, &duties, wish)
        }
        leave(duties)
    }

    private func perform(_ duty: ConsulDuties.Duty, _ duties: inout ConsulDuties, _ wish: ConsulWish) {
        var news: [ConsulDuties.News]
        var outcome = "good"
        do throws(ClusterFailure) {
            try request(duty, client)
            news = duties.done(duty, now: ways.now())
        } catch {
            outcome = error.word
            news = duties.failed(duty, error, now: ways.now(), chance: ways.chance())
        }
        let (trouble, since, contact, keys) =
            (duties.trouble, duties.troubleSince, duties.lastContact, duties.publishedKeys)
        let isLinked = duties.isLinked
        let offset = ways.clock() - ways.now()
        seen.withLock { seen in
            seen.requests[outcome, default: 0] += 1
            seen.isLinked = isLinked
            seen.trouble = trouble
            seen.troubleSince = since.map { $0 + offset }
            seen.lastContact = contact.map { $0 + offset }
            seen.keys = keys
            seen.services = wish.services.map(\.id)
        }
        for item in news { tell(item) }
    }

    private func request(_ duty: ConsulDuties.Duty, _ client: ConsulClient) throws(ClusterFailure) {
        switch duty {
        case .register(let service):
            try client.register(service)
            log.write(.info, "registered at Consul", [("service", service.id)])
        case .tell(let check, let health): try client.update(check, health)
        case .write(let key, let value, let at):
            // The time of the change goes with the value, where it disturbs nobody who reads only that.
            let time = ways.clock() - (ways.now() - at)
            guard try client.put(key, Array(value.utf8), flags: UInt64(max(0, time))) else {
                throw .nonsense("a plain write is answered with false")
            }
        case .deregister(let id): try client.deregister(id)
        }
    }

    /// The orderly end: what may not be reached is left to be found out by the checks.
    private func leave(_ duties: ConsulDuties) {
        var client = client
        client.patience = 1_000
        guard duties.lastContact != nil else { return }
        do throws(ClusterFailure) {
            for service in ways.wish().services { try client.deregister(service.id) }
            for (key, value) in ways.lastKeys() {
                _ = try client.put(key, Array(value.utf8), flags: UInt64(max(0, ways.clock())))
            }
        } catch {
            log.write(.warning, "leaving Consul failed", [("reason", error.sentence)])
        }
    }

    private func tell(_ news: ConsulDuties.News) {
        switch news {
        case .trouble(let failure):
            log.write(.warning, "telling Consul failed", [("reason", failure.sentence)])
            ways.tell(
                Installation.incident(
                    "cluster-consul", nil,
                    "Consul at \(plan.location.text) \(failure.sentence). It is tried again; plotting goes on without it."
                ))
        case .well(let after):
            log.write(.info, "telling Consul works again", [("durationSeconds", String(after / 1000))])
            ways.isWell()
        }
    }
}

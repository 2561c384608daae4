internal import Text

/// What Consul is to know of this daemon.
struct ConsulWish: Equatable, Sendable {
    /// In the order in which they are registered.
    var services: [ConsulService] = []
    /// How checks stand that are told, by their id.
    var health: [String: ConsulHealth] = [:]
    /// What is published: keys with their values, in order.
    var keys: [(key: String, value: String)] = []

    static func == (a: Self, b: Self) -> Bool {
        a.services == b.services && a.health == b.health && a.keys.elementsEqual(b.keys, by: ==)
    }
}

/// What has to be done so that Consul knows what it should: a value, told what was done and what came of it.
///
/// One thing at a time, in order, so that what was true last is what stays. Times are ms of any steady clock.
struct ConsulDuties: Sendable {
    /// One request.
    enum Duty: Equatable, Sendable {
        case register(ConsulService)
        case tell(check: String, ConsulHealth)
        /// `at`: when the value became so.
        case write(key: String, value: String, at: Int)
        case deregister(id: String)
    }

    /// What people hear of.
    enum News: Equatable, Sendable {
        case trouble(ClusterFailure)
        /// All is well again, after so many ms.
        case well(after: Int)
    }

    /// A check is told anew this long after it was told last, ms.
    private let beat: Int
    private var registered: [String: ConsulService] = [:]
    private var told: [String: (health: ConsulHealth, at: Int)] = [:]
    private var written: [String: String] = [:]
    /// Since when keys have had the values that they should have.
    private var since: [String: (value: String, at: Int)] = [:]
    private var failures = 0
    private var notBefore = 0
    /// When trouble began that lasts; nil while all is well.
    private(set) var troubleSince: Int?
    private(set) var trouble: ClusterFailure?
    private var toldTrouble: (word: String, at: Int)?
    /// The last good answer; nil = none yet.
    private(set) var lastContact: Int?

    /// The same trouble is told again after so long, ms.
    private static let quiet = 3_600_000
    private static let firstPause = 1_000
    private static let longestPause = 60_000

    init(ttlSeconds: Int) { beat = ttlSeconds * 1000 / 3 }

    /// Everything is known that should be, and nobody has said otherwise.
    var isLinked: Bool { trouble == nil && lastContact != nil && !registered.isEmpty }
    var publishedKeys: [String: String] { written }

    // MARK: What is next

    /// What is to be done now; nil if nothing is.
    mutating func next(_ wish: ConsulWish, now: Int) -> Duty? {
        for (key, value) in wish.keys where since[key]?.value != value { since[key] = (value, now) }
        guard now >= notBefore else { return nil }
        for service in wish.services where registered[service.id] != service { return .register(service) }
        let ids = Set(wish.services.map(\.id))
        if let gone = registered.keys.filter({ !ids.contains($0) }).min() { return .deregister(id: gone) }
        for (check, health) in wish.health.sorted(by: { $0.key < $1.key }) {
            if let last = told[check], last.health == health, now - last.at < beat { continue }
            return .tell(check: check, health)
        }
        for (key, value) in wish.keys where written[key] != value {
            return .write(key: key, value: value, at: since[key]?.at ?? now)
        }
        return nil
    }

    /// How long nothing has to be done if nothing changes, ms.
    func pause(_ wish: ConsulWish, now: Int) -> Int {
        let next = wish.health.keys.map { (told[$0]?.at ?? now) + beat }.min() ?? now + beat
        return max(0, max(next, notBefore) - now)
    }

    // MARK: What came of it

    mutating func done(_ duty: Duty, now: Int) -> [News] {
        switch duty {
        case .register(let service):
            registered[service.id] = service
            // Checks begin as critical.
            for case .told(let id, _, _) in service.checks { told[id] = nil }
        case .tell(let check, let health): told[check] = (health, now)
        case .write(let key, let value, _): written[key] = value
        case .deregister(let id): registered[id] = nil
        }
        lastContact = now
        // An agent that takes a registration and then does not know its check is not well yet.
        if case .register = duty, failures > 0 { return [] }
        failures = 0
        guard let began = troubleSince else { return [] }
        trouble = nil
        troubleSince = nil
        toldTrouble = nil
        return [.well(after: now - began)]
    }

    /// - Parameter chance: from -1 to 1.
    mutating func failed(_ duty: Duty, _ failure: ClusterFailure, now: Int, chance: Double) -> [News] {
        if case .tell(let check, _) = duty, case .refused(let status, _) = failure, status != 403, status != 429 {
            // It has forgotten us, so it may have begun anew with nothing. That happens, and is mended at once; what
            // happens again at once is trouble.
            forget(check)
            failures += 1
            guard failures > 1 else { return [] }
        } else {
            failures += 1
            // Whoever answers again may have begun anew.
            if case .silent = failure { forgetAll() }
        }
        notBefore = now + pause(chance)
        trouble = failure
        if troubleSince == nil { troubleSince = now }
        if let told = toldTrouble, told.word == failure.word, now - told.at < Self.quiet { return [] }
        toldTrouble = (failure.word, now)
        return [.trouble(failure)]
    }

    /// Consul has been seen to have lost what was kept there.
    mutating func forgetKeys() { written = [:] }

    private mutating func forget(_ check: String) {
        for (id, service) in registered {
            for case .told(check, _, _) in service.checks { registered[id] = nil }
        }
        told[check] = nil
        written = [:]
    }

    private mutating func forgetAll() {
        told = [:]
        written = [:]
    }

    /// Doubles from 1 s; never longer than a check is told, or a minute, so that it is back in time.
    private func pause(_ chance: Double) -> Int {
        let doubled = Self.firstPause << min(failures - 1, 10)
        let longest = min(Self.longestPause, max(beat, Self.firstPause))
        return Int(Double(min(doubled, longest)) * (1 + 0.2 * max(-1, min(1, chance))))
    }
}

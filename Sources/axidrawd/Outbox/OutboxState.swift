/// Messages that are owed to receivers, as they stand: a value, and what follows from it. Nothing here acts.
///
/// Times are Unix ms. What is durable of it is written down as `OutboxRecord`, in the order of what happened.
struct OutboxState: Sendable {
    /// A message that a receiver has not taken yet.
    struct Owed: Equatable, Sendable {
        var message: OutgoingMessage
        /// Tries so far.
        var tries = 0
        /// When the next one is due.
        var due: Int
        /// When it was first tried; nil before.
        var firstTry: Int?
        /// The last answer refused this very message.
        var isRefused = false
    }

    /// A receiver with what is owed to it.
    struct Line: Equatable, Sendable {
        /// Oldest first.
        var owed: [Owed] = []
        var bytes = 0
        /// Tries in a row that gave nothing.
        var failures = 0
        /// Since when nothing was delivered though it was tried; nil while all is well.
        var failingSince: Int?
        var isFailureTold = false
        /// That the oldest messages go, since something was delivered last.
        var isFullTold = false
        var lastDelivery: Int?
        /// Nothing is tried before.
        var pausedUntil = 0
        /// Switched off, with its address then; a person switches it on.
        var offAddress: String?
        /// The message that is being sent.
        var inFlight: String?
    }

    /// What the owner is to do.
    enum Effect: Equatable, Sendable {
        case note(OutboxRecord)
        case tell(kind: Incident, receiver: String, reason: String)
    }

    /// What a person should know.
    enum Incident: Equatable, Sendable { case failing, off, full, lost }

    /// Waits before the second try and those after it, ms; after the last one a message is given up.
    static let schedule = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map { $0 * 1000 }
    /// Waits are so much longer or shorter, at random.
    static let jitter = 0.2
    /// A receiver that fails is not asked more often than this for the sake of new messages, ms.
    static let longestPause = 300_000
    /// So long a receiver may fail before a person is told, ms.
    static let patience = 1_800_000
    /// What may be owed to one receiver.
    static let mostMessages = 1000
    static let mostBytes = 8 << 20
    /// Keys of messages that are remembered, so that none is made twice.
    static let mostKeys = 4000

    var lines: [String: Line] = [:]
    /// Keys of messages made, oldest first.
    private(set) var keys: [String] = []
    private var known: Set<String> = []
    /// What happened before is not told: when receivers were first configured here.
    var since: Int?

    /// Numbers for the metrics, since the start.
    var counts: [String: Int] = [:]
    static let outcomes = ["delivered", "failed", "dropped"]

    func hasMade(_ key: String) -> Bool { known.contains(key) }

    mutating func remember(_ key: String) {
        guard known.insert(key).inserted else { return }
        keys.append(key)
        if keys.count > Self.mostKeys { known.remove(keys.removeFirst()) }
    }

    /// Takes the receivers that are configured; what is owed to others is forgotten.
    ///
    /// - Parameter wakes: a person has looked at the configuration: what was off is on again.
    mutating func configure(_ receivers: [WebhookReceiver], wakes: Bool) -> [Effect] {
        var effects: [Effect] = []
        for name in lines.keys.sorted() where !receivers.contains(where: { $0.name == name }) {
            lines[name] = nil
            effects.append(.note(.forgotten(receiver: name)))
        }
        for receiver in receivers {
            var line = lines[receiver.name] ?? Line()
            if let address = line.offAddress, wakes || address != receiver.location.text {
                line.offAddress = nil
                effects.append(.note(.on(receiver: receiver.name)))
            }
            if wakes { line.pausedUntil = 0 }
            lines[receiver.name] = line
        }
        return effects
    }

    /// Owes a message to a receiver. What is too much makes the oldest go, and is told once.
    mutating func add(_ message: OutgoingMessage, to name: String, now: Int) -> [Effect] {
        guard var line = lines[name], line.offAddress == nil else { return [] }
        var effects: [Effect] = []
        line.owed.append(Owed(message: message, due: now))
        line.bytes += message.body.count
        effects.append(.note(.added(message, receiver: name)))
        while line.owed.count > Self.mostMessages || line.bytes > Self.mostBytes {
            guard let index = line.owed.firstIndex(where: { $0.message.id != line.inFlight }) else { break }
            let lost = line.owed.remove(at: index)
            line.bytes -= lost.message.body.count
            counts["dropped", default: 0] += 1
            effects.append(.note(.done(id: lost.message.id, receiver: name)))
            if !line.isFullTold {
                line.isFullTold = true
                effects.append(.tell(kind: .full, receiver: name, reason: "\(Self.mostMessages) messages wait"))
            }
        }
        lines[name] = line
        return effects
    }

    /// The next message for each receiver that is due and free; they are in flight from now on.
    mutating func take(now: Int) -> [(receiver: String, message: OutgoingMessage)] {
        var found: [(receiver: String, message: OutgoingMessage)] = []
        for (name, line) in lines.sorted(by: { $0.key < $1.key }) {
            guard line.offAddress == nil, line.inFlight == nil, Self.isDue(line.pausedUntil, now),
                let index = line.owed.firstIndex(where: { Self.isDue($0.due, now) })
            else { continue }
            lines[name]?.inFlight = line.owed[index].message.id
            if line.owed[index].firstTry == nil { lines[name]?.owed[index].firstTry = now }
            found.append((name, line.owed[index].message))
        }
        return found
    }

    /// A clock that was set back must not put off what is due by more than the longest wait.
    private static func isDue(_ time: Int, _ now: Int) -> Bool {
        time <= now || time - now > 2 * DeliveryOutcome.longestWait
    }

    /// When to look again; nil when nothing waits.
    func next(now: Int) -> Int? {
        lines.values.filter { $0.offAddress == nil && $0.inFlight == nil }.flatMap { line in
            line.owed.map { max($0.due, line.pausedUntil) }
        }.min().map { Self.isDue($0, now) ? now : $0 }
    }

    /// Takes in what became of a try.
    ///
    /// - Parameters:
    ///   - chance: from -1 to 1, for the jitter.
    mutating func finished(
        _ id: String, of name: String, address: String, _ outcome: DeliveryOutcome, now: Int, chance: Double
    ) -> [Effect] {
        guard var line = lines[name] else { return [] }
        if line.inFlight == id { line.inFlight = nil }
        defer { lines[name] = line }
        guard let index = line.owed.firstIndex(where: { $0.message.id == id }) else { return [] }
        switch outcome {
        case .delivered:
            counts["delivered", default: 0] += 1
            remove(index, from: &line)
            line.failures = 0
            line.failingSince = nil
            line.isFailureTold = false
            line.isFullTold = false
            line.pausedUntil = 0
            line.lastDelivery = now
            // What waited only because nobody answered goes now.
            for i in line.owed.indices where !line.owed[i].isRefused { line.owed[i].due = min(line.owed[i].due, now) }
            return [.note(.done(id: id, receiver: name))]
        case .gone:
            counts["dropped", default: 0] += line.owed.count
            line = Line(offAddress: address)
            return [
                .note(.off(receiver: name, address: address, isEmptied: true)),
                .tell(kind: .off, receiver: name, reason: "it answers 410: it wants nothing any more"),
            ]
        case .later(let after, let reason):
            return failed(index, &line, name, address, reason, after, now: now, chance: chance)
        case .refused(let after, let reason):
            line.owed[index].isRefused = true
            return failed(index, &line, name, address, reason, after, now: now, chance: chance)
        case .forbidden(let reason):
            var effects = failed(index, &line, name, address, reason, nil, now: now, chance: chance)
            if !line.isFailureTold {
                line.isFailureTold = true
                effects.append(.tell(kind: .failing, receiver: name, reason: reason))
            }
            return effects
        }
    }

    private func remove(_ index: Int, from line: inout Line) {
        line.bytes -= line.owed[index].message.body.count
        line.owed.remove(at: index)
    }

    private mutating func failed(
        _ index: Int, _ line: inout Line, _ name: String, _ address: String, _ reason: String, _ after: Int?, now: Int,
        chance: Double
    ) -> [Effect] {
        counts["failed", default: 0] += 1
        line.failures += 1
        if line.failingSince == nil { line.failingSince = now }
        line.owed[index].tries += 1
        let owed = line.owed[index]
        guard owed.tries <= Self.schedule.count else { return givenUp(index, &line, name, address, reason) }
        let wait = after ?? Self.spread(Self.schedule[owed.tries - 1], chance)
        line.owed[index].due = now + wait
        let step = Self.schedule[min(line.failures, Self.schedule.count) - 1]
        let pause = after ?? min(Self.spread(step, chance), Self.longestPause)
        // Who refuses a message may well take the next one.
        line.pausedUntil = owed.isRefused && after == nil ? now + Self.schedule[0] : now + pause
        var effects = [
            Effect.note(.tried(id: owed.message.id, receiver: name, tries: owed.tries, due: now + wait))
        ]
        if let since = line.failingSince, now - since >= Self.patience, !line.isFailureTold {
            line.isFailureTold = true
            effects.append(.tell(kind: .failing, receiver: name, reason: reason))
        }
        return effects
    }

    private static func spread(_ wait: Int, _ chance: Double) -> Int {
        wait + Int(Double(wait) * jitter * min(max(chance, -1), 1))
    }

    /// Everything was tried: one message is lost to a receiver that takes others, else the receiver is off.
    private mutating func givenUp(
        _ index: Int, _ line: inout Line, _ name: String, _ address: String, _ reason: String
    ) -> [Effect] {
        let lost = line.owed[index]
        remove(index, from: &line)
        counts["dropped", default: 0] += 1
        var effects = [Effect.note(.done(id: lost.message.id, receiver: name))]
        if let last = line.lastDelivery, last >= lost.firstTry ?? 0 {
            effects.append(.tell(kind: .lost, receiver: name, reason: reason))
        } else {
            line.offAddress = address
            effects.append(.note(.off(receiver: name, address: address, isEmptied: false)))
            effects.append(.tell(kind: .off, receiver: name, reason: reason))
        }
        return effects
    }

    // MARK: Reading again

    /// Takes in what was written down.
    mutating func replay(_ record: OutboxRecord) {
        switch record {
        case .began(let time): since = since ?? time
        case .added(let message, let name):
            if let key = message.key { remember(key) }
            lines[name, default: Line()].owed.append(Owed(message: message, due: message.time))
            lines[name]?.bytes += message.body.count
        case .made(let key): remember(key)
        case .tried(let id, let name, let tries, let due):
            guard let index = lines[name]?.owed.firstIndex(where: { $0.message.id == id }) else { return }
            lines[name]?.owed[index].tries = tries
            lines[name]?.owed[index].due = due
        case .done(let id, let name):
            guard var line = lines[name], let index = line.owed.firstIndex(where: { $0.message.id == id }) else {
                return
            }
            remove(index, from: &line)
            lines[name] = line
        case .off(let name, let address, let isEmptied):
            if isEmptied { lines[name] = Line() }
            lines[name, default: Line()].offAddress = address
        case .on(let name): lines[name]?.offAddress = nil
        case .forgotten(let name): lines[name] = nil
        }
    }

    /// As few records as say the same.
    var records: [OutboxRecord] {
        var records: [OutboxRecord] = since.map { [.began($0)] } ?? []
        records += keys.map { .made(key: $0) }
        for (name, line) in lines.sorted(by: { $0.key < $1.key }) {
            for owed in line.owed {
                records.append(.added(owed.message, receiver: name))
                guard owed.tries > 0 else { continue }
                records.append(.tried(id: owed.message.id, receiver: name, tries: owed.tries, due: owed.due))
            }
            if let address = line.offAddress {
                records.append(.off(receiver: name, address: address, isEmptied: false))
            }
        }
        return records
    }
}

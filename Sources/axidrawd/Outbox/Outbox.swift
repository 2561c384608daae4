internal import Dispatch
internal import EBB
internal import Foundation
internal import HTTP
internal import Text

/// Tells receivers what happens: each message at least once, also across a restart, in bounded space.
///
/// What is owed is on the disk before it is sent. Nothing in the daemon waits for it.
actor Outbox: QueueActor {
    /// What it needs of the world.
    struct Ways: Sendable {
        /// Unix ms.
        var now: @Sendable () -> Int = { Int(Date().timeIntervalSince1970 * 1000) }
        /// From -1 to 1, for the jitter of waits.
        var chance: @Sendable () -> Double = { Double.random(in: -1...1) }
        /// The keys that sign for a receiver, newest first; empty when there are none to be had.
        var keys: @Sendable (_ receiver: String) -> [[UInt8]]
        /// Tells people.
        var tell: @Sendable (JSONValue) -> Void
        /// How long one try may take, ms.
        var patience: Int64 = 15_000
        /// A hook for tests: called after an answer, before it is written down.
        var answered: @Sendable () -> Void = {}
    }

    nonisolated let executor = QueueExecutor(label: "axidrawd.outbox")
    private let ways: Ways
    private let log: Log
    private let folder: String?
    /// One message is under way to each receiver.
    private let sending = WaitingThreads(most: 64)
    private var plan = WebhookPlan() { didSet { ruleInForce.replace(plan.addresses) } }
    /// For those who send, off this actor.
    private nonisolated let ruleInForce = Live(AddressRule.public())
    private var state = OutboxState()
    private var reader = NewsReader()
    private var file: OutboxFile?
    private var isOpen = false
    private var isClosed = false
    private var isTroubleTold = false
    /// When the next look is planned, ms.
    private var planned: Int?

    /// - Parameter folder: where what is owed is kept; nil keeps it in memory.
    init(folder: String?, ways: Ways, log: Log) {
        self.folder = folder
        self.ways = ways
        self.log = log
    }

    /// Does something in order, without waiting for it.
    private nonisolated func later(_ work: @escaping @Sendable (isolated Outbox) -> Void) {
        executor.queue.async { @Sendable [self] in assumeIsolated { work($0) } }
    }

    // MARK: Beginning and end

    /// Opens what is kept, and owes what was not told before a crash. Returns at once; everything later comes after it.
    ///
    /// - Parameter found: jobs as the queue has them at the start.
    nonisolated func begin(_ plan: WebhookPlan, found: [PlotJob]) {
        later { outbox in
            outbox.reader = NewsReader(
                known: Dictionary(found.map { ($0.id, $0.state.word) }, uniquingKeysWith: { $1 }))
            outbox.plan = plan
            outbox.open(found)
        }
    }

    private func open(_ found: [PlotJob]) {
        // Who has no receivers has no folder either.
        guard !plan.receivers.isEmpty || isThere, !isOpen else { return }
        isOpen = true
        if let folder { openFile(folder) }
        var effects: [OutboxState.Effect] = []
        let now = ways.now()
        if state.since == nil, !plan.receivers.isEmpty {
            state.since = now
            effects.append(.note(.began(now)))
        }
        effects += state.configure(plan.receivers, wakes: false)
        for job in found {
            guard let message = NewsReader.found(job, now: now), let key = message.key, !state.hasMade(key),
                (job.endedAt ?? job.startedAt).map(Int.init) ?? Int(job.record.job.submittedAt) >= state.since ?? now
            else { continue }
            effects += owe(message, now)
        }
        perform(effects)
        keep(state.records)
        look()
    }

    private var isThere: Bool { folder.map { FileManager.default.fileExists(atPath: $0) } ?? false }

    private func openFile(_ folder: String) {
        do throws(SpoolError) {
            let opened = OutboxFile(try SpoolDirectory(path: folder))
            let (records, isDamaged) = try opened.open()
            for record in records { state.replay(record) }
            if isDamaged { tellDamage(folder) }
            file = opened
        } catch { lost(error) }
    }

    private func tellDamage(_ folder: String) {
        let place = "\(folder)/\(OutboxFile.damaged)"
        log.write(.warning, "part of the outbox cannot be read", [("path", place)])
        let message =
            "What was owed to receivers of webhooks cannot be read in part: some messages may never come, some may come twice. "
            + "The file as it was is \(place)."
        ways.tell(Installation.incident("webhooks-damaged", nil, message))
    }

    /// Takes a changed configuration.
    ///
    /// - Parameter wakes: receivers that are off are on again.
    nonisolated func configure(_ plan: WebhookPlan, wakes: Bool) {
        later { outbox in
            outbox.plan = plan
            if !outbox.isOpen { return outbox.open([]) }
            outbox.perform(outbox.state.configure(plan.receivers, wakes: wakes))
            outbox.look()
        }
    }

    /// Returns when everything that was told so far is on the disk; nothing is sent any more.
    nonisolated func close() async {
        await withCheckedContinuation { done in
            later { outbox in
                outbox.isClosed = true
                done.resume()
            }
        }
    }

    // MARK: News

    /// Takes in an event; returns at once.
    nonisolated func hear(_ event: String, _ data: JSONValue) {
        guard ["job", "state", "layer", "incident"].contains(event) else { return }
        later { $0.take(event, data) }
    }

    private func take(_ event: String, _ data: JSONValue) {
        let now = ways.now()
        // Read in any case: what a plotter was before is known when a receiver comes.
        let messages = reader.read(event, data, now: now)
        guard isOpen, !plan.receivers.isEmpty else { return }
        var effects: [OutboxState.Effect] = []
        var about: String?
        if case .string(let name)? = data["receiver"] { about = name }
        for message in messages where message.key.map(state.hasMade) != true {
            effects += owe(message, now, but: about)
        }
        perform(effects)
        look()
    }

    private func owe(_ message: OutgoingMessage, _ now: Int, but about: String? = nil) -> [OutboxState.Effect] {
        var effects: [OutboxState.Effect] = []
        // Nobody hears of its own trouble.
        for receiver in plan.receivers where receiver.wants(message.type) && receiver.name != about {
            effects += state.add(message, to: receiver.name, now: now)
        }
        if let key = message.key {
            state.remember(key)
            effects.append(.note(.made(key: key)))
        }
        return effects
    }

    /// Writes down and tells.
    private func perform(_ effects: [OutboxState.Effect]) {
        var records: [OutboxRecord] = []
        for effect in effects { if case .note(let record) = effect { records.append(record) } }
        if let file, !records.isEmpty {
            do throws(SpoolError) { try file.append(records) { state.records } } catch { lost(error) }
        }
        for effect in effects {
            guard case .tell(let kind, let receiver, let reason) = effect else { continue }
            ways.tell(Self.incident(kind, receiver, reason))
            log.write(.warning, "a receiver of webhooks failed", [("receiver", receiver), ("reason", reason)])
        }
    }

    private func keep(_ records: [OutboxRecord]) {
        guard let file else { return }
        do throws(SpoolError) { try file.replace(records) } catch { lost(error) }
    }

    /// What cannot be kept is sent all the same, as long as the daemon runs.
    private func lost(_ error: SpoolError) {
        guard !isTroubleTold else { return }
        isTroubleTold = true
        log.write(.error, "the outbox cannot be kept on the disk", [("reason", error.description)])
    }

    // MARK: Sending

    /// Sends what is due, and plans the next look.
    private func look() {
        guard !isClosed else { return }
        let now = ways.now()
        for (name, message) in state.take(now: now) {
            guard let receiver = plan.receivers.first(where: { $0.name == name }) else { continue }
            send(message, to: receiver)
        }
        guard let next = state.next(now: now) else { return }
        // The clock may be set meanwhile: it is looked at every minute.
        let time = now + min(max(next - now, 10), 60_000)
        if let planned, planned <= time, planned > now { return }
        planned = time
        executor.queue.asyncAfter(deadline: .now() + .milliseconds(time - now)) { @Sendable [weak self] in
            self?.assumeIsolated { outbox in
                if outbox.planned == time { outbox.planned = nil }
                outbox.look()
            }
        }
    }

    /// Looks now; for tests, whose clock does not run by itself.
    nonisolated func wake() { later { $0.look() } }

    private nonisolated func send(_ message: OutgoingMessage, to receiver: WebhookReceiver) {
        let isBegun = sending.begin { [self] in
            let outcome = attempt(message, receiver)
            ways.answered()
            finish(message, receiver, outcome)
        }
        if !isBegun { finish(message, receiver, .later(after: nil, "too many receivers are being told")) }
    }

    private nonisolated func finish(
        _ message: OutgoingMessage, _ receiver: WebhookReceiver, _ outcome: DeliveryOutcome
    ) {
        later { outbox in
            let effects = outbox.state.finished(
                message.id, of: receiver.name, address: receiver.location.text, outcome, now: outbox.ways.now(),
                chance: outbox.ways.chance())
            outbox.perform(effects)
            outbox.look()
        }
    }

    private nonisolated func attempt(_ message: OutgoingMessage, _ receiver: WebhookReceiver) -> DeliveryOutcome {
        let now = ways.now()
        let keys = ways.keys(receiver.name)
        guard !keys.isEmpty else { return .later(after: nil, "there is no secret to sign with") }
        return Self.attempt(
            message, receiver.location, keys: keys, rule: ruleInForce.value, patience: ways.patience, now: now)
    }

    /// One try to deliver a message; waits for its end.
    ///
    /// - Parameters:
    ///   - patience: of the whole, ms.
    ///   - now: Unix ms.
    static func attempt(
        _ message: OutgoingMessage, _ location: HTTPLocation, keys: [[UInt8]], rule: AddressRule, patience: Int64,
        now: Int
    ) -> DeliveryOutcome {
        var bounds = HTTPClient.Bounds()
        bounds.totalMilliseconds = patience
        bounds.body = 1 << 16
        let client = HTTPClient(bounds: bounds, addresses: rule)
        let call = HTTPClient.Call(
            "POST", location, fields: message.fields(keys: keys, now: now / 1000), body: message.body)
        do throws(HTTPClient.Failure) {
            // Only the head matters.
            return DeliveryOutcome(.success(try client.open(call).0), now: now)
        } catch { return DeliveryOutcome(.failure(error), now: now) }
    }

    // MARK: Looking

    /// For the metrics.
    struct Figures: Sendable {
        var counts: [String: Int]
        var waiting: Int
        var off: Int
    }

    nonisolated var figures: Figures {
        get async {
            await withCheckedContinuation { done in
                later { outbox in
                    let lines = outbox.state.lines.values
                    done.resume(
                        returning: Figures(
                            counts: outbox.state.counts, waiting: lines.reduce(0) { $0 + $1.owed.count },
                            off: lines.count { $0.offAddress != nil }))
                }
            }
        }
    }

    private static func incident(_ kind: OutboxState.Incident, _ receiver: String, _ reason: String) -> JSONValue {
        let clock = WebhookRoutes.clockSentence
        let made =
            switch kind {
            case .failing:
                Installation.incident(
                    "webhook-failing", nil,
                    "The receiver \(receiver) gets nothing: \(reason). It is tried again. \(clock)")
            case .off:
                Installation.incident(
                    "webhook-off", nil,
                    "The receiver \(receiver) is switched off: \(reason). Mend it, then reload the configuration.")
            case .lost:
                Installation.incident(
                    "webhook-lost", nil,
                    "A message to the receiver \(receiver) is given up after three days: \(reason).")
            case .full:
                Installation.incident(
                    "webhook-full", nil,
                    "So much waits for the receiver \(receiver) that the oldest messages are left out: \(reason).")
            }
        guard case .object(let members) = made else { return made }
        return .object(members + [("receiver", .string(receiver))])
    }
}

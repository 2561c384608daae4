/// Who has commands and questions of its own for a link, besides what is asked by name: a run that is being fed.
protocol LinkFeeder: AnyObject {
    /// What is to be sent now; asked only while no reply is owed.
    func nextSending(at now: Int64) -> BoardLink.Sending?
    /// When it wants to be asked again at the latest.
    func nextWake(at now: Int64) -> Int64?
    /// The board has answered something, whatever it was.
    func heard(at now: Int64)
    func answered(_ tag: Int, text: String, at now: Int64)
    func refused(_ tag: Int, text: String)
    /// A line that answers nothing that was asked.
    func heardUnasked(_ text: String)
    /// No reply has come in time to what the feeder has sent.
    func missedReply(to command: String)
    func lost(_ error: LinkError)
    /// What the board says of itself in passing.
    func saw(_ status: BoardStatus)
    /// After everything that happens on the link.
    func looked(at now: Int64)
    /// Whether what waits behind a missing reply is sent all the same: the pen is still to go up.
    var isEnding: Bool { get }
}

/// The link to one board, on its driver's queue: asks and answers, waiting, and the model of the board's queue.
///
/// Commands go out one at a time, each after the reply to the one before: so a command that did not arrive is always
/// the last one, and nothing is sent twice or left out. One piece alone is more than a command: the rest of a travel beside
/// which the pen falls, because the carriage must not wait for a link meanwhile. The queue of the board is kept full all the same, because a
/// reply takes a millisecond or two and a move at least four. Not for use from anywhere but its driver.
final class BoardLink {
    /// A command with the tag by which its reply is known, and the ticks that it may take beyond what is queued.
    struct Sending {
        var command: Command
        var tag: Int
        var patience: Int64
        /// What goes out with it, in one piece.
        var following: [Sending] = []
    }

    private struct Ask {
        var tag: Int
        var command: Command
        var patience: Int64
        var done: CheckedContinuation<Result<String, DriverError>, Never>
    }

    private struct Sleeper {
        var due: Int64
        var done: CheckedContinuation<Void, Never>
    }

    /// Tags from here down belong to what is asked by name; a feeder has those above.
    static let firstAsk = -1000
    private static let stopTag = -999
    private static let longestQuote = 64

    let transport: any Transport
    let settings: DriverSettings
    private let executor: QueueExecutor
    /// Where the transport's events go: to the actor that owns this, which hands them to `take`.
    var events: (@Sendable (TransportEvent) -> Void)?
    weak var feeder: (any LinkFeeder)?

    /// What the board said of itself; known once it has been connected.
    var identity: BoardIdentity?
    var conversation = Conversation()
    var credit = Credit(depth: 1)
    private(set) var isOpen = false
    /// The board is being found out about: a stop does not end that.
    var isConnecting = false
    /// A stop came while the board could not be told, or could not be told in its syntax.
    var owesStop = false
    /// How often a stop was asked for.
    private(set) var stops = 0
    /// A reply did not come in time: what comes next may be that one, until the board has answered unmistakably.
    var isOutOfStep = false
    /// Nothing is asked any more, and why.
    var gate: DriverError?
    /// Last line that answered nothing.
    private(set) var lastUnasked: String?

    /// What has come from the board of late, byte by byte: quoted when it makes no sense.
    private var heard: [UInt8] = []
    private var meanings: [Conversation.Event] = []
    private var out: [UInt8] = []
    private var waiting: [Ask] = []
    private var sent: Ask?
    private var replyDue: Int64?
    private var sleepers: [Sleeper] = []
    private var isDiscarding = false
    private var wakeAt: Int64?
    private var lastTag = BoardLink.firstAsk

    init(transport: any Transport, settings: DriverSettings, executor: QueueExecutor) {
        self.transport = transport
        self.settings = settings
        self.executor = executor
    }

    var now: Int64 { transport.now }
    /// The last bytes from the board, as a person can read them.
    var quoted: String { QuotedBytes(heard.suffix(Self.longestQuote)).text }

    // MARK: Asking and waiting

    /// Asks a question and gives what the answer says.
    nonisolated(nonsending) func ask<Answer>(_ question: Question<Answer>, patience: Int64? = nil)
        async throws(DriverError) -> Answer
    {
        let text = try await send(question.command, patience: patience)
        guard let answer = question.parse(text) else {
            throw .unexpected(command: question.command.text, answer: text)
        }
        return answer
    }

    /// Sends a command and gives what it is answered, without name and line ends.
    ///
    /// - Parameter patience: ticks that the reply may take beyond what is queued; nil = the usual.
    @discardableResult
    nonisolated(nonsending) func send(_ command: Command, patience: Int64? = nil) async throws(DriverError) -> String {
        if isOutOfStep, !isConnecting { try await resynchronise() }
        guard isOpen else { throw .link(.absent(name: "")) }
        if let gate { throw gate }
        let result = await withCheckedContinuation { done in
            lastTag -= 1
            waiting.append(
                Ask(tag: lastTag, command: command, patience: patience ?? settings.replyTicks, done: done))
            pump()
        }
        return try result.get()
    }

    /// Sends a command whose reply nobody waits for.
    func post(_ command: Command) {
        guard isOpen else { return }
        transmit(Sending(command: command, tag: Self.stopTag, patience: settings.replyTicks))
    }

    /// Lets `ticks` of the link's time pass, whether it is open or not.
    nonisolated(nonsending) func sleep(ticks: Int64) async {
        await withCheckedContinuation { done in
            sleepers.append(Sleeper(due: now + ticks, done: done))
            setWake()
        }
    }

    /// `ES` is the next thing on the wire, whatever is owed; who asks or waits is told that it was stopped.
    func stop() {
        stops += 1
        owesStop = isConnecting || !isOpen
        post(.emergencyStop(disablesMotors: false))
        credit.clear()
        guard !isConnecting else { return }
        failAsks(.halted)
        wakeAllSleepers()
        pump()
    }

    /// Ends all waiting for a board that may never answer: asks, sleeps, and the reply that is owed.
    func abandon() {
        conversation.reset()
        replyDue = nil
        failAsks(.halted)
        wakeAllSleepers()
    }

    // MARK: The carrier

    func open() throws(LinkError) {
        guard let events else { throw .absent(name: "") }
        try transport.open(on: executor, events: events)
        isOpen = true
        isOutOfStep = false
        wakeAt = nil
        // What was asked over the old link is answered by nobody.
        failAsks(.link(.absent(name: "opened anew")))
        conversation.reset()
        replyDue = nil
    }

    /// Lets go of the carrier; time still passes.
    func shut() {
        transport.close()
        isOpen = false
        wakeAt = nil
        conversation.reset()
        replyDue = nil
        failAsks(.link(.absent(name: "")))
        setWake()
    }

    /// Ends the link; the board is left as it is.
    func close() {
        transport.close()
        wakeAt = nil
        lose(.absent(name: ""))
        wakeAllSleepers()
    }

    /// Sends bytes outside the conversation and drops everything that comes within `ticks`.
    nonisolated(nonsending) func flush(_ bytes: [UInt8], ticks: Int64) async {
        isDiscarding = true
        if !bytes.isEmpty, isOpen { transport.write(bytes) }
        await sleep(ticks: ticks)
        isDiscarding = false
        conversation.reset()
        replyDue = nil
    }

    /// What the carrier tells, on the driver's queue.
    func take(_ event: TransportEvent) {
        switch event {
        case .received(let bytes):
            heard += bytes
            if heard.count > 512 { heard.removeFirst(heard.count - Self.longestQuote) }
            if isDiscarding || !isOpen { return }
            meanings.removeAll(keepingCapacity: true)
            conversation.receive(bytes, events: &meanings)
            for meaning in meanings { take(meaning) }
            if conversation.owedCount == 0 { replyDue = nil }
        case .woke:
            wakeAt = nil
            wakeSleepers()
            if let due = replyDue, due <= now { giveUpReply() }
        case .lost(let error):
            lose(error)
        }
        pump()
    }

    private func lose(_ error: LinkError) {
        guard isOpen else { return }
        isOpen = false
        conversation.reset()
        replyDue = nil
        // What the board has done since nobody knows before it has been asked.
        credit.clear()
        failAsks(.link(error))
        feeder?.lost(error)
        feeder?.looked(at: now)
    }

    private func wakeSleepers() {
        guard !sleepers.isEmpty else { return }
        let now = now
        let due = sleepers.filter { $0.due <= now }
        sleepers.removeAll { $0.due <= now }
        for sleeper in due { sleeper.done.resume() }
    }

    private func wakeAllSleepers() {
        let all = sleepers
        sleepers.removeAll()
        for sleeper in all { sleeper.done.resume() }
    }

    private func failAsks(_ error: DriverError) {
        let all = (sent.map { [$0] } ?? []) + waiting
        sent = nil
        waiting.removeAll()
        for ask in all { ask.done.resume(returning: .failure(error)) }
    }

    private func giveUpReply() {
        replyDue = nil
        guard let owed = conversation.oldestOwed else { return }
        conversation.reset()
        isOutOfStep = true
        if let ask = sent {
            sent = nil
            ask.done.resume(returning: .failure(.link(.timedOut(waitingFor: ask.command.text))))
        } else {
            feeder?.missedReply(to: owed.name)
            // Who has waited behind it need not wait as long again; but a run that is to end still tries to raise the pen.
            if feeder?.isEnding != true { failAsks(.link(.timedOut(waitingFor: owed.name))) }
        }
    }

    // MARK: Replies

    private func take(_ meaning: Conversation.Event) {
        switch meaning {
        case .answered(let tag, let text):
            feeder?.heard(at: now)
            if tag <= Self.firstAsk {
                finishAsk(tag, .success(text))
            } else {
                feeder?.answered(tag, text: text, at: now)
            }
        case .refused(let tag, let text):
            if tag <= Self.firstAsk {
                finishAsk(tag, .failure(.refused(command: sent?.command.text ?? "", answer: text)))
            } else {
                feeder?.refused(tag, text: text)
            }
        case .unasked(let text):
            lastUnasked = text
            feeder?.heardUnasked(text)
        }
    }

    private func finishAsk(_ tag: Int, _ result: Result<String, DriverError>) {
        guard let ask = sent, ask.tag == tag else { return }
        sent = nil
        ask.done.resume(returning: result)
    }

    // MARK: Sending

    /// Sends what may be sent now, and sees to it that the link wakes us for the rest.
    func pump() {
        while isOpen, conversation.owedCount == 0, !isDiscarding {
            guard sendAsk() || sendFed() else { break }
        }
        feeder?.looked(at: now)
        setWake()
    }

    private func sendAsk() -> Bool {
        guard sent == nil, !waiting.isEmpty else { return false }
        let ask = waiting.removeFirst()
        sent = ask
        transmit(Sending(command: ask.command, tag: ask.tag, patience: ask.patience))
        if conversation.owedCount == 0 { finishAsk(ask.tag, .success("")) }  // one that is never answered
        return true
    }

    private func sendFed() -> Bool {
        guard let sending = feeder?.nextSending(at: now) else { return false }
        transmit(sending)
        return true
    }

    private func transmit(_ sending: Sending) {
        out.removeAll(keepingCapacity: true)
        conversation.send(sending.command, tag: sending.tag, to: &out)
        for next in sending.following { conversation.send(next.command, tag: next.tag, to: &out) }
        if conversation.owedCount > 0 {
            let now = now
            replyDue = max(now, credit.lastEnd ?? now) + (sending.following.last ?? sending).patience
        }
        transport.write(out)
    }

    private func setWake() {
        let now = now
        var due = replyDue
        for sleeper in sleepers { due = min(due ?? sleeper.due, sleeper.due) }
        if isOpen, conversation.owedCount == 0, !isDiscarding, let next = feeder?.nextWake(at: now) {
            due = min(due ?? next, max(now + 1, next))
        }
        guard due != wakeAt else { return }
        wakeAt = due
        transport.wake(at: due)
    }
}

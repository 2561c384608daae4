/// Drives one board over one transport, on a Dispatch queue of its own.
///
/// Commands go out one at a time, each after the reply to the one before: so a command that did not arrive is always
/// the last one, and nothing is sent twice or left out. The queue of the board is kept full all the same, because a
/// reply takes a millisecond or two and a move at least four. Feeding runs without suspension (`pump`); everything
/// that is rare (connecting, coming to rest, proving a position) is written as asynchronous functions on top.
public actor Driver: QueueActor {
    /// What the driver waits for or does with a reply.
    private struct Ask {
        var tag: Int
        var command: Command
        /// Ticks that the reply may take beyond what is queued.
        var patience: Int64
        var done: CheckedContinuation<Result<String, DriverError>, Never>
    }

    private struct Sleeper {
        var id: Int
        var due: Int64
        var done: CheckedContinuation<Void, Never>
    }

    /// Tags of replies that no one waits for in a suspended function; program commands have their index.
    enum Watch {
        static let status = -1
        static let power = -2
        static let counters = -3
        static let stop = -4
        static let countersAgain = -5
        static let pen = -6
        static let waiting = -7
        static let button = -8
        static let firstAsk = -1000
    }

    public nonisolated let executor: QueueExecutor

    let transport: any Transport
    let settings: DriverSettings
    /// Mark of the present run, or of the last one.
    var session: UInt8
    /// Known while connected.
    var identity: BoardIdentity?
    var conversation = Conversation()
    var credit = Credit(depth: 1)
    var feed: Feed?
    var isOpen = false
    var control = RunControl()
    /// What the board's own button and supply said when last watched.
    var watch = WatchState()

    /// What has come from the board of late, byte by byte: quoted when it makes no sense.
    private var heard: [UInt8] = []
    private var events: [Conversation.Event] = []
    private var out: [UInt8] = []
    private var waiting: [Ask] = []
    private var sent: Ask?
    private var replyDue: Int64?
    private var sleepers: [Sleeper] = []
    private var isDiscarding = false
    private var wakeAt: Int64?
    private var lastTag = Watch.firstAsk
    var feeding: CheckedContinuation<Void, Never>?

    public init(transport: any Transport, settings: DriverSettings = DriverSettings()) {
        self.transport = transport
        self.settings = settings
        session = settings.session
        executor = QueueExecutor(label: "axidrawd.driver", keepsTasks: true)
    }

    /// Ends the link; the board is left as it is.
    public func close() {
        transport.close()
        lose(.absent(name: "closed"))
    }

    /// Sends one command and gives what it is answered, without name and line ends. Not for motion while a run lasts.
    public func ask(_ command: Command) async throws(DriverError) -> String {
        try await onQueue { () throws(DriverError) in try await ask(command, patience: settings.replyTicks) }
    }

    /// Does a piece of work without ever leaving the driver's queue: replies do not wait for the process's other work,
    /// and simulated time knows when the driver has nothing more to do.
    func onQueue<Result, Failure>(_ work: () async throws(Failure) -> Result) async throws(Failure) -> Result {
        try await withTaskExecutorPreference(executor, operation: work)
    }

    func ask(_ command: Command, patience: Int64) async throws(DriverError) -> String {
        guard isOpen else { throw .link(.absent(name: "closed")) }
        if control.isRecovering, control.halt != nil { throw .halted }
        let result = await withCheckedContinuation { done in
            lastTag -= 1
            waiting.append(Ask(tag: lastTag, command: command, patience: patience, done: done))
            pump()
        }
        return try result.get()
    }

    /// Lets `ticks` of the link's time pass.
    func sleep(ticks: Int64) async {
        await withCheckedContinuation { done in
            lastTag -= 1
            sleepers.append(Sleeper(id: lastTag, due: transport.now + ticks, done: done))
            setWake()
        }
    }

    /// Does something on the driver's queue, after whatever was asked before and without waiting for anything else.
    nonisolated func perform(_ action: @escaping @Sendable (isolated Driver) -> Void) {
        executor.async { self.assumeIsolated { action($0) } }
    }

    // MARK: The link

    func openLink() throws(LinkError) {
        try transport.open(on: executor) { @Sendable [weak self] event in
            self?.assumeIsolated { $0.take(event) }
        }
        isOpen = true
        wakeAt = nil
        // What was asked over the old link is answered by nobody.
        failAsks(.link(.absent(name: "opened anew")))
        conversation.reset()
        replyDue = nil
    }

    /// Sends bytes outside the conversation and drops everything that comes within `ticks`.
    func flush(_ bytes: [UInt8], ticks: Int64) async {
        isDiscarding = true
        if !bytes.isEmpty { transport.write(bytes) }
        await sleep(ticks: ticks)
        isDiscarding = false
        conversation.reset()
        replyDue = nil
    }

    private func take(_ event: TransportEvent) {
        switch event {
        case .received(let bytes):
            heard += bytes
            if heard.count > 512 { heard.removeFirst(heard.count - Self.longestQuote) }
            if isDiscarding { return }
            events.removeAll(keepingCapacity: true)
            conversation.receive(bytes, events: &events)
            for event in events { take(event) }
            if conversation.owedCount == 0 { replyDue = nil }
        case .woke:
            wakeAt = nil
            wakeSleepers()
            if let due = replyDue, due <= transport.now { giveUpReply() }
        case .lost(let error):
            lose(error)
        }
        pump()
    }

    private func wakeSleepers() {
        guard !sleepers.isEmpty else { return }
        let now = transport.now
        let due = sleepers.filter { $0.due <= now }
        sleepers.removeAll { $0.due <= now }
        for sleeper in due { sleeper.done.resume() }
    }

    /// Wakes everyone who sleeps, so that a stop does not wait for them.
    func wakeAllSleepers() {
        let all = sleepers
        sleepers.removeAll()
        for sleeper in all { sleeper.done.resume() }
    }

    private func lose(_ error: LinkError) {
        guard isOpen else { return }
        isOpen = false
        conversation.reset()
        replyDue = nil
        // What the board has done since nobody knows before it has been asked.
        credit.clear()
        failAsks(.link(error))
        trouble(.link(error))
        finishFeedingIfOver()
    }

    /// Ends all waiting for a board that may never answer: asks, sleeps, and the reply that is owed.
    func abandonRecovery() {
        conversation.reset()
        replyDue = nil
        failAsks(.halted)
        wakeAllSleepers()
    }

    func failAsks(_ error: DriverError) {
        let all = (sent.map { [$0] } ?? []) + waiting
        sent = nil
        waiting.removeAll()
        for ask in all { ask.done.resume(returning: .failure(error)) }
    }

    private func giveUpReply() {
        replyDue = nil
        guard let owed = conversation.oldestOwed else { return }
        conversation.reset()
        if let ask = sent {
            sent = nil
            ask.done.resume(returning: .failure(.link(.timedOut(waitingFor: ask.command.text))))
        } else {
            trouble(.silent(command: owed.name))
            // Who has waited behind it need not wait as long again; but a run that is to end still tries to raise the pen.
            if control.halt == nil { failAsks(.link(.timedOut(waitingFor: owed.name))) }
        }
    }

    func trouble(_ trouble: Trouble) {
        guard feed != nil, feed?.trouble == nil else { return }
        feed?.trouble = trouble
        control.quoted = QuotedBytes(heard.suffix(Self.longestQuote)).text
    }

    private static let longestQuote = 64

    // MARK: Replies

    private func take(_ event: Conversation.Event) {
        switch event {
        case .answered(let tag, let text):
            if feeding != nil, feed?.trouble == nil {
                retire()
                feed?.heard()
            }
            if tag >= 0 {
                credit.answered(tag, at: transport.now)
                feed?.answered(tag)
            } else if tag <= Watch.firstAsk {
                finishAsk(tag, .success(text))
            } else {
                takeWatch(tag, text: text)
            }
        case .refused(let tag, let text):
            if tag >= 0 {
                let command = feed.map { $0.program.commands[tag].text } ?? ""
                trouble(.refused(command: command, answer: text))
            } else if tag <= Watch.firstAsk {
                let command = sent?.command.text ?? ""
                finishAsk(tag, .failure(.refused(command: command, answer: text)))
            }
        case .unasked(let text):
            takeUnasked(text)
        }
    }

    private func finishAsk(_ tag: Int, _ result: Result<String, DriverError>) {
        guard let ask = sent, ask.tag == tag else { return }
        sent = nil
        ask.done.resume(returning: result)
    }

    /// An error that belongs to no command may mean that one did not run as it was sent; anything else only counts.
    private func takeUnasked(_ text: String) {
        watch.unasked = text
        if text.hasPrefix("!") { trouble(.unasked(text)) }
    }

    // MARK: Sending

    /// Sends what may be sent now, and sees to it that the link wakes us for the rest.
    func pump() {
        while isOpen, conversation.owedCount == 0, !isDiscarding {
            guard sendAsk() || sendWatch() || sendNext() else { break }
        }
        retire()
        finishFeedingIfOver()
        setWake()
    }

    private func sendAsk() -> Bool {
        guard sent == nil, !waiting.isEmpty else { return false }
        let ask = waiting.removeFirst()
        sent = ask
        send(ask.command, tag: ask.tag, patience: ask.patience)
        if conversation.owedCount == 0 { finishAsk(ask.tag, .success("")) }  // one that is never answered
        return true
    }

    private func sendWatch() -> Bool {
        guard let feed, feed.trouble == nil, let question = dueWatch(feed) else { return false }
        send(question.command, tag: question.tag, patience: settings.replyTicks)
        return true
    }

    private func sendNext() -> Bool {
        guard let feed, feed.isHungry else { return false }
        let now = transport.now
        retire()
        let index = feed.next
        let ticks = feed.program.ticks[index]
        if ticks > 0 {
            guard credit.nextChance(at: now) <= now else { return false }
            credit.sent(index: index, ticks: ticks, at: now)
        }
        self.feed?.next = index + 1
        // It is answered when it is in the queue, at the latest when all before it has ended.
        send(feed.program.commands[index], tag: index, patience: settings.replyTicks - Int64(ticks))
        return true
    }

    func send(_ command: Command, tag: Int, patience: Int64) {
        out.removeAll(keepingCapacity: true)
        conversation.send(command, tag: tag, to: &out)
        if conversation.owedCount > 0 {
            let now = transport.now
            replyDue = max(now, credit.lastEnd ?? now) + patience
        }
        transport.write(out)
    }

    /// Takes off what has been executed by the model, and reports it now and then.
    private func retire() {
        let now = transport.now
        if let next = credit.retire(at: now) { feed?.retire(to: next) }
        guard control.report != nil, now >= control.nextReport else { return }
        control.nextReport = now + settings.reportTicks
        reportProgress()
    }

    /// Feeding lasts until what has been sent is executed: so long the board is looked at.
    private func finishFeedingIfOver() {
        guard let done = feeding, feed?.isOver ?? true, feed?.trouble != nil || credit.count == 0 else { return }
        feeding = nil
        done.resume()
    }

    private func setWake() {
        let now = transport.now
        var due = replyDue
        for sleeper in sleepers { due = min(due ?? sleeper.due, sleeper.due) }
        if isOpen, let feed, feed.trouble == nil, conversation.owedCount == 0 {
            if feed.isHungry {
                let chance = max(now + 1, credit.nextChance(at: now))
                due = min(due ?? chance, chance)
            } else if feeding != nil, let end = credit.lastEnd {
                due = min(due ?? end, max(now + 1, end))
            }
            if let next = nextWatch(feed) { due = min(due ?? next, max(now + 1, next)) }
        }
        guard due != wakeAt else { return }
        wakeAt = due
        transport.wake(at: due)
    }
}

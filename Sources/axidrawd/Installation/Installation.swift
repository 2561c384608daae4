internal import Dispatch
internal import EBB
internal import Foundation
internal import HTTP
internal import Synchronization
internal import Text

/// What became of a press that was taken.
enum PressOutcome: Equatable, Sendable {
    /// It has counted already.
    case repeated
    /// Pressed too long ago to mean anything now.
    case old
    /// The plotter's own reaction.
    case moved(before: PlotterState, after: PlotterState)
    /// A drawing is promised.
    case queued(PressTicket, waiting: Int, state: PlotterState)
}

/// Buttons, products and the line in front of each plotter: one press, one drawing.
///
/// The plotters' state machines decide what a press means; this decides what a refused single press asks for, and in
/// which order those who wait are called. Everything that promises a drawing is on disk before it is answered.
actor Installation: QueueActor {
    /// A press that is older counts no more, ms.
    static let freshMilliseconds = 30_000
    /// A called client must send its drawing so soon, ms.
    static let grantMilliseconds = 15_000
    /// Each heartbeat that finds the called client's stream open gives it as much again, to this much in all: rendering
    /// may be slow, and a client that hangs must not hold the plotter.
    static let longestGrantMilliseconds = 60_000
    static let heartbeatMilliseconds = 5_000
    /// The place of a client whose stream broke is kept so long, ms.
    static let graceMilliseconds = 10_000

    /// What a plotter draws or drew last, for screens.
    struct Current: Equatable, Sendable {
        var job: JobID
        /// nil for a client's drawing.
        var product: String?
        var seed: Int?
        var isDone = false
    }

    nonisolated let executor = QueueExecutor(label: "axidrawd.installation")
    nonisolated let plan: InstallationPlan
    nonisolated let queue: any InstallationQueue
    let file: InstallationFile?
    /// Unix time in ms.
    nonisolated let clock: @Sendable () -> Int
    var memory = InstallationMemory()
    var lines: [String: WaitingLine] = [:]
    var current: [String: Current] = [:]
    /// The last state of each plotter that was taken in.
    var seen: [String: PlotterState] = [:]
    /// The job that began last at each plotter, and when.
    private var begunJobs: [String: (job: JobID, time: Int)] = [:]
    /// Plotters with endless paper that have been made ready once.
    private var armed: Set<String> = []
    /// When plotters were stopped by a reset of the installation's own, until they go on.
    var resets: [String: Int64] = [:]
    /// Streams that were turned away and end by themselves at a time.
    var turnedAway: [(feed: EventFeed, until: Int)] = []
    /// Streams of those whose press is being drawn here, by ticket.
    var followers: [String: EventFeed] = [:]
    /// Streams that only hear how something ends.
    var following: [EventFeed] = []
    var lastHeartbeat = 0
    /// Whether the last promise could be stored.
    private(set) var isHealthy = true
    var ticking = false
    /// Whoever has presses drawn by tasks elsewhere; nil = they are drawn here.
    let dispatcher: (any PressDispatch)?
    /// Until when a press waits for its task, ms, by ticket.
    var awaited: [String: Int] = [:]
    /// Waits so many ms.
    let pause: @Sendable (Int) async -> Void
    /// Who else takes products of the cycle; nil = nobody.
    nonisolated let sharedCycle = Live<(any ProductCycle)?>(nil)
    /// What is published of plotters, where somebody looks.
    nonisolated let published = Live<[String: PublishedDesign]>([:])
    /// Presses by plotter that ask the others which product is next, and have their places already.
    private var asking: [String: Int] = [:]
    /// Whether a position of the shared cycle is being taken, and who waits for that.
    private var isTaking = false
    private var takers: [CheckedContinuation<Void, Never>] = []
    /// Presses that are being decided, and copies of them that wait for that.
    private var undecided = InstallationMemory()
    private var waitingCopies: [CheckedContinuation<Void, Never>] = []
    private let inbox = Mutex(Inbox())
    /// Whether the disk has been asked to keep something and has not answered.
    nonisolated let isStoring = Mutex(false)
    /// Drawings are generated here, one at a time, away from every actor.
    static let studio = DispatchQueue(label: "axidrawd.installation.studio", qos: .utility)

    /// What plotters have told and nobody has looked at.
    private struct Inbox {
        var news: [(plotter: String, notice: PlotterNotice, time: Int)] = []
        var lastState: [String: PlotterState] = [:]
    }

    /// Opens the memory of earlier runs.
    ///
    /// - Parameter storage: nil keeps everything in memory only.
    init(
        plan: InstallationPlan, queue: any InstallationQueue, storage: (any SpoolStorage)? = nil,
        dispatcher: (any PressDispatch)? = nil,
        pause: @escaping @Sendable (Int) async -> Void = { try? await Task.sleep(for: .milliseconds($0)) },
        clock: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970 * 1000) }
    ) throws(SpoolError) {
        self.plan = plan
        self.queue = queue
        self.clock = clock
        self.dispatcher = dispatcher
        self.pause = pause
        file = storage.map { InstallationFile(storage: $0) }
        if let (found, finding) = try file?.load(now: clock()) {
            memory = found
            if let finding { queue.publish("incident", Self.incident("installation-memory", nil, finding)) }
        }
    }

    /// Puts those who waited before the restart back into their lines.
    func begin() async {
        queue.whenReopened { [weak self] plotter in
            guard let self else { return }
            Task { await self.goesOn(plotter) }
        }
        for ticket in memory.tickets {
            guard plan.product(ticket.product) != nil else {
                drop(ticket, "its product is no longer configured")
                continue
            }
            // Its task may have been faster than we are.
            guard lines[ticket.plotter]?.place(of: ticket.id) == nil else { continue }
            let place = lines[ticket.plotter, default: WaitingLine()].add(.press(ticket), time: ticket.seed)
            guard let job = ticket.job ?? queue.job(of: ticket.id) else {
                // Its task, if there is one, is somewhere and comes again by itself.
                awaitTask(of: ticket)
                continue
            }
            // Handed over before the restart: it ends as the queue says and is never drawn again from here.
            lines[ticket.plotter]?.remove(place.number)
            guard lines[ticket.plotter]?.turn == nil else {
                drop(ticket, "two of its plotter were under way")
                continue
            }
            // Its pen may have begun, so nothing that happens now sends it back to the line.
            lines[ticket.plotter]?.turn = WaitingLine.Turn(place: place, begun: clock())
            publish(job, ticket.plotter)
            Task { await run(job, place.number, at: ticket.plotter) }
        }
        for plotter in queue.plotters { callNext(plotter) }
    }

    // MARK: Presses

    /// Takes a press of a button that belongs to this plotter.
    func press(_ press: Press, source: String, on plotter: String) async throws(InstallationError) -> PressOutcome {
        guard queue.state(of: plotter) != nil else { throw .unknownPlotter(plotter) }
        let now = clock()
        if let time = press.time, now - time > Self.freshMilliseconds { return .old }
        let mark = InstallationMemory.Mark(
            source: source, button: press.button ?? "", kind: press.kind, id: press.id, time: now,
            signed: press.signed, until: press.signed.isEmpty ? nil : now + press.signedSeconds * 1000)
        // A copy of one that is being decided waits for it: it is a repeat only if that one counts.
        while undecided.isRepeat(mark) { await withCheckedContinuation { waitingCopies.append($0) } }
        if memory.isRepeat(mark) { return .repeated }
        undecided.remember(mark)
        defer {
            undecided.forget(mark)
            let copies = waitingCopies
            waitingCopies = []
            for copy in copies { copy.resume() }
        }
        return try await take(press.kind, on: plotter, meaning: plan.press, mark)
    }

    /// A press by name of the plotter: every one counts, as the person in front of it sees what it does.
    func press(
        _ kind: PenPress, on plotter: String, meaning: InstallationPlan.PressMeaning = .machine
    ) async throws(InstallationError) -> PressOutcome {
        guard queue.state(of: plotter) != nil else { throw .unknownPlotter(plotter) }
        let outcome = try await take(kind, on: plotter, meaning: meaning)
        if kind == .double, meaning == .machine { await goOnAfterReset(plotter) }
        return outcome
    }

    /// - Parameter mark: what a repeat is known by; it is kept together with what the press comes to, never before, so that
    ///   after a power cut a press is either known and promised or neither.
    private func take(
        _ kind: PenPress, on plotter: String, meaning: InstallationPlan.PressMeaning,
        _ mark: InstallationMemory.Mark? = nil
    ) async throws(InstallationError) -> PressOutcome {
        if meaning == .draws, kind != .double, let state = queue.state(of: plotter), !plan.cycle.isEmpty {
            guard kind == .single else { throw .onlyDraws(plotter: plotter, state) }
            // Where a press would move the pen or the motors it joins the line, and waits until paper is in.
            // Nor is the machine asked where it is busy: it may come to rest between the look and the question, and would move.
            if (Self.restingStates.union(Self.busyStates)).contains(state.publicName) {
                return try await promise(on: plotter, mark)
            }
            throw .queue(.refused(Refusal(state: state, event: .pressed(kind))))
        }
        do throws(InstallationError) {
            let step = try await queue.apply(.pressed(kind), to: plotter)
            if let mark { memory.remember(mark) }
            // Only repeats are recognised by it, and the pen has moved already.
            try? store(memory)
            return .moved(before: step.before, after: step.after)
        } catch {
            guard kind == .single, error.isConflict, let state = error.state, Self.busyStates.contains(state),
                !plan.cycle.isEmpty
            else { throw error }
            return try await promise(on: plotter, mark)
        }
    }

    /// States in which a single press asks for a drawing.
    private static let busyStates: Set<String> = ["idle", "plotting", "paused", "stopping"]

    /// States in which a press would move the machine.
    private static let restingStates: Set<String> = ["raised", "lowered", "free"]

    /// Promises the next drawing of the cycle; where others share it they are asked first.
    private func promise(
        on plotter: String, _ mark: InstallationMemory.Mark?
    ) async throws(InstallationError) -> PressOutcome {
        try checkPlaces(of: plotter)
        guard let others = sharedCycle.value else {
            return try promise(on: plotter, position: memory.position, mark)
        }
        asking[plotter, default: 0] += 1
        // One after the other, until it is promised: else what was taken first might be promised last.
        while isTaking { await withCheckedContinuation { takers.append($0) } }
        isTaking = true
        defer {
            isTaking = false
            if !takers.isEmpty { takers.removeFirst().resume() }
        }
        let position = await others.take(plan.cycle, own: memory.position)
        asking[plotter, default: 1] -= 1
        return try promise(on: plotter, position: position ?? memory.position, mark)
    }

    private func checkPlaces(of plotter: String) throws(InstallationError) {
        let waiting = (lines[plotter]?.waiting.count ?? 0) + (asking[plotter] ?? 0)
        guard waiting < plan.places else {
            let error = InstallationError.full(places: plan.places, plotter: plotter)
            queue.publish("incident", Self.incident("queue-full", plotter, error.sentence))
            throw error
        }
    }

    /// No suspension: two presses never get the same one.
    private func promise(
        on plotter: String, position: Int, _ mark: InstallationMemory.Mark?
    ) throws(InstallationError) -> PressOutcome {
        let name = plan.cycle[position % plan.cycle.count]
        guard plan.product(name) != nil else {
            throw .unknownProduct(name)
        }
        let ticket = PressTicket(
            id: Identifier.make(), plotter: plotter, product: name, seed: max(clock(), memory.lastSeed + 1))
        var next = memory
        next.position = max(next.position, position + 1)
        next.lastSeed = ticket.seed
        next.tickets.append(ticket)
        if let mark { next.remember(mark) }
        try save(next)
        memory = next
        _ = lines[plotter, default: WaitingLine()].add(.press(ticket), time: ticket.seed)
        dispatch(ticket)
        callNext(plotter)
        tell(plotter)
        let state = queue.state(of: plotter) ?? .absent
        return .queued(ticket, waiting: lines[plotter]?.waiting.count ?? 0, state: state)
    }

    /// Stores what is known; if that fails nothing has happened.
    private func save(_ memory: InstallationMemory) throws(InstallationError) {
        do throws(SpoolError) {
            try store(memory)
            isHealthy = true
        } catch {
            isHealthy = false
            let refused = InstallationError.notStored(error)
            queue.publish("incident", Self.incident("installation-memory", nil, refused.sentence))
            throw refused
        }
    }

    // MARK: Drawing what was promised

    /// Calls whoever is next, if the plotter waits for somebody and nobody is called.
    func callNext(_ plotter: String) {
        takeNews()
        guard !queue.isStopped(plotter) else { return }
        guard let line = lines[plotter], line.turn == nil, !line.waiting.isEmpty, case .awaiting(nil)? = seen[plotter]
        else { return }
        guard !queue.isLoaded(plotter) else {
            // Nobody tells when a stored job is cancelled or held.
            startTicking()
            return
        }
        guard !isAwaitingTask(line.first) else {
            startTicking()
            return
        }
        guard let place = lines[plotter]?.takeFirst() else { return }
        lines[plotter]?.turn = WaitingLine.Turn(place: place)
        switch place.holder {
        case .press(let ticket): Task { await draw(ticket, place.number) }
        case .client: Task { await call(place.number, at: plotter) }
        }
        tell(plotter)
    }

    private func draw(_ ticket: PressTicket, _ number: Int) async {
        let drawing: [UInt8]
        do throws(DesignError) { drawing = try await Self.drawing(plan.product(ticket.product), ticket) } catch {
            end(number, at: ticket.plotter, .failed(Fault(message: "\(error)")))
            return
        }
        guard lines[ticket.plotter]?.turn?.place.number == number, lines[ticket.plotter]?.turn?.isRevoked == false
        else {
            putBack(number, at: ticket.plotter)
            return
        }
        do throws(InstallationError) {
            let job = try await queue.submit(
                InstallationDrawing(
                    plotter: ticket.plotter, name: "\(ticket.product) \(ticket.seed)", svg: drawing,
                    ticket: ticket.id))
            await run(job, number, at: ticket.plotter)
        } catch {
            // Somebody else was faster, or there is no room at present: the press waits on.
            if error.isPassing {
                putBack(number, at: ticket.plotter, triesLater: true)
            } else {
                end(number, at: ticket.plotter, .failed(Fault(message: error.sentence)))
            }
        }
    }

    private static func drawing(_ product: Product?, _ ticket: PressTicket) async throws(DesignError) -> [UInt8] {
        guard let product else { throw .unknownKind(ticket.product, known: []) }
        let seed = UInt64(max(0, ticket.seed))
        let result: Result<[UInt8], DesignError> = await withCheckedContinuation { done in
            studio.async { @Sendable in
                do throws(DesignError) { done.resume(returning: .success(try product.drawing(seed: seed))) } catch {
                    done.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Follows a job that has been handed over to its end.
    func run(_ job: JobID, _ number: Int, at plotter: String) async {
        guard lines[plotter]?.turn?.place.number == number else { return }
        lines[plotter]?.turn?.job = job
        if let last = begunJobs[plotter], last.job == job { began(job, plotter, last.time) }
        if let ticket = lines[plotter]?.turn?.place.press,
            let index = memory.tickets.firstIndex(where: { $0.id == ticket.id })
        {
            memory.tickets[index].job = job
            // The press is stored without its job too; should this fail, a restart draws it again rather than never.
            try? store(memory)
        }
        if lines[plotter]?.turn?.isRevoked == true { await queue.cancel(job) }
        let outcome = await queue.end(of: job) ?? .interrupted
        takeNews()
        let turn = lines[plotter]?.turn
        let isReplaced = outcome == .cancelled && turn?.begun == nil && queue.isLoaded(plotter)
        if outcome != .done, turn?.begun == nil, turn?.isRevoked == true || isReplaced {
            putBack(number, at: plotter)
        } else {
            end(number, at: plotter, outcome)
        }
    }

    /// The turn is over before the pen began; its holder stays where it was in the line.
    func putBack(_ number: Int, at plotter: String, triesLater: Bool = false) {
        guard let turn = lines[plotter]?.turn, turn.place.number == number else { return }
        lines[plotter]?.turn = nil
        switch turn.place.holder {
        case .press(let ticket):
            if let index = memory.tickets.firstIndex(where: { $0.id == ticket.id }) { memory.tickets[index].job = nil }
            try? store(memory)
            lines[plotter]?.putBack(turn.place)
            if let feed = followers.removeValue(forKey: ticket.id) {
                handOver(ticket, turn.place.number, feed, plotter)
            }
        case .client(let client):
            // Its drawing has been sent and will not come again.
            // One with a ticket is called again, and sends it again.
            if turn.usedFor == nil || client.isNamed {
                lines[plotter]?.putBack(turn.place)
            } else {
                Self.dismiss(client.feed, "the plotter was taken away before the drawing began")
            }
        }
        tell(plotter)
        if triesLater { startTicking() } else { callNext(plotter) }
    }

    /// The turn is over for good.
    func end(_ number: Int, at plotter: String, _ outcome: JobEnd) {
        guard let turn = lines[plotter]?.turn, turn.place.number == number else { return }
        lines[plotter]?.turn = nil
        switch turn.place.holder {
        case .press(let ticket):
            settle(ticket, outcome)
            if let feed = followers.removeValue(forKey: ticket.id) { tell(feed, outcome, turn) }
        case .client(let client):
            if let ticket = client.press { settle(ticket, outcome) }
            tell(client.feed, outcome, turn)
        }
        if current[plotter]?.job == turn.job { current[plotter]?.isDone = true }
        tell(plotter)
        callNext(plotter)
    }

    private func settle(_ ticket: PressTicket, _ outcome: JobEnd) {
        switch outcome {
        case .done: forget(ticket)
        case .cancelled: drop(ticket, "it was cancelled")
        case .interrupted: drop(ticket, "its plotter went away")
        case .failed(let fault): drop(ticket, fault.message)
        }
    }

    /// The last words of a stream.
    private func tell(_ feed: EventFeed, _ outcome: JobEnd, _ turn: WaitingLine.Turn) {
        guard outcome == .done else { return Self.dismiss(feed, Self.words(outcome), again: outcome == .interrupted) }
        let duration = turn.begun.map { clock() - $0 } ?? 0
        feed.send(.object([("done", .bool(true)), ("duration", .integer(duration))]))
        feed.end()
    }

    static func words(_ end: JobEnd) -> String {
        switch end {
        case .done: "drawn"
        case .cancelled: "the drawing was cancelled"
        case .interrupted: "the plotter went away"
        case .failed(let fault): fault.message
        }
    }

    /// Tells a client that nothing more comes, and ends its stream.
    ///
    /// - Parameter again: whether it may help to come again.
    static func dismiss(_ feed: EventFeed, _ reason: String, again: Bool = false) {
        feed.send(
            .object(
                [("failed", .bool(true)), ("reason", .string(reason))] + (again ? [("again", .bool(true))] : [])))
        feed.end()
    }

    private func forget(_ ticket: PressTicket) {
        memory.tickets.removeAll { $0.id == ticket.id }
        // Should this fail, the next start finds the job done and forgets it then.
        try? store(memory)
    }

    /// A promise that cannot be kept: somebody should know.
    func drop(_ ticket: PressTicket, _ reason: String) {
        forget(ticket)
        queue.publish(
            "incident",
            Self.incident(
                "press-lost", ticket.plotter, "The drawing \(ticket.product) of a press was not finished: \(reason)."))
    }

    // MARK: What plotters tell

    /// Called on a plotter's actor, in order, before anybody else sees the new state; returns at once.
    nonisolated func hear(_ notice: PlotterNotice, from plotter: String) {
        if case .progressed = notice { return }
        let now = clock()
        let isNews = inbox.withLock { inbox -> Bool in
            if case .state(let state) = notice {
                let last = inbox.lastState.updateValue(state, forKey: plotter)
                // Mere progress.
                if let last, last.publicName == state.publicName, last.job == state.job, state.job != nil {
                    return false
                }
            }
            inbox.news.append((plotter, notice, now))
            return true
        }
        if isNews { Task { await hearNews() } }
    }

    private func hearNews() {
        takeNews()
        for plotter in queue.plotters { callNext(plotter) }
    }

    /// Takes in everything that was told, one by one, so that an inner call goes on where the outer one stands.
    func takeNews() {
        while let (plotter, notice, time) = inbox.withLock({ $0.news.isEmpty ? nil : $0.news.removeFirst() }) {
            switch notice {
            case .attached, .unproven, .withheld, .changed, .kept, .grew, .progressed: break
            case .state(let state): entered(state, plotter, time)
            case .ended(_, .done): if plan.paper == .endless { rearm(plotter) }
            case .ended: break  // the queue tells, also of jobs that never began
            }
        }
    }

    private func entered(_ state: PlotterState, _ plotter: String, _ time: Int) {
        seen[plotter] = state
        switch state {
        case .awaiting: break
        case .plotting(let job, _), .paused(let job, _, _), .stopping(let job):
            if begunJobs[plotter]?.job != job { begunJobs[plotter] = (job, time) }
            if lines[plotter]?.turn?.job == job { began(job, plotter, time) }
        case .raised, .lowered, .free, .absent, .faulted: withdrawn(plotter)
        }
        if case .raised = state, plan.paper == .endless, !queue.isStopped(plotter), armed.insert(plotter).inserted {
            rearm(plotter)
        }
    }

    /// A person says that the plotter goes on after a stop.
    private func goesOn(_ plotter: String) {
        resets[plotter] = nil
        if plan.paper == .endless, case .raised? = seen[plotter] { rearm(plotter) }
        callNext(plotter)
    }

    /// Programs written for the original reset a plotter and press twice to have the next drawing begin: what their reset
    /// has closed that opens again, but nothing that a person has stopped since.
    private func goOnAfterReset(_ plotter: String) async {
        guard let time = resets[plotter], queue.stoppedAt(plotter) == time else { return }
        resets[plotter] = nil
        // Refused means that somebody has taken the plotter in hand.
        try? await queue.goOn(plotter)
    }

    /// With endless paper the next one is called without a person.
    private func rearm(_ plotter: String) {
        // Refused means that somebody has taken the plotter in hand.
        Task { _ = try? await queue.apply(.pressed(.double), to: plotter) }
    }

    /// Published only now: screens never show what is not drawn.
    private func began(_ job: JobID, _ plotter: String, _ time: Int) {
        if lines[plotter]?.turn?.begun == nil { lines[plotter]?.turn?.begun = time }
        publish(job, plotter)
    }

    private func publish(_ job: JobID, _ plotter: String) {
        guard current[plotter]?.job != job else { return }
        var now = Current(job: job)
        if let ticket = lines[plotter]?.turn?.place.press {
            now.product = ticket.product
            now.seed = ticket.seed
        }
        current[plotter] = now
        tell(plotter)
    }

    /// The plotter does not wait for the called one any more.
    private func withdrawn(_ plotter: String) {
        guard let turn = lines[plotter]?.turn, turn.begun == nil else { return }
        if turn.grant != nil, turn.usedFor == nil {
            putBack(turn.place.number, at: plotter)
            return
        }
        lines[plotter]?.turn?.isRevoked = true
        if let job = turn.job { Task { await queue.cancel(job) } }
    }
}

internal import EBB
internal import Motion

/// What a plotter tells the rest of the daemon, in order.
enum PlotterNotice: Sendable {
    case attached(BoardIdentity)
    case state(PlotterState)
    case ended(job: JobID, JobEnd)
    /// A job was kept from beginning and waits where it waited before.
    case withheld(job: JobID, Hindrance)
    /// A drawing that was cut off cannot go on at the very step, and why.
    case unproven(String)
    /// From here on the job is drawn as the plan says that was given with this mark.
    case changed(job: JobID, mark: Int, command: Int)
    /// The plan that was given with this mark will not be used.
    case kept(job: JobID, mark: Int)
    /// The job goes on with what has come of it meanwhile.
    case grew(job: JobID, ProgramPiece)
    /// How far the job's run is; also while it is being stopped, and before its end is told.
    case progressed(job: JobID, PlotProgress)
}

/// One board: its state, its driver, the job at hand. The only one that talks to the driver.
actor Plotter {
    nonisolated let name: String
    let driver: Driver
    private let report: @Sendable (PlotterNotice) -> Void
    /// Moves outside a plot.
    let hand: Hand
    private(set) var state = PlotterState.absent
    private(set) var identity: BoardIdentity?
    /// The board could not be taken into service the last time.
    private var hasFailedToAttach = false
    /// Two who connect at once would close each other's link.
    private var attaching: Task<Void, Never>?
    /// The job whose run has begun.
    private var running: JobID?
    private var programs: [JobID: PlotStart] = [:]
    /// Whether the pen was up when the board was taken into service; nil = a plot has been begun since.
    private var foundPenUp: Bool?
    /// What people have asked for outside a job: one thing after the other.
    var handLine = HandLine()
    /// Heights and speeds of the pen that hold by hand, and those that the board has been told last.
    var penSettings: [Command]
    var toldPenSettings: [Command]?
    /// Looks at the board while a plot stands.
    private var looks: Task<Void, any Error>?

    /// How often a board that stands in the middle of a plot is looked at.
    static let lookInterval = Duration.milliseconds(250)

    init(
        name: String, transport: any Transport, penPin: UInt8? = nil, profile: MachineProfile = .standard,
        report: @escaping @Sendable (PlotterNotice) -> Void
    ) {
        self.name = name
        driver = Driver(transport: transport)
        hand = Hand(driver: driver, penPin: penPin, profile: profile)
        penSettings = PenModel(profile: profile, options: PlotOptions()).configuration(of: profile)
        self.report = report
    }

    /// Connects to the board and takes it into service; who asks while that is under way waits for its end.
    func attach() async {
        if let attaching { return await attaching.value }
        let task = Task { await connect() }
        attaching = task
        await task.value
        attaching = nil
    }

    private func connect() async {
        do {
            // A board that was away has forgotten how high the pen is to go.
            toldPenSettings = nil
            let found = try await driver.connect()
            identity = found
            try await raiseForgottenPen()
            hasFailedToAttach = false
            report(.attached(found))
            try apply(.attached)
        } catch let error as DriverError {
            hasFailedToAttach = true
            // Nobody there is no trouble of a plotter that nobody believes to be there.
            if case .link(.absent) = error, case .absent = state { return }
            try? apply(.trouble(Fault(message: Self.text(error))))
        } catch {
            // `.attached` is never refused; a state that did would only keep its name.
        }
    }

    /// Whoever drove the board last may have gone with the pen on the paper: the servo only, not one motor step.
    private func raiseForgottenPen() async throws(DriverError) {
        let isUp = try await driver.ask(.isPenUp)
        foundPenUp = isUp
        if !isUp { try await hand.pen(isUp: true) }
    }

    /// The board is there (again). A plot that is under way finds it by itself; else it is taken into service.
    func appeared() async {
        guard state.job == nil else { return }
        await attach()
    }

    /// Tries again with a board that could not be taken into service: it may have been busy, or its port in use.
    func retry() async {
        guard hasFailedToAttach else { return }
        switch state {
        case .faulted, .absent: await attach()
        case .raised, .lowered, .free, .awaiting, .plotting, .stopping, .paused: return
        }
    }

    /// The board is gone. A plot that is under way waits for it; else the plotter is absent.
    func vanished() {
        guard state.job == nil else { return }
        try? apply(.detached)
    }

    /// Starts a job; what it draws is kept until it ends.
    func start(job: JobID, _ plot: PlotStart) throws(Refusal) {
        programs[job] = plot
        do { try apply(.start(job: job)) } catch {
            programs[job] = nil
            throw error
        }
    }

    /// Changes the state as the table says and does what that asks for.
    func apply(_ event: PlotterEvent) throws(Refusal) {
        let (next, effects) = try state.next(on: event)
        state = next
        lookWhilePaused()
        report(.state(next))
        for effect in effects { perform(effect) }
    }

    private func perform(_ effect: PlotterEffect) {
        switch effect {
        case .raisePen: send(.pen(isUp: true, milliseconds: Hand.penMilliseconds, pin: hand.penPin))
        case .lowerPen: send(.pen(isUp: false, milliseconds: Hand.penMilliseconds, pin: hand.penPin))
        case .releaseMotors:
            send(.enableMotors(0, 0))
            let driver = driver
            // A plot that was cut off stands nowhere from now on.
            inTurn { _ in try? await driver.forgetSession() }
        case .engageMotors: send(.enableMotors(1, 1))
        case .run(let job): begin(job)
        case .pauseRun(let kind): requests?.pause(kind)
        case .resumeRun: requests?.resume()
        case .resumeRunAt(let stroke): requests?.resume(.stroke(stroke))
        case .cancelRun: requests?.cancel()
        case .emergencyStop:
            // What waits in the hand's line is not to follow what is stopped.
            handLine.drop()
            driver.stop(requests)
        case .endJob(let job, let end):
            programs[job] = nil
            report(.ended(job: job, end))
        case .putBack(let job, let hindrance):
            programs[job] = nil
            report(.withheld(job: job, hindrance))
        case .reconnect: Task { await attach() }
        }
    }

    /// The mailbox of the job at hand.
    private var requests: RunRequests? { state.job.flatMap { programs[$0]?.requests } }

    private func begin(_ job: JobID) {
        guard let plot = programs[job] else { return }
        let (events, continuation) = AsyncStream.makeStream(of: RunEvent.self)
        let previous = handLine.last
        toldPenSettings = nil
        // One task hands over the events in their order; the end comes after the last of them.
        let telling = Task { [weak self] in
            for await event in events { await self?.happened(event, job: job) }
        }
        Task { [weak self, driver] in
            await previous?.value
            var end: JobEnd?
            if let start = await self?.prepare(job, plot) {
                end = JobEnd(await driver.run(start, requests: plot.requests) { continuation.yield($0) })
            }
            continuation.finish()
            await telling.value
            if let end { await self?.finished(job, end, isLinked: driver.isLinked) }
        }
    }

    /// The run of a job, from wherever the carriage stands; nil if the job has been ended, or waits, instead.
    private func prepare(_ job: JobID, _ plot: PlotStart) async -> RunStart? {
        var end: JobEnd?
        let start: RunStart
        do throws(Hindrance) {
            let beginning: PlotBeginning
            do throws(DriverError) { (start, beginning) = try await runStart(of: plot) } catch {
                // Stopped while the board was asked where it stands: it is not the board's fault.
                if error == .halted { throw .stopped }
                if case .link = error { hasFailedToAttach = true }
                throw .board(Fault(message: Self.text(error)))
            }
            if plot.mustProve, beginning == .fromHome {
                throw .unproven(Fault(message: "the board does not prove that it stands where the drawing was cut off"))
            }
            end = try await plot.beforeMotion(beginning)
        } catch {
            try? apply(.withheld(job: job, error))
            return nil
        }
        if plot.requests.ending != nil || state.job != job { end = end ?? .cancelled }
        if let end {
            finished(job, end)
            return nil
        }
        running = job
        return start
    }

    /// What is to be run: the rest of a run that was cut off if the board proves where it stands, else all from home.
    private func runStart(of plot: PlotStart) async throws(DriverError) -> (RunStart, PlotBeginning) {
        defer { foundPenUp = nil }
        if let cut = plot.cut {
            var record = cut.record
            record.isPenUp = foundPenUp
            switch try await driver.place(in: cut.program, record: record) {
            case .proven(let command, let counters):
                let start = RunStart(
                    cut.program, session: plot.session, place: (command: command, counters: counters))
                return (start, .atStep(command: command))
            case .unproven(let why):
                report(.unproven(why))
            }
        }
        // Something sent by hand may be under way.
        guard try await driver.standstill(after: 0) else { throw .link(.timedOut(waitingFor: "the motion to end")) }
        let place = try await driver.ask(.counters)
        var start = RunStart(plot.program, session: plot.session, place: (command: 0, counters: place))
        start.supply = plot.supply
        if place != .zero {
            start.program = plot.program.returningHome(from: place, penPin: hand.penPin)
            start.prefix = start.program.commands.count - plot.program.commands.count
        }
        return (start, .fromHome)
    }

    private func happened(_ event: RunEvent, job: JobID) {
        // An event that the state has no use for is refused by the table, which is right.
        switch event {
        case .progressed(let progress):
            report(.progressed(job: job, progress))
            try? apply(.progressed(job: job, progress: progress))
        case .stood(let reason): try? apply(.stood(job: job, reason: reason))
        case .recovered: try? apply(.recovered(job: job))
        case .changed(let mark, let command): report(.changed(job: job, mark: mark, command: command))
        case .kept(let mark): report(.kept(job: job, mark: mark))
        case .grew(let piece): report(.grew(job: job, piece))
        case .pressed:
            // Who presses it has not said that the carriage is home.
            guard case .paused(job, _, let reason) = state, !reason.isPositionUnknown else { return }
            try? apply(.resume)
        }
    }

    /// Goes on with another plan of the same strokes from the next stroke on; false if the job's run has not begun or is
    /// ending. The answer is the notice `changed` or `kept`.
    func change(job: JobID, to program: Program, mark: Int) -> Bool {
        guard isDrawing(job), let requests else { return false }
        requests.change(to: program, mark: mark)
        return true
    }

    /// Whether the board's button was pressed since it was last asked; nil while the plotter takes no job.
    func wasButtonPressed() async -> Bool? {
        guard state.takesJobs, handLine.waiting == 0 else { return nil }
        let isPressed: Bool?? = await after { plotter in
            guard plotter.state.takesJobs else { return nil }
            return try? await plotter.driver.ask(.wasButtonPressed)
        }
        return isPressed ?? nil
    }

    /// Whether the job's run has begun and is not ending.
    func isDrawing(_ job: JobID) -> Bool {
        if case .stopping = state { return false }
        return running == job && state.job == job
    }

    /// While a plot stands its board is looked at: for a press of its button, and for the power of its motors.
    private func lookWhilePaused() {
        guard case .paused = state else {
            looks?.cancel()
            looks = nil
            return
        }
        guard looks == nil else { return }
        looks = Task { [weak driver] in
            while let driver {
                try await Task.sleep(for: Self.lookInterval)
                await driver.look()
            }
        }
    }

    private func finished(_ job: JobID, _ end: JobEnd, isLinked: Bool = true) {
        running = nil
        switch end {
        case .done: try? apply(.finished(job: job))
        case .cancelled: settle(job)
        case .failed(let fault): try? apply(.failed(job: job, fault))
        case .interrupted: try? apply(.detached)
        }
        // Cancelled while its board was away or another answered: nobody is at the other end until one is asked anew.
        if !isLinked, case .raised = state {
            try? apply(.detached)
            Task { await attach() }
        }
    }

    /// A run that was ended by its own board (its button) has not been asked to stop by us.
    private func settle(_ job: JobID) {
        if case .plotting(job, _) = state { try? apply(.cancel) }
        if case .paused(job, _, _) = state { try? apply(.cancel) }
        try? apply(.atRest(job: job))
    }

    /// What a person reads about trouble with a board.
    static func text(_ error: DriverError) -> String {
        switch error {
        case .link(.openFailed(let path, 13)), .link(.openFailed(let path, 1)):
            "\(path) may not be opened: install udev/70-axidraw.rules, or add the user to the group dialout"
        case .link(.openFailed(let path, 16)):
            "\(path) is in use by another program; close it (ModemManager lets go after some seconds)"
        case .link(.openFailed(let path, let code)): "\(path) cannot be opened (error \(code))"
        case .link(.absent(let name)): name.isEmpty ? "the board is not there" : "\(name) is not there"
        case .link(.lost): "the link to the board is lost"
        case .link(.timedOut(let what)): "the board does not answer (\(what))"
        case .link(.otherBoard), .otherBoard: "\(error)"
        case .notAnEBB(let answer): "this is no EBB; it says: \(answer)"
        case .tooOld(let version): "its firmware \(version) is too old"
        case .refused(let command, let answer): "the board refuses \(command): \(answer)"
        case .unexpected(let command, let answer): "the board answers \(command) with nonsense: \(answer)"
        case .motorPowerOff(let volts): "its motors have no power (\(volts) V)"
        case .busy: "a plot is under way"
        case .halted: "it was stopped"
        }
    }
}

extension JobEnd {
    init(_ end: RunEnd) {
        switch end {
        case .done: self = .done
        case .cancelled: self = .cancelled
        case .failed(let text): self = .failed(Fault(message: text))
        }
    }
}

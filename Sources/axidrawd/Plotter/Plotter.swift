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
    case changed(job: JobID, mark: Int)
    /// The plan that was given with this mark will not be used.
    case kept(job: JobID, mark: Int)
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
    private var run: PlotRun?
    /// Asked for while a run was being prepared.
    private var earlyPause: PauseKind?
    private var programs: [JobID: PlotStart] = [:]
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
            try? apply(.trouble(Fault(message: Self.text(error))))
        } catch {
            // `.attached` is never refused; a state that did would only keep its name.
        }
    }

    /// Whoever drove the board last may have gone with the pen on the paper: the servo only, not one motor step.
    private func raiseForgottenPen() async throws(DriverError) {
        guard try await driver.ask(.raw("QP")) == "0" else { return }
        try await hand.pen(isUp: true)
    }

    /// The board is there (again). A plot that is under way finds it by itself; else it is taken into service.
    func appeared() async {
        guard state.job == nil else { return }
        await attach()
    }

    /// Tries again with a board that could not be taken into service: it may have been busy, or its port in use.
    func retry() async {
        guard hasFailedToAttach, case .faulted = state else { return }
        await attach()
    }

    /// The board is gone. A plot that is under way waits for it; else the plotter is absent.
    func vanished() {
        guard state.job == nil else { return }
        try? apply(.detached)
    }

    /// Starts a job; what it draws is kept until it ends.
    func start(job: JobID, _ plot: PlotStart) throws(Refusal) {
        programs[job] = plot
        do { try apply(.start(job: job, grant: nil)) } catch {
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
        case .pauseRun(let kind):
            if let run { run.pause(kind) } else { earlyPause = kind }
        case .resumeRun:
            earlyPause = nil
            run?.resume()
        case .resumeRunAt(let stroke): run?.resume(atStroke: stroke)
        case .cancelRun: run?.cancel()
        case .emergencyStop:
            // What waits in the hand's line is not to follow what is stopped.
            handLine.drop()
            if let run { run.stop() } else { driver.stop() }
        case .endJob(let job, let end):
            programs[job] = nil
            report(.ended(job: job, end))
        case .putBack(let job, let hindrance):
            programs[job] = nil
            report(.withheld(job: job, hindrance))
        case .reconnect: Task { await attach() }
        case .manual, .callNextTicket, .withdraw: break
        }
    }

    private func begin(_ job: JobID) {
        guard let prepared = programs[job] else { return }
        let (events, continuation) = AsyncStream.makeStream(of: PlotRunEvent.self)
        let previous = handLine.last
        toldPenSettings = nil
        // One task hands over the events in their order; the end comes after the last of them.
        let telling = Task { [weak self] in
            for await event in events { await self?.happened(event, job: job) }
        }
        Task { [weak self] in
            await previous?.value
            guard let run = await self?.prepare(job, prepared, continuation) else { return }
            let end = await run.run()
            continuation.finish()
            await telling.value
            await self?.finished(job, end)
        }
    }

    /// The run of a job, from wherever the carriage stands; nil if the job has been ended, or waits, instead.
    private func prepare(
        _ job: JobID, _ plot: PlotStart, _ events: AsyncStream<PlotRunEvent>.Continuation
    ) async -> PlotRun? {
        var end: JobEnd?
        let parts: PlotRun.Parts
        do throws(Hindrance) {
            let beginning: PlotBeginning
            do throws(DriverError) { (parts, beginning) = try await runParts(of: plot) } catch {
                // Stopped while the board was asked where it stands: it is not the board's fault.
                throw error == .halted ? .stopped : .board(Fault(message: Self.text(error)))
            }
            if plot.mustProve, beginning == .fromHome {
                throw .unproven(Fault(message: "the board does not prove that it stands where the drawing was cut off"))
            }
            end = try await plot.beforeMotion(beginning)
        } catch {
            earlyPause = nil
            events.finish()
            try? apply(.withheld(job: job, error))
            return nil
        }
        if end == nil {
            if state.job == job, case .plotting = state {} else { end = .cancelled }
        }
        if let end {
            events.finish()
            finished(job, end)
            return nil
        }
        let run = PlotRun(parts, driver: driver) { events.yield($0) }
        self.run = run
        if let earlyPause { run.pause(earlyPause) }
        earlyPause = nil
        return run
    }

    /// What is to be run: the rest of a run that was cut off if the board proves where it stands, else all from home.
    private func runParts(of plot: PlotStart) async throws(DriverError) -> (PlotRun.Parts, PlotBeginning) {
        if let cut = plot.cut {
            switch try await driver.place(in: cut.program, record: cut.record) {
            case .proven(let command, let counters):
                let parts = PlotRun.Parts(
                    program: cut.program, session: plot.session, place: (command: command, counters: counters))
                return (parts, .atStep(command: command))
            case .unproven(let why):
                report(.unproven(why))
            }
        }
        var parts = PlotRun.Parts(program: plot.program, session: plot.session)
        // Something sent by hand may be under way.
        guard try await driver.standstill(after: 0) else { throw .link(.timedOut(waitingFor: "the motion to end")) }
        let answer = try await driver.ask(.raw("QS"))
        guard let place = Self.counters(answer) else { throw .unexpected(command: "QS", answer: answer) }
        if place != (0, 0) {
            parts.program = plot.program.returningHome(from: place, penPin: hand.penPin)
            parts.prefix = parts.program.commands.count - plot.program.commands.count
        }
        parts.place = (command: 0, counters: MotorPosition(place.0, place.1))
        return (parts, .fromHome)
    }

    /// The two step counters in the answer to `QS`, in either dialect.
    static func counters(_ answer: String) -> (Int32, Int32)? {
        for line in answer.split(whereSeparator: \.isNewline) {
            let numbers = line.split(separator: ",").compactMap { Int32($0) }
            if numbers.count == 2 { return (numbers[0], numbers[1]) }
        }
        return nil
    }

    private func happened(_ event: PlotRunEvent, job: JobID) {
        // A late event of a run that has ended is refused by the table, which is right.
        switch event {
        case .progressed(let progress): try? apply(.progressed(job: job, progress: progress))
        case .stood(let reason): try? apply(.stood(job: job, reason: reason))
        case .recovered: try? apply(.recovered(job: job))
        case .changed(let mark): report(.changed(job: job, mark: mark))
        case .kept(let mark): report(.kept(job: job, mark: mark))
        case .pressed:
            // Who presses it has not said that the carriage is home.
            guard case .paused(job, _, let reason) = state, !reason.isPositionUnknown else { return }
            try? apply(.resume)
        }
    }

    /// Goes on with another plan of the same strokes from the next stroke on; false if the job's run has not begun or is
    /// ending. The answer is the notice `changed` or `kept`.
    func change(job: JobID, to program: Program, mark: Int) -> Bool {
        guard let run, isDrawing(job) else { return false }
        run.change(to: program, mark: mark)
        return true
    }

    /// Whether the board's button was pressed since it was last asked; nil while the plotter takes no job.
    func wasButtonPressed() async -> Bool? {
        guard state.takesJobs, handLine.waiting == 0 else { return nil }
        let isPressed: Bool?? = await after { plotter in
            guard plotter.state.takesJobs else { return nil }
            guard let answer = try? await plotter.driver.ask(.raw("QB")) else { return nil }
            return answer == "1"
        }
        return isPressed ?? nil
    }

    /// Whether the job's run has begun and is not ending.
    func isDrawing(_ job: JobID) -> Bool {
        if case .stopping = state { return false }
        return run != nil && state.job == job
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

    private func finished(_ job: JobID, _ end: JobEnd) {
        run = nil
        earlyPause = nil
        switch end {
        case .done: try? apply(.finished(job: job))
        case .cancelled: settle(job)
        case .failed(let fault): try? apply(.failed(job: job, fault))
        case .interrupted: try? apply(.detached)
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

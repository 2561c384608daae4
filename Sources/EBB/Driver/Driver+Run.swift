/// Running a program from its first command to rest.
extension Driver {
    /// Runs `program` on the connected board; suspended until its end, pauses included.
    ///
    /// - Parameters:
    ///   - session: the mark of the run, 1…255; nil = the one of the settings.
    ///   - place: where to begin and what the counters are there, as `place(in:record:)` has proved of an earlier run or
    ///     as they were asked for; a link that is lost from here on costs nothing. Nil = from the first command, wherever
    ///     the counters are.
    ///   - report: called on the driver's queue; must return at once.
    public func run(
        _ program: Program, session: UInt8? = nil, from place: (command: Int, counters: MotorPosition)? = nil,
        report: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async -> RunEnd {
        guard !control.isRunning else { return .failed("the plotter is busy with another run") }
        control = RunControl()
        control.isRunning = true
        control.report = report
        self.session = session ?? settings.session
        defer {
            control = RunControl()
            feed = nil
        }
        return await onQueue {
            do throws(DriverError) {
                try await prepare(program, place)
            } catch {
                if control.halt != nil { return .cancelled }
                // Without power, or without a place to come back to, nothing has begun.
                if case .motorPowerOff = error { return .failed(error.description) }
                guard feed != nil else { return .failed(error.description) }
                trouble(Trouble(error))
            }
            return await runToEnd()
        }
    }

    /// At the next pen-up, or now: a planned deceleration in mid-stroke. The run reports `stood`.
    public nonisolated func pause(now: Bool) {
        perform { $0.pause(now ? .now : .atPenUp, reason: .asked) }
    }

    /// Takes back a pause, or goes on from where the run stands.
    public nonisolated func resume(_ resumption: Resumption = .here) {
        perform { $0.resumeRun(resumption) }
    }

    /// Ends the run at the next place where it can be brought to rest as planned; pen up.
    public nonisolated func cancel() {
        perform { $0.cancelRun() }
    }

    /// `ES` is the next thing on the wire, run or no run; a run then ends with the pen up.
    public nonisolated func stop() {
        perform { $0.stopNow() }
    }

    // MARK: Requests, on the driver's queue

    func pause(_ kind: RunControl.Pause, reason: StandReason) {
        guard control.isRunning, control.halt == nil, control.standing == nil else { return }
        control.pause = kind
        control.pauseReason = reason
        guard feeding != nil else { return }
        applyPause()
        pump()
    }

    /// Whoever says that the button was pressed is believed: reading clears the press (ebb.md §6.2), so that a second
    /// question would lose true ones. At worst a damaged reply makes the plot wait, pen up, for somebody to go on.
    func buttonPressed() {
        pause(.atPenUp, reason: .button)
    }

    private func resumeRun(_ resumption: Resumption) {
        guard control.isRunning, control.halt == nil else { return }
        // A deceleration that is under way goes on to rest; the run then starts again by itself.
        if control.pause == .atPenUp, feeding != nil, feed?.isSlowing == false {
            feed?.lift()
            applyChange()
        }
        control.pause = nil
        guard let standing = control.standing else { return pump() }
        control.resumption = resumption
        control.standing = nil
        standing.resume()
    }

    private func cancelRun() {
        guard control.isRunning, control.halt == nil else { return }
        guard feeding != nil, feed?.trouble == nil else {
            control.halt = .cancel
            if control.isRecovering { abandonRecovery() }
            return interrupt()
        }
        // Feeding goes on to where the planned deceleration ends; that is where the run is over.
        control.halt = .cancel
        feed?.slowDown(retiming)
        pump()
    }

    private func stopNow() {
        if isOpen { send(.emergencyStop(disablesMotors: false), tag: Watch.stop, patience: settings.replyTicks) }
        control.halt = .stop
        credit.clear()
        if control.isRecovering { abandonRecovery() }
        failAsks(.halted)
        wakeAllSleepers()
        interrupt()
    }

    /// Ends feeding or standing, so that the run sees what has been asked for.
    private func interrupt() {
        trouble(.halted)
        if let standing = control.standing {
            control.standing = nil
            standing.resume()
        }
        pump()
    }

    /// Moves the limit to where the pause takes effect.
    private func applyPause() {
        switch control.pause {
        case .atPenUp: feed?.stopAtPenUp()
        case .now: feed?.slowDown(retiming)
        case nil: break
        }
    }

    /// How planned motion is brought to rest and back.
    private var retiming: Retiming {
        let ticks = Double(BoardClock.ticksPerSecond)
        return Retiming(
            acceleration: settings.rampAcceleration / (ticks * ticks),
            hasAcceleratedMoves: identity?.firmware.hasAcceleratedMoves ?? true)
    }

    // MARK: The run

    private func prepare(
        _ program: Program, _ place: (command: Int, counters: MotorPosition)?
    ) async throws(DriverError) {
        if let place {
            feed = Feed(program: program, counters: place.counters)
            feed?.restart(at: place.command, counters: place.counters)
            // Nothing is sent of it before the board has been asked.
            feed?.stopHere()
            // Whoever found the plot cut off has raised the pen, or it is lowered where it is down already.
            control.isPenLifted = true
        }
        let answer = try await ask(.raw("QC"))
        guard let counts = Self.supplyCounts(reply: answer) else { throw .unexpected(command: "QC", answer: answer) }
        if counts < settings.lowestSupplyCounts { throw .motorPowerOff(volts: BoardIdentity.volts(counts: counts)) }
        try await settle()
        // Presses and dips of the time before are none of this run's.
        watch = WatchState()
        if control.pauseReason == .button { control.pause = nil }
        let found = try await askCounters()
        if feed == nil { feed = Feed(program: program, counters: found) }
        feed?.stopHere()
        guard found == feed?.ackedCounters else { throw .unexpected(command: "QS", answer: found.description) }
        try await markSession()
    }

    private func runToEnd() async -> RunEnd {
        while true {
            if control.halt != nil { return await halt() }
            var problem = await feedOn()
            if problem == nil { problem = await settleAndCompare() }
            if problem == nil { problem = await takeChange() }
            if control.halt != nil { return await halt() }
            guard let feed else { return .failed("the run was lost") }
            if let problem {
                control.isRecovering = true
                let recovery = await recover(from: problem)
                control.isRecovering = false
                switch recovery {
                case .goesOn: continue
                case .stands(let reason): await stand(reason)
                case .failed(let text): return control.halt == nil ? .failed(text) : await halt()
                }
            } else if feed.next >= feed.program.commands.count {
                reportProgress()
                return .done
            } else if control.pause != nil {
                await stand(control.pauseReason)
            }
        }
    }

    /// Feeds until the limit is reached or something is wrong.
    private func feedOn() async -> Trouble? {
        if let trouble = feed?.trouble { return trouble }
        if let trouble = await lowerPenAgain() { return trouble }
        feed?.lift()
        switch control.pause {
        case .now: feed?.stopHere()
        case .atPenUp, nil:
            feed?.speedUp(retiming)
            applyChange()
            applyPause()
        }
        watch.next = transport.now + settings.watchTicks
        (watch.doubt, watch.wantsPen, watch.wantsPower) = (nil, false, false)
        await withCheckedContinuation { done in
            feeding = done
            pump()
        }
        return feed?.trouble
    }

    private func settleAndCompare() async -> Trouble? {
        do {
            try await settle()
            if watch.sawPowerLost { return .motorPower(volts: identity?.motorVolts ?? 0) }
            guard let expected = feed?.ackedCounters else { return nil }
            let found = try await ask(.raw("QS"))
            guard MotorPosition(reply: found) == expected else { return .astray(expected: expected, found: found) }
            feed?.heard()
            return nil
        } catch {
            return Trouble(error)
        }
    }

    /// Waits until nothing moves and nothing is queued.
    func settle() async throws(DriverError) {
        if let end = credit.lastEnd, end > transport.now { await sleep(ticks: end - transport.now) }
        let patienceEnds = transport.now + 250_000
        while try await !isAtRest() {
            guard transport.now < patienceEnds else { throw .link(.timedOut(waitingFor: "the motion to end")) }
            if control.halt == .stop { throw .halted }
            await sleep(ticks: 50)
        }
        if let feed { self.feed?.retire(to: feed.acked) }
        credit.clear()
    }

    private func isAtRest() async throws(DriverError) -> Bool {
        guard canAskStatus else {
            let answer = try await ask(.raw("QM"))
            let fields = answer.split(separator: ",").suffix(4)
            guard fields.count == 4, let first = fields.first, let last = fields.last else {
                throw .unexpected(command: "QM", answer: answer)
            }
            return first == "0" && last == "0"
        }
        let answer = try await ask(.raw("QG"))
        guard let status = BoardStatus(reply: answer) else { throw .unexpected(command: "QG", answer: answer) }
        if isThree, status.powerLost { watch.sawPowerLost = true }
        if status.button { buttonPressed() }
        return status.isIdle
    }

    func askCounters() async throws(DriverError) -> MotorPosition {
        let answer = try await ask(.raw("QS"))
        guard let counters = MotorPosition(reply: answer) else { throw .unexpected(command: "QS", answer: answer) }
        return counters
    }

    /// Stands still, pen up, until told how to go on; afterwards the run goes on, unless it has been halted.
    private func stand(_ reason: StandReason) async {
        control.pause = nil
        control.resumption = nil
        await raisePen()
        if control.halt != nil { return }
        reportProgress()
        control.report?(.stood(reason))
        await withCheckedContinuation { control.standing = $0 }
        guard control.halt == nil, let resumption = control.resumption else { return }
        do throws(DriverError) {
            try await goOn(resumption, after: control.lost ?? reason)
        } catch {
            trouble(Trouble(error))
        }
    }

    /// Raises the pen if the program has it down here; best effort, because the reason may be that nothing can be asked.
    func raisePen() async {
        guard let feed, control.lost == nil, feed.isPenDown(before: feed.next), isOpen else { return }
        control.isPenLifted = true
        do {
            _ = try await ask(feed.pen(isUp: true))
            try await settle()
        } catch {
            return
        }
    }

    /// Puts the pen back to where the program has it, if it has been raised out of turn.
    private func lowerPenAgain() async -> Trouble? {
        guard control.isPenLifted else { return nil }
        control.isPenLifted = false
        guard let feed, feed.isPenDown(before: feed.next) else { return nil }
        do {
            _ = try await ask(feed.pen(isUp: false))
            try await settle()
            return nil
        } catch {
            control.isPenLifted = true
            return Trouble(error)
        }
    }

    private func goOn(_ resumption: Resumption, after reason: StandReason) async throws(DriverError) {
        switch (resumption, reason) {
        case (.here, .asked), (.here, .button), (.here, .waitingPoint), (.here, .linkLost):
            try await checkPlace()
        case (.here, .positionLost):
            try await restart(atStroke: feed?.strokesHeard ?? 0)
        case (.here, .motorPowerLost):
            try await restart(atStroke: feed?.strokesPowered ?? 0)
        case (.stroke(let stroke), _):
            try await restart(atStroke: stroke)
        }
    }

    /// Before going on where the run stands: the motors have had power all the time, and the carriage is still there.
    private func checkPlace() async throws(DriverError) {
        guard feed?.trouble == nil else { return }
        try await settle()
        if case .motorPowerLost(let volts) = try await powerTrouble() { throw .motorPowerOff(volts: volts) }
        feed?.powered()
        guard let expected = feed?.ackedCounters else { return }
        let found = try await askCounters()
        guard found == expected else { throw .unexpected(command: "QS", answer: found.description) }
    }

    /// After cancel or stop: rest, pen up.
    private func halt() async -> RunEnd {
        do {
            if control.halt == .cancel { try await settle() }
            try await comeToRestAndRaise()
        } catch .halted {
            // A stop after a cancel: what it sent is waited for once more.
            do { try await comeToRestAndRaise() } catch { return .cancelled }
        } catch {
            return .cancelled
        }
        reportProgress()
        return .cancelled
    }

    private func comeToRestAndRaise() async throws(DriverError) {
        guard isOpen, let feed else { return }
        control.halt = .cancel
        try await settle()
        _ = try await ask(feed.pen(isUp: true))
        try await settle()
    }

    func reportProgress() {
        guard let feed else { return }
        let progress = RunProgress(commands: feed.plannedDone, strokes: feed.strokesDone, ticks: feed.executedTicks)
        control.report?(.progressed(progress))
    }
}

extension Trouble {
    init(_ error: DriverError) {
        switch error {
        case .link(.timedOut(let what)): self = .silent(command: what)
        case .link(let error): self = .link(error)
        case .refused(let command, let answer): self = .refused(command: command, answer: answer)
        case .unexpected(let command, let answer): self = .unasked("\(command): \(answer)")
        case .motorPowerOff(let volts): self = .motorPower(volts: volts)
        case .notAnEBB(let answer): self = .unasked(answer)
        case .tooOld(let version): self = .unasked(version.description)
        case .busy, .halted: self = .halted
        }
    }
}

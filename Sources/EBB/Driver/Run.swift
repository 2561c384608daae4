/// One program on one board, from its first command to rest; on the driver's queue.
///
/// Each phase is a function that comes to an outcome; which phase follows, the table of `RunPhase` says. What people ask
/// is read from the mailbox of the job, at every place where it can matter.
final class Run: LinkFeeder {
    let link: BoardLink
    let requests: RunRequests
    let report: @Sendable (RunEvent) -> Void
    /// The mark of the run on the board.
    let session: UInt8
    /// Commands at the beginning that are no part of the plot.
    var prefix: Int
    /// What it goes on with at the end of its program; nil = that is all.
    let supply: ProgramSupply?

    private(set) var phase = RunPhase.beginning
    var feed: Feed
    /// What the board's own button and supply said when last looked at.
    var watch = WatchState()
    /// A plan to go on with from a pen-up on.
    var change: RunRequests.Change?
    /// Command before which the plans were found not to meet.
    var triedChange = -1
    /// The whole of the present plan.
    var whole: PlotProgress
    /// The board has taken the mark; before that nothing but questions has been sent.
    var isMarked = false
    /// The pen has been raised out of turn and must go down before the program goes on, if the program has it down there.
    var isPenLifted = false
    /// What the board had sent just before the last trouble.
    var quoted = ""
    /// A reply too many has come: nothing more is sent before the counters at rest have been compared.
    var holdsBack = false
    /// `ES` has been sent for this run.
    private var hasStopped = false
    private var nextReport: Int64 = 0
    /// Suspended while commands go out.
    var feeding: CheckedContinuation<Void, Never>?
    /// Suspended while the run stands.
    private var standing: CheckedContinuation<Void, Never>?
    /// Suspended while the run waits for more to draw.
    var awaiting: CheckedContinuation<Void, Never>?
    /// What earlier pieces have drawn, where the plot comes in pieces.
    var drawn = DrawnBefore()
    /// Seen while it stood: the motors were without power.
    private var powerLost: PauseReason?
    private let place: (command: Int, counters: MotorPosition)?

    init(
        _ start: RunStart, requests: RunRequests, session: UInt8, on link: BoardLink,
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.link = link
        self.requests = requests
        self.report = report
        self.session = start.session ?? session
        prefix = start.prefix
        supply = start.supply
        place = start.place
        feed = Feed(program: start.program, counters: start.place?.counters)
        whole = Self.whole(start.program, prefix: start.prefix)
        // Nothing is sent of it before the board has been asked.
        feed.stopHere()
    }

    static func whole(_ program: Program, prefix: Int) -> PlotProgress {
        PlotProgress(
            commandCount: program.commands.count - prefix, strokeCount: program.commands.count(where: \.beginsStroke),
            tickCount: program.ticks.reduce(0) { $0 + Int64($1) })
    }

    /// A person wants the end, or nothing more can be asked.
    var isEnding: Bool { requests.ending != nil }
    var isStanding: Bool { standing != nil }
    private var isRecovering: Bool { if case .recovering = phase { true } else { false } }

    /// Runs it; suspended until its end, pauses included.
    nonisolated(nonsending) func toEnd() async -> RunEnd {
        while true {
            if case .over(let end) = phase {
                for change in [change].compactMap({ $0 }) { report(.kept(mark: change.mark)) }
                return end
            }
            let outcome = await perform(phase)
            phase = phase.next(after: outcome) ?? .halting
        }
    }

    private nonisolated(nonsending) func perform(_ phase: RunPhase) async -> RunOutcome {
        if isEnding, phase != .halting { return .ended }
        switch phase {
        case .beginning: return await begin()
        case .feeding: return await feedOn()
        case .resting: return await rest()
        case .awaiting: return await awaitSupply()
        case .recovering(let trouble, let lost):
            let outcome = await recover(from: trouble, lost: lost)
            link.gate = nil
            return outcome
        case .standing(let reason): return await stand(reason)
        case .goingOn(let resumption, let reason): return await goOn(resumption, from: reason)
        case .halting, .over: return await halt()
        }
    }

    // MARK: What people ask

    /// Something new is in the mailbox.
    func requested() {
        switch requests.ending {
        case .stop:
            if !hasStopped { stopNow() }
        case .cancel:
            if feeding != nil, feed.trouble == nil, !holdsBack {
                // Feeding goes on to where the planned deceleration ends; that is where the run is over.
                feed.slowDown(retiming)
                link.pump()
            } else {
                interrupt()
            }
        case nil:
            takeNewChange()
            if feeding != nil, feed.trouble == nil, !feed.isSlowing, !holdsBack {
                if requests.pause == nil { feed.lift() }
                applyChange()
                applyPause()
                link.pump()
            }
            wakeStanding()
            wakeAwaiting()
        }
    }

    /// `ES` is the next thing on the wire.
    func stopNow() {
        hasStopped = true
        let wasRecovering = isRecovering
        link.stop()
        if wasRecovering { abandon() }
        interrupt()
    }

    /// Ends feeding, recovering or standing, so that the run sees what has been asked for.
    private func interrupt() {
        if isRecovering { abandon() }
        trouble(.halted)
        wakeStanding()
        wakeAwaiting()
        link.pump()
    }

    private func abandon() {
        link.gate = .halted
        link.abandon()
    }

    private func wakeStanding() {
        guard let waiting = standing else { return }
        standing = nil
        waiting.resume()
    }

    /// Moves the limit to where the pause takes effect.
    private func applyPause() {
        switch requests.pause?.kind {
        case .atPenUp: feed.stopAtPenUp()
        case .now: feed.slowDown(retiming)
        case nil: break
        }
    }

    /// How planned motion is brought to rest and back.
    private var retiming: Retiming {
        let ticks = Double(BoardClock.ticksPerSecond)
        return Retiming(
            acceleration: link.settings.rampAcceleration / (ticks * ticks),
            hasAcceleratedMoves: link.identity?.firmware.hasAcceleratedMoves ?? true)
    }

    // MARK: Beginning

    private nonisolated(nonsending) func begin() async -> RunOutcome {
        if let place {
            feed.restart(at: place.command, counters: place.counters)
            feed.passBehind()
            if prefix == 0, place.command > 0 { feed.cutNext(retiming) }
            feed.stopHere()
            // Whoever found the plot cut off has raised the pen, or it is lowered where it is down already.
            isPenLifted = true
        }
        do throws(DriverError) {
            try await prepare()
            return .begun
        } catch {
            if isEnding { return .ended }
            // Without power, or without a place to come back to, nothing has begun.
            if case .motorPowerOff = error { return .refused(error.description) }
            return place == nil ? .refused(error.description) : .troubled(noted(Trouble(error)))
        }
    }

    private nonisolated(nonsending) func prepare() async throws(DriverError) {
        if let low = try await link.askLowSupply() { throw .motorPowerOff(volts: low.volts) }
        try await settle()
        // Presses and dips of the time before are none of this run's.
        watch = WatchState()
        requests.forgetButton()
        let found = try await link.askCounters()
        if place == nil {
            feed = Feed(program: feed.program, counters: found)
            feed.stopHere()
        }
        guard found == feed.ackedCounters else { throw .unexpected(command: "QS", answer: found.description) }
        try await mark()
    }

    nonisolated(nonsending) func mark() async throws(DriverError) {
        try await link.setMark(session)
        isMarked = true
    }

    // MARK: Feeding and resting

    /// Feeds until the limit is reached or something is wrong.
    private nonisolated(nonsending) func feedOn() async -> RunOutcome {
        if let trouble = feed.trouble { return .troubled(trouble) }
        if let trouble = await raisePenBesideTravel() { return isEnding ? .ended : .troubled(noted(trouble)) }
        if let trouble = await lowerPenAgain() { return isEnding ? .ended : .troubled(noted(trouble)) }
        feed.lift()
        holdsBack = false
        takeNewChange()
        if requests.pause?.kind == .now {
            feed.stopHere()
        } else {
            feed.speedUp(retiming)
            applyChange()
            applyPause()
        }
        watch.begin(at: link.now + link.settings.watchTicks)
        await withCheckedContinuation { done in
            feeding = done
            link.pump()
        }
        if requests.ending == .stop { return .ended }
        if let trouble = feed.trouble { return .troubled(trouble) }
        return .fed
    }

    private nonisolated(nonsending) func rest() async -> RunOutcome {
        do throws(DriverError) {
            try await settle()
            if watch.sawPowerLost { return .troubled(noted(.motorPower(volts: link.identity?.motorVolts ?? 0))) }
            if let expected = feed.ackedCounters {
                let found = try await link.ask(.counters)
                guard found == expected else {
                    return .troubled(noted(.astray(expected: expected, found: found.description)))
                }
                feed.verified()
            }
            if isEnding { return .ended }
            try await takeChange()
        } catch {
            return isEnding ? .ended : .troubled(noted(Trouble(error)))
        }
        if isEnding { return .ended }
        let isEnd = feed.next >= feed.program.commands.count
        if isEnd { reportProgress() }
        if isEnd, let supply { return goOnWithSupply(supply) }
        let asked = requests.pause.map { $0.isByButton ? PauseReason.button : .asked }
        return .rested(isEnd: isEnd, pause: feed.dueStop.map { .planned($0) } ?? asked)
    }

    /// Waits until nothing moves and nothing is queued.
    nonisolated(nonsending) func settle() async throws(DriverError) {
        try await link.settle()
        feed.retire(to: feed.acked)
    }

    // MARK: Standing

    /// Stands still, pen up, until told how to go on.
    private nonisolated(nonsending) func stand(_ reason: PauseReason) async -> RunOutcome {
        if !reason.isPositionUnknown { await raisePen() }
        if isEnding { return .ended }
        switch reason {
        case .asked, .button: guard requests.standForPause() != nil else { return .placed }
        case .planned, .linkLost, .positionLost, .motorPowerLost: requests.stand()
        }
        powerLost = nil
        reportProgress()
        report(.stood(reason))
        while true {
            if isEnding { return .ended }
            if let resumption = requests.takeResumption() {
                if case .planned(let stop) = reason, powerLost == nil { feed.pass(stop) }
                return .resumed(resumption, after: powerLost ?? reason)
            }
            await withCheckedContinuation { standing = $0 }
        }
    }

    /// Looks at the board while it stands: for its button, and for the power of its motors, which hold nothing without.
    nonisolated(nonsending) func look() async throws(DriverError) {
        if phase == .awaiting { return try await lookWhileAwaiting() }
        guard case .standing(let reason) = phase, standing != nil, link.isOpen else { return }
        var isPressed = false
        if link.canAskStatus {
            let status = try await link.ask(.status)
            isPressed = status.button
            if link.isThree, status.powerLost { watch.sawPowerLost = true }
        } else {
            isPressed = try await link.ask(.wasButtonPressed)
        }
        if !reason.isPositionUnknown, powerLost == nil {
            if let lost = try await powerTrouble() {
                // The carriage may be anywhere now.
                guard standing != nil, !isEnding, powerLost == nil else { return }
                powerLost = lost
                report(.stood(lost))
            } else if standing != nil {
                feed.powered()
            }
        }
        if isPressed, standing != nil, !isEnding { report(.pressed) }
    }

    /// Raises the pen if the program has it down here; best effort, because the reason may be that nothing can be asked.
    nonisolated(nonsending) func raisePen() async {
        guard feed.isPenDown(before: feed.next), !isPenLifted, link.isOpen else { return }
        isPenLifted = true
        do throws(DriverError) {
            try await link.send(feed.pen(isUp: true))
            try await settle()
        } catch {
            return
        }
    }

    /// A pen that was falling beside a travel that was cut short goes up again, and falls when the carriage has arrived.
    private nonisolated(nonsending) func raisePenBesideTravel() async -> Trouble? {
        guard feed.next > 0, feed.restsBesideDrop else { return nil }
        do throws(DriverError) {
            try await link.send(feed.pen(isUp: true))
            try await settle()
        } catch {
            return Trouble(error)
        }
        _ = feed.forgoOpenDrop()
        return nil
    }

    /// Puts the pen back to where the program has it, if it has been raised out of turn.
    private nonisolated(nonsending) func lowerPenAgain() async -> Trouble? {
        guard isPenLifted else { return nil }
        isPenLifted = false
        guard feed.isPenDown(before: feed.next) else { return nil }
        do throws(DriverError) {
            try await link.send(feed.pen(isUp: false))
            try await settle()
            return nil
        } catch {
            isPenLifted = true
            return Trouble(error)
        }
    }

    // MARK: Going on and ending

    private nonisolated(nonsending) func goOn(_ resumption: Resumption, from reason: PauseReason) async -> RunOutcome {
        do throws(DriverError) {
            switch (resumption, reason) {
            case (.here, .asked), (.here, .button), (.here, .planned), (.here, .linkLost): try await checkPlace()
            case (.here, .positionLost): try await restart(atStroke: feed.strokesVerified)
            case (.here, .motorPowerLost): try await restart(atStroke: feed.strokesPowered)
            case (.stroke(let stroke), _): try await restart(atStroke: stroke - drawn.strokes + drawn.isShared)
            }
            return isEnding ? .ended : .placed
        } catch {
            return isEnding ? .ended : .troubled(noted(Trouble(error)))
        }
    }

    /// Before going on where the run stands: the motors have had power all the time, and the carriage is still there.
    nonisolated(nonsending) func checkPlace() async throws(DriverError) {
        guard feed.trouble == nil else { return }
        try await settle()
        if case .motorPowerLost(let volts) = try await powerTrouble() { throw .motorPowerOff(volts: volts) }
        feed.powered()
        guard let expected = feed.ackedCounters else { return }
        let found = try await link.ask(.counters)
        guard found == expected else { throw .unexpected(command: "QS", answer: found.description) }
    }

    /// After cancel or stop: rest, pen up.
    private nonisolated(nonsending) func halt() async -> RunOutcome {
        link.gate = nil
        for _ in 0..<2 where link.isOpen {
            do throws(DriverError) {
                try await comeToRestAndRaise()
                break
            } catch .halted {
                // A stop after a cancel: what it sent is waited for once more.
                continue
            } catch {
                // The board may hear what it does not answer.
                link.post(feed.pen(isUp: true))
                break
            }
        }
        reportProgress()
        return .halted
    }

    private nonisolated(nonsending) func comeToRestAndRaise() async throws(DriverError) {
        try await settle()
        try await link.send(feed.pen(isUp: true))
        try await settle()
        feed.raisedAtRest()
        // The last progress tells where the run has come to rest: a later run goes on from there.
        if try await link.askCounters() == feed.ackedCounters { feed.verified() }
    }

    // MARK: Trouble and progress

    /// Something is wrong while commands go out.
    func trouble(_ trouble: Trouble) {
        guard feed.trouble == nil else { return }
        feed.trouble = trouble
        quoted = link.quoted
    }

    /// A trouble found otherwise, with what the board had said before it.
    func noted(_ trouble: Trouble) -> Trouble {
        quoted = link.quoted
        return trouble
    }

    func reportNow(at now: Int64) {
        guard now >= nextReport else { return }
        nextReport = now + link.settings.reportTicks
        reportProgress()
    }

    func reportProgress() {
        var progress = whole
        progress.commands = max(0, feed.plannedDone - prefix)
        progress.sent = max(0, feed.plannedSent - prefix)
        progress.strokes = feed.strokesDone + drawn.strokes - drawn.isShared
        progress.verifiedStrokes = feed.strokesVerified + drawn.strokes - drawn.isShared
        progress.ticks = feed.executedTicks + drawn.ticks - drawn.skipped
        report(.progressed(progress))
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
        case .otherBoard: self = .unasked(error.description)
        case .busy, .halted: self = .halted
        }
    }
}

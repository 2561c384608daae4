/// Proof of position: the board itself says where it is, and whether anything happened unseen.
extension Run {
    private enum Proof {
        case at(index: Int, counters: MotorPosition)
        case lost(PauseReason)
    }

    /// How often a link that carries nonsense is tried again before a person is asked.
    private static let mostTries = 5

    /// Gets the board back and asks it where it is, until it proves that, or cannot, or a person wants the end.
    nonisolated(nonsending) func recover(from first: Trouble, lost known: PauseReason?) async -> RunOutcome {
        var problem = first
        var lost: LinkError?
        var tries = 0
        while !isEnding {
            do throws(DriverError) {
                if case .link(let error) = problem {
                    tell(error, after: &lost)
                    try await reconnect { self.tell($0, after: &lost) }
                } else {
                    try await link.resynchronise()
                }
                return await settleOn(try await prove(asked: first, lost: known), lost: lost)
            } catch .link(let error) {
                // A board that does not answer at all is tried again from the beginning, as one that is not there.
                problem = .link(error)
                continue
            } catch {
                problem = Trouble(error)
            }
            tries += 1
            if tries >= Self.mostTries {
                let proof = self.lost("The board cannot be understood: \(first), then \(problem).")
                return await settleOn(proof, lost: lost)
            }
        }
        return .ended
    }

    /// Says why the link is out, once and whenever it is for another reason.
    private func tell(_ error: LinkError, after last: inout LinkError?) {
        guard last == nil || (error.isOtherBoard && error != last) else { return }
        last = error
        report(.stood(.linkLost(error)))
    }

    private nonisolated(nonsending) func settleOn(_ proof: Proof, lost: LinkError?) async -> RunOutcome {
        switch proof {
        case .at(let index, let counters):
            feed.restart(at: index, counters: counters)
            if let lost {
                guard link.settings.resumesByItself else { return .stands(.linkLost(lost)) }
                report(.recovered)
            }
            return isEnding ? .ended : .proven
        case .lost(let reason):
            await stopAndRaisePen()
            return isEnding ? .ended : .stands(reason)
        }
    }

    /// Nobody knows where the carriage is: what is still queued is dropped, and only the servo moves.
    private nonisolated(nonsending) func stopAndRaisePen() async {
        guard link.isOpen else { return }
        do throws(DriverError) {
            try await link.send(.emergencyStop(disablesMotors: false))
            // What was queued is no longer waited for.
            link.credit.clear()
            try await link.send(feed.pen(isUp: true))
            try await settle()
        } catch {
            return
        }
    }

    /// Tries to open the link again until the board that was there answers, or a person wants the end, ever more slowly.
    ///
    /// Whatever answers meanwhile: another board in this place is told in words and waited out, a line that makes no sense
    /// is asked for again.
    nonisolated(nonsending) func reconnect(_ tell: (LinkError) -> Void) async throws(DriverError) {
        let known = link.identity
        var wait: Int64 = 2_500
        while !isEnding {
            link.shut()
            do throws(DriverError) {
                _ = try await link.connect(expecting: known)
                return
            } catch .otherBoard(let name, let firmware) {
                tell(.otherBoard(name: name ?? "", firmware: firmware.description))
            } catch {
                // Not there yet, or not understood: tried again.
            }
            if isEnding { break }
            link.shut()
            await link.sleep(ticks: wait)
            wait = min(wait * 2, 50_000)
        }
        throw .halted
    }

    private nonisolated(nonsending) func prove(asked problem: Trouble, lost known: PauseReason?)
        async throws(DriverError) -> Proof
    {
        if let known { return .lost(known) }
        guard try await link.hasMark({ showsNoReset(mark: $0) }) else {
            return lost("The board has been reset since the plot began (\(problem)).")
        }
        if let reason = try await powerTrouble() { return .lost(reason) }
        try await settle()
        let found = try await link.askCounters()
        if let reason = try await powerTrouble() { return .lost(reason) }
        guard let index = feed.index(at: found), isMarked || found == feed.ackedCounters else {
            return lost("The counters say \(found), which is no place of this plot (\(problem)).")
        }
        if case .beside = problem { return lost("The stroke is not drawn as planned: \(problem).") }
        if let expected = feed.knownPen(before: index), !isPenLifted {
            let isUp = try await link.ask(.isPenUp)
            if isUp != expected, try await link.ask(.isPenUp) != expected {
                return lost("The pen is \(isUp ? "up" : "down") where it should not be (\(problem)).")
            }
        }
        if !isMarked { try await mark() }
        return .at(index: index, counters: found)
    }

    /// Whether a board that answers so has kept its memory since the run began.
    private func showsNoReset(mark: UInt8) -> Bool {
        // Before the run has put its own there: the mark of the run that was cut off, if it was not at its beginning.
        isMarked ? mark == session : mark != 0 || feed.next == 0
    }

    /// With the bytes that came before: whoever looks for the cause needs them as they were.
    private func lost(_ text: String) -> Proof {
        .lost(.positionLost(quoted.isEmpty ? text : "\(text) Before that came “\(quoted)”."))
    }

    /// Why the motors cannot have followed, if the supply is or was too low.
    nonisolated(nonsending) func powerTrouble() async throws(DriverError) -> PauseReason? {
        if let low = try await link.askLowSupply() { return .motorPowerLost(volts: low.volts) }
        return watch.sawPowerLost ? .motorPowerLost(volts: link.identity?.motorVolts ?? 0) : nil
    }

    /// After a person has brought the carriage home: set up anew, travel to the stroke, begin it.
    nonisolated(nonsending) func restart(atStroke stroke: Int) async throws(DriverError) {
        // A plot that comes in pieces may stand behind all that has come.
        let last = supply == nil ? feed.strokeCount - 1 : feed.strokeCount
        let stroke = max(drawn.isShared, min(stroke, last))
        // Where a person is to be asked first the run comes to stand before the stroke, pen up.
        let isBehind = stroke == feed.strokeCount
        let asksFirst = isBehind || feed.needsStop(before: stroke)
        let found =
            isBehind
            ? feed.placeBehindAll : asksFirst ? feed.place(beforeStroke: stroke) : feed.start(ofStroke: stroke)
        guard let start = found else { return }
        if !link.isOpen { try await reconnect { _ in } }
        try await settle()
        watch.sawPowerLost = false
        if case .motorPowerLost(let volts) = try await powerTrouble() { throw .motorPowerOff(volts: volts) }
        try await mark()
        for command in feed.setUp(before: start.index) { try await link.send(command) }
        isPenLifted = false
        try await settle()
        for command in Feed.slowTravel(from: .zero, to: start.counters) {
            if isEnding { throw .halted }
            try await link.send(command)
            try await settle()
        }
        if !asksFirst {
            try await link.send(feed.pen(isUp: false))
            try await settle()
        }
        let counters = try await link.askCounters()
        guard counters == start.counters else { throw .unexpected(command: "QS", answer: counters.description) }
        if case .motorPowerLost(let volts) = try await powerTrouble() { throw .motorPowerOff(volts: volts) }
        feed.restart(at: start.index, counters: start.counters)
    }
}

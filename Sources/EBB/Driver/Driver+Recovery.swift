/// What became of a run after trouble.
enum Recovery: Equatable, Sendable {
    case goesOn
    case stands(StandReason)
    case failed(String)
}

/// Proof of position: the board itself says where it is, and whether anything happened unseen.
extension Driver {
    private enum Proof {
        case at(index: Int, counters: MotorPosition)
        case lost(StandReason)
    }

    /// Ticks of quiet after which replies to what was sent before are no longer expected: 250 ms.
    private static let quietTicks: Int64 = 6_250
    /// How long a board that is asked again may take: 300 ms.
    private static let shortPatience: Int64 = 7_500
    /// How often a link that carries nonsense is tried again before a person is asked.
    private static let mostTries = 5

    func recover(from first: Trouble) async -> Recovery {
        var problem = first
        var lost: LinkError?
        var tries = 0
        while control.halt == nil {
            do throws(DriverError) {
                if case .link(let error) = problem {
                    if lost == nil { control.report?(.stood(.linkLost(error))) }
                    lost = error
                    try await reconnect()
                } else {
                    try await resynchronise()
                }
                return await settleOn(try await prove(asked: first), lost: lost)
            } catch .tooOld(let version) {
                return .failed(DriverError.tooOld(version).description)
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
        return .failed("halted")
    }

    private func settleOn(_ proof: Proof, lost: LinkError?) async -> Recovery {
        switch proof {
        case .at(let index, let counters):
            feed?.restart(at: index, counters: counters)
            if let lost {
                guard settings.resumesByItself else {
                    await raisePen()
                    return .stands(.linkLost(lost))
                }
                control.report?(.recovered)
            }
            return .goesOn
        case .lost(let reason):
            control.lost = reason
            await stopAndRaisePen()
            return .stands(reason)
        }
    }

    /// Nobody knows where the carriage is: what is still queued is dropped, and only the servo moves.
    private func stopAndRaisePen() async {
        guard let feed, isOpen else { return }
        do {
            _ = try await ask(.emergencyStop(disablesMotors: false))
            // What was queued is no longer waited for.
            credit.clear()
            _ = try await ask(feed.pen(isUp: true))
            try await settle()
        } catch {
            return
        }
    }

    /// Tries to open the link again until it works or the run is halted, ever more slowly.
    func reconnect() async throws(DriverError) {
        let known = identity
        var wait: Int64 = 2_500
        while control.halt == nil {
            do throws(DriverError) {
                transport.close()
                isOpen = false
                let found = try await connectHere()
                // Another board in this place is not ours; ours may yet come back.
                if known == nil || found.isSameBoard(as: known) { return }
                transport.close()
                identity = known
            } catch .tooOld(let version) {
                throw .tooOld(version)
            } catch {
                identity = known ?? identity
            }
            isOpen = false
            if control.halt != nil { break }
            await sleep(ticks: wait)
            wait = min(wait * 2, 50_000)
        }
        throw .halted
    }

    /// Brings an open link back into step: ends a half-typed command, drops what is still on its way.
    private func resynchronise() async throws(DriverError) {
        await flush([UInt8(ascii: "\r")], ticks: Self.quietTicks)
        do {
            _ = try await ask(.raw("QB"), patience: Self.shortPatience)
        } catch .refused {
            // The half-typed command was refused together with the question.
            await flush([], ticks: Self.quietTicks)
            _ = try await ask(.raw("QB"), patience: Self.shortPatience)
        }
    }

    private func prove(asked problem: Trouble) async throws(DriverError) -> Proof {
        if let reason = control.lost { return .lost(reason) }
        guard showsNoReset(mark: try await askSession()) else {
            return lost("The board has been reset since the plot began (\(problem)).")
        }
        if let reason = try await powerTrouble() { return .lost(reason) }
        try await settle()
        let first = try await askCounters()
        let found = try await askCounters()
        guard first == found else { throw .unexpected(command: "QS", answer: "\(first), then \(found)") }
        if let reason = try await powerTrouble() { return .lost(reason) }
        guard let feed else { throw .halted }
        guard let index = feed.index(at: found), control.isMarked || found == feed.ackedCounters else {
            return lost("The counters say \(found), which is no place of this plot (\(problem)).")
        }
        if let expected = feed.knownPen(before: index), !control.isPenLifted {
            let isUp = try await askPen()
            guard isUp == expected else {
                return lost("The pen is \(isUp ? "up" : "down") where it should not be (\(problem)).")
            }
        }
        if !control.isMarked { try await markSession() }
        return .at(index: index, counters: found)
    }

    /// Whether a board that answers so has kept its memory since the run began.
    private func showsNoReset(mark: UInt8?) -> Bool {
        guard let mark, let feed else { return false }
        // Before the run has put its own there: the mark of the run that was cut off, if it was not at its beginning.
        return control.isMarked ? mark == session : mark != 0 || feed.next == 0
    }

    /// With the bytes that came before: whoever looks for the cause needs them as they were.
    private func lost(_ text: String) -> Proof {
        .lost(.positionLost(control.quoted.isEmpty ? text : "\(text) Before that came “\(control.quoted)”."))
    }

    private func askPen() async throws(DriverError) -> Bool {
        let answer = try await ask(.raw("QP"))
        guard answer == "0" || answer == "1" else { throw .unexpected(command: "QP", answer: answer) }
        return answer == "1"
    }

    /// Why the motors cannot have followed, if the supply is or was too low.
    func powerTrouble() async throws(DriverError) -> StandReason? {
        let answer = try await ask(.raw("QC"))
        guard let counts = Self.supplyCounts(reply: answer) else { throw .unexpected(command: "QC", answer: answer) }
        guard counts < settings.lowestSupplyCounts || watch.sawPowerLost else { return nil }
        return .motorPowerLost(volts: BoardIdentity.volts(counts: counts))
    }

    /// After a person has brought the carriage home: set up anew, travel to the stroke, begin it.
    func restart(atStroke stroke: Int) async throws(DriverError) {
        guard let feed, let start = feed.start(ofStroke: max(0, min(stroke, feed.strokeCount - 1))) else { return }
        // What the counters said before is no longer where the carriage is.
        control.lost = control.lost ?? .positionLost("The plot was being begun anew from home.")
        if !isOpen { try await reconnect() }
        try await settle()
        watch.sawPowerLost = false
        if case .motorPowerLost(let volts) = try await powerTrouble() { throw .motorPowerOff(volts: volts) }
        try await markSession()
        for command in feed.setUp(before: start.index) { _ = try await ask(command) }
        control.isPenLifted = false
        try await settle()
        for command in Feed.slowTravel(from: .zero, to: start.counters) {
            if control.halt != nil { throw .halted }
            _ = try await ask(command)
            try await settle()
        }
        _ = try await ask(feed.pen(isUp: false))
        try await settle()
        let found = try await askCounters()
        guard found == start.counters else { throw .unexpected(command: "QS", answer: found.description) }
        if case .motorPowerLost(let volts) = try await powerTrouble() { throw .motorPowerOff(volts: volts) }
        self.feed?.restart(at: start.index, counters: start.counters)
        control.lost = nil
    }
}

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

    func recover(from problem: Trouble) async -> Recovery {
        var problem = problem
        var wasLost = false
        while control.halt == nil {
            do {
                let proof: Proof
                if case .link(let error) = problem {
                    if !wasLost { control.report?(.stood(.linkLost(error))) }
                    wasLost = true
                    try await reconnect()
                    proof = try await prove(asked: problem)
                } else {
                    try await resynchronise()
                    proof = try await prove(asked: problem)
                }
                return await settleOn(proof, wasLost: wasLost)
            } catch .link(.timedOut(let what)) {
                return .failed("The board has stopped answering (to \(what)).")
            } catch .link(let error) {
                problem = .link(error)
            } catch .halted {
                return .failed("halted")
            } catch {
                return .failed(error.description)
            }
        }
        return .failed("halted")
    }

    private func settleOn(_ proof: Proof, wasLost: Bool) async -> Recovery {
        switch proof {
        case .at(let index, let counters):
            guard settings.resumesByItself || !wasLost else {
                feed?.restart(at: index, counters: counters)
                return .stands(.linkLost(.absent(name: "the link was lost")))
            }
            feed?.restart(at: index, counters: counters)
            if wasLost { control.report?(.recovered) }
            return .goesOn
        case .lost(let reason):
            await raisePenOnly()
            return .stands(reason)
        }
    }

    /// Servo only: not one motor step while nobody knows where the carriage is.
    private func raisePenOnly() async {
        guard let feed, isOpen else { return }
        do { _ = try await ask(feed.pen(isUp: true)) } catch { return }
    }

    /// Tries to open the link again until it works or the run is halted, ever more slowly.
    private func reconnect() async throws(DriverError) {
        var wait: Int64 = 2_500
        while control.halt == nil {
            do {
                transport.close()
                _ = try await connect()
                return
            } catch .tooOld(let version) {
                throw .tooOld(version)
            } catch {
                isOpen = false
                await sleep(ticks: wait)
                wait = min(wait * 2, 50_000)
            }
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
        guard try await askSession() == settings.session else {
            return .lost(.positionLost("The board has been reset since the plot began (\(problem))."))
        }
        if let reason = try await powerTrouble() { return .lost(reason) }
        try await settle()
        let first = try await askCounters()
        let found = try await askCounters()
        guard first == found else { throw .unexpected(command: "QS", answer: "\(first), then \(found)") }
        if let reason = try await powerTrouble() { return .lost(reason) }
        guard let feed else { throw .halted }
        guard let index = feed.index(at: found) else {
            return .lost(.positionLost("The counters say \(found), which is no place of this plot (\(problem))."))
        }
        return .at(index: index, counters: found)
    }

    private func powerTrouble() async throws(DriverError) -> StandReason? {
        let answer = try await ask(.raw("QC"))
        guard let counts = Self.supplyCounts(reply: answer) else { throw .unexpected(command: "QC", answer: answer) }
        if counts < settings.lowestSupplyCounts || watch.sawPowerLost {
            watch.sawPowerLost = false
            return .motorPowerLost(volts: BoardIdentity.volts(counts: counts))
        }
        return nil
    }

    /// After a person has brought the carriage home: set up anew, travel to the stroke, begin it.
    func restart(atStroke stroke: Int) async throws(DriverError) {
        guard let feed, let start = feed.start(ofStroke: max(0, min(stroke, feed.strokeCount - 1))) else { return }
        try await markSession()
        for command in feed.setUp(before: start.index) { _ = try await ask(command) }
        try await settle()
        for command in Feed.slowTravel(from: .zero, to: start.counters) {
            _ = try await ask(command, patience: 250_000)
        }
        _ = try await ask(feed.pen(isUp: false))
        try await settle()
        let found = try await askCounters()
        guard found == start.counters else { throw .unexpected(command: "QS", answer: found.description) }
        self.feed?.restart(at: start.index, counters: start.counters)
    }
}

extension Feed {
    /// The command that comes next if the counters at rest are `found`; nil when that cannot be told.
    ///
    /// Sent and not answered is one command at most: it has run or it has not. If a reply was taken for another (a
    /// doubled line), the answer may be a few commands ahead; then only a single match counts.
    func index(at found: MotorPosition) -> Int? {
        guard let acked = ackedCounters else { return nil }
        if next > self.acked, program.commands[self.acked].counters(after: acked) == found {
            // A command without displacement may be sent twice: a pen move or a wait.
            return acked == found ? self.acked : self.acked + 1
        }
        if acked == found { return self.acked }
        var candidates: [Int] = []
        var counters = acked
        for index in stride(from: self.acked - 1, through: max(0, self.acked - 4), by: -1) {
            guard case .moves(let steps) = program.commands[index].counterEffect else {
                if program.commands[index].counterEffect == .none { continue }
                break
            }
            counters = MotorPosition(counters.motor1 &- steps.motor1, counters.motor2 &- steps.motor2)
            if counters == found { candidates.append(index) }
        }
        return candidates.count == 1 ? candidates[0] : nil
    }

    /// What a board must be told before command `index` runs on it: resolution and pen as before the first motion, and
    /// what layers have changed of them since.
    func setUp(before index: Int) -> [Command] {
        let first = program.commands.firstIndex(where: \.isMotion) ?? 0
        let later = program.commands[first..<max(first, index)].filter { command in
            if case .configure = command { true } else { false }
        }
        return program.commands[..<first] + later
    }

    /// The command after the pen-down of stroke `stroke` (counted from 0), with the counters there if the plot began
    /// at home; nil when there is no such stroke or nobody can know the counters.
    func start(ofStroke stroke: Int) -> (index: Int, counters: MotorPosition)? {
        var counters: MotorPosition? = .zero
        var strokes = 0
        for (index, command) in program.commands.enumerated() {
            counters = command.counters(after: counters)
            guard command.penIsUp == false else { continue }
            if strokes == stroke { return counters.map { (index + 1, $0) } }
            strokes += 1
        }
        return nil
    }

    /// A straight way at a rate from which every machine can start and stop: 1,200 steps/s.
    static func slowTravel(from: MotorPosition, to: MotorPosition) -> [Command] {
        let dx = Int64(to.motor1) - Int64(from.motor1)
        let dy = Int64(to.motor2) - Int64(from.motor2)
        let longest = max(dx.magnitude, dy.magnitude)
        guard longest > 0 else { return [] }
        // 2.8.1 times moves of more than 2.6 s wrongly, so they are cut (ebb.md §9.1).
        let pieces = Int64(longest / 2_400 + 1)
        return (1...pieces).compactMap { piece in
            let steps1 = dx * piece / pieces - dx * (piece - 1) / pieces
            let steps2 = dy * piece / pieces - dy * (piece - 1) / pieces
            let milliseconds = max(steps1.magnitude, steps2.magnitude) * 1_000 / 1_200
            guard steps1 != 0 || steps2 != 0 else { return nil }
            return .move(
                milliseconds: UInt32(max(1, milliseconds)), Int32(clamping: steps1), Int32(clamping: steps2))
        }
    }
}

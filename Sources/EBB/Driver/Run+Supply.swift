/// Going on with what comes while the run lasts.
extension Run {
    /// What follows the end of the present program; nil = it is the end of all.
    func goOnWithSupply(_ supply: ProgramSupply) -> RunOutcome {
        let asked = requests.pause.map { $0.isByButton ? PauseReason.button : .asked }
        switch supply.take() {
        case .ended: return .rested(isEnd: true, pause: nil)
        case .none: return asked.map { .rested(isEnd: false, pause: $0) } ?? .starved
        case .piece(let piece):
            begin(piece)
            return .rested(isEnd: false, pause: asked)
        }
    }

    private func begin(_ piece: ProgramPiece) {
        let counters = feed.ackedCounters
        drawn.strokes += feed.strokesDone - drawn.isShared
        drawn.ticks += feed.executedTicks - drawn.skipped
        drawn.isShared = piece.strokesBefore
        drawn.skipped = piece.program.ticks[..<piece.start].reduce(0) { $0 + Int64($1) }
        prefix = 0
        feed = Feed(program: piece.program, counters: counters)
        feed.restart(at: piece.start, counters: counters)
        whole = Self.whole(piece.program, prefix: 0)
        whole.strokeCount += drawn.strokes - drawn.isShared
        whole.tickCount += drawn.ticks - drawn.skipped
        report(.grew(piece))
        reportProgress()
    }

    /// At rest, pen up, until there is more to draw, nothing more comes, or somebody asks for something.
    nonisolated(nonsending) func awaitSupply() async -> RunOutcome {
        do throws(DriverError) {
            // What is drawn until now need not be drawn again, whatever happens meanwhile.
            try await checkPlace()
        } catch {
            return isEnding ? .ended : .troubled(noted(Trouble(error)))
        }
        reportProgress()
        while true {
            if isEnding { return .ended }
            if let pause = requests.pause { return .rested(isEnd: false, pause: pause.isByButton ? .button : .asked) }
            if supply?.hasNews ?? true { return .supplied }
            await withCheckedContinuation { awaiting = $0 }
        }
    }

    /// Something has come, or somebody has asked for something.
    func wakeAwaiting() {
        guard let waiting = awaiting else { return }
        awaiting = nil
        waiting.resume()
    }

    /// The board's button, looked at while the run waits for more.
    nonisolated(nonsending) func lookWhileAwaiting() async throws(DriverError) {
        guard awaiting != nil, link.isOpen else { return }
        let isPressed: Bool
        if link.canAskStatus {
            let status = try await link.ask(.status)
            isPressed = status.button
            if link.isThree, status.powerLost { watch.sawPowerLost = true }
        } else {
            isPressed = try await link.ask(.wasButtonPressed)
        }
        guard isPressed else { return }
        buttonPressed()
        wakeAwaiting()
    }
}

/// What earlier pieces of a plot have drawn that comes in pieces.
struct DrawnBefore: Sendable {
    var strokes = 0
    var ticks: Int64 = 0
    /// Strokes (0 or 1) and ticks at the beginning of the present piece that are not drawn again.
    var isShared = 0
    var skipped: Int64 = 0
}

extension Feed {
    /// The end of the program with the counters there if it began at home: where all its strokes are drawn.
    var placeBehindAll: (index: Int, counters: MotorPosition)? {
        var counters: MotorPosition? = .zero
        for command in program.commands { counters = command.counters(after: counters) }
        return counters.map { (program.commands.count, $0) }
    }
}

/// Another plan for a run that is under way, and looking at the board while it stands.
extension Driver {
    /// Goes on with another plan of the same strokes from the next stroke on.
    ///
    /// At the next pen-up the run comes to rest for a moment, tells the board which settings of the pen differ, and goes
    /// on after the same pen-up of `program`. The run reports `changed(mark)` then, and its progress counts in the new
    /// plan; or `kept(mark)` if the plans have not the same strokes or a later change has come first. Nothing happens if no
    /// run is under way.
    ///
    /// - Parameter mark: told with the event.
    public nonisolated func change(to program: Program, mark: Int) {
        perform { $0.changeRun(to: program, mark: mark) }
    }

    private func changeRun(to program: Program, mark: Int) {
        guard control.isRunning, control.halt == nil else { return }
        guard let feed, feed.hasSameStrokes(as: program) else {
            control.report?(.kept(mark: mark))
            return
        }
        if let earlier = control.change { control.report?(.kept(mark: earlier.mark)) }
        control.change = RunControl.Change(program: program, mark: mark)
        guard feeding != nil, feed.trouble == nil else { return }
        applyChange()
        pump()
    }

    /// Moves the limit to where the new plan can take over.
    func applyChange() {
        guard let change = control.change, feed?.isSlowing == false else { return }
        feed?.stopAtPenUp(after: change.tried)
    }

    /// Takes over the new plan if the run rests at a pen-up where the two meet.
    func takeChange() async -> Trouble? {
        guard let change = control.change, control.halt == nil, let feed, feed.isAtPenUp, change.tried != feed.next
        else { return nil }
        guard let meeting = feed.meeting(with: change.program) else {
            control.change?.tried = feed.next
            return nil
        }
        do {
            for command in meeting.commands { _ = try await ask(command) }
            try await settle()
        } catch {
            return Trouble(error)
        }
        self.feed?.goOn(with: change.program, at: meeting.index)
        if control.change?.mark == change.mark { control.change = nil }
        control.report?(.changed(mark: change.mark))
        reportProgress()
        return nil
    }

    /// Looks at the board of a run that stands, to be called now and then: reports `pressed` if its button was pressed, and
    /// `stood(.motorPowerLost)` if its motors have been without power, so that the run goes on only after homing.
    public func look() async {
        guard control.standing != nil, isOpen else { return }
        try? await onQueue { () throws(DriverError) in try await lookHere() }
    }

    private func lookHere() async throws(DriverError) {
        var isPressed = false
        if canAskStatus {
            let status = BoardStatus(reply: try await ask(.raw("QG")))
            isPressed = status?.button ?? false
            if isThree, status?.powerLost ?? false { watch.sawPowerLost = true }
        } else {
            isPressed = try await ask(.raw("QB")) == "1"
        }
        if control.lost == nil {
            if let reason = try await powerTrouble() {
                guard control.standing != nil, control.halt == nil, control.lost == nil else { return }
                // Motors without power hold nothing: the carriage may be anywhere now.
                control.lost = reason
                control.report?(.stood(reason))
            } else if control.standing != nil {
                feed?.powered()
            }
        }
        if isPressed, control.standing != nil, control.halt == nil { control.report?(.pressed) }
    }
}

/// How two plans of the same strokes meet.
extension Feed {
    /// The pen has just gone up, and nothing has been sent since.
    var isAtPenUp: Bool { next > 0 && acked == next && program.commands[next - 1].penIsUp == true }

    /// Whether the pen goes up and down as often in `other`. O(commands).
    func hasSameStrokes(as other: Program) -> Bool {
        for isUp in [true, false] {
            let (here, there) = (program.commands, other.commands)
            guard here.count(where: { $0.penIsUp == isUp }) == there.count(where: { $0.penIsUp == isUp }) else {
                return false
            }
        }
        return true
    }

    /// Where `other` has the pen-up at which this feed rests, and what the board must be told before it goes on there; nil
    /// when the carriage stands elsewhere there. O(commands).
    func meeting(with other: Program) -> (index: Int, commands: [Command])? {
        var missing = program.commands[..<next].count { $0.penIsUp == true }
        var counters: MotorPosition?
        for (index, command) in other.commands.enumerated() {
            counters = command.counters(after: counters)
            guard command.penIsUp == true else { continue }
            missing -= 1
            guard missing == 0 else { continue }
            guard let counters, counters == ackedCounters else { return nil }
            return (index + 1, Self.differences(program.commands[..<next], other.commands[...index]))
        }
        return nil
    }

    /// Settings of the pen that hold after `new` and not after `old`; with another height of the raised pen it goes there at
    /// once, with the last command of `new`.
    private static func differences(_ old: ArraySlice<Command>, _ new: ArraySlice<Command>) -> [Command] {
        func settings(_ commands: ArraySlice<Command>) -> [UInt8: UInt16] {
            var values: [UInt8: UInt16] = [:]
            for case .configure(let index, let value) in commands { values[index] = value }
            return values
        }
        let (before, after) = (settings(old), settings(new))
        let changed = after.filter { before[$0.key] != $0.value }.sorted { $0.key < $1.key }
        var commands = changed.map { Command.configure($0.key, $0.value) }
        if changed.contains(where: { $0.key == 4 }), let penUp = new.last { commands.append(penUp) }
        return commands
    }

    /// Goes on with `other` at command `index`, everything before being done.
    mutating func goOn(with other: Program, at index: Int) {
        program = other
        forgetPlanned()
        (next, acked, executed) = (index, index, index)
        limit = other.commands.count
        executedTicks = other.ticks[..<index].reduce(0) { $0 + Int64($1) }
        comparedAt = index - 1
        isSlowing = false
        hasOneHeight = Self.hasOneHeight(other)
    }
}

/// Another plan for a run that is under way.
extension Run {
    /// Takes the newest plan from the mailbox, if it has the same strokes.
    func takeNewChange() {
        guard let (newest, superseded) = requests.takeChange() else { return }
        for mark in superseded { report(.kept(mark: mark)) }
        // What is drawn as it comes is planned as it comes.
        guard supply == nil else { return report(.kept(mark: newest.mark)) }
        let change = RunRequests.Change(program: withPrefix(newest.program), mark: newest.mark)
        guard feed.hasSameStrokes(as: change.program) else { return report(.kept(mark: newest.mark)) }
        if let earlier = self.change { report(.kept(mark: earlier.mark)) }
        (self.change, triedChange) = (change, -1)
    }

    /// The way home that was put before the first plan stands before every other one.
    private func withPrefix(_ program: Program) -> Program {
        guard prefix > 0 else { return program }
        return Program(
            commands: feed.program.commands[..<prefix] + program.commands,
            ticks: feed.program.ticks[..<prefix] + program.ticks,
            strokes: feed.program.strokes[..<prefix] + program.strokes, stops: program.stops)
    }

    /// Moves the limit to where the new plan can take over.
    func applyChange() {
        guard change != nil, !feed.isSlowing else { return }
        feed.stopAtPenUp(after: triedChange)
    }

    /// Takes over the new plan if the run rests at a pen-up where the two meet.
    nonisolated(nonsending) func takeChange() async throws(DriverError) {
        takeNewChange()
        guard let change, feed.isAtPenUp, triedChange != feed.next else { return }
        guard let meeting = feed.meeting(with: change.program) else {
            triedChange = feed.next
            return
        }
        for command in meeting.commands { try await link.send(command) }
        try await settle()
        feed.goOn(with: change.program, at: meeting.index)
        whole = Self.whole(change.program, prefix: prefix)
        if self.change?.mark == change.mark { self.change = nil }
        report(.changed(mark: change.mark, command: max(0, meeting.index - prefix)))
        reportProgress()
    }
}

/// How two plans of the same strokes meet.
extension Feed {
    /// The pen has just gone up, and nothing has been sent since.
    var isAtPenUp: Bool { next > 0 && acked == next && program.commands[next - 1].penIsUp == true }

    /// Whether the pen goes up and down as often in `other`. O(commands).
    func hasSameStrokes(as other: Program) -> Bool {
        let (here, there) = (program.commands, other.commands)
        return here.count(where: { $0.penIsUp == true }) == there.count(where: { $0.penIsUp == true })
            && here.count(where: \.beginsStroke) == there.count(where: \.beginsStroke)
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
    private static func differences(_ old: Slice<Commands>, _ new: Slice<Commands>) -> [Command] {
        func settings(_ commands: Slice<Commands>) -> [ServoRegister: UInt16] {
            var values: [ServoRegister: UInt16] = [:]
            for case .configure(let index, let value) in commands { values[index] = value }
            return values
        }
        let (before, after) = (settings(old), settings(new))
        let changed = after.filter { before[$0.key] != $0.value }.sorted { $0.key.rawValue < $1.key.rawValue }
        var commands = changed.map { Command.configure($0.key, $0.value) }
        if changed.contains(where: { $0.key == .penUp }), let penUp = new.last { commands.append(penUp) }
        return commands
    }

    /// Goes on with `other` at command `index`, everything before being done.
    mutating func goOn(with other: Program, at index: Int) {
        program = other
        forgetPlanned()
        (next, acked, executed) = (index, index, index)
        lift()
        executedTicks = other.ticks[..<index].reduce(0) { $0 + Int64($1) }
        comparedAt = index - 1
        penProven = index - 1
        isSlowing = false
        hasOneHeight = Self.hasOneHeight(other)
    }
}

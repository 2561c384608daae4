/// Pens that begin to fall before the carriage arrives.
///
/// A pen-down that waits for nothing comes before the last part of a travel, timed to it; another, which waits for the rest of
/// the drop, where the stroke begins. Whatever changes the time between the two, a ramp or a stop, must do without the first.
extension Feed {
    /// The early pen-down that has been sent and whose travel has not, all of it.
    private var openDrop: Int? {
        guard let last = program.commands[..<next].lastIndex(where: { $0.penIsUp != nil }),
            program.commands[last].isEarlyDrop, dropEnd(of: last) != nil
        else { return nil }
        return last
    }

    /// The early pen-down of the travel that the next command is part of.
    private var dropAhead: Int? {
        guard let first = program.commands[next...].firstIndex(where: { $0.penIsUp != nil }),
            program.commands[first].isEarlyDrop, dropEnd(of: first) != nil
        else { return nil }
        return first
    }

    /// The pen-down with which an early one ends.
    private func dropEnd(of early: Int) -> Int? {
        guard let end = program.commands[(early + 1)...].firstIndex(where: { $0.penIsUp != nil }),
            program.commands[end].penIsUp == false
        else { return nil }
        return end
    }

    /// The place behind the pen-down of the stroke to which the pen falls already, if there is one.
    var openDropEnd: Int? { openDrop.flatMap { dropEnd(of: $0) }.map { $0 + 1 } }

    /// How many commands go out in one piece from the next on, the board's queue holding `depth`: an early pen-down and what is
    /// left of its travel, so that no link that is late or lost lets the pen fall where the carriage has to wait; else 1.
    func nextCount(depth: Int) -> Int {
        guard program.commands[next].isEarlyDrop, let end = dropEnd(of: next), end <= limit, end - next <= depth else {
            return 1
        }
        return end - next
    }

    /// Does without an early pen-down that has not been sent.
    mutating func forgoDropAhead() {
        if let ahead = dropAhead { forgo(ahead) }
    }

    /// Does without the early pen-down in whose travel the carriage rests, the pen being up.
    ///
    /// - Returns: false where there is none: nothing is to be done.
    mutating func forgoOpenDrop() -> Bool {
        if let open = openDrop {
            forgo(open)
            return true
        }
        guard program.commands.indices.contains(next), program.commands[next].isEarlyDrop, dropEnd(of: next) != nil
        else {
            return false
        }
        forgo(next)
        // Nothing of a resting carriage's next move may be hidden behind it.
        restart(at: next + 1, counters: ackedCounters)
        return true
    }

    /// Whether the carriage rests in, or just before, the travel beside which a pen falls.
    var restsBesideDrop: Bool {
        openDrop != nil
            || (program.commands.indices.contains(next) && program.commands[next].isEarlyDrop
                && dropEnd(of: next) != nil)
    }

    /// The first pen-down, with the wait of a pen that falls from its full height; nil when there is none.
    var wholeDrop: Command? {
        guard let end = program.commands.firstIndex(where: \.beginsStroke) else { return nil }
        let early = program.commands[..<end].lastIndex { $0.penIsUp != nil }
        guard let early, program.commands[early].isEarlyDrop else { return program.commands[end] }
        return wholeDrop(from: early, to: end)
    }

    private func wholeDrop(from early: Int, to end: Int) -> Command {
        guard case .pen(let isUp, let milliseconds, let pin) = program.commands[end] else {
            return program.commands[end]
        }
        let perMillisecond = Int64(BoardClock.ticksPerMillisecond)
        let passed = program.ticks[early..<end].reduce(0) { $0 + Int64($1) }
        let whole = UInt16(clamping: Int64(milliseconds) + (passed + perMillisecond - 1) / perMillisecond)
        return .pen(isUp: isUp, milliseconds: whole, pin: pin)
    }

    /// Puts the whole wait where the stroke begins, and in the place of the early pen-down what changes nothing.
    private mutating func forgo(_ early: Int) {
        guard let end = dropEnd(of: early) else { return }
        let whole = wholeDrop(from: early, to: end)
        guard case .pen(_, let milliseconds, _) = whole else { return }
        program.commands[end] = whole
        program.ticks[end] = Int32(milliseconds) * Int32(BoardClock.ticksPerMillisecond)
        var height: UInt16 = 0
        for case .configure(.penUp, let pulse) in program.commands[..<early] { height = pulse }
        program.commands[early] = .configure(.penUp, height)
        program.ticks[early] = 0
    }
}

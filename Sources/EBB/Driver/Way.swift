/// The way of both motors during one command, from where it begins.
///
/// - Source: the board's arithmetic of `LM` and `LT` (`Course`); `SM` goes evenly.
struct Way: Sendable {
    private enum Kind {
        case even
        case accelerated(Course, Course)
    }

    private let kind: Kind
    let start: MotorPosition
    let end: MotorPosition
    private let ticks: Int64

    /// Nil for what does not move, and where the steps depend on what the accumulators held.
    init?(_ command: Command, ticks: Int32, from start: MotorPosition) {
        guard ticks > 0, command.isMotion, let end = command.counters(after: start) else { return nil }
        switch command {
        case .move: kind = .even
        case .acceleratedMove, .timedMove:
            // Where a motor reverses, its counter tells no time.
            guard let courses = command.courses(ticks: ticks), !courses.0.reverses, !courses.1.reverses else {
                return nil
            }
            kind = .accelerated(courses.0, courses.1)
        default: return nil
        }
        (self.start, self.end, self.ticks) = (start, end, Int64(ticks))
    }

    /// Where the motors are after `tick` ticks, within a step.
    func place(at tick: Int64) -> MotorPosition {
        switch kind {
        case .even:
            let share = Double(tick) / Double(ticks)
            let (d1, d2) = (Double(end.motor1) - Double(start.motor1), Double(end.motor2) - Double(start.motor2))
            return start &+ MotorPosition(Int32((d1 * share).rounded()), Int32((d2 * share).rounded()))
        case .accelerated(let first, let second):
            return start &+ MotorPosition(first.steps(after: tick), second.steps(after: tick))
        }
    }

    /// The tick at which it comes by `found`, within `tolerance` steps of each motor; nil if it does not. O(log ticks).
    func tick(at found: MotorPosition, tolerance: Int32) -> Int64? {
        guard Self.isWithin(found.motor1, start.motor1, end.motor1, tolerance),
            Self.isWithin(found.motor2, start.motor2, end.motor2, tolerance)
        else { return nil }
        // By the motor that has further to go: its counter tells the time best.
        let leads1 = abs(Int64(end.motor1) - Int64(start.motor1)) >= abs(Int64(end.motor2) - Int64(start.motor2))
        let isForward = leads1 ? end.motor1 >= start.motor1 : end.motor2 >= start.motor2
        func isPast(_ tick: Int64) -> Bool {
            let here = place(at: tick)
            let (at, wanted) = leads1 ? (here.motor1, found.motor1) : (here.motor2, found.motor2)
            return isForward ? at >= wanted : at <= wanted
        }
        var (low, high) = (Int64(0), ticks)
        while low < high {
            let middle = (low + high) / 2
            if isPast(middle) { high = middle } else { low = middle + 1 }
        }
        let here = low >= ticks ? end : place(at: low)
        let isThere =
            abs(Int64(here.motor1) - Int64(found.motor1)) <= Int64(tolerance)
            && abs(Int64(here.motor2) - Int64(found.motor2)) <= Int64(tolerance)
        return isThere ? low : nil
    }

    private static func isWithin(_ value: Int32, _ a: Int32, _ b: Int32, _ tolerance: Int32) -> Bool {
        Int64(value) >= Int64(min(a, b)) - Int64(tolerance) && Int64(value) <= Int64(max(a, b)) + Int64(tolerance)
    }
}

extension Feed {
    /// How far from its way a board may be seen, steps of each motor: 0.06 mm at the finest resolution.
    private static let wayTolerance: Int32 = 5
    /// Commands before and after the one that runs by the model, which the board may be at.
    private static let wayCommands = 2

    /// Whether a carriage at `found` has left the place at which it is to wait for the pen move that runs now: it is on the way
    /// that comes after, and not on that by which it came.
    func hasLeftPen(for found: MotorPosition) -> Bool {
        guard let here = executedCounters, found != here, executed < next, program.commands[executed].penIsUp != nil
        else { return false }
        func comesBy(_ index: Int, from start: MotorPosition) -> Bool {
            Way(program.commands[index], ticks: program.ticks[index], from: start)?
                .tick(at: found, tolerance: Self.wayTolerance) != nil
        }
        var start = here
        for index in stride(from: executed - 1, through: max(0, executed - Self.wayCommands), by: -1) {
            guard case .moves(let steps) = program.commands[index].counterEffect else { break }
            start = start &- steps
            if comesBy(index, from: start) { return false }
        }
        start = here
        for index in (executed + 1)..<min(program.commands.count, max(executed + 1, next)) {
            if comesBy(index, from: start) { return true }
            guard let after = program.commands[index].counters(after: start) else { return false }
            start = after
        }
        return false
    }

    /// Whether the way of the command that runs now, or of one just before or after it, comes by `found`. True where
    /// nobody can know.
    func passes(by found: MotorPosition) -> Bool {
        guard var counters = executedCounters else { return true }
        var index = executed
        for _ in 0..<Self.wayCommands where index > 0 {
            guard case .moves(let steps) = program.commands[index - 1].counterEffect else {
                if program.commands[index - 1].counterEffect == .none {
                    index -= 1
                    continue
                }
                break
            }
            counters = counters &- steps
            index -= 1
        }
        let last = min(program.commands.count, max(executed + 1, next) + 1, executed + 2 + Self.wayCommands)
        while index < last {
            if counters == found { return true }
            let command = program.commands[index]
            if let way = Way(command, ticks: program.ticks[index], from: counters) {
                if way.tick(at: found, tolerance: Self.wayTolerance) != nil { return true }
            } else if command.isMotion {
                return true
            }
            guard let after = command.counters(after: counters) else { return true }
            counters = after
            index += 1
        }
        return counters == found
    }
}

extension Program {
    /// How far beyond its record a run may have gone: what was recorded lags by a stroke, and by a slow disk.
    private static let longestLagTicks: Int64 = 30 * 25_000
    /// A run that was slowed down within a command rests beside its way by the roundings of both.
    private static let restTolerance: Int32 = 2

    /// The command with which a run goes on that is at rest at `found`, having come at least to command `first`; nil when
    /// it cannot have come there. The counters began at (0, 0).
    ///
    /// Where the program comes by more than once, a pen that is down tells that a stroke has begun; what is left then, as
    /// the two ends of a closed stroke, is decided for the earlier place: a line twice rather than none. A raised pen
    /// tells nothing: it may have been raised out of turn, by a pause or a stop. If the run stands within a command, that
    /// command is given. O(commands).
    ///
    /// - Parameter isPenUp: whether the pen was up when the board was found; nil = unknown.
    public func place(at found: MotorPosition, from first: Int, isPenUp: Bool?) -> Int? {
        guard commands.indices.contains(first) || first == commands.count else { return nil }
        var counters: MotorPosition? = .zero
        var isUp = true
        for command in commands[..<first] {
            counters = command.counters(after: counters)
            isUp = command.penIsUp ?? isUp
        }
        var within: Int?
        var withPenUp: Int?
        var lag: Int64 = 0
        for index in first...commands.count {
            if counters == found {
                if isPenUp != false || !isUp { return index }
                withPenUp = withPenUp ?? index
            }
            guard index < commands.count, lag <= Self.longestLagTicks else { break }
            if within == nil, let counters, counters != found,
                let way = Way(commands[index], ticks: ticks[index], from: counters), way.end != found,
                way.tick(at: found, tolerance: Self.restTolerance) != nil
            {
                within = index
            }
            counters = commands[index].counters(after: counters)
            isUp = commands[index].penIsUp ?? isUp
            lag += Int64(ticks[index])
        }
        return withPenUp ?? within
    }

    /// Counters before command `index`, if they began at (0, 0); nil when nobody can know. O(index).
    func counters(before index: Int) -> MotorPosition? {
        commands[..<index].reduce(MotorPosition?.some(.zero)) { $1.counters(after: $0) }
    }
}

internal import Motion

/// The same steps at another pace: brings planned motion to rest, and from rest back to its planned speed.
///
/// Planned time is stretched by a factor k that changes evenly with real time: 1 at plan speed, 0 at rest. A command that
/// took T ticks with k going from k₀ to k₁ takes T·2/(k₀ + k₁); its path stays, its end rates are k times the planned
/// ones. The factor's slope is chosen so that the fastest motor changes by no more than `acceleration`.
struct Retiming: Equatable, Sendable {
    /// Largest change of a motor's rate, steps/tick².
    var acceleration: Double
    /// Whether the firmware has `LM` as we use it (2.7.0); else a ramp is a row of `SM`.
    var hasAcceleratedMoves = true

    /// Motor rates at or below this need no ramp, steps/tick: 600 steps/s.
    static let restRate = 600.0 / Double(BoardClock.ticksPerSecond)
    /// No command is made shorter than this; the parser needs about 3 ms for one.
    private static let shortestTicks = 114.0

    /// One planned command: steps, duration, rates in steps/tick at both ends.
    private struct Piece {
        var steps: (Int32, Int32)
        var ticks: Double
        var entry: (Double, Double)
        var exit: (Double, Double)
        /// Registers, where they can bend the path.
        private var moves: (Course, Course)?

        init?(_ command: Command, ticks: Int32) {
            guard ticks > 0, command.isMotion else { return nil }
            self.ticks = Double(ticks)
            switch command {
            case .move(_, let a, let b):
                steps = (a, b)
                entry = (Double(a) / self.ticks, Double(b) / self.ticks)
                exit = entry
            case .acceleratedMove(let a, let b, _):
                steps = (a.steps, b.steps)
                let (first, second) = (
                    Course(a).rates(steps: a.steps, self.ticks), Course(b).rates(steps: b.steps, self.ticks)
                )
                entry = (first.entry, second.entry)
                exit = (first.exit, second.exit)
                moves = (Course(a), Course(b))
            case .timedMove(_, let a, let b, _):
                steps = (a.steps, b.steps)
                guard let courses = command.courses(ticks: ticks) else { return nil }
                let (first, second) = (
                    courses.0.rates(steps: a.steps, self.ticks), courses.1.rates(steps: b.steps, self.ticks)
                )
                entry = (first.entry, second.entry)
                exit = (first.exit, second.exit)
                moves = courses
            case .home, .enableMotors, .pen, .configure, .servoTimeout, .setUp, .setVariable,
                .emergencyStop, .clearSteps, .raw:
                return nil
            }
        }

        var meanRate: Double { max(abs(Double(steps.0)), abs(Double(steps.1))) / ticks }
        /// The mean rate with these factors at its ends: that of an even change between the end rates, so that no motor
        /// jumps; where these say too little, as of a piece that begins and ends at rest, by the factors alone.
        func meanRate(from first: Double, to last: Double) -> Double {
            let ends = max(abs(entry.0 * first + exit.0 * last), abs(entry.1 * first + exit.1 * last)) / 2
            return max(ends, meanRate * (first + last) / 4, 1e-9)
        }

        var entryRate: Double { max(abs(entry.0), abs(entry.1)) }

        /// In straight parts: cut at the middle of its time for as long as the step there lies more than a step beside the
        /// straight line. Each part ends where the planned move comes by.
        var straightParts: [Piece] {
            guard let moves, moves.0.isAccelerated || moves.1.isAccelerated else { return [self] }
            var parts: [Piece] = []
            var begin: Int64 = 0
            // No step of a motor that turns back must be missed.
            for turn in (moves.0.turns + moves.1.turns).sorted() where turn > begin {
                cut(moves, from: begin, to: turn, depth: 0, &parts)
                begin = turn
            }
            cut(moves, from: begin, to: Int64(ticks), depth: 0, &parts)
            return parts
        }

        private func cut(
            _ moves: (Course, Course), from begin: Int64, to end: Int64, depth: Int, _ parts: inout [Piece]
        ) {
            let middle = begin + (end - begin) / 2
            func place(_ tick: Int64) -> (Int32, Int32) { (moves.0.steps(after: tick), moves.1.steps(after: tick)) }
            let (a, b, p) = (place(begin), place(end), place(middle))
            let chord = (Double(b.0 &- a.0), Double(b.1 &- a.1))
            let q = (Double(p.0 &- a.0), Double(p.1 &- a.1))
            let length = chord.0 * chord.0 + chord.1 * chord.1
            let across = chord.0 * q.1 - chord.1 * q.0
            if depth < 24, end - begin >= 2, across * across > length || (length == 0 && q != (0, 0)) {
                cut(moves, from: begin, to: middle, depth: depth + 1, &parts)
                cut(moves, from: middle, to: end, depth: depth + 1, &parts)
                return
            }
            var part = self
            part.steps = (b.0 &- a.0, b.1 &- a.1)
            part.ticks = Double(end - begin)
            part.moves = nil
            part.entry = along(chord, rates(moves, after: begin))
            part.exit = along(chord, rates(moves, after: end))
            parts.append(part)
        }

        /// Rates after so many ticks of the planned time.
        private func rates(_ moves: (Course, Course), after tick: Int64) -> (Double, Double) {
            if moves.0.isBent || moves.1.isBent { return (moves.0.rate(after: tick), moves.1.rate(after: tick)) }
            let share = Double(tick) / ticks
            return (entry.0 + (exit.0 - entry.0) * share, entry.1 + (exit.1 - entry.1) * share)
        }

        /// Rates turned into the direction of `chord`.
        private func along(_ chord: (Double, Double), _ rates: (Double, Double)) -> (Double, Double) {
            if abs(chord.0) >= abs(chord.1) {
                return chord.0 == 0 ? (0, 0) : (rates.0, rates.0 * chord.1 / chord.0)
            }
            return (rates.1 * chord.0 / chord.1, rates.1)
        }

        /// The first `fraction` of the planned time, and the rest.
        func split(at fraction: Double) -> (Piece, Piece?) {
            var (first, second) = (self, self)
            (first.moves, second.moves) = (nil, nil)
            let time = ticks * fraction
            let middle = (
                entry.0 + (exit.0 - entry.0) * fraction, entry.1 + (exit.1 - entry.1) * fraction
            )
            first.steps = (
                Self.whole((entry.0 + middle.0) / 2 * time, within: steps.0),
                Self.whole((entry.1 + middle.1) / 2 * time, within: steps.1)
            )
            second.steps = (steps.0 - first.steps.0, steps.1 - first.steps.1)
            (first.ticks, second.ticks) = (time, ticks - time)
            (first.exit, second.entry) = (middle, middle)
            return (first, second)
        }

        private static func whole(_ steps: Double, within all: Int32) -> Int32 {
            let rounded = Int32(max(-2e9, min(2e9, steps.rounded())))
            return all < 0 ? min(0, max(all, rounded)) : max(0, min(all, rounded))
        }
    }

    /// What to run instead of the first `count` commands of a slice.
    struct Replacement: Equatable {
        var commands: [Command] = []
        var ticks: [Int32] = []
        /// Commands of the slice that are replaced.
        var count = 0
        /// How many of `commands` come before rest (slowing down) or before plan speed (speeding up).
        var ramp = 0

        /// Lets the last command, step-limited with cleared phases, end at the phases that a time-limited one begins with.
        mutating func endAtPhases(of following: Command, ticks: Int32) {
            guard case .timedMove(let active, let a, let b, clear: 0) = following, let own = self.ticks.last,
                case .acceleratedMove(let first, let second, _)? = commands.last
            else { return }
            let isSigned = Int64(ticks) > Int64(active)
            commands[commands.count - 1] = .timedMove(
                ticks: UInt32(isSigned ? max(1, own - 1) : own),
                AxisRate(first, ticks: own, endingAt: a.phase, heading: a.rate < 0 ? -1 : 1, isSigned: isSigned),
                AxisRate(second, ticks: own, endingAt: b.phase, heading: b.rate < 0 ? -1 : 1, isSigned: isSigned),
                clear: 3)
        }

        /// Takes over a command that takes no time in the queue.
        mutating func pass(_ command: Command) {
            commands.append(command)
            ticks.append(0)
            count += 1
        }
    }

    /// The largest motor rate at the beginning of a command, steps/tick; 0 for what does not move.
    static func entryRate(_ command: Command, ticks: Int32) -> Double {
        Piece(command, ticks: ticks)?.entryRate ?? 0
    }

    /// A command in which the carriage would come to rest is carried to its end if it takes no longer than this, 250 ms:
    /// cut in two it would step elsewhere by a rounding.
    private static let longestWhole: Int32 = 6_250

    /// From plan speed to rest, beginning with the first command given.
    func slowingDown(_ commands: some Sequence<Command>, ticks: ArraySlice<Int32>) -> Replacement {
        var result = Replacement()
        var factor = 1.0
        let share = shareForWholeCommands(commands, ticks: ticks)
        for (command, ticks) in zip(commands, ticks) {
            if ticks == 0 {
                result.pass(command)
                continue
            }
            guard let piece = Piece(command, ticks: ticks) else { break }
            if piece.entryRate * factor <= Self.restRate { break }
            result.count += 1
            let drop = drop(of: piece) * share
            if factor * factor > drop {
                let next = (factor * factor - drop).squareRoot()
                append(piece, from: factor, to: next, &result)
                factor = next
                continue
            }
            let fraction = factor * factor / drop
            let (first, second) = fraction > 1 - 1e-6 ? (piece, nil) : piece.split(at: max(0.01, fraction))
            append(first, from: factor, to: 0, &result)
            result.ramp = result.commands.count
            if let second { append(second, from: 1, to: 1, &result) }
            return result
        }
        result.ramp = result.commands.count
        return result
    }

    /// How much the square of the factor changes during a piece at most.
    private func drop(of piece: Piece) -> Double { 2 * acceleration * piece.ticks / max(piece.meanRate, 1e-9) }

    /// The share of the deceleration with which rest falls on the end of a command; 1 where a command would take too long.
    private func shareForWholeCommands(_ commands: some Sequence<Command>, ticks: ArraySlice<Int32>) -> Double {
        var sum = 0.0
        for (command, ticks) in zip(commands, ticks) where ticks > 0 {
            guard let piece = Piece(command, ticks: ticks), piece.entryRate * (1 - sum).squareRoot() > Self.restRate
            else { return 1 }
            sum += drop(of: piece)
            if sum >= 1 { return ticks <= Self.longestWhole ? 1 / sum : 1 }
        }
        return 1
    }

    /// What is left of a command of which `steps` are still to be made, at plan speed; nil where it cannot be cut.
    func remainder(of command: Command, ticks: Int32, from start: MotorPosition, at found: MotorPosition)
        -> Replacement?
    {
        guard let way = Way(command, ticks: ticks, from: start), let tick = way.tick(at: found, tolerance: 2),
            let piece = Piece(command, ticks: ticks)
        else { return nil }
        let (_, rest) = piece.split(at: min(0.999, max(0.001, Double(tick) / Double(ticks))))
        guard var rest else { return nil }
        let left = way.end &- found
        rest.steps = (left.motor1, left.motor2)
        var result = Replacement(count: 1)
        append(rest, from: 1, to: 1, &result)
        return result
    }

    /// From rest to plan speed.
    func speedingUp(_ commands: some Sequence<Command>, ticks: ArraySlice<Int32>) -> Replacement {
        var result = Replacement()
        var factor = 0.0
        for (command, ticks) in zip(commands, ticks) {
            if factor < 1, ticks == 0 {
                result.pass(command)
                continue
            }
            guard factor < 1, let piece = Piece(command, ticks: ticks) else { break }
            result.count += 1
            let rise = drop(of: piece)
            let next = min(1, (factor * factor + rise).squareRoot())
            append(piece, from: factor, to: next, &result)
            factor = next
        }
        result.ramp = result.commands.count
        return result
    }

    /// The factor's square changes evenly with planned time.
    private func append(_ piece: Piece, from first: Double, to last: Double, _ result: inout Replacement) {
        var time = 0.0
        func factor() -> Double {
            (first * first + (last * last - first * first) * min(1, time / piece.ticks)).squareRoot()
        }
        for part in piece.straightParts {
            let before = factor()
            time += part.ticks
            appendStraight(part, from: before, to: factor(), &result)
        }
    }

    private func appendStraight(_ piece: Piece, from first: Double, to last: Double, _ result: inout Replacement) {
        guard piece.steps != (0, 0) else { return }
        // A single fast step would be over before the board has read the next command.
        let stretched = max(Self.shortestTicks, piece.ticks * piece.meanRate / piece.meanRate(from: first, to: last))
        // A board makes a step in each tick but the first at most.
        let least = Double(max(piece.steps.0.magnitude, piece.steps.1.magnitude)) + 1
        let ticks = Int32(max(1, min(Double(AxisMove.longestTicks), max(least, stretched.rounded()))))
        let slope1 = (piece.exit.0 * last - piece.entry.0 * first) / Double(ticks)
        let slope2 = (piece.exit.1 * last - piece.entry.1 * first) / Double(ticks)
        guard hasAcceleratedMoves else {
            let move = StepMove(
                ticks: ticks, steps1: piece.steps.0, steps2: piece.steps.1, acceleration1: slope1, acceleration2: slope2
            )
            for slice in ConstantRateSlices(of: move).slices {
                result.commands.append(slice.command)
                result.ticks.append(slice.ticks)
            }
            return
        }
        result.commands.append(
            .acceleratedMove(
                AxisMove(steps: piece.steps.0, ticks: ticks, acceleration: slope1),
                AxisMove(steps: piece.steps.1, ticks: ticks, acceleration: slope2), clear: 3))
        result.ticks.append(ticks)
    }
}

extension Feed {
    /// Puts retimed commands in the place of planned ones, from command `index` on.
    ///
    /// Step-limited commands clear the phases: a time-limited one that follows them gets its own back.
    private mutating func replace(at index: Int, with new: Retiming.Replacement) {
        var new = new
        let following = index + new.count
        if following < program.commands.count,
            Retiming.entryRate(program.commands[following], ticks: program.ticks[following]) > Retiming.restRate
        {
            new.endAtPhases(of: program.commands[following], ticks: program.ticks[following])
        }
        let range = index..<(index + new.count)
        notePlanned(at: index, count: new.count, newCount: new.commands.count)
        let stroke = program.strokes.indices.contains(index) ? program.strokes[index] : -1
        program.commands.replaceSubrange(range, with: new.commands)
        program.ticks.replaceSubrange(range, with: new.ticks)
        program.strokes.replaceSubrange(range, with: repeatElement(stroke, count: new.commands.count))
        limit = nextStop?.index ?? program.commands.count
        if case .acceleratedMove? = new.commands.last { restorePhases(from: index + new.commands.count) }
    }

    /// Puts what restores the phases before the first motion from `index` on, if that relies on them.
    private mutating func restorePhases(from index: Int) {
        let first = program.commands[index...].firstIndex {
            if case .enableMotors = $0 { true } else { $0.isMotion }
        }
        guard let first else { return }
        let (command, ticks) = (program.commands[first], program.ticks[first])
        guard let restoring = command.restoringPhases(ticks: ticks) else { return }
        replace(
            at: first,
            with: Retiming.Replacement(
                commands: [restoring.command, command], ticks: [restoring.ticks, ticks], count: 1, ramp: 0))
    }

    /// Plans to come to rest as soon as what has been sent is done, and sets the limit there; once is enough.
    mutating func slowDown(_ retiming: Retiming) {
        guard !isSlowing else { return }
        isSlowing = true
        // The pen falls already, timed to the end of a travel: that is where the carriage rests.
        if let end = openDropEnd {
            limit = min(limit, end)
            return
        }
        forgoDropAhead()
        let new = retiming.slowingDown(program.commands[next..<limit], ticks: program.ticks[next..<limit])
        replace(at: next, with: new)
        limit = next + new.ramp
    }

    /// The carriage stands within the next command: only the rest of that is sent.
    mutating func cutNext(_ retiming: Retiming) {
        guard program.commands.indices.contains(next), let start = program.counters(before: next),
            let found = ackedCounters, start != found,
            let new = retiming.remainder(
                of: program.commands[next], ticks: program.ticks[next], from: start, at: found)
        else { return }
        replace(at: next, with: new)
        limit = next
    }

    /// Plans to get from rest at the next command to plan speed, if that command begins faster than a motor can start; what
    /// relies on phases gets them first.
    mutating func speedUp(_ retiming: Retiming) {
        guard next < program.commands.count else { return }
        if Retiming.entryRate(program.commands[next], ticks: program.ticks[next]) > Retiming.restRate {
            forgoDropAhead()
            let new = retiming.speedingUp(program.commands[next...], ticks: program.ticks[next...])
            replace(at: next, with: new)
            return
        }
        restorePhases(from: next)
    }
}

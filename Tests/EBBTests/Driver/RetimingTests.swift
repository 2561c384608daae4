internal import TestSupport
internal import Testing

@testable internal import EBB

/// Planned motion brought to rest at another pace.
struct RetimingTests {
    private static let retiming = Retiming(acceleration: 40_000 / 25_000 / 25_000)

    /// Short straight moves at a speed of their own, as a curve is planned.
    private static func curve(_ generator: inout SeededGenerator) -> (commands: [Command], ticks: [Int32]) {
        var commands: [Command] = []
        var ticks: [Int32] = []
        let rate = 0.05 + 0.25 * generator.unit()
        for _ in 0..<60 {
            let duration = Int32.random(in: 375...3_000, using: &generator)
            let most = Int32(rate * Double(duration))
            let other = Int32.random(in: -most...most, using: &generator)
            let (a, b) = generator.unit() < 0.5 ? (most, other) : (other, most)
            commands.append(
                .acceleratedMove(
                    AxisMove(steps: a, ticks: duration, acceleration: 0),
                    AxisMove(steps: b, ticks: duration, acceleration: 0), clear: 3))
            ticks.append(duration)
        }
        return (commands, ticks)
    }

    private static func steps(_ command: Command) -> MotorPosition { command.counters(after: .zero) ?? .zero }

    /// A curve rests where one of its own commands ends: every step stays where it was, whichever command it comes in.
    @Test(arguments: UInt64(1)...50) func aCurveRestsAtTheEndOfACommand(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (commands, ticks) = Self.curve(&generator)
        let slow = Self.retiming.slowingDown(commands[...], ticks: ticks[...])
        #expect(slow.ramp == slow.count && slow.commands.count == slow.count && slow.count < 40, "seed \(seed)")
        #expect(slow.commands.map(Self.steps) == commands[..<slow.count].map(Self.steps), "seed \(seed)")
        // No later than at full deceleration, but for the command that is carried to its end.
        let planned = ticks[..<slow.count].reduce(0) { $0 + Int($1) }
        let whole = slow.ticks.reduce(0) { $0 + Int($1) }
        #expect(whole >= planned && whole <= 2 * planned + 4_000, "seed \(seed): \(whole) for \(planned)")
    }

    /// A move that bends is retimed in straight parts, which end where the planned move comes by at halves of its time.
    @Test func aBentMoveIsRetimedOnItsPath() {
        let bent = Command.acceleratedMove(
            AxisMove(steps: 500, ticks: 3_000, acceleration: 0),
            AxisMove(steps: -200, ticks: 3_000, acceleration: -4e-5), clear: 3)
        for new in [
            Self.retiming.slowingDown([bent][...], ticks: [3_000][...]),
            Self.retiming.speedingUp([bent][...], ticks: [3_000][...]),
        ] {
            #expect(new.count == 1 && new.ramp == new.commands.count && new.ramp > 1)
            var places = [MotorPosition.zero]
            for command in new.commands { places.append(places[places.count - 1] &+ Self.steps(command)) }
            #expect(places.last == MotorPosition(500, -200))
            // Half the time at an even change of ∓0.06 steps/tick about the mean: 200/2 − 0.06·3000/4 steps.
            #expect(places.contains { $0.motor1 == 250 && abs($0.motor2 + 55) <= 1 }, "\(places)")
        }
    }

    /// One long line is cut where it comes to rest, and nothing of it is lost.
    @Test func aLongLineIsCut() {
        let line = Command.acceleratedMove(
            AxisMove(steps: 8_000, ticks: 30_000, acceleration: 0),
            AxisMove(steps: -2_001, ticks: 30_000, acceleration: 0), clear: 3)
        let slow = Self.retiming.slowingDown([line][...], ticks: [30_000][...])
        #expect(slow.count == 1 && slow.ramp == 1 && slow.commands.count == 2)
        #expect(slow.commands.reduce(MotorPosition.zero) { $0 &+ Self.steps($1) } == Self.steps(line))
        #expect(slow.ticks[0] < 12_000)
    }
    /// Signed rates of both motors at the two ends of a move, steps/s.
    private static func rates(_ command: Command, _ ticks: Int32) -> (entry: [Double], exit: [Double]) {
        guard case .acceleratedMove(let a, let b, _) = command else { return ([0, 0], [0, 0]) }
        let unit = Double(BoardClock.ticksPerSecond) / Double(BoardClock.fullScale)
        let moves = [a, b].map { (sign: $0.steps < 0 ? -unit : unit, move: $0) }
        return (
            moves.map { $0.sign * Double($0.move.rate) },
            moves.map { $0.sign * (Double($0.move.rate) + Double($0.move.acceleration) * Double(ticks)) }
        )
    }

    /// However often a run is slowed down and sped up, its progress counts in commands of the plan, and never too many.
    @Test(arguments: UInt64(1)...20) func progressCountsInThePlan(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let plan = SampleProgram.strokes(8, seed: seed)
        var reached = [MotorPosition.zero]
        for command in plan.commands { reached.append(command.counters(after: reached[reached.count - 1]) ?? .zero) }
        var feed = Feed(program: plan, counters: .zero)
        var (last, pauses) = (0, 0)
        func advance(to limit: Int) {
            while feed.next < limit {
                feed.next += 1
                feed.answered(feed.next - 1)
                feed.retire(to: feed.next)
                let done = feed.plannedDone
                #expect(done >= last && done <= plan.commands.count, "seed \(seed): \(done) after \(last)")
                if done > last { #expect(feed.executedCounters == reached[done], "seed \(seed), command \(done)") }
                last = done
            }
        }
        while feed.next < feed.program.commands.count {
            advance(to: min(feed.program.commands.count, feed.next + Int.random(in: 1...25, using: &generator)))
            guard feed.next < feed.program.commands.count else { break }
            feed.slowDown(Self.retiming)
            advance(to: feed.limit)
            feed.lift()
            feed.speedUp(Self.retiming)
            pauses += 1
        }
        #expect(last == plan.commands.count && pauses > 5, "seed \(seed)")
    }

    /// Where ramps are rows of moves of constant rate, these follow the ramp closely enough.
    @Test(arguments: [(5_000, 3_000), (-3_500, 700), (0, 5_600), (2_400, -2_400)])
    func noMotorJumpsOnAnOldBoard(_ steps1: Int32, _ steps2: Int32) {
        let retiming = Retiming(acceleration: Self.retiming.acceleration, hasAcceleratedMoves: false)
        let plan = (commands: [Command.move(milliseconds: 700, steps1, steps2)], ticks: [Int32(17_500)])
        let slow = retiming.slowingDown(plan.commands[...], ticks: plan.ticks[...])
        let rest = (slow.commands[slow.ramp...], slow.ticks[slow.ramp...])
        let fast = retiming.speedingUp(rest.0, ticks: rest.1)
        #expect(slow.count == 1 && slow.ramp > 4 && fast.count == rest.0.count && fast.commands.count > 4)
        let parts = Array(zip(slow.commands[..<slow.ramp], slow.ticks)) + Array(zip(fast.commands, fast.ticks))
        #expect(parts.reduce(.zero) { $0 &+ Self.steps($1.0) } == MotorPosition(steps1, steps2))
        var last = (Double(steps1) / 0.7, Double(steps2) / 0.7)
        for (index, (command, ticks)) in parts.enumerated() {
            let seconds = Double(ticks) / Double(BoardClock.ticksPerSecond)
            let (steps, jump) = (Self.steps(command), index == slow.ramp ? (0, 0) : last)
            let rates = (Double(steps.motor1) / seconds, Double(steps.motor2) / seconds)
            #expect(abs(rates.0 - jump.0) < 1_000 && abs(rates.1 - jump.1) < 1_000, "part \(index) of \(parts.count)")
            #expect(ticks >= 250)
            last = rates
            if index == slow.ramp - 1 { #expect(abs(last.0) < 1_000 && abs(last.1) < 1_000) }
        }
    }

    /// Wherever a plan is slowed down, and sped up again, no motor changes its rate by more than it can follow.
    @Test(arguments: UInt64(1)...4) func noMotorJumps(_ seed: UInt64) {
        let program = SampleProgram.strokes(12, seed: seed)
        func check(_ new: Retiming.Replacement, _ count: Int, after first: [Double], _ start: Int) {
            var last = first
            for (command, ticks) in zip(new.commands[..<count], new.ticks) {
                let (entry, exit) = Self.rates(command, ticks)
                #expect(zip(last, entry).allSatisfy { abs($0 - $1) < 2_600 }, "seed \(seed), command \(start)")
                last = exit
            }
        }
        for start in program.commands.indices {
            let rest = (program.commands[start...], program.ticks[start...])
            let before = start > 0 ? Self.rates(program.commands[start - 1], program.ticks[start - 1]).exit : [0, 0]
            let slow = Self.retiming.slowingDown(rest.0, ticks: rest.1)
            check(slow, slow.ramp, after: before, start)
            let fast = Self.retiming.speedingUp(rest.0, ticks: rest.1)
            check(fast, fast.commands.count, after: [0, 0], start)
        }
    }
}

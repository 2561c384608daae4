public import EBB

/// Programs that need no drawing: seeded strokes of straight lines, as `plot` would send them.
public struct SampleProgram: Sendable {
    /// Strokes of random polylines near home, each line one trapezoid of `LM` moves.
    ///
    /// - Parameter lines: lines a stroke.
    public static func strokes(_ count: Int, lines: Int = 3, seed: UInt64) -> Program {
        var generator = SeededGenerator(seed: seed)
        var sample = SampleProgram()
        sample.setUp()
        for stroke in 0..<count {
            sample.line(to: sample.place(&generator), stroke: Int32(stroke), rate: 8_000)
            sample.pen(isUp: false, stroke: Int32(stroke))
            for _ in 0..<lines { sample.line(to: sample.place(&generator), stroke: Int32(stroke), rate: 4_000) }
            sample.pen(isUp: true, stroke: Int32(stroke))
        }
        sample.line(to: .zero, stroke: -1, rate: 8_000)
        return Program(commands: sample.commands, ticks: sample.ticks, strokes: sample.strokes)
    }

    /// Steps/s².
    private static let acceleration = 60_000.0

    private var commands: [Command] = []
    private var ticks: [Int32] = []
    private var strokes: [Int32] = []
    private var here = MotorPosition.zero

    private func place(_ generator: inout SeededGenerator) -> MotorPosition {
        // Both motors count x + y and x − y; this keeps x and y between 10 and 60 mm.
        let x = 800 + Int32(generator.unit() * 4_000)
        let y = 800 + Int32(generator.unit() * 4_000)
        return MotorPosition(x + y, x - y)
    }

    private mutating func add(_ command: Command, _ duration: Int32, _ stroke: Int32) {
        commands.append(command)
        ticks.append(duration)
        strokes.append(stroke)
    }

    private mutating func setUp() {
        add(.enableMotors(1, 1), 1, -1)
        add(.configure(4, 20_641), 0, -1)
        add(.configure(5, 15_248), 0, -1)
        add(.configure(11, 1_618), 0, -1)
        add(.configure(12, 1_079), 0, -1)
        pen(isUp: true, stroke: -1)
    }

    private mutating func pen(isUp: Bool, stroke: Int32) {
        add(.pen(isUp: isUp, milliseconds: 140, pin: nil), 140 * 25, stroke)
    }

    /// Speeding up over a third, even, slowing down over a third.
    private mutating func line(to target: MotorPosition, stroke: Int32, rate: Double) {
        let d1 = target.motor1 - here.motor1
        let d2 = target.motor2 - here.motor2
        let longest = Double(max(d1.magnitude, d2.magnitude))
        guard longest > 0 else { return }
        here = target
        // Steps per tick at the top, reached evenly from rest within the first third of the way.
        let second = Double(BoardClock.ticksPerSecond)
        let top = min(rate, (2 * Self.acceleration * longest / 3).squareRoot()) / second
        let thirds = [Self.third(d1), Self.third(d2)]
        for part in 0..<3 {
            let steps = (thirds[0][part], thirds[1][part])
            let most = Double(max(steps.0.magnitude, steps.1.magnitude))
            guard most > 0 else { continue }
            let duration = Int32(min(40_000, max(150, (most / top * (part == 1 ? 1 : 2)).rounded())))
            let sign = [1.0, 0, -1][part]
            let slope = { (steps: Int32) in sign * 2 * Double(steps) / Double(duration) / Double(duration) }
            add(
                .acceleratedMove(
                    AxisMove(steps: steps.0, ticks: duration, acceleration: slope(steps.0)),
                    AxisMove(steps: steps.1, ticks: duration, acceleration: slope(steps.1)), clear: 3), duration, stroke
            )
        }
    }

    private static func third(_ steps: Int32) -> [Int32] {
        let part = steps / 3
        return [part, steps - 2 * part, part]
    }
}

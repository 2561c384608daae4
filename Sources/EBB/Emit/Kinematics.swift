/// Place, velocity and acceleration of a command stream as a board executes it, from the registers of its commands.
public struct Kinematics {
    /// One moment.
    public struct Sample: Equatable, Sendable {
        /// From the beginning of the stream.
        public var tick: Int64
        /// mm, mm/s, mm/s², machine coordinates.
        public var place: SIMD2<Double>
        public var velocity: SIMD2<Double>
        public var acceleration: SIMD2<Double>
        public var isPenDown: Bool

        public var speed: Double { (velocity * velocity).sum().squareRoot() }
        public var accelerationMagnitude: Double { (acceleration * acceleration).sum().squareRoot() }
    }

    private let stepsPerMillimetre: Double

    /// - Parameter stepsPerMillimetre: microsteps of a motor for 1 mm of x + y.
    public init(stepsPerMillimetre: Double) { self.stepsPerMillimetre = stepsPerMillimetre }

    /// Hands out the samples of a stream in order: both ends of every command that takes time, and between them every
    /// `period` ticks. At a common end of two commands there are two samples of one tick; what only takes the tick in which a
    /// board reads it, as an order to the pen, has none.
    ///
    /// - Complexity: O(commands + ticks / period).
    public func run(_ stream: CommandStream, period: Int32, _ body: (Sample) throws -> Void) rethrows {
        precondition(period > 0, "a positive period")
        var counters = MotorPosition.zero
        var isPenDown = false
        var tick: Int64 = 0
        for (command, ticks) in zip(stream.commands, stream.ticks) {
            if case .pen(let isUp, _, _) = command, !isUp { isPenDown = true }
            defer {
                counters = command.counters(after: counters) ?? counters
                tick += Int64(ticks)
                if case .pen(let isUp, _, _) = command, isUp { isPenDown = false }
            }
            let courses = command.centresPhases ? nil : command.courses(ticks: ticks)
            guard ticks > 1 || courses != nil else { continue }
            var t: Int32 = 0
            while true {
                try body(sample(at: t, of: ticks, command, courses, counters, tick, isPenDown))
                if t == ticks { break }
                t = min(ticks, t + period)
            }
        }
    }

    private func sample(
        at t: Int32, of ticks: Int32, _ command: Command, _ courses: (Course, Course)?, _ counters: MotorPosition,
        _ tick: Int64, _ isPenDown: Bool
    ) -> Sample {
        var place = SIMD2(Double(counters.motor1), Double(counters.motor2))
        var (rate, change) = (SIMD2(0.0, 0), SIMD2(0.0, 0))
        if let (a, b) = courses {
            place += SIMD2(a.place(after: Int64(t)), b.place(after: Int64(t)))
            rate = SIMD2(a.rate(after: Int64(t)), b.rate(after: Int64(t)))
            change = SIMD2(a.acceleration(after: Int64(t)), b.acceleration(after: Int64(t)))
        } else if case .move(_, let steps1, let steps2) = command {
            rate = SIMD2(Double(steps1), Double(steps2)) / Double(ticks)
            place += rate * Double(t)
        }
        let second = Double(BoardClock.ticksPerSecond)
        return Sample(
            tick: tick + Int64(t), place: plane(place), velocity: plane(rate) * second,
            acceleration: plane(change) * (second * second), isPenDown: isPenDown)
    }

    private func plane(_ motors: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2(motors.x + motors.y, motors.x - motors.y) / (2 * stepsPerMillimetre)
    }
}

extension Command {
    /// Whether it brings the phases of a board that was set up to their middle, which is no motion.
    fileprivate var centresPhases: Bool {
        guard case .timedMove(_, let a, let b, _) = self else { return false }
        return a.steps == 0 && b.steps == 0 && a.phase == 0 && b.phase == 0
    }
}

extension Command {
    /// What a command does to the board's step counters.
    enum CounterEffect: Equatable {
        case none
        case moves(MotorPosition)
        case zeroes
        /// Absolute.
        case set(MotorPosition)
        /// Depends on what the accumulators held.
        case unknown
    }

    var counterEffect: CounterEffect {
        switch self {
        case .move(_, let steps1, let steps2): .moves(MotorPosition(steps1, steps2))
        case .acceleratedMove(let a, let b, _): .moves(MotorPosition(a.steps, b.steps))
        case .home(_, let steps1, let steps2): .set(MotorPosition(steps1, steps2))
        case .enableMotors, .clearSteps: .zeroes
        case .timedMove(_, let a, let b, _): .moves(MotorPosition(a.steps, b.steps))
        case .raw: .unknown
        case .pen, .configure, .servoTimeout, .setUp, .setVariable, .emergencyStop: .none
        }
    }

    /// Counters after the command, if they were `before`.
    func counters(after before: MotorPosition?) -> MotorPosition? {
        switch counterEffect {
        case .none: before
        case .moves(let steps): before.map { $0 &+ steps }
        case .zeroes: .zero
        case .set(let position): position
        case .unknown: nil
        }
    }

    /// Whether the command moves the carriage.
    var isMotion: Bool {
        switch self {
        case .move(_, let steps1, let steps2): steps1 != 0 || steps2 != 0
        case .acceleratedMove, .timedMove, .home: true
        case .enableMotors, .pen, .configure, .servoTimeout, .setUp, .setVariable, .emergencyStop, .clearSteps, .raw:
            false
        }
    }

    /// Where it puts the pen; nil = it is no pen move.
    public var penIsUp: Bool? {
        if case .pen(let isUp, _, _) = self { isUp } else { nil }
    }

    /// A pen-down that waits for nothing, because the carriage still travels: another follows where it arrives.
    var isEarlyDrop: Bool {
        if case .pen(false, 0, _) = self { true } else { false }
    }

    /// Whether a stroke begins: the pen goes down where the carriage rests.
    public var beginsStroke: Bool { penIsUp == false && !isEarlyDrop }
}

/// Both motors' step counters as `QS` tells them.
public struct MotorPosition: Hashable, Sendable, CustomStringConvertible {
    public var motor1: Int32
    public var motor2: Int32

    public init(_ motor1: Int32, _ motor2: Int32) {
        self.motor1 = motor1
        self.motor2 = motor2
    }

    /// Reads `1421,-429`; nil when it is anything else.
    init?(reply: String) {
        let fields = reply.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 2, let first = Int32(fields[0]), let second = Int32(fields[1]) else { return nil }
        self.init(first, second)
    }

    public static let zero = MotorPosition(0, 0)
    public var description: String { "\(motor1),\(motor2)" }

    static func &+ (a: Self, b: Self) -> Self { Self(a.motor1 &+ b.motor1, a.motor2 &+ b.motor2) }
    static func &- (a: Self, b: Self) -> Self { Self(a.motor1 &- b.motor1, a.motor2 &- b.motor2) }
}

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
        case .timedMove, .raw: .unknown
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

    var penIsUp: Bool? {
        if case .pen(let isUp, _, _) = self { isUp } else { nil }
    }
}

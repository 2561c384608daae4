/// One axis of a step-limited move with acceleration.
public struct AxisMove: Hashable, Sendable {
    /// Rate register at the start, per tick.
    public var rate: Int32
    /// Motor steps; the sign is the direction.
    public var steps: Int32
    /// Change of the rate register per tick.
    public var acceleration: Int32

    public init(rate: Int32, steps: Int32, acceleration: Int32) {
        self.rate = rate
        self.steps = steps
        self.acceleration = acceleration
    }
}

/// One axis of a time-limited move.
///
/// 16 bytes: plots of millions of commands are held in memory.
public struct AxisRate: Hashable, Sendable {
    /// Rate register at the start, per tick; the sign is the direction.
    public var rate: Int32
    /// Change of the rate register per tick; before 3.0 of its magnitude.
    public var acceleration: Int32
    /// Motor steps that it makes when it finds `phase`. Neither is sent: what a time-limited move does depends on them.
    public var steps: Int32 {
        get { Int32(heldSteps) }
        set { heldSteps = Int16(clamping: newValue) }
    }
    public var phase: Int32
    private var heldSteps: Int16
    /// Change of the acceleration per tick; from 3.0 on.
    public var jerk: Int16

    /// - Parameter steps: at most one a tick, so within 16 bits in what lasts up to a second.
    public init(rate: Int32, acceleration: Int32, jerk: Int16 = 0, steps: Int32 = 0, phase: Int32 = 0) {
        self.rate = rate
        self.acceleration = acceleration
        self.jerk = jerk
        self.phase = phase
        heldSteps = Int16(clamping: steps)
    }
}

/// A command that we send; names and parameters as in the maker's command reference.
public enum Command: Hashable, Sendable {
    /// `EM`: 0 off, 1…5 = 1/16 … full step for both; second ≠ 0 enables motor 2.
    case enableMotors(UInt8, UInt8)
    /// `SM`: constant rate; both steps 0 is a pause.
    case move(milliseconds: UInt32, Int32, Int32)
    /// `LM`; clear bit 0 axis 1, bit 1 axis 2.
    case acceleratedMove(AxisMove, AxisMove, clear: UInt8)
    /// `LT`, or `T3` where a motor's acceleration changes.
    case timedMove(ticks: UInt32, AxisRate, AxisRate, clear: UInt8)
    /// `HM` to absolute motor positions.
    case home(rate: UInt32, Int32, Int32)
    /// `SP`: up or down, wait in ms counted from the start of the servo move; pin nil = the board's default.
    case pen(isUp: Bool, milliseconds: UInt16, pin: UInt8?)
    /// `SC`.
    case configure(ServoRegister, UInt16)
    /// `SR`: servo power time-out in ms.
    case servoTimeout(milliseconds: UInt32)
    /// `CU`.
    case setUp(BoardSetting, Int16)
    /// `SL`.
    case setVariable(UInt8, index: UInt8)
    /// `ES`.
    case emergencyStop(disablesMotors: Bool)
    /// `CS`.
    case clearSteps
    /// Any command by its text, without line end: queries, and what a person types.
    case raw(String)
}

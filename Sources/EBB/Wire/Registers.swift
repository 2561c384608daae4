/// Registers that `SC` sets: pen and servo.
public struct ServoRegister: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    public var rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public init(integerLiteral value: UInt8) { rawValue = value }

    /// Pulse of the raised pen, 1/12 µs.
    public static let penUp: Self = 4
    /// Pulse of the lowered pen, 1/12 µs.
    public static let penDown: Self = 5
    /// Number of servo channels, which sets the output period.
    public static let channels: Self = 8
    /// Change of the pulse per output period while the pen rises.
    public static let raiseRate: Self = 11
    /// The same while it is lowered.
    public static let lowerRate: Self = 12
}

/// Settings of the board that `CU` makes.
public struct BoardSetting: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    public var rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public init(integerLiteral value: UInt8) { rawValue = value }

    /// Commands that the queue holds, 1…32; waits until the board is idle.
    public static let queueDepth: Self = 4
    /// 1 = every reply names its command.
    public static let futureSyntax: Self = 10
    /// 1 = every command carries a checksum.
    public static let checksum: Self = 54
    /// Reading of the motor supply below which the board notes that power was lost.
    public static let powerLostThreshold: Self = 60
}

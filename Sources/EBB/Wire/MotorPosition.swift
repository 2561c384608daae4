/// Both motors' step counters as `QS` tells them.
public struct MotorPosition: Hashable, Sendable, CustomStringConvertible {
    public var motor1: Int32
    public var motor2: Int32

    public init(_ motor1: Int32, _ motor2: Int32) {
        self.motor1 = motor1
        self.motor2 = motor2
    }

    public static let zero = MotorPosition(0, 0)
    public var description: String { "\(motor1),\(motor2)" }

    static func &+ (a: Self, b: Self) -> Self { Self(a.motor1 &+ b.motor1, a.motor2 &+ b.motor2) }
    static func &- (a: Self, b: Self) -> Self { Self(a.motor1 &- b.motor1, a.motor2 &- b.motor2) }
}

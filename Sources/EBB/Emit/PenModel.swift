public import Motion

/// Times and register values of the pen's servo, from the profile and what the user fixed.
///
/// - Source: docs/board.md §5.
public struct PenModel: Equatable, Sendable {
    /// Servo pulses in units of 1/12 µs.
    public var upPulse: UInt16
    public var downPulse: UInt16
    /// `SC,11` and `SC,12`: change of the pulse per output period.
    public var raiseRegister: UInt16
    public var lowerRegister: UInt16
    /// How long its moves take.
    public var times: PenTimes

    /// - Parameter downHeight: overrides the profile's, %, as a layer's `+H` does.
    public init(profile: MachineProfile, options: PlotOptions, downHeight: Double? = nil) {
        let servo = profile.servo
        let up = profile.penUpHeight
        let down = downHeight ?? profile.penDownHeight
        upPulse = Self.pulse(up, servo)
        downPulse = Self.pulse(down, servo)
        raiseRegister = Self.register(servo.raiseRate, servo)
        lowerRegister = Self.register(servo.lowerRate, servo)
        times = PenTimes(profile: profile, options: options, downHeight: downHeight)
    }

    private static func pulse(_ percent: Double, _ servo: MachineProfile.Servo) -> UInt16 {
        let range = Double(servo.highestPulse - servo.lowestPulse)
        return unsigned(Double(servo.lowestPulse) + percent / 100 * range)
    }

    private static func register(_ rate: Double, _ servo: MachineProfile.Servo) -> UInt16 {
        let range = Double(servo.highestPulse - servo.lowestPulse).magnitude
        let period = Double(servo.channels) * 3
        return max(1, unsigned(rate / 100 * range * period / servo.sweepMilliseconds))
    }

    private static func unsigned(_ value: Double) -> UInt16 {
        value.isFinite ? UInt16(max(0, min(65_535, value.rounded()))) : 0
    }
}

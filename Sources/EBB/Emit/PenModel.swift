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
    /// How long a whole lift or drop is waited for, ms.
    public var liftMilliseconds: UInt16
    public var dropMilliseconds: UInt16
    /// After how long a rising pen is surely off the paper, so that travel may begin; at most the whole lift.
    public var liftOffMilliseconds: UInt16
    /// How long the servo itself takes for it, ms.
    public var liftSweepMilliseconds: Double
    public var dropSweepMilliseconds: Double

    /// - Parameter downHeight: overrides the profile's, %, as a layer's `+H` does.
    public init(profile: MachineProfile, options: PlotOptions, downHeight: Double? = nil) {
        let servo = profile.servo
        let up = profile.penUpHeight
        let down = downHeight ?? profile.penDownHeight
        upPulse = Self.pulse(up, servo)
        downPulse = Self.pulse(down, servo)
        raiseRegister = Self.register(servo.raiseRate, servo)
        lowerRegister = Self.register(servo.lowerRate, servo)
        let travel = (up - down).magnitude
        liftSweepMilliseconds = Self.moveTime(travel, rate: servo.raiseRate, servo)
        dropSweepMilliseconds = Self.moveTime(travel, rate: servo.lowerRate, servo)
        liftMilliseconds = Self.milliseconds(options.liftTime.map { $0 * 1000 } ?? liftSweepMilliseconds)
        dropMilliseconds = Self.milliseconds(options.dropTime.map { $0 * 1000 } ?? dropSweepMilliseconds)
        // The servo moves at an even speed; who fixes a longer time than the model has a slower one.
        let share = (profile.paperHeight + Self.clearance - down) / max(1, up - down)
        let sweep = max(liftSweepMilliseconds, Double(liftMilliseconds)) * max(0, min(1, share))
        liftOffMilliseconds = min(liftMilliseconds, Self.milliseconds(sweep.rounded(.up)))
    }

    /// How far above the paper a pen counts as off it, %: some two millimetres.
    private static let clearance = 8.0

    /// The maker's estimate of a servo move over `travel` % at `rate` %, whole ms.
    static func moveTime(_ travel: Double, rate: Double, _ servo: MachineProfile.Servo) -> Double {
        guard travel >= 0.9, rate > 0 else { return 0 }
        let slow = servo.millisecondsPerPercent * travel + servo.minimumMilliseconds
        let sweep = servo.sweepMilliseconds * travel / rate
        return (slow * slow * slow * slow + sweep * sweep * sweep * sweep).squareRoot().squareRoot().rounded(.down)
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

    private static func milliseconds(_ value: Double) -> UInt16 { unsigned(value) }

    private static func unsigned(_ value: Double) -> UInt16 {
        value.isFinite ? UInt16(max(0, min(65_535, value.rounded()))) : 0
    }
}

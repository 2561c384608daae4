internal import EBB
internal import Motion

/// Moves of a connected board outside a plot: slow enough to start and stop without a ramp.
struct Hand: Sendable {
    let driver: Driver
    /// Port B pin of the pen's servo; nil = the board's default.
    let penPin: UInt8?
    let stepsPerMillimetre: Double
    /// Argument of `EM`.
    let motorMode: UInt8

    init(driver: Driver, penPin: UInt8?, profile: MachineProfile) {
        self.driver = driver
        self.penPin = penPin
        stepsPerMillimetre = profile.stepsPerMillimetre
        motorMode = UInt8(clamping: profile.microstepMode)
    }

    /// Steps per second of the faster motor.
    private static let stepRate = 2_400.0
    /// How long a pen move may take, ms.
    static let penMilliseconds: UInt16 = 300

    func pen(isUp: Bool, milliseconds: UInt16 = Self.penMilliseconds) async throws(DriverError) {
        _ = try await driver.ask(.pen(isUp: isUp, milliseconds: milliseconds, pin: penPin))
    }

    /// Carries out a move; returns when it stands.
    func carry(out move: HandMove) async throws(DriverError) {
        if move == .cycle {
            try await pen(isUp: false)
            return try await pen(isUp: true)
        }
        try await engage()
        try await go(move)
    }

    /// Goes somewhere with the pen up, the motors being on; returns when the carriage stands.
    func go(_ move: HandMove) async throws(DriverError) {
        let place = try await place()
        let way: (x: Double, y: Double)
        switch move {
        case .home: way = (-place.x, -place.y)
        case .walk(let x, let y): way = (x, y)
        case .to(let x, let y): way = (x - place.x, y - place.y)
        case .cycle, .engage, .around: return
        }
        guard max(abs(way.x), abs(way.y)) * stepsPerMillimetre >= 0.5 else { return }
        try await pen(isUp: true)
        try await drive(x: way.x, y: way.y)
    }

    /// Switches the motors on if they are not, which zeroes the counters: a plot that was cut off stands nowhere then.
    func engage() async throws(DriverError) {
        switch try await driver.areMotorsOn() {
        case true?: return
        // A board that cannot tell: switching off zeroes the counters too, so they are on if something has been counted.
        case nil where try await place() != Point(0, 0): return
        default: break
        }
        _ = try await driver.ask(.enableMotors(motorMode, motorMode))
        try await driver.forgetSession()
    }

    /// Where the carriage is by the counters, mm from where the motors were switched on.
    func place() async throws(DriverError) -> Point {
        let place = try await driver.ask(.counters)
        // Motor 1 runs along x + y, motor 2 along x − y.
        return Point(
            (Double(place.motor1) + Double(place.motor2)) / 2 / stepsPerMillimetre,
            (Double(place.motor1) - Double(place.motor2)) / 2 / stepsPerMillimetre)
    }

    /// So many mm along a straight line, the pen as it is; returns when the carriage stands.
    func drive(x: Double, y: Double) async throws(DriverError) {
        let steps = (((x + y) * stepsPerMillimetre).rounded(), ((x - y) * stepsPerMillimetre).rounded())
        let longest = max(abs(steps.0), abs(steps.1))
        guard longest >= 1, longest < 1e7 else { return }
        let milliseconds = UInt32(max(20, longest / Self.stepRate * 1000))
        _ = try await driver.ask(.move(milliseconds: milliseconds, Int32(steps.0), Int32(steps.1)))
        _ = try await driver.standstill(after: Int64(milliseconds) * Int64(BoardClock.ticksPerSecond) / 1000)
    }
}

/// A plotter as plain numbers: travel, resolution, servo, limits. Sources: the tables of the
/// maker's public driver; of the servo, docs/board.md §5.
public struct MachineProfile: Equatable, Sendable {
    /// How the pen is lifted.
    public struct Servo: Equatable, Sendable {
        public enum Kind: String, Sendable { case standard, brushless }

        public var kind: Kind
        /// Pulse at 0 %, in units of 1/12 µs.
        public var lowestPulse: Int
        /// Pulse at 100 %; below `lowestPulse` where the servo is mounted reversed.
        public var highestPulse: Int
        /// Time of a sweep over 100 % at rate 100, ms.
        public var sweepMilliseconds: Double
        /// Shortest move, ms.
        public var minimumMilliseconds: Double
        /// Extra ms per % of travel.
        public var millisecondsPerPercent: Double
        /// PortB pin of `SP`; nil = the board's default (RB1).
        public var pin: Int?
        /// Channels of `SC,8`; the output period is 3 ms each.
        public var channels: Int
        /// Raise and lower rates in %.
        public var raiseRate: Double
        public var lowerRate: Double

        public static let standard = Servo(
            kind: .standard, lowestPulse: 9855, highestPulse: 27831, sweepMilliseconds: 200, minimumMilliseconds: 45,
            millisecondsPerPercent: 2.69, pin: nil, channels: 8, raiseRate: 75, lowerRate: 50)
        public static let brushless = Servo(
            kind: .brushless, lowestPulse: 5400, highestPulse: 12600, sweepMilliseconds: 70, minimumMilliseconds: 20,
            millisecondsPerPercent: 1.28, pin: 2, channels: 1, raiseRate: 75, lowerRate: 50)
    }

    /// Limits of motion with the pen up or down, mm/s and mm/s².
    public struct Limits: Equatable, Sendable {
        public var speed: Double
        public var acceleration: Double

        public init(speed: Double, acceleration: Double) {
            self.speed = speed
            self.acceleration = acceleration
        }
    }

    public var name: String
    /// Reach of the carriage from home, mm.
    public var travel: Size
    /// Microsteps per mm of x + y at `microstepMode`; 80 at 1/16.
    public var stepsPerMillimetre: Double
    /// First parameter of `EM`: 1 = 1/16 … 5 = full step.
    public var microstepMode: Int
    /// Highest step rate of one motor, steps/s.
    public var maximumStepRate: Double
    public var penDown: Limits
    public var penUp: Limits
    /// How far a corner is imagined rounded (`--motion junction`), mm.
    public var junctionDeviation: Double
    /// Heights in %.
    public var penUpHeight: Double
    public var penDownHeight: Double
    /// Where the pen meets the paper, % of the servo's range; decides how early travel may begin after a stroke.
    public var paperHeight: Double
    /// Seven above the maker's lowered pen.
    public static let standardPaperHeight = 37.0
    /// How far above the paper a pen counts as off it for motion beside a lift or drop, % of the servo's range: some two
    /// millimetres.
    public var paperClearance = 8.0
    public var servo: Servo
    /// Measured times after which the pen is off the paper, or on it, s; nil = the servo model.
    public var liftTime: Double?
    public var dropTime: Double?
    /// What the carriage lags behind its motors along x and y after an axis has turned, mm; 0 = nothing is done about it.
    public var backlash = Size(width: 0, height: 0)

    /// Full speed of the machine (100 % of the maker's scale), for `+S` codes, mm/s.
    public var fullSpeed: Double

    public init(
        name: String, travel: Size, stepsPerMillimetre: Double = 80, microstepMode: Int = 1,
        maximumStepRate: Double = 24_995, penDown: Limits = Limits(speed: 50.2, acceleration: 762),
        penUp: Limits = Limits(speed: 150.6, acceleration: 1143), junctionDeviation: Double = 0.0508,
        penUpHeight: Double = 60, penDownHeight: Double = 30, paperHeight: Double = standardPaperHeight,
        servo: Servo = .standard, fullSpeed: Double = 200.8
    ) {
        self.name = name
        self.travel = travel
        self.stepsPerMillimetre = stepsPerMillimetre
        self.microstepMode = microstepMode
        self.maximumStepRate = maximumStepRate
        self.penDown = penDown
        self.penUp = penUp
        self.junctionDeviation = junctionDeviation
        self.penUpHeight = penUpHeight
        self.penDownHeight = penDownHeight
        self.paperHeight = paperHeight
        self.servo = servo
        self.fullSpeed = fullSpeed
    }

    /// Every model by the name that `--profile` takes.
    public static let builtIn: [MachineProfile] = [
        MachineProfile(name: "axidraw-v3", travel: Size(width: 300, height: 218)),
        MachineProfile(name: "axidraw-se-a4", travel: Size(width: 300, height: 218)),
        MachineProfile(name: "axidraw-v3-a3", travel: Size(width: 430, height: 297)),
        MachineProfile(name: "axidraw-se-a3", travel: Size(width: 430, height: 297)),
        MachineProfile(name: "axidraw-v3-xlx", travel: Size(width: 595, height: 218)),
        MachineProfile(name: "axidraw-minikit", travel: Size(width: 160, height: 101.6)),
        MachineProfile(name: "axidraw-se-a1", travel: Size(width: 864, height: 594)),
        MachineProfile(name: "axidraw-se-a2", travel: Size(width: 594, height: 432)),
        MachineProfile(name: "axidraw-v3-b6", travel: Size(width: 190, height: 140)),
        MachineProfile(
            name: "nextdraw-8511", travel: Size(width: 300, height: 218), penDownHeight: 40, paperHeight: 47,
            servo: .brushless),
        MachineProfile(
            name: "nextdraw-1117", travel: Size(width: 430, height: 297), penDownHeight: 40, paperHeight: 47,
            servo: .brushless),
        MachineProfile(
            name: "nextdraw-2234", travel: Size(width: 864, height: 594), penDownHeight: 40, paperHeight: 47,
            servo: .brushless),
    ]
}

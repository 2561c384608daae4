internal import EBB

/// What `CU`, `SC`, `SR` and the like set; everything here is lost by a reset.
struct Settings: Sendable {
    // CU
    var acknowledges = true
    var checksLimits = true
    var showsEmptyQueue = false
    var queueDepth = 1
    var usesFutureSyntax = false
    var enablesMotors = true
    var limitMask: UInt8 = 0
    var limitTarget: UInt8 = 0
    var reportsLimit = false
    var needsChecksum = false
    var supplyThreshold = 0
    var motorTimeoutSeconds = 0

    // SC
    var penDevice: UInt16 = 2
    var penUpPulse: UInt16 = 22_565
    var penDownPulse: UInt16 = 15_302
    var servoChannels: UInt16 = 8
    var servoSlotMilliseconds: UInt16 = 3
    var raiseRate: UInt16 = 400
    var lowerRate: UInt16 = 400
    var watchesPauseInput = true

    // SR
    var servoTimeoutMilliseconds: UInt32 = 60_000
    /// Servo power ends at this tick; 0 = off, `Int64.max` = for ever.
    var servoPowerEnd: Int64 = 0

    var variables = [UInt8](repeating: 0, count: 32)
    var nodeCount: UInt32 = 0
    /// Levels driven or read, ports A…E, as a free board reads them.
    var ports: [UInt8] = [128, 255, 130, 0, 7]
    var directions: [UInt8] = [255, 255, 255, 255, 255]
    /// Analogue channels listed by `A`; 0 and 11 serve `QC`.
    var analogChannels: UInt16 = 0x0801
    var outputPower: UInt16 = 0

    init(firmware: FirmwareVersion) {
        if firmware < FirmwareVersion(2, 6, 3) { servoTimeoutMilliseconds = 0 }
    }

    /// Rate of the servo signal in pulse units per ms; nil = jump.
    func pulsesPerMillisecond(_ rate: UInt16) -> Double? {
        let period = Double(max(1, servoChannels)) * Double(max(1, servoSlotMilliseconds))
        return rate == 0 ? nil : Double(rate) / period
    }
}

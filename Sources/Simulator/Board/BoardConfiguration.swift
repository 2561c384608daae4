public import EBB

/// What a virtual board is made of; everything has the value of an AxiDraw V3 fresh from the box.
public struct BoardConfiguration: Sendable {
    /// Firmware family and what it lacks: 2.5.0 … 3.0.3.
    public var firmware: FirmwareVersion
    /// Nickname in flash, at most 16 ASCII characters.
    public var name: String
    /// Reach of the carriage in mm.
    public var travelX = 300.0
    public var travelY = 218.0
    /// Steps of 1/16 per mm along x or y.
    public var stepsPerMillimetre = 80.0
    /// Play in the belts, mm along x and y: so far the carriage stands still after its motor has turned.
    public var backlashX = 0.0
    public var backlashY = 0.0
    /// Servo pulse at which the pen meets the paper; nil = 16,500 on RB1 and 8,000 on RB2.
    public var paperHeight: Int?
    /// Whether `trace` is filled.
    public var keepsTrace = true
    /// Whether finished commands are kept for `takeRecords()`.
    public var keepsRecords = false
    /// Queued commands start in the tick in which the one before ended, even if they came later: no starving.
    /// A plain board needs one idle tick to notice a command that finds the queue empty.
    public var isBackToBack = false
    /// Treat every line as a USB packet of its own. False: each `receive` is one transfer, cut every 64 bytes, which
    /// matters on 2.x, where an error silences what follows in the same packet.
    public var isOneCommandPerPacket = true
    /// 10-bit reading of the motor supply (`QC`, second value); 300 ≈ 9 V.
    public var supplyCounts = 300
    /// 10-bit reading of the motor current reference (`QC`, first value).
    public var currentCounts = 394

    public init(firmware: FirmwareVersion = .v303, name: String = "") {
        self.firmware = firmware
        self.name = name
    }
}

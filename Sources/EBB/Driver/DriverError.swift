/// Why a board could not be used.
public enum DriverError: Error, Equatable, Sendable {
    case link(LinkError)
    /// Nothing on this port answers as an EBB does.
    case notAnEBB(answer: String)
    /// The firmware is older than any we can drive.
    case tooOld(FirmwareVersion)
    /// The board refused a command.
    case refused(command: String, answer: String)
    /// The board's answer makes no sense.
    case unexpected(command: String, answer: String)
    case motorPowerOff(volts: Double)
    /// Another board answers than the one that was there; the name if it was asked for.
    case otherBoard(name: String?, firmware: FirmwareVersion)
    /// A run is under way.
    case busy
    /// Stop or cancel came first.
    case halted
}

/// What a board said about itself when it was connected.
public struct BoardIdentity: Equatable, Sendable {
    public var firmware: FirmwareVersion
    /// Nickname; empty when none is set.
    public var name: String
    /// 10-bit reading of the motor supply.
    public var supplyCounts: Int
    /// Commands that may wait behind the running one.
    public var queueDepth: Int
    /// The board carried this driver's session mark: it has not been reset since that driver set it up.
    public var keptSession: Bool

    /// Supply of the motors by the board's own measure (boards from v2.3 on).
    public var motorVolts: Double { SupplyReading(counts: supplyCounts).volts }
}

/// Why a board could not be used.
public enum DriverError: Error, Equatable, Sendable {
    case link(LinkError)
    /// Nothing on this port answers as an EBB does.
    case notAnEBB(answer: String)
    /// The firmware is older than any we can drive.
    case tooOld(FirmwareVersion)
    /// The board refused a command.
    case refused(command: String, answer: String)
    case motorPowerOff(volts: Double)
}

/// What a board said about itself when it was connected.
public struct BoardIdentity: Equatable, Sendable {
    public var firmware: FirmwareVersion
    /// Nickname; empty when none is set.
    public var name: String
    /// Supply of the motors by the board's own measure.
    public var motorVolts: Double
    /// Commands that may wait behind the running one.
    public var queueDepth: Int
}

/// Drives one board over one transport, on a Dispatch queue of its own.
public actor Driver {
    private let transport: any Transport

    public init(transport: any Transport) { self.transport = transport }

    /// Opens the link, finds out what the board is, and sets the link up (queue depth, reply syntax).
    public func connect() async throws(DriverError) -> BoardIdentity { throw .link(.absent(name: "")) }

    /// Sends one command and gives the lines it answers, without line ends.
    public func ask(_ command: Command) async throws(DriverError) -> String { throw .link(.absent(name: "")) }

    /// Ends the link; the board is left as it is.
    public func close() {}
}

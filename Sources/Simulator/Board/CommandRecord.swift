/// One command that is over, as `--trace` lists it.
public struct CommandRecord: Hashable, Sendable {
    /// Counted from 0 since the board was switched on.
    public var index: Int
    /// Tick at which the parser took it.
    public var tick: Int64
    /// Its bytes without line end.
    public var command: [UInt8]
    /// Bytes answered to it, line ends included.
    public var reply: [UInt8]
    /// Tick after which it ran, and for how many; 0 ticks for one that did not pass the queue.
    public var startTick: Int64
    public var ticks: Int64
    /// Counters, as `QS` tells them, when it was over.
    public var motor1: Int32
    public var motor2: Int32
    public var penUp: Bool
}

/// What happens to the USB connection by the board's own doing.
public enum BoardEvent: Hashable, Sendable {
    /// `RB`: the board dropped off the bus at this tick and comes back as after power-on.
    case reenumerated(tick: Int64)
    /// `BL`: the board is gone until it is unplugged.
    case enteredBootloader(tick: Int64)
}

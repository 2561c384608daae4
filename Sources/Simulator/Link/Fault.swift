/// One thing that can go wrong between a host and its board.
public enum Fault: Hashable, Sendable {
    /// Which way bytes travel.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        case toHost = "to-host"
        case toBoard = "to-board"
    }

    /// What the board sends next arrives this many ticks late, and everything after it not before.
    case delay(ticks: Int64)
    /// What the board sends next arrives in pieces of this many bytes, one millisecond apart.
    case split(bytes: Int)
    /// What the board sends within so many ticks arrives as one read at their end.
    case join(ticks: Int64)
    /// What the board sends within so many ticks is lost.
    case silence(ticks: Int64)
    /// What the host sends within so many ticks is lost.
    case deafness(ticks: Int64)
    /// The host receives so many random bytes.
    case garbage(bytes: Int)
    /// The host receives these bytes, which the board never sent.
    case say([UInt8])
    /// The next bytes are lost.
    case lose(bytes: Int, Direction)
    /// The next bytes arrive twice.
    case double(bytes: Int, Direction)
    /// One random bit of each of the next bytes is turned over.
    case flip(bytes: Int, Direction)
    /// The cable is out for so many ticks; nil = for good. With a reset the board loses its power meanwhile.
    case unplug(ticks: Int64?, resets: Bool)
    /// Supply of the motors, in ADC counts of `QC`; 0 = none.
    case supply(counts: Int)
    /// The PRG button is pressed so many times.
    case press(times: Int)
}

/// When a fault happens.
public enum FaultTrigger: Hashable, Sendable {
    /// As soon as the rule is known.
    case now
    /// At a tick of board time.
    case at(tick: Int64)
    /// When the first byte of these commands arrives, counted from 0: they feel it themselves.
    case commands(ClosedRange<Int>)
    /// When the board sends its first byte after it has all of these commands: done, but not yet heard of.
    case replies(ClosedRange<Int>)
    /// At every n-th command, the first being number n − 1.
    case every(Int)
    /// At each command with this probability.
    case random(Double)
}

/// A fault and when it happens.
public struct FaultRule: Hashable, Sendable {
    public var trigger: FaultTrigger
    public var fault: Fault

    public init(_ trigger: FaultTrigger, _ fault: Fault) {
        self.trigger = trigger
        self.fault = fault
    }
}

/// What the owner of board and link has to do for the injector.
public enum FaultAction: Hashable, Sendable {
    /// Pull the cable.
    case unplug
    /// Put it back, after the board was without power if it resets.
    case replug(resets: Bool)
    case supply(counts: Int)
    case pressButton
}

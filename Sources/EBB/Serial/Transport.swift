/// Why a link could not be opened or went away.
public enum LinkError: Error, Hashable, Sendable {
    /// `open` failed; the code is an errno.
    case openFailed(path: String, code: Int32)
    /// There is no such board at present.
    case absent(name: String)
    /// A system call failed on an open link; 0 = end of file.
    case lost(call: String, code: Int32)
    /// The board has not answered in time.
    case timedOut(waitingFor: String)
    /// What answers is another board than the one that was there.
    case otherBoard(name: String, firmware: String)

    var isOtherBoard: Bool { if case .otherBoard = self { true } else { false } }
}

/// What a link tells its driver.
public enum TransportEvent: Sendable {
    case received([UInt8])
    /// The time asked for by `wake(at:)` has come.
    case woke
    /// Nothing more comes until the link is opened again.
    case lost(LinkError)
}

/// A carrier of bytes with a clock: a serial port, or a virtual board in the same process.
///
/// All functions are called on the executor's queue given to `open`; events arrive there too. Nothing here blocks.
public protocol Transport: AnyObject, Sendable {
    /// Time on the link's clock in ticks of 40 µs: real for a port, simulated for a virtual board. Never goes back.
    var now: Int64 { get }

    /// Opens, or opens again after a loss.
    func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError)

    /// Sends bytes in order, keeping what the carrier does not take at once; a failure is reported as `lost`.
    func write(_ bytes: [UInt8])

    /// Asks for one `woke` at a time; a later call replaces the earlier one, nil withdraws it.
    func wake(at tick: Int64?)

    /// Ends the link: nothing is received or lost any more. Time goes on: `woke` still comes when it is asked for.
    func close()
}

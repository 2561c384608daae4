/// Where a served board's bytes come from and go to.
protocol BoardPort: AnyObject {
    /// What clients open; nil for standard streams.
    var path: String? { get }
    /// Descriptors that become readable when there is something to do; bytes first.
    var readable: [Int32] { get }
    var writable: Int32 { get }

    func read(upTo limit: Int) -> LinkRead
    func write(_ bytes: ArraySlice<UInt8>) -> Int?

    /// True when a client has gone since the last call and none is left.
    func hasBeenLeft() -> Bool
    /// Makes the port ready for another client.
    func refresh()
}

/// A port that programs open by its path.
final class TerminalPort: BoardPort {
    private let terminal: PseudoTerminal

    init() throws(LinkFailure) { terminal = try PseudoTerminal() }

    var path: String? { terminal.path }
    var readable: [Int32] { [terminal.readable.bytes, terminal.readable.clients] }
    var writable: Int32 { terminal.readable.bytes }

    func read(upTo limit: Int) -> LinkRead { terminal.read(upTo: limit) }
    func write(_ bytes: ArraySlice<UInt8>) -> Int? { terminal.write(bytes) }
    func hasBeenLeft() -> Bool { terminal.noticeClients() && terminal.clientCount == 0 }
    func refresh() { terminal.refresh() }
}

/// Standard input and output: whoever started us is the host.
final class StreamPort: BoardPort {
    private let input: LinkDescriptor
    private let output: LinkDescriptor

    init(input: Int32 = 0, output: Int32 = 1) {
        self.input = LinkDescriptor(borrowing: input)
        self.output = LinkDescriptor(borrowing: output)
    }

    var path: String? { nil }
    var readable: [Int32] { [input.raw] }
    var writable: Int32 { output.raw }

    func read(upTo limit: Int) -> LinkRead { input.read(upTo: limit) }
    func write(_ bytes: ArraySlice<UInt8>) -> Int? { output.write(bytes) }
    func hasBeenLeft() -> Bool { false }
    func refresh() {}
}

internal import EBB
internal import Simulator
internal import Synchronization

/// A link that keeps what the host has read: what a pause quotes must have come over it.
final class WireTap: Transport {
    private let link: Loopback
    private let heard = Mutex<[UInt8]>([])

    init(_ link: Loopback) { self.link = link }

    var now: Int64 { link.now }

    func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {
        try link.open(on: executor) { @Sendable [weak self] event in
            if case .received(let bytes) = event { self?.heard.withLock { $0 += bytes } }
            events(event)
        }
    }

    func write(_ bytes: [UInt8]) { link.write(bytes) }
    func wake(at tick: Int64?) { link.wake(at: tick) }
    func close() { link.close() }

    /// Whether these bytes have come, one after the other.
    func hasHeard(_ bytes: [UInt8]) -> Bool {
        heard.withLock { heard in
            guard bytes.count <= heard.count else { return false }
            return (0...(heard.count - bytes.count)).contains { heard[$0..<($0 + bytes.count)].elementsEqual(bytes) }
        }
    }

    /// Whether a line has come that says, rightly or not, that the board's button was pressed.
    var hasHeardPress: Bool {
        hasHeard { line in
            line.elementsEqual("1".utf8) || line.elementsEqual("QB,1".utf8) || Self.status(line) & 0x20 != 0
        }
    }

    /// Whether a line has come that says, rightly or not, that the motors have been without power.
    var hasHeardPowerLoss: Bool { hasHeard { Self.status($0) & 0x40 != 0 } }

    private func hasHeard(_ line: (ArraySlice<UInt8>) -> Bool) -> Bool {
        heard.withLock { heard in
            heard.split { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }.contains(where: line)
        }
    }

    /// The byte of a line that can be an answer to `QG`; else 0.
    private static func status(_ line: ArraySlice<UInt8>) -> UInt8 {
        guard line.count == 2 || line.starts(with: "QG,".utf8) else { return 0 }
        return UInt8(String(decoding: line.suffix(2), as: UTF8.self), radix: 16) ?? 0
    }

    /// The bytes that a text quotes last, between “ and ”; nil when it quotes none or not as bytes are written.
    static func quoted(in text: String) -> [UInt8]? {
        guard let begin = text.lastIndex(of: "“"), let end = text.lastIndex(of: "”"), begin < end else { return nil }
        var rest = Array(text[text.index(after: begin)..<end].utf8)[...]
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "x"):
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: return nil
            }
        }
        return bytes
    }
}

internal import EBB
internal import Simulator
internal import Synchronization

/// A link that keeps what the host has read: what a pause quotes must have come over it.
final class WireTap: Transport {
    private struct Plans: Sendable {
        /// Messages until something happens, and what.
        var messages: (left: Int, action: @Sendable () -> Void)?
        var answers: (left: Int, action: @Sendable () -> Void)?
        /// Commands of the program until one comes twice.
        var doubled: Int?
        /// Messages, questions among them, until one comes twice, and the same of answers.
        var doubledMessage: Int?
        var doubledAnswer: Int?
        /// Commands of these kinds until a digit of one becomes another, which, and by how much it grows, modulo 10.
        var digit: (kinds: [String], left: Int, share: Double, by: UInt8)?
        /// How often the link is still opened to another board, and that board's name; nil = another firmware instead.
        var other: (times: Int, name: String?)?
        var isOther = false
        var events: (@Sendable (TransportEvent) -> Void)?
    }

    private let breaks = WireBreak.present
    private let link: Loopback
    private let heard = Mutex<[UInt8]>([])
    private let mistake = Mutex(WireMistake())
    private let plans = Mutex(Plans())
    private let firmware: FirmwareVersion

    init(_ link: Loopback, _ firmware: FirmwareVersion) {
        self.link = link
        self.firmware = firmware
    }

    var now: Int64 { link.now }

    func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void)
        throws(LinkError)
    {
        plans.withLock { plans in
            plans.events = events
            plans.isOther = (plans.other?.times ?? 0) > 0
            if plans.isOther, plans.other?.times != .max { plans.other?.times -= 1 }
        }
        mistake.withLock { $0.opened() }
        try link.open(on: executor) { @Sendable [weak self] event in
            guard case .received(let bytes) = event, let self else { return events(event) }
            heard.withLock { $0 += bytes }
            let heard = breaks.map { broken in mistake.withLock { $0.heard(bytes, broken) } } ?? bytes
            events(.received(heard))
            if plans.withLock({ Self.isDue(&$0.doubledAnswer) }) { events(.received(heard)) }
        }
    }

    func write(_ whole: [UInt8]) {
        let (action, isOther, isTwice, bytes) = plans.withLock { plans in
            let bytes = Self.changed(whole, &plans.digit)
            let action = Self.countDown(&plans.messages) ?? Self.countDown(&plans.answers)
            let isProgram = ["SM", "LM", "LT", "SP"].contains { bytes.starts(with: $0.utf8) }
            let isTwice = isProgram && Self.isDue(&plans.doubled)
            return (action, plans.isOther, Self.isDue(&plans.doubledMessage) || isTwice, bytes)
        }
        action?()
        if isOther, breaks != .strangerBelieved { return answer(bytes) }
        if breaks == .stopWaits, bytes.starts(with: "ES".utf8) {
            return link.perform(at: link.now + 12_500) { [link] in link.write(bytes) }
        }
        if let breaks, let answer = mistake.withLock({ $0.instead(of: bytes, breaks) }) {
            let events = plans.withLock { $0.events }
            return link.perform(at: link.now + 25) { events?(.received(answer)) }
        }
        link.write(bytes)
        guard isTwice else { return }
        link.write(bytes)
        if breaks == .surplusUnseen { mistake.withLock { $0.hide(bytes) } }
    }

    func wake(at tick: Int64?) { link.wake(at: tick) }
    func close() { link.close() }

    private static func countDown(_ plan: inout (left: Int, action: @Sendable () -> Void)?) -> (
        @Sendable () -> Void
    )? {
        guard let present = plan else { return nil }
        plan = present.left > 1 ? (present.left - 1, present.action) : nil
        return present.left > 1 ? nil : present.action
    }

    private static func isDue(_ left: inout Int?) -> Bool {
        guard let present = left else { return false }
        left = present > 0 ? present - 1 : nil
        return present == 0
    }

    private static func changed(
        _ bytes: [UInt8], _ plan: inout (kinds: [String], left: Int, share: Double, by: UInt8)?
    ) -> [UInt8] {
        guard let present = plan, present.kinds.contains(where: { bytes.starts(with: $0.utf8) }) else {
            return bytes
        }
        plan?.left -= 1
        guard present.left == 0 else { return bytes }
        plan = nil
        let zero = UInt8(ascii: "0")
        let digits = bytes.indices.prefix { bytes[$0] != UInt8(ascii: "\r") }.filter {
            (zero...zero + 9).contains(bytes[$0])
        }
        guard !digits.isEmpty else { return bytes }
        var changed = bytes
        let place = digits[Int(present.share * Double(digits.count))]
        changed[place] = zero + (bytes[place] - zero + present.by) % 10
        return changed
    }

    /// Does something just before the n-th message from now is written, counted from 1.
    func onMessage(_ number: Int, _ action: @escaping @Sendable () -> Void) {
        plans.withLock { $0.messages = (number, action) }
    }

    /// Lets something happen to the answer to the n-th message from now.
    func onAnswer(_ number: Int, _ action: @escaping @Sendable () -> Void) {
        plans.withLock { $0.answers = (number, action) }
    }

    /// Sends the line of the n-th command of the program, counted from 0, twice.
    func doubleCommand(_ number: Int) { plans.withLock { $0.doubled = number } }

    /// Sends the n-th message from now, whatever it is, twice, counted from 0.
    func doubleMessage(_ number: Int) { plans.withLock { $0.doubledMessage = number } }

    /// Lets the host hear twice what it reads as the n-th from now, counted from 0.
    func doubleAnswer(_ number: Int) { plans.withLock { $0.doubledAnswer = number } }

    /// Lets the n-th command of some kinds, counted from 0, arrive with another digit.
    ///
    /// - Parameters:
    ///   - share: which of its digits, 0..<1.
    ///   - increase: by how much it grows, 1...9, modulo 10.
    func changeDigit(of kinds: [String], _ number: Int, share: Double, by increase: UInt8) {
        plans.withLock { $0.digit = (kinds, number, share, increase) }
    }

    /// Another board is found the next times that the link is opened: with another name, or (nil) with another firmware.
    func answerAsAnother(times: Int, name: String?) { plans.withLock { $0.other = (times, name) } }

    /// What the other board says.
    private func answer(_ bytes: [UInt8]) {
        let (events, name) = plans.withLock { ($0.events, $0.other?.name) }
        let text = String(decoding: bytes, as: UTF8.self)
        let isFuture = firmware.major >= 3
        let version = name == nil ? (isFuture ? "2.8.1" : "2.7.0") : firmware.description
        let reply: String?
        if text.hasPrefix("V") {
            reply = "EBBv13_and_above EB Firmware Version \(version)\r\n"
        } else if text.hasPrefix("QT") {
            reply = isFuture ? "QT,\(name ?? "")\n" : "\(name ?? "")\r\nOK\r\n"
        } else if text.hasPrefix("CU") {
            reply = "CU\n"
        } else {
            reply = nil
        }
        guard let reply else { return }
        link.perform(at: link.now + 25) { events?(.received(Array(reply.utf8))) }
    }

    /// Whether these bytes have come, one after the other.
    func hasHeard(_ bytes: [UInt8]) -> Bool {
        heard.withLock { heard in
            guard bytes.count <= heard.count else { return false }
            return (0...(heard.count - bytes.count)).contains {
                heard[$0..<($0 + bytes.count)].elementsEqual(bytes)
            }
        }
    }

    /// Whether a line has come that says, rightly or not, that the board's button was pressed.
    var hasHeardPress: Bool {
        hasHeard { line in
            line.elementsEqual("1".utf8) || line.elementsEqual("QB,1".utf8)
                || Self.status(line) & 0x20 != 0
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
        guard let begin = text.lastIndex(of: "“"), let end = text.lastIndex(of: "”"), begin < end else {
            return nil
        }
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
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                    return nil
                }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: return nil
            }
        }
        return bytes
    }
}

/// Which of its two reply syntaxes the board speaks.
public enum ReplySyntax: Equatable, Sendable {
    /// All of 2.x, and 3.x after power-on.
    case legacy
    /// 3.x after `CU,10,1`: every reply names its command.
    case future
}

/// Who said what is owed: matches the board's lines with the commands that were sent, in order.
///
/// Pure: bytes go in, in pieces of any size, and come out as events. Nothing that the board may say traps.
public struct Conversation: Sendable {
    /// What a line from the board means.
    public enum Event: Equatable, Sendable {
        /// The command with this tag has been answered; `text` is its data without name and line end.
        case answered(tag: Int, text: String)
        /// The board did not take the command with this tag.
        case refused(tag: Int, text: String)
        /// A line that answers nothing we asked.
        case unasked(String)
    }

    private struct Owed {
        var tag: Int
        var name: CommandName
        var shape: ReplyShape
        /// Legacy: the data line has come, `OK` has not.
        var data: String?
    }

    /// Longest line taken; what is longer is given out in pieces as unasked.
    static let longestLine = 256

    /// Syntax that the board has been told to speak.
    public var syntax = ReplySyntax.legacy
    /// Appends the checksum of `CU,54,1` to every command.
    public var addsChecksum = false

    private var owed: [Owed] = []
    private var line: [UInt8] = []

    public init() {}

    /// Commands whose reply has not come.
    public var owedCount: Int { owed.count }
    /// Tag and name of the oldest command whose reply has not come.
    public var oldestOwed: (tag: Int, name: String)? { owed.first.map { ($0.tag, $0.name.text) } }

    /// Appends the bytes of `command` and notes what it is owed.
    public mutating func send(_ command: Command, tag: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        command.write(to: &bytes)
        let name = CommandName(leading: bytes[start...]) ?? CommandName(UInt8(ascii: "?"), 0)
        if addsChecksum { Self.addChecksum(to: &bytes, from: start) }
        let shape = ReplyShape(of: name)
        if shape != .silence { owed.append(Owed(tag: tag, name: name, shape: shape)) }
    }

    /// Forgets what is owed and the beginning of a line.
    public mutating func reset() {
        owed.removeAll(keepingCapacity: true)
        line.removeAll(keepingCapacity: true)
    }

    /// Takes bytes from the board and appends what they mean to `events`.
    public mutating func receive(_ bytes: some Sequence<UInt8>, events: inout [Event]) {
        for byte in bytes {
            if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") {
                if !line.isEmpty { take(&events) }
            } else {
                line.append(byte)
                if line.count >= Self.longestLine { giveOut(&events) }
            }
        }
    }

    private mutating func take(_ events: inout [Event]) {
        if line[0] == UInt8(ascii: "!") {
            refuse(&events)
        } else if syntax == .future, !isVersionInLegacySyntax {
            takeFuture(&events)
        } else {
            takeLegacy(&events)
        }
        line.removeAll(keepingCapacity: true)
    }

    /// A board that was reset answers in legacy syntax again; its version line is understood all the same.
    private var isVersionInLegacySyntax: Bool {
        owed.first?.name == CommandName("V") && line.starts(with: "EBB".utf8)
    }

    private mutating func takeLegacy(_ events: inout [Event]) {
        guard let first = owed.first else { return giveOut(&events) }
        let isOK = line.elementsEqual("OK".utf8)
        switch first.shape {
        case .acknowledgement:
            if isOK { finish(text: "", &events) } else { giveOut(&events) }
        case .dataThenOK:
            // An empty nickname is an empty line, so `OK` may come without data there; elsewhere it is one too many.
            if isOK, first.data != nil || first.name == CommandName("QT") {
                finish(text: first.data ?? "", &events)
            } else if first.data == nil, first.name.accepts(data: line[...]) {
                owed[0].data = String(decoding: line, as: UTF8.self)
            } else {
                giveOut(&events)
            }
        case .data:
            let data = first.name == CommandName("V") && line.starts(with: "V,".utf8) ? line[2...] : line[...]
            guard first.name.accepts(data: data) else { return giveOut(&events) }
            finish(text: String(decoding: data, as: UTF8.self), &events)
        case .silence:
            giveOut(&events)
        }
    }

    private mutating func takeFuture(_ events: inout [Event]) {
        guard let first = owed.first, startsWithName(of: first) else { return giveOut(&events) }
        let rest = line.dropFirst(first.name.count)
        guard let comma = rest.first else { return finish(text: "", &events) }
        guard comma == UInt8(ascii: ",") else { return giveOut(&events) }
        // An error is appended to what had been said; a query that had written its comma shows two.
        if let mark = rest.firstIndex(of: UInt8(ascii: "!")) {
            owed.removeFirst()
            events.append(.refused(tag: first.tag, text: String(decoding: rest[mark...], as: UTF8.self)))
        } else {
            finish(text: String(decoding: rest.dropFirst(), as: UTF8.self), &events)
        }
    }

    private func startsWithName(of owed: Owed) -> Bool {
        guard line.count >= owed.name.count, line[0] == owed.name.first else { return false }
        return owed.name.second == 0 || line[1] == owed.name.second
    }

    private mutating func refuse(_ events: inout [Event]) {
        guard let first = owed.first else { return giveOut(&events) }
        owed.removeFirst()
        events.append(.refused(tag: first.tag, text: String(decoding: line, as: UTF8.self)))
    }

    private mutating func finish(text: String, _ events: inout [Event]) {
        let first = owed.removeFirst()
        events.append(.answered(tag: first.tag, text: text))
    }

    private mutating func giveOut(_ events: inout [Event]) {
        events.append(.unasked(String(decoding: line, as: UTF8.self)))
        line.removeAll(keepingCapacity: true)
    }

    /// The board wants the sum of all bytes before the last comma, plus the checksum, to be 0 modulo 256.
    private static func addChecksum(to bytes: inout [UInt8], from start: Int) {
        bytes.removeLast()
        let sum = bytes[start...].reduce(UInt8(0)) { $0 &+ $1 }
        bytes.append(contentsOf: ",\(0 &- sum)\r".utf8)
    }
}

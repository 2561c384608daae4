/// Two letters of a command, upper case, second 0 for one-letter names; what replies are matched by.
struct CommandName: Hashable, Sendable {
    var first: UInt8
    var second: UInt8

    init(_ first: UInt8, _ second: UInt8) {
        self.first = first
        self.second = second
    }

    init(_ name: StaticString) {
        let letters = Array("\(name)".utf8)
        self.init(letters.first ?? 0, letters.count > 1 ? letters[1] : 0)
    }

    /// The name at the beginning of a command or of a reply; nil unless one or two letters stand before a comma or the end.
    init?(leading bytes: ArraySlice<UInt8>) {
        var letters: [UInt8] = []
        for byte in bytes.prefix(3) {
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\r") { break }
            // Of `S2`, `T3` the second is a digit.
            letters.append(byte.isDigit ? byte : byte & 0xDF)
        }
        guard (1...2).contains(letters.count), letters.first.map({ (0x41...0x5A).contains($0) }) == true else {
            return nil
        }
        self.init(letters[0], letters.count > 1 ? letters[1] : 0)
    }

    var count: Int { second == 0 ? 1 : 2 }
    var text: String { String(decoding: second == 0 ? [first] : [first, second], as: UTF8.self) }
}

/// How a command is answered in legacy syntax (docs/board.md §3.1).
enum ReplyShape: Equatable, Sendable {
    case acknowledgement
    case dataThenOK
    case data
    case silence

    private static let withData: Set<CommandName> = [
        CommandName("ES"), CommandName("QB"), CommandName("QC"), CommandName("QE"), CommandName("QL"),
        CommandName("QN"), CommandName("QP"), CommandName("QR"), CommandName("QS"), CommandName("QT"),
        CommandName("QU"), CommandName("CK"),
    ]
    private static let withDataOnly: Set<CommandName> = [
        CommandName("A"), CommandName("I"), CommandName("MR"), CommandName("PI"), CommandName("QG"),
        CommandName("QM"), CommandName("V"),
    ]
    private static let unanswered: Set<CommandName> = [CommandName("BL"), CommandName("RB")]

    init(of name: CommandName) {
        if Self.withData.contains(name) {
            self = .dataThenOK
        } else if Self.withDataOnly.contains(name) {
            self = .data
        } else if Self.unanswered.contains(name) {
            self = .silence
        } else {
            self = .acknowledgement
        }
    }
}

extension CommandName {
    /// Whether `line` can be this command's data in legacy syntax; what cannot be is not taken for an answer. A late
    /// answer to something else is told by its shape.
    func accepts(data line: ArraySlice<UInt8>) -> Bool {
        switch self {
        case CommandName("V"): line.starts(with: "EBB".utf8)
        case CommandName("QT"): line.count <= 16 && !line.starts(with: "EBBv".utf8)
        case CommandName("QG"): line.count == 2 && line.allSatisfy(\.isHexDigit)
        case CommandName("QM"), CommandName("A"), CommandName("I"), CommandName("MR"), CommandName("PI"):
            CommandName(leading: line) == self
        case CommandName("QS"), CommandName("QC"), CommandName("QE"): line.isNumbers(2)
        case CommandName("QP"), CommandName("QB"), CommandName("QR"):
            line.elementsEqual("0".utf8) || line.elementsEqual("1".utf8)
        case CommandName("QL"), CommandName("QN"): line.isNumbers(1)
        default: !line.isEmpty && line.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "-") }
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether it is so many decimal numbers with commas between them.
    fileprivate func isNumbers(_ count: Int) -> Bool {
        let fields = split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        return fields.count == count
            && fields.allSatisfy { field in
                let digits = field.first == UInt8(ascii: "-") ? field.dropFirst() : field
                return !digits.isEmpty && digits.allSatisfy(\.isDigit)
            }
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isHexDigit: Bool {
        isDigit || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}

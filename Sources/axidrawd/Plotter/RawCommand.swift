internal import EBB
internal import Text

/// What is known of a board's command that somebody types as it is.
enum RawCommand {
    /// Bytes of the longest command that is let through.
    private static let longestCommand = 250

    /// Whether a board may be called so.
    static func isGoodName(_ name: String) -> Bool {
        (1...16).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                ASCII.isDigit(byte) || (0x61...0x7A).contains(ASCII.lowercased(byte))
                    || [0x20, 0x2D, 0x5F].contains(byte)
            }
    }

    /// Whether a text can be one command of a board.
    static func isGood(_ text: String) -> Bool {
        (1...longestCommand).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Whether the plotter cannot be spoken to as before after this command: it goes into its bootloader, starts anew, or
    /// answers in another way.
    static func endsConversation(_ text: String) -> Bool {
        let fields = text.uppercased().split(separator: ",", omittingEmptySubsequences: false).map {
            $0.filter { $0 != " " }
        }
        switch fields.first {
        case "BL", "RB", "T": return true
        // Replies to commands, depth of the queue, form of replies.
        case "CU": return fields.count > 1 && ["1", "4", "10"].contains(fields[1])
        default: return false
        }
    }

    /// What a command does that people also order by name: motors let go, the pen put down.
    static func order(in text: String) -> PlotterEvent? {
        let fields = text.uppercased().split(separator: ",", omittingEmptySubsequences: false).map {
            $0.filter { $0 != " " }
        }
        guard fields.count > 1, fields[1] == "0" else { return nil }
        return ["EM": .releaseMotors, "SP": .lowerPen][fields[0]]
    }
}

internal import EBB
internal import Simulator
internal import Text

/// Which board a verb in the foreground is to use.
enum BoardChoice: Equatable {
    case simulated
    case device(path: String)

    /// No board of that name, and which there are.
    struct Unknown: Error, Equatable {
        var name: String
        var known: [String]
    }

    /// By `--simulate` or `--device NAME|PATH`; with neither, the boards that udev shows are part of the error.
    init(_ invocation: Invocation) throws {
        let isSimulated = invocation.isOn("simulate")
        guard let wanted = invocation.text("device") else {
            guard isSimulated else {
                let known = Self.boards().map { "\($0.name) (\($0.board.path))" }
                throw UsageError.conflict(
                    "\(invocation.verb.name) needs --device NAME|PATH or --simulate; boards seen: "
                        + (known.isEmpty ? "none" : known.joined(separator: ", ")))
            }
            self = .simulated
            return
        }
        if isSimulated { throw UsageError.conflict("--device and --simulate exclude each other") }
        if wanted.contains("/") {
            self = .device(path: wanted)
            return
        }
        let boards = Self.boards()
        guard let found = boards.first(where: { $0.name.lowercased() == wanted.lowercased() }) else {
            throw Unknown(name: wanted, known: boards.map(\.name))
        }
        self = .device(path: found.board.path)
    }

    /// The boards of this moment by the names that people know.
    private static func boards() -> [(name: String, board: BoardAddress)] {
        var names = BoardNames()
        // Where udev cannot be asked there are no boards to name.
        let boards = (try? UdevMonitor.boards()) ?? []
        return boards.sorted { $0.path < $1.path }.map { (names.name(of: $0), $0) }
    }
}

extension BoardChoice.Unknown: CustomStringConvertible {
    var description: String {
        "no board is called \(quoted(name)); boards seen: "
            + (known.isEmpty ? "none" : known.joined(separator: ", "))
    }
}

/// The names by which people know plotters: the board's nickname, else `plot1`, `plot2` in order of first sight.
///
/// A name once given stays with its identity, also over re-plugging and restarts: the table is written down by
/// `text` and read again by `init(text:)`, one `name<TAB>identity` a line.
public struct BoardNames: Equatable, Sendable {
    private var names: [String: String] = [:]

    public init() {}

    /// Reads what `text` wrote; lines that make no sense or give a name twice are passed over.
    public init(text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 2, !fields[0].isEmpty, !fields[1].isEmpty else { continue }
            let (name, identity) = (String(fields[0]), String(fields[1]))
            guard names[identity] == nil, !names.values.contains(name) else { continue }
            names[identity] = name
        }
    }

    /// One line a board, in order of names.
    public var text: String {
        names.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map { "\($0.value)\t\($0.key)\n" }.joined()
    }

    /// The name of a board; a new one is made at first sight.
    public mutating func name(of board: BoardAddress) -> String {
        if let known = names[board.identity] { return known }
        let name = board.name.isEmpty || names.values.contains(board.name) ? freeNumber : board.name
        names[board.identity] = name
        return name
    }

    private var freeNumber: String {
        let taken = Set(names.values)
        var number = 1
        while taken.contains("plot\(number)") { number += 1 }
        return "plot\(number)"
    }
}

/// A stream of events as a browser keeps it: cut off, it comes back and goes on after the last event it had.
struct CrowdStream {
    enum Ending {
        case goesOn, returned
        case lost(String)
    }

    private let port: Int
    private var link: LoadSocket
    /// The id of the last whole event.
    private var lastId: [UInt8] = []
    /// The id of the event that is coming in.
    private var nextId: [UInt8] = []
    /// What has come of a line that is not whole.
    private var line: [UInt8] = []

    init(port: Int) throws {
        self.port = port
        link = try Self.open(port, lastId: [])
    }

    private static func open(_ port: Int, lastId: [UInt8]) throws -> LoadSocket {
        let link = try LoadSocket(port: port)
        let field = lastId.isEmpty ? "" : "Last-Event-ID: \(String(decoding: lastId, as: UTF8.self))\r\n"
        link.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\(field)\r\n")
        return link
    }

    /// Takes what has come, and comes back if it was cut off; how many bytes that were.
    mutating func follow() -> (bytes: Int, ending: Ending) {
        var count = 0
        while true {
            switch link.look() {
            case .bytes(let bytes):
                count += bytes.count
                note(bytes)
            case .nothing: return (count, .goesOn)
            case .ended:
                if lastId.isEmpty { return (count, .lost("a stream ended before its first event")) }
                do {
                    line = []
                    link = try Self.open(port, lastId: lastId)
                    return (count, .returned)
                } catch {
                    return (count, .lost("a stream cannot come back: \(error)"))
                }
            }
        }
    }

    /// Of the text only the lines with ids matter, and the empty ones, which end an event.
    private mutating func note(_ bytes: [UInt8]) {
        let pieces = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() {
            // An id is short: of a long line the start says that it is none.
            if line.count < 64 { line += piece.prefix(64) }
            guard index < pieces.count - 1 else { return }
            let mark = Array("id: ".utf8)
            if line.starts(with: mark) { nextId = Array(line.dropFirst(mark.count)) }
            if line.isEmpty { lastId = nextId }
            line = []
        }
    }
}

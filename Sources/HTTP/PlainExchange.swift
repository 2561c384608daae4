internal import Text

/// One request and its answer over a socket of ours; closed with its owner.
final class PlainExchange: ReplyBody {
    private let raw: CInt
    private let bounds: HTTPClient.Bounds
    private let deadline: Int64
    private var buffer: [UInt8] = []
    private var position = 0
    private var body = Body.none

    /// How the end of a body is known (RFC 9112 §6.3).
    private enum Body {
        case none
        case chunked(ChunkDecoder)
        case counted(left: Int)
        case untilClosed
    }

    /// A head has at most so many bytes, and so many answers may come before the last one.
    private static let longestHead = 64 << 10
    private static let mostInterim = 8

    init(_ raw: CInt, _ bounds: HTTPClient.Bounds, until deadline: Int64?) {
        self.raw = raw
        self.bounds = bounds
        self.deadline = deadline ?? .max
    }

    deinit { Socket.close(raw) }

    /// While a head is waited for.
    private var headDeadline = Int64.max

    private var patience: Int64 { min(deadline, headDeadline, HTTPServer.now + bounds.silenceMilliseconds) }

    func send(_ bytes: [UInt8]) throws(HTTPClient.Failure) {
        // In pieces, so that silence is measured from the last of them.
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(1 << 20)
            guard Socket.sendAll(raw, Array(part), until: patience) else { throw .late }
            rest = rest.dropFirst(part.count)
        }
    }

    /// More bytes in the buffer; false at the end.
    private func fill() throws(HTTPClient.Failure) -> Bool {
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        let until = patience
        guard let part = Socket.receive(raw, atMost: 65536, until: until) else {
            if HTTPServer.now >= until { throw .late }
            throw .broken("the connection was cut")
        }
        buffer += part
        return !part.isEmpty
    }

    /// The head of the answer, those of interim answers (1xx) left out.
    func head(for method: String) throws(HTTPClient.Failure) -> HTTPClient.ReplyHead {
        if let milliseconds = bounds.headMilliseconds { headDeadline = HTTPServer.now + milliseconds }
        defer { headDeadline = .max }
        for _ in 0...Self.mostInterim {
            let head = try nextHead()
            if (100..<200).contains(head.status), head.status != 101 { continue }
            body = try Self.framing(head, method)
            return head
        }
        throw .broken("no answer follows the interim ones")
    }

    private func nextHead() throws(HTTPClient.Failure) -> HTTPClient.ReplyHead {
        var searched = position
        while true {
            if let end = end(from: searched) {
                let text = buffer[position..<end]
                position = end + 4
                return try Self.parsed(text)
            }
            // Filling moves what is left to the front.
            searched = max(0, buffer.count - position - 3)
            guard buffer.count - position < Self.longestHead, try fill() else {
                throw .broken("what comes is no HTTP answer")
            }
        }
    }

    /// Where the empty line begins; looked for from an index on.
    private func end(from start: Int) -> Int? {
        var i = max(start, position)
        while i + 4 <= buffer.count {
            if buffer[i] == 13, buffer[i + 1] == 10, buffer[i + 2] == 13, buffer[i + 3] == 10 { return i }
            i += 1
        }
        return nil
    }

    private static func parsed(_ bytes: ArraySlice<UInt8>) throws(HTTPClient.Failure) -> HTTPClient.ReplyHead {
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.removeFirst().split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3,
            let status = ASCII.decimal(words[1].utf8), status >= 100
        else { throw .broken("what comes is no HTTP answer") }
        var fields: [Response.Field] = []
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { continue }
            let value = ASCII.trimmed(Array(line[line.index(after: colon)...].utf8)[...])
            fields.append(Response.Field(line[..<colon].lowercased(), String(decoding: value, as: UTF8.self)))
        }
        return HTTPClient.ReplyHead(status: status, fields: fields)
    }

    private static func framing(_ head: HTTPClient.ReplyHead, _ method: String) throws(HTTPClient.Failure) -> Body {
        if method == "HEAD" || head.status == 204 || head.status == 304 { return .none }
        let codings = head.fields.filter { $0.name == "transfer-encoding" }.map { $0.value.lowercased() }
        guard codings.isEmpty else {
            guard codings == ["chunked"] else { throw .broken("the answer has a coding that is not known") }
            return .chunked(ChunkDecoder())
        }
        let lengths = Set(head.fields.filter { $0.name == "content-length" }.map(\.value))
        guard let text = lengths.first else { return .untilClosed }
        guard lengths.count == 1, let length = ASCII.decimal(text.utf8) else {
            throw .broken("the answer does not say how long it is")
        }
        return .counted(left: length)
    }

    func next() throws(HTTPClient.Failure) -> [UInt8]? {
        switch body {
        case .none, .counted(left: 0): return nil
        case .chunked(let decoder): return try chunk(decoder)
        case .counted(let left):
            if position == buffer.count, try !fill() { throw Self.cut }
            let part = Array(buffer[position...].prefix(left))
            position += part.count
            body = .counted(left: left - part.count)
            return part
        case .untilClosed:
            if position == buffer.count, try !fill() { return nil }
            let part = Array(buffer[position...])
            position = buffer.count
            return part
        }
    }

    private static let cut = HTTPClient.Failure.broken("the answer ends in its middle")

    private func chunk(_ decoder: ChunkDecoder) throws(HTTPClient.Failure) -> [UInt8]? {
        var decoder = decoder
        while true {
            var part: [UInt8] = []
            let isOver: Bool
            do throws(HTTPError) {
                isOver = try decoder.read(buffer, at: &position, into: &part, limit: .max, limits: HTTPLimits())
            } catch { throw .broken("the answer is broken") }
            // Trailers tell nothing that is asked for.
            body = isOver ? .none : .chunked(decoder)
            if !part.isEmpty { return part }
            if isOver { return nil }
            guard try fill() else { throw Self.cut }
        }
    }
}

internal import Text

/// Reads requests from bytes, however they are cut; pure, without a socket or clock.
///
/// A byte decides alone with those before it, so the verdict cannot depend on where the stream was cut.
/// After an error the connection is lost: the parser never looks for a new beginning.
package struct RequestParser: Sendable {
    package enum Event: Equatable, Sendable {
        /// The head is complete; the body follows unless its framing is none. `bodyLimit` may be set now.
        case head(RequestHead)
        /// The request is complete; the parser stands before the next one.
        case body([UInt8])
    }

    private enum State: Equatable {
        case line, field, trailer
        case fixed(remaining: Int)
        case chunk(ChunkDecoder)
        case done
    }

    package let limits: HTTPLimits
    /// Largest body of the request at hand; set by whoever sees the head.
    package var bodyLimit = 0
    private var state = State.line
    /// The line being read, without its CRLF.
    private var line: [UInt8] = []
    private var sawCarriageReturn = false
    private var skippedEmptyLine = false
    private var headBytes = 0
    private var trailerBytes = 0
    private var head: RequestHead?
    private var body: [UInt8] = []

    package init(limits: HTTPLimits) { self.limits = limits }

    /// True between two requests, when nothing of the next has come.
    package var isAtStart: Bool { state == .line && headBytes == 0 }

    /// True while a body is owed.
    package var isInBody: Bool { head != nil && state != .line && state != .field }

    /// Takes the bytes of the body that have come, so that they are not held here; the limit counts what is held.
    package mutating func takeBody() -> [UInt8] {
        defer { body = [] }
        return body
    }

    /// Bytes of body held.
    package var bodyCount: Int { body.count }

    /// Bytes of the buffers of the request at hand, whatever of them is in use.
    package var heldBytes: Int {
        let fields = head?.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count } ?? 0
        return line.capacity + body.capacity + fields
    }

    /// Reads from `bytes` at `position` on, moves it, and returns at the first event; nil when all bytes are used.
    package mutating func read(_ bytes: [UInt8], at position: inout Int) throws(HTTPError) -> Event? {
        if state == .done { return finish() }
        while position < bytes.count {
            switch state {
            case .line, .field, .trailer:
                let byte = bytes[position]
                position += 1
                if let event = try take(byte) { return event }
            case .fixed(let remaining):
                let count = min(remaining, bytes.count - position)
                body.append(contentsOf: bytes[position..<position + count])
                position += count
                state = .fixed(remaining: remaining - count)
                if remaining == count { return finish() }
            case .chunk(var decoder):
                // The state is emptied first: a copy kept in it would be copied with every chunk.
                let isLast = try decoder.read(bytes, at: &position, into: &body, limit: bodyLimit, limits: limits)
                state = isLast ? .trailer : .chunk(decoder)
            case .done: return finish()
            }
        }
        return nil
    }

    /// One byte of a line.
    private mutating func take(_ byte: UInt8) throws(HTTPError) -> Event? {
        headBytes += 1
        if sawCarriageReturn {
            guard byte == ASCII.lineFeed else { throw .malformed("A carriage return stands alone.") }
            sawCarriageReturn = false
            defer { line.removeAll(keepingCapacity: true) }
            return try endLine()
        }
        if byte == ASCII.carriageReturn {
            sawCarriageReturn = true
            return nil
        }
        let isRequestLine = state == .line
        guard isRequestLine ? ASCII.isLine(byte) : ASCII.isField(byte) else {
            throw .malformed(
                byte == ASCII.lineFeed ? "A line ends without carriage return." : "A control character is sent.")
        }
        line.append(byte)
        try checkSize(isRequestLine)
        return nil
    }

    private func checkSize(_ isRequestLine: Bool) throws(HTTPError) {
        if isRequestLine {
            if line.count > limits.requestLine { throw .requestLineTooLong }
            return
        }
        if state == .trailer {
            if trailerBytes + line.count > limits.trailers { throw .headTooLarge("Trailers may have 8192 bytes.") }
            return
        }
        if line.count > limits.field { throw .headTooLarge("A field may have 8192 bytes.") }
        if headBytes > limits.head { throw .headTooLarge("The head may have 32768 bytes.") }
    }

    /// A line has ended with CRLF.
    private mutating func endLine() throws(HTTPError) -> Event? {
        switch state {
        case .line:
            if line.isEmpty {
                guard !skippedEmptyLine else { throw .malformed("The request line is empty.") }
                skippedEmptyLine = true
                return nil
            }
            head = try Self.requestLine(line)
            state = .field
        case .field:
            if line.isEmpty { return try endHead() }
            guard (head?.fields.count ?? 0) < limits.fields else {
                throw .headTooLarge("The head may have \(limits.fields) fields.")
            }
            head?.fields.append(try Self.field(line))
        case .trailer:
            if line.isEmpty { return finish() }
            trailerBytes += line.count + 2
            _ = try Self.field(line)
        case .fixed, .chunk, .done: preconditionFailure("lines are read in lines only")
        }
        return nil
    }

    private mutating func endHead() throws(HTTPError) -> Event? {
        guard var complete = head else { preconditionFailure("fields follow a request line") }
        try complete.settle()
        head = complete
        switch complete.framing {
        case .none, .length(0): state = .done
        case .length(let length): state = .fixed(remaining: length)
        case .chunked: state = .chunk(ChunkDecoder())
        }
        return .head(complete)
    }

    private mutating func finish() -> Event {
        let complete = body
        self = RequestParser(limits: limits)
        return .body(complete)
    }

    /// `method SP target SP HTTP/1.x`
    package static func requestLine(_ line: [UInt8]) throws(HTTPError) -> RequestHead {
        let parts = line.split(separator: ASCII.space, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .malformed("The request line is not: method, target, version.")
        }
        guard parts[0].allSatisfy(ASCII.isToken) else { throw .malformed("The method is not a token.") }
        let version = Array(parts[2])
        guard version.count == 8, version.starts(with: "HTTP/".utf8), ASCII.isDigit(version[5]),
            version[6] == UInt8(ascii: "."), ASCII.isDigit(version[7])
        else { throw .malformed("The version is not HTTP/1.1.") }
        guard version[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        let method = String(decoding: parts[0], as: UTF8.self)
        return RequestHead(
            method: method, target: try RequestTarget(parts[1], method: method),
            minorVersion: version[7] == UInt8(ascii: "0") ? 0 : 1, fields: [])
    }

    /// `name: value`
    package static func field(_ line: [UInt8]) throws(HTTPError) -> RequestHead.Field {
        if let first = line.first, first == ASCII.space || first == ASCII.tab {
            throw .malformed("A field is folded.")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
            throw .malformed("A field has no name.")
        }
        let name = line[..<colon]
        guard name.allSatisfy(ASCII.isToken) else { throw .malformed("A field name is not a token.") }
        return RequestHead.Field(
            name: String(decoding: name.map(ASCII.lowercased), as: UTF8.self),
            value: String(decoding: ASCII.trimmed(line[(colon + 1)...]), as: UTF8.self))
    }
}

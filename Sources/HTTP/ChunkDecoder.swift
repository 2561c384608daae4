internal import Text

/// The chunks of a body, up to and with the last-chunk line; trailers are the parser's (RFC 9112 §7.1).
package struct ChunkDecoder: Equatable, Sendable {
    private enum State: Equatable {
        case size, chunkExtension, sizeLineFeed, dataCarriageReturn, dataLineFeed
        case data(remaining: Int)
    }

    private var state = State.size
    private var size = 0
    private var digits = 0
    private var extensionBytes = 0

    package init() {}

    /// Reads chunks into `body`; true when the last one has been named and trailers follow.
    package mutating func read(
        _ bytes: [UInt8], at position: inout Int, into body: inout [UInt8], limit: Int, limits: HTTPLimits
    ) throws(HTTPError) -> Bool {
        while position < bytes.count {
            if case .data(let remaining) = state {
                let count = min(remaining, bytes.count - position)
                body.append(contentsOf: bytes[position..<position + count])
                position += count
                state = remaining == count ? .dataCarriageReturn : .data(remaining: remaining - count)
                continue
            }
            let byte = bytes[position]
            position += 1
            if try take(byte, held: body.count, limit: limit, limits: limits) { return true }
        }
        return false
    }

    /// One byte outside the data; true after the line of the last chunk.
    private mutating func take(
        _ byte: UInt8, held: Int, limit: Int, limits: HTTPLimits
    ) throws(HTTPError) -> Bool {
        switch state {
        case .size: try takeSize(byte)
        case .chunkExtension:
            extensionBytes += 1
            if byte == ASCII.carriageReturn {
                state = .sizeLineFeed
            } else if !ASCII.isField(byte) || extensionBytes > limits.chunkExtension {
                throw .malformed("A chunk extension is broken or too long.")
            }
        case .sizeLineFeed:
            guard byte == ASCII.lineFeed else { throw .malformed("A chunk size does not end in CRLF.") }
            if size == 0 { return true }
            guard size <= limit - min(held, limit) else { throw .bodyTooLarge(limit: limit) }
            state = .data(remaining: size)
        case .dataCarriageReturn:
            guard byte == ASCII.carriageReturn else { throw .malformed("A chunk is longer than it says.") }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == ASCII.lineFeed else { throw .malformed("A chunk does not end in CRLF.") }
            self = ChunkDecoder()
        case .data: preconditionFailure("data is taken in bulk")
        }
        return false
    }

    private mutating func takeSize(_ byte: UInt8) throws(HTTPError) {
        if let digit = ASCII.hexDigit(byte) {
            digits += 1
            guard digits <= 15 else { throw .malformed("A chunk size has more than 15 digits.") }
            size = size << 4 | digit
            return
        }
        guard digits > 0 else { throw .malformed("A chunk size is not hexadecimal.") }
        switch byte {
        case UInt8(ascii: ";"): state = .chunkExtension
        case ASCII.carriageReturn: state = .sizeLineFeed
        default: throw .malformed("A chunk size is not hexadecimal.")
        }
    }
}

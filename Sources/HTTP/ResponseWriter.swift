internal import Text

/// Turns answers into bytes. A name that is no token or a value with a control character cannot be written.
package struct ResponseWriter: Sendable {
    /// How the body is delimited on the wire.
    package enum Framing: Equatable, Sendable { case length, chunked, untilClose }

    /// `Date`, RFC 9110 §5.6.7.
    package var date: String
    package var requestId: String
    /// The answer to HEAD has no body.
    package var omitsBody = false
    package var closes = false
    package var framing = Framing.length

    /// The whole answer; an answer that cannot be written safely becomes a 500 without detail.
    package func bytes(_ response: Response) -> [UInt8] {
        let (head, body) = parts(response)
        return head + body
    }

    /// The same in two pieces, the body as it is. Of a body that is streamed only the head is here.
    package func parts(_ response: Response) -> (head: [UInt8], body: [UInt8]) {
        var output: [UInt8] = []
        guard writeHead(response, to: &output) else {
            output.removeAll(keepingCapacity: true)
            let safe = ResponseWriter(date: date, requestId: "unknown", omitsBody: true, closes: true)
            _ = safe.writeHead(Response(500), to: &output)
            return (output, [])
        }
        let hasBody = !omitsBody && Self.mayHaveBody(response.status) && framing == .length
        return (output, hasBody ? response.body : [])
    }

    /// False if a field cannot be written.
    private func writeHead(_ response: Response, to output: inout [UInt8]) -> Bool {
        output += "HTTP/1.1 \(response.status) \(Response.reason(response.status))\r\n".utf8
        var isSafe = true
        func write(_ name: String, _ value: String) {
            guard Self.isWritable(name: name, value: value) else {
                isSafe = false
                return
            }
            output += name.utf8
            output += [0x3A, 0x20]
            output += value.utf8
            output += [ASCII.carriageReturn, ASCII.lineFeed]
        }
        write("Date", date)
        write("Server", "axidrawd")
        write("X-Request-Id", requestId)
        write("X-Content-Type-Options", "nosniff")
        write("Cache-Control", response.caching)
        write("Accept-Ranges", "none")
        if let type = response.contentType { write("Content-Type", type) }
        for field in response.fields { write(field.name, field.value) }
        if Self.mayHaveBody(response.status) {
            switch framing {
            case .length: write("Content-Length", String(response.stream?.length ?? response.body.count))
            case .chunked: write("Transfer-Encoding", "chunked")
            case .untilClose: break
            }
        }
        if closes { write("Connection", "close") }
        output += [ASCII.carriageReturn, ASCII.lineFeed]
        return isSafe
    }

    package static func isWritable(name: String, value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(ASCII.isToken) && value.utf8.allSatisfy(ASCII.isField)
    }

    /// 1xx, 204 and 304 end with their head.
    package static func mayHaveBody(_ status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }

    /// One chunk of a chunked body.
    package static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array(String(bytes.count, radix: 16).utf8) + [0x0D, 0x0A] + bytes + [0x0D, 0x0A]
    }

    package static let lastChunk: [UInt8] = Array("0\r\n\r\n".utf8)
    package static let interim: [UInt8] = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}

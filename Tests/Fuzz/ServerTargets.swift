@testable internal import HTTP
@testable internal import Text

extension FuzzTarget {
    /// Requests: one verdict however the bytes are cut. The first byte says where.
    static let http = FuzzTarget(name: "http") { bytes in
        let whole = verdict(bytes, cut: bytes.count)
        hold(verdict(bytes, cut: 1) == whole, "byte by byte is another verdict")
        hold(verdict(bytes, cut: 2 + Int(bytes.first ?? 0) % 61) == whole, "cut is another verdict")
    }

    /// The same, behind a head that says `chunked`.
    static let chunked = FuzzTarget(name: "chunked") { bytes in
        let head = Array("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        http.run(head + bytes)
    }

    private static func verdict(_ bytes: [UInt8], cut: Int) -> [String] {
        var parser = RequestParser(limits: HTTPLimits())
        var said: [String] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, cut))
            let piece = Array(bytes[start..<end])
            start = end
            var position = 0
            do {
                while let event = try parser.read(piece, at: &position) {
                    switch event {
                    case .head(let head):
                        said.append("\(head.method) \(head.target.path) \(head.framing) \(head.fields.count)")
                        parser.bodyLimit = 1 << 16
                    case .body(let body): said.append("body \(body)")
                    }
                }
            } catch {
                said.append("\(error)")
                return said
            }
        }
        said.append(parser.isAtStart ? "end" : "unfinished")
        return said
    }

    static let multipart = FuzzTarget(name: "multipart") { bytes in
        guard let form = try? Multipart(bytes, contentType: "multipart/form-data; boundary=b") else { return }
        hold(form.parts.count <= Multipart.partLimit, "too many parts")
        hold(form.parts.reduce(0) { $0 + $1.body.count } <= bytes.count, "parts longer than the body")
    }

    /// What reads is written and read again as the same value.
    static let json = FuzzTarget(name: "json") { bytes in
        if let value = try? JSONReader.read(bytes) {
            let written = value.bytes
            hold((try? JSONReader.read(written))?.bytes == written, "written and read again it is another value")
        }
        do throws(JSONReader.Failure) { _ = try JSONReader.readWithLines(bytes) } catch {
            hold(error.line >= 1, "no line: \(error)")
        }
    }

    /// Targets and queries.
    static let query = FuzzTarget(name: "query") { bytes in
        guard let target = try? RequestTarget(bytes[...], method: "GET") else { return }
        hold(target.query.count <= bytes.count, "more names than bytes")
        hold(target.path.utf8.first == UInt8(ascii: "/") || target.isAsterisk, "a path without slash")
    }
}

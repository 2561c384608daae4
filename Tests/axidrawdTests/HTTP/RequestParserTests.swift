internal import TestSupport
internal import Testing

@testable import HTTP
@testable import axidrawd

/// What a parser says about a stream: each request as text, then how it ended.
private func verdict(_ bytes: [UInt8], cuts: [Int], bodyLimit: Int = 100_000) -> [String] {
    var parser = RequestParser(limits: HTTPLimits())
    var said: [String] = []
    var start = 0
    for end in cuts + [bytes.count] where end > start {
        let piece = Array(bytes[start..<end])
        start = end
        var position = 0
        do {
            while let event = try parser.read(piece, at: &position) {
                switch event {
                case .head(let head):
                    said.append("\(head.method) \(head.target.path) \(head.framing) \(head.fields.count)")
                    parser.bodyLimit = bodyLimit
                case .body(let body): said.append("body \(String(decoding: body, as: UTF8.self))")
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

private func verdict(_ text: String, cuts: [Int] = []) -> [String] { verdict(Array(text.utf8), cuts: cuts) }

private let host = "Host: localhost\r\n"

struct RequestParserTests {
    static let good: [(String, [String])] = [
        ("GET / HTTP/1.1\r\n\(host)\r\n", ["GET / none 1", "body ", "end"]),
        ("\r\nGET /a%20b?x=1 HTTP/1.1\r\n\(host)\r\n", ["GET /a%20b none 1", "body ", "end"]),
        ("GET / HTTP/1.0\r\n\r\n", ["GET / none 0", "body ", "end"]),
        ("GET http://localhost:8080/x HTTP/1.1\r\n\(host)\r\n", ["GET /x none 1", "body ", "end"]),
        ("OPTIONS * HTTP/1.1\r\n\(host)\r\n", ["OPTIONS * none 1", "body ", "end"]),
        ("POST /p HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc", ["POST /p length(3) 2", "body abc", "end"]),
        (
            "POST /p HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n1\r\nc\r\n0\r\nT: x\r\n\r\n",
            ["POST /p chunked 2", "body abc", "end"]
        ),
        (
            "GET /1 HTTP/1.1\r\n\(host)\r\nGET /2 HTTP/1.1\r\n\(host)\r\n",
            ["GET /1 none 1", "body ", "GET /2 none 1", "body ", "end"]
        ),
        ("GET / HTTP/1.1\r\n\(host)X:\t a \u{e9}b\t\r\n\r\n", ["GET / none 2", "body ", "end"]),
        ("POST / HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n", ["POST / length(0) 2", "body ", "end"]),
    ]

    @Test(arguments: good) func accepts(_ text: String, _ expected: [String]) {
        #expect(verdict(text) == expected)
    }

    /// Text and what the refusal must say; a number is the length of a filler.
    static let bad: [(String, HTTPError)] = [
        ("GET / HTTP/1.1\n\(host)\r\n", .malformed("A line ends without carriage return.")),
        ("GET / HTTP/1.1\rX", .malformed("A carriage return stands alone.")),
        ("GET  / HTTP/1.1\r\n", .malformed("The request line is not: method, target, version.")),
        ("GET /\r\n", .malformed("The request line is not: method, target, version.")),
        ("G(T / HTTP/1.1\r\n", .malformed("The method is not a token.")),
        ("GET / HTTP/1.1 \r\n", .malformed("The request line is not: method, target, version.")),
        ("GET / http/1.1\r\n", .malformed("The version is not HTTP/1.1.")),
        ("GET / HTTP/2.0\r\n", .unsupportedVersion),
        ("GET / HTTP/1.10\r\n", .malformed("The version is not HTTP/1.1.")),
        ("\r\n\r\n", .malformed("The request line is empty.")),
        ("GET x HTTP/1.1\r\n", .malformed("The target must begin with a slash.")),
        ("GET * HTTP/1.1\r\n", .malformed("The target * is for OPTIONS only.")),
        ("GET /#a HTTP/1.1\r\n", .malformed("A target has no fragment.")),
        ("GET /%00 HTTP/1.1\r\n", .malformed("The path hides a slash or NUL.")),
        ("GET /a%2Fb HTTP/1.1\r\n", .malformed("The path hides a slash or NUL.")),
        ("GET /%ff HTTP/1.1\r\n", .malformed("The path is not percent-encoded UTF-8.")),
        ("GET /%zz HTTP/1.1\r\n", .malformed("The path is not percent-encoded UTF-8.")),
        ("GET /a/../b HTTP/1.1\r\n", .malformed("The path has dot segments.")),
        ("GET /%2e HTTP/1.1\r\n", .malformed("The path has dot segments.")),
        ("GET / HTTP/1.1\r\n\r\n", .malformed("Host is missing.")),
        ("GET / HTTP/1.1\r\n\(host)\(host)\r\n", .malformed("Host is given more than once.")),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .malformed("Host is not a name with an optional port.")),
        ("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", .malformed("Host is not a name with an optional port.")),
        ("GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", .malformed("Host is not a name with an optional port.")),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .malformed("Host is not a name with an optional port.")),
        ("GET / HTTP/1.1\r\nX : a\r\n\r\n", .malformed("A field name is not a token.")),
        ("GET / HTTP/1.1\r\n: a\r\n\r\n", .malformed("A field has no name.")),
        ("GET / HTTP/1.1\r\n\(host) folded\r\n\r\n", .malformed("A field is folded.")),
        ("GET / HTTP/1.1\r\nX: a\0b\r\n", .malformed("A control character is sent.")),
        ("GET / HTTP/1.1\r\nX: a\u{7f}b\r\n", .malformed("A control character is sent.")),
        ("P / HTTP/1.1\r\n\(host)Content-Length: +3\r\n\r\n", .malformed(lengthText)),
        ("P / HTTP/1.1\r\n\(host)Content-Length: 3, 3\r\n\r\n", .malformed(lengthText)),
        ("P / HTTP/1.1\r\n\(host)Content-Length: 0x3\r\n\r\n", .malformed(lengthText)),
        ("P / HTTP/1.1\r\n\(host)Content-Length:\r\n\r\n", .malformed(lengthText)),
        ("P / HTTP/1.1\r\n\(host)Content-Length: 9223372036854775808\r\n\r\n", .malformed(lengthText)),
        ("P / HTTP/1.1\r\n\(host)Content-Length: 3\r\nContent-Length: 3\r\n\r\n", .malformed(lengthText)),
        ("P / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip\r\n\r\n", .unknownCoding),
        (
            "P / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n",
            .malformed("Transfer-Encoding must be chunked, once.")
        ),
        (
            "P / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
            .malformed("Transfer-Encoding and Content-Length exclude each other.")
        ),
        ("P / HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n", .malformed("HTTP/1.0 has no Transfer-Encoding.")),
    ]
    static let lengthText = "Content-Length must be one number of 1 to 19 digits."

    @Test(arguments: bad) func refuses(_ text: String, _ error: HTTPError) {
        #expect(verdict(text).last == "\(error)")
    }

    static let badChunks = [
        "-1\r\n", "\r\n", "g\r\n", " 1\r\na\r\n", "1 \r\na\r\n", "1\na\r\n", "1\r\nab", "1\r\na\r1", "1;\n\r\n",
        "1\r\na\r\n0\r\nbad\r\n\r\n", "0000000000000001\r\n", "1;" + String(repeating: "x", count: 300) + "\r\n",
        "0\r\nX: " + String(repeating: "y", count: 8200) + "\r\n", "186a1\r\n",
    ]

    @Test(arguments: badChunks) func refusesChunk(_ chunk: String) {
        let said = verdict("P / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n" + chunk)
        #expect(said.count == 2 && said[1] != "unfinished" && said[1] != "end", "\(said)")
    }

    @Test func boundsEveryLength() {
        let long = String(repeating: "a", count: 8192)
        #expect(verdict("GET /\(long)").last == "\(HTTPError.requestLineTooLong)")
        #expect(verdict("GET / HTTP/1.1\r\nX: \(long)").last?.hasPrefix("headTooLarge") == true)
        let field = "X: " + String(repeating: "b", count: 8000) + "\r\n"
        let many = String(repeating: field, count: 5)
        #expect(verdict("GET / HTTP/1.1\r\n" + many).last?.hasPrefix("headTooLarge") == true)
        let fields = String(repeating: "X: y\r\n", count: 100)
        #expect(verdict("GET / HTTP/1.1\r\n\(fields)\r\n").last == "\(HTTPError.malformed("Host is missing."))")
        #expect(verdict("GET / HTTP/1.1\r\n\(fields)\(host)\r\n").last?.hasPrefix("headTooLarge") == true)
    }

    /// Whole, byte by byte, and cut at every offset: one verdict.
    @Test func givesOneVerdictHoweverTheBytesAreCut() {
        let chunked = "P / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
        let texts = Self.good.map(\.0) + Self.bad.map(\.0) + Self.badChunks.map { chunked + $0 }
        for text in texts {
            let bytes = Array(text.utf8)
            let whole = verdict(bytes, cuts: [])
            #expect(verdict(bytes, cuts: Array(1..<bytes.count)) == whole, "\(text)")
            let stride = bytes.count > 2000 ? 97 : 1
            for cut in Swift.stride(from: 1, to: bytes.count, by: stride) {
                let said = verdict(bytes, cuts: [cut])
                if said != whole {
                    Issue.record("cut at \(cut): \(said) instead of \(whole)")
                    break
                }
            }
        }
    }

    /// Requests with bytes changed at random, cut at random: one verdict, no trap.
    @Test func givesOneVerdictForDamagedRequests() {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        let texts = Self.good.map { Array($0.0.utf8) }
        for round in 0..<3000 {
            var bytes = texts[round % texts.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let whole = verdict(bytes, cuts: [])
            let cuts = (0..<3).map { _ in Int.random(in: 1..<bytes.count, using: &random) }.sorted()
            if verdict(bytes, cuts: cuts) != whole { Issue.record("seed \(seed), round \(round): \(bytes)") }
        }
    }
}

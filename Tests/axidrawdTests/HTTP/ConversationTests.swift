internal import Testing

@testable import HTTP
@testable import axidrawd

private let host = "Host: localhost\r\n"
private let chunked = "Transfer-Encoding: chunked\r\n"
private let text = "Content-Type: text/plain\r\n"

/// One request or several, the codes of the answers, and whether the connection stays.
struct StrictCase: Sendable, CustomStringConvertible {
    var request: String
    var codes: [Int]
    var stays: Bool
    var description: String { String(request.prefix(60)) }

    init(_ request: String, _ codes: [Int], stays: Bool = false) {
        self.request = request
        self.codes = codes
        self.stays = stays
    }

    static let all: [StrictCase] = lines + hosts + targets + limits + bodies + methods + conditions

    static let lines: [StrictCase] = [
        StrictCase("GET /a HTTP/1.1\r\n\(host)\r\n", [200], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)\r\nGET /a HTTP/1.1\r\n\(host)\r\n", [200, 200], stays: true),
        StrictCase("\r\nGET /a HTTP/1.1\r\n\(host)\r\n", [200], stays: true),
        StrictCase("\r\n\r\nGET /a HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /a HTTP/1.0\r\n\(host)\r\n", [200]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", [200]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Connection: x, Close\r\n\r\nGET /a HTTP/1.1\r\n", [200]),
        StrictCase("GET /a HTTP/1.1\n\(host)\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\nHost: localhost\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)\n", [400]),
        StrictCase("GET\t/a HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /a  HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase(" GET /a HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /a HTTP/1.1 x\r\n\(host)\r\n", [400]),
        StrictCase("GET /a\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/3.0\r\n\(host)\r\n", [505]),
        StrictCase("GET /a HTTP/0.9\r\n\(host)\r\n", [505]),
        StrictCase("GET /a HTTP/1.2\r\n\(host)\r\n", [200], stays: true),
        StrictCase("GET /a HTTP/11\r\n\(host)\r\n", [400]),
        StrictCase("GET /a HTTP/1.x\r\n\(host)\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)X: a\0\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)X y: a\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)X:a\rb\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)nocolon\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)X: \u{1}\r\n\r\n", [400]),
        StrictCase("\u{16}\u{3}\u{1}\u{2}\u{0}", [400]),
        StrictCase("PRI * HTTP/2.0\r\n\r\n", [505]),
    ]

    static let hosts: [StrictCase] = [
        StrictCase("GET /a HTTP/1.1\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)\(host)\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\nHost: evil.example\r\n\r\n", [421], stays: true),
        StrictCase("GET /a HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", [421], stays: true),
        StrictCase("GET /a HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", [421], stays: true),
        StrictCase("GET /a HTTP/1.1\r\nHost: LOCALHOST:8080\r\n\r\n", [200], stays: true),
        StrictCase("GET /a HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n", [200], stays: true),
        StrictCase("GET /a HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", [200], stays: true),
        StrictCase("GET /a HTTP/1.1\r\nHost: localhost:\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\nHost: localhost:0\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\nHost: user@localhost\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\nHost: localhost/\r\n\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\nHost: localhost, localhost\r\n\r\n", [400]),
        StrictCase("GET http://localhost/a HTTP/1.1\r\n\(host)\r\n", [200], stays: true),
        StrictCase("GET http://evil.example/a HTTP/1.1\r\n\(host)\r\n", [421], stays: true),
        StrictCase("GET ftp://localhost/a HTTP/1.1\r\n\(host)\r\n", [400]),
    ]

    static let targets: [StrictCase] = [
        StrictCase("GET /n/b%20c HTTP/1.1\r\n\(host)\r\n", [200], stays: true),
        StrictCase("GET /n/ HTTP/1.1\r\n\(host)\r\n", [404], stays: true),
        StrictCase("GET /none HTTP/1.1\r\n\(host)\r\n", [404], stays: true),
        StrictCase("GET /%61 HTTP/1.1\r\n\(host)\r\n", [404], stays: true),
        StrictCase("GET //a HTTP/1.1\r\n\(host)\r\n", [404], stays: true),
        StrictCase("GET /a/ HTTP/1.1\r\n\(host)\r\n", [404], stays: true),
        StrictCase("GET /n/%2e%2e HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /n/.. HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /n/%2f HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /n/%00 HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /n/%c0%af HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /n/%4 HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /a?x=%00 HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /a#f HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /\u{e9} HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("GET /" + String(repeating: "a", count: 8190) + " HTTP/1.1\r\n\(host)\r\n", [414]),
        StrictCase("GET /a HTTP/1.1\r\nX: " + String(repeating: "a", count: 8190) + "\r\n\r\n", [431]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)" + String(repeating: "A: b\r\n", count: 101) + "\r\n", [431]),
    ]

    /// At every bound: the last that passes, the first that does not.
    static let limits: [StrictCase] = [
        StrictCase(
            "GET /a?" + String(repeating: "x", count: 8192 - 16) + " HTTP/1.1\r\n\(host)\r\n", [200], stays: true),
        StrictCase("GET /a?" + String(repeating: "x", count: 8192 - 15) + " HTTP/1.1\r\n\(host)\r\n", [414]),
        StrictCase(
            "GET /a HTTP/1.1\r\n\(host)X: " + String(repeating: "y", count: 8189) + "\r\n\r\n", [200], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)X: " + String(repeating: "y", count: 8190) + "\r\n\r\n", [431]),
        StrictCase(
            "GET /a HTTP/1.1\r\n\(host)" + String(repeating: "A: b\r\n", count: 99) + "\r\n", [200], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)" + String(repeating: "A: b\r\n", count: 100) + "\r\n", [431]),
        StrictCase(
            "GET /a HTTP/1.1\r\n\(host)"
                + String(repeating: "X: " + String(repeating: "y", count: 7000) + "\r\n", count: 4)
                + "\r\n", [200], stays: true),
        StrictCase(
            "GET /a HTTP/1.1\r\n\(host)"
                + String(repeating: "X: " + String(repeating: "y", count: 7000) + "\r\n", count: 5)
                + "\r\n", [431]),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 100\r\n\r\n" + String(repeating: "a", count: 100),
            [200],
            stays: true),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n63\r\n" + String(repeating: "a", count: 99)
                + "\r\n1\r\na\r\n0\r\n\r\n", [200], stays: true),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n63\r\n" + String(repeating: "a", count: 99)
                + "\r\n2\r\n", [413]),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n1;" + String(repeating: "e", count: 255)
                + "\r\na\r\n0\r\n\r\n", [200], stays: true),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n1;" + String(repeating: "e", count: 257)
                + "\r\na\r\n0\r\n\r\n", [400]),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n0\r\nT: " + String(repeating: "t", count: 8100)
                + "\r\n\r\n",
            [200], stays: true),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n0\r\nT: " + String(repeating: "t", count: 8200)
                + "\r\n\r\n",
            [431]),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n000000000000001\r\na\r\n0\r\n\r\n", [200], stays: true),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n0000000000000001\r\n", [400]),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 0000000000000000003\r\n\r\nabc", [200], stays: true),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 00000000000000000003\r\n\r\nabc", [400]),
    ]

    static let bodies: [StrictCase] = [
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 3\r\n\r\nabc", [200], stays: true),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n3\r\nabc\r\n0\r\n\r\n", [200], stays: true),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n3;x=\"y\"\r\nabc\r\n0\r\nT: u\r\n\r\n", [200],
            stays: true),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 101\r\n\r\n", [413]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n65\r\n", [413]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n0x3\r\nabc\r\n0\r\n\r\n", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n3\r\nabcd\r\n0\r\n\r\n", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\n3\nabc\r\n0\r\n\r\n", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\r\nfffffffffffffff\r\n", [413]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)\(chunked)\r\n", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Transfer-Encoding: chunked, chunked\r\n\r\n", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Transfer-Encoding: identity\r\n\r\n", [501]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)\(chunked)Content-Length: 3\r\n\r\nabc", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 3,3\r\n\r\nabc", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: -3\r\n\r\n", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 3 \r\n\r\nabc", [200], stays: true),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 3 3\r\n\r\n", [400]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 99999999999999999999\r\n\r\n", [400]),
        StrictCase("POST /echo HTTP/1.0\r\n\(text)\(chunked)\r\n", [400]),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Content-Length: 2\r\n\r\nab", [413]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)Content-Type: image/png\r\nContent-Length: 1\r\n\r\na", [415]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)Content-Length: 1\r\n\r\na", [415]),
        StrictCase("POST /none HTTP/1.1\r\n\(host)Content-Length: 1\r\n\r\na", [404]),
        StrictCase(
            "POST /echo HTTP/1.1\r\n\(host)\(text)Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", [100, 200],
            stays: true),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Expect: 100-continue\r\nContent-Length: 300\r\n\r\n", [413]),
        StrictCase("POST /echo HTTP/1.1\r\n\(host)\(text)Expect: tea\r\nContent-Length: 3\r\n\r\nabc", [417]),
        StrictCase("POST /echo HTTP/1.0\r\n\(host)\(text)Expect: tea\r\nContent-Length: 3\r\n\r\nabc", [200]),
    ]

    static let methods: [StrictCase] = [
        StrictCase("HEAD /a HTTP/1.1\r\n\(host)\r\n", [200], stays: true),
        StrictCase("OPTIONS /a HTTP/1.1\r\n\(host)\r\n", [204], stays: true),
        StrictCase("OPTIONS * HTTP/1.1\r\n\(host)\r\n", [204], stays: true),
        StrictCase("DELETE /a HTTP/1.1\r\n\(host)\r\n", [405], stays: true),
        StrictCase("TRACE /a HTTP/1.1\r\n\(host)\r\n", [405], stays: true),
        StrictCase("get /a HTTP/1.1\r\n\(host)\r\n", [405], stays: true),
        StrictCase("CONNECT localhost:80 HTTP/1.1\r\n\(host)\r\n", [400]),
        StrictCase("POST /a HTTP/1.1\r\n\(host)X-HTTP-Method-Override: GET\r\n\r\n", [405], stays: true),
        StrictCase("DELETE /admin HTTP/1.1\r\n\(host)\r\n", [204], stays: true),
    ]

    static let conditions: [StrictCase] = [
        StrictCase("GET /a HTTP/1.1\r\n\(host)Accept: image/png\r\n\r\n", [406], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Accept: text/*;q=0.3, */*;q=0.1\r\n\r\n", [200], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Accept: application/json;q=0, */*\r\n\r\n", [406], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Authorization: Bearer axd_none\r\n\r\n", [401], stays: true),
        StrictCase("GET /open HTTP/1.1\r\n\(host)Authorization: Bearer \r\n\r\n", [401], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Authorization: Basic eDp5\r\n\r\n", [401], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)X-Forwarded-For: 10.0.0.1\r\n\r\n", [401], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Via: 1.1 proxy\r\n\r\n", [401], stays: true),
        StrictCase("GET /open HTTP/1.1\r\n\(host)Forwarded: for=x\r\n\r\n", [200], stays: true),
        StrictCase("DELETE /admin HTTP/1.1\r\n\(host)Origin: http://evil.example\r\n\r\n", [403], stays: true),
        StrictCase("DELETE /admin HTTP/1.1\r\n\(host)Origin: null\r\n\r\n", [403], stays: true),
        StrictCase("DELETE /admin HTTP/1.1\r\n\(host)Origin: http://localhost\r\n\r\n", [204], stays: true),
        StrictCase("DELETE /admin HTTP/1.1\r\n\(host)Sec-Fetch-Site: cross-site\r\n\r\n", [403], stays: true),
        StrictCase("DELETE /admin HTTP/1.1\r\n\(host)Sec-Fetch-Site: same-origin\r\n\r\n", [204], stays: true),
        StrictCase("GET /a HTTP/1.1\r\n\(host)Origin: http://evil.example\r\n\r\n", [200], stays: true),
    ]
}

struct ConversationTests {
    @Test(arguments: StrictCase.all) func answersAsTheRulesSay(_ example: StrictCase) {
        let (text, phase) = converse(example.request)
        #expect(statuses(text) == example.codes)
        #expect((phase == "reading") == example.stays)
    }

    /// Whole, byte by byte, and cut at every offset.
    @Test func answersTheSameHoweverTheBytesAreCut() {
        #expect(StrictCase.all.count > 106)
        for example in StrictCase.all {
            let bytes = Array(example.request.utf8)
            let whole = converse(bytes)
            let single = converse(bytes, cuts: Array(1..<max(2, bytes.count)))
            #expect(single == whole, "byte by byte: \(example)")
            for cut in stride(from: 1, to: bytes.count, by: bytes.count > 1000 ? 211 : 1)
            where converse(bytes, cuts: [cut]) != whole {
                Issue.record("cut at \(cut): \(example)")
                break
            }
        }
    }

    @Test func answersHeadAsGetWithoutBody() {
        let get = converse("GET /a HTTP/1.1\r\n\(host)\r\n").text
        let head = converse("HEAD /a HTTP/1.1\r\n\(host)\r\n").text
        #expect(get == head + "\"a\"\n")
    }

    @Test func alwaysSaysWhatItMustSay() {
        let text = converse("GET /none HTTP/1.1\r\n\(host)X-Request-Id: mine.1\r\n\r\n").text
        for field in [
            "Date: Sun, 06 Nov 1994 08:49:37 GMT", "X-Content-Type-Options: nosniff", "Cache-Control: no-store",
            "X-Request-Id: mine.1", "Content-Type: application/problem+json", "Accept-Ranges: none", "Server: axidrawd",
        ] {
            #expect(text.contains("\r\n\(field)\r\n"), "\(field)")
        }
        #expect(text.contains("\"type\":\"/problems/not-found\"") && text.contains("\"instance\":\"/none\""))
        #expect(converse("GET /a HTTP/1.1\r\n\(host)X-Request-Id: a b\r\n\r\n").text.contains("X-Request-Id: id\r\n"))
    }

    @Test func saysWhatIsAllowed() {
        #expect(converse("PUT /a HTTP/1.1\r\n\(host)\r\n").text.contains("\r\nAllow: GET, HEAD, OPTIONS\r\n"))
        #expect(converse("OPTIONS /echo HTTP/1.1\r\n\(host)\r\n").text.contains("\r\nAllow: OPTIONS, POST\r\n"))
        #expect(
            converse("POST /echo HTTP/1.1\r\n\(host)Content-Length: 1\r\n\r\na").text.contains(
                "Accept-Post: text/plain"))
    }

    // MARK: Time

    /// Feeds pieces at times (ms), then lets time pass to the end; the codes of all answers.
    private func timed(_ pieces: [(Int64, String)], until end: Int64) -> (codes: [Int], phase: HTTPConversation.Phase) {
        let gate = TestGate()
        var conversation = HTTPConversation(limits: HTTPLimits(), now: 0)
        var sent = ""
        var rest = pieces[...]
        for now in stride(from: Int64(0), through: end, by: 500) {
            while let piece = rest.first, piece.0 <= now {
                rest = rest.dropFirst()
                conversation.receive(ArraySlice(piece.1.utf8), now: now)
                while let request = conversation.next(now: now, gate: gate) {
                    guard case .now(let response) = request.pass.route.handler(request) else { continue }
                    conversation.answer(response, now: now, gate: gate)
                }
            }
            conversation.tick(now: now, gate: gate)
            sent += String(decoding: conversation.pendingOutput, as: UTF8.self)
            conversation.sent(conversation.pendingOutput.count, now: now)
            conversation.beginDraining(now: now)
        }
        return (statuses(sent), conversation.phase)
    }

    @Test func givesAHeadTenSecondsFromItsFirstByte() {
        let drip = (0..<40).map { (Int64($0) * 500, $0 == 0 ? "GET /a HTTP/1.1\r\n\(host)X: " : "y") }
        let (codes, phase) = timed(drip, until: 20_000)
        #expect(codes == [408])
        #expect(phase == .closed)
        #expect(timed(Array(drip.prefix(15)) + [(9000, "\r\n\r\n")], until: 9500).codes == [200])
    }

    @Test func demandsAKilobyteASecondOfABody() {
        let head = "POST /echo HTTP/1.1\r\n\(host)\(text)Content-Length: 90\r\n\r\n"
        #expect(timed([(0, head), (9000, String(repeating: "a", count: 90))], until: 9500).codes == [200])
        #expect(timed([(0, head), (1000, "a")], until: 13_000).codes == [408])
    }

    @Test func closesIdleConnectionsWithoutAWord() {
        let (codes, phase) = timed([(0, "GET /a HTTP/1.1\r\n\(host)\r\n")], until: 74_000)
        #expect(codes == [200])
        #expect(phase == .reading)
        #expect(timed([(0, "GET /a HTTP/1.1\r\n\(host)\r\n")], until: 80_000).phase == .closed)
        #expect(timed([], until: 80_000).phase == .closed)
    }

    @Test func cutsOffAReaderThatTakesNothing() {
        let gate = TestGate()
        var conversation = HTTPConversation(limits: HTTPLimits(), now: 0)
        conversation.receive(ArraySlice("GET /none HTTP/1.1\r\n\(host)\r\n".utf8), now: 0)
        #expect(conversation.next(now: 0, gate: gate) == nil)
        conversation.tick(now: 29_000, gate: gate)
        #expect(conversation.phase == .reading)
        conversation.tick(now: 31_000, gate: gate)
        #expect(conversation.phase == .closed)
    }

    @Test func dropsWhatFollowsARefusalForAWhile() {
        let gate = TestGate()
        var conversation = HTTPConversation(limits: HTTPLimits(), now: 0)
        conversation.receive(ArraySlice("bad\r\n".utf8), now: 0)
        #expect(conversation.next(now: 0, gate: gate) == nil)
        conversation.sent(conversation.pendingOutput.count, now: 0)
        conversation.beginDraining(now: 0)
        conversation.receive([UInt8](repeating: 65, count: 60_000)[...], now: 10)
        #expect(conversation.wantsInput)
        conversation.receive([UInt8](repeating: 65, count: 60_000)[...], now: 20)
        #expect(conversation.phase == .closed)
    }

    @Test func answersAPeerThatHasFinishedSending() {
        let gate = TestGate()
        var conversation = HTTPConversation(limits: HTTPLimits(), now: 0)
        conversation.receive(ArraySlice("GET /a HTTP/1.1\r\n\(host)\r\n".utf8), now: 0)
        #expect(conversation.next(now: 0, gate: gate) != nil)
        conversation.peerClosed()
        conversation.answer(Response(200), now: 0, gate: gate)
        #expect(conversation.hasOutput)
        #expect(conversation.phase == .flushing)
    }
}

internal import Synchronization
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Whose word about the client counts.
struct ForwardedTests {
    private static let proxies: Set<String> = ["127.0.0.1", "10.0.0.2", "::1", "unix"]

    private static func head(_ fields: [(String, String)], method: String = "POST") throws -> RequestHead {
        var head = RequestHead(
            method: method, target: try RequestTarget(ArraySlice("/x".utf8), method: method), minorVersion: 1,
            fields: [.init(name: "host", value: "localhost")] + fields.map { .init(name: $0.0, value: $0.1) })
        try head.settle()
        return head
    }

    private static func read(_ fields: [(String, String)], peer: PeerAddress = .internet("127.0.0.1")) throws -> String
    {
        let forwarded = Forwarded(try head(fields), peer: peer, proxies: proxies)
        return "\(forwarded.client) \(forwarded.isSecure ? "https" : "http") \(forwarded.host ?? "-")"
    }

    static let believed: [([(String, String)], String)] = [
        ([], "127.0.0.1 http -"),
        ([("x-forwarded-proto", "https")], "127.0.0.1 https -"),
        ([("x-forwarded-proto", "HTTPS"), ("x-forwarded-for", "192.0.2.1")], "192.0.2.1 https -"),
        ([("x-forwarded-host", "Studio.example:8443")], "127.0.0.1 http studio.example:8443"),
        // What the client invents stands before what the proxy adds.
        ([("x-forwarded-for", "127.0.0.1, 192.0.2.1")], "192.0.2.1 http -"),
        ([("x-forwarded-for", "6.6.6.6, 192.0.2.1"), ("x-forwarded-proto", "https, http")], "192.0.2.1 http -"),
        ([("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "192.0.2.1")], "192.0.2.1 http -"),
        // Through two listed proxies.
        ([("x-forwarded-for", "192.0.2.1, 10.0.0.2"), ("x-forwarded-proto", "https, http")], "192.0.2.1 https -"),
        ([("x-forwarded-for", "192.0.2.1, 10.0.0.2"), ("x-forwarded-proto", "https")], "192.0.2.1 https -"),
        ([("x-forwarded-for", "unknown")], "127.0.0.1 http -"),
        ([("x-forwarded-for", "[2001:DB8::1]:4711")], "2001:db8::1 http -"),
        ([("x-forwarded-for", "2001:db8::1")], "2001:db8::1 http -"),
        ([("x-forwarded-for", "192.0.2.1:4711")], "192.0.2.1 http -"),
        ([("x-forwarded-for", "")], "127.0.0.1 http -"),
        ([("x-forwarded-proto", "gopher"), ("x-forwarded-host", "a b")], "127.0.0.1 http -"),
        ([("forwarded", "for=192.0.2.1;proto=https;host=studio.example")], "192.0.2.1 https studio.example"),
        ([("forwarded", "for=6.6.6.6;proto=https, For=\"[2001:db8::1]:9\"")], "2001:db8::1 http -"),
        ([("forwarded", "for=192.0.2.1;proto=https, for=10.0.0.2;proto=http")], "192.0.2.1 https -"),
        ([("forwarded", "for=\"_a,b;c\";proto=https")], "127.0.0.1 https -"),
        ([("forwarded", "proto=https;proto")], "127.0.0.1 http -"),
        ([("forwarded", "proto=\"https")], "127.0.0.1 http -"),
        ([("forwarded", ",")], "127.0.0.1 http -"),
        // One kind comes from the proxy, the other may come from its client.
        ([("forwarded", "proto=https"), ("x-forwarded-proto", "http")], "127.0.0.1 http -"),
        ([("forwarded", "proto=https"), ("x-forwarded-proto", "https")], "127.0.0.1 https -"),
        ([("forwarded", "host=evil.example"), ("x-forwarded-host", "studio.example")], "127.0.0.1 http -"),
    ]

    @Test(arguments: believed.indices) func believesListedProxies(_ index: Int) throws {
        let (fields, expected) = Self.believed[index]
        #expect(try Self.read(fields) == expected, "\(fields)")
    }

    /// The same words from anybody else change nothing.
    @Test(arguments: ["192.0.2.7", "127.0.0.2", "10.0.0.20", "::2"]) func believesNobodyElse(_ peer: String) throws {
        for (fields, _) in Self.believed {
            #expect(try Self.read(fields, peer: .internet(peer)) == "\(peer) http -", "\(fields)")
        }
    }

    @Test func believesAProxyOnTheUnixSocketIfListed() throws {
        #expect(try Self.read([("x-forwarded-proto", "https")], peer: .unix) == "unix https -")
    }

    @Test func takesOnlyHttpsAsOursBehindHttps() throws {
        var access = Access()
        access.proxies = ["127.0.0.1"]
        let route = TestGate.routes[4]
        let caller = Caller(role: .admin, credential: .session("k"))
        func passes(_ origin: String, _ scheme: String) throws -> Bool {
            let head = try Self.head(
                [("origin", origin), ("x-forwarded-proto", scheme), ("x-forwarded-host", "studio.example")],
                method: "DELETE")
            do throws(Problem) {
                try access.authorize(caller, route: route, head: head, peer: .internet("127.0.0.1"))
                return true
            } catch { return false }
        }
        #expect(try passes("https://studio.example", "https"))
        #expect(try !passes("http://studio.example", "https"))
        #expect(try passes("http://studio.example", "http"))
        #expect(try !passes("https://localhost", "https"))
        #expect(try !passes("https://studio.example:444", "https"))
    }

    // MARK: The cookie and the log

    private static func answer(to fields: String, proxies: Set<String>) -> String {
        let credentials = CredentialTable(now: { 1000 })
        credentials.replaceKeys([
            .init(name: "k", role: .admin, hash: SHA256.digest("axd_k".utf8), created: "", expires: nil)
        ])
        var access = Access()
        access.proxies = proxies
        let site = Site(
            router: Router(SessionRoutes(credentials: credentials).routes), access: access, credentials: credentials,
            events: EventHub(epoch: "e"), log: .silent)
        let request =
            "POST /v1/session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer axd_k\r\n\(fields)\r\n"
        return converse(request, gate: TestGate(site: site)).text
    }

    @Test func marksTheCookieSecureOnlyByAListedProxysWord() {
        let forwarded = "X-Forwarded-Proto: https\r\n"
        let listed = Self.answer(to: forwarded, proxies: ["127.0.0.1"])
        #expect(statuses(listed) == [204])
        #expect(listed.contains("; SameSite=Strict; Max-Age=43200; Secure\r\n"))
        let unlisted = Self.answer(to: forwarded, proxies: ["10.0.0.2"])
        #expect(unlisted.contains("Set-Cookie: axidrawd=") && !unlisted.contains("Secure"))
        #expect(!Self.answer(to: "", proxies: ["127.0.0.1"]).contains("Secure"))
    }

    @Test func logsThePatternAndNeverThePath() {
        let lines = Mutex<[String]>([])
        let log = Log(level: .debug, sink: { line in lines.withLock { $0.append(line) } })
        let site = Site(
            router: Router(TestGate.routes), access: Access(), credentials: CredentialTable(),
            events: EventHub(epoch: "e"), log: log)
        let text =
            "GET /n/hidden HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
            + "POST /n/hidden HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hidden\r\n"
        #expect(statuses(converse(text, gate: TestGate(site: site)).text) == [200, 404, 405, 400])
        log.flush()
        let said = lines.withLock { $0 }
        #expect(said.count == 4)
        #expect(said.filter { $0.contains("hidden") } == [])
        #expect(said.first?.contains("method=GET route=/n/{name} code=200") == true)
        #expect(said.last?.contains("route=- code=400") == true)
    }

    @Test(arguments: [
        ("10.0.0.2", "10.0.0.2", true), ("10.0.0.0/8", "10.200.3.4", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("192.168.4.0/23", "192.168.5.255", true), ("192.168.4.0/23", "192.168.6.0", false),
        ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("::/0", "fd00::1", true),
        ("fd00::/8", "fdab:1::7", true), ("fd00::/8", "fe80::1", false), ("fd00::1", "FD00:0:0:0:0:0:0:1", true),
        ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
        ("::ffff:10.0.0.0/104", "10.0.0.1", false), ("10.0.0.1", "::ffff:10.0.0.1", true),
        ("10.0.0.0/8", "unix", false),
    ]) func rangesHoldWhatSharesTheirFirstBits(range: String, address: String, holds: Bool) {
        #expect(Set([range]).lists(address) == holds)
    }

    @Test(arguments: [
        "10.0.0.2/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "/8", "10.0.0.0/-1", "10.0.0.0/8/8", "fd00::/129",
        "fd00:::1",
        "1::2::3", "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "10.0.0.256", "1:2:3:4:5:6:7::8", "proxy", "",
        "10.0.0.0/0x8",
    ]) func whatIsNoRangeIsRefused(text: String) {
        #expect(AddressRange(text) == nil)
        #expect(throws: ServiceConfiguration.Failure.self) {
            try ServiceConfiguration(Array("{\"proxies\":[\"\(text)\"]}".utf8), path: "c")
        }
    }
}

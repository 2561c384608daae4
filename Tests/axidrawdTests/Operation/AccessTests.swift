internal import Foundation
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Every route of the router against every kind of caller: nobody passes who should not, nobody is kept out who may.
struct AccessTests {
    private enum Who: String, CaseIterable {
        case local, foreign, proxied, viewer, `operator`, admin, badKey, session, otherOrigin, otherHost
    }

    private static func table() throws -> (CredentialTable, [Who: String], String) {
        let table = CredentialTable(now: { 1000 })
        let roles: [(Who, Role)] = [(.viewer, .viewer), (.operator, .operator), (.admin, .admin)]
        table.replaceKeys(
            roles.map { who, role in
                CredentialTable.Key(
                    name: who.rawValue, role: role, hash: SHA256.digest("axd_\(who.rawValue)".utf8), created: "",
                    expires: nil)
            })
        let session = table.startSession(for: Caller(role: .admin, credential: .key("admin")))?.token
        return (table, [:], try #require(session))
    }

    private func head(_ route: Route, _ who: Who, session: String) -> (RequestHead, PeerAddress) {
        var fields = [RequestHead.Field(name: "host", value: who == .otherHost ? "evil.example" : "localhost")]
        var peer = PeerAddress.internet("127.0.0.1")
        func add(_ name: String, _ value: String) { fields.append(.init(name: name, value: value)) }
        switch who {
        case .local, .otherHost: break
        case .foreign: peer = .internet("10.0.0.7")
        case .proxied: add("x-forwarded-for", "10.0.0.7")
        case .viewer, .operator, .admin:
            peer = .internet("10.0.0.7")
            add("authorization", "Bearer axd_\(who.rawValue)")
        case .badKey: add("authorization", "Bearer axd_wrong")
        case .session:
            peer = .internet("10.0.0.7")
            add("cookie", "a=b; axidrawd=\(session)")
        case .otherOrigin: add("origin", "http://evil.example")
        }
        let path = route.pattern.replacing("{name}", with: "plot1").replacing("{id}", with: "x")
            .replacing("{verb}", with: "stop").replacing("{source}", with: "s").replacing("{secret}", with: "t")
        let target = try? RequestTarget(ArraySlice(path.utf8), method: route.method)
        var head = RequestHead(
            method: route.method, target: target ?? .init(), minorVersion: 1, fields: fields)
        try? head.settle()
        return (head, peer)
    }

    /// What the rules of access say, written down anew.
    private func expected(_ route: Route, _ who: Who) -> Int {
        let isChange = route.method != "GET" || route.actsOnGet
        switch who {
        case .otherHost: return 421
        case .badKey: return 401
        case .local: return 200
        case .otherOrigin: return isChange ? 403 : 200
        case .foreign, .proxied: return route.role == .anyone ? 200 : 401
        case .session: return isChange ? 403 : 200
        case .viewer: return route.role <= .viewer ? 200 : 403
        case .operator: return route.role <= .operator ? 200 : 403
        case .admin: return 200
        }
    }

    @Test func decidesEveryCellOfTheMatrix() throws {
        let (credentials, _, session) = try Self.table()
        let daemon = try Daemon(
            options: DaemonOptions(), planning: .pipeline, credentials: credentials, log: .silent)
        let router = Router(daemon.routes)
        let site = Site(
            router: router, access: Access(), credentials: credentials, events: EventHub(epoch: "e"), log: .silent)
        var printed = "route × " + Who.allCases.map(\.rawValue).joined(separator: " ") + "\n"
        for route in router.routes {
            printed += "\(route.method) \(route.pattern) \(route.role.name)"
            for who in Who.allCases {
                let (head, peer) = head(route, who, session: session)
                let gate = SiteGate(site: site, peer: peer, date: "")
                let status: Int
                switch gate.admit(head) {
                case .passes(let pass):
                    status = 200
                    #expect(pass.route.pattern == route.pattern)
                case .answered(let response): status = response.status
                case .refused(let problem): status = problem.status
                }
                printed += " \(status)"
                #expect(status == expected(route, who), "\(route.method) \(route.pattern) as \(who.rawValue)")
            }
            printed += "\n"
        }
        #expect(router.routes.count > 20)
        try expectGolden(printed, at: packageDirectory.appendingPathComponent("fixtures/http/access.txt"))
    }

    @Test func countsAnIPv6NetworkAsOneClient() {
        func network(_ text: String) -> String { PeerAddress.internet(text).network }
        #expect(network("2001:db8:1:2::7") == "2001:db8:1:2::/64")
        #expect(network("2001:db8:1:2:ffff::1") == network("2001:db8:1:2::7"))
        #expect(network("2001:db8:1:3::7") != network("2001:db8:1:2::7"))
        #expect(network("fe80::1%eth0") == "fe80:0:0:0::/64")
        #expect(network("192.0.2.7") == "192.0.2.7" && network("unknown") == "unknown")
        #expect(network("not:an:address") == "not:an:address")
        #expect(PeerAddress.unix.network == "unix")
    }

    @Test func slowsDownWhoTriesKeysAndNobodyElse() throws {
        let time = Mutex(6_000_010)
        let (credentials, _, _) = try Self.table()
        let site = Site(
            router: Router(TestGate.routes), access: Access(), credentials: credentials, events: EventHub(epoch: "e"),
            log: .silent, wrongKeys: WrongKeys(now: { time.withLock { $0 } }))
        func status(_ key: String, from peer: String, _ fields: String = "") -> Int? {
            let gate = TestGate(peer: .internet(peer), site: site)
            let request =
                "GET /n/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\n\(fields)\r\n"
            return statuses(converse(request, gate: gate).text).first
        }
        for number in 0..<WrongKeys.perMinute { #expect(status("axd_no", from: "2001:db8::\(number + 1)") == 401) }
        #expect(status("axd_no", from: "2001:db8::ffff") == 429)
        #expect(status("axd_no", from: "2001:db8:0:1::1") == 401)
        #expect(status("axd_admin", from: "2001:db8::1") == 200)
        let wrong = "GET /n/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer no\r\n\r\n"
        let said = converse(wrong, gate: TestGate(peer: .internet("2001:db8::1"), site: site)).text
        #expect(said.contains("\r\nRetry-After: 50\r\n") && said.contains("/problems/too-many-keys"))
        // On this machine nobody is slowed down, but what a proxy hands on is from outside.
        for _ in 0..<200 { #expect(status("axd_no", from: "127.0.0.1") == 401) }
        for _ in 0..<100 { #expect(status("axd_no", from: "127.0.0.1", "Via: 1.1 p\r\n") == 401) }
        #expect(status("axd_no", from: "127.0.0.1", "Via: 1.1 p\r\n") == 429)
        time.withLock { $0 += 50 }
        #expect(status("axd_no", from: "2001:db8::1") == 401)
    }

    @Test func countsSoManyPlacesAndNoMore() {
        let wrongKeys = WrongKeys(now: { 0 })
        for place in 0..<WrongKeys.places { #expect(wrongKeys.retryAfter(wrongKeyFrom: "p\(place)") == nil) }
        for place in 0..<WrongKeys.perMinute { #expect(wrongKeys.retryAfter(wrongKeyFrom: "q\(place)") == nil) }
        #expect(wrongKeys.retryAfter(wrongKeyFrom: "r") == 60)
        #expect(wrongKeys.retryAfter(wrongKeyFrom: "p1") == nil)
    }

    @Test func refusesExpiredKeysAndEndsSessionsOfRevokedOnes() {
        let table = CredentialTable(now: { 1000 })
        let hash = SHA256.digest("axd_k".utf8)
        table.replaceKeys([.init(name: "k", role: .viewer, hash: hash, created: "", expires: 1000)])
        #expect(table.caller(ofKey: "axd_k") == nil)
        table.replaceKeys([.init(name: "k", role: .viewer, hash: hash, created: "", expires: 1001)])
        #expect(table.caller(ofKey: "axd_k")?.role == .viewer)
        #expect(table.caller(ofKey: "") == nil)
        let session = table.startSession(for: Caller(role: .viewer, credential: .key("k")))?.token ?? ""
        #expect(table.caller(ofSession: session)?.role == .viewer)
        table.replaceKeys([])
        #expect(table.caller(ofSession: session) == nil)
    }

    @Test func knowsLoopbackNames() {
        for name in ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"] { #expect(Access.isLoopback(name)) }
        for name in ["localhost.", "127.0.0.1.x", "127.1", "128.0.0.1", "127.0.0.256", "::1", "[::2]", ""] {
            #expect(!Access.isLoopback(name), "\(name)")
        }
    }

    @Test func believesTheHostThatAListedProxyForwards() throws {
        var access = Access()
        access.proxies = ["127.0.0.1"]
        var head = RequestHead(
            method: "POST", target: try RequestTarget(ArraySlice("/x".utf8), method: "POST"), minorVersion: 1,
            fields: [
                .init(name: "host", value: "localhost"), .init(name: "origin", value: "https://studio.example"),
                .init(name: "x-forwarded-host", value: "studio.example"),
            ])
        try head.settle()
        let caller = Caller(role: .admin, credential: .key("k"))
        let route = TestGate.routes[2]
        let peer = PeerAddress.internet("127.0.0.1")
        #expect(throws: Never.self) { try access.authorize(caller, route: route, head: head, peer: peer) }
        #expect(throws: Problem.self) { try Access().authorize(caller, route: route, head: head, peer: peer) }
    }

    @Test func storesKeysAsHashes() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = KeyFile(path: folder.appendingPathComponent("state/keys.json").path)
        #expect(try file.read() == [])
        let key = try file.add(name: "a", role: .operator, expires: nil, now: 0)
        _ = try file.add(name: "b", role: .viewer, expires: 5, now: 0)
        #expect(key.hasPrefix("axd_") && key.utf8.count == 47)
        let stored = try String(contentsOfFile: file.path, encoding: .utf8)
        #expect(!stored.contains(key.dropFirst(4)))
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: KeyFile.Failure.nameTaken("a")) { try file.add(name: "a", role: .viewer, expires: nil, now: 0) }
        try file.revoke(name: "a")
        #expect(try file.read().map(\.name) == ["b"])
        #expect(throws: KeyFile.Failure.unknownName("a")) { try file.revoke(name: "a") }
        try Data("{".utf8).write(to: URL(fileURLWithPath: file.path))
        #expect(throws: KeyFile.Failure.self) { try file.read() }
    }
}

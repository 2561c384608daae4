internal import Foundation
internal import Testing

@testable import HTTP
@testable import Text

/// The one client: what it sends, what it takes for an answer, how long it waits, and where it does not go.
struct HTTPClientTests {
    private func ask(
        _ server: ScriptedServer, bounds: HTTPClient.Bounds = .init(), addresses: AddressRule = .any,
        method: String = "GET", host: String = "127.0.0.1", body: [UInt8] = [], fields: [Response.Field] = []
    ) async throws -> Result<HTTPClient.Reply, HTTPClient.Failure> {
        let location = try #require(HTTPLocation("http://\(host):\(server.port)/a?b=c"))
        let client = HTTPClient(bounds: bounds, addresses: addresses)
        return await RawClient.waiting {
            do throws(HTTPClient.Failure) {
                return .success(try client.send(.init(method, location, fields: fields, body: body)))
            } catch { return .failure(error) }
        }
    }

    @Test func sendsARequestAndReadsItsAnswer() async throws {
        let server = try ScriptedServer { _, _ in
            .bytes("HTTP/1.1 103 Early\r\nX: 1\r\n\r\nHTTP/1.1 201 Made\r\nX-Two:  b \r\nContent-Length: 3\r\n\r\nabcd")
        }
        defer { server.stop() }
        let reply = try await ask(server, method: "POST", body: [1, 2], fields: [.init("X-One", "a")]).get()
        #expect(reply.status == 201 && reply.body == Array("abc".utf8))
        #expect(reply.head.value("x-two") == "b")
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(request.value("X-One") == "a" && request.value("Content-Length") == "2" && request.body == [1, 2])
        #expect(request.value("Connection") == "close")
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n", "abcde"),
        ("HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end"),
        ("HTTP/1.1 204 No\r\n\r\n", ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "hi"),
    ]) func readsEveryFraming(text: String, body: String) async throws {
        let server = try ScriptedServer { _, _ in .bytes(text) }
        defer { server.stop() }
        #expect(try await ask(server).get().body == Array(body.utf8))
    }

    @Test(arguments: [
        "", "hello\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", String(repeating: "x", count: 70_000),
        String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 20),
    ]) func refusesWhatIsNoAnswer(text: String) async throws {
        let server = try ScriptedServer { _, _ in .bytes(text) }
        defer { server.stop() }
        guard case .failure(.broken) = try await ask(server) else {
            Issue.record("taken for an answer: \(text.prefix(60))")
            return
        }
    }

    @Test func readsARefusalThatComesBeforeTheBodyIsTaken() async throws {
        let server = try ScriptedServer(waitsForBody: false) { _, _ in .status(413) }
        defer { server.stop() }
        let reply = try await ask(server, method: "POST", body: [UInt8](repeating: 0, count: 1 << 16))
        #expect(try reply.get().status == 413)
    }

    @Test func waitsNoLongerThanItMay() async throws {
        let server = try ScriptedServer { _, _ in .silence }
        defer { server.stop() }
        var bounds = HTTPClient.Bounds()
        bounds.totalMilliseconds = 50
        #expect(try await ask(server, bounds: bounds) == .failure(.late))
        bounds = .init()
        bounds.silenceMilliseconds = 50
        #expect(try await ask(server, bounds: bounds) == .failure(.late))
    }

    @Test func takesNoMoreThanItMay() async throws {
        let server = try ScriptedServer { _, _ in .bytes("HTTP/1.0 200 OK\r\n\r\n" + String(repeating: "x", count: 500))
        }
        defer { server.stop() }
        var bounds = HTTPClient.Bounds()
        bounds.body = 499
        #expect(try await ask(server, bounds: bounds) == .failure(.tooLong(limit: 499)))
        bounds.body = 500
        #expect(try await ask(server, bounds: bounds).get().body.count == 500)
    }

    @Test func followsNoRedirect() async throws {
        let server = try ScriptedServer { _, _ in .status(307, "Location: http://127.0.0.1/b\r\n") }
        defer { server.stop() }
        #expect(try await ask(server).get().status == 307)
        #expect(server.requests.count == 1)
    }

    /// The name `localhost` is not private by itself: what it leads to is.
    @Test(arguments: ["127.0.0.1", "localhost", "127.1", "2130706433"])
    func goesToNoPrivateAddressThatIsNotListed(host: String) async throws {
        let server = try ScriptedServer { _, _ in .status(200) }
        defer { server.stop() }
        guard case .failure(.forbidden) = try await ask(server, addresses: .public(), host: host) else {
            Issue.record("connected to \(host)")
            return
        }
        #expect(server.requests.isEmpty)
        // What is not listed is left out, and the rest tried.
        #expect(try await ask(server, addresses: .public(and: ["127.0.0.0/8"]), host: host).get().status == 200)
    }

    @Test(arguments: [
        ("8.8.8.8", true), ("10.1.2.3", false), ("100.64.0.1", false), ("169.254.169.254", false),
        ("172.31.0.1", false),
        ("172.32.0.1", true), ("192.168.1.1", false), ("0.0.0.0", false), ("224.0.0.1", false),
        ("255.255.255.255", false),
        ("::1", false), ("::", false), ("fe80::1", false), ("fd00::1", false), ("::ffff:127.0.0.1", false),
        ("::ffff:8.8.8.8", true), ("64:ff9b::7f00:1", false), ("2002:7f00:1::", false), ("2001:db8::1", false),
        ("2606:4700::1111", true), ("ff02::1", false), ("unknown", false), ("", false), ("8.8.8.8/0", false),
    ]) func knowsPublicAddresses(address: String, isPublic: Bool) {
        #expect(AddressRule.public().permits(address) == isPublic)
        #expect(AddressRule.any.permits(address))
    }

    @Test func readsLocations() throws {
        let plain = try #require(HTTPLocation("http://a.example:81/b?c=d"))
        #expect(plain.server == .internet(host: "a.example", port: 81, isSecure: false) && plain.target == "/b?c=d")
        let secure = try #require(HTTPLocation("https://a.example?x"))
        #expect(secure.server == .internet(host: "a.example", port: 443, isSecure: true) && secure.target == "/?x")
        #expect(secure.text == "https://a.example/?x" && secure.hostField == "a.example")
        #expect(HTTPLocation("http://[::1]:8/")?.hostField == "[::1]:8")
        for text in [
            "", "a.example", "ftp://a", "http://", "http:///a", "http://u@h/", "http://u:p@h/", "http://h/#f",
            "http://h /",
            "http://h/a b", "http://h\r\nX: y/", "http://h:0", "http://h:65536", "http://h:", "http://é/",
            "http://[::1/",
            "http://[10.0.0.1]/", "http://%41/", "unix:", "http://" + String(repeating: "a", count: 3000),
        ] {
            #expect(HTTPLocation(text) == nil, "\(text)")
        }
        #expect(plain.at("/x y") == nil && plain.at("x") == nil && plain.at("/x\r\n") == nil)
    }

    @Test func writesNothingThatEndsALine() async throws {
        let server = try ScriptedServer { _, _ in .status(200) }
        defer { server.stop() }
        #expect(try await ask(server, fields: [.init("X", "a\r\nY: b")]) == .failure(.unwritable))
        #expect(try await ask(server, method: "GET /x", fields: []) == .failure(.unwritable))
        #expect(server.requests.isEmpty)
    }

    @Test func saysWhyThereIsNoConnection() async throws {
        let location = try #require(HTTPLocation("http://127.0.0.1:1/"))
        #expect(throws: HTTPClient.Failure.self) { try HTTPClient().send(.init("GET", location)) }
        let unix = try #require(HTTPLocation("unix:/nonexistent/socket"))
        #expect(throws: HTTPClient.Failure.self) { try HTTPClient().send(.init("GET", unix)) }
    }
}

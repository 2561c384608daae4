internal import Foundation
internal import Synchronization
internal import TestSupport
internal import Testing
internal import Text

@testable import HTTP
@testable import axidrawd

/// Who is there in numbers, takes nothing, or goes away, keeps nobody else from being served.
struct CrowdTests {
    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isRaised: Bool { value.withLock { $0 } }
        func raise() { value.withLock { $0 = true } }
    }

    /// A server of a few routes on loopback and a Unix socket.
    private final class Server: Sendable {
        let server: HTTPServer
        let port: Int
        let path: String

        init(_ limits: HTTPLimits, _ routes: [Route]) throws {
            path = FileManager.default.temporaryDirectory.path + "/crowd-" + Identifier.make()
            let site = Site(
                router: Router(routes), access: Access(), credentials: CredentialTable(),
                events: EventHub(epoch: "e", capacity: 16), log: .silent)
            server = try HTTPServer(site: site, limits: limits)
            let internet = try Socket.listening(host: "127.0.0.1", port: 0)
            port = try #require(internet.first.flatMap(Socket.localPort(of:)))
            let sockets = internet + [try Socket.listening(path: path)]
            let server = server
            Thread { try? server.run(listeners: sockets) }.start()
        }

        deinit {
            server.stop()
            Socket.removeFile(path)
        }

        func reaches(connections: Int) async throws {
            let end = Date().addingTimeInterval(120)
            while server.counters.connections != connections, Date() < end {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(server.counters.connections == connections)
        }

        func unixStatus() -> Int {
            (try? DaemonClient(address: .unix(path: path), key: nil).ask("GET", "/a").status) ?? 0
        }
    }

    private static let get = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// Clients that have asked for something and have had their answer.
    private static func speaking(_ count: Int, to server: Server) async throws -> [RawClient] {
        var speaking: [RawClient] = []
        for _ in 0..<count {
            let client = try RawClient(port: server.port)
            client.send(get)
            #expect(statuses(await client.receive { $0.hasSuffix("\"a\"\n") }) == [200])
            speaking.append(client)
        }
        return speaking
    }

    /// Silent ones give way; those who have spoken stay, and beyond them there is a reserve for this machine and one more
    /// for the Unix socket.
    @Test func silentConnectionsGiveWayAndTheSocketKeepsAReserve() async throws {
        var limits = HTTPLimits()
        limits.connections = 4
        limits.localReserve = 2
        limits.idleYieldMilliseconds = 1_000_000
        let server = try Server(limits, TestGate.routes)
        let silent = try (0..<6).map { _ in try RawClient(port: server.port) }
        try await server.reaches(connections: 6)
        let speaking = try await Self.speaking(6, to: server)
        let refused = try RawClient(port: server.port)
        #expect(statuses(await refused.receiveAll()) == [503])
        for _ in 0..<3 { #expect(await RawClient.waiting { server.unixStatus() } == 200) }
        for client in speaking {
            client.send(Self.get)
            #expect(statuses(await client.receive { $0.hasSuffix("\"a\"\n") }) == [200])
        }
        withExtendedLifetime(silent) {}
    }

    /// However many are turned away and stay to hear it, they take no place of the socket's.
    @Test func whoIsRefusedTakesNoPlace() async throws {
        var limits = HTTPLimits()
        limits.connections = 4
        limits.localReserve = 2
        limits.idleYieldMilliseconds = 1_000_000
        let server = try Server(limits, TestGate.routes)
        let speaking = try await Self.speaking(6, to: server)
        let refused = try (0..<20).map { _ in try RawClient(port: server.port) }
        try await server.reaches(connections: 26)
        for _ in 0..<3 { #expect(await RawClient.waiting { server.unixStatus() } == 200) }
        withExtendedLifetime((speaking, refused)) {}
    }

    /// Who has been answered and asks nothing gives way to who comes.
    @Test func idleConnectionsGiveWay() async throws {
        var limits = HTTPLimits()
        limits.connections = 2
        limits.localReserve = 1
        limits.idleYieldMilliseconds = 0
        let server = try Server(limits, TestGate.routes)
        let speaking = try await Self.speaking(12, to: server)
        // It has had its answer and reads the end.
        #expect(await speaking[0].receiveAll().isEmpty)
    }

    @Test func whoSaysNothingGoesAfterTenSeconds() {
        let gate = TestGate()
        let limits = HTTPLimits()
        var silent = HTTPConversation(limits: limits, now: 0)
        silent.tick(now: 10_000, gate: gate)
        #expect(silent.phase == .reading)
        silent.tick(now: 10_001, gate: gate)
        #expect(silent.phase == .closed)
        var known = HTTPConversation(limits: limits, now: 0)
        known.receive(ArraySlice(Self.get.utf8), now: 0)
        #expect(known.next(now: 0, gate: gate) != nil)
        known.answer(Response(204), now: 0, gate: gate)
        known.sent(known.pendingCount, now: 0)
        known.tick(now: 75_000, gate: gate)
        #expect(known.phase == .reading)
    }

    @Test func aClientThatLeavesEndsItsWork() async throws {
        let (begun, ended) = (Flag(), Flag())
        let route = Route(
            method: "GET", pattern: "/a", role: .viewer, operation: "a", summary: "", stopsWhenLeft: true,
            handler: { _ in
                .later {
                    begun.raise()
                    let end = Date().addingTimeInterval(120)
                    while !Task.isCancelled, Date() < end { try? await Task.sleep(for: .milliseconds(2)) }
                    if Task.isCancelled { ended.raise() }
                    return .now(Response(204))
                }
            })
        let server = try Server(HTTPLimits(), [route])
        var client: RawClient? = try RawClient(port: server.port)
        client?.send(Self.get)
        let end = Date().addingTimeInterval(120)
        while !begun.isRaised, Date() < end { try await Task.sleep(for: .milliseconds(2)) }
        #expect(!ended.isRaised)
        client = nil
        while !ended.isRaised, Date() < end { try await Task.sleep(for: .milliseconds(2)) }
        #expect(ended.isRaised)
    }

    /// A streamed body comes whole, in pieces, and the connection goes on after it.
    @Test func aStreamedBodyIsWhole() async throws {
        let bytes = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        let largest = Box()
        let route = Route(
            method: "GET", pattern: "/a", role: .viewer, operation: "a", summary: "",
            handler: { _ in
                var response = Response(200, contentType: "application/octet-stream", [])
                response.stream = BodyStream(length: bytes.count) { offset, count, done in
                    largest.take(count)
                    DispatchQueue.global().async { @Sendable in done(Array(bytes[offset..<offset + count])) }
                }
                return .now(response)
            })
        let server = try Server(HTTPLimits(), [route])
        let whole = DaemonClient(address: .unix(path: server.path), key: nil)
        let reply = await RawClient.waiting { try? whole.ask("GET", "/a") }
        #expect(reply?.body == bytes)
        #expect(largest.value == BodyStream.pieceBytes)
        let client = try RawClient(port: server.port)
        client.send(
            Self.get.replacing("GET", with: "HEAD") + Self.get
                + "GET /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        let text = await client.receiveAll()
        #expect(text.components(separatedBy: "Content-Length: 1000003\r\n").count == 3)
        #expect(statuses(text).suffix(1) == [404])
    }

    private final class Box: Sendable {
        private let held = Mutex(0)
        var value: Int { held.withLock { $0 } }
        func take(_ value: Int) { held.withLock { $0 = max($0, value) } }
    }

    /// What is asked for and not read is bounded over all clients; one answer alone always comes. Who takes nothing gives
    /// way in time.
    @Test func unreadAnswersAreBounded() async throws {
        var limits = HTTPLimits()
        limits.stuckMilliseconds = 1_000_000
        limits.answersInFlight = 8 << 20
        limits.answersPerClient = 8 << 20
        let large = [UInt8](repeating: 0x20, count: 12 << 20)
        let route = Route(
            method: "GET", pattern: "/a", role: .viewer, operation: "a", summary: "",
            handler: { _ in .now(Response(200, contentType: "text/plain", large)) })
        let server = try Server(limits, [route] + TestGate.routes.filter { $0.pattern == "/open" })
        let first = try RawClient(port: server.port)
        first.send(Self.get)
        #expect(statuses(await first.receive { $0.count > 100 }) == [200])
        let second = try RawClient(port: server.port)
        second.send(Self.get)
        #expect(statuses(await second.receive { $0.contains("\r\n\r\n") }) == [503])
        second.send("GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        #expect(statuses(await second.receiveAll()).suffix(1) == [200])
        withExtendedLifetime(first) {}
        limits.stuckMilliseconds = 0
        let patient = try Server(limits, [route])
        var clients: [RawClient] = []
        for _ in 0..<3 {
            let client = try RawClient(port: patient.port)
            client.send(Self.get)
            #expect(statuses(await client.receive { $0.count > 100 }) == [200])
            clients.append(client)
        }
    }
}

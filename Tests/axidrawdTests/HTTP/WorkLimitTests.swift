internal import Foundation
internal import Synchronization
internal import Testing

@testable import HTTP
@testable import axidrawd

/// What is worked on counts until it is done, whether its client is still there or not: neither memory nor work can
/// grow without bound by clients that hand in and go.
struct WorkLimitTests {
    /// Work that ends when it is told.
    private final class Held: Sendable {
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

        var count: Int { waiting.withLock { $0.count } }

        func wait() async { await withCheckedContinuation { done in waiting.withLock { $0.append(done) } } }

        func release() {
            let all = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            for done in all { done.resume() }
        }

        /// Returns when so many wait, or after a minute.
        func reaches(_ count: Int) async throws {
            let end = Date().addingTimeInterval(180)
            while self.count != count, Date() < end { try await Task.sleep(for: .milliseconds(5)) }
            #expect(self.count == count)
        }
    }

    private static func serve(_ limits: HTTPLimits, _ held: Held) throws -> (HTTPServer, Int) {
        let route = Route(
            method: "POST", pattern: "/work", role: .operator, operation: "work", summary: "",
            accepts: ["text/plain"], bodyLimit: 100_000,
            handler: { _ in
                .later {
                    await held.wait()
                    return .now(Response(200, .bool(true)))
                }
            })
        let site = Site(
            router: Router([route]), access: Access(), credentials: CredentialTable(),
            events: EventHub(epoch: "e", capacity: 16), log: .silent)
        let server = try HTTPServer(site: site, limits: limits)
        let sockets = try Socket.listening(host: "127.0.0.1", port: 0)
        let port = try #require(sockets.first.flatMap(Socket.localPort(of:)))
        Thread { try? server.run(listeners: sockets) }.start()
        return (server, port)
    }

    private static func post(_ port: Int, bytes: Int) throws -> RawClient {
        let client = try RawClient(port: port)
        client.send(
            "POST /work HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                + "Content-Length: \(bytes)\r\n\r\n" + String(repeating: "x", count: bytes))
        return client
    }

    @Test func bodiesCountUntilTheirWorkIsDone() async throws {
        var limits = HTTPLimits()
        limits.bodiesInFlight = 100_000
        let held = Held()
        let (server, port) = try Self.serve(limits, held)
        defer { server.stop() }
        let first = try Self.post(port, bytes: 80_000)
        try await held.reaches(1)
        // The refused client stays connected to the end of the test: its body counts no more once it is refused.
        let refused = try Self.post(port, bytes: 80_000)
        defer { withExtendedLifetime(refused) {} }
        let second = await refused.receiveAll()
        #expect(statuses(second) == [503] && second.contains("Retry-After: 5"))
        held.release()
        #expect(await statuses(first.receiveAll()) == [200])
        let third = try Self.post(port, bytes: 80_000)
        try await held.reaches(1)
        held.release()
        #expect(await statuses(third.receiveAll()) == [200])
    }

    @Test func workWithoutClientsIsBounded() async throws {
        var limits = HTTPLimits()
        limits.connections = 4
        let held = Held()
        let (server, port) = try Self.serve(limits, held)
        defer { server.stop() }
        for number in 1...4 {
            let client = try Self.post(port, bytes: 10)
            try await held.reaches(number)
            client.resetsAtEnd()
        }
        // The connections go as soon as the loop has seen it; their work does not.
        let end = Date().addingTimeInterval(180)
        while server.counters.connections > 0, Date() < end { try await Task.sleep(for: .milliseconds(5)) }
        let answer = await (try Self.post(port, bytes: 10)).receiveAll()
        #expect(statuses(answer) == [503] && answer.contains("worked on") && held.count == 4)
        // The loop hears of the end of the work a moment later; until then it refuses.
        let releases = Task {
            while !Task.isCancelled {
                held.release()
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        defer { releases.cancel() }
        var said = [503]
        while said == [503], Date() < end.addingTimeInterval(60) {
            said = statuses(await (try Self.post(port, bytes: 10)).receiveAll())
        }
        #expect(said == [200])
    }
}

internal import Foundation
internal import Testing

@testable import HTTP
@testable import axidrawd

/// The strict requests over real sockets: whole, byte by byte and cut, with one verdict.
@Suite(.serialized) struct SocketSuiteTests {
    /// The routes of the test gate, served by a real loop.
    private final class Served: Sendable {
        let server: HTTPServer
        let port: Int

        init() throws {
            let server = try HTTPServer(site: TestGate.site(), limits: HTTPLimits())
            let sockets = try Socket.listening(host: "127.0.0.1", port: 0)
            self.server = server
            port = try #require(sockets.first.flatMap(Socket.localPort(of:)))
            Thread { try? server.run(listeners: sockets) }.start()
        }

        deinit { server.stop() }
    }

    /// What came back on one connection.
    private struct Verdict: Equatable {
        var codes: [Int]
        /// A further request on the same connection was answered.
        var stays: Bool
    }

    private static let probe = "GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    /// Sends a request in pieces, each in a segment of its own, then a plain one; reads to the end.
    private static func verdict(_ port: Int, _ bytes: [UInt8], cuts: [Int], count: Int) throws -> Verdict {
        let client = try RawClient(port: port)
        client.sendsAtOnce()
        var start = 0
        for end in cuts + [bytes.count] where end > start {
            client.send(Array(bytes[start..<end]))
            start = end
        }
        client.send(probe)
        let codes = statuses(client.readAll())
        // The answer to the plain request is the one too many.
        return codes.count > count
            ? Verdict(codes: Array(codes.dropLast()), stays: codes.last == 200) : Verdict(codes: codes, stays: false)
    }

    @Test func answersTheSameHoweverTheBytesArrive() async throws {
        let served = try Served()
        let port = served.port
        let faults = await RawClient.waiting { () -> [String] in
            var faults: [String] = []
            for (number, example) in StrictCase.all.enumerated() {
                let bytes = Array(example.request.utf8)
                let wanted = Verdict(codes: example.codes, stays: example.stays)
                var ways: [[Int]] = [[], Array(1..<max(2, min(bytes.count, 400)))]
                // Every offset is cut at without sockets; here every ninth, beginning elsewhere with each request.
                let offsets =
                    bytes.count < 400
                    ? Array(stride(from: 1 + number % 9, to: bytes.count, by: 9))
                    : [1, 7, 20, bytes.count / 2, bytes.count - 1]
                ways += offsets.map { [$0] }
                for cuts in ways {
                    guard let said = try? Self.verdict(port, bytes, cuts: cuts, count: example.codes.count) else {
                        faults.append("no connection: \(example)")
                        break
                    }
                    guard said != wanted else { continue }
                    faults.append("\(example) cut at \(cuts.prefix(3)): \(said.codes) \(said.stays)")
                    break
                }
            }
            return faults
        }
        #expect(faults == [])
        withExtendedLifetime(served) {}
    }
}

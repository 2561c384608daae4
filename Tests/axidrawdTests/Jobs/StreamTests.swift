internal import Foundation
internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import HTTP
@testable internal import Text
@testable internal import axidrawd

/// Strokes that a client sends while they are drawn.
struct StreamTests {
    private static let head =
        "POST /v1/devices/plot1/strokes?name=live HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"

    private static func chunk(_ text: String) -> String { String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n" }

    /// The only job, once it is as wanted.
    private static func job(
        _ server: TestDaemon, _ isWanted: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        let list = try await server.wait(for: "/v1/jobs") { value in
            guard case .array(let items)? = value["items"], let job = items.first else { return false }
            return isWanted(job)
        }
        guard case .array(let items)? = list["items"] else { return .null }
        return try #require(items.first)
    }

    private static func started(speed: Loopback.Speed = .maximum) async throws -> (TestDaemon, RawClient) {
        let server = try TestDaemon(speed: speed)
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        return (server, try RawClient(port: server.port))
    }

    private static func strokes(_ job: JSONValue) -> JSONValue? { job["progress"]?["strokes"] }

    @Test func eachStrokeIsDrawnBeforeTheNextIsKnown() async throws {
        let (server, client) = try await Self.started()
        client.send(Self.head + Self.chunk("[[10,10],[30,10]]\n"))
        _ = try await Self.job(server) { Self.strokes($0) == .integer(1) }
        client.send(Self.chunk("[[10,20],[30,20]]\n[[10,30],") + Self.chunk("[30,30]]\n"))
        let drawn = try await Self.job(server) { Self.strokes($0) == .integer(3) }
        #expect(drawn.word("state") == "plotting" && drawn.word("source") == "stream" && drawn.word("name") == "live")
        client.send(Self.chunk("[[10,40],[30,40]]\n") + "0\r\n\r\n")
        let answer = await client.receive { $0.hasSuffix("}\n") }
        #expect(statuses(answer) == [200])
        let job = try await Self.job(server) { $0["isFinal"] == .bool(true) }
        #expect(job.word("state") == "done" && Self.strokes(job) == .integer(4))
        let board = try #require(server.daemon.workshop.stations.first?.board)
        let end = board.snapshot(since: .max)
        #expect(end.penLifts == 4 && end.incidentCount == 0)
        #expect(abs(end.xMillimetres) < 0.02 && abs(end.yMillimetres) < 0.02)
        #expect(abs(end.penDownMillimetres - 80) < 1)
        // The connection goes on with its next request.
        client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(await statuses(client.receive { $0.hasSuffix("}\n") }) == [200])
    }

    @Test func whatIsWrongIsToldWithItsLine() async throws {
        let (server, client) = try await Self.started()
        client.send(
            Self.head
                + Self.chunk("[[10,10],[30,10]]\nnonsense\n{\"points\":[[1,1]],\"mor\":true}\n[[500,1],[5,5]]\n")
                + Self.chunk("{\"points\":[[7,7],[9,9]],\"more\":true}\n") + "0\r\n\r\n")
        #expect(await statuses(client.receive { $0.hasSuffix("}\n") }) == [200])
        let job = try await Self.job(server) { $0["isFinal"] == .bool(true) }
        guard case .array(let notes)? = job["diagnostics"] else { return #expect(Bool(false)) }
        #expect(job.word("state") == "done" && Self.strokes(job) == .integer(3))
        #expect(
            notes.map { $0.word("code") }
                == ["line-no-json", "line-unknown-member", "clipped", "stream-cut-off", "lines-refused"])
        #expect(notes.prefix(4).map { $0["line"] } == [.integer(2), .integer(3), .integer(4), .integer(5)])
    }

    @Test func aClientThatLeavesEndsTheStroke() async throws {
        let (server, client) = try await Self.started()
        client.send(Self.head + Self.chunk("[[10,10],[30,10]]\n{\"more\":true,\"points\":[[40,10],[60,10]]}\n"))
        _ = try await Self.job(server) { Self.strokes($0) == .integer(1) }
        client.hangUp()
        let job = try await Self.job(server) { $0["isFinal"] == .bool(true) }
        #expect(job.word("state") == "done" && Self.strokes(job) == .integer(2))
        guard case .array(let notes)? = job["diagnostics"] else { return #expect(Bool(false)) }
        #expect(notes.map { $0.word("code") } == ["stream-cut-off"])
    }

    /// Between two strokes, too, an end that never came is no end.
    @Test func anEndThatIsMissingIsTold() async throws {
        let (server, client) = try await Self.started()
        client.send(Self.head + Self.chunk("[[10,10],[30,10]]\n"))
        _ = try await Self.job(server) { Self.strokes($0) == .integer(1) }
        client.send("zz\r\n")
        let answer = await client.receiveAll()
        #expect(statuses(answer) == [400] && answer.contains("broke off before its end"))
        let job = try await Self.job(server) { $0["isFinal"] == .bool(true) }
        guard case .array(let notes)? = job["diagnostics"] else { return #expect(Bool(false)) }
        #expect(job.word("state") == "done" && Self.strokes(job) == .integer(1))
        #expect(notes.map { $0.word("code") } == ["stream-cut-off"])
    }

    @Test func aKeyForRepeatsIsRefused() async throws {
        let (server, client) = try await Self.started()
        client.send(
            Self.head.replacing("\r\n\r\n", with: "\r\nIdempotency-Key: k\r\n\r\n") + Self.chunk("[[1,1],[9,9]]\n")
                + "0\r\n\r\n")
        #expect(await statuses(client.receive { $0.contains("no-repeat") }) == [400])
        #expect(try await server.json("GET", "/v1/jobs")["items"] == .array([]))
    }

    @Test func pausedResumedAndCancelledAsAnyJob() async throws {
        let (server, client) = try await Self.started()
        client.send(Self.head + Self.chunk("[[10,10],[30,10]]\n"))
        let id = try await Self.job(server) { Self.strokes($0) == .integer(1) }.word("id")
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/pause").status == 200)
        _ = try await Self.job(server) { $0.word("state") == "paused" }
        client.send(Self.chunk("[[10,20],[30,20]]\n"))
        let workshop = server.daemon.workshop
        let change = try JobChange(Array("{\"penDownMillimetresPerSecond\":20}".utf8))
        await #expect(throws: JobError.isStream(.paused(.asked))) {
            _ = try await workshop.change(try workshop.job(id), change)
        }
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/resume").status == 200)
        _ = try await Self.job(server) { Self.strokes($0) == .integer(2) }
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/cancel").status == 200)
        // The client is told although it has not ended its body.
        let answer = await client.receiveAll()
        #expect(statuses(answer) == [409] && answer.contains("left out"))
        _ = try await Self.job(server) { $0.word("state") == "cancelled" }
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
    }

    @Test func whatWaitsForItsTurnIsNotRead() async throws {
        let (server, first) = try await Self.started()
        first.send(Self.head + Self.chunk("[[10,10],[30,10]]\n"))
        _ = try await Self.job(server) { Self.strokes($0) == .integer(1) }
        let second = try RawClient(port: server.port)
        second.send(Self.head + Self.chunk("[[10,50],[30,50]]\n"))
        let id = try await Self.job(server) { $0.word("state") == "queued" }.word("id")
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/cancel").status == 200)
        #expect(await statuses(second.receiveAll()) == [409])
        first.send("0\r\n\r\n")
        #expect(await statuses(first.receive { $0.hasSuffix("}\n") }) == [200])
    }

    @Test func optionsOfWholeDrawingsAreRefused() async throws {
        let (server, client) = try await Self.started()
        client.send(Self.head.replacingOccurrences(of: "name=live", with: "fit=page"))
        let answer = await client.receiveAll()
        #expect(statuses(answer) == [422] && answer.contains("whole drawing"))
        let none = try await server.ask("POST", "/v1/devices/plot1/strokes", "Content-Type: application/x-ndjson\r\n")
        #expect(none.status == 422 && none.body.contains("No stroke came"))
    }

    @Test func whatCannotBeUsedIsNoSuccess() async throws {
        for (query, lines, status, words, strokes) in [
            (
                "name=s&strict=true", "[[1,1],[9,1]]\n[[400,1],[5,5]]\n[[1,9],[9,9]]\n", 422,
                "line 2: 1 of 2 points lie", 1
            ),
            ("name=s&strict=true", "[[1,1],[9,1]]\nnonsense\n[[1,9],[9,9]]\n", 422, "line 2: this is no JSON", 1),
            ("name=s", "nonsense\n\n[]\n", 422, "None of 3 lines", 0),
            ("name=s", "[[400,1],[405,5]]\n", 422, "None of 1 lines", 0), ("name=s", "\n", 422, "None of 1 lines", 0),
            ("name=s", "nonsense\n[[1,9],[9,9]]\n", 200, "done", 1),
        ] {
            let (server, client) = try await Self.started()
            client.send(Self.head.replacing("name=live", with: query) + Self.chunk(lines) + "0\r\n\r\n")
            let answer = await client.receive { $0.hasSuffix("}\n") }
            let job = try await Self.job(server) { $0["isFinal"] == .bool(true) }
            #expect(statuses(answer) == [status] && (status == 200 || answer.contains(words)), "\(lines): \(answer)")
            #expect(Self.strokes(job) == .integer(strokes), "\(lines): \(job)")
        }
    }

    /// A stream does not outlive the daemon: its job is told as failed, and keeps nobody waiting.
    @Test func aJobWhoseStreamIsGoneHasFailed() async throws {
        let folder = try TemporaryFolder()
        let storage = try SpoolDirectory(path: folder.path("spool"))
        let store = try JobStore(storage: storage, limits: JobStore.Limits(), nowMilliseconds: 1)
        var generator = SeededGenerator(seed: 3)
        let submission = Submission.stream(device: "plot1", name: "live", travel: Size(width: 300, height: 218))
        let record = try store.submit(
            JobStore.Submission(
                device: "plot1", name: "live", drawing: submission.drawing,
                drawingSHA256: SHA256.hexadecimal(submission.drawing), options: [:], copies: 1,
                source: Workshop.streamSource, isHeld: false, heldReason: nil, idempotency: nil),
            nowMilliseconds: 1, using: &generator)
        try store.begin(record.id, with: JobProgress(), nowMilliseconds: 2)
        let daemon = try TestDaemon(keeper: JobKeeper(store))
        let job = try await daemon.wait(for: "/v1/jobs/\(record.id.text)") { $0["isFinal"] == .bool(true) }
        #expect(job.word("state") == "failed" && job.word("reason").contains("came as a stream"))
    }
}

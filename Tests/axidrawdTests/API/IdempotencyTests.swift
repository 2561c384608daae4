internal import Foundation
internal import Synchronization
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// A repeat gets the first answer; nothing else is taken for a repeat.
struct IdempotencyTests {
    /// A route that counts how often it works, and says so; behind a table.
    private final class Counted: Sendable {
        let count = Mutex(0)
        let seconds = Mutex(1000)
        let table: IdempotencyTable
        let waits = Mutex<[CheckedContinuation<Void, Never>]>([])

        init(capacity: Int = 100, byteCapacity: Int = 1 << 20) {
            let clock = Clock()
            self.clock = clock
            table = IdempotencyTable(capacity: capacity, byteCapacity: byteCapacity, now: { clock.now.withLock { $0 } })
        }

        final class Clock: Sendable { let now = Mutex(1000) }
        let clock: Clock

        func route(status: Int = 201, isHeld: Bool = false) -> Route {
            table.guarding(
                Route(
                    method: "POST", pattern: "/make", role: .operator, operation: "make", summary: "",
                    accepts: ["text/plain"], bodyLimit: 1000, statuses: [201],
                    handler: { [self] _ in
                        .later { [self] in
                            if isHeld {
                                await withCheckedContinuation { continuation in
                                    waits.withLock { $0.append(continuation) }
                                }
                            }
                            let number = count.withLock { count in
                                count += 1
                                return count
                            }
                            guard status < 300 else { return .refused(Problem(status, "x", "X", "\(number)")) }
                            return .now(Response(status, .integer(number)).adding("Location", "/\(number)"))
                        }
                    }))
        }

        func release() {
            let waiting = waits.withLock { waits in
                let taken = waits
                waits = []
                return taken
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private static func request(
        _ route: Route, key: String?, body: String = "a", target: String = "/make", caller: Caller.Credential = .local
    ) throws -> HTTPRequest {
        var fields = [RequestHead.Field(name: "host", value: "localhost")]
        if let key { fields.append(.init(name: "idempotency-key", value: key)) }
        let head = RequestHead(
            method: "POST", target: try RequestTarget(ArraySlice(target.utf8), method: "POST"), minorVersion: 1,
            fields: fields)
        let pass = Admission.Pass(
            route: route, parameters: [:], caller: Caller(role: .operator, credential: caller),
            forwarded: Forwarded(client: "127.0.0.1"))
        return HTTPRequest(head: head, pass: pass, body: Array(body.utf8), requestId: "r")
    }

    /// Status and body, with `!` for a repeat.
    private static func ask(
        _ route: Route, key: String?, body: String = "a", target: String = "/make", caller: Caller.Credential = .local
    ) async throws -> String {
        let request = try request(route, key: key, body: body, target: target, caller: caller)
        var answer = route.handler(request)
        while case .later(let work) = answer { answer = await work() }
        switch answer {
        case .now(let response):
            let isRepeat = response.fields.contains { $0.name == "Idempotency-Replayed" && $0.value == "true" }
            let location = response.fields.first { $0.name == "Location" }?.value ?? ""
            return "\(response.status) \(location)\(isRepeat ? "!" : "")"
        case .refused(let problem): return "\(problem.status) \(problem.slug)"
        case .later, .events, .feed: return "?"
        }
    }

    @Test func answersARepeatWithTheFirstAnswer() async throws {
        let route = Counted().route()
        #expect(try await Self.ask(route, key: "k1") == "201 /1")
        #expect(try await Self.ask(route, key: "k1") == "201 /1!")
        #expect(try await Self.ask(route, key: "\"k1\"") == "201 /1!")
        #expect(try await Self.ask(route, key: "k2") == "201 /2")
        #expect(try await Self.ask(route, key: nil) == "201 /3")
        #expect(try await Self.ask(route, key: nil) == "201 /4")
    }

    @Test func refusesAKeyForAnotherRequest() async throws {
        let route = Counted().route()
        #expect(try await Self.ask(route, key: "k") == "201 /1")
        #expect(try await Self.ask(route, key: "k", body: "b") == "422 idempotency-mismatch")
        #expect(try await Self.ask(route, key: "k", target: "/make?x=1") == "422 idempotency-mismatch")
        #expect(try await Self.ask(route, key: "k") == "201 /1!")
    }

    @Test func keepsCallersApart() async throws {
        let route = Counted().route()
        #expect(try await Self.ask(route, key: "k", caller: .key("a")) == "201 /1")
        #expect(try await Self.ask(route, key: "k", caller: .key("b")) == "201 /2")
        #expect(try await Self.ask(route, key: "k", caller: .session("a")) == "201 /1!")
        #expect(try await Self.ask(route, key: "k", caller: .local) == "201 /3")
    }

    @Test func saysThatTheFirstIsStillAtWork() async throws {
        let counted = Counted()
        let route = counted.route(isHeld: true)
        let first = Task { try await Self.ask(route, key: "k") }
        while counted.waits.withLock({ $0.isEmpty }) { await Task.yield() }
        #expect(try await Self.ask(route, key: "k") == "409 idempotency-running")
        #expect(try await Self.ask(route, key: "k", body: "b") == "422 idempotency-mismatch")
        counted.release()
        #expect(try await first.value == "201 /1")
        #expect(try await Self.ask(route, key: "k") == "201 /1!")
    }

    @Test(arguments: [400, 409, 422, 429, 503, 507]) func judgesARefusedRequestAnew(_ status: Int) async throws {
        let counted = Counted()
        let route = counted.route(status: status)
        #expect(try await Self.ask(route, key: "k") == "\(status) x")
        #expect(try await Self.ask(route, key: "k") == "\(status) x")
        #expect(counted.count.withLock { $0 } == 2)
        #expect(counted.table.count == 0)
    }

    @Test(arguments: ["", "\"\"", "a b", "\"a", "a\"b", "é", String(repeating: "k", count: 65), "a,b c"])
    func refusesWhatIsNoKey(_ key: String) async throws {
        #expect(try await Self.ask(Counted().route(), key: key) == "400 malformed")
    }

    @Test(arguments: ["k", "\"k\"", "a,b", String(repeating: "k", count: 64), "7b0a-~!"])
    func takesVisibleCharacters(_ key: String) { #expect(IdempotencyTable.key(key) != nil) }

    @Test func forgetsAfterADay() async throws {
        let counted = Counted()
        let route = counted.route()
        #expect(try await Self.ask(route, key: "k") == "201 /1")
        counted.clock.now.withLock { $0 += IdempotencyTable.seconds - 1 }
        #expect(try await Self.ask(route, key: "k") == "201 /1!")
        counted.clock.now.withLock { $0 += 1 }
        #expect(try await Self.ask(route, key: "k", body: "b") == "201 /2")
        #expect(counted.table.count == 1)
    }

    @Test func isBoundedInCountAndBytes() async throws {
        let few = Counted(capacity: 10)
        let route = few.route()
        for number in 1...50 { #expect(try await Self.ask(route, key: "k\(number)") == "201 /\(number)") }
        #expect(few.table.count == 10)
        #expect(try await Self.ask(route, key: "k50") == "201 /50!")
        #expect(try await Self.ask(route, key: "k1") == "201 /51")
        let small = Counted(byteCapacity: 3000)
        let other = small.route()
        for number in 1...50 { _ = try await Self.ask(other, key: "k\(number)") }
        #expect(small.table.count <= 5)
        #expect(try await Self.ask(other, key: "k50") == "201 /50!")
    }

    @Test func guardsWhatMakesOrStarts() throws {
        let daemon = try Daemon(
            options: DaemonOptions(), planning: .pipeline, credentials: CredentialTable(), log: .silent)
        let guarded = Set(daemon.routes.filter(\.isRepeatable).map(\.operation))
        #expect(guarded.isSuperset(of: ["submitJob", "plotSample", "resumeJob", "resumeDevice"]))
        #expect(guarded.isDisjoint(with: ["stopDevice", "pauseJob", "cancelJob", "startSession"]))
    }

    @Test func remembersOverARestart() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/axidrawd-repeat-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func keeper() throws -> JobKeeper {
            JobKeeper(try JobStore(storage: try SpoolDirectory(path: path), nowMilliseconds: JobKeeper.now))
        }
        let drawing =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M1 1H8\" stroke=\"red\"/></svg>"
        let fields = "Content-Type: image/svg+xml\r\nIdempotency-Key: once\r\n"
        let target = "/v1/devices/plot1/jobs?hold=true&name=x"
        let first: (status: Int, head: String, body: String)
        do {
            let server = try TestDaemon(keeper: keeper())
            first = try await server.ask("POST", target, fields, body: drawing)
            #expect(first.status == 201)
            await server.stop()
        }
        let server = try TestDaemon(keeper: keeper())
        let again = try await server.ask("POST", target, fields, body: drawing)
        #expect(again.status == 201 && again.body == first.body)
        #expect(again.head.contains("Idempotency-Replayed: true"))
        #expect(try await server.ask("POST", target + "y", fields, body: drawing).status == 422)
        guard case .array(let jobs)? = try await server.json("GET", "/v1/devices/plot1/jobs")["items"] else {
            Issue.record("no list")
            return
        }
        #expect(jobs.count == 1)
    }

    /// Keys are as durable as the history: whatever has finished, restarted or been set on the clock since.
    @Test func remembersWhatHasLeftTheQueue() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/axidrawd-repeat-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var limits = JobStore.Limits()
        limits.finishedJobs = 0
        let given = limits
        func keeper() throws -> JobKeeper {
            JobKeeper(
                try JobStore(storage: try SpoolDirectory(path: path), limits: given, nowMilliseconds: JobKeeper.now))
        }
        let drawing =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M1 1H8\" stroke=\"red\"/></svg>"
        let fields = "Content-Type: image/svg+xml\r\nIdempotency-Key: once\r\n"
        let target = "/v1/devices/plot1/jobs?hold=true&name=x"
        var server = try TestDaemon(keeper: keeper())
        let first = try await server.ask("POST", target, fields, body: drawing)
        let id = try JSONReader.read(Array(first.body.utf8)).word("id")
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/cancel").status == 200)
        for round in 0..<3 {
            let again = try await server.ask("POST", target, fields, body: drawing)
            #expect(again.status == 201 && again.body == first.body, "round \(round): \(again)")
            #expect(again.head.contains("Idempotency-Replayed: true"))
            let shown = try await server.json("GET", "/v1/jobs/\(id)")
            #expect(shown.word("state") == "cancelled" && shown["isFinal"] == .bool(true), "\(shown.text)")
            for verb in ["cancel", "pause", "resume", "hold", "move?to=first"] {
                #expect(try await server.ask("POST", "/v1/jobs/\(id)/\(verb)").status == 409, "\(verb)")
            }
            #expect(try await server.ask("GET", "/v1/jobs/\(id)/drawing").status == 410)
            #expect(try await server.ask("GET", "/v1/jobs/\(id)/preview.svg").status == 410)
            #expect(try await server.ask("GET", "/v1/jobs/\(id)/drawn.svg").status == 404)
            #expect(try await server.ask("GET", "/v1/jobs/7ZZZZZZZZZZZZZZZZZZZZZZZZZ").status == 404)
            await server.stop()
            server = try TestDaemon(keeper: keeper())
        }
        guard case .array(let jobs)? = try await server.json("GET", "/v1/devices/plot1/jobs")["items"] else {
            Issue.record("no list")
            return
        }
        #expect(jobs.isEmpty)
    }

    /// A day of running time, whatever the clock on the wall says; a mark without an age counts as new.
    @Test func countsTheTimeThatDaemonsRan() async throws {
        let clock = Mutex(5 * IdempotencyTable.seconds)
        let table = IdempotencyTable(now: { clock.withLock { $0 } }, created: { .init(201, .string($0)) })
        let route = table.guarding(
            Route(
                method: "POST", pattern: "/make", role: .operator, operation: "make", summary: "",
                accepts: ["text/plain"], bodyLimit: 1000, statuses: [201], handler: { _ in .now(Response(201)) }))
        let now = 5 * IdempotencyTable.seconds
        let digest = SHA256.text(IdempotencyTable.digest(try Self.request(route, key: "k")))
        for (key, ran) in [
            ("old", now - IdempotencyTable.seconds), ("k", now - IdempotencyTable.seconds + 10), ("n", nil),
        ] {
            table.remember(.init(key: "local\n\(key)", digest: digest, ran: ran), job: "job-\(key)")
        }
        #expect(table.count == 2)
        #expect(try await Self.ask(route, key: "k") == "201 !")
        #expect(try await Self.ask(route, key: "n") == "201 !")
        clock.withLock { $0 += 10 }
        #expect(try await Self.ask(route, key: "k") == "201 ")
        #expect(try await Self.ask(route, key: "n") == "201 !")
    }

    @Test func keepsTenThousandKeys() async throws {
        let table = IdempotencyTable(now: { 0 }, created: { .init(201, .string($0)) })
        for number in 0..<11_000 {
            table.remember(
                .init(key: "local\n\(number)", digest: SHA256.text([UInt8](repeating: 1, count: 32)), ran: 0),
                job: "job")
        }
        #expect(table.count == 11_000)
    }

    @Test func makesOneJobOfARepeatedSubmission() async throws {
        let server = try TestDaemon()
        let fields = "Content-Type: image/svg+xml\r\nIdempotency-Key: \"once\"\r\n"
        let drawing =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9mm\" height=\"9mm\"><path d=\"M1 1H8\" stroke=\"#000\"/></svg>"
        let path = "/v1/devices/plot1/jobs?hold=true"
        let first = try await server.ask("POST", path, fields, body: drawing)
        #expect(first.status == 201)
        let second = try await server.ask("POST", path, fields, body: drawing)
        #expect(second.status == 201 && second.body == first.body)
        #expect(second.head.contains("Idempotency-Replayed: true") && !first.head.contains("Replayed"))
        #expect(try await server.ask("POST", path, fields, body: drawing + " ").status == 422)
        guard case .array(let jobs)? = try await server.json("GET", "/v1/devices/plot1/jobs")["items"] else {
            Issue.record("no list")
            return
        }
        #expect(jobs.count == 1)
    }
}

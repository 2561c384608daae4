internal import Foundation
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// One task at a plotter that is only written down: every stream and every answer may be cut off anywhere.
struct TaskRunTests {
    private static let task = TaskDescription(product: "ant", time: 7, ticket: "ticket-7", plotter: "plot1")
    private static let drawing = Array("<svg/>".utf8)

    /// The plotter's side of one ticket.
    private final class Plotter: Sendable {
        struct State {
            var isAccepted = false
            /// Keys and drawings that were handed over, in order.
            var handedOver: [JSONValue] = []
            var streams: [ScriptedServer.Request] = []
        }
        let state = Mutex(State())

        /// - Parameter cut: by the number of the connection and its whole answer, the bytes that arrive.
        func server(_ cut: @escaping @Sendable (Int, String) -> Int?) throws -> ScriptedServer {
            try ScriptedServer { [self] number, request in
                let whole = answer(request)
                guard let count = cut(number, whole) else { return .bytes(whole) }
                return .bytes(String(decoding: Array(whole.utf8).prefix(count), as: UTF8.self))
            }
        }

        private func answer(_ request: ScriptedServer.Request) -> String {
            state.withLock { state in
                if request.head.hasPrefix("POST /plot/plot1 ") {
                    if let body = try? JSONReader.read(request.body) { state.handedOver.append(body) }
                    state.isAccepted = true
                    return Self.whole("application/json", #"{"success":true,"state":"plotting","id":"plot1"}"#)
                }
                state.streams.append(request)
                let events =
                    state.isAccepted
                    ? [
                        #"{"connected":true}"#, #"{"accepted":"J"}"#, #"{"heartbeat":1}"#,
                        #"{"done":true,"duration":1500}"#,
                    ]
                    : [#"{"connected":true}"#, #"{"heartbeat":1}"#, #"{"proceed":"K"}"#]
                return Self.chunked(events.map { "id: ticket-7\ndata: \($0)\n\n" })
            }
        }

        static func whole(_ type: String, _ body: String) -> String {
            "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }

        static func chunked(_ parts: [String]) -> String {
            let chunks = parts.map { String($0.utf8.count, radix: 16) + "\r\n\($0)\r\n" }.joined()
            return
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n"
        }
    }

    /// What a run heard and did.
    private final class Log: Sendable {
        private let state = Mutex((time: Int64(0), drawn: 0, said: [String]()))
        var said: [String] { state.withLock { $0.said } }
        var drawn: Int { state.withLock { $0.drawn } }
        var now: Int64 { state.withLock { $0.time } }
        func say(_ text: String) { state.withLock { $0.said.append(text) } }
        func wait(_ time: Int64) { state.withLock { $0.time += time } }
        func draw() { state.withLock { $0.drawn += 1 } }
    }

    /// Runs a task; time only passes while it waits.
    private func run(
        _ log: Log = Log(), patience: TaskRun.Patience = .init(), address: @escaping @Sendable () -> DaemonAddress?,
        draw: @escaping @Sendable () throws(TaskRun.Undrawable) -> [UInt8] = { drawing }
    ) async -> TaskRun.End {
        await RawClient.waiting {
            let ways = TaskRun.Ways(
                address: address,
                draw: { _ throws(TaskRun.Undrawable) in
                    log.draw()
                    return try draw()
                },
                now: { log.now }, wait: { log.wait($0) }, say: { log.say($0) }, jitter: { 0.5 })
            return TaskRun(Self.task, key: "k", patience: patience, ways: ways).run()
        }
    }

    private func address(_ server: ScriptedServer) -> @Sendable () -> DaemonAddress? {
        let port = server.port
        return { DaemonAddress("http://127.0.0.1:\(port)") }
    }

    @Test func waitsDrawsWhenCalledAndFollowsToTheEnd() async throws {
        let plotter = Plotter()
        let server = try plotter.server { _, _ in nil }
        defer { server.stop() }
        let log = Log()
        #expect(await run(log, address: address(server)) == .drawn(seconds: 1.5))
        #expect(log.drawn == 1)
        let (handedOver, streams) = plotter.state.withLock { ($0.handedOver, $0.streams) }
        #expect(handedOver.map(\.text) == [#"{"key":"K","svg":"<svg/>"}"#])
        #expect(streams[0].head.hasPrefix("GET /queue/plot1?ts=7&ticket=ticket-7 HTTP/1.1\r\n"))
        #expect(streams[0].value("Authorization") == "Bearer k" && streams[0].value("Last-Event-ID") == nil)
        #expect(streams.dropFirst().allSatisfy { $0.value("Last-Event-ID") == "ticket-7" })
    }

    /// The first stream, the answer to the drawing and the stream after it are cut off after every single byte.
    @Test(arguments: 0..<3) func goesOnAfterACutAtEveryPoint(connection: Int) async throws {
        var count = 0
        var isWhole = false
        while !isWhole {
            let plotter = Plotter()
            let length = Mutex(Int.max)
            let cut = count
            let server = try plotter.server { number, whole in
                guard number == connection else { return nil }
                length.withLock { $0 = whole.utf8.count }
                return cut
            }
            let log = Log()
            let end = await run(log, address: address(server))
            let handedOver = plotter.state.withLock { $0.handedOver }
            #expect(end == .drawn(seconds: 1.5) && log.drawn == 1, "cut after \(cut)")
            // The same drawing with the same key, however often.
            #expect(Set(handedOver.map(\.text)).count == 1 && handedOver.count <= 2, "cut after \(cut)")
            server.stop()
            isWhole = cut >= length.withLock { $0 }
            count += 1
        }
        #expect(count > 50)
    }

    @Test(arguments: [
        ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "302"),
        ("HTTP/1.1 500 X\r\nContent-Length: 4\r\n\r\noops", "500"),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi", "another program"),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"replaced\":true,\"reason\":\"another run has it\"}\n\n",
            "another run has it"
        ),
        (
            "HTTP/1.1 400 X\r\nContent-Length: 50\r\n\r\n{\"status\":400,\"error\":\"No plotter with ID: plot1\"}",
            "No plotter"
        ),
        ("junk", "answer"), ("", "no HTTP answer"),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: nonsense\n\ndata: {}\n\n: x\n\n", "ended"),
    ]) func triesAgainForAWhileWhateverIsAnswered(answer: String, words: String) async throws {
        let server = try ScriptedServer { _, _ in .bytes(answer) }
        defer { server.stop() }
        let log = Log()
        let end = await run(log, patience: .init(withoutPlace: 60_000), address: address(server))
        guard case .unreachable(let reason) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(reason.contains(words), "\(reason)")
        // Twice as long each time, to 8 s: neither a flood nor an end too soon.
        #expect((8...16).contains(server.requests.count), "\(server.requests.count)")
        #expect((60_000...80_000).contains(log.now))
    }

    @Test func aFullLineIsWaitedForAndThenLeft() async throws {
        let full = "data: {\"connected\":false,\"reason\":\"Queue full (10 entries)\"}\n\n"
        let server = try ScriptedServer { _, _ in .bytes(Plotter.chunked([full])) }
        defer { server.stop() }
        let end = await run(patience: .init(withoutPlace: 30_000), address: address(server))
        #expect(end == .busy("plot1: Queue full (10 entries)"))
        let plotter = Plotter()
        let free = try plotter.server { _, _ in nil }
        defer { free.stop() }
        let ports = Mutex([server.port, server.port, server.port])
        let other = free.port
        let drawn = await run(patience: .init(withoutPlace: 30_000)) {
            DaemonAddress("http://127.0.0.1:\(ports.withLock { $0.popLast() ?? other })")
        }
        #expect(drawn == .drawn(seconds: 1.5))
    }

    @Test func goesWhereThePlotterHasGone() async throws {
        let plotter = Plotter()
        // The first two streams end at the old address, and what comes after is at the new one.
        let old = try plotter.server { _, whole in whole.utf8.count / 2 }
        let new = try plotter.server { _, _ in nil }
        defer { new.stop() }
        let asked = Mutex(0)
        let agent = try ScriptedServer { _, request in
            guard request.head.hasPrefix("GET /v1/kv/") else { return .bytes(Plotter.whole("application/json", "[]")) }
            let number = asked.withLock { asked in
                asked += 1
                return asked - 1
            }
            return switch number {
            case 0: .bytes(Plotter.whole("text/plain", "http://127.0.0.1:\(old.port)"))
            case 1: .bytes("HTTP/1.1 500 X\r\nContent-Length: 17\r\n\r\nNo cluster leader")
            case 2: .status(404)
            case 3: .bytes(Plotter.whole("text/plain", "not an address"))
            default: .bytes(Plotter.whole("text/plain", "http://127.0.0.1:\(new.port)\n"))
            }
        }
        defer { agent.stop() }
        let log = Log()
        let location = try #require(HTTPLocation("http://127.0.0.1:\(agent.port)"))
        let end = await RawClient.waiting {
            let place = PlotterPlace("plot1", named: [], agent: .init(location: location, token: "t")) { log.say($0) }
            let ways = TaskRun.Ways(
                address: {
                    defer { if log.now > 400 { old.stop() } }
                    return place.next()
                }, draw: { _ throws(TaskRun.Undrawable) in Self.drawing }, now: { log.now }, wait: { log.wait($0) },
                say: { log.say($0) }, jitter: { 0 })
            return TaskRun(Self.task, key: nil, patience: .init(), ways: ways).run()
        }
        #expect(end == .drawn(seconds: 1.5))
        #expect(asked.withLock { $0 } > 4)
        let asking = agent.requests.first { $0.head.hasPrefix("GET /v1/kv/axidraw_address?raw ") }
        #expect(asking?.value("X-Consul-Token") == "t")
        for words in [
            "No cluster leader", "knows no axidraw_address", "no address", "has moved to http://127.0.0.1:\(new.port)",
        ] {
            #expect(log.said.contains { $0.contains(words) }, "\(words)")
        }
    }

    /// Of many plotters each has a daemon of its own; of two that say the same, the one that can plot.
    @Test func findsTheDaemonOfItsPlotter() async throws {
        func instance(_ plotter: String, _ port: Int, _ status: String) -> String {
            #"{"Node":{"Address":"127.0.0.1"},"Service":{"ID":"s-\#(port)","Service":"axidrawd-plotter","Tags":["\#(plotter)"],"#
                + #""Address":"","Port":\#(port),"Meta":{"plotter":"\#(plotter)"}},"Checks":[{"Status":"\#(status)"}]}"#
        }
        let services = [
            instance("plot2", 1, "passing"), instance("plot1", 2, "critical"), instance("plot1", 3, "passing"),
        ]
        let agent = try ScriptedServer { _, request in
            request.head.hasPrefix("GET /v1/health/service/axidrawd-plotter")
                ? .bytes(Plotter.whole("application/json", "[\(services.joined(separator: ","))]"))
                : .bytes(Plotter.whole("text/plain", "http://127.0.0.1:9"))
        }
        defer { agent.stop() }
        let location = try #require(HTTPLocation("http://127.0.0.1:\(agent.port)"))
        for (plotter, port) in [("plot1", 3), ("plot2", 1), ("plot3", 9)] {
            let found = await RawClient.waiting {
                PlotterPlace(plotter, named: [], agent: .init(location: location, token: nil)).next()?.text
            }
            #expect(found == "http://127.0.0.1:\(port)", "\(plotter)")
        }
    }

    /// What is said at the end decides whether trying again helps.
    @Test(arguments: [
        (#"{"failed":true,"reason":"r"}"#, false, TaskRun.End.failed("r")),
        (#"{"failed":true,"reason":"r"}"#, true, .failed("r")),
        (#"{"failed":true,"reason":"r","again":true}"#, true, .busy("r")),
    ]) func saysWhetherAnotherRunHelps(last: String, isAccepted: Bool, expected: TaskRun.End) async throws {
        let events = [#"{"connected":true}"#] + (isAccepted ? [#"{"accepted":"J"}"#] : []) + [last]
        let server = try ScriptedServer { _, _ in .bytes(Plotter.chunked(events.map { "data: \($0)\n\n" })) }
        defer { server.stop() }
        #expect(await run(address: address(server)) == expected)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        ("HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n", TaskRun.End.refused("plot1 refuses the drawing: HTTP 401")),
        (
            "HTTP/1.1 400 X\r\nContent-Length: 27\r\n\r\n{\"status\":400,\"error\":\"no\"}\n",
            .unusable("plot1 cannot draw it: \"no\"")
        ),
    ]) func aDrawingThatIsRefusedIsNotSentAgain(answer: String, expected: TaskRun.End) async throws {
        let server = try ScriptedServer { _, request in
            request.head.hasPrefix("POST") ? .bytes(answer) : .bytes(Plotter.chunked(["data: {\"proceed\":\"K\"}\n\n"]))
        }
        defer { server.stop() }
        #expect(await run(address: address(server)) == expected)
        #expect(server.requests.count == 2)
    }

    @Test func whatCannotBeDrawnEndsItAndWhatComesLaterIsWaitedFor() async throws {
        let plotter = Plotter()
        let server = try plotter.server { _, _ in nil }
        defer { server.stop() }
        let never = await run(address: address(server)) { () throws(TaskRun.Undrawable) in
            throw TaskRun.Undrawable(reason: "no such product", isPassing: false)
        }
        #expect(never == .unusable("no such product"))
        let tries = Mutex(0)
        let later = await run(address: address(server)) { () throws(TaskRun.Undrawable) in
            let number = tries.withLock { tries in
                tries += 1
                return tries
            }
            if number < 3 { throw TaskRun.Undrawable(reason: "not yet", isPassing: true) }
            return Self.drawing
        }
        #expect(later == .drawn(seconds: 1.5))
    }

    @Test func endsWhenTheWholeTimeIsOver() async throws {
        let events = Array(repeating: "data: {\"heartbeat\":1}\n\n", count: 3)
        let server = try ScriptedServer { _, _ in .bytes(Plotter.chunked(events)) }
        defer { server.stop() }
        let end = await run(patience: .init(withoutPlace: 10_000, whole: 20_000), address: address(server))
        guard case .busy(let reason) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(reason.contains("too long"))
    }

    /// Whoever takes its time with every byte is not waited for longer than whoever says nothing.
    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", "HTTP/1.1 500 X\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Long: ",
    ]) func aServerThatDripsIsLeft(start: String) async throws {
        let raw = try #require(try Socket.listening(host: "127.0.0.1", port: 0).first)
        let port = try #require(Socket.localPort(of: raw))
        let isOver = Live(false)
        let thread = Thread {
            let listener = Socket(owning: raw)
            var open: [CInt] = []
            while !isOver.value {
                if case (let new, _)?? = try? listener.accept() {
                    open.append(new)
                    _ = Socket.sendAll(new, Array(start.utf8), until: HTTPServer.now + 60_000)
                }
                for one in open where !start.isEmpty { _ = Socket.sendAll(one, [0x3A], until: HTTPServer.now + 100) }
                usleep(10_000)
            }
            for one in open { Socket.close(one) }
        }
        thread.start()
        defer { isOver.replace(true) }
        var patience = TaskRun.Patience(withoutPlace: 2_000)
        (patience.silence, patience.answer) = (100, 100)
        let end = await run(patience: patience, address: { DaemonAddress("http://127.0.0.1:\(port)") })
        guard case .unreachable = end else {
            Issue.record("\(end)")
            return
        }
    }
}

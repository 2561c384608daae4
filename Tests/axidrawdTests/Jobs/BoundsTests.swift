internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Walking around what a job will draw, before it is drawn.
struct BoundsTests {
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="80mm" viewBox="0 0 100 80" fill="none" \
        stroke="black"><path d="M20 30H60V50"/></svg>
        """

    @Test func goesAroundTheInkWithThePenUpAndBack() async throws {
        let server = try TestDaemon(speed: .times(4))
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        let made = try await server.json(
            "POST", "/v1/devices/plot1/jobs?hold=true", "Content-Type: image/svg+xml\r\n", body: Self.drawing)
        let job = "/v1/jobs/" + made.word("id")
        _ = try await server.wait(for: job) { $0["summary"] != .null }
        let ink = try #require(server.daemon.workshop.jobs().first?.summary?.ink)
        let size = (x: ink.maximum.x - ink.minimum.x, y: ink.maximum.y - ink.minimum.y)
        // Either way round, as the page lies on the machine.
        #expect(abs(max(size.x, size.y) - 40) < 0.05 && abs(min(size.x, size.y) - 20) < 0.05)

        let board = try #require(server.daemon.workshop.stations.first?.board)
        async let walk = server.ask("POST", job + "/bounds")
        let watch = Task {
            var seen = Box()
            while !Task.isCancelled {
                let now = board.snapshot(since: .max)
                seen.include(Point(now.xMillimetres, now.yMillimetres))
                try? await Task.sleep(for: .milliseconds(2))
            }
            return seen
        }
        #expect(try await walk.status == 200)
        watch.cancel()
        let seen = await watch.value
        #expect(abs(seen.maximum.x - ink.maximum.x) < 3 && abs(seen.maximum.y - ink.maximum.y) < 3, "\(seen), \(ink)")
        #expect(seen.maximum.x < ink.maximum.x + 0.05 && seen.maximum.y < ink.maximum.y + 0.05)
        let end = board.snapshot(since: .max)
        #expect(end.penLifts == 0 && abs(end.xMillimetres) < 0.05 && abs(end.yMillimetres) < 0.05)
        #expect(try await server.json("GET", job).word("state") == "held")
    }

    /// A round that nobody wants any more ends, a second one is refused meanwhile, and people read what goes on.
    @Test func aCancelledJobEndsItsRoundAndOneIsEnough() async throws {
        let server = try TestDaemon(speed: .times(2))
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        let made = try await server.json(
            "POST", "/v1/devices/plot1/jobs?hold=true&scribble=250,150", "Content-Type: image/svg+xml\r\n",
            body: Self.drawing)
        let job = "/v1/jobs/" + made.word("id")
        _ = try await server.wait(for: job) { $0["summary"] != .null }
        async let walk = server.ask("POST", job + "/bounds")
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("sentence").hasPrefix("Going around") }
        let second = try await server.ask("POST", job + "/bounds")
        #expect(second.status == 409 && second.body.contains("goes around a drawing already"))
        let board = try #require(server.daemon.workshop.stations.first?.board)
        #expect(try await server.ask("POST", job + "/cancel").status == 200)
        #expect(try await walk.status == 200)
        let end = board.snapshot(since: .max)
        #expect(abs(end.xMillimetres) < 0.05 && abs(end.yMillimetres) < 0.05 && end.isPenUp)
        // All the way round it would have been more than 700 mm.
        #expect(end.penUpMillimetres < 500, "\(end.penUpMillimetres)")
        let device = try await server.wait(for: "/v1/devices/plot1") { !$0.word("sentence").hasPrefix("Going") }
        #expect(device.word("sentence") == "Ready, pen up.")
    }
}

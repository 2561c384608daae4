internal import Dispatch
internal import EBB
internal import Foundation
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import axidrawd

private let device = "/v1/devices/plot1"

/// What is only asked is answered from what is known, and what is asked for is taken: nobody waits for the board.
@Suite(.serialized) struct SilentBoardTests {
    /// Forty strokes.
    private static let drawing: String = {
        var paths = ""
        for row in 0..<40 { paths += "<path d=\"M5 \(5 + row)H35\" stroke=\"black\"/>" }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40mm\" height=\"50mm\" viewBox=\"0 0 40 50\">"
            + paths + "</svg>"
    }()

    /// A job that has drawn its first stroke.
    private static func begin(on server: TestDaemon) async throws -> String {
        _ = try await server.wait(for: device) { $0["state"] == .string("raised") }
        let id = try await server.json(
            "POST", device + "/jobs", "Content-Type: image/svg+xml\r\n", body: drawing
        ).word("id")
        _ = try await server.wait(for: "/v1/jobs/\(id)") { job in
            if case .integer(let strokes)? = job["progress"]?["strokes"] { strokes > 0 } else { false }
        }
        return id
    }

    /// Everything that can be asked of a plotter at work and of its job.
    private static func questions(_ id: String) -> [String] {
        [
            "/v1/devices", device, device + "/jobs", device + "/ink", device + "/drawn.svg", "/v1/jobs",
            "/v1/jobs/\(id)", "/v1/jobs/\(id)/preview.svg", "/v1/jobs/\(id)/drawn.svg",
            "/v1/jobs/\(id)/stroke?x=20&y=10", "/v1/history", "/metrics", "/readyz", "/healthz", "/",
        ]
    }

    /// Stops a driver's queue: who waits for the driver waits until `release`, and the test's client loses patience.
    private final class Hold: Sendable {
        private let end = DispatchSemaphore(value: 0)

        init(_ driver: Driver) {
            driver.executor.queue.async { @Sendable [end] in end.wait() }
        }

        func release() { end.signal() }
        deinit { end.signal() }
    }

    @Test func nothingThatIsAskedWaitsForTheDriver() async throws {
        let server = try TestDaemon(speed: .times(2))
        let id = try await Self.begin(on: server)
        let job = "/v1/jobs/\(id)"
        let plotter = try #require(server.daemon.workshop.stations.first?.plotter)
        let hold = Hold(await plotter.driver)
        for question in Self.questions(id) {
            let status = try await server.ask("GET", question).status
            #expect(status == 200, "GET \(question): \(status)")
        }
        #expect(try await server.ask("POST", job + "/pause?at=now").status == 200)
        #expect(try await server.json("GET", device)["job"] != .null)
        #expect(try await server.ask("POST", job + "/cancel").status == 200)
        #expect(try await server.ask("POST", device + "/stop").status == 200)
        #expect(try await server.json("GET", job)["isFinal"] == .bool(false))
        hold.release()
        let ended = try await server.wait(for: job) { $0["isFinal"] == .bool(true) }
        #expect(ended["state"] == .string("cancelled"), "\(ended.text)")
    }

    enum Loss: CaseIterable { case silence, cable }

    @Test(arguments: Loss.allCases)
    func aJobWhoseBoardSaysNothingIsToldAndCanBeCancelled(_ loss: Loss) async throws {
        let server = try TestDaemon(speed: .times(2))
        let id = try await Self.begin(on: server)
        let job = "/v1/jobs/\(id)"
        let board = try #require(server.daemon.workshop.stations.first?.board)
        switch loss {
        case .silence: board.add(FaultScript(rules: [FaultRule(.now, .silence(ticks: 1 << 40))]))
        case .cable: board.pullCable()
        }
        let told = try await server.wait(for: job) { $0["state"] == .string("paused") }
        #expect(told.word("reason").contains("link"), "\(told.text)")
        for question in Self.questions(id) {
            let status = try await server.ask("GET", question).status
            #expect(status == 200, "GET \(question): \(status)")
        }
        #expect(try await server.ask("POST", job + "/cancel").status == 200)
        let ended = try await server.wait(for: job) { $0["isFinal"] == .bool(true) }
        #expect(ended["state"] == .string("cancelled"), "\(ended.text)")
    }
}

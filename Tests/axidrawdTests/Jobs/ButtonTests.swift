internal import EBB
internal import Simulator
internal import TestSupport
internal import Testing

@testable import axidrawd

/// The board's own button: a plot that waits for it, and one that is paused with it.
@Suite(.serialized) struct ButtonTests {
    private static let line = """
        <svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30">\
        <path d="M5 5H35" fill="none" stroke="black"/></svg>
        """

    private func submit(_ server: TestDaemon, _ query: String) async throws -> String {
        let head = "Content-Type: image/svg+xml\r\n"
        return try await server.json("POST", "/v1/devices/plot1/jobs" + query, head, body: Self.line).word("id")
    }

    private func press(_ server: TestDaemon) {
        server.daemon.workshop.stations.first?.board?.withBoard { $0.pressButton() }
    }

    @Test func aPlotBeginsWhenTheButtonIsPressed() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        // A press of long ago begins nothing.
        press(server)
        let id = try await submit(server, "?start=button")
        let waiting = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
        #expect(waiting["state"] == .string("held") && waiting.word("reason").contains("button"))
        try await Task.sleep(for: Plotter.lookInterval * 4)
        #expect(try await server.json("GET", "/v1/jobs/\(id)")["state"] == .string("held"))
        #expect(try await server.json("GET", "/v1/devices/plot1").word("sentence").contains("button"))
        press(server)
        let done = try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }
        #expect(done["state"] == .string("done"))
    }

    /// Whoever has put in paper presses the button, for the next copy as for the next drawing.
    @Test func whatWaitsForPaperBeginsWhenTheButtonIsPressed() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let first = try await submit(server, "?copies=2")
        let second = try await submit(server, "")
        _ = try await server.wait(for: "/v1/jobs/\(first)") { $0["copiesDone"] == .integer(1) }
        for id in [first, second] {
            _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("sentence").hasPrefix("Waiting for paper") }
            let pressing = Task {
                while !Task.isCancelled {
                    // A press from before the plotter waited counts for nothing: so it is pressed until it is heard.
                    press(server)
                    try await Task.sleep(for: Plotter.lookInterval * 2)
                }
            }
            let done = try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }
            pressing.cancel()
            #expect(done["state"] == .string("done"))
        }
    }

    @Test func aWaitingJobIsArmedLater() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let id = try await submit(server, "?hold=true")
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/hold?until=monday").status == 400)
        #expect(try await server.ask("POST", "/v1/jobs/\(id)/hold?until=button").status == 200)
        try await Task.sleep(for: Plotter.lookInterval * 4)
        press(server)
        let done = try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }
        #expect(done["state"] == .string("done"))
        #expect(try await server.ask("POST", "/v1/devices/plot1/jobs?start=now", body: Self.line).status == 415)
    }

    @Test(arguments: [FirmwareVersion(2, 5, 3), .v281, .v303])
    func thePlotterTellsAPressOnce(_ firmware: FirmwareVersion) async throws {
        let loopback = Loopback(BoardConfiguration(firmware: firmware), speed: .maximum)
        let plotter = Plotter(name: "plot1", transport: loopback) { _ in }
        #expect(await plotter.wasButtonPressed() == nil)
        await plotter.attach()
        _ = await plotter.wasButtonPressed()
        #expect(await plotter.wasButtonPressed() == false)
        loopback.withBoard { $0.pressButton() }
        #expect(await plotter.wasButtonPressed() == true)
        #expect(await plotter.wasButtonPressed() == false)
    }
}

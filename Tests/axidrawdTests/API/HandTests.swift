internal import Testing

@testable import axidrawd

/// Moves by hand over the API, on a virtual board.
@Suite(.serialized) struct HandTests {
    private func position(_ server: TestDaemon, _ x: Double, _ y: Double) async throws {
        let device = try await server.wait(for: "/v1/devices/plot1") { device in
            func number(_ name: String) -> Double? {
                switch device["position"]?[name] {
                case .number(let value)?: value
                case .integer(let value)?: Double(value)
                default: nil
                }
            }
            return number("xMillimetres") == x && number("yMillimetres") == y
        }
        let place = device["position"]?.text ?? ""
        #expect(place.contains("\"penUp\":true"), "\(x), \(y): \(place)")
    }

    @Test func walksGoesAndComesHome() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let device = "/v1/devices/plot1/"
        #expect(try await server.ask("POST", device + "walk?dx=20&dy=10").status == 200)
        try await position(server, 20, 10)
        #expect(try await server.ask("POST", device + "move?x=50&y=60").status == 200)
        try await position(server, 50, 60)
        #expect(try await server.ask("POST", device + "walk?dx=-5&dy=0").status == 200)
        try await position(server, 45, 60)
        #expect(try await server.ask("POST", device + "cycle").status == 200)
        #expect(try await server.ask("POST", device + "home").status == 200)
        try await position(server, 0, 0)
    }

    @Test func refusesWhatCannotBe() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let device = "/v1/devices/plot1/"
        #expect(try await server.ask("POST", device + "move?x=500&y=1").status == 422)
        for bad in [
            "walk", "walk?dx=1", "walk?dx=nan&dy=0", "walk?dx=1&dy=9999", "move?x=1", "command", "command?text=V%0D",
        ] {
            #expect(try await server.ask("POST", device + bad).status == 400, "\(bad)")
        }
        #expect(try await server.json("POST", device + "command?text=V").word("reply").contains("3.0.3"))
        #expect(try await server.ask("POST", device + "command?text=XX").status == 502)
        #expect(try await server.ask("POST", device + "name?to=a,b").status == 400)
        // What ends the conversation is not let through by a slip.
        for command in ["BL", "bl", "RB", "CU,1,0", "CU,10,1", "T,1,0"] {
            #expect(try await server.ask("POST", device + "command?text=" + command).status == 422, "\(command)")
        }
        #expect(try await server.ask("POST", device + "command?text=CU,50,1").status == 200)
        #expect(try await server.ask("POST", device + "release").status == 200)
        #expect(try await server.ask("POST", device + "walk?dx=1&dy=1").status == 409)
    }

    /// Who insists gets it, and the state says so.
    @Test func aBoardThatWasSentAwayIsNotReady() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        #expect(try await server.ask("POST", "/v1/devices/plot1/command?text=BL&force=true").status == 200)
        let device = try await server.wait(for: "/v1/devices/plot1") { $0["state"] != .string("raised") }
        #expect(device["state"] == .string("faulted"))
        #expect(device.word("sentence").contains("BL"), "\(device.text)")
    }
}

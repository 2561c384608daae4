import Testing

@testable internal import Text
@testable internal import axidrawd

/// Moving where a waiting job will be drawn.
struct PlaceTests {
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30" fill="none" \
        stroke="black"><path d="M10 10H30"/></svg>
        """

    @Test func byNudgingAndWhereTheCarriageStands() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0.word("state") == "raised" }
        let made = try await server.json(
            "POST", "/v1/devices/plot1/jobs?hold=true&origin=5,5", "Content-Type: image/svg+xml\r\n", body: Self.drawing
        )
        let job = "/v1/jobs/" + made.word("id")
        func origin(_ value: JSONValue) -> String { value["options"]?.word("origin") ?? "" }
        _ = try await server.wait(for: job) { $0["summary"] != .null }
        #expect(origin(try await server.json("POST", job + "/place?dx=1.5&dy=-0.25")) == "6.5,4.75")
        #expect(origin(try await server.json("POST", job + "/place?dx=1")) == "7.5,4.75")
        #expect(try await server.ask("POST", "/v1/devices/plot1/move?x=60&y=40").status == 200)
        _ = try await server.wait(for: "/v1/devices/plot1") {
            $0["position"]?["xMillimetres"] == .integer(60) || $0["position"]?["xMillimetres"] == .number(60)
        }
        #expect(origin(try await server.json("POST", job + "/place?here=true")) == "60,40")
        let planned = try await server.wait(for: job) { value in
            value["summary"]?["ink"]?["xMillimetres"] == .number(70)
                || value["summary"]?["ink"]?["xMillimetres"] == .integer(70)
        }
        #expect(planned["summary"] != .null)
        for bad in ["", "?dx=abc", "?dx=99999", "?here=no", "?here=true&dx=1"] {
            #expect(try await server.ask("POST", job + "/place" + bad).status == 400, "\(bad)")
        }
        #expect(try await server.ask("POST", job + "/cancel").status == 200)
        #expect(try await server.ask("POST", job + "/place?dx=1").status == 409)
    }
}

internal import EBB
internal import Foundation
internal import Testing

@testable import Text
@testable import axidrawd

/// What was asked for by name and the plotter's board is known not to do is refused when it is asked for, by every entry.
@Suite(.serialized) struct FirmwareRefusalTests {
    private static let json = "Content-Type: application/json\r\nIf-Match: *\r\n"
    private static let svg = "Content-Type: image/svg+xml\r\n"
    private static let drawing =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"50mm\" height=\"50mm\" viewBox=\"0 0 50 50\">"
        + "<path d=\"M5 5h40\" fill=\"none\" stroke=\"black\"/></svg>"

    private func expectRefused(
        _ answer: (status: Int, head: String, body: String), _ option: String, _ firmware: String, _ note: String
    ) {
        #expect(answer.status == 422, "\(note): \(answer.body)")
        // What is wrong, where, and what to do.
        for words in ["\"/\(option)\"", "needs firmware", "the board of plot1 has \(firmware)", "leave it out"] {
            #expect(answer.body.contains(words), "\(note): \(answer.body)")
        }
    }

    @Test(arguments: [("2.8.1", "jerk", "20000"), ("2.6.2", "motion", "physical"), ("2.6.2", "jerk", "20000")])
    func everyEntryRefusesWhatTheBoardLacks(_ firmware: String, _ option: String, _ value: String) async throws {
        let server = try TestDaemon(firmware: try #require(FirmwareVersion(firmware)))
        let device = "/v1/devices/plot1"
        let asked = "\(option)=\(value)"
        expectRefused(
            try await server.ask("POST", "\(device)/jobs?\(asked)", Self.svg, body: Self.drawing), option, firmware,
            "a job")
        expectRefused(
            try await server.ask(
                "POST", "\(device)/strokes?\(asked)", "Content-Type: application/x-ndjson\r\n",
                body: "[[1,1],[2,2]]\n"), option, firmware, "a stream")
        let change = "{\"options\":{\"\(option)\":\"\(value)\"}}"
        expectRefused(try await server.ask("PATCH", device, Self.json, body: change), option, firmware, "its options")
        let id = try await server.json("POST", "\(device)/jobs?hold=true", Self.svg, body: Self.drawing).word("id")
        expectRefused(
            try await server.ask("PATCH", "/v1/jobs/\(id)", Self.json, body: change), option, firmware, "a change")
        // What was refused has left nothing behind.
        let jobs = try await server.json("GET", "\(device)/jobs")
        #expect(jobs.text.components(separatedBy: "\"id\":").count == 2, "\(jobs.text)")
        let held = try await server.wait(for: "/v1/jobs/\(id)") { $0["summary"] != .null }
        #expect(held["options"]?[option] == nil && held["summary"] != .null)
        #expect(try await server.json("GET", device)["options"]?[option] == nil)
    }

    /// A way of drawing that brings a jerk along goes without where the board cannot keep it.
    @Test(arguments: ["2.8.1", "3.0.3"]) func whatWasNotAskedForByNameIsTaken(_ firmware: String) async throws {
        let server = try TestDaemon(firmware: try #require(FirmwareVersion(firmware)))
        let jerk = firmware == "3.0.3" ? ["jerk=20000"] : []
        for query in ["preset=technical", "jerk=none", "motion=physical"] + jerk {
            let path = "/v1/devices/plot1/jobs?hold=true&" + query
            #expect(try await server.ask("POST", path, Self.svg, body: Self.drawing).status == 201, "\(query)")
        }
    }
}

internal import Foundation
internal import TestSupport
internal import Testing

@testable import Text
@testable import axidrawd

/// The table of options over the API, what is remembered of it for a plotter, and changes of what waits.
@Suite(.serialized) struct OptionRoutesTests {
    private static let json = "Content-Type: application/json\r\n"
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape" width="100mm" \
        height="80mm" viewBox="0 0 100 80" fill="none"><g i:groupmode="layer" i:label="1 black" stroke="black"><path \
        d="M5 5h70"/></g><g i:groupmode="layer" i:label="2 red" stroke="red"><path d="M5 20h120"/></g></svg>
        """

    /// Sends a change whatever it changes; once more where a plan came in between.
    private func force(_ server: TestDaemon, _ path: String, _ body: String) async throws -> Int {
        for _ in 0..<20 {
            let status = try await server.ask("PATCH", path, Self.json + "If-Match: *\r\n", body: body).status
            if status != 412 { return status }
        }
        return 412
    }

    /// Sends a change with the tag of what it changes.
    private func patch(_ server: TestDaemon, _ path: String, _ body: String) async throws -> (Int, JSONValue) {
        let head = try await server.ask("GET", path).head
        let tag = head.components(separatedBy: "\r\n").first { $0.hasPrefix("ETag: ") }?.dropFirst(6) ?? ""
        let answer = try await server.ask("PATCH", path, Self.json + "If-Match: \(tag)\r\n", body: body)
        return (answer.status, try JSONReader.read(Array(answer.body.utf8)))
    }

    /// A daemon drives machines of several kinds: which one a plotter is, is an option of its jobs. No file is read for it.
    @Test func theMachineIsAnOption() throws {
        let request = try OptionFields.request(
            [("pen-down-speed", "33"), ("profile", "axidraw-v3-a3")], over: .standard)
        #expect(request.profile.name == "axidraw-v3-a3" && request.profile.travel.width == 430)
        #expect(request.profile.penDown.speed == 33)
        for bad in ["./mine.json", "/etc/passwd", "-", "axidraw"] {
            let problem = #expect(throws: OptionError.self) {
                try OptionFields.request([("profile", bad)], over: .standard)
            }
            #expect(problem?.sentence.contains("axidraw-v3-a3") == true, "\(bad)")
        }
    }

    @Test func listsEveryOptionOfTheTable() async throws {
        let server = try TestDaemon()
        guard case .array(let groups)? = try await server.json("GET", "/v1/options")["groups"] else {
            Issue.record("no groups")
            return
        }
        let options = groups.flatMap { group -> [JSONValue] in
            if case .array(let options)? = group["options"] { options } else { [] }
        }
        #expect(options.map { $0.word("name") } == OptionFields.flags.map(\.name))
        for option in options { #expect(!option.word("help").isEmpty && !option.word("expected").isEmpty) }
    }

    @Test func everyOptionOfWhatWaitsMayChange() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let id = try await server.json(
            "POST", "/v1/devices/plot1/jobs?hold=true", "Content-Type: image/svg+xml\r\n", body: Self.drawing
        ).word("id")
        let path = "/v1/jobs/\(id)"
        _ = try await server.wait(for: path) { $0["summary"] != .null }
        let plan = try await server.json("GET", path + "/plan")
        #expect(plan["strokeCount"] == .integer(2) && plan["inks"]?.text == ##"[[0,"#000000"],[1,"#ff0000"]]"##)
        // The red line leaves the page.
        #expect(plan["lost"]?.text == "[[100,20,125,20]]")
        let choice = ##"{"options":{"layers":"2 red","fit":"page","copies":3,"strict":false,"page":"a5"}}"##
        let (status, changed) = try await patch(server, path, choice)
        #expect(status == 200 && changed["copies"] == .integer(3), "\(changed.text)")
        let after = try await server.wait(for: path) { $0["summary"] != .null }
        #expect(after["summary"]?["strokes"] == .integer(1))
        // What is left out may be chosen again.
        #expect(after["summary"]?["choices"]?.text.contains("1 black") == true)
        #expect(try await server.json("GET", path + "/plan")["lost"]?.text == "[]")
        #expect(try await patch(server, path, ##"{"options":{"layers":null}}"##).0 == 200)
        #expect(try await server.wait(for: path) { $0["summary"] != .null }["summary"]?["strokes"] == .integer(2))
        for bad in [
            ##"{"options":{"fit":"wide"}}"##, ##"{"options":{"speed":3}}"##, ##"{"options":[]}"##,
            ##"{"options":{"fit":[]}}"##, ##"{"options":{"pen-down-speed":"abc"}}"##,
        ] {
            let (status, problem) = try await patch(server, path, bad)
            #expect(status == 422 && problem["errors"] != nil, "\(bad): \(problem.text)")
        }
        #expect(try await server.json("GET", path)["options"]?["fit"] == .string("page"))
    }

    /// A change that cannot be planned does not cost the drawing: it says why, and is changed again.
    @Test func whatCannotBePlannedAsChangedIsHeld() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let id = try await server.json(
            "POST", "/v1/devices/plot1/jobs?hold=true", "Content-Type: image/svg+xml\r\n", body: Self.drawing
        ).word("id")
        let path = "/v1/jobs/\(id)"
        for wrong in [##"{"options":{"layers":"9"}}"##, ##"{"options":{"layers":"2 red","strict":true}}"##] {
            #expect(try await force(server, path, wrong) == 200)
            let held = try await server.wait(for: path, seconds: 20) { $0.word("reason").contains("cannot be planned") }
            #expect(held.word("state") == "held" && held.word("sentence").contains("Change it again"))
            #expect(try await force(server, path, ##"{"options":{"layers":"2 red","strict":false}}"##) == 200)
            let planned = try await server.wait(for: path, seconds: 60) { $0["summary"] != .null }
            #expect(planned["summary"]?["strokes"] == .integer(1) && planned.word("reason") == "person")
        }
        // The failure of options that hold no longer is nobody's.
        #expect(try await force(server, path, ##"{"options":{"layers":"9"}}"##) == 200)
        #expect(try await force(server, path, ##"{"options":{"layers":"1 black"}}"##) == 200)
        let planned = try await server.wait(for: path, seconds: 60) { $0["summary"] != .null }
        #expect(planned["summary"]?["strokes"] == .integer(1) && planned.word("state") == "held")
    }

    @Test func remembersOptionsOfAPlotter() async throws {
        let server = try TestDaemon()
        let path = "/v1/devices/plot1"
        // A plotter that is still being opened changes its tag between the question and the change.
        _ = try await server.wait(for: path) { $0["state"] == .string("raised") }
        #expect(try await server.json("GET", path)["options"] == .object([]))
        let (status, device) = try await patch(server, path, ##"{"options":{"page":"a4","pen-up-height":70}}"##)
        #expect(status == 200 && device["options"]?.text == ##"{"page":"a4","pen-up-height":"70"}"##)
        #expect(try await patch(server, path, ##"{"autoAdvance":true}"##).1["options"]?["page"] == .string("a4"))
        for bad in [##"{"options":{"page":"a44"}}"##, ##"{"options":{"none":"1"}}"##, ##"{"options":1}"##, "{}"] {
            #expect(try await patch(server, path, bad).0 == 422, "\(bad)")
        }
        #expect(try await server.json("GET", path)["options"]?["page"] == .string("a4"))
    }
}

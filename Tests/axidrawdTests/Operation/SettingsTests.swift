internal import Foundation
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// What may be changed while the daemon runs, by the API and by its file.
@Suite(.serialized) struct SettingsTests {
    private static let json = "Content-Type: application/json\r\n"

    private static func tag(_ server: TestDaemon) async throws -> String {
        let head = try await server.ask("GET", "/v1/settings").head
        let line = head.components(separatedBy: "\r\n").first { $0.hasPrefix("ETag: ") }
        return "If-Match: \(try #require(line).dropFirst(6))\r\n"
    }

    /// A change with the tag of now.
    private static func change(_ server: TestDaemon, _ method: String, _ body: String) async throws -> (Int, JSONValue)
    {
        let answer = try await server.ask(method, "/v1/settings", json + tag(server), body: body)
        return (answer.status, try JSONReader.read(Array(answer.body.utf8)))
    }

    @Test func changesHostsAndLimitsWhileItRuns() async throws {
        let server = try TestDaemon()
        let foreign = "GET /healthz HTTP/1.1\r\nHost: studio.example\r\nConnection: close\r\n\r\n"
        func knocks() async throws -> [Int] {
            let client = try RawClient(port: server.port)
            client.send(foreign)
            return await statuses(client.receiveAll())
        }
        #expect(try await knocks() == [421])
        let (status, shown) = try await Self.change(server, "PATCH", #"{"hosts":["studio.example"]}"#)
        #expect(status == 200)
        #expect(shown["hosts"] == .array([.string("studio.example")]))
        #expect(try await knocks() == [200])
        let (_, limited) = try await Self.change(server, "PATCH", #"{"limits":{"connections":500}}"#)
        #expect(limited["limits"]?["connections"] == .integer(500))
        #expect(limited["limits"]?["connectionsPerAddress"] == .integer(256))
        #expect(limited["hosts"] == .array([.string("studio.example")]))
        let (_, back) = try await Self.change(server, "PATCH", #"{"hosts":null}"#)
        #expect(back["hosts"] == .array([]))
        #expect(try await knocks() == [421])
        let (_, anew) = try await Self.change(server, "PUT", "{}")
        #expect(anew["limits"]?["connections"] == .integer(1024))
    }

    /// What a drawing may have is a setting, and the refusal names it.
    @Test func theLimitOfUploadsIsASetting() async throws {
        let server = try TestDaemon()
        let (_, small) = try await Self.change(server, "PATCH", #"{"limits":{"uploadMebibytes":1}}"#)
        #expect(small["limits"]?["uploadMebibytes"] == .integer(1))
        let blanks = String(repeating: " ", count: 3 << 19)
        let drawing =
            "<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'>\(blanks)"
            + "<path d='M0 0L9 9' stroke='#000'/></svg>"
        func submit() async throws -> (status: Int, body: String) {
            let answer = try await server.ask(
                "POST", "/v1/devices/plot1/jobs?hold=true", "Content-Type: image/svg+xml\r\n", body: drawing)
            return (answer.status, answer.body)
        }
        let refused = try await submit()
        #expect(refused.status == 413)
        for word in ["1 MiB", "gzip", "limits.uploadMebibytes"] {
            #expect(refused.body.contains(word), "\(refused.body)")
        }
        _ = try await Self.change(server, "PATCH", #"{"limits":{"uploadMebibytes":2}}"#)
        #expect(try await submit().status == 201)
        #expect(try await Self.change(server, "PATCH", #"{"limits":{"uploadMebibytes":257}}"#).0 == 422)
        // As much at once as one drawing of the largest size needs.
        var configuration = ServiceConfiguration()
        configuration.uploadMebibytes = 256
        #expect(configuration.limits(over: HTTPLimits()).bodiesInFlight == 256 << 20)
        #expect(ServiceConfiguration().limits(over: HTTPLimits()) == HTTPLimits())
    }

    @Test func asksForTheTagOfWhatIsChanged() async throws {
        let server = try TestDaemon()
        let body = #"{"hosts":["a.example"]}"#
        #expect(try await server.ask("PUT", "/v1/settings", Self.json, body: body).status == 428)
        #expect(
            try await server.ask("PATCH", "/v1/settings", Self.json + "If-Match: \"x\"\r\n", body: body).status == 412)
        let tag = try await Self.tag(server)
        let first = try await server.ask("PUT", "/v1/settings", Self.json + tag, body: body)
        #expect(first.status == 200)
        #expect(try await server.ask("PUT", "/v1/settings", Self.json + tag, body: body).status == 412)
        let now = try await Self.tag(server)
        #expect(first.head.contains("ETag: \(now.dropFirst("If-Match: ".count).dropLast(2))"))
        #expect(
            try await server.ask("GET", "/v1/settings", now.replacing("If-Match", with: "If-None-Match")).status == 304)
    }

    static let refused: [(String, Int, String)] = [
        ("[]", 400, ""), ("{", 400, ""), ("{\"hosts\":1}", 422, "/hosts"), ("{\"hosts\":[1]}", 422, "/hosts"),
        ("{\"host\":[]}", 422, "/host"), ("{\"limits\":{\"connections\":0}}", 422, "/limits/connections"),
        ("{\"limits\":{\"other\":1}}", 422, "/limits/other"), ("{\"proxies\":[\"nginx.local\"]}", 422, "/proxies"),
        ("{\"listen\":[\"0.0.0.0:80\"]}", 422, "/listen"), ("{\"profile\":\"axidraw-se-a3\"}", 422, "/profile"),
        ("{\"hosts\":[],\"hosts\":[]}", 400, ""),
    ]

    @Test(arguments: refused.indices) func refusesWhatCannotBe(_ index: Int) async throws {
        let (body, status, pointer) = Self.refused[index]
        let server = try TestDaemon()
        for method in ["PUT", "PATCH"] {
            let (code, problem) = try await Self.change(server, method, body)
            #expect(code == status, "\(method) \(body)")
            guard case .array(let errors)? = problem["errors"] else {
                #expect(pointer.isEmpty)
                continue
            }
            #expect(errors.first?["pointer"] == .string(pointer))
        }
        #expect(try await server.json("GET", "/v1/settings")["hosts"] == .array([]))
    }

    @Test func takesBackWhatItShows() async throws {
        let server = try TestDaemon()
        let shown = try await server.json("GET", "/v1/settings")
        let (status, again) = try await Self.change(server, "PUT", shown.text)
        #expect(status == 200)
        #expect(again == shown)
    }

    // MARK: Layers and files

    private static func configuration(_ text: String) throws -> ServiceConfiguration {
        try ServiceConfiguration(Array(text.utf8), path: "x")
    }

    @Test func letsFlagsWinOverChoicesOverTheFile() throws {
        var layers = ConfigurationLayers()
        layers.file = try Self.configuration(#"{"hosts":["file"],"origins":["o"],"limits":{"connections":7}}"#)
        layers.chosen = try Self.configuration(#"{"hosts":["chosen"],"limits":{"connectionsPerAddress":3}}"#)
        #expect(layers.effective.hosts == ["chosen"])
        #expect(layers.effective.connections == 7 && layers.effective.connectionsPerAddress == 3)
        layers.fixed = try Self.configuration(#"{"hosts":["flag"]}"#)
        #expect(layers.effective.hosts == ["flag"] && layers.effective.origins == ["o"])
        #expect(layers.chosen.spoken.text == #"{"hosts":["chosen"],"limits":{"connectionsPerAddress":3}}"#)
    }

    @Test func keepsWhatIsFixed() async throws {
        var options = DaemonOptions()
        options.layers.fixed.hosts = ["fixed.example"]
        let daemon = try Daemon(options: options, planning: .pipeline, credentials: CredentialTable(), log: .silent)
        let (changed, waiting) = daemon.settings.reload(
            try Self.configuration(#"{"hosts":["other"],"origins":["https://a"],"profile":"axidraw-se-a3"}"#))
        #expect(changed == ["origins"])
        #expect(waiting == ["profile"])
        #expect(daemon.settings.effective.hosts == ["fixed.example"])
        #expect(daemon.settings.effective.profile == nil)
    }

    @Test func survivesANewStart() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = SettingsFile(folder: folder.appendingPathComponent("state").path)
        try file.write(.object([("hosts", .array([.string("a")]))]))
        try file.write(.object([("hosts", .array([.string("b")]))]))
        #expect(try ServiceConfiguration.file(file.path).hosts == ["b"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: file.folder) == [SettingsFile.name])
        // What a crash left is in nobody's way.
        try Data("x".utf8).write(to: URL(fileURLWithPath: file.path + ".partial"))
        try file.write(.object([]))
        #expect(try ServiceConfiguration.file(file.path) == ServiceConfiguration())
    }

    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"["a","b"]"#, #"["c"]"#, #"["c"]"#), ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ]) func mergesAsTheStandardSays(_ original: String, _ patch: String, _ result: String) throws {
        let merged = try JSONReader.read(Array(original.utf8)).merged(with: try JSONReader.read(Array(patch.utf8)))
        #expect(merged.text == result)
    }
}

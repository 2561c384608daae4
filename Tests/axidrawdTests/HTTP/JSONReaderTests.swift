internal import TestSupport
internal import Testing

@testable import Text
@testable import axidrawd

struct JSONReaderTests {
    private func read(_ text: String, comments: Bool = false) throws -> JSONValue {
        try JSONReader.read(Array(text.utf8), allowsComments: comments)
    }

    @Test(arguments: [
        "null", "true", "-1", "0", "1.5e-3", "\"\"", "\"\\u00e9\\ud83d\\ude00\\n\"", "[]", "[1,[2],{}]",
        "{\"a\":{\"b\":[null]}}", " \t\r\n1 ",
    ]) func reads(_ text: String) throws {
        let value = try read(text)
        #expect(try read(value.text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "01", "1.", ".5", "+1", "1e", "-", "\"", "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
        "\"\u{1}\"",
        "[1,]", "[1 2]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{\"a\":1,\"a\":2}", "1 2", "// c\n1", "NaN", "1e999",
        "[", "{", "{\"a\"", "tru", "]", "\"\\u12\"",
    ]) func refuses(_ text: String) {
        #expect(throws: JSONReader.Failure.self) { try read(text) }
    }

    @Test func boundsDepth() throws {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try read(deep) }
        #expect(throws: JSONReader.Failure.self) { try read("[" + deep + "]") }
        #expect(throws: JSONReader.Failure.self) { try read(String(repeating: "[", count: 1_000_000)) }
    }

    @Test func readsCommentsWhereAllowed() throws {
        #expect(
            try read("// a\n{ /* b */ \"a\": [1, 2,], }", comments: true)
                == .object([("a", .array([.integer(1), .integer(2)]))]))
        #expect(throws: JSONReader.Failure(reason: "a comment does not end", line: 2, column: 4)) {
            try read("\n/* ", comments: true)
        }
    }

    @Test func saysWhere() {
        #expect(throws: JSONReader.Failure(reason: "a value is expected", line: 2, column: 5)) {
            try read("{\n\"a\":x}")
        }
    }

    /// Damaged documents never trap, and what is read prints to the same again.
    @Test func survivesAnything() {
        let seed: UInt64 = 5
        var random = SeededGenerator(seed: seed)
        let base = Array("{\"a\":[1,2.5e3,\"x\\n\\u00e9\",null,true],\"b\":{\"c\":-0.1}} // end".utf8)
        for round in 0..<5000 {
            var bytes = base
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let value = try? JSONReader.read(bytes, allowsComments: true) else { continue }
            if (try? JSONReader.read(value.bytes)) != value { Issue.record("seed \(seed), round \(round)") }
        }
    }
}

struct ServiceConfigurationTests {
    private func failure(_ text: String) -> String? {
        do {
            _ = try ServiceConfiguration(Array(text.utf8), path: "c.json")
            return nil
        } catch { return "\(error)" }
    }

    @Test func readsWhatItKnows() throws {
        let text = """
            { // where
              "listen": ["127.0.0.1:9000", "unix:run/x.sock", "[::1]:80"], "hosts": ["a.example"],
              "profile": "axidraw-v3-a3", "firmware": "2.8.1", "log": "json",
              "limits": { "connections": 7, },
            }
            """
        let configuration = try ServiceConfiguration(Array(text.utf8), path: "c.json")
        #expect(configuration.listen?.map(\.text) == ["127.0.0.1:9000", "unix:run/x.sock", "[::1]:80"])
        #expect(configuration.connections == 7)
        #expect(configuration.log == .json)
    }

    @Test func namesLineAndNearestName() {
        #expect(failure("{\n\n \"lisen\": []}") == "c.json, line 3: unknown member \"lisen\", did you mean listen?")
        #expect(
            failure("{\n \"new\": 1, \"version\": 2}")
                == "c.json, line 2: its format is version \"2\"; this program reads 1; nothing was touched")
        #expect((try? ServiceConfiguration(Array("{\"version\": 1}".utf8), path: "c.json")) == ServiceConfiguration())
        #expect(failure("{\"limits\": {\n\"conections\": 1}}")?.hasPrefix("c.json, line 2: unknown member") == true)
        #expect(failure("{\"listen\": [\"x\"]}") == "c.json, line 1: \"x\" is no HOST:PORT and no unix:PATH")
        #expect(failure("[]") == "c.json, line 1: the file must hold one object { … }")
        #expect(failure("{\"log\": 1}") == "c.json, line 1: log must be a text")
        #expect(failure("{\"a\"")?.hasPrefix("c.json, line 1: ") == true)
    }

    @Test func letsTheEnvironmentWin() throws {
        let file = try ServiceConfiguration(Array("{\"log\":\"json\",\"hosts\":[\"a\"]}".utf8), path: "c")
        let both = try file.overridden(by: ["AXIDRAWD_HOSTS": "b,c", "AXIDRAWD_LISTEN": ":8080"])
        #expect(both.hosts == ["b", "c"])
        #expect(both.log == .json)
        #expect(both.listen?.map(\.text) == [":8080"])
        #expect(throws: ServiceConfiguration.Failure.self) { try file.overridden(by: ["AXIDRAWD_LOG": "loud"]) }
    }

    @Test(arguments: ["", "x", "a:b", "a:70000", "unix:", "[::1", "a]:1"])
    func refusesEndpoints(_ text: String) { #expect(DaemonOptions.Endpoint(text) == nil) }

    @Test func findsItsFolders() {
        let service = DaemonPaths(environment: ["STATE_DIRECTORY": "/var/lib/axidrawd"], isSimulated: true)
        #expect(service.keys == "/var/lib/axidrawd/simulated/keys.json")
        let user = DaemonPaths(environment: ["HOME": "/h", "XDG_STATE_HOME": "relative"], isSimulated: false)
        #expect(user.state == "/h/.local/state/axidrawd")
    }
}

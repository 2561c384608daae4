internal import Foundation
internal import Picture
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// The document is the table, and answers are as the document says.
@Suite(.serialized) struct OpenAPITests {
    @Test func listsExactlyTheRoutes() async throws {
        let server = try TestDaemon()
        let document = try await server.json("GET", "/v1/openapi.json")
        guard case .object(let paths)? = document["paths"] else {
            Issue.record("no paths")
            return
        }
        var listed: Set<String> = []
        for (path, operations) in paths {
            guard case .object(let entries) = operations else { continue }
            for (method, operation) in entries {
                listed.insert("\(method.uppercased()) \(path)")
                #expect(operation["x-role"] != nil && operation["operationId"] != nil)
            }
        }
        let named = server.daemon.routes.filter { !$0.operation.isEmpty }
        #expect(listed == Set(named.map { "\($0.method) \($0.pattern)" }))
        #expect(Set(named.map(\.operation)).count == named.count)
    }

    @Test func answersAsItsSchemasSay() async throws {
        let server = try TestDaemon()
        let document = try await server.json("GET", "/v1/openapi.json")
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        let made = try await server.json("POST", "/v1/devices/plot1/sample")
        guard case .string(let id)? = made["id"] else {
            Issue.record("no id")
            return
        }
        _ = try await server.wait(for: "/v1/jobs/\(id)") { $0["isFinal"] == .bool(true) }
        _ = try await server.wait(for: "/v1/devices/plot1/ink") { $0["count"].map { $0 != .integer(0) } ?? false }
        let validator = SchemaValidator(document: document)
        let asked: [(String, String, String)] = [
            ("GET", "/healthz", "Health"), ("GET", "/readyz", "Ready"), ("GET", "/v1/devices", "DeviceList"),
            ("GET", "/v1/devices/plot1", "Device"), ("GET", "/v1/devices/plot1/jobs", "JobList"),
            ("GET", "/v1/jobs/\(id)", "Job"), ("GET", "/v1/devices/plot1/ink", "Ink"),
            ("GET", "/v1/settings", "Settings"), ("GET", "/none", "Problem"),
            ("POST", "/v1/jobs/\(id)/pause", "Problem"),
            ("POST", "/v1/devices/plot1/pen?to=down", "Device"), ("POST", "/v1/devices/plot1/stop", "Device"),
        ]
        for (method, path, schema) in asked {
            let value = try await server.json(method, path)
            #expect(validator.faults(value, schema: schema) == [], "\(method) \(path)")
        }
        #expect(!validator.faults(.object([("healthy", .integer(1))]), schema: "Health").isEmpty)
        #expect(!validator.faults(.object([]), schema: "Health").isEmpty)
    }

    /// A body that the document describes: where, of which type, its schema and example.
    private struct Body {
        var place: String
        var isJSON: Bool
        var schema: JSONValue
        var example: JSONValue?
    }

    private static func bodies(of document: JSONValue) -> [Body] {
        var found: [Body] = []
        func add(_ place: String, _ content: JSONValue?) {
            guard case .object(let types)? = content else { return }
            for (type, media) in types {
                found.append(
                    Body(
                        place: "\(place) \(type)", isJSON: type.contains("json"), schema: media["schema"] ?? .null,
                        example: media["example"]))
            }
        }
        guard case .object(let paths)? = document["paths"] else { return [] }
        for (path, operations) in paths {
            guard case .object(let entries) = operations else { continue }
            for (method, operation) in entries {
                add("\(method) \(path) request", operation["requestBody"]?["content"])
                guard case .object(let answers)? = operation["responses"] else { continue }
                for (status, answer) in answers { add("\(method) \(path) \(status)", answer["content"]) }
            }
        }
        return found
    }

    @Test func everyExampleIsAsItsSchemaSays() async throws {
        let server = try TestDaemon()
        let document = try await server.json("GET", "/v1/openapi.json")
        let validator = SchemaValidator(document: document)
        let bodies = Self.bodies(of: document)
        #expect(bodies.count > 100)
        for body in bodies {
            if let example = body.example {
                #expect(validator.faults(example, body.schema, at: "") == [], "\(body.place)")
            } else {
                #expect(!body.isJSON && !body.place.contains("request"), "\(body.place) has no example")
            }
        }
        // Members that only an example has would be a slip in one of the two.
        for (name, _) in Schemas.all {
            guard let example = Examples.value(name) else { continue }
            #expect(validator.strangers(example, name) == [], "\(name)")
        }
    }

    @Test func takesTheExamplesOfRequests() async throws {
        let server = try TestDaemon()
        _ = try await server.wait(for: "/v1/devices/plot1") { $0["state"] == .string("raised") }
        func tag(_ path: String) async throws -> String {
            let head = try await server.ask("GET", path).head
            let line = head.components(separatedBy: "\r\n").first { $0.hasPrefix("ETag: ") }
            return String(line?.dropFirst(6) ?? "")
        }
        for (method, path, type, schema) in [
            ("PATCH", "/v1/devices/plot1", "application/json", "DeviceChange"),
            ("PUT", "/v1/settings", "application/json", "SettingsChange"),
            ("PATCH", "/v1/settings", "application/merge-patch+json", "SettingsChange"),
        ] {
            var example = try #require(Examples.value(schema))
            // In a whole document nothing is null.
            if method == "PUT", case .object(let members) = example {
                example = .object(members.filter { $0.1 != .null })
            }
            let fields = "If-Match: \(try await tag(path))\r\nContent-Type: \(type)\r\n"
            let answer = try await server.ask(method, path, fields, body: example.text)
            #expect(answer.status == 200, "\(method) \(path): \(answer.body)")
        }
        let drawing = try await server.ask(
            "POST", "/v1/devices/plot1/jobs", "Content-Type: image/svg+xml\r\n", body: Examples.drawing)
        #expect(drawing.status == 201)
    }

    @Test(arguments: [
        ("{}", ["/a: missing"]), (#"{"a": 1}"#, []), (#"{"a": "x"}"#, ["/a: is not \"integer\""]),
        (#"{"a": 1, "b": [1]}"#, ["/b/0: is not \"string\""]), (#"{"a": 1, "c": 2}"#, ["/c: unknown"]),
        (#"{"a": 1, "d": "z"}"#, ["/d: not listed"]), (#"{"a": 1, "e": true}"#, ["/e: fits none"]),
        ("[]", [": is not \"object\""]),
    ])
    func findsWhatDoesNotFit(_ text: String, _ faults: [String]) throws {
        let schema = """
            {"type": "object", "required": ["a"], "additionalProperties": false, "properties": {"a": {"type": "integer"},
             "b": {"type": "array", "items": {"type": "string"}}, "d": {"enum": ["x", "y"]},
             "e": {"anyOf": [{"type": "null"}, {"type": "string"}]}}}
            """
        let validator = SchemaValidator(document: .null)
        let value = try JSONReader.read(Array(text.utf8))
        #expect(validator.faults(value, try JSONReader.read(Array(schema.utf8)), at: "") == faults)
    }
}

/// As much of JSON Schema as the document uses.
struct SchemaValidator {
    let document: JSONValue

    /// What does not fit, by pointer.
    func faults(_ value: JSONValue, schema name: String) -> [String] {
        guard let schema = document["components"]?["schemas"]?[name] else { return ["no schema \(name)"] }
        return faults(value, schema, at: "")
    }

    /// Members of an example that its schema does not know, at the top.
    func strangers(_ example: JSONValue, _ name: String) -> [String] {
        guard case .object(let members) = example,
            case .object(let known)? = document["components"]?["schemas"]?[name]?["properties"]
        else { return [] }
        return members.map(\.0).filter { member in !known.contains { $0.0 == member } }
    }

    func faults(_ value: JSONValue, _ schema: JSONValue, at pointer: String) -> [String] {
        if case .string(let reference)? = schema["$ref"] {
            return faults(value, schema: reference.split(separator: "/").last.map(String.init) ?? "")
        }
        if case .array(let choices)? = schema["anyOf"] {
            return choices.contains { faults(value, $0, at: pointer).isEmpty } ? [] : ["\(pointer): fits none"]
        }
        var found: [String] = []
        if let type = schema["type"], !fits(value, type) { found.append("\(pointer): is not \(type.text)") }
        if case .array(let values)? = schema["enum"], !values.contains(value) { found.append("\(pointer): not listed") }
        if case .object(let members) = value {
            if case .array(let required)? = schema["required"] {
                for case .string(let name) in required where value[name] == nil {
                    found.append("\(pointer)/\(name): missing")
                }
            }
            for (name, member) in members {
                guard let inner = schema["properties"]?[name] else {
                    if schema["additionalProperties"] == .bool(false) { found.append("\(pointer)/\(name): unknown") }
                    continue
                }
                found += faults(member, inner, at: "\(pointer)/\(name)")
            }
        }
        if case .array(let items) = value, let inner = schema["items"] {
            for (i, item) in items.enumerated() { found += faults(item, inner, at: "\(pointer)/\(i)") }
        }
        return found
    }

    private func fits(_ value: JSONValue, _ type: JSONValue) -> Bool {
        if case .array(let types) = type { return types.contains { fits(value, $0) } }
        switch (value, type) {
        case (.null, .string("null")), (.bool, .string("boolean")), (.integer, .string("integer")),
            (.integer, .string("number")), (.number, .string("number")), (.string, .string("string")),
            (.array, .string("array")), (.object, .string("object")):
            return true
        default: return false
        }
    }
}

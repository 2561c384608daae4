internal import Testing

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
}

/// As much of JSON Schema as the document uses.
struct SchemaValidator {
    let document: JSONValue

    /// What does not fit, by pointer.
    func faults(_ value: JSONValue, schema name: String) -> [String] {
        guard let schema = document["components"]?["schemas"]?[name] else { return ["no schema \(name)"] }
        return faults(value, schema, at: "")
    }

    private func faults(_ value: JSONValue, _ schema: JSONValue, at pointer: String) -> [String] {
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
                guard let inner = schema["properties"]?[name] else { continue }
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

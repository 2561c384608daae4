internal import HTTP
internal import Text

/// The OpenAPI 3.1 document, made from the router's own table.
enum OpenAPI {
    /// Operations of the table; routes without a name belong to the page and are no part of the API.
    static func document(_ routes: [Route]) -> JSONValue {
        var paths: [(String, [(String, JSONValue)])] = []
        for route in routes where !route.operation.isEmpty {
            let entry = (route.method.lowercased(), operation(route))
            if let index = paths.firstIndex(where: { $0.0 == route.pattern }) {
                paths[index].1.append(entry)
            } else {
                paths.append((route.pattern, [entry]))
            }
        }
        return .object([
            ("openapi", .string("3.1.0")),
            (
                "info",
                .object([
                    ("title", .string("axidrawd")), ("version", .string("1")),
                    ("description", .string("Plotters, drawings and plots. Lengths are mm, times s.")),
                ])
            ),
            ("paths", .object(paths.map { ($0.0, .object($0.1)) })),
            (
                "components",
                .object([
                    ("schemas", .object(Schemas.all)),
                    (
                        "securitySchemes",
                        .object([
                            ("key", .object([("type", .string("http")), ("scheme", .string("bearer"))])),
                            (
                                "session",
                                .object([
                                    ("type", .string("apiKey")), ("in", .string("cookie")),
                                    ("name", .string(Access.cookieName)),
                                ])
                            ),
                        ])
                    ),
                ])
            ),
        ])
    }

    private static func operation(_ route: Route) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("operationId", .string(route.operation)), ("summary", .string(route.summary)),
            ("x-role", .string(route.role.name)),
        ]
        let parameters = pathParameters(route) + route.query.map(queryParameter) + headerParameters(route)
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if !route.accepts.isEmpty { members.append(("requestBody", requestBody(route))) }
        members.append(("responses", responses(route)))
        if route.role != .anyone {
            let schemes: [JSONValue] = [
                .object([("key", .array([]))]), .object([("session", .array([]))]), .object([]),
            ]
            members.append(("security", .array(schemes)))
        }
        return .object(members)
    }

    private static func pathParameters(_ route: Route) -> [JSONValue] {
        route.pattern.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            .object([
                ("name", .string(String(segment.dropFirst().dropLast()))), ("in", .string("path")),
                ("required", .bool(true)), ("schema", .object([("type", .string("string"))])),
            ])
        }
    }

    private static func queryParameter(_ parameter: Route.Parameter) -> JSONValue {
        .object([
            ("name", .string(parameter.name)), ("in", .string("query")),
            ("description", .string(parameter.summary)),
            ("schema", .object([("type", .string(parameter.type))])),
        ])
    }

    private static func headerParameters(_ route: Route) -> [JSONValue] {
        func header(_ name: String, _ summary: String, isRequired: Bool) -> JSONValue {
            .object([
                ("name", .string(name)), ("in", .string("header")), ("required", .bool(isRequired)),
                ("description", .string(summary)), ("schema", .object([("type", .string("string"))])),
            ])
        }
        if route.isRepeatable {
            let summary = "1 to 64 visible characters; a repeat within 24 h gets the first answer again"
            return [header("Idempotency-Key", summary, isRequired: false)]
        }
        if route.method == "PUT" || route.method == "PATCH" {
            return [header("If-Match", "Entity tag of what is to be changed", isRequired: true)]
        }
        return []
    }

    private static func requestBody(_ route: Route) -> JSONValue {
        let content = route.accepts.map { type -> (String, JSONValue) in
            if type.contains("json"), let name = route.requestSchema { return (type, described(name)) }
            if type == "multipart/form-data" { return (type, form) }
            return (type, media(.object([("type", .string("string"))]), .string(Examples.drawing)))
        }
        return .object([("required", .bool(true)), ("content", .object(content))])
    }

    /// A body with a schema of the components and its example.
    private static func described(_ name: String) -> JSONValue {
        media(.object([("$ref", .string("#/components/schemas/\(name)"))]), Examples.value(name))
    }

    private static func media(_ schema: JSONValue, _ example: JSONValue?) -> JSONValue {
        .object([("schema", schema)] + (example.map { [("example", $0)] } ?? []))
    }

    /// A drawing with its options as a form.
    private static let form: JSONValue = {
        let text = JSONValue.object([("type", .string("string"))])
        let schema = JSONValue.object([
            ("type", .string("object")), ("properties", .object([("drawing", text), ("options", text)])),
            ("required", .array([.string("drawing")])),
        ])
        return media(
            schema, .object([("drawing", .string(Examples.drawing)), ("options", .string("name=square&hold=true"))]))
    }()

    private static func responses(_ route: Route) -> JSONValue {
        var members: [(String, JSONValue)] = route.statuses.map { status in
            var response: [(String, JSONValue)] = [("description", .string(Response.reason(status)))]
            if let type = route.produces.first, ResponseWriter.mayHaveBody(status) {
                let content =
                    route.schema.map(described) ?? .object([("schema", .object([("type", .string("string"))]))])
                response.append(("content", .object([(type, content)])))
            }
            return (String(status), .object(response))
        }
        let problem = JSONValue.object([
            ("description", .string("A problem (RFC 9457)")),
            (
                "content",
                .object([
                    (
                        "application/problem+json",
                        described("Problem")
                    )
                ])
            ),
        ])
        members.append(("default", problem))
        return .object(members)
    }
}

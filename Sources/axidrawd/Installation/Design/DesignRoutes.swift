internal import Dispatch
internal import HTTP
internal import Text

/// Generated drawings over HTTP: as SVG, and in space for screens that turn them.
struct DesignRoutes: Sendable {
    /// One design at a time, away from the loop: a burst of requests cannot take the cores from planning.
    private static let queue = DispatchQueue(label: "axidrawd.design", qos: .utility)

    var routes: [Route] {
        [
            Route(
                method: "GET", pattern: "/v1/designs", role: .viewer, operation: "listDesigns",
                summary: "Every kind of generated drawing with its parameters", schema: "DesignList",
                handler: { _ in
                    .now(
                        Response(
                            200, .object([("items", .array(DesignKind.all.map(\.json))), ("next", .null)])))
                }),
            Route(
                method: "GET", pattern: "/design/{name}", role: .viewer, operation: "makeDesign",
                summary: "A generated drawing: {name} is a kind with .svg, or with .json for its form in space",
                query: [.init(name: "seed", summary: "Another seed gives another drawing", type: "integer")],
                produces: ["image/svg+xml", "application/json"],
                handler: { request in
                    .later {
                        await withCheckedContinuation { done in
                            Self.queue.async { @Sendable in
                                do throws(Problem) {
                                    done.resume(returning: .now(try Self.answer(request)))
                                } catch { done.resume(returning: .refused(error)) }
                            }
                        }
                    }
                }),
        ]
    }

    private static func answer(_ request: HTTPRequest) throws(Problem) -> Response {
        let file = (request.parameters["name"] ?? "").split(separator: ".", omittingEmptySubsequences: false)
        guard file.count == 2, file[1] == "svg" || file[1] == "json" else {
            throw .notFound(request.head.target.path)
        }
        let kind: DesignKind
        do throws(DesignError) { kind = try .named(String(file[0])) } catch {
            throw Problem(404, "unknown-kind", "No such kind", "\(error).")
        }
        var seed: UInt64 = 1
        var values: [String: Double] = [:]
        for (name, value) in request.head.target.query {
            if name == "seed" {
                guard let number = ASCII.decimal(value.utf8) else { throw unusable("seed must be a whole number.") }
                seed = UInt64(number)
            } else {
                guard let number = NumberText.number(value) else { throw unusable("\(name) must be a number.") }
                values[name] = number
            }
        }
        do throws(DesignError) {
            if file[1] == "svg" {
                let bytes = try kind.drawing(seed: seed, values: values).svg()
                return lasting(Response(200, contentType: "image/svg+xml", bytes))
                    .adding("Content-Security-Policy", "default-src 'none'; sandbox")
            }
            guard let scene = try kind.scene(seed: seed, values: values) else {
                throw DesignError.flat(kind.name)
            }
            return lasting(Response(200, scene.json))
        } catch {
            if case .flat = error { throw Problem(404, "flat-design", "Flat design", "\(error).") }
            throw unusable("\(error).")
        }
    }

    private static func unusable(_ detail: String) -> Problem {
        Problem(422, "design", "The design cannot be made", detail)
    }

    /// The same for the same address, until the program changes.
    private static func lasting(_ response: Response) -> Response {
        var response = response
        response.caching = "private, max-age=3600"
        return response
    }
}

extension DesignKind {
    var json: JSONValue {
        .object([
            ("name", .string(name)), ("summary", .string(summary)), ("hasScene", .bool(makeScene != nil)),
            (
                "parameters",
                .array(
                    (Self.common + parameters).map { parameter in
                        .object([
                            ("name", .string(parameter.name)), ("summary", .string(parameter.summary)),
                            ("standard", .number(parameter.standard)), ("low", .number(parameter.low)),
                            ("high", .number(parameter.high)),
                        ])
                    })
            ),
        ])
    }
}

package import Text

/// Lists in pages: `limit`, opaque `after`; answers `{items, next}`.
package enum Paging {
    package static let parameters: [Route.Parameter] = [
        .init(name: "limit", summary: "At most so many, 1 to 200", type: "integer"),
        .init(name: "after", summary: "next of the page before"),
    ]

    /// How many items are wanted.
    package static func limit(_ request: HTTPRequest) throws(Problem) -> Int {
        guard let text = request.query("limit") else { return 50 }
        guard let value = ASCII.decimal(text.utf8), (1...200).contains(value) else {
            throw .malformed("limit must be a number from 1 to 200.")
        }
        return value
    }

    package static func answer<Item>(
        _ request: HTTPRequest, _ items: [Item], id: (Item) -> String, json: (Item) -> JSONValue
    ) throws(Problem) -> Response {
        let limit = try limit(request)
        var rest = items[...]
        if let after = request.query("after") {
            guard let index = items.firstIndex(where: { id($0) == after }) else {
                throw Problem(410, "page-gone", "Page gone", "The list has changed; begin again without after.")
            }
            rest = items[(index + 1)...]
        }
        let page = rest.prefix(limit)
        let next = rest.count > limit ? page.last.map { JSONValue.string(id($0)) } ?? .null : .null
        return Response(200, .object([("items", .array(page.map(json))), ("next", next)]))
    }
}

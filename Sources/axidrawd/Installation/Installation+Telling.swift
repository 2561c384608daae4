internal import HTTP
internal import Text

/// What the installation says about itself.
extension Installation {
    /// Something that a person should see to.
    static func incident(_ kind: String, _ plotter: String?, _ detail: String) -> JSONValue {
        .object([
            ("kind", .string(kind)), ("device", plotter.map { .string($0) } ?? .null), ("job", .null),
            ("message", .string(detail)),
        ])
    }

    /// Publishes who waits at a plotter and what it draws.
    func tell(_ plotter: String) { queue.publish("installation", summary(plotter)) }

    /// Name of the product that the next press gets.
    var nextProduct: String? { plan.cycle.isEmpty ? nil : plan.cycle[memory.position % plan.cycle.count] }

    /// One plotter: who waits, what is drawn.
    func summary(_ plotter: String) -> JSONValue {
        let line = lines[plotter] ?? WaitingLine()
        let places = (line.turn.map { [$0.place] } ?? []) + line.waiting
        return .object([
            ("device", .string(plotter)), ("waiting", .integer(line.waiting.count)), ("places", .integer(plan.places)),
            ("next", nextProduct.map { .string($0) } ?? .null),
            (
                "line",
                .array(
                    places.map { place in
                        let isCalled = place.number == line.turn?.place.number
                        let hasBegun = isCalled && line.turn?.begun != nil
                        return place.json(
                            state: hasBegun ? "plotting" : isCalled ? "called" : "waiting",
                            job: isCalled ? line.turn?.job : nil)
                    })
            ),
            ("current", current[plotter].map { json($0) } ?? .null),
        ])
    }

    private func json(_ current: Current) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("job", .string(current.job)), ("product", current.product.map { .string($0) } ?? .null),
            ("seed", current.seed.map { .integer($0) } ?? .null), ("isDone", .bool(current.isDone)),
        ]
        if let name = current.product, let seed = current.seed { members += pictures(of: name, seed: seed) }
        return .object(members)
    }

    /// Where a product's drawing is seen, in space and flat; nothing of a product that is not known here.
    nonisolated func pictures(of name: String, seed: Int) -> [(String, JSONValue)] {
        guard let product = plan.product(name) else { return [] }
        let hasScene = (try? DesignKind.named(product.kind))?.makeScene != nil
        let path = "/v1/products/\(RequestTarget.queryEncoded(name))/"
        return [
            ("scene", hasScene ? .string("\(path)scene.json?seed=\(seed)") : .null),
            ("drawing", .string("\(path)drawing.svg?seed=\(seed)")),
        ]
    }

    /// The whole, for `GET /v1/installation`.
    var json: JSONValue {
        .object([
            ("products", .array(plan.products.map(\.json))), ("cycle", .array(plan.cycle.map { .string($0) })),
            ("position", .integer(memory.position)), ("next", nextProduct.map { .string($0) } ?? .null),
            ("paper", .string(plan.paper.rawValue)), ("plotters", .array(queue.plotters.map(summary))),
            ("elsewhere", .array(elsewhere)),
        ])
    }
}

extension WaitingLine.Place {
    func json(state: String, job: JobID?) -> JSONValue {
        .object([
            ("id", .string(ticket)), ("state", .string(state)),
            ("product", press.map { .string($0.product) } ?? .null),
            ("seed", press.map { .integer($0.seed) } ?? .null), ("job", job.map { .string($0) } ?? .null),
        ])
    }
}

extension Installation {
    func waitingCount(_ plotter: String) -> Int { lines[plotter]?.waiting.count ?? 0 }
}

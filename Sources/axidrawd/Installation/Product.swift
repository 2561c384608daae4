internal import Text

/// A drawing that a press may ask for: a kind of design with its parameters, its history, and so its frame.
struct Product: Equatable, Sendable {
    var name: String
    /// Name of a `DesignKind`.
    var kind: String
    /// Parameters that differ from the kind's standard; `width`, `height` and `margin` are the frame.
    var parameters: [String: Double] = [:]
    var history: CommitHistory?

    /// The drawing for one seed, as SVG.
    func drawing(seed: UInt64) throws(DesignError) -> [UInt8] {
        var drawing = try DesignKind.named(kind).drawing(seed: seed, values: parameters, history: history)
        drawing.title = "\(name) \(seed)"
        return drawing.svg()
    }

    /// The same in space; nil for a flat kind.
    func scene(seed: UInt64) throws(DesignError) -> DesignScene? {
        try DesignKind.named(kind).scene(seed: seed, values: parameters, history: history)
    }

    /// Whether it can be drawn at all; what this accepts never fails later.
    func check() throws(DesignError) {
        _ = try DesignKind.named(kind).context(seed: 1, values: parameters, history: history)
    }

    var json: JSONValue {
        .object([
            ("name", .string(name)), ("kind", .string(kind)),
            ("parameters", .object(parameters.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })),
            ("history", history.map { .string("\($0.name), \($0.commits.count) commits") } ?? .null),
        ])
    }
}

/// What an installation is made of: products, their order, its buttons.
struct InstallationPlan: Equatable, Sendable {
    /// A button that is known by the name its sender gives it.
    struct Button: Equatable, Sendable {
        /// nil = whatever the source.
        var source: String?
        var device: String
        var plotter: String
    }

    /// What happens between two drawings.
    enum Paper: String, CaseIterable, Sendable {
        /// A person lays a new sheet and presses twice.
        case sheets
        /// The next drawing follows by itself: virtual boards, rolls, machines that feed.
        case endless
    }

    /// What presses of a button with an address or key of ours, and of the page, mean; the original's routes always
    /// mean the machine.
    enum PressMeaning: String, CaseIterable, Sendable {
        /// A visitor's: a single press asks for a drawing and never moves the pen; a double one says that paper is in.
        case draws
        /// An operator's: what a press does depends on the plotter's state, as in the original.
        case machine
    }

    var products: [Product] = []
    /// Names of products in the order in which presses take them; one may stand more than once.
    var cycle: [String] = []
    var buttons: [Button] = []
    /// So many presses and clients may wait at each plotter.
    var places = 10
    var paper = Paper.sheets
    /// A file that does not say it was written when there was only this.
    var press = PressMeaning.machine

    func product(_ name: String) -> Product? { products.first { $0.name == name } }

    /// The original's six products, as trees of invented histories on its square paper.
    static let original: InstallationPlan = {
        let names = ["vagrant", "packer", "consul", "terraform", "vault", "nomad"]
        let paper = 6.25 * 25.4
        let products = names.enumerated().map { place, name in
            Product(
                name: name, kind: "tree", parameters: ["width": paper, "height": paper, "margin": 6],
                history: .invented(name: name, seed: UInt64(2010 + place)))
        }
        return InstallationPlan(products: products, cycle: names, press: .draws)
    }()

    var json: JSONValue {
        .object([
            ("products", .array(products.map(\.json))), ("cycle", .array(cycle.map { .string($0) })),
            (
                "buttons",
                .array(
                    buttons.map {
                        .object([
                            ("source", $0.source.map { .string($0) } ?? .null), ("device", .string($0.device)),
                            ("plotter", .string($0.plotter)),
                        ])
                    })
            ),
            ("places", .integer(places)), ("paper", .string(paper.rawValue)),
            ("press", .string(press.rawValue)),
        ])
    }
}

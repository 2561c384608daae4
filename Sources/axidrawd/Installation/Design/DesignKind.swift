internal import Motion

/// Why a design cannot be made.
enum DesignError: Error, Equatable {
    case unknownKind(String, known: [String])
    case unknownParameter(String, known: [String])
    case badValue(parameter: String, value: Double, low: Double, high: Double)
    case badHistory(reason: String)
    /// More than so many points: nobody could wait for the pen.
    case tooMuch(points: Int, most: Int)
    /// The kind has no third dimension.
    case flat(String)
}

/// A kind of generated drawing: a pure function of its parameters, made in milliseconds.
struct DesignKind: Sendable {
    /// A number that a person may set.
    struct Parameter: Sendable {
        var name: String
        var summary: String
        var standard: Double
        var low: Double
        var high: Double
    }

    /// What a generator gets: checked numbers and its own random source.
    struct Context {
        var width: Double
        var height: Double
        /// Free border, mm.
        var margin: Double
        var random: DesignRandom
        var values: [String: Double]
        var history: CommitHistory?

        /// Value of a declared parameter.
        subscript(name: String) -> Double { values[name] ?? 0 }

        /// Inside of the margin.
        var frame: (left: Double, top: Double, right: Double, bottom: Double) {
            (margin, margin, width - margin, height - margin)
        }
    }

    var name: String
    var summary: String
    var parameters: [Parameter]
    var make: @Sendable (inout Context) throws(DesignError) -> [DesignDrawing.Layer]
    /// The design in space, where it has a third dimension.
    var makeScene: (@Sendable (inout Context) -> DesignScene)?

    /// Every kind, in the order of `design list`.
    static let all: [DesignKind] = [
        .tree, .flow, .contours, .spirograph, .solids, .curve, .sampler,
    ]

    /// Parameters that every kind has.
    static let common: [Parameter] = [
        Parameter(name: "width", summary: "page width, mm", standard: 297, low: 20, high: 2_000),
        Parameter(name: "height", summary: "page height, mm", standard: 210, low: 20, high: 2_000),
        Parameter(name: "margin", summary: "free border, mm", standard: 15, low: 0, high: 200),
    ]

    /// The kind of that name.
    static func named(_ name: String) throws(DesignError) -> DesignKind {
        guard let kind = all.first(where: { $0.name == name }) else {
            throw .unknownKind(name, known: all.map(\.name))
        }
        return kind
    }

    /// Makes the drawing: the same bytes for the same arguments on every machine.
    ///
    /// - Parameter values: parameters by name; missing ones take their standard value.
    func drawing(
        seed: UInt64, values: [String: Double] = [:], history: CommitHistory? = nil
    ) throws(DesignError) -> DesignDrawing {
        var context = try context(seed: seed, values: values, history: history)
        let layers = try make(&context)
        try Self.bound(layers.reduce(0) { $0 + $1.points })
        return DesignDrawing(width: context.width, height: context.height, title: "\(name) \(seed)", layers: layers)
    }

    /// Points of a drawing at most: about 4 MB of SVG, and a day of drawing.
    static let mostPoints = 250_000

    /// Refuses what would take too much ink; a kind that can grow asks on its way.
    static func bound(_ points: Int) throws(DesignError) {
        guard points > mostPoints else { return }
        throw .tooMuch(points: points, most: mostPoints)
    }

    /// The same in space; nil for a flat kind.
    func scene(
        seed: UInt64, values: [String: Double] = [:], history: CommitHistory? = nil
    ) throws(DesignError) -> DesignScene? {
        var context = try context(seed: seed, values: values, history: history)
        guard var scene = makeScene?(&context) else { return nil }
        (scene.width, scene.height) = (context.width, context.height)
        return scene
    }

    /// Checks the values and fills in the missing ones.
    func context(seed: UInt64, values: [String: Double], history: CommitHistory?) throws(DesignError) -> Context {
        let known = Self.common + parameters
        var checked: [String: Double] = [:]
        for parameter in known { checked[parameter.name] = parameter.standard }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let parameter = known.first(where: { $0.name == name }) else {
                throw .unknownParameter(name, known: known.map(\.name))
            }
            guard value >= parameter.low, value <= parameter.high else {
                throw .badValue(parameter: name, value: value, low: parameter.low, high: parameter.high)
            }
            checked[name] = value
        }
        let (width, height) = (checked["width"] ?? 0, checked["height"] ?? 0)
        // A margin that leaves nothing is cut to a third of the shorter side.
        let margin = min(checked["margin"] ?? 0, min(width, height) / 3)
        return Context(
            width: width, height: height, margin: margin, random: DesignRandom(seed: seed), values: checked,
            history: history)
    }
}

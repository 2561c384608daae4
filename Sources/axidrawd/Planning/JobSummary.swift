internal import Motion
internal import Text

/// What planning says about a plot; keys and meaning as `plan --json`.
struct JobSummary: Equatable, Sendable {
    var durationSeconds: Double
    var penDownMillimetres: Double
    var penUpMillimetres: Double
    var penLifts: Int
    var strokes: Int
    var points: Int
    var commands: Int
    /// Where the page lies on the machine, mm.
    var pageX: Double
    var pageY: Double
    var pageWidth: Double
    var pageHeight: Double
    /// What the pen will touch, mm from home; nil where nothing is known of it.
    var ink: Box?
    var layers: [JobLayer] = []
    /// Layers that the drawing has, also those that are not drawn.
    var choices: [OfferedLayer] = []
}

extension JobSummary {
    /// So many layers are told of one job.
    private static let mostLayers = 100

    private static func rounded(_ value: Double) -> JSONValue { .number((value * 1000).rounded() / 1000) }

    private static func json(_ box: Box) -> JSONValue {
        .object([
            ("xMillimetres", rounded(box.minimum.x)), ("yMillimetres", rounded(box.minimum.y)),
            ("widthMillimetres", rounded(box.maximum.x - box.minimum.x)),
            ("heightMillimetres", rounded(box.maximum.y - box.minimum.y)),
        ])
    }

    var json: JSONValue {
        let rounded = Self.rounded
        return .object([
            ("durationSeconds", rounded(durationSeconds)), ("penDownMillimetres", rounded(penDownMillimetres)),
            ("penUpMillimetres", rounded(penUpMillimetres)), ("penLifts", .integer(penLifts)),
            ("strokes", .integer(strokes)), ("points", .integer(points)), ("commands", .integer(commands)),
            ("layers", .array(layers.prefix(Self.mostLayers).map(\.json))),
            ("choices", .array(choices.prefix(Self.mostLayers).map(\.json))),
            (
                "page",
                Self.json(Box(minimum: Point(pageX, pageY), maximum: Point(pageX + pageWidth, pageY + pageHeight)))
            ),
            ("ink", ink.map { Self.json($0) } ?? .null),
        ])
    }
}

extension OfferedLayer {
    /// What the option `layers` has to say for it: its name, else its number; nil where neither would do.
    var wanted: String? {
        let isPlain = !name.contains(",") && !name.isEmpty && name[...].trimmingBlanks == name
        return isPlain ? name : number.map(String.init)
    }

    var json: JSONValue {
        .object([
            ("name", .string(name)), ("number", number.map { .integer($0) } ?? .null),
            ("colour", colour.map { .string($0.name) } ?? .null), ("wanted", wanted.map { .string($0) } ?? .null),
        ])
    }
}

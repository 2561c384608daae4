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
    var layers: [JobLayer] = []
    /// Layers that the drawing has, also those that are not drawn.
    var choices: [OfferedLayer] = []
}

extension JobSummary {
    /// So many layers are told of one job.
    private static let mostLayers = 100

    var json: JSONValue {
        func rounded(_ value: Double) -> JSONValue { .number((value * 1000).rounded() / 1000) }
        return .object([
            ("durationSeconds", rounded(durationSeconds)), ("penDownMillimetres", rounded(penDownMillimetres)),
            ("penUpMillimetres", rounded(penUpMillimetres)), ("penLifts", .integer(penLifts)),
            ("strokes", .integer(strokes)), ("points", .integer(points)), ("commands", .integer(commands)),
            ("layers", .array(layers.prefix(Self.mostLayers).map(\.json))),
            ("choices", .array(choices.prefix(Self.mostLayers).map(\.json))),
            (
                "page",
                .object([
                    ("xMillimetres", rounded(pageX)), ("yMillimetres", rounded(pageY)),
                    ("widthMillimetres", rounded(pageWidth)), ("heightMillimetres", rounded(pageHeight)),
                ])
            ),
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

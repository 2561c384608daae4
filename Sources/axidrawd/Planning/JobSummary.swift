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

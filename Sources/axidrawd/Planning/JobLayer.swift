internal import EBB
internal import Motion
internal import Text

/// One layer of a plan, as people know it.
struct JobLayer: Equatable, Sendable {
    var name: String?
    var pen: PlotPen
    var strokes: Int
    /// From its first travel to its last pen-up.
    var durationSeconds: Double
    /// What a person is asked for before it.
    var stop: String?
    /// Its commands in the plan.
    var commands: Range<Int>

    var json: JSONValue {
        .object([
            ("name", name.map { .string($0) } ?? .null), ("colour", pen.colour.map { .string($0.name) } ?? .null),
            ("pen", pen.json), ("strokes", .integer(strokes)),
            ("durationSeconds", .number((durationSeconds * 1000).rounded() / 1000)),
            ("stop", stop.map { .string($0) } ?? .null),
        ])
    }

    /// The layers of a plan with what they take; strokes of all copies counted.
    static func layers(of strokes: PlannedStrokes, _ stream: CommandStream) -> [JobLayer] {
        let stops = Dictionary(strokes.stops.map { ($0.stroke, $0.prompt) }) { first, _ in first }
        return zip(strokes.layers, stream.layers).map { planned, made in
            JobLayer(
                name: planned.name, pen: PlotPen(planned), strokes: made.strokes,
                durationSeconds: Double(made.ticks) / Double(BoardClock.ticksPerSecond),
                stop: planned.strokes.isEmpty ? nil : stops[planned.strokes.lowerBound], commands: made.commands)
        }
    }
}

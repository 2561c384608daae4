internal import EBB
internal import Motion
internal import Text

/// What a plan amounts to, for people and programs.
enum PlotSummary {
    /// Lines for people.
    static func text(_ plot: PreparedPlot) -> String {
        let stream = plot.stream
        var text = line("strokes", "\(plot.strokeCount), \(stream.penLifts) pen lifts, \(stream.points) points")
        text += line("drawn", millimetres(stream.penDownMillimetres))
        text += line("travelled", millimetres(stream.penUpMillimetres))
        text += line("commands", "\(stream.commands.count)")
        if stream.layers.count > 1 {
            for layer in JobLayer.layers(of: plot.strokes, stream) {
                if let stop = layer.stop { text += line("stop", stop) }
                text += line(
                    "layer",
                    "\(layer.name.map(quoted) ?? "none"): \(layer.strokes) strokes, \(time(layer.durationSeconds))")
            }
        }
        return text + line("estimated", time(stream.durationSeconds))
    }

    static func line(_ name: String, _ value: String) -> String {
        name + String(repeating: " ", count: max(1, 12 - name.count)) + value + "\n"
    }

    /// `3.4 s`, `2 min 05.1 s`, `1 h 02 min 05 s`.
    static func time(_ seconds: Double) -> String {
        let tenths = Int(min(max(seconds.isFinite ? seconds : 0, 0) * 10, 1e15).rounded())
        let (minutes, rest) = (tenths / 600, tenths % 600)
        let (hours, minute) = (minutes / 60, minutes % 60)
        let second = "\(rest / 10).\(rest % 10)"
        if minutes == 0 { return second + " s" }
        let padded = rest < 100 ? "0" + second : second
        if hours == 0 { return "\(minute) min \(padded) s" }
        return "\(hours) h \(minute < 10 ? "0" : "")\(minute) min \(padded.dropLast(2)) s"
    }

    /// A place for people, to 0.01.
    static func rounded(_ value: Double) -> String { brief((value * 100).rounded() / 100) }

    private static func millimetres(_ length: Double) -> String { "\(Int(length.rounded())) mm" }

    /// The document of `plan --json`.
    static func json(_ plot: PreparedPlot, stages: [StageTime], peakResidentBytes: Int?) -> [UInt8] {
        let stream = plot.stream
        var json = JSONWriter()
        json.object { json in
            json.key("durationSeconds")
            json.value(stream.durationSeconds)
            json.key("ticks")
            json.value(stream.durationTicks)
            json.key("penDownMillimetres")
            json.value(stream.penDownMillimetres, decimals: 4)
            json.key("penUpMillimetres")
            json.value(stream.penUpMillimetres, decimals: 4)
            json.key("penLifts")
            json.value(stream.penLifts)
            json.key("strokes")
            json.value(plot.strokeCount)
            json.key("points")
            json.value(stream.points)
            json.key("commands")
            json.value(stream.commands.count)
            json.key("layers")
            json.array { json in
                for layer in JobLayer.layers(of: plot.strokes, stream) { Self.layer(layer, &json) }
            }
            json.key("stages")
            json.array { json in
                for stage in stages { Self.stage(stage, &json) }
            }
            json.key("peakResidentBytes")
            json.value(peakResidentBytes)
            json.diagnostics(plot.strokes.diagnostics)
        }
        json.newline()
        return json.bytes
    }

    private static func layer(_ layer: JobLayer, _ json: inout JSONWriter) {
        json.object { json in
            json.key("name")
            json.value(layer.name)
            json.key("strokes")
            json.value(layer.strokes)
            json.key("durationSeconds")
            json.value(layer.durationSeconds)
            json.key("colour")
            json.value(layer.pen.colour?.name)
            json.key("pen")
            json.object { json in
                json.key("number")
                json.value(layer.pen.number)
                json.key("colour")
                json.value(layer.pen.colour?.name)
                json.key("text")
                json.value(layer.pen.text)
            }
            json.key("stop")
            json.value(layer.stop)
        }
    }

    private static func stage(_ stage: StageTime, _ json: inout JSONWriter) {
        json.object { json in
            json.key("name")
            json.value(stage.name)
            json.key("seconds")
            json.value(stage.seconds, decimals: 6)
        }
    }

    /// The document of `plan --strokes`, handed out in pieces so that a long one is never whole in memory.
    static func strokes(_ plot: PreparedPlot, write: ([UInt8]) throws -> Void) rethrows {
        let lines = plot.strokes.polylines
        var json = JSONWriter()
        json.beginObject()
        json.key("unit")
        json.value("mm")
        json.key("strokes")
        json.beginArray()
        for layer in plot.strokes.layers {
            for stroke in layer.strokes {
                json.newline()
                json.object { json in
                    json.key("layer")
                    json.value(layer.name)
                    json.key("points")
                    json.array { json in
                        for point in lines[stroke] { json.pair(point.x, point.y, decimals: 5) }
                    }
                }
                if json.bytes.count > 1 << 16 { try write(json.takeBytes()) }
            }
        }
        json.endArray()
        json.endObject()
        json.newline()
        try write(json.takeBytes())
    }
}

extension PreparedPlot {
    /// Strokes as drawn, copies counted.
    var strokeCount: Int { stream.layers.reduce(0) { $0 + $1.strokes } }
}

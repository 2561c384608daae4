internal import Motion
internal import Text

extension Verb {
    static let flatten = Verb(
        "flatten", "print a drawing as polylines, in document order and page coordinates",
        examples: [
            Example("axidrawd flatten drawing.svg --json", "every visible outline in mm"),
            Example("axidrawd flatten drawing.svg --hatch 1 --occlude --json", "and hatch lines, less what fills hide"),
            Example("axidrawd flatten drawing.svg", "say what the drawing holds"),
        ],
        positionals: [.file],
        groups: [
            PlotFlags.drawing, PlotFlags.areas,
            FlagGroup("Result", [Flag("json", .on, "print the polylines as JSON")]),
        ]
    ) { invocation, console in try FlattenVerb.run(invocation, console) }
}

/// `axidrawd flatten`: a drawing as polylines, before placement and order.
enum FlattenVerb {
    /// JSON goes out in pieces of about this size.
    private static let piece = 1 << 18
    /// Decimals of a coordinate in mm: far below a motor's step, and short.
    private static let decimals = 4

    static func run(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        var options = PlotOptions()
        try invocation.applyDrawingFlags(to: &options)
        try invocation.applyAreaFlags(to: &options)
        let drawing = try flatDrawing(InputFile.read(invocation.positionals[0]), options)
        if invocation.isOn("json") {
            try write(drawing, options, console)
            return .success
        }
        console.tell(drawing.diagnostics)
        if !invocation.isOn("quiet") {
            let count = drawing.polylines.count
            let points = drawing.polylines.points.count
            try console.result(
                "page \(brief(drawing.page.width)) × \(brief(drawing.page.height)) mm, \(drawing.layers.count) layers,"
                    + " \(count) paths, \(points) points\n")
        }
        return .success
    }

    /// The whole tolerance is the chords', less what rounding a coordinate takes.
    private static func flatDrawing(_ bytes: [UInt8], _ options: PlotOptions) throws -> FlatDrawing {
        let flat = try SVG.read(bytes, options: options, budget: try MemoryAllowance.ofProcess().budget).flattened(
            tolerance: max(options.tolerance - 1e-4, options.tolerance / 2), keepsOrigins: false)
        return try flat.inked(options: options, profile: .standard, execution: .serial)
    }

    private static func write(_ drawing: FlatDrawing, _ options: PlotOptions, _ console: Console) throws {
        var json = JSONWriter()
        json.beginObject()
        json.key("unit")
        json.value("mm")
        json.key("page")
        json.object { json in
            json.key("width")
            json.value(drawing.page.width)
            json.key("height")
            json.value(drawing.page.height)
        }
        json.key("paths")
        json.beginArray()
        let isChosen = drawing.layers.map { layer in options.layers.map { $0.contains(where: layer.answers) } ?? true }
        for i in 0..<drawing.polylines.count {
            let style = drawing.styles[Int(drawing.styleOf[i])]
            guard isChosen[style.layer] else { continue }
            try path(i, drawing, style, &json, console)
        }
        json.endArray()
        json.diagnostics(drawing.diagnostics)
        json.endObject()
        json.newline()
        try console.result(bytes: json.takeBytes())
    }

    private static func path(
        _ i: Int, _ drawing: FlatDrawing, _ style: FlatDrawing.Style, _ json: inout JSONWriter, _ console: Console
    ) throws {
        json.beginObject()
        json.key("layer")
        json.value(drawing.layers[style.layer].name)
        json.key("stroke")
        json.value(style.stroke.map(text))
        json.key("fill")
        json.value(style.fill.map(text))
        json.key("closed")
        json.value(drawing.isClosed[i])
        json.key("points")
        json.beginArray()
        for point in drawing.polylines[i] {
            json.pair(point.x, point.y, decimals: decimals)
            if json.bytes.count >= piece { try console.result(bytes: json.takeBytes()) }
        }
        json.endArray()
        json.endObject()
    }

    /// `#rrggbb`.
    private static func text(_ colour: PenColour) -> String {
        let digits = Array("0123456789abcdef")
        return [colour.red, colour.green, colour.blue].reduce(into: "#") { text, channel in
            text.append(digits[Int(channel >> 4)])
            text.append(digits[Int(channel & 15)])
        }
    }
}

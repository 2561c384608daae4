internal import Motion

/// What is going to be drawn, as an SVG in machine coordinates with one path for each run of strokes of one ink.
enum PreviewSVG {
    ///
    /// Tiles are laid together, on a sheet instead of the bed.
    static func bytes(_ strokes: PlannedStrokes, bed: Size) -> [UInt8] {
        var output: [UInt8] = []
        let bed = strokes.sheet ?? bed
        var tile = 0
        let tolerance = tolerance(strokes.polylines)
        output += "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ".utf8
        output += "\(number(bed.width)) \(number(bed.height))\" width=\"\(number(bed.width))mm\" ".utf8
        output += "height=\"\(number(bed.height))mm\" fill=\"none\" stroke-width=\"0.3\" ".utf8
        output += "stroke-linecap=\"round\" stroke-linejoin=\"round\">\n".utf8
        for layer in strokes.layers {
            var last: PenColour?
            for stroke in layer.strokes {
                let colour = (strokes.colour(ofStroke: stroke, in: layer) ?? .black).onWhitePaper
                if colour != last {
                    if last != nil { output += "\"/>\n".utf8 }
                    output += "<path stroke=\"\(hex(colour))\" d=\"".utf8
                    last = colour
                }
                while tile + 1 < strokes.tiles.count, strokes.tiles[tile].strokes.upperBound <= stroke { tile += 1 }
                let shift = strokes.tiles.isEmpty ? Point(0, 0) : strokes.tiles[tile].shift
                append(strokes.polylines[stroke], by: shift, tolerance: tolerance, to: &output)
            }
            if last != nil { output += "\"/>\n".utf8 }
        }
        output += "</svg>\n".utf8
        return output
    }

    /// Points of a picture beyond which lines lose those that hardly show: a browser shows no more of them either, and a
    /// picture of millions takes as much memory as the plan.
    private static let mostPoints = 1_000_000

    /// By how much lines may depart, mm; 0 = not at all.
    static func tolerance(_ lines: Polylines) -> Double {
        guard lines.points.count > mostPoints else { return 0 }
        var tolerance = 0.05
        // Doubled a few times at most: then a line has hardly more than its ends.
        while tolerance < 4 {
            var count = 0
            for i in 0..<lines.count {
                simplify(lines.points.span.extracting(lines.range(i)), tolerance: tolerance) { _ in count += 1 }
            }
            if count <= mostPoints { break }
            tolerance *= 2
        }
        return tolerance
    }

    private static func append(
        _ points: ArraySlice<Point>, by shift: Point, tolerance: Double, to output: inout [UInt8]
    ) {
        var isFirst = true
        func append(_ point: Point) {
            output.append(UInt8(ascii: isFirst ? "M" : "L"))
            output += "\(number(point.x + shift.x)) \(number(point.y + shift.y))".utf8
            isFirst = false
        }
        if tolerance > 0 {
            simplify(points.span, tolerance: tolerance) { append(points[points.startIndex + $0]) }
        } else {
            for point in points { append(point) }
        }
        // A dot is a line of no length with round ends.
        if points.count == 1 { output += "h0".utf8 }
    }

    /// mm to 0.01.
    static func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }

    static func hex(_ colour: PenColour) -> String {
        let value = Int(colour.red) << 16 | Int(colour.green) << 8 | Int(colour.blue)
        return "#" + String(0x1000000 + value, radix: 16).dropFirst()
    }
}

internal import Motion

/// What is going to be drawn, as an SVG in machine coordinates with one path for each run of strokes of one ink.
enum PreviewSVG {
    static func bytes(_ strokes: PlannedStrokes, bed: Size) -> [UInt8] {
        var output: [UInt8] = []
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
                append(strokes.polylines[stroke], to: &output)
            }
            if last != nil { output += "\"/>\n".utf8 }
        }
        output += "</svg>\n".utf8
        return output
    }

    private static func append(_ points: ArraySlice<Point>, to output: inout [UInt8]) {
        for (i, point) in points.enumerated() {
            output.append(UInt8(ascii: i == 0 ? "M" : "L"))
            output += "\(number(point.x)) \(number(point.y))".utf8
        }
        // A dot is a line of no length with round ends.
        if points.count == 1 { output += "h0".utf8 }
    }

    /// mm to 0.01.
    static func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }

    private static func hex(_ colour: PenColour) -> String {
        let value = Int(colour.red) << 16 | Int(colour.green) << 8 | Int(colour.blue)
        return "#" + String(0x1000000 + value, radix: 16).dropFirst()
    }
}

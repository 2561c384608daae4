internal import Motion

/// Strokes of a generated drawing, in mm on its page.
struct DesignDrawing: Equatable {
    /// Strokes of one pen.
    struct Layer: Equatable {
        var name: String
        /// `#rrggbb`.
        var colour: String
        var strokes: [[Point]] = []
    }

    var width: Double
    var height: Double
    var title: String
    var layers: [Layer]

    /// Pen-down length in mm.
    var inkMillimetres: Double {
        layers.flatMap(\.strokes).reduce(0) { sum, stroke in
            sum + zip(stroke, stroke.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
        }
    }

    /// The drawing as SVG, coordinates to 0.001 mm: the same bytes for the same drawing.
    ///
    /// Strokes that lie exactly on an earlier one of their layer, in either direction, are left out.
    func svg() -> [UInt8] {
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" \
            width="\(Self.decimal(width))mm" height="\(Self.decimal(height))mm" \
            viewBox="0 0 \(Self.decimal(width)) \(Self.decimal(height))">
            <title>\(Self.escaped(title))</title>

            """
        for (index, layer) in layers.enumerated() where !layer.strokes.isEmpty {
            text += "<g inkscape:groupmode=\"layer\" inkscape:label=\"\(index + 1) \(Self.escaped(layer.name))\" "
            text += "fill=\"none\" stroke=\"\(layer.colour)\" stroke-width=\"0.3\">\n"
            var seen: Set<[Int]> = []
            for stroke in layer.strokes {
                let rounded = Self.rounded(stroke)
                guard rounded.count >= 4, seen.insert(Self.key(rounded)).inserted else { continue }
                text += "<path d=\"M"
                for place in stride(from: 0, to: rounded.count, by: 2) {
                    if place > 0 { text += place == 2 ? "L" : " " }
                    text += "\(Self.thousandths(rounded[place])),\(Self.thousandths(rounded[place + 1]))"
                }
                text += "\"/>\n"
            }
            text += "</g>\n"
        }
        return Array((text + "</svg>\n").utf8)
    }

    /// x, y, x, y … in thousandths of a mm, without repeated points.
    private static func rounded(_ stroke: [Point]) -> [Int] {
        var flat: [Int] = []
        flat.reserveCapacity(2 * stroke.count)
        for point in stroke where point.isFinite {
            let (x, y) = (Int((point.x * 1000).rounded()), Int((point.y * 1000).rounded()))
            if flat.count >= 2, flat[flat.count - 2] == x, flat[flat.count - 1] == y { continue }
            flat.append(x)
            flat.append(y)
        }
        return flat
    }

    /// The same for a stroke and its reverse.
    private static func key(_ flat: [Int]) -> [Int] {
        var reversed: [Int] = []
        reversed.reserveCapacity(flat.count)
        for place in stride(from: flat.count - 2, through: 0, by: -2) { reversed += [flat[place], flat[place + 1]] }
        return flat.lexicographicallyPrecedes(reversed) ? flat : reversed
    }

    private static func thousandths(_ value: Int) -> String {
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 1000)
        let sign = value < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        var digits = String(rest + 1000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(sign)\(whole).\(digits)"
    }

    private static func decimal(_ value: Double) -> String { thousandths(Int((value * 1000).rounded())) }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": result += " "
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

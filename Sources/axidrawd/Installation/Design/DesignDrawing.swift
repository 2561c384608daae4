internal import Motion

/// Strokes of a generated drawing, in mm on its page.
struct DesignDrawing: Equatable {
    /// Strokes of one pen.
    struct Layer: Equatable {
        var name: String
        /// `#rrggbb`.
        var colour: String
        var strokes: [[Point]] = []

        /// Of all strokes.
        var points: Int { strokes.reduce(0) { $0 + $1.count } }
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
        var output = Array(text.utf8)
        output.reserveCapacity(layers.reduce(1000) { $0 + $1.strokes.reduce(0) { $0 + 16 * $1.count + 20 } })
        for (index, layer) in layers.enumerated() where !layer.strokes.isEmpty {
            text = "<g inkscape:groupmode=\"layer\" inkscape:label=\"\(index + 1) \(Self.escaped(layer.name))\" "
            text += "fill=\"none\" stroke=\"\(layer.colour)\" stroke-width=\"0.3\">\n"
            output += text.utf8
            var seen: Set<[Int]> = []
            for stroke in layer.strokes {
                let rounded = Self.rounded(stroke)
                guard rounded.count >= 4, seen.insert(Self.key(rounded)).inserted else { continue }
                output += "<path d=\"M".utf8
                for place in stride(from: 0, to: rounded.count, by: 2) {
                    if place > 0 { output.append(UInt8(ascii: place == 2 ? "L" : " ")) }
                    Self.write(rounded[place], to: &output)
                    output.append(UInt8(ascii: ","))
                    Self.write(rounded[place + 1], to: &output)
                }
                output += "\"/>\n".utf8
            }
            output += "</g>\n".utf8
        }
        return output + "</svg>\n".utf8
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

    /// Thousandths as a decimal number without trailing zeros.
    private static func write(_ value: Int, to output: inout [UInt8]) {
        if value < 0 { output.append(UInt8(ascii: "-")) }
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 1000)
        writeDigits(whole, to: &output)
        guard rest > 0 else { return }
        output.append(UInt8(ascii: "."))
        var divisor: UInt = 100
        var left = rest
        while left > 0 {
            output.append(UInt8(ascii: "0") + UInt8(left / divisor))
            left %= divisor
            divisor /= 10
        }
    }

    private static func writeDigits(_ value: UInt, to output: inout [UInt8]) {
        if value >= 10 { writeDigits(value / 10, to: &output) }
        output.append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    private static func decimal(_ value: Double) -> String {
        var bytes: [UInt8] = []
        write(Int((value * 1000).rounded()), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

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

extension SVG {
    /// A colour with what a pen can do of its opacity: all or nothing.
    struct Colour: Hashable {
        var pen: PenColour
        var isTransparent = false

        static let black = Colour(pen: .black)
    }

    /// What `fill` or `stroke` says, before it is known whether that can paint.
    enum Paint: Hashable {
        case none
        case colour(Colour)
        /// The `color` of the element that is painted.
        case current
        case contextFill, contextStroke
        /// A paint server (an element of the document) and what stands in for it.
        case server(Int32, fallback: Fallback)

        /// What follows a `url(…)`.
        enum Fallback: Hashable {
            case none
            case current
            case colour(Colour)
        }
    }

    /// A colour that fills the whole text; nil when it is none.
    static func colour(_ cursor: Cursor) -> Colour? {
        var cursor = cursor
        cursor.skipSpace()
        guard let colour = colourPrefix(&cursor) else { return nil }
        cursor.skipSpace()
        if cursor.takeWord("icc-color(") { return colour }  // SVG 1.1: the sRGB colour before it stands in
        return cursor.isAtEnd ? colour : nil
    }

    /// A colour at the place; steps over it.
    static func colourPrefix(_ cursor: inout Cursor) -> Colour? {
        if cursor.take(UInt8(ascii: "#")) { return hexColour(&cursor) }
        let name = cursor.keyword()
        if cursor.byte == UInt8(ascii: "(") {
            cursor.i += 1
            return functionColour(name, &cursor)
        }
        if name == "transparent" { return Colour(pen: .black, isTransparent: true) }
        guard let value = colourNames[name] else { return nil }
        return Colour(
            pen: PenColour(
                red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255)))
    }

    private static func hexColour(_ cursor: inout Cursor) -> Colour? {
        var digits: [Int] = []
        while let digit = cursor.byte.hexValue, !cursor.isAtEnd, digits.count < 9 {
            digits.append(digit)
            cursor.i += 1
        }
        if digits.count == 3 || digits.count == 4 { digits = digits.flatMap { [$0, $0] } }
        guard digits.count == 6 || digits.count == 8 else { return nil }
        let channels = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
        return Colour(
            pen: PenColour(red: channels[0], green: channels[1], blue: channels[2]),
            isTransparent: channels.count == 4 && channels[3] == 0)
    }

    /// `rgb(…)`, `rgba(…)`, `hsl(…)`, `hsla(…)` behind their parenthesis.
    private static func functionColour(_ name: String, _ cursor: inout Cursor) -> Colour? {
        let isHue = name == "hsl" || name == "hsla"
        guard isHue || name == "rgb" || name == "rgba" else { return nil }
        var parts: [(value: Double, isPercent: Bool)] = []
        cursor.skipSpace()
        while !cursor.take(UInt8(ascii: ")")) {
            guard parts.count < 4 else { return nil }
            let value = isHue && parts.isEmpty ? cursor.angle(needsUnit: false) : cursor.number()
            guard let value else { return nil }
            parts.append((value, cursor.take(UInt8(ascii: "%"))))
            cursor.skipSpaceAndComma()
            if parts.count == 3, cursor.take(UInt8(ascii: "/")) { cursor.skipSpace() }
        }
        guard parts.count >= 3 else { return nil }
        let alpha = parts.count == 4 ? parts[3].value : 1
        let channels: [Double]
        if isHue {
            channels = rgb(hue: parts[0].value, saturation: parts[1].value / 100, lightness: parts[2].value / 100)
        } else {
            channels = parts[..<3].map { $0.isPercent ? $0.value / 100 : $0.value / 255 }
        }
        let bytes = channels.map { UInt8((min(1, max(0, $0)) * 255).rounded()) }
        return Colour(pen: PenColour(red: bytes[0], green: bytes[1], blue: bytes[2]), isTransparent: alpha <= 0)
    }

    private static func rgb(hue: Double, saturation: Double, lightness: Double) -> [Double] {
        let turn = hue.truncatingRemainder(dividingBy: 360) / 30
        let s = min(1, max(0, saturation))
        let l = min(1, max(0, lightness))
        return [0, 8, 4].map { n in
            let k = (Double(n) + turn + 12).truncatingRemainder(dividingBy: 12)
            return l - s * min(l, 1 - l) * max(-1, min(k - 3, 9 - k, 1))
        }
    }
}

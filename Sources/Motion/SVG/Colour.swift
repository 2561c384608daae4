extension SVG {
    /// A colour with what a pen can do of its opacity: all or nothing.
    struct Colour: Hashable {
        var pen: PenColour
        var isTransparent = false
        /// What lies under it shines through.
        var isTranslucent = false

        static let black = Colour(pen: .black)
    }

    /// What `fill` or `stroke` says, before it is known whether that can paint.
    enum Paint: Hashable {
        case none
        case colour(Colour)
        /// The `color` of the element that is painted.
        case current
        case contextFill, contextStroke
        /// Something that is no paint known here: it leaves ink of unknown colour rather than none.
        case unreadable
        /// A `url(…)` that names no paint of this file, without anything to stand in for it: no ink, as in browsers.
        case missing
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
    ///
    /// - Parameter current: what functions of colours mean by `currentcolor`.
    static func colour(_ cursor: Cursor, current: Colour = .black) -> Colour? {
        var cursor = cursor
        cursor.skipSpace()
        guard let colour = colourPrefix(&cursor, current: current) else { return nil }
        cursor.skipSpace()
        if cursor.takeWord("icc-color(") { return colour }  // SVG 1.1: the sRGB colour before it stands in
        return cursor.isAtEnd ? colour : nil
    }

    /// A colour at the place; steps over it.
    static func colourPrefix(_ cursor: inout Cursor, current: Colour = .black) -> Colour? {
        if cursor.take(UInt8(ascii: "#")) { return hexColour(&cursor) }
        let name = cursor.keyword()
        if cursor.byte == UInt8(ascii: "(") {
            cursor.i += 1
            return functionColour(name, &cursor, current: current)
        }
        if name == "transparent" { return Colour(pen: .black, isTransparent: true) }
        if let system = systemColours[name] { return Colour(pen: system) }
        guard let value = colourNames[name] else { return nil }
        return Colour(
            pen: PenColour(
                red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255)))
    }

    /// Of the browser's own surfaces, in a light scheme.
    private static let systemColours: [String: PenColour] = [
        "canvas": PenColour(red: 255, green: 255, blue: 255), "canvastext": .black,
        "linktext": PenColour(red: 0, green: 0, blue: 238),
        "field": PenColour(red: 255, green: 255, blue: 255), "fieldtext": .black, "buttontext": .black,
        "accentcolor": PenColour(red: 0, green: 117, blue: 255),
        "accentcolortext": PenColour(red: 255, green: 255, blue: 255),
        "activetext": PenColour(red: 255, green: 0, blue: 0), "visitedtext": PenColour(red: 85, green: 26, blue: 139),
        "graytext": PenColour(red: 128, green: 128, blue: 128),
        "buttonface": PenColour(red: 240, green: 240, blue: 240),
        "buttonborder": .black, "highlight": PenColour(red: 51, green: 103, blue: 209),
        "highlighttext": PenColour(red: 255, green: 255, blue: 255),
        "mark": PenColour(red: 255, green: 255, blue: 0), "marktext": .black,
        "windowtext": .black, "window": PenColour(red: 255, green: 255, blue: 255),
    ]

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
            isTransparent: channels.count == 4 && channels[3] == 0,
            isTranslucent: channels.count == 4 && channels[3] < 255)
    }
}

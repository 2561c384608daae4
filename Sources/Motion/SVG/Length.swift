extension SVG {
    /// A length as written; what it is in user units depends on the font size and the viewport.
    enum Length: Hashable {
        /// User units.
        case units(Double)
        /// Of the font size.
        case em(Double)
        /// Of the viewport, 100 = all of it.
        case percent(Double)

        /// In user units.
        ///
        /// - Parameters:
        ///   - base: what 100 % is.
        ///   - fontSize: in user units.
        func resolved(base: Double, fontSize: Double) -> Double {
            switch self {
            case .units(let value): value
            case .em(let value): value * fontSize
            case .percent(let value): value / 100 * base
            }
        }
    }

    /// How units become user units.
    struct Units {
        /// Pixels (user units) of an inch.
        var pixelsPerInch: Double

        /// A length that fills the whole text, or nil.
        func length(_ cursor: Cursor) -> Length? {
            var cursor = cursor
            cursor.skipSpace()
            guard let length = prefix(&cursor) else { return nil }
            cursor.skipSpace()
            return cursor.isAtEnd ? length : nil
        }

        /// A length at the place; steps over it.
        func prefix(_ cursor: inout Cursor) -> Length? {
            guard let value = cursor.number() else { return nil }
            if cursor.take(UInt8(ascii: "%")) { return .percent(value) }
            guard cursor.byte.isLetter else { return .units(value) }
            let inch = pixelsPerInch
            let length: Length
            switch cursor.keyword() {
            case "px": length = .units(value)
            case "mm": length = .units(value * inch / 25.4)
            case "cm": length = .units(value * inch / 2.54)
            case "q": length = .units(value * inch / 101.6)
            case "in": length = .units(value * inch)
            case "pt": length = .units(value * inch / 72)
            case "pc": length = .units(value * inch / 6)
            case "em": length = .em(value)
            case "ex": length = .em(value / 2)
            default: return nil
            }
            if case .units(let units) = length, !units.isFinite { return nil }
            return length
        }
    }

    /// Width and height of the nearest viewport in user units: what percentages refer to.
    struct Viewport: Hashable {
        var width: Double
        var height: Double

        /// The base of lengths that are neither across nor down.
        var diagonal: Double { ((width * width + height * height) / 2).squareRoot() }
    }

    /// Which side of the viewport a percentage refers to.
    enum Axis { case x, y, diagonal }
}

extension SVG.Viewport {
    func base(_ axis: SVG.Axis) -> Double {
        switch axis {
        case .x: width
        case .y: height
        case .diagonal: diagonal
        }
    }
}

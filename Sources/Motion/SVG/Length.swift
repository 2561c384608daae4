extension SVG {
    /// A length as written; what it is in user units depends on the font size and the viewport.
    enum Length: Hashable {
        /// User units.
        case units(Double)
        /// Of the font size.
        case em(Double)
        /// Of the viewport, 100 = all of it.
        case percent(Double)
        /// All three together, as `calc()` adds them.
        case sum(units: Double, em: Double, percent: Double)

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
            case .sum(let units, let em, let percent): units + em * fontSize + percent / 100 * base
            }
        }
    }

    /// How units become user units.
    struct Units {
        /// Pixels (user units) of an inch.
        var pixelsPerInch: Double
        /// The font size of the root, user units: `rem`.
        var rootFontSize = 16.0
        /// The page in px, for `vw` and `vh`; nil until it is known: then they are as percentages.
        var view: Viewport?

        init(pixelsPerInch: Double) { self.pixelsPerInch = pixelsPerInch }

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
            guard let value = cursor.number() else { return calculated(&cursor) }
            if cursor.take(UInt8(ascii: "%")) { return .percent(value) }
            guard cursor.byte.isLetter else { return .units(value) }
            return length(value, &cursor)
        }

        private func calculated(_ cursor: inout Cursor) -> Length? {
            guard let value = Calculation(self).value(&cursor), value.kind != .angle else { return nil }
            if value.em == 0, value.percent == 0 { return .units(value.plain) }
            if value.em == 0, value.plain == 0 { return .percent(value.percent) }
            return .sum(units: value.plain, em: value.em, percent: value.percent)
        }

        /// A length of which the number has been read, and the unit follows.
        func length(_ value: Double, _ cursor: inout Cursor) -> Length? {
            let inch = pixelsPerInch
            let length: Length
            let unit = cursor.keyword()
            switch unit {
            case "px": length = .units(value)
            case "mm": length = .units(value * inch / 25.4)
            case "cm": length = .units(value * inch / 2.54)
            case "q": length = .units(value * inch / 101.6)
            case "in": length = .units(value * inch)
            case "pt": length = .units(value * inch / 72)
            case "pc": length = .units(value * inch / 6)
            case "em": length = .em(value)
            case "ex", "ch": length = .em(value / 2)
            case "ic": length = .em(value)
            case "rem": length = .units(value * rootFontSize)
            default:
                guard let share = ofView(unit, value) else { return nil }
                length = share
            }
            if case .units(let units) = length, !units.isFinite { return nil }
            return length
        }

        /// `vw` and its kin: hundredths of the page's sides.
        private func ofView(_ unit: String, _ value: Double) -> Length? {
            let plain = unit.count > 2 && "sld".contains(unit.prefix(1)) ? String(unit.dropFirst()) : unit
            guard ["vw", "vh", "vi", "vb", "vmin", "vmax"].contains(plain) else { return nil }
            guard let view else { return .percent(value) }
            switch plain {
            case "vw", "vi": return .units(value / 100 * view.width)
            case "vh", "vb": return .units(value / 100 * view.height)
            case "vmin": return .units(value / 100 * min(view.width, view.height))
            default: return .units(value / 100 * max(view.width, view.height))
            }
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

extension SVG.Length {
    /// Below zero whatever it refers to.
    var isNegative: Bool {
        switch self {
        case .units(let value), .em(let value), .percent(let value): value < 0
        case .sum: false
        }
    }
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

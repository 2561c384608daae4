extension SVG {
    /// Colours nested in `color-mix()` and `light-dark()` beyond this are not read.
    private static let deepestColour = 8

    /// A colour function behind its name and parenthesis; nil when it is none or faulty.
    static func functionColour(
        _ name: String, _ cursor: inout Cursor, depth: Int = 0, current: Colour = .black
    ) -> Colour? {
        guard depth < deepestColour else { return nil }
        var arguments = ColourArguments(cursor: cursor, current: current)
        guard arguments.readOrigin(name, depth) else { return nil }
        let result: Colour?
        switch name {
        case "rgb", "rgba": result = arguments.rgb()
        case "hsl", "hsla": result = arguments.colour(.hsl, scales: [nil, 1, 1], wholes: [nil, 100, 100])
        case "hwb": result = arguments.colour(.hwb, scales: [nil, 1, 1], wholes: [nil, 100, 100])
        case "lab": result = arguments.colour(.lab, scales: [100, 125, 125])
        case "lch": result = arguments.colour(.lch, scales: [100, 150, nil])
        case "oklab": result = arguments.colour(.oklab, scales: [1, 0.4, 0.4])
        case "oklch": result = arguments.colour(.oklch, scales: [1, 0.4, nil])
        case "color": result = arguments.named()
        case "color-mix": result = arguments.mixed(depth)
        case "light-dark": result = arguments.light(depth)
        default: result = nil
        }
        cursor = arguments.cursor
        return result
    }

    /// A colour at the place, inside another.
    fileprivate static func innerColour(_ cursor: inout Cursor, depth: Int, current: Colour) -> Colour? {
        cursor.skipSpace()
        var word = cursor
        let name = word.keyword()
        if name == "currentcolor" {
            cursor = word
            return current
        }
        guard word.byte == UInt8(ascii: "("), !name.isEmpty else { return colourPrefix(&cursor) }
        word.i += 1
        cursor = word
        return functionColour(name, &cursor, depth: depth + 1, current: current)
    }

    /// Reads the arguments of one function up to its closing parenthesis.
    private struct ColourArguments {
        var cursor: Cursor
        /// What `currentcolor` means.
        let current: Colour
        /// The channels of the colour that this one is made from, as their words.
        private var names: [String: Double] = [:]

        init(cursor: Cursor, current: Colour) {
            self.cursor = cursor
            self.current = current
        }

        /// Reads `from <colour>`, where it stands, for the channels' words; false when the colour cannot be read.
        mutating func readOrigin(_ function: String, _ depth: Int) -> Bool {
            cursor.skipSpace()
            guard cursor.takeWord("from ") else { return true }
            guard let colour = SVG.innerColour(&cursor, depth: depth, current: current) else { return false }
            var space = ColourSpaces.Space.srgb
            switch function {
            case "rgb", "rgba": space = .srgb
            case "hsl", "hsla": space = .hsl
            case "color":
                cursor.skipSpace()
                var ahead = cursor
                guard let named = ColourSpaces.Space(rawValue: ahead.keyword()) else { return false }
                space = named
            default:
                guard let named = ColourSpaces.Space(rawValue: function) else { return false }
                space = named
            }
            guard let c = ColourSpaces.converted(colour.srgb, to: space) else { return false }
            let (words, scale) = Self.words(function, space)
            for (word, value) in zip(words, [c.x * scale.x, c.y * scale.y, c.z * scale.z]) { names[word] = value }
            names["alpha"] = colour.isTransparent ? 0 : 1
            return true
        }

        /// What the channels of a space are called, and how its words count.
        private static func words(
            _ function: String, _ space: ColourSpaces.Space
        ) -> ([String], ColourSpaces.Triple) {
            switch space {
            case .hsl: (["h", "s", "l"], ColourSpaces.Triple(1, 100, 100))
            case .hwb: (["h", "w", "b"], ColourSpaces.Triple(1, 100, 100))
            case .lab, .oklab: (["l", "a", "b"], ColourSpaces.Triple(repeating: 1))
            case .lch, .oklch: (["l", "c", "h"], ColourSpaces.Triple(repeating: 1))
            case .xyz, .xyzD50, .xyzD65: (["x", "y", "z"], ColourSpaces.Triple(repeating: 1))
            case .srgb, .srgbLinear, .displayP3, .a98, .prophoto, .rec2020:
                (["r", "g", "b"], ColourSpaces.Triple(repeating: function == "color" ? 1 : 255))
            }
        }

        /// One channel: a number, a percentage, a channel of another colour, or `none`, which is 0.
        private mutating func channel(isHue: Bool) -> (value: Double, isPercent: Bool)? {
            cursor.skipSpace()
            if cursor.takeWord("none") { return (0, false) }
            if cursor.byte.isLetter { return calculatedChannel(isHue: isHue) }
            guard let value = isHue ? cursor.angle(needsUnit: false) : cursor.number() else { return nil }
            return (value, !isHue && cursor.take(UInt8(ascii: "%")))
        }

        private mutating func calculatedChannel(isHue: Bool) -> (value: Double, isPercent: Bool)? {
            var word = cursor
            let name = word.keyword()
            if word.byte != UInt8(ascii: "(") {
                guard let value = names[name] else { return nil }
                cursor = word
                return (value, false)
            }
            guard let value = SVG.Calculation(SVG.Units(pixelsPerInch: 96), names: names).value(&cursor) else {
                return nil
            }
            switch value.kind {
            case .number: return (value.plain, false)
            case .angle: return isHue ? (value.plain, false) : nil
            case .length: return value.plain == 0 && value.em == 0 ? (value.percent, true) : nil
            }
        }

        /// An alpha and the end of the function, or only the end; nil when it is faulty.
        private mutating func ending() -> Double? {
            cursor.skipSpaceAndComma()
            if cursor.take(UInt8(ascii: ")")) { return 1 }
            _ = cursor.take(UInt8(ascii: "/"))
            guard let alpha = channel(isHue: false) else { return nil }
            cursor.skipSpace()
            return cursor.take(UInt8(ascii: ")")) ? (alpha.isPercent ? alpha.value / 100 : alpha.value) : nil
        }

        mutating func rgb() -> Colour? {
            var c = ColourSpaces.Triple()
            for k in 0..<3 {
                guard let (value, isPercent) = channel(isHue: false) else { return nil }
                c[k] = value / (isPercent ? 100 : 255)
                if k < 2 { cursor.skipSpaceAndComma() }
            }
            return ending().map { Colour(srgb: c, alpha: $0) }
        }

        /// - Parameters:
        ///   - scales: what 100 % is, a channel; nil for a hue.
        ///   - wholes: what a plain number is divided by, where it counts in hundredths.
        mutating func colour(_ space: ColourSpaces.Space, scales: [Double?], wholes: [Double?] = []) -> Colour? {
            var c = ColourSpaces.Triple()
            for k in 0..<3 {
                guard let (value, isPercent) = channel(isHue: scales[k] == nil) else { return nil }
                let whole = k < wholes.count ? wholes[k] ?? 1 : 1
                c[k] = isPercent ? value / 100 * (scales[k] ?? 1) : value / whole
                if k < 2 { cursor.skipSpaceAndComma() }
            }
            return ending().map { Colour(srgb: ColourSpaces.srgb(c, from: space), alpha: $0) }
        }

        mutating func named() -> Colour? {
            cursor.skipSpace()
            guard let space = ColourSpaces.Space(rawValue: cursor.keyword()) else { return nil }
            switch space {
            case .lab, .lch, .oklab, .oklch, .hsl, .hwb: return nil
            case .srgb, .srgbLinear, .displayP3, .a98, .prophoto, .rec2020, .xyz, .xyzD50, .xyzD65:
                return colour(space, scales: [1, 1, 1])
            }
        }

        /// `color-mix(in space [… hue], a [p%], b [q%])`.
        mutating func mixed(_ depth: Int) -> Colour? {
            cursor.skipSpace()
            var space = ColourSpaces.Space.oklab
            var way = ""
            let saysSpace = cursor.takeWord("in ")
            if saysSpace {
                cursor.skipSpace()
                guard let named = ColourSpaces.Space(rawValue: cursor.keyword()) else { return nil }
                space = named
                cursor.skipSpace()
                way = cursor.keyword()
                cursor.skipSpace()
                if !way.isEmpty { _ = cursor.takeWord("hue") }
            }
            var parts: [(colour: Colour, share: Double?)] = []
            for k in 0..<2 {
                cursor.skipSpace()
                guard cursor.take(UInt8(ascii: ",")) || (k == 0 && !saysSpace) else { return nil }
                cursor.skipSpace()
                var share = percent()
                guard let colour = SVG.innerColour(&cursor, depth: depth, current: current) else { return nil }
                if share == nil { share = percent() }
                parts.append((colour, share))
            }
            cursor.skipSpace()
            guard cursor.take(UInt8(ascii: ")")) else { return nil }
            let second = parts[1].share ?? parts[0].share.map { 1 - $0 } ?? 0.5
            let first = parts[0].share ?? 1 - second
            guard first >= 0, second >= 0, first + second > 0 else { return nil }
            return Self.mix(
                parts[0].colour, parts[1].colour, second / (first + second), space, isLonger: way == "longer")
        }

        private mutating func percent() -> Double? {
            var ahead = cursor
            ahead.skipSpace()
            guard let value = ahead.number(), ahead.take(UInt8(ascii: "%")) else { return nil }
            ahead.skipSpace()
            cursor = ahead
            return value / 100
        }

        private static func mix(
            _ a: Colour, _ b: Colour, _ t: Double, _ space: ColourSpaces.Space, isLonger: Bool
        ) -> Colour {
            // Alpha weighs the channels: what is transparent gives no colour.
            if a.isTransparent || b.isTransparent {
                var result = a.isTransparent ? (t > 0 ? b : a) : (t < 1 ? a : b)
                result.isTranslucent = true
                return result
            }
            // Wide spaces of screens are mixed in sRGB: for a pen the difference is nothing.
            let used = ColourSpaces.converted(a.srgb, to: space) == nil ? ColourSpaces.Space.srgb : space
            guard var from = ColourSpaces.converted(a.srgb, to: used),
                var to = ColourSpaces.converted(b.srgb, to: used)
            else { return a }
            if let hue = used.hue {
                // Grey has no hue of its own.
                let (saturationA, saturationB) = (a.srgb.max() - a.srgb.min(), b.srgb.max() - b.srgb.min())
                if saturationA < 1e-6 { from[hue] = to[hue] }
                if saturationB < 1e-6 { to[hue] = from[hue] }
                let way = to[hue] - from[hue]
                if (way.magnitude > 180) != isLonger, way != 0 { to[hue] += way > 0 ? -360 : 360 }
            }
            var result = Colour(srgb: ColourSpaces.srgb(from + (to - from) * t, from: used), alpha: 1)
            result.isTranslucent = a.isTranslucent || b.isTranslucent
            return result
        }

        /// The first of two: paper is light.
        mutating func light(_ depth: Int) -> Colour? {
            guard let first = SVG.innerColour(&cursor, depth: depth, current: current) else { return nil }
            cursor.skipSpace()
            guard cursor.take(UInt8(ascii: ",")), SVG.innerColour(&cursor, depth: depth, current: current) != nil else {
                return nil
            }
            cursor.skipSpace()
            return cursor.take(UInt8(ascii: ")")) ? first : nil
        }
    }
}

extension SVG.Colour {
    /// Channels 0…1; what is outside is clipped.
    init(srgb c: ColourSpaces.Triple, alpha: Double) {
        func byte(_ x: Double) -> UInt8 { x.isFinite ? UInt8((min(1, max(0, x)) * 255).rounded()) : 0 }
        self.init(
            pen: PenColour(red: byte(c.x), green: byte(c.y), blue: byte(c.z)), isTransparent: alpha <= 0,
            isTranslucent: !(alpha >= 1))
    }

    var srgb: ColourSpaces.Triple {
        ColourSpaces.Triple(Double(pen.red), Double(pen.green), Double(pen.blue)) / 255
    }
}

extension SVG {
    /// Reads the `transform` attribute; nil when any part of it does not parse.
    static func transform(attribute cursor: Cursor) -> Transform? {
        var cursor = cursor
        var result = Transform.identity
        cursor.skipSpace()
        while !cursor.isAtEnd {
            let name = cursor.transformName()
            cursor.skipSpace()
            guard !name.isEmpty, cursor.take(UInt8(ascii: "(")) else { return nil }
            var numbers: [Double] = []
            cursor.skipSpace()
            while !cursor.take(UInt8(ascii: ")")) {
                guard numbers.count < 6, let number = cursor.number() else { return nil }
                numbers.append(number)
                cursor.skipSpaceAndComma()
            }
            guard let item = attributeItem(name, numbers) else { return nil }
            result = result * item
            cursor.skipSpaceAndComma()
        }
        return result
    }

    private static func attributeItem(_ name: String, _ n: [Double]) -> Transform? {
        switch (name, n.count) {
        case ("matrix", 6): Transform(n[0], n[1], n[2], n[3], n[4], n[5])
        case ("translate", 1): .translation(n[0], 0)
        case ("translate", 2): .translation(n[0], n[1])
        case ("scale", 1): .scaling(n[0], n[0])
        case ("scale", 2): .scaling(n[0], n[1])
        case ("rotate", 1): .rotation(degrees: n[0])
        case ("rotate", 3):
            .translation(n[1], n[2]) * .rotation(degrees: n[0]) * .translation(-n[1], -n[2])
        case ("skewX", 1): Transform(1, 0, tangent(n[0] * .pi / 180), 1, 0, 0)
        case ("skewY", 1): Transform(1, tangent(n[0] * .pi / 180), 0, 1, 0, 0)
        default: nil
        }
    }

    /// Reads the CSS property `transform`; nil when it does not parse.
    ///
    /// - Parameters:
    ///   - viewport: what percentages of translations refer to.
    ///   - fontSize: in user units.
    static func transform(
        css cursor: Cursor, units: Units, viewport: Viewport, fontSize: Double
    ) -> Transform? {
        var cursor = cursor
        cursor.skipSpace()
        if cursor.takeWord("none") { return .identity }
        var result = Transform.identity
        while !cursor.isAtEnd {
            let name = cursor.keyword()
            guard !name.isEmpty, cursor.take(UInt8(ascii: "(")) else { return nil }
            var reader = CSSTransformReader(cursor: cursor, units: units, viewport: viewport, fontSize: fontSize)
            guard let item = reader.item(name) else { return nil }
            result = result * item
            cursor = reader.cursor
            cursor.skipSpace()
        }
        return result
    }

    /// The arguments of one CSS transform function.
    struct CSSTransformReader {
        var cursor: Cursor
        let units: Units
        let viewport: Viewport
        let fontSize: Double

        mutating func item(_ name: String) -> Transform? {
            switch name {
            case "matrix": matrix()
            case "translate": pair(length(.x), { $0.length(.y) }, missing: 0).map { .translation($0, $1) }
            case "translatex": closing(length(.x)).map { .translation($0, 0) }
            case "translatey": closing(length(.y)).map { .translation(0, $0) }
            case "scale": scale()
            case "scalex": closing(factor()).map { .scaling($0, 1) }
            case "scaley": closing(factor()).map { .scaling(1, $0) }
            case "rotate", "rotatez": closing(angle()).map { .rotation(degrees: $0) }
            case "rotatex": closing(angle()).map { .scaling(1, cosine($0 * .pi / 180)) }
            case "rotatey": closing(angle()).map { .scaling(cosine($0 * .pi / 180), 1) }
            case "translatez", "perspective": closing(length(.diagonal)).map { _ in .identity }
            case "scalez": closing(factor()).map { _ in .identity }
            case "translate3d": translation3D()
            case "scale3d": scale3D()
            case "rotate3d": rotation3D()
            case "matrix3d": matrix3D()
            case "skew":
                pair(angle(), { $0.angle() }, missing: 0).map {
                    Transform(1, tangent($1 * .pi / 180), tangent($0 * .pi / 180), 1, 0, 0)
                }
            case "skewx": closing(angle()).map { Transform(1, 0, tangent($0 * .pi / 180), 1, 0, 0) }
            case "skewy": closing(angle()).map { Transform(1, tangent($0 * .pi / 180), 0, 1, 0, 0) }
            default: nil
            }
        }

        private mutating func matrix() -> Transform? {
            var n: [Double] = []
            while n.count < 6 {
                if !n.isEmpty, !comma() { return nil }
                cursor.skipSpace()
                guard let number = cursor.number() else { return nil }
                n.append(number)
            }
            return closing(Transform(n[0], n[1], n[2], n[3], n[4], n[5]))
        }

        // What turns or lies off the page is seen from the front, without perspective.

        private mutating func translation3D() -> Transform? {
            guard let x = length(.x), comma(), let y = length(.y), comma(), length(.diagonal) != nil else { return nil }
            return closing(.translation(x, y))
        }

        private mutating func scale3D() -> Transform? {
            guard let x = factor(), comma(), let y = factor(), comma(), factor() != nil else { return nil }
            return closing(.scaling(x, y))
        }

        private mutating func rotation3D() -> Transform? {
            guard var x = factor(), comma(), var y = factor(), comma(), var z = factor(), comma(), let turn = angle()
            else { return nil }
            let length = (x * x + y * y + z * z).squareRoot()
            guard length > 0 else { return closing(.identity) }
            (x, y, z) = (x / length, y / length, z / length)
            let (c, s) = (cosine(turn * .pi / 180), sine(turn * .pi / 180))
            let rest = 1 - c
            return closing(
                Transform(x * x * rest + c, x * y * rest + z * s, x * y * rest - z * s, y * y * rest + c, 0, 0))
        }

        private mutating func matrix3D() -> Transform? {
            var n: [Double] = []
            while n.count < 16 {
                if !n.isEmpty, !comma() { return nil }
                guard let number = factor() else { return nil }
                n.append(number)
            }
            return closing(n[15] == 0 ? nil : Transform(n[0], n[1], n[4], n[5], n[12], n[13]))
        }

        /// The properties `translate`, `rotate` and `scale`, each a transform of its own.
        mutating func property(_ name: Name) -> Transform? {
            cursor.skipSpace()
            if cursor.takeWord("none") { return .identity }
            func atEnd() -> Bool {
                cursor.skipSpace()
                return cursor.isAtEnd
            }
            switch name {
            case .translate:
                guard let x = length(.x) else { return nil }
                let y = atEnd() ? 0 : length(.y)
                return y.map { .translation(x, $0) }
            case .scale:
                guard let x = factor() else { return nil }
                let y = atEnd() ? x : factor()
                return y.map { .scaling(x, $0) }
            default:
                if cursor.byte | 0x20 == UInt8(ascii: "z") { cursor.i += 1 }
                return angle().map { .rotation(degrees: $0) }
            }
        }

        private mutating func scale() -> Transform? {
            guard let x = factor() else { return nil }
            guard comma() else { return closing(.scaling(x, x)) }
            return closing(factor()).map { .scaling(x, $0) }
        }

        private mutating func pair(
            _ first: Double?, _ second: (inout Self) -> Double?, missing: Double
        ) -> (Double, Double)? {
            guard let first else { return nil }
            guard comma() else { return closing(missing).map { (first, $0) } }
            return closing(second(&self)).map { (first, $0) }
        }

        private mutating func comma() -> Bool {
            cursor.skipSpace()
            return cursor.take(UInt8(ascii: ","))
        }

        private mutating func closing<Value>(_ value: Value?) -> Value? {
            cursor.skipSpace()
            return cursor.take(UInt8(ascii: ")")) ? value : nil
        }

        private mutating func length(_ axis: Axis) -> Double? {
            cursor.skipSpace()
            return units.prefix(&cursor)?.resolved(base: viewport.base(axis), fontSize: fontSize)
        }

        private mutating func factor() -> Double? {
            cursor.skipSpace()
            guard let value = cursor.calculatedNumber() else { return nil }
            return cursor.take(UInt8(ascii: "%")) ? value / 100 : value
        }

        /// Degrees.
        private mutating func angle() -> Double? {
            cursor.skipSpace()
            return cursor.angle(needsUnit: true)
        }
    }
}

extension SVG.Cursor {
    /// Letters from here on, case kept.
    fileprivate mutating func transformName() -> String {
        let start = i
        while byte.isLetter, i - start < 16 { i += 1 }
        return String(decoding: bytes[start..<i], as: UTF8.self)
    }

    /// An angle in degrees, with its unit where it has one.
    mutating func angle(needsUnit: Bool) -> Double? {
        guard let value = number() else {
            var ahead = self
            guard let value = SVG.Calculation(SVG.Units(pixelsPerInch: 96)).value(&ahead),
                value.kind == .angle || (value.kind == .number && !needsUnit)
            else { return nil }
            self = ahead
            return value.plain
        }
        if takeWord("deg") { return value }
        if takeWord("grad") { return value * 0.9 }
        if takeWord("rad") { return value * (180 / .pi) }
        if takeWord("turn") { return value * 360 }
        return !needsUnit || value == 0 ? value : nil
    }
}

extension SVG {
    /// Reads `transform-origin`: one or two of length, percentage and keyword.
    static func transformOrigin(
        _ cursor: Cursor, units: Units, viewport: Viewport, fontSize: Double
    ) -> Point? {
        var cursor = cursor
        var across: Length?
        var down: Length?
        var plain: [Length] = []
        cursor.skipSpace()
        var count = 0
        while !cursor.isAtEnd, count < 3 {
            if cursor.byte.isLetter {
                switch cursor.keyword() {
                case "left": across = .percent(0)
                case "right": across = .percent(100)
                case "top": down = .percent(0)
                case "bottom": down = .percent(100)
                case "center": plain.append(.percent(50))
                default: return nil
                }
            } else {
                guard let length = units.prefix(&cursor) else { return nil }
                if count < 2 { plain.append(length) }
            }
            count += 1
            cursor.skipSpace()
        }
        guard count > 0, cursor.isAtEnd else { return nil }
        let x = across ?? plain.first ?? .percent(50)
        if across == nil, !plain.isEmpty { plain.removeFirst() }
        let y = down ?? plain.first ?? .percent(50)
        return Point(
            x.resolved(base: viewport.width, fontSize: fontSize), y.resolved(base: viewport.height, fontSize: fontSize))
    }
}

extension SVG {
    /// A `clip-path` that is a basic shape of CSS, such as `circle(40%) fill-box`, or the name of a box alone.
    ///
    /// CSS Shapes 1 and CSS Masking 1, with `rect()` and `xywh()`; `shape()` is not read.
    struct ClipFunction {
        /// The box that lengths refer to.
        enum Reference { case fill, stroke, view }

        private(set) var reference = Reference.stroke
        /// In lower case; empty where a box alone is named.
        private var name = ""
        /// Where its arguments stand, from the value's first byte on.
        private var arguments = 0..<0

        /// - Parameter cursor: the whole value; nil where it is neither a function nor a box.
        init?(_ cursor: Cursor) {
            let first = cursor.i
            var cursor = cursor
            var words = 0
            cursor.skipSpace()
            while !cursor.isAtEnd {
                let word = cursor.keyword()
                words += 1
                if cursor.byte == UInt8(ascii: "("), name.isEmpty {
                    guard let inner = Self.parenthesis(&cursor) else { return nil }
                    (name, arguments) = (word, inner.i - first..<inner.end - first)
                } else if let box = Self.box(word) {
                    reference = box
                } else {
                    return nil
                }
                cursor.skipSpace()
            }
            guard words > 0, words <= 2, name != "url" else { return nil }
        }

        private static func box(_ word: String) -> Reference? {
            switch word {
            case "fill-box", "content-box", "padding-box": .fill
            case "stroke-box", "border-box", "margin-box": .stroke
            case "view-box": .view
            default: nil
            }
        }

        /// What stands between the parenthesis here and the one that belongs to it.
        private static func parenthesis(_ cursor: inout Cursor) -> Cursor? {
            cursor.i += 1
            let start = cursor.i
            var depth = 0
            var quote: UInt8 = 0
            while !cursor.isAtEnd {
                let byte = cursor.byte
                cursor.i += 1
                if quote != 0 {
                    if byte == quote { quote = 0 }
                    continue
                }
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")") where depth == 0:
                    return Cursor(bytes: cursor.bytes, i: start, end: cursor.i - 1)
                case UInt8(ascii: ")"): depth -= 1
                default: break
                }
            }
            return nil
        }

        /// The outline in user space, and whether its rule is even-odd; nil where the function cannot be read.
        ///
        /// - Parameters:
        ///   - value: the whole value, as it was read.
        ///   - box: what `reference` names, in user units.
        ///   - fontSize: in user units.
        func outline(
            _ value: Cursor, in box: Box, units: Units, fontSize: Double
        ) -> (path: PathBuffer, isEvenOdd: Bool)? {
            let inner = Cursor(
                bytes: value.bytes, i: value.i + arguments.lowerBound, end: value.i + arguments.upperBound)
            var reader = BasicShapeReader(cursor: inner, box: box, units: units, fontSize: fontSize)
            switch name {
            case "":
                reader.roundRect(box, BasicShapeReader.square)
                return (reader.out, false)
            case "circle": return reader.circle() ? (reader.out, false) : nil
            case "ellipse": return reader.ellipse() ? (reader.out, false) : nil
            case "inset", "rect", "xywh": return reader.rectangle(name) ? (reader.out, false) : nil
            case "polygon": return reader.polygon().map { (reader.out, $0) }
            case "path": return reader.path().map { (reader.out, $0) }
            default: return nil
            }
        }
    }

    /// Reads the arguments of one basic shape and builds its outline.
    struct BasicShapeReader {
        private var cursor: Cursor
        private let box: Box
        private let units: Units
        private let fontSize: Double
        private(set) var out = PathBuffer()

        /// Radii across and down of a corner; corners go clockwise from the top left.
        typealias Corners = [(x: Double, y: Double)]
        static let square = Corners(repeating: (0, 0), count: 4)

        init(cursor: Cursor, box: Box, units: Units, fontSize: Double) {
            (self.cursor, self.box, self.units, self.fontSize) = (cursor, box, units, fontSize)
        }

        // MARK: words

        private mutating func isAtEnd() -> Bool {
            cursor.skipSpace()
            return cursor.isAtEnd
        }

        /// Steps over a word if it is here.
        private mutating func take(_ word: StaticString) -> Bool {
            cursor.skipSpace()
            var ahead = cursor
            guard ahead.takeWord(word), !ahead.byte.isNamePart else { return false }
            cursor = ahead
            return true
        }

        private mutating func length(_ base: Double) -> Double? {
            cursor.skipSpace()
            guard let length = units.prefix(&cursor) else { return nil }
            let value = length.resolved(base: base, fontSize: fontSize)
            return value.isFinite ? value : nil
        }

        /// `at` and a place, else the middle of the box; nil when it cannot be read.
        private mutating func center() -> Point? {
            guard take("at") else { return box.minimum + Point(box.width / 2, box.height / 2) }
            var across: Double?
            var down: Double?
            var plain: [Length] = []
            while !isAtEnd() {
                if take("center") {
                    plain.append(.percent(50))
                } else if cursor.byte.isLetter, let side = side() {
                    let base = side.isAcross ? box.width : box.height
                    var way = 0.0
                    if !isAtEnd(), !cursor.byte.isLetter {
                        // "left 20%": a distance from that side; "left 20%" alone is a side and the other axis.
                        var ahead = self
                        guard let next = ahead.length(base) else { return nil }
                        if ahead.isAtEnd(), across == nil, down == nil, plain.isEmpty, side.isAcross {
                            plain.append(.percent(side.isFar ? 100 : 0))
                            continue
                        }
                        (self, way) = (ahead, next)
                    }
                    let value = side.isFar ? base - way : way
                    if side.isAcross { across = value } else { down = value }
                } else {
                    guard let length = units.prefix(&cursor) else { return nil }
                    plain.append(length)
                }
                guard plain.count <= 2 else { return nil }
            }
            guard across != nil || down != nil || !plain.isEmpty else { return nil }
            func next(_ base: Double) -> Double {
                (plain.isEmpty ? .percent(50) : plain.removeFirst()).resolved(base: base, fontSize: fontSize)
            }
            let x = across ?? next(box.width)
            let y = down ?? next(box.height)
            guard x.isFinite, y.isFinite else { return nil }
            return box.minimum + Point(x, y)
        }

        private mutating func side() -> (isAcross: Bool, isFar: Bool)? {
            switch cursor.keyword() {
            case "left", "x-start": (true, false)
            case "right", "x-end": (true, true)
            case "top", "y-start": (false, false)
            case "bottom", "y-end": (false, true)
            default: nil
            }
        }

        // MARK: shapes

        private enum Radius {
            case closest, farthest
            case length(Length)
        }

        /// A radius; nil when there is none or it is faulty, and then the place is left alone.
        private mutating func radius() -> Radius? {
            if take("closest-side") { return .closest }
            if take("farthest-side") { return .farthest }
            cursor.skipSpace()
            guard !cursor.byte.isLetter || cursor.peek(3) == UInt8(ascii: "(") || cursor.peek(4) == UInt8(ascii: "("),
                let length = units.prefix(&cursor), !length.isNegative
            else { return nil }
            return .length(length)
        }

        private func resolved(_ radius: Radius, _ base: Double, _ sides: [Double]) -> Double {
            switch radius {
            case .closest: sides.map(\.magnitude).min() ?? 0
            case .farthest: sides.map(\.magnitude).max() ?? 0
            case .length(let length): max(0, length.resolved(base: base, fontSize: fontSize))
            }
        }

        mutating func circle() -> Bool {
            let radius = radius() ?? .closest
            guard let middle = center(), isAtEnd() else { return false }
            let r = resolved(
                radius, Viewport(width: box.width, height: box.height).diagonal,
                [middle.x - box.minX, box.maxX - middle.x, middle.y - box.minY, box.maxY - middle.y])
            return add(middle, r, r)
        }

        mutating func ellipse() -> Bool {
            let first = radius()
            let second = first == nil ? nil : radius()
            guard (first == nil) == (second == nil), let middle = center(), isAtEnd() else { return false }
            return add(
                middle, resolved(first ?? .closest, box.width, [middle.x - box.minX, box.maxX - middle.x]),
                resolved(second ?? .closest, box.height, [middle.y - box.minY, box.maxY - middle.y]))
        }

        private mutating func add(_ middle: Point, _ rx: Double, _ ry: Double) -> Bool {
            guard rx.isFinite, ry.isFinite else { return false }
            guard rx > 0, ry > 0 else { return true }
            let start = Point(middle.x + rx, middle.y)
            out.move(to: start)
            out.arc(
                EllipticalArc(center: middle, u: Point(rx, 0), v: Point(0, ry), start: 0, sweep: 2 * .pi), to: start)
            out.close()
            return true
        }

        mutating func rectangle(_ name: String) -> Bool {
            var values: [Double] = []
            while values.count < 4, !isAtEnd() {
                let isAcross = name == "xywh" ? values.count % 2 == 0 : values.count % 2 == 1
                let base = isAcross ? box.width : box.height
                if name == "rect", take("auto") {
                    values.append(values.count == 1 || values.count == 2 ? base : 0)
                } else if let value = length(base) {
                    values.append(value)
                } else {
                    break
                }
            }
            guard let corners = corners(), isAtEnd() else { return false }
            guard name == "inset" || values.count == 4, let first = values.first else { return false }
            var result = box
            switch name {
            case "inset":
                let right = values.count > 1 ? values[1] : first
                result = Box(
                    minX: box.minX + (values.count > 3 ? values[3] : right), minY: box.minY + first,
                    maxX: box.maxX - right, maxY: box.maxY - (values.count > 2 ? values[2] : first))
            case "rect":
                result = Box(
                    minX: box.minX + values[3], minY: box.minY + first,
                    maxX: box.minX + max(values[1], values[3]), maxY: box.minY + max(values[2], first))
            default:
                guard values[2] >= 0, values[3] >= 0 else { return false }
                result = Box(
                    minX: box.minX + first, minY: box.minY + values[1], maxX: box.minX + first + values[2],
                    maxY: box.minY + values[1] + values[3])
            }
            if result.maxX > result.minX, result.maxY > result.minY { roundRect(result, corners) }
            return true
        }

        /// `round` and its radii, else square corners; nil when they cannot be read.
        private mutating func corners() -> Corners? {
            guard take("round") else { return Self.square }
            func four(_ list: [Double]) -> [Double]? {
                guard let a = list.first else { return nil }
                let b = list.count > 1 ? list[1] : a
                let c = list.count > 2 ? list[2] : a
                return [a, b, c, list.count > 3 ? list[3] : b]
            }
            var lists: [[Length]] = [[]]
            while !isAtEnd() {
                if cursor.take(UInt8(ascii: "/")) {
                    guard lists.count == 1 else { return nil }
                    lists.append([])
                    continue
                }
                guard let next = units.prefix(&cursor), !next.isNegative, lists[lists.count - 1].count < 4 else {
                    return nil
                }
                lists[lists.count - 1].append(next)
            }
            func resolved(_ list: [Length]?, _ base: Double) -> [Double]? {
                four((list ?? []).map { max(0, $0.resolved(base: base, fontSize: fontSize)) })
            }
            guard let across = resolved(lists.first, box.width), let down = resolved(lists.last, box.height) else {
                return nil
            }
            return zip(across, down).map { ($0, $1) }
        }

        mutating func roundRect(_ r: Box, _ given: Corners) {
            // Radii that together are longer than a side shrink all together.
            var share = 1.0
            for (sum, side) in [
                (given[0].x + given[1].x, r.width), (given[2].x + given[3].x, r.width),
                (given[1].y + given[2].y, r.height), (given[3].y + given[0].y, r.height),
            ] where sum > side { share = min(share, side / sum) }
            let c = given.map { (x: $0.x * share, y: $0.y * share) }
            func corner(_ center: Point, _ radii: (x: Double, y: Double), _ quarter: Double, to end: Point) {
                guard radii.x > 0, radii.y > 0 else { return out.line(to: end) }
                out.arc(
                    EllipticalArc(
                        center: center, u: Point(radii.x, 0), v: Point(0, radii.y), start: quarter * .pi / 2,
                        sweep: .pi / 2), to: end)
            }
            func radii(_ k: Int) -> (x: Double, y: Double) { c[k].x > 0 && c[k].y > 0 ? c[k] : (0, 0) }
            let (a, b, d, e) = (radii(0), radii(1), radii(2), radii(3))
            out.move(to: Point(r.minX + a.x, r.minY))
            out.line(to: Point(r.maxX - b.x, r.minY))
            corner(Point(r.maxX - b.x, r.minY + b.y), b, -1, to: Point(r.maxX, r.minY + b.y))
            out.line(to: Point(r.maxX, r.maxY - d.y))
            corner(Point(r.maxX - d.x, r.maxY - d.y), d, 0, to: Point(r.maxX - d.x, r.maxY))
            out.line(to: Point(r.minX + e.x, r.maxY))
            corner(Point(r.minX + e.x, r.maxY - e.y), e, 1, to: Point(r.minX, r.maxY - e.y))
            out.line(to: Point(r.minX, r.minY + a.y))
            corner(Point(r.minX + a.x, r.minY + a.y), a, 2, to: Point(r.minX + a.x, r.minY))
            out.close()
        }

        /// The fill rule that may begin the arguments, with the comma after it; nil when the comma is missing.
        private mutating func fillRule() -> Bool? {
            let isEvenOdd = take("evenodd")
            guard isEvenOdd || take("nonzero") else { return false }
            cursor.skipSpace()
            return cursor.take(UInt8(ascii: ",")) ? isEvenOdd : nil
        }

        mutating func polygon() -> Bool? {
            guard let isEvenOdd = fillRule() else { return nil }
            var isFirst = true
            repeat {
                guard let x = length(box.width), let y = length(box.height) else { return nil }
                let p = box.minimum + Point(x, y)
                if isFirst { out.move(to: p) } else { out.line(to: p) }
                isFirst = false
                cursor.skipSpace()
            } while cursor.take(UInt8(ascii: ","))
            guard isAtEnd() else { return nil }
            out.close()
            return isEvenOdd
        }

        mutating func path() -> Bool? {
            guard let isEvenOdd = fillRule() else { return nil }
            cursor.skipSpace()
            let quote = cursor.byte
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), cursor.peek(1) != 0,
                cursor.end > cursor.i + 1
            else { return nil }
            var end = cursor.i + 1
            while end < cursor.end, cursor.bytes[end] != quote { end += 1 }
            var reader = PathReader(
                Cursor(bytes: cursor.bytes, i: cursor.i + 1, end: end), map: .translation(box.minX, box.minY),
                into: PathBuffer())
            // A faulty path makes the whole value invalid.
            guard reader.read() == nil else { return nil }
            out = reader.out
            return isEvenOdd
        }
    }
}

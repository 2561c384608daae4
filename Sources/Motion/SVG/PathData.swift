extension SVG {
    /// What stopped the reading of path data.
    struct PathFault {
        /// Offset into the text that was read.
        var offset: Int
    }

    /// Reads path data and gives its segments in absolute user units, mapped, to a buffer.
    ///
    /// Everything before a faulty command is kept, nothing from it on, as SVG has it for errors in path data.
    struct PathReader {
        private var cursor: Cursor
        private let map: Transform
        private(set) var out: PathBuffer
        /// Bounds of the control points in user units.
        private(set) var box = Box.empty
        private var current = Point(0, 0)
        private var start = Point(0, 0)
        /// The last control point, for S and T to reflect.
        private var control = Point(0, 0)
        private var previous: Previous = .other
        /// A move that has not been given yet: it is dropped when no segment follows.
        private var hasPendingMove = true

        private var hasMoved = false
        /// The pending move is the one that a Z left behind.
        private var isClosed = false

        /// Moves that draw nothing are given as well: markers stand on them.
        var keepsMoves = false

        private enum Previous { case cubic, quadratic, other }

        init(_ cursor: Cursor, map: Transform, into buffer: PathBuffer) {
            self.cursor = cursor
            self.map = map
            out = buffer
        }

        /// Upper bounds of what path data, or a list of points, comes to in a buffer.
        static func room(_ cursor: Cursor) -> (verbs: Int, points: Int) {
            let text = cursor.bytes.span
            // Quarter points and quarter verbs a number of the command in hand.
            var (points, verbs, letters) = (0, 0, 1)
            var (ofPoint, ofVerb) = (2, 2)
            var isInNumber = false
            for k in cursor.i..<max(cursor.i, cursor.end) {
                let byte = text[k]
                if byte.isDigit {
                    if !isInNumber { (points, verbs, isInNumber) = (points + ofPoint, verbs + ofVerb, true) }
                } else if byte.isLetter, byte | 0x20 != UInt8(ascii: "e") {
                    letters += 1
                    isInNumber = false
                    switch byte | 0x20 {
                    case UInt8(ascii: "h"), UInt8(ascii: "v"): (ofPoint, ofVerb) = (4, 4)
                    case UInt8(ascii: "c"): (ofPoint, ofVerb) = (2, 1)
                    case UInt8(ascii: "s"), UInt8(ascii: "q"): (ofPoint, ofVerb) = (3, 1)
                    case UInt8(ascii: "t"): (ofPoint, ofVerb) = (6, 2)
                    case UInt8(ascii: "a"): (ofPoint, ofVerb) = (5, 1)
                    default: (ofPoint, ofVerb) = (2, 2)
                    }
                } else {
                    isInNumber = false  // ".5.5" counts twice at most
                }
            }
            return (verbs / 4 + 2 * letters, points / 4 + letters)
        }

        /// Reads to the end or the first fault.
        mutating func read() -> PathFault? {
            cursor.skipSpace()
            if cursor.isAtEnd { return nil }
            guard cursor.byte | 0x20 == UInt8(ascii: "m") else { return PathFault(offset: cursor.i) }
            while !cursor.isAtEnd {
                let place = cursor.i
                let letter = cursor.byte
                guard letter.isLetter else { return PathFault(offset: place) }
                cursor.i += 1
                guard run(of: letter) else { return PathFault(offset: place) }
                cursor.skipSpace()
            }
            return nil
        }

        /// One letter and its repeated argument groups.
        private mutating func run(of letter: UInt8) -> Bool {
            let isRelative = letter >= 0x61
            let command = letter | 0x20
            if command == UInt8(ascii: "z") {
                close()
                return true
            }
            cursor.skipSpace()
            var isFirst = true
            while true {
                let origin = isRelative ? current : Point(0, 0)
                guard group(of: command, origin: origin, isFirst: isFirst) else { return false }
                isFirst = false
                // Another group follows if a number does; a comma must be followed by one.
                cursor.skipSpace()
                let hasComma = cursor.take(UInt8(ascii: ","))
                if hasComma { cursor.skipSpace() }
                let byte = cursor.byte
                let isNumber = byte.isDigit || byte == 0x2D || byte == 0x2E || byte == 0x2B
                if !isNumber { return !hasComma && (cursor.isAtEnd || byte.isLetter) }
            }
        }

        private mutating func group(of command: UInt8, origin: Point, isFirst: Bool) -> Bool {
            switch command {
            case UInt8(ascii: "m"):
                guard let p = point(origin) else { return false }
                if isFirst { move(to: p) } else { line(to: p) }
            case UInt8(ascii: "l"):
                guard let p = point(origin) else { return false }
                line(to: p)
            case UInt8(ascii: "h"):
                guard let x = number() else { return false }
                line(to: Point(origin.x + x, current.y))
            case UInt8(ascii: "v"):
                guard let y = number() else { return false }
                line(to: Point(current.x, origin.y + y))
            case UInt8(ascii: "c"):
                guard let p1 = pair(origin), let p2 = pair(origin), let p = point(origin) else { return false }
                cubic(p1, p2, p)
            case UInt8(ascii: "s"):
                guard let p2 = pair(origin), let p = point(origin) else { return false }
                cubic(previous == .cubic ? reflected : current, p2, p)
            case UInt8(ascii: "q"):
                guard let p1 = pair(origin), let p = point(origin) else { return false }
                quadratic(p1, p)
            case UInt8(ascii: "t"):
                guard let p = point(origin) else { return false }
                quadratic(previous == .quadratic ? reflected : current, p)
            case UInt8(ascii: "a"): return arc(origin)
            default: return false
            }
            return true
        }

        private var reflected: Point { Point(2 * current.x - control.x, 2 * current.y - control.y) }

        private mutating func number() -> Double? { cursor.number() }

        /// The last pair of a group.
        private mutating func point(_ origin: Point) -> Point? {
            guard let x = cursor.number() else { return nil }
            cursor.skipSpaceAndComma()
            guard let y = cursor.number() else { return nil }
            let p = Point(origin.x + x, origin.y + y)
            return p.isFinite ? p : nil
        }

        /// A pair with the separator behind it.
        private mutating func pair(_ origin: Point) -> Point? {
            guard let p = point(origin) else { return nil }
            cursor.skipSpaceAndComma()
            return p
        }

        private mutating func arc(_ origin: Point) -> Bool {
            guard let radii = pair(Point(0, 0)), let rotation = cursor.number() else { return false }
            cursor.skipSpaceAndComma()
            guard let isLarge = arcFlag(), let isSweep = arcFlag(), let end = point(origin) else { return false }
            defer {
                current = end
                previous = .other
            }
            if end == current { return true }
            begin()
            let ends = EllipticalArc.Endpoints(
                from: current, to: end, rx: radii.x, ry: radii.y, rotation: rotation, isLarge: isLarge,
                isSweep: isSweep)
            guard let arc = EllipticalArc(ends) else {
                grow(end)
                out.line(to: map.apply(end))
                return true
            }
            box.include(arc.bounds)
            grow(end)
            out.arc(arc.mapped(by: map), to: map.apply(end))
            return true
        }

        private mutating func arcFlag() -> Bool? {
            guard cursor.byte == 0x30 || cursor.byte == 0x31 else { return nil }
            let value = cursor.byte == 0x31
            cursor.i += 1
            cursor.skipSpaceAndComma()
            return value
        }

        // MARK: segments

        mutating func move(to p: Point) {
            finish()
            current = p
            start = p
            previous = .other
            hasPendingMove = true
            hasMoved = true
            isClosed = false
        }

        /// Gives a move that nothing has followed, where such are kept.
        mutating func finish() {
            guard keepsMoves, hasPendingMove, hasMoved, !isClosed else { return }
            out.move(to: map.apply(current))
        }

        /// Gives the pending move before the first segment of a subpath.
        private mutating func begin() {
            guard hasPendingMove else { return }
            hasPendingMove = false
            grow(current)
            out.move(to: map.apply(current))
        }

        mutating func line(to p: Point) {
            begin()
            grow(p)
            out.line(to: map.apply(p))
            current = p
            previous = .other
        }

        private mutating func cubic(_ p1: Point, _ p2: Point, _ p: Point) {
            begin()
            grow(p1)
            grow(p2)
            grow(p)
            out.cubic(map.apply(p1), map.apply(p2), to: map.apply(p))
            current = p
            control = p2
            previous = .cubic
        }

        private mutating func quadratic(_ p1: Point, _ p: Point) {
            let raised = CubicBezier(quadratic: current, p1, p)
            cubic(raised.p1, raised.p2, p)
            control = p1
            previous = .quadratic
        }

        mutating func close() {
            if hasPendingMove, isClosed { return out.close() }  // a second Z draws nothing, but is a vertex for markers
            begin()
            out.close()
            current = start
            previous = .other
            hasPendingMove = true
            isClosed = true
        }

        private mutating func grow(_ p: Point) { box.include(p) }
    }
}

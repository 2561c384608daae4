extension SVG {
    /// A `viewBox` and how it is fitted into a viewport.
    struct ViewBox {
        var x, y, width, height: Double
        var fit: AspectRatio = AspectRatio()

        /// Reads exactly four numbers, sizes not negative; anything else is ignored.
        init?(_ cursor: Cursor) {
            var cursor = cursor
            var n: [Double] = []
            cursor.skipSpace()
            while !cursor.isAtEnd {
                guard n.count < 4, let number = cursor.number() else { return nil }
                n.append(number)
                cursor.skipSpaceAndComma()
            }
            guard n.count == 4, n[2] >= 0, n[3] >= 0 else { return nil }
            (x, y, width, height) = (n[0], n[1], n[2], n[3])
        }

        var isEmpty: Bool { width == 0 || height == 0 }

        /// The map of the box into a viewport of a size, from its origin; `isEmpty` must not hold.
        func transform(intoWidth w: Double, height h: Double) -> Transform {
            var (sx, sy) = (w / width, h / height)
            guard let align = fit.align else { return Transform(sx, 0, 0, sy, -x * sx, -y * sy) }
            sx = fit.isSlice ? max(sx, sy) : min(sx, sy)
            sy = sx
            return Transform(
                sx, 0, 0, sy, -x * sx + align.x * (w - width * sx), -y * sy + align.y * (h - height * sy))
        }
    }

    /// `preserveAspectRatio`.
    struct AspectRatio {
        /// Share of the free space before the box in x and y; nil = `none`.
        var align: Point? = Point(0.5, 0.5)
        var isSlice = false

        init() {}

        /// An invalid text is the default.
        init(_ cursor: Cursor) {
            var cursor = cursor
            cursor.skipSpace()
            var word = cursor.keyword()
            if word == "defer" {
                cursor.skipSpace()
                word = cursor.keyword()
            }
            var result = AspectRatio()
            if word == "none" {
                result.align = nil
            } else {
                let places = ["min": 0, "mid": 0.5, "max": 1]
                guard word.count == 8, word.hasPrefix("x"), word.dropFirst(4).hasPrefix("y"),
                    let x = places[String(word.dropFirst().prefix(3))], let y = places[String(word.suffix(3))]
                else { return }
                result.align = Point(x, y)
            }
            cursor.skipSpace()
            if cursor.takeWord("slice") {
                result.isSlice = true
            } else if !cursor.isAtEnd, !cursor.takeWord("meet") {
                return
            }
            cursor.skipSpace()
            if cursor.isAtEnd { self = result }
        }
    }
}

extension SVG.Document {
    /// The element's `viewBox` with its `preserveAspectRatio`; nil when it has none that counts.
    func viewBox(of node: Int) -> SVG.ViewBox? {
        guard let cursor = cursor(.viewBox, of: node), var box = SVG.ViewBox(cursor) else { return nil }
        if let fit = self.cursor(.preserveAspectRatio, of: node) { box.fit = SVG.AspectRatio(fit) }
        return box
    }
}

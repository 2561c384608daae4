extension SVG {
    /// Builds the outline of one shape element, in user units mapped to the page.
    ///
    /// What is malformed is reported; a shape that draws nothing leaves the buffer as it was.
    struct ShapeReader {
        let tag: Tag
        let store: TextStore
        /// Those of the element.
        let attributes: ArraySlice<Document.Attribute>
        let units: Units
        let viewport: Viewport
        let fontSize: Double
        let map: Transform
        /// What the element's style says in place of its attributes.
        var geometry: [(name: Name, value: Slice)] = []
        /// Moves that draw nothing are given as well.
        var keepsMoves = false

        /// A length attribute; nil when it is missing, `auto` or invalid.
        func length(_ name: Name, _ axis: Axis) -> Double? {
            let styled = geometry.isEmpty ? nil : geometry.first { $0.name == name }
            guard let text = styled?.value ?? value(name) else { return nil }
            if let plain = store.plainNumber(text) { return plain }
            guard let length = units.length(store.cursor(text)) else { return nil }
            let value = length.resolved(base: viewport.base(axis), fontSize: fontSize)
            return value.isFinite ? value : nil
        }

        /// An attribute's value; nil when it is not given.
        func value(_ name: Name) -> Slice? {
            for k in attributes.indices where attributes[k].name == name { return attributes[k].value }
            return nil
        }

        /// Adds the outline to a buffer; gives its bounds in user units and the fault that ended it early.
        func read(into buffer: inout PathBuffer) -> (box: Box, fault: PathFault?) {
            switch tag {
            case .path: return path(into: &buffer)
            case .polyline, .polygon: return polygon(into: &buffer)
            case .line:
                var sink = PathReader(Cursor(""), map: map, into: take(&buffer))
                sink.move(to: Point(length(.x1, .x) ?? 0, length(.y1, .y) ?? 0))
                sink.line(to: Point(length(.x2, .x) ?? 0, length(.y2, .y) ?? 0))
                buffer = sink.out
                return (sink.box, nil)
            case .rect: return (rect(into: &buffer), nil)
            case .circle:
                guard let r = length(.r, .diagonal), r > 0 else { return (.empty, nil) }
                return (ellipse(r, r, into: &buffer), nil)
            case .ellipse:
                let (rx, ry) = (radius(.rx, .x), radius(.ry, .y))
                guard let x = rx ?? ry, let y = ry ?? rx, x > 0, y > 0 else { return (.empty, nil) }
                return (ellipse(x, y, into: &buffer), nil)
            default: return (.empty, nil)
            }
        }

        /// Empties a buffer into the hands of a reader, so that there is never a second copy.
        private func take(_ buffer: inout PathBuffer) -> PathBuffer {
            let taken = buffer
            buffer = PathBuffer()
            return taken
        }

        /// The path data in a style's `d: path("…")`; empty for `none`, nil when no style gives any.
        private func styledPath() -> Slice? {
            guard let value = geometry.first(where: { $0.name == .d })?.value else { return nil }
            var cursor = store.cursor(value)
            let start = cursor.i
            if cursor.takeWord("none") { return Slice(Int(value.start), 0) }
            guard cursor.takeWord("path(") else { return nil }
            cursor.skipSpace()
            let quote = cursor.byte
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
            cursor.i += 1
            let first = cursor.i
            while !cursor.isAtEnd, cursor.byte != quote { cursor.i += 1 }
            return Slice(Int(value.start) + first - start, cursor.i - first)
        }

        private func path(into buffer: inout PathBuffer) -> (Box, PathFault?) {
            guard let slice = styledPath() ?? value(.d) else { return (.empty, nil) }
            let cursor = store.cursor(slice)
            let first = cursor.i
            var reader = PathReader(cursor, map: map, into: take(&buffer))
            reader.keepsMoves = keepsMoves
            let fault = reader.read()
            reader.finish()
            buffer = reader.out
            return (reader.box, fault.map { PathFault(offset: Int(slice.start) + $0.offset - first) })
        }

        private func polygon(into buffer: inout PathBuffer) -> (Box, PathFault?) {
            guard let slice = value(.points) else { return (.empty, nil) }
            var cursor = store.cursor(slice)
            let start = cursor.i
            var sink = PathReader(Cursor(""), map: map, into: take(&buffer))
            sink.keepsMoves = keepsMoves
            var count = 0
            cursor.skipSpace()
            var fault: PathFault?
            while !cursor.isAtEnd {
                let place = cursor.i
                guard let x = cursor.number() else {
                    fault = PathFault(offset: Int(slice.start) + place - start)
                    break
                }
                cursor.skipSpaceAndComma()
                guard let y = cursor.number() else {
                    if !cursor.isAtEnd { fault = PathFault(offset: Int(slice.start) + place - start) }
                    break
                }
                cursor.skipSpaceAndComma()
                let p = Point(x, y)
                count += 1
                if count == 1 { sink.move(to: p) } else { sink.line(to: p) }
            }
            if count > 1 || (keepsMoves && count > 0), tag == .polygon { sink.close() }
            sink.finish()
            buffer = sink.out
            return (count > 1 ? sink.box : .empty, fault)
        }

        /// A radius that counts: given, valid and not negative.
        private func radius(_ name: Name, _ axis: Axis) -> Double? { length(name, axis).flatMap { $0 < 0 ? nil : $0 } }

        private func rect(into buffer: inout PathBuffer) -> Box {
            guard let w = length(.width, .x), let h = length(.height, .y), w > 0, h > 0 else { return .empty }
            let (x, y) = (length(.x, .x) ?? 0, length(.y, .y) ?? 0)
            let (ownX, ownY) = (radius(.rx, .x), radius(.ry, .y))
            let rx = min(ownX ?? ownY ?? 0, w / 2)
            let ry = min(ownY ?? ownX ?? 0, h / 2)
            if rx > 0, ry > 0 {
                roundRect(x, y, w, h, rx, ry, into: &buffer)
            } else {
                buffer.move(to: map.apply(Point(x, y)))
                buffer.line(to: map.apply(Point(x + w, y)))
                buffer.line(to: map.apply(Point(x + w, y + h)))
                buffer.line(to: map.apply(Point(x, y + h)))
                buffer.close()
            }
            return Box(minX: x, minY: y, maxX: x + w, maxY: y + h)
        }

        private func roundRect(
            _ x: Double, _ y: Double, _ w: Double, _ h: Double, _ rx: Double, _ ry: Double,
            into buffer: inout PathBuffer
        ) {
            func corner(_ cx: Double, _ cy: Double, _ quarter: Double, to end: Point) {
                let arc = EllipticalArc(
                    center: Point(cx, cy), u: Point(rx, 0), v: Point(0, ry), start: quarter * .pi / 2, sweep: .pi / 2)
                buffer.arc(arc.mapped(by: map), to: map.apply(end))
            }
            buffer.move(to: map.apply(Point(x + rx, y)))
            if w > 2 * rx { buffer.line(to: map.apply(Point(x + w - rx, y))) }
            corner(x + w - rx, y + ry, -1, to: Point(x + w, y + ry))
            if h > 2 * ry { buffer.line(to: map.apply(Point(x + w, y + h - ry))) }
            corner(x + w - rx, y + h - ry, 0, to: Point(x + w - rx, y + h))
            if w > 2 * rx { buffer.line(to: map.apply(Point(x + rx, y + h))) }
            corner(x + rx, y + h - ry, 1, to: Point(x, y + h - ry))
            if h > 2 * ry { buffer.line(to: map.apply(Point(x, y + ry))) }
            corner(x + rx, y + ry, 2, to: Point(x + rx, y))
            buffer.close()
        }

        private func ellipse(_ rx: Double, _ ry: Double, into buffer: inout PathBuffer) -> Box {
            let (cx, cy) = (length(.cx, .x) ?? 0, length(.cy, .y) ?? 0)
            let start = map.apply(Point(cx + rx, cy))
            let arc = EllipticalArc(
                center: Point(cx, cy), u: Point(rx, 0), v: Point(0, ry), start: 0, sweep: 2 * .pi)
            buffer.move(to: start)
            buffer.arc(arc.mapped(by: map), to: start)
            buffer.close()
            return Box(minX: cx - rx, minY: cy - ry, maxX: cx + rx, maxY: cy + ry)
        }
    }
}

extension SVG.Renderer {
    /// A vertex of a path, for markers, in user units.
    struct Vertex {
        var place: Point
        /// Directions of arrival and departure; nil where there is none.
        var inward: Point?
        var outward: Point?

        /// Degrees from the x axis: the bisector of the two directions.
        var angle: Double {
            func degrees(_ direction: Point) -> Double { SVG.degrees(arcTangent(direction.y, direction.x)) }
            switch (inward, outward) {
            case (let a?, let b?):
                var first = degrees(a)
                let second = degrees(b)
                if (first - second).magnitude > 180 { first += first < second ? 360 : -360 }
                return (first + second) / 2
            case (let one?, nil), (nil, let one?): return degrees(one)
            case (nil, nil): return 0
            }
        }
    }

    /// The vertices of a shape; none for shapes that take no markers.
    func markerVertices(_ node: Int, _ state: State) -> [Vertex] {
        guard state.style.hasMarkers else { return [] }
        switch document.nodes[node].tag {
        case .path, .line, .polyline, .polygon: break
        default: return []
        }
        var own = state
        own.map = .identity
        var reader = shapeReader(node, own)
        reader.keepsMoves = true
        var outline = PathBuffer()
        _ = reader.read(into: &outline)
        var vertices = VertexList()
        var i = 0
        for verb in outline.verbs {
            func point(_ k: Int) -> Point { outline.points[i + k] }
            switch verb {
            case .move: vertices.move(to: point(0))
            case .line: vertices.add([point(0)])
            case .cubic: vertices.add([point(0), point(1), point(2)])
            case .arc:
                let arc = outline.arc(at: i)
                let turn = arc.sweep < 0 ? -1.0 : 1.0
                vertices.add(
                    end: point(4), leaving: arc.tangent(at: arc.start) * turn,
                    arriving: arc.tangent(at: arc.start + arc.sweep) * turn)
            case .close: vertices.close()
            }
            i += verb.pointCount
        }
        vertices.finish()
        return vertices.all
    }

    /// Gathers vertices segment by segment.
    private struct VertexList {
        private(set) var all: [Vertex] = []
        private var start = 0
        /// The vertex last added is that of a Z.
        private var isClosed = false
        /// Nothing has followed the vertex last added.
        private var isLone = false

        mutating func move(to p: Point) {
            // What follows a Z begins where that ended: the same vertex.
            if isClosed, all.last?.place == p { return }
            if isLone, let last = all.last { all[all.count - 1].outward = p - last.place }
            start = all.count
            isClosed = false
            isLone = true
            all.append(Vertex(place: p))
        }

        /// A last vertex that nothing has led to looks away from the one before it, as in browsers.
        mutating func finish() {
            guard isLone, let last = all.last else { return }
            let before = all.count > 1 ? all[all.count - 2].place : Point(0, 0)
            all[all.count - 1].inward = last.place - before
        }

        /// A line, or a curve with its controls. A control that lies on its end gives no direction, then the next one does;
        /// a segment without any length has the direction of the x axis, as in browsers.
        mutating func add(_ points: [Point]) {
            guard let from = all.last?.place, let end = points.last else { return }
            let leaving = points.first { $0 != from }.map { $0 - from }
            let arriving = ([from] + points).last { $0 != end }.map { end - $0 }
            add(end: end, leaving: leaving ?? Self.none, arriving: arriving ?? Self.none)
        }

        private static let none = Point(0, 0)

        mutating func add(end: Point, leaving: Point, arriving: Point) {
            guard !all.isEmpty else { return }
            isLone = false
            // The vertex of a Z keeps the direction in which its subpath began.
            if !isClosed { all[all.count - 1].outward = leaving }
            isClosed = false
            all.append(Vertex(place: end, inward: arriving))
        }

        mutating func close() {
            guard all.indices.contains(start), let last = all.last else { return }
            isLone = false
            if isClosed {
                all[all.count - 1].outward = Self.none
                all.append(Vertex(place: last.place, inward: Self.none))
                return
            }
            isClosed = true
            let home = all[start]
            let way = home.place == last.place ? last.inward : home.place - last.place
            all[all.count - 1].outward = home.place == last.place ? home.outward : way
            all.append(Vertex(place: home.place, inward: way, outward: home.outward))
            all[start].inward = way
        }
    }

    // MARK: drawing

    /// Draws the markers of a shape: `marker-start` on the first vertex, `marker-end` on the last, `-mid` between.
    mutating func drawMarkers(
        _ vertices: [Vertex], _ node: Int, _ clip: Int32, _ state: State, strokeWidth: Double
    ) throws(SVG.Fault) {
        guard let first = vertices.first, let last = vertices.last else { return }
        var around = state
        around.clip = clip
        around.local = SVG.LocalStyle()
        if usesContext { around.context = addContext(state) }
        let style = state.style
        if vertices.count > 1, let marker = try marker(style.markerStart, around, strokeWidth) {
            try draw(marker, at: [first], reversed: marker.reversesStart)
        }
        if vertices.count > 2, let marker = try marker(style.markerMid, around, strokeWidth) {
            try draw(marker, at: vertices[1..<vertices.count - 1], reversed: false)
        }
        if let marker = try marker(style.markerEnd, around, strokeWidth) {
            try draw(marker, at: [last], reversed: false)
        }
    }

    /// A marker element made ready for one shape.
    private struct Marker {
        var node: Int
        var state: State
        /// Degrees; nil = along the path.
        var angle: Double?
        var reversesStart = false
        /// From the marker's content to the vertex.
        var content = Transform.identity
        /// What is seen of it, in the space of the vertex.
        var window = Box()
        var hidesOverflow = true
    }

    private mutating func marker(_ index: Int32, _ state: State, _ strokeWidth: Double) throws(SVG.Fault) -> Marker? {
        guard index >= 0 else { return nil }
        let node = Int(index)
        guard document.nodes[node].tag == .marker, !openMarkers.contains(node), passesTests(node) else { return nil }
        guard openMarkers.count < SVG.Limit.nesting else { return nil }
        var marker = Marker(node: node, state: state)
        (marker.state.style, marker.state.local) = try styleInPlace(node)
        if marker.state.local.isTransparent { marker.state.isTransparent = true }
        if marker.state.local.isTranslucent || marker.state.local.isBlended { marker.state.isTranslucent = true }
        let reader = shapeReader(node, marker.state)
        let width = reader.length(.markerWidth, .x) ?? 3
        let height = reader.length(.markerHeight, .y) ?? 3
        guard width > 0, height > 0 else { return nil }
        let isUserSpace =
            document.value(.markerUnits, of: node).map { document.store.equal($0, "userSpaceOnUse") } ?? false
        let scale = isUserSpace ? 1 : strokeWidth
        guard scale > 0, scale.isFinite else { return nil }
        var fit = Transform.identity
        marker.state.viewport = SVG.Viewport(width: width, height: height)
        let box = document.viewBox(of: node)
        if let box {
            if box.isEmpty { return nil }
            fit = box.transform(intoWidth: width, height: height)
            marker.state.viewport = SVG.Viewport(width: box.width, height: box.height)
        }
        let sides = box.map { ($0.x, $0.y, $0.width, $0.height) } ?? (0, 0, width, height)
        let reference = fit.apply(
            Point(
                referencePoint(.refX, reader, .x, sides.0, sides.2),
                referencePoint(.refY, reader, .y, sides.1, sides.3)))
        let toVertex = Transform.scaling(scale, scale) * .translation(-reference.x, -reference.y)
        marker.content = toVertex * fit
        let corner = toVertex.apply(Point(0, 0))
        marker.window = Box(
            minX: corner.x, minY: corner.y, maxX: corner.x + width * scale, maxY: corner.y + height * scale)
        marker.hidesOverflow = !marker.state.local.showsOverflow
        readOrientation(&marker)
        return marker
    }

    private func referencePoint(
        _ name: SVG.Name, _ reader: SVG.ShapeReader, _ axis: SVG.Axis, _ start: Double, _ size: Double
    ) -> Double {
        if let length = reader.length(name, axis) { return length }
        guard var cursor = reader.value(name).map(document.store.cursor) else { return 0 }
        cursor.skipSpace()
        switch cursor.keyword() {
        case "center": return start + size / 2
        case "right", "bottom": return start + size
        case "left", "top": return start
        default: return 0
        }
    }

    private func readOrientation(_ marker: inout Marker) {
        marker.angle = 0
        guard var cursor = document.cursor(.orient, of: marker.node) else { return }
        cursor.skipSpace()
        if cursor.byte.isLetter {
            let word = cursor.keyword()
            if word == "auto" || word == "auto-start-reverse" { marker.angle = nil }
            marker.reversesStart = word == "auto-start-reverse"
        } else if let angle = cursor.angle(needsUnit: false) {
            cursor.skipSpace()
            if cursor.isAtEnd { marker.angle = angle }
        }
    }

    private mutating func draw(
        _ marker: Marker, at vertices: some Sequence<Vertex>, reversed: Bool
    ) throws(SVG.Fault) {
        guard document.nodes[marker.node].firstChild >= 0 else { return }
        let wasOpen = isOpen[marker.node]
        openMarkers.insert(marker.node)
        defer {
            openMarkers.remove(marker.node)
            isOpen[marker.node] = wasOpen
        }
        for vertex in vertices {
            try count(at: marker.node)
            var state = marker.state
            let angle = (marker.angle ?? vertex.angle) + (reversed ? 180 : 0)
            state.map = state.map * .translation(vertex.place.x, vertex.place.y) * .rotation(degrees: angle)
            if marker.hidesOverflow { addBoxClip(marker.window, &state) }
            state.map = state.map * marker.content
            guard state.map.isFinite, state.map.determinant != 0 else { continue }
            let base = frames.count
            push(
                Frame(
                    node: Int32(marker.node), next: document.nodes[marker.node].firstChild, state: state))
            try walk(above: base)
        }
    }
}

extension SVG {
    static func degrees(_ radians: Double) -> Double { radians * (180 / .pi) }
}

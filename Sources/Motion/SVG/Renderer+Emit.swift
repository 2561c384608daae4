extension SVG.Renderer {
    typealias Drawing = SVG.Drawing

    /// Paint that leaves a mark, and the pen for it.
    struct Ink: Hashable {
        /// nil = no one colour, as of a pattern.
        var colour: PenColour?
        /// Nothing that lies under it shines through.
        var isOpaque = false
    }

    /// What a paint server comes to.
    enum ServerInk {
        case nothing
        case ink(Ink)
        /// Only for shapes whose box has width and height.
        case inkOfBox(Ink)
    }

    /// Draws one shape with its markers.
    mutating func emit(_ node: Int, _ state: State) throws(SVG.Fault) {
        let style = state.style
        let isVisible = style.isVisible && !state.isTransparent
        // What is hidden still counts for the box of a group around it.
        if !isVisible { miss(style.isVisible ? .transparent : .hidden) }
        guard isVisible || !openBoxes.isEmpty else { return }
        let marks = (outlines.verbs.count, outlines.points.count)
        try makeRoom(node)
        let (box, fault) = shapeReader(node, state).read(into: &outlines)
        if let fault {
            log.add(
                .warning, "broken-path-data", "path data is drawn up to its first fault", at: fault.offset)
        }
        let strokeWidth = style.strokeWidth.resolved(base: state.viewport.diagonal, fontSize: style.fontSize)
        guard outlines.verbs.count > marks.0 else {
            noteMissingSize(node)
            // Markers stand on a path that only moves.
            guard isVisible, !isMeasuring, style.hasMarkers else { return }
            return try drawMarkers(markerVertices(node, state), node, state.clip, state, strokeWidth: strokeWidth)
        }
        try growOpenBoxes(marks, state)
        guard isVisible, !isMeasuring else {
            outlines.truncate(verbs: marks.0, points: marks.1)
            return
        }
        try meter.require(bytes: heldBytes, at: document.offset(of: node))
        guard outlines.points.count <= pointLimit, paths.count < pointLimit / 2 else {
            throw .limit("more than \(pointLimit) points", at: document.offset(of: node))
        }
        var path = Drawing.StyledPath(
            style: 0, verbs: Int32(marks.0)..<Int32(outlines.verbs.count), firstPoint: Int32(marks.1), clip: state.clip,
            dash: -1, drawsDots: false, offset: UInt32(truncatingIfNeeded: document.offset(of: node)))
        guard try applyShapeClip(node, state, &path) else {
            miss(.clipped)
            outlines.truncate(verbs: marks.0, points: marks.1)
            return
        }
        if path.clip >= 0 { try spendClipWork(Int(clips[Int(path.clip)].depth), node) }
        let hasBox = box.width > 0 && box.height > 0
        let stroke = strokeInk(node, state, width: strokeWidth, hasBox: hasBox)
        var fill = hasBox && !style.isFillTransparent ? ink(style.fill, state, hasBox: true) : nil
        if stroke == nil, options.outline != .stroked, !outlines.hasArea(from: marks.1) {
            if !style.isFillTransparent, fill != nil || ink(style.fill, state, hasBox: false) != nil {
                note("no-area", "a fill without area is not painted; give the line a stroke", node)
            }
            fill = nil
        }
        if stroke != nil || style.stroke == .missing { notePaint(style.stroke, node) }
        if fill != nil || style.fill == .missing { notePaint(style.fill, node) }
        let keepsArea = options.keepsAreas && fill != nil
        if stroke == nil, fill == nil || (options.outline == .stroked && !keepsArea) {
            miss(fill == nil ? .unpainted : .filled)
            outlines.truncate(verbs: marks.0, points: marks.1)
        } else {
            path.style = styleIndex(stroke: stroke, fill: fill, layer: layer(of: state))
            path.drawsDots = stroke != nil && style.hasRoundOrSquareCaps
            // The box of a marker only hides: its edges are no part of an arrowhead.
            path.isArea = stroke == nil && openMarkers.isEmpty
            if stroke != nil, fill != nil, path.clip >= 0, openMarkers.isEmpty {
                path.fillStyle = styleIndex(stroke: nil, fill: fill, layer: layer(of: state))
            }
            path.fillsEvenOdd = style.fillsEvenOdd
            if stroke != nil, style.dashes >= 0, !options.isSolid { path.dash = addDash(node, state) }
            path.isDrawn = stroke != nil || options.outline != .stroked
            if keepsArea, let fill { path.paint = addPaint(fill, state) }
            paths.append(path)
        }
        try drawMarkers(markerVertices(node, state), node, path.clip, state, strokeWidth: strokeWidth)
    }

    /// The ink of a shape's stroke; nil where it has none, or none that shows.
    private mutating func strokeInk(_ node: Int, _ state: State, width: Double, hasBox: Bool) -> Ink? {
        guard width >= 0, !state.style.isStrokeTransparent, let ink = ink(state.style.stroke, state, hasBox: hasBox)
        else { return nil }
        guard width == 0, !options.drawsHairlines else { return ink }
        note("hairline", "strokes of width 0 are not painted; --hairlines draws them", node)
        return nil
    }

    /// Makes room for long path data before it is read, as far as the memory budget has it.
    private mutating func makeRoom(_ node: Int) throws(SVG.Fault) {
        guard let slice = document.value(document.nodes[node].tag == .path ? .d : .points, of: node) else { return }
        try meter.spend(Int(slice.count) / 4, on: "the path data", at: document.offset(of: node))
        guard slice.count > 4096 else { return }
        let room = SVG.PathReader.room(document.store.cursor(slice))
        let bytes = room.verbs + room.points * MemoryLayout<Point>.stride
        if outlines.points.count + room.points > outlines.points.capacity {
            // Until the copy is done the old buffer is there as well.
            try meter.require(bytes: heldBytes + outlines.heldBytes + bytes, at: document.offset(of: node))
        }
        outlines.reserve(verbs: room.verbs, points: room.points)
    }

    mutating func styleIndex(stroke: Ink?, fill: Ink?, layer: Int32) -> Int32 {
        let style = FlatDrawing.Style(
            layer: Int(layer), stroke: stroke.flatMap(\.colour), fill: fill.flatMap(\.colour), isStroked: stroke != nil)
        // Most shapes look like the one before: comparing is quicker than looking up.
        if let last = lastStyle, styles[Int(last)] == style { return last }
        lastStyle = styleIndex[style]
        if let known = lastStyle { return known }
        styleIndex[style] = Int32(styles.count)
        styles.append(style)
        return Int32(styles.count - 1)
    }

    /// Remembers how an area is painted, for hatching and hidden lines.
    private mutating func addPaint(_ fill: Ink, _ state: State) -> Int32 {
        let shinesThrough =
            state.isTranslucent || state.local.isTranslucent || state.local.isBlended || state.style.isFillTranslucent
            || isSoftlyMasked(state.local)
        let paint = Drawing.AreaPaint(
            style: styleIndex(stroke: nil, fill: fill, layer: layer(of: state)),
            isOpaque: fill.isOpaque && !shinesThrough)
        if let last = paints.last, last == paint { return Int32(paints.count - 1) }
        paints.append(paint)
        return Int32(paints.count - 1)
    }

    // MARK: what is told

    /// A shape without size leaves nothing; who made it may have meant something.
    private mutating func noteMissingSize(_ node: Int) {
        switch document.nodes[node].tag {
        case .circle, .ellipse, .rect:
            note("no-size", "circles, ellipses and rectangles without size are not drawn", node)
        default: break
        }
    }

    /// Tells what of a paint that is drawn a pen cannot do.
    mutating func notePaint(_ paint: SVG.Paint, _ node: Int) {
        switch paint {
        case .unreadable: note("unreadable-paint", "a paint that cannot be read is drawn without a colour", node)
        case .server(let server, _):
            switch (serverInks[Int(server)], document.nodes[Int(server)].tag) {
            case (.nothing?, _), (nil, _): break
            case (_, .pattern): note("pattern", "patterns are not drawn, only the outline of what they fill", node)
            case (_, _): note("gradient", "gradients are drawn in one colour, that of their first stop", node, .info)
            }
        case .missing:
            note("missing-paint", "a paint names nothing in this file and leaves no ink, as in browsers", node)
        case .none, .colour, .current, .contextFill, .contextStroke: break
        }
    }

    // MARK: paint

    /// What a paint leaves on this element; nil = nothing.
    func inkWithoutServers(_ paint: SVG.Paint, _ state: State) -> Ink? {
        switch paint {
        case .none, .missing, .server: nil
        case .unreadable: Ink(colour: nil)
        case .colour(let colour): ink(colour)
        case .current: ink(state.style.color)
        case .contextFill: state.context >= 0 ? contexts[Int(state.context)].fill : nil
        case .contextStroke: state.context >= 0 ? contexts[Int(state.context)].stroke : nil
        }
    }

    private func ink(_ colour: SVG.Colour) -> Ink? {
        colour.isTransparent ? nil : Ink(colour: colour.pen, isOpaque: !colour.isTranslucent)
    }

    mutating func ink(_ paint: SVG.Paint, _ state: State, hasBox: Bool) -> Ink? {
        guard case .server(let node, let fallback) = paint else { return inkWithoutServers(paint, state) }
        switch serverInk(Int(node)) {
        case .ink(let ink): return ink
        case .inkOfBox(let ink) where hasBox: return ink
        case .inkOfBox, .nothing:
            switch fallback {
            case .none: return nil
            case .current: return inkWithoutServers(.current, state)
            case .colour(let colour): return inkWithoutServers(.colour(colour), state)
            }
        }
    }

    /// Remembers what a `use` or a marked shape paints with, for `context-fill` and `context-stroke`.
    mutating func addContext(_ state: State) -> Int32 {
        contexts.append(
            (ink(state.style.fill, state, hasBox: true), ink(state.style.stroke, state, hasBox: true)))
        return Int32(contexts.count - 1)
    }

    private mutating func serverInk(_ node: Int) -> ServerInk {
        if let known = serverInks[node] { return known }
        serverInks[node] = .nothing  // a server that leads back to itself paints nothing
        let chain = serverChain(node)
        let result = document.nodes[node].tag == .pattern ? patternInk(chain) : gradientInk(chain)
        serverInks[node] = result
        return result
    }

    /// A server and those it refers to for what it lacks.
    private func serverChain(_ node: Int) -> [Int] {
        var chain = [node]
        let isPattern = document.nodes[node].tag == .pattern
        while chain.count < 64, let last = chain.last, let next = document.target(of: last), !chain.contains(next),
            document.nodes[next].tag.isPaintServer, (document.nodes[next].tag == .pattern) == isPattern
        {
            chain.append(next)
        }
        return chain
    }

    private func inherited(_ name: SVG.Name, _ chain: [Int]) -> SVG.Slice? {
        for node in chain { if let value = document.value(name, of: node) { return value } }
        return nil
    }

    private func patternInk(_ chain: [Int]) -> ServerInk {
        let hasContent = chain.contains { document.nodes[$0].firstChild >= 0 }
        for name in [SVG.Name.width, .height] {
            guard let value = inherited(name, chain), let length = units.length(document.store.cursor(value)),
                length.resolved(base: 100, fontSize: 16) > 0
            else { return .nothing }
        }
        guard hasContent else { return .nothing }
        let isBox = !isUserSpace(.patternUnits, chain)
        return isBox ? .inkOfBox(Ink(colour: nil)) : .ink(Ink(colour: nil))
    }

    private func isUserSpace(_ name: SVG.Name, _ chain: [Int]) -> Bool {
        inherited(name, chain).map { document.store.equal(document.store.trimmed($0), "userSpaceOnUse") } ?? false
    }

    private mutating func gradientInk(_ chain: [Int]) -> ServerInk {
        var stops: [Int] = []
        for node in chain where stops.isEmpty {
            document.forEachChild(of: node) { if document.nodes[$0].tag == .stop { stops.append($0) } }
        }
        guard let first = stops.first else { return .nothing }
        let colour = stopColour(first)
        let isOpaque = stops.allSatisfy { !stopColour($0).isTranslucent }
        let ink = Ink(colour: colour.pen, isOpaque: isOpaque)
        if stops.count == 1 { return colour.isTransparent ? .nothing : .ink(ink) }
        return isUserSpace(.gradientUnits, chain) ? .ink(ink) : .inkOfBox(ink)
    }

    private mutating func stopColour(_ node: Int) -> SVG.Colour {
        guard let style = try? styleInPlace(node) else { return .black }
        var colour = SVG.Colour.black
        if !style.local.stopColor.isEmpty {
            let cursor = document.store.cursor(style.local.stopColor)
            var word = cursor
            if word.keyword() == "currentcolor" {
                colour = style.inherited.color
            } else if let own = SVG.colour(cursor) {
                colour = own
            }
        }
        colour.isTransparent = colour.isTransparent || style.local.hasTransparentStop
        colour.isTranslucent = colour.isTranslucent || style.local.hasTranslucentStop
        return colour
    }

    /// The style of an element where it stands in the document, however it is reached.
    mutating func styleInPlace(_ node: Int) throws(SVG.Fault) -> (inherited: SVG.Style, local: SVG.LocalStyle) {
        var ancestors: [Int] = []
        var next = Int(document.nodes[node].parent)
        var style = SVG.Style()
        while next >= 0 {
            if let known = stylesInPlace[next] {
                style = known
                break
            }
            ancestors.append(next)
            next = Int(document.nodes[next].parent)
        }
        var local = SVG.LocalStyle()
        for ancestor in ancestors.reversed() {
            try count(at: ancestor)
            (style, local) = try cascade.style(of: ancestor, in: &document, parent: style, parentLocal: local)
        }
        if let parent = ancestors.first { stylesInPlace[parent] = style }
        return try cascade.style(of: node, in: &document, parent: style, parentLocal: local)
    }

    // MARK: dashes

    /// The pattern of an element as it lies on the page; −1 when it comes to a solid line.
    private mutating func addDash(_ node: Int, _ state: State) -> Int32 {
        let (base, size) = (state.viewport.diagonal, state.style.fontSize)
        var lengths = cascade.dashPatterns[Int(state.style.dashes)].map { $0.resolved(base: base, fontSize: size) }
        if lengths.count % 2 == 1 { lengths += lengths }
        let sum = lengths.reduce(0, +)
        let hasGaps = stride(from: 1, to: lengths.count, by: 2).contains { lengths[$0] > 0 }
        guard hasGaps, sum > 0, sum.isFinite, lengths.allSatisfy({ $0 >= 0 }), let metric = state.map.inverse else {
            return -1
        }
        let offset = state.style.dashOffset.resolved(base: base, fontSize: size)
        var pathLength: Double?
        if let cursor = document.cursor(.pathLength, of: node) {
            var cursor = cursor
            cursor.skipSpace()
            pathLength = cursor.number().flatMap { $0 > 0 ? $0 : nil }
        }
        let dash = Drawing.Dash(
            lengths: lengths, offset: offset.isFinite ? offset : 0, metric: metric, pathLength: pathLength,
            drawsDots: state.style.hasRoundOrSquareCaps, offsetInFile: document.offset(of: node))
        if let last = dashes.last, last.isSame(as: dash) { return Int32(dashes.count - 1) }
        dashes.append(dash)
        return Int32(dashes.count - 1)
    }
}

extension SVG.Drawing.Dash {
    /// Equal in all that changes the picture.
    func isSame(as other: Self) -> Bool {
        lengths == other.lengths && offset == other.offset && pathLength == other.pathLength
            && drawsDots == other.drawsDots && metric.a == other.metric.a && metric.b == other.metric.b
            && metric.c == other.metric.c && metric.d == other.metric.d
    }
}

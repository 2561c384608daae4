extension SVG.Renderer {
    /// An element of a text whose characters are being gathered.
    private struct OpenSpan {
        var node: Int
        var state: State
        /// The child met last; −1 = none yet.
        var visited: Int32 = -1
        /// The characters to take next; −1 = none left.
        var run: Int32
        /// Index into the spans of the layout; −1 until the element has characters of its own.
        var span: Int32 = -1
        /// The path that its text runs along; −1 = none.
        var path: Int32
        /// Its first character.
        var first: Int
    }

    /// Draws a `text` element whose own transform and clip are in its state.
    mutating func drawText(_ node: Int, _ state: State) throws(SVG.Fault) {
        var layout = TextLayout()
        var states: [State] = []
        try gather(node, state, into: &layout, &states)
        guard !layout.characters.isEmpty else { return }
        try meter.spend(16 * layout.characters.count, on: "the text", at: document.offset(of: node))
        layout.place()
        try draw(layout, states, of: node)
    }

    /// Gathers the characters of an element and of all in it, with the positions that are given for them.
    private mutating func gather(
        _ node: Int, _ state: State, into layout: inout TextLayout, _ states: inout [State]
    ) throws(SVG.Fault) {
        var open = [OpenSpan(node: node, state: state, run: document.firstRun[Int32(node)] ?? -1, path: -1, first: 0)]
        while let top = open.indices.last {
            if open[top].run >= 0 {
                let run = document.textRuns[Int(open[top].run)]
                if run.after == open[top].visited {
                    open[top].run = run.next
                    try add(run.text, to: &open[top], &layout, &states)
                    continue
                }
            }
            let last = open[top].visited
            let child = last < 0 ? document.nodes[open[top].node].firstChild : document.nodes[Int(last)].next
            if child >= 0 {
                open[top].visited = child
                if let inner = try span(Int(child), inside: open[top], &layout) { open.append(inner) }
                continue
            }
            if open.count == 1 { layout.finish() }
            try applyPositions(open.removeLast(), &layout)
        }
    }

    /// Opens an element inside a text; nil when it is not drawn.
    private mutating func span(
        _ node: Int, inside outer: OpenSpan, _ layout: inout TextLayout
    ) throws(SVG.Fault) -> OpenSpan? {
        try count(at: node)
        let tag = document.nodes[node].tag
        guard tag == .tspan || tag == .a || tag == .textPath, passesTests(node) else { return nil }
        var inner = OpenSpan(
            node: node, state: outer.state, run: document.firstRun[Int32(node)] ?? -1, path: outer.path,
            first: layout.characters.count)
        (inner.state.style, inner.state.local) = try cascade.style(
            of: node, in: &document, parent: outer.state.style, parentLocal: outer.state.local)
        guard inner.state.local.isDisplayed else { return nil }
        if inner.state.local.isTransparent { inner.state.isTransparent = true }
        if tag == .textPath {
            guard let path = try textPath(node, inner.state) else { return nil }
            inner.path = layout.add(path)
            try meter.require(bytes: heldBytes + layout.heldBytes, at: document.offset(of: node))
        }
        return inner
    }

    private mutating func add(
        _ text: SVG.Slice, to open: inout OpenSpan, _ layout: inout TextLayout, _ states: inout [State]
    ) throws(SVG.Fault) {
        if open.span < 0 {
            open.span = Int32(layout.spans.count)
            let style = open.state.style
            layout.spans.append(
                TextLayout.Span(
                    font: try font(of: style.family), size: style.fontSize, style: style.text, path: open.path))
            states.append(open.state)
        }
        let offset = document.offset(of: open.node)
        try meter.spend(8 * Int(text.count), on: "the text", at: offset)
        // A character takes more room than its bytes did.
        let room = layout.characters.count + Int(text.count)
        if room > layout.characters.capacity {
            let bytes = 2 * room * MemoryLayout<TextLayout.Character>.stride
            try meter.require(bytes: heldBytes + layout.heldBytes + bytes, at: offset)
        }
        for scalar in document.store.string(text).unicodeScalars { layout.add(scalar.value, span: open.span) }
    }

    // MARK: positions

    /// Gives the characters of an element what it says of their places; what is nearer to them was there first.
    private mutating func applyPositions(_ closed: OpenSpan, _ layout: inout TextLayout) throws(SVG.Fault) {
        let range = min(closed.first, layout.characters.count)..<layout.characters.count
        guard !range.isEmpty else { return }
        let lists: [(SVG.Name, SVG.Axis, WritableKeyPath<TextLayout.Character, Double>)] = [
            (.x, .x, \.x), (.y, .y, \.y), (.dx, .x, \.dx), (.dy, .y, \.dy),
        ]
        if document.nodes[closed.node].tag != .textPath {
            for (name, axis, member) in lists {
                let values = lengths(name, axis, closed, most: range.count)
                for (i, value) in zip(range, values) where layout.characters[i][keyPath: member].isNaN {
                    layout.characters[i][keyPath: member] = value
                }
            }
            let angles = rotations(closed.node, most: range.count)
            if let last = angles.last {
                try meter.spend(range.count, on: "the text", at: document.offset(of: closed.node))
                for (k, i) in range.enumerated() where layout.characters[i].rotation.isNaN {
                    layout.characters[i].rotation = k < angles.count ? angles[k] : last
                }
            }
        }
        let reader = shapeReader(closed.node, closed.state)
        if let length = reader.length(.textLength, .x), length >= 0 {
            try meter.spend(2 * range.count, on: "the text", at: document.offset(of: closed.node))
            let stretches = document.value(.lengthAdjust, of: closed.node)
                .map { document.store.equal(document.store.trimmed($0), "spacingAndGlyphs") }
            layout.fits.append(.init(range: range, length: length, stretchesGlyphs: stretches ?? false))
        }
    }

    /// A list of lengths, in user units; it ends at what cannot be read.
    private func lengths(_ name: SVG.Name, _ axis: SVG.Axis, _ open: OpenSpan, most: Int) -> [Double] {
        guard var cursor = document.cursor(name, of: open.node) else { return [] }
        var result: [Double] = []
        cursor.skipSpace()
        while !cursor.isAtEnd, result.count < most, let length = units.prefix(&cursor) {
            let value = length.resolved(base: open.state.viewport.base(axis), fontSize: open.state.style.fontSize)
            guard value.isFinite else { break }
            result.append(value)
            cursor.skipSpaceAndComma()
        }
        return result
    }

    private func rotations(_ node: Int, most: Int) -> [Double] {
        guard var cursor = document.cursor(.rotate, of: node) else { return [] }
        var result: [Double] = []
        cursor.skipSpace()
        while !cursor.isAtEnd, result.count < most, let angle = cursor.number() {
            result.append(angle)
            cursor.skipSpaceAndComma()
        }
        return result
    }

    // MARK: paths

    /// The path that a `textPath` names, in user units of the text; nil, and told, when there is none.
    private mutating func textPath(_ node: Int, _ state: State) throws(SVG.Fault) -> TextPath? {
        guard let target = document.target(of: node), document.nodes[target].tag.isShape else {
            note("missing-reference", "text along a path that is not in this file is not drawn", node)
            return nil
        }
        let (style, local) = try styleInPlace(target)
        var own = state
        (own.style, own.local, own.map) = (style, local, .identity)
        if let transform = ownTransform(target, own) { own.map = transform }
        guard own.map.isFinite, own.map.determinant != 0 else { return nil }
        var outline = PathBuffer()
        _ = shapeReader(target, own).read(into: &outline)
        try meter.spend(outline.points.count, on: "the text", at: document.offset(of: node))
        let scale = state.map.singularValues.larger
        guard scale > 0, scale.isFinite else { return nil }
        var path = TextPath(outline, tolerance: options.tolerance / 4 / scale, most: SVG.Limit.textPathPoints)
        try meter.spend(4 * path.count, on: "the text", at: document.offset(of: node))
        if path.isFull {
            throw .limit(
                "text runs along a path of more than \(SVG.Limit.textPathPoints) points", at: document.offset(of: node))
        }
        guard path.isUsable else { return nil }
        let side = document.value(.side, of: node).map { document.store.trimmed($0) }
        if let side, document.store.equal(side, "right") { path.reverse() }
        path.start = startOffset(node, state, along: path, of: target)
        return path
    }

    private func startOffset(_ node: Int, _ state: State, along path: TextPath, of target: Int) -> Double {
        guard let cursor = document.cursor(.startOffset, of: node), let offset = units.length(cursor) else { return 0 }
        var value = offset.resolved(base: path.length, fontSize: state.style.fontSize)
        if case .percent = offset {
        } else if var stated = document.cursor(.pathLength, of: target) {
            stated.skipSpace()
            if let length = stated.number(), length > 0 { value *= path.length / length }
        }
        return value.isFinite ? value : 0
    }
}

extension SVG.Renderer {
    /// What text leaves on paper, and where it stands.
    private struct TextInk {
        var style: Int32
        var isArea: Bool
    }

    /// Draws characters that have their places. Letters that are joined, and all that share a style, are one path.
    mutating func draw(_ layout: TextLayout, _ states: [State], of node: Int) throws(SVG.Fault) {
        let offset = document.offset(of: node)
        var pen = GlyphPen()
        var first = 0
        while first < layout.characters.count {
            let span = layout.characters[first].span
            var end = first
            while end < layout.characters.count, layout.characters[end].span == span { end += 1 }
            let state = states[Int(span)]
            let isOutline = layout.spans[Int(span)].font.isOutline
            let ink = textInk(state, isOutline: isOutline, node)
            if ink != nil || !openBoxes.isEmpty {
                // Outlines may lie over each other: then each is an area of its own.
                for part in isOutline ? (first..<end).map({ $0..<$0 + 1 }) : [first..<end] {
                    try draw(part, of: layout, state, ink, &pen, offset)
                }
            }
            first = end
        }
    }

    private mutating func draw(
        _ range: Range<Int>, of layout: TextLayout, _ state: State, _ ink: TextInk?, _ pen: inout GlyphPen,
        _ offset: Int
    ) throws(SVG.Fault) {
        let marks = (outlines.verbs.count, outlines.points.count)
        pen.lift(&outlines)
        for i in range {
            let before = outlines.points.count
            note(pen.draw(i, of: layout, through: state.map, into: &outlines), i, of: layout, offset)
            try meter.spend(8 + outlines.points.count - before, on: "the text", at: offset)
            if i & 0xFF == 0 { try meter.require(bytes: heldBytes + layout.heldBytes, at: offset) }
            guard outlines.points.count <= pointLimit else {
                throw .limit("more than \(pointLimit) points", at: offset)
            }
        }
        pen.lift(&outlines)
        guard outlines.verbs.count > marks.0 else { return }
        try growOpenBoxes(marks, state)
        guard let ink, !isMeasuring else {
            outlines.truncate(verbs: marks.0, points: marks.1)
            return
        }
        var path = Drawing.StyledPath(
            style: ink.style, verbs: Int32(marks.0)..<Int32(outlines.verbs.count), firstPoint: Int32(marks.1),
            clip: state.clip, dash: -1, drawsDots: false, offset: UInt32(truncatingIfNeeded: offset))
        path.isArea = ink.isArea
        if path.clip >= 0 { try spendClipWork(Int(clips[Int(path.clip)].depth), SVG.Document.root) }
        paths.append(path)
    }

    /// The pen of a span; nil when it leaves nothing. A line is drawn in the colour of the fill, else of the stroke.
    private mutating func textInk(_ state: State, isOutline: Bool, _ node: Int) -> TextInk? {
        let style = state.style
        guard style.isVisible, !state.isTransparent else { return nil }
        let width = style.strokeWidth.resolved(base: state.viewport.diagonal, fontSize: style.fontSize)
        let fill = style.isFillTransparent ? nil : ink(style.fill, state, hasBox: true)
        var stroke = style.isStrokeTransparent || width < 0 ? nil : ink(style.stroke, state, hasBox: true)
        if width == 0, !options.drawsHairlines { stroke = nil }
        guard fill != nil || stroke != nil else { return nil }
        if isOutline, stroke == nil, options.outline == .stroked { return nil }
        notePaint(fill == nil ? style.stroke : style.fill, node)
        let layer = layer(of: state)
        guard isOutline else {
            return TextInk(style: styleIndex(stroke: fill ?? stroke, fill: nil, layer: layer), isArea: false)
        }
        return TextInk(style: styleIndex(stroke: stroke, fill: fill, layer: layer), isArea: stroke == nil)
    }

    // MARK: what a font lacks

    private mutating func note(_ isThere: Bool, _ i: Int, of layout: TextLayout, _ offset: Int) {
        if isThere || isMeasuring { return }
        let c = layout.characters[i]
        fonts.lacks(c.scalar, layout.spans[Int(c.span)].font.name, at: offset)
    }

    /// Names, once, the characters that fonts lack.
    mutating func noteLackingCharacters() {
        for lack in fonts.lacking {
            log.add(.warning, "missing-glyph", lack.sentence, at: lack.offset)
        }
    }
}

/// Draws glyphs one behind the other and joins those that are to be joined.
struct GlyphPen {
    /// Where the last glyph may be joined, on the page; nil = nowhere.
    private var exit: PenFont.Joint?
    /// Strokes that wait until the letters before and behind are drawn: dots and bars.
    private var waiting = PathBuffer()

    /// How far apart letters may stand that are still joined, em.
    private static let reach = 0.6

    /// Ends what is joined.
    mutating func lift(_ buffer: inout PathBuffer) {
        exit = nil
        guard !waiting.verbs.isEmpty else { return }
        buffer.append(waiting, through: .identity)
        waiting = PathBuffer()
    }

    /// Draws one character.
    ///
    /// - Parameter map: from user units to the page.
    /// - Returns: false when the font has no glyph for it.
    mutating func draw(
        _ i: Int, of layout: TextLayout, through map: Transform, into buffer: inout PathBuffer
    ) -> Bool {
        let c = layout.characters[i]
        if c.isSwallowed { return true }
        let span = layout.spans[Int(c.span)]
        let known = span.font.glyph(at: i, of: layout.characters).glyph
        guard let glyph = known, !c.isHidden, span.size > 0 else {
            lift(&buffer)
            return known != nil
        }
        let scale = span.size / span.font.unitsPerEm
        let drop = -span.font.drop(span.style.baseline)
        let own =
            map * .translation(c.x, c.y) * .rotation(degrees: c.rotation)
            * Transform(scale * c.stretch, 0, scale * span.font.slant * c.stretch, -scale, 0, -span.style.shift)
            * .translation(0, drop)
        guard own.isFinite else { return true }
        if glyph.outline.verbs.isEmpty { lift(&buffer) }
        let entry = glyph.entry?.mapped(by: own)
        let most = Self.reach * span.size * map.singularValues.larger
        if let entry, let exit, c.follows, exit.place.distance(to: entry.place) <= most {
            let curve = exit.curve(to: entry)
            buffer.cubic(curve.p1, curve.p2, to: curve.p3)
            add(glyph.outline, through: own, isJoined: true, into: &buffer)
        } else {
            lift(&buffer)
            let lead = glyph.lead?.mapped(by: own)
            if let lead, let entry {
                let curve = lead.curve(to: entry)
                buffer.move(to: lead.place)
                buffer.cubic(curve.p1, curve.p2, to: curve.p3)
            }
            add(glyph.outline, through: own, isJoined: lead != nil && entry != nil, into: &buffer)
        }
        exit = glyph.exit?.mapped(by: own)
        return true
    }

    /// Adds a glyph's first stroke, with which it is joined, and keeps its others for later.
    private mutating func add(
        _ outline: PathBuffer, through own: Transform, isJoined: Bool, into buffer: inout PathBuffer
    ) {
        let second = outline.verbs.dropFirst().firstIndex(of: .move) ?? outline.verbs.count
        buffer.append(outline, verbs: (isJoined ? 1 : 0)..<second, through: own)
        waiting.append(outline, verbs: second..<outline.verbs.count, through: own)
    }
}

extension PenFont.Joint {
    func mapped(by m: Transform) -> Self {
        Self(place: m.apply(place), direction: m.applyLinear(direction))
    }

    /// The line from an exit to an entry: it leaves and arrives along both.
    func curve(to entry: Self) -> CubicBezier {
        let third = place.distance(to: entry.place) * 0.4
        func ahead(_ d: Point, _ k: Double) -> Point {
            let length = Point(0, 0).distance(to: d)
            return length > 0 ? d * (k / length) : Point(0, 0)
        }
        return CubicBezier(
            place, place + ahead(direction, third), entry.place - ahead(entry.direction, third), entry.place)
    }
}

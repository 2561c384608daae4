extension SVG.Renderer {
    /// What the contents of a mask come to.
    enum MaskContent {
        /// Plain shapes of one brightness: the mask clips as a clip path of them would; an index into `sources`.
        case shapes(Int32)
        /// Anything else; it is not applied.
        case other
    }

    /// The element that a style's `mask` names; nil = none.
    func maskNode(_ local: SVG.LocalStyle) -> Int? {
        guard !local.mask.isEmpty else { return nil }
        let node = SVG.Cascade.reference(local.mask, document)
        return node >= 0 && document.nodes[Int(node)].tag == .mask ? Int(node) : nil
    }

    /// Applies the mask of an element where it clips; tells where it does more than that.
    ///
    /// - Returns: false when the element is not drawn because of it.
    mutating func applyMask(_ node: Int, _ state: State, _ clip: inout Int32) throws(SVG.Fault) -> Bool {
        guard let mask = maskNode(state.local), !isMeasuring else {
            if !state.local.mask.isEmpty {
                note("mask", "a mask that is no mask element of this file is not applied; all behind it is drawn", node)
            }
            return true
        }
        guard case .shapes(let source) = try maskContent(mask) else {
            note(
                "mask",
                "a mask that is more than plain shapes of one brightness is not applied; all behind it is drawn",
                node)
            return true
        }
        let area = try maskArea(mask, node, state)
        if let box = area.box {
            guard box.width > 0, box.height > 0 else { return false }
            var own = state
            own.clip = clip
            addBoxClip(box, &own)
            clip = own.clip
        }
        var map = state.map
        if let box = area.content {
            guard box.width > 0, box.height > 0 else { return false }
            map = map * Transform(box.width, 0, 0, box.height, box.minX, box.minY)
        }
        let before = regions.count
        addClip(region(source: source, map: map, within: -1), &clip)
        if regions.count > before { try spendClipWork(8 + sources[Int(source)].points, mask) }
        return true
    }

    /// Whether an element has a mask that is not applied: it may let what lies under it shine through.
    func isSoftlyMasked(_ local: SVG.LocalStyle) -> Bool {
        guard let mask = maskNode(local), case .other? = maskContents[mask] else { return false }
        return true
    }

    /// The rectangle that a mask has, nil where it cuts nothing off, and the box that its contents are measured in, nil =
    /// user space.
    private mutating func maskArea(
        _ mask: Int, _ node: Int, _ state: State
    ) throws(SVG.Fault) -> (box: Box?, content: Box?) {
        func isUserSpace(_ name: SVG.Name, default standard: Bool) -> Bool {
            guard let value = document.value(name, of: mask) else { return standard }
            return document.store.equal(document.store.trimmed(value), "userSpaceOnUse")
        }
        let isInUserSpace = isUserSpace(.maskUnits, default: false)
        let contentInUserSpace = isUserSpace(.maskContentUnits, default: true)
        let sides = [SVG.Name.x, .y, .width, .height]
        let isGiven = sides.contains { document.value($0, of: mask) != nil }
        let content = contentInUserSpace ? nil : try measuredBox(of: node, state)
        // Without sides of its own a mask reaches a tenth beyond the box of what it masks, and cuts none of it.
        guard isInUserSpace || isGiven else { return (nil, content) }
        var box: Box?
        if !isInUserSpace { if let content { box = content } else { box = try measuredBox(of: node, state) } }
        let viewport = box.map { _ in SVG.Viewport(width: 1, height: 1) } ?? state.viewport
        var own = state
        own.viewport = viewport
        let reader = shapeReader(mask, own)
        let x = reader.length(.x, .x) ?? -0.1 * viewport.width
        let y = reader.length(.y, .y) ?? -0.1 * viewport.height
        let width = reader.length(.width, .x) ?? 1.2 * viewport.width
        let height = reader.length(.height, .y) ?? 1.2 * viewport.height
        var result = Box(minX: x, minY: y, maxX: x + width, maxY: y + height)
        if let box {
            result = Box(
                minX: box.minX + x * box.width, minY: box.minY + y * box.height,
                maxX: box.minX + (x + width) * box.width, maxY: box.minY + (y + height) * box.height)
        }
        return (result, content)
    }

    // MARK: contents

    private mutating func maskContent(_ mask: Int) throws(SVG.Fault) -> MaskContent {
        if let known = maskContents[mask] { return known }
        maskContents[mask] = .other  // a mask that leads back to itself
        let (style, local) = try styleInPlace(mask)
        var content = MaskContent.other
        if local.mask.isEmpty, local.clipPath.isEmpty, !local.isTranslucent,
            let source = try plainShapes(mask, style, local)
        {
            content = .shapes(Int32(sources.count))
            if sources.isEmpty {
                addUnitSquare()
                content = .shapes(1)
            }
            sources.append(source)
        }
        maskContents[mask] = content
        return content
    }

    /// Elements around a shape of a mask, copies by `use` counted, beyond which it is not plain.
    private static let mostMaskDepth = 64

    /// The shapes of a mask in its own space; nil when they are not plain, or differ in brightness.
    private mutating func plainShapes(
        _ mask: Int, _ style: SVG.Style, _ local: SVG.LocalStyle
    ) throws(SVG.Fault) -> Drawing.ClipSource? {
        var source = Drawing.ClipSource()
        var brightness: Double?
        var state = State()
        (state.style, state.local) = (style, local)
        state.viewport = frames.last?.state.viewport ?? state.viewport
        var open = [(next: document.nodes[mask].firstChild, state: state, isSingle: false)]
        while let top = open.last {
            guard top.next >= 0 else {
                open.removeLast()
                continue
            }
            let node = Int(top.next)
            open[open.count - 1].next = top.isSingle ? -1 : document.nodes[node].next
            try count(at: node)
            let tag = document.nodes[node].tag
            guard tag.isShape || tag == .g || tag == .a || tag == .use else {
                switch tag {
                case .svg, .switch, .text, .image, .foreignObject: return nil
                default: continue
                }
            }
            var own = top.state
            (own.style, own.local) = try cascade.style(
                of: node, in: &document, parent: top.state.style, parentLocal: top.state.local)
            guard own.local.isDisplayed, passesTests(node) else { continue }
            guard own.local.mask.isEmpty, own.local.clipPath.isEmpty, !own.local.isTranslucent else { return nil }
            guard try applyTransform(node, &own), !own.local.isTransparent else { continue }
            if tag == .use {
                // What leads back to itself ends at this depth.
                guard open.count < Self.mostMaskDepth else { return nil }
                if let target = document.target(of: node) {
                    let reader = shapeReader(node, own)
                    own.map = own.map * .translation(reader.length(.x, .x) ?? 0, reader.length(.y, .y) ?? 0)
                    open.append((Int32(target), own, true))
                }
                continue
            }
            guard tag.isShape else {
                open.append((document.nodes[node].firstChild, own, false))
                continue
            }
            guard own.style.isVisible else { continue }
            guard let shows = plainBrightness(own, isAlpha: local.masksByAlpha) else { return nil }
            guard shows >= 0 else { continue }
            // Black over what shows takes it away; of two brightnesses beside it no pen can tell.
            if shows > 0 {
                if let brightness, (brightness - shows).magnitude > 0.02 { return nil }
                brightness = shows
            }
            if shows > 0 || !source.shapes.isEmpty { try addMaskShape(node, own, hides: shows == 0, &source) }
        }
        return source
    }

    /// How bright a shape of a mask is, 0…1; −1 when it paints nothing, nil when it is not plain.
    private func plainBrightness(_ state: State, isAlpha: Bool) -> Double? {
        let style = state.style
        let width = style.strokeWidth.resolved(base: state.viewport.diagonal, fontSize: style.fontSize)
        if style.stroke != .none, style.stroke != .missing, !style.isStrokeTransparent, width > 0 { return nil }
        if style.isFillTransparent { return -1 }
        let colour: SVG.Colour
        switch style.fill {
        case .none, .missing: return -1
        case .colour(let own): colour = own
        case .current: colour = style.color
        case .server, .contextFill, .contextStroke, .unreadable: return nil
        }
        if colour.isTransparent { return -1 }
        if style.isFillTranslucent { return nil }
        let c = colour.srgb
        return isAlpha ? 1 : 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z
    }

    private mutating func addMaskShape(
        _ node: Int, _ state: State, hides: Bool, _ source: inout Drawing.ClipSource
    ) throws(SVG.Fault) {
        let marks = (clipOutlines.verbs.count, clipOutlines.points.count)
        _ = shapeReader(node, state).read(into: &clipOutlines)
        guard clipOutlines.verbs.count > marks.0 else { return }
        guard clipOutlines.points.count <= pointLimit else {
            throw .limit("more than \(pointLimit) points", at: document.offset(of: node))
        }
        source.shapes.append(
            Drawing.ClipSource.Shape(
                verbs: marks.0..<clipOutlines.verbs.count, firstPoint: marks.1, isEvenOdd: state.style.fillsEvenOdd,
                within: -1, withinMap: .identity, hides: hides))
        source.points += clipOutlines.points.count - marks.1
    }
}

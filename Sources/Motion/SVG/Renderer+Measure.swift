extension SVG.Renderer {
    /// The box of an element's geometry in its own user space, before its transform; of a group, of all it shows.
    ///
    /// That of a `use` is measured behind its `x` and `y`. Strokes, clips, masks and markers do not count. Nothing is drawn.
    mutating func measuredBox(of node: Int, _ state: State) throws(SVG.Fault) -> Box {
        var own = state
        own.map = .identity
        if document.nodes[node].tag.isShape {
            var outline = PathBuffer()
            _ = shapeReader(node, own).read(into: &outline)
            return outline.bounds(verbs: 0..<outline.verbs.count, points: 0, through: .identity)
        }
        let wasMeasuring = isMeasuring
        let outer = openBoxes
        isMeasuring = true
        openBoxes = [OpenBox(inverse: .identity)]
        defer {
            isMeasuring = wasMeasuring
            openBoxes = outer
        }
        let base = frames.count
        try enter(node, Frame(node: Int32(node), next: document.nodes[node].firstChild, state: own), use: -1)
        try walk(above: base)
        return openBoxes.first?.box ?? Box()
    }

    /// The box that `transform` and its origin refer to; nil = the viewport.
    func needsBox(_ local: SVG.LocalStyle) -> Bool {
        local.transformBox != .view && (!local.transform.isEmpty || local.geometry >= 0)
    }

    /// The box that `transform-box` names, in user units.
    mutating func transformBox(of node: Int, _ state: State) throws(SVG.Fault) -> Box {
        var box = try measuredBox(of: node, state)
        if box.isEmpty { return Box(minX: 0, minY: 0, maxX: 0, maxY: 0) }
        // As Chromium has it, the box of what stands in a viewport of its own is seen from that viewport's corner.
        if document.nodes[node].tag == .svg {
            let corner = useOffset(node, state).apply(Point(0, 0))
            box = Box(minimum: box.minimum - corner, maximum: box.maximum - corner)
        }
        if state.local.transformBox == .stroke, state.style.stroke != .none, state.style.stroke != .missing {
            let width = state.style.strokeWidth.resolved(base: state.viewport.diagonal, fontSize: state.style.fontSize)
            if width > 0 { box = box.expanded(by: width / 2) }
        }
        return box
    }
}

extension SVG.Renderer {
    /// What makes two clips the same region of the page.
    struct RegionKey: Hashable {
        var source: Int32
        var map: Transform
        var within: Int32
    }

    private static let unitSquare = 0

    /// Cuts with a rectangle of user space.
    mutating func addBoxClip(_ box: Box, _ state: inout State) {
        if sources.isEmpty { addUnitSquare() }
        let map = state.map * Transform(box.width, 0, 0, box.height, box.minX, box.minY)
        addClip(region(source: Int32(Self.unitSquare), map: map, within: -1), &state.clip)
    }

    /// Source 0 is always the unit square, which all viewports share.
    mutating func addUnitSquare() {
        var source = Drawing.ClipSource()
        source.shapes.append(
            Drawing.ClipSource.Shape(
                verbs: clipOutlines.verbs.count..<clipOutlines.verbs.count + 5, firstPoint: clipOutlines.points.count,
                isEvenOdd: false, within: -1, withinMap: .identity))
        source.points = 4
        clipOutlines.move(to: Point(0, 0))
        clipOutlines.line(to: Point(1, 0))
        clipOutlines.line(to: Point(1, 1))
        clipOutlines.line(to: Point(0, 1))
        clipOutlines.close()
        sources.append(source)
    }

    mutating func region(source: Int32, map: Transform, within: Int32) -> Int32 {
        let key = RegionKey(source: source, map: map, within: within)
        if let known = regionIndex[key] { return known }
        regionIndex[key] = Int32(regions.count)
        regions.append(Drawing.Region(source: source, map: map, within: within))
        return Int32(regions.count - 1)
    }

    mutating func addClip(_ region: Int32, _ clip: inout Int32) {
        if let last = clips.last, last.outer == clip, last.region == region {
            clip = Int32(clips.count - 1)
            return
        }
        let depth = clip >= 0 ? clips[Int(clip)].depth : 0
        clips.append(Drawing.Clip(outer: clip, region: region, depth: depth + 1))
        clip = Int32(clips.count - 1)
    }

    // MARK: clip-path

    /// The `clipPath` element that a style names; nil = no clip.
    private func clipPathNode(_ local: SVG.LocalStyle) -> Int? {
        guard !local.clipPath.isEmpty else { return nil }
        let node = SVG.Cascade.reference(local.clipPath, document)
        return node >= 0 && document.nodes[Int(node)].tag == .clipPath ? Int(node) : nil
    }

    private func isBoxUnits(_ clipPath: Int) -> Bool {
        document.value(.clipPathUnits, of: clipPath)
            .map { document.store.equal(document.store.trimmed($0), "objectBoundingBox") } ?? false
    }

    /// Applies a group's `clip-path`; false when the group is not drawn because of it.
    mutating func applyClip(_ node: Int, _ frame: inout Frame) throws(SVG.Fault) -> Bool {
        if isMeasuring { return true }
        guard try applyMask(node, frame.state, &frame.state.clip) else { return false }
        guard let clipPath = clipPathNode(frame.state.local) else {
            guard let function = clipFunction(frame.state.local) else {
                noteClipUnread(node, frame.state.local)
                return true
            }
            return openRegion(-1, addsStroke: function.reference == .stroke, &frame)
        }
        guard try isSound(clipPath) else { return false }
        if try needsBox(clipPath) {
            return openRegion(Int32(clipPath), addsStroke: false, &frame)
        }
        guard let region = try clipRegion(clipPath, frame.state, box: nil) else { return false }
        addClip(region, &frame.state.clip)
        return true
    }

    /// The box of a group is known when its children are; until then its region is a place to be filled.
    private mutating func openRegion(_ clipPath: Int32, addsStroke: Bool, _ frame: inout Frame) -> Bool {
        frame.openRegion = Int32(regions.count)
        frame.clipNode = clipPath
        regions.append(Drawing.Region(source: -1, map: .identity, within: -1))
        addClip(frame.openRegion, &frame.state.clip)
        guard let inverse = frame.state.map.inverse else { return false }
        pendingBox = OpenBox(inverse: inverse, addsStroke: addsStroke)
        return true
    }

    /// A box that grows with every shape of a group, seen from the group's own space.
    struct OpenBox {
        var inverse: Transform
        /// Strokes count.
        var addsStroke = false
        var box = Box()
    }

    /// Counts the segments just added for all groups whose box is wanted.
    mutating func growOpenBoxes(_ marks: (Int, Int), _ state: State) throws(SVG.Fault) {
        for k in openBoxes.indices {
            try spendClipWork(outlines.verbs.count - marks.0, SVG.Document.root)
            let inverse = openBoxes[k].inverse
            var box = outlines.bounds(verbs: marks.0..<outlines.verbs.count, points: marks.1, through: inverse)
            if openBoxes[k].addsStroke {
                let scale = (inverse * state.map).determinant.magnitude.squareRoot()
                box = Self.widened(box, by: halfStroke(state) * scale, hasCaps: state.style.hasRoundOrSquareCaps)
            }
            openBoxes[k].box.include(box)
        }
    }

    /// Fills the place that `applyClip` left.
    mutating func closeRegion(_ frame: Frame) throws(SVG.Fault) {
        guard let box = openBoxes.popLast()?.box else { return }
        if frame.clipNode < 0 {
            guard let function = clipFunction(frame.state.local), !box.isEmpty else { return }
            guard let region = try clipRegion(function, Int(frame.node), frame.state, box: box) else { return }
            regions[Int(frame.openRegion)] = regions[Int(region)]
            return
        }
        guard let region = try clipRegion(Int(frame.clipNode), frame.state, box: box) else { return }
        regions[Int(frame.openRegion)] = regions[Int(region)]
    }

    /// Applies a shape's own `clip-path`; false when the shape is not drawn because of it.
    mutating func applyShapeClip(
        _ node: Int, _ state: State, _ path: inout Drawing.StyledPath
    ) throws(SVG.Fault) -> Bool {
        guard try applyMask(node, state, &path.clip) else { return false }
        guard let clipPath = clipPathNode(state.local) else {
            try applyShapeFunction(node, state, &path)
            return true
        }
        guard try isSound(clipPath) else { return false }
        var box: Box?
        if try needsBox(clipPath), let inverse = state.map.inverse {
            box = outlines.bounds(
                verbs: Int(path.verbs.lowerBound)..<Int(path.verbs.upperBound), points: Int(path.firstPoint),
                through: inverse)
        }
        guard let region = try clipRegion(clipPath, state, box: box) else { return false }
        addClip(region, &path.clip)
        return true
    }

    /// Applies a `clip-path` that is a function.
    private mutating func applyShapeFunction(
        _ node: Int, _ state: State, _ path: inout Drawing.StyledPath
    ) throws(SVG.Fault) {
        guard let function = clipFunction(state.local), let inverse = state.map.inverse else {
            return noteClipUnread(node, state.local)
        }
        var box = outlines.bounds(
            verbs: Int(path.verbs.lowerBound)..<Int(path.verbs.upperBound), points: Int(path.firstPoint),
            through: inverse)
        if function.reference == .stroke {
            box = Self.widened(box, by: halfStroke(state), hasCaps: state.style.hasRoundOrSquareCaps)
        }
        guard let region = try clipRegion(function, node, state, box: box) else {
            return noteClipUnread(node, state.local)
        }
        addClip(region, &path.clip)
    }

    mutating func spendClipWork(_ work: Int, _ node: Int) throws(SVG.Fault) {
        clipWork += work
        guard clipWork <= 20_000_000 else {
            throw .limit("the clip paths cost too much", at: document.offset(of: node))
        }
    }

    /// Whether the box of the clipped element matters, directly or through a clip of the clip.
    private mutating func needsBox(_ clipPath: Int) throws(SVG.Fault) -> Bool {
        var next: Int? = clipPath
        var steps = 0
        while let node = next, steps < SVG.Limit.nesting {
            if isBoxUnits(node) { return true }
            next = clipPathNode(try styleInPlace(node).local)
            steps += 1
        }
        return false
    }

    /// False when the clip path leads back to itself, by its own `clip-path` or a child's.
    private mutating func isSound(_ clipPath: Int) throws(SVG.Fault) -> Bool {
        _ = try source(of: clipPath)
        return !unsoundClipPaths.contains(clipPath)
    }

    /// The region that a clip path covers for an element; nil when the element is not to be drawn at all.
    private mutating func clipRegion(_ clipPath: Int, _ state: State, box: Box?) throws(SVG.Fault) -> Int32? {
        let (style, local) = try styleInPlace(clipPath)
        var clipState = state
        clipState.style = style
        clipState.local = local
        var map = state.map
        if let own = ownTransform(clipPath, clipState) { map = map * own }
        guard map.isFinite, map.determinant != 0 else { return nil }
        var within: Int32 = -1
        if let outer = clipPathNode(local) {
            clipState.map = map
            guard let region = try clipRegion(outer, clipState, box: box) else { return nil }
            within = region
        }
        if isBoxUnits(clipPath) {
            guard let box, box.width > 0, box.height > 0 else { return nil }
            map = map * Transform(box.width, 0, 0, box.height, box.minX, box.minY)
        }
        let source = try source(of: clipPath)
        let before = regions.count
        let result = region(source: source, map: map, within: within)
        if regions.count > before { try spendClipWork(8 + sources[Int(source)].points, clipPath) }
        return result
    }

    /// The shapes of a clip path in its own space, gathered once.
    private mutating func source(of clipPath: Int) throws(SVG.Fault) -> Int32 {
        if let known = clipSourceOf[clipPath] { return known }
        if sources.isEmpty { addUnitSquare() }
        guard openClipPaths.count < SVG.Limit.nesting, openClipPaths.insert(clipPath).inserted else {
            unsoundClipPaths.formUnion(openClipPaths)
            unsoundClipPaths.insert(clipPath)
            return -1
        }
        defer { openClipPaths.remove(clipPath) }
        let (style, local) = try styleInPlace(clipPath)
        if let outer = clipPathNode(local) { _ = try self.source(of: outer) }
        var source = Drawing.ClipSource()
        if passesTests(clipPath) {
            var state = State()
            state.style = style
            state.local = local
            state.viewport = frames.last?.state.viewport ?? state.viewport
            var child = document.nodes[clipPath].firstChild
            while child >= 0 {
                try addClipChild(Int(child), state, &source)
                child = document.nodes[Int(child)].next
            }
        }
        let index = Int32(sources.count)
        sources.append(source)
        clipSourceOf[clipPath] = index
        return index
    }

    /// As `source`, with the shapes cut by the clip path's own `clip-path`: for a clip of a clip's child, which is no
    /// region of its own.
    private mutating func cutSource(of clipPath: Int) throws(SVG.Fault) -> Int32 {
        let plain = try source(of: clipPath)
        if let known = cutSourceOf[clipPath] { return known }
        let (style, local) = try styleInPlace(clipPath)
        guard plain >= 0, let outer = clipPathNode(local), !isBoxUnits(outer), !unsoundClipPaths.contains(outer) else {
            return plain
        }
        cutSourceOf[clipPath] = plain  // should it lead back to itself
        let within = try cutSource(of: outer)
        var state = State()
        (state.style, state.local) = (style, local)
        let map = try transform(ofClipPath: outer, state)
        var source = sources[Int(plain)]
        for i in source.shapes.indices where source.shapes[i].within < 0 {
            (source.shapes[i].within, source.shapes[i].withinMap) = (within, map)
        }
        sources.append(source)
        cutSourceOf[clipPath] = Int32(sources.count - 1)
        return Int32(sources.count - 1)
    }

    /// A child that is a shape, or a `use` of one.
    private mutating func addClipChild(
        _ node: Int, _ parent: State, _ source: inout Drawing.ClipSource
    ) throws(SVG.Fault) {
        try count(at: node)
        let tag = document.nodes[node].tag
        guard tag.isShape || tag == .use, passesTests(node) else {
            switch tag {
            case .text:
                note("unsupported-element", "text in a clipPath does not clip; all behind it is drawn", node)
                addEverything(parent.viewport, &source)
            case .g, .a, .svg, .switch:
                note("clip-group", "groups in a clipPath do not count, as in browsers; only shapes do", node)
            default: break
            }
            return
        }
        var state = parent
        (state.style, state.local) = try cascade.style(
            of: node, in: &document, parent: parent.style, parentLocal: parent.local)
        guard state.local.isDisplayed, try applyTransform(node, &state) else { return }
        var within: Int32 = -1
        var withinMap = Transform.identity
        if let clipPath = clipPathNode(state.local), tag == .use {
            within = try cutSource(of: clipPath)
            withinMap = state.map * (try transform(ofClipPath: clipPath, state))
        }
        guard tag == .use else {
            try addClipShape(node, state, within, withinMap, &source)
            return
        }
        guard let target = document.target(of: node), document.nodes[target].tag.isShape, passesTests(target) else {
            return
        }
        let reader = shapeReader(node, state)
        state.map = state.map * .translation(reader.length(.x, .x) ?? 0, reader.length(.y, .y) ?? 0)
        let used = state
        (state.style, state.local) = try cascade.style(
            of: target, in: &document, parent: used.style, parentLocal: used.local)
        guard state.local.isDisplayed, try applyTransform(target, &state) else { return }
        try addClipShape(target, state, within, withinMap, &source)
    }

    /// A shape so large that it cuts nothing.
    private mutating func addEverything(_ viewport: SVG.Viewport, _ source: inout Drawing.ClipSource) {
        let reach = 1e4 * max(viewport.width, viewport.height, 1)
        let marks = (clipOutlines.verbs.count, clipOutlines.points.count)
        clipOutlines.move(to: Point(-reach, -reach))
        for (x, y) in [(reach, -reach), (reach, reach), (-reach, reach)] { clipOutlines.line(to: Point(x, y)) }
        clipOutlines.close()
        source.points += 4
        source.shapes.append(
            Drawing.ClipSource.Shape(
                verbs: marks.0..<clipOutlines.verbs.count, firstPoint: marks.1, isEvenOdd: false, within: -1,
                withinMap: .identity))
    }

    /// The own `transform` of a clip path that cuts a child of another.
    private mutating func transform(ofClipPath clipPath: Int, _ state: State) throws(SVG.Fault) -> Transform {
        var own = state
        (own.style, own.local) = try styleInPlace(clipPath)
        return ownTransform(clipPath, own) ?? .identity
    }

    private mutating func addClipShape(
        _ node: Int, _ state: State, _ within: Int32, _ withinMap: Transform, _ source: inout Drawing.ClipSource
    ) throws(SVG.Fault) {
        guard state.style.isVisible else { return }
        let marks = (clipOutlines.verbs.count, clipOutlines.points.count)
        _ = shapeReader(node, state).read(into: &clipOutlines)
        guard clipOutlines.verbs.count > marks.0, clipOutlines.points.count <= pointLimit else { return }
        var shape = Drawing.ClipSource.Shape(
            verbs: marks.0..<clipOutlines.verbs.count, firstPoint: marks.1, isEvenOdd: state.style.clipsEvenOdd,
            within: within, withinMap: withinMap)
        if let clipPath = clipPathNode(state.local) {
            shape.within = try cutSource(of: clipPath)
            shape.withinMap = state.map * (try transform(ofClipPath: clipPath, state))
            if isBoxUnits(clipPath), let inverse = state.map.inverse {
                let box = clipOutlines.bounds(verbs: shape.verbs, points: marks.1, through: inverse)
                shape.withinMap =
                    shape.withinMap * Transform(box.width, 0, 0, box.height, box.minX, box.minY)
            }
            if unsoundClipPaths.contains(clipPath) { unsoundClipPaths.formUnion(openClipPaths) }
        }
        source.points += clipOutlines.points.count - marks.1
        source.shapes.append(shape)
    }
}

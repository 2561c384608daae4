extension SVG.Renderer {
    /// What makes two basic shapes the same outline.
    struct FunctionKey: Hashable {
        var text: SVG.Slice
        var box: Box
        var fontSize: Double
    }

    /// The basic shape that a style clips with; nil where there is none, or it cannot be read.
    ///
    /// Each value is looked through once, however many elements have it.
    mutating func clipFunction(_ local: SVG.LocalStyle) -> SVG.ClipFunction? {
        guard !local.clipPath.isEmpty else { return nil }
        if let known = clipFunctions[local.clipPath] { return known }
        let value = document.store.cursor(local.clipPath)
        var function = SVG.ClipFunction(value)
        let square = Box(minX: 0, minY: 0, maxX: 1, maxY: 1)
        if function?.outline(value, in: square, units: units, fontSize: 16) == nil { function = nil }
        clipFunctions[local.clipPath] = .some(function)
        return function
    }

    /// Tells of a clip that cannot be read, or that names nothing.
    mutating func noteClipUnread(_ node: Int, _ local: SVG.LocalStyle) {
        guard !local.clipPath.isEmpty else { return }
        var word = document.store.cursor(local.clipPath)
        switch word.keyword() {
        case "none" where word.isAtEnd: break
        case "url": note("clip-missing", "a clip-path names no clipPath; all behind it is drawn", node)
        default: note("clip-function", "a clip-path that cannot be read is not applied; all behind it is drawn", node)
        }
    }

    /// The region of a basic shape for an element; nil when the function cannot be read.
    ///
    /// - Parameter box: of the element's geometry in its user space, strokes counted where the function wants them.
    mutating func clipRegion(
        _ function: SVG.ClipFunction, _ node: Int, _ state: State, box: Box
    ) throws(SVG.Fault) -> Int32? {
        let reference = function.reference == .view ? viewBox(state) : box
        let key = FunctionKey(text: state.local.clipPath, box: reference, fontSize: state.style.fontSize)
        if let known = functionSources[key] { return region(source: known, map: state.map, within: -1) }
        let value = document.store.cursor(state.local.clipPath)
        try meter.spend(Int(state.local.clipPath.count), on: "the clip paths", at: document.offset(of: node))
        guard
            let (path, isEvenOdd) = function.outline(
                value, in: reference, units: units, fontSize: state.style.fontSize)
        else { return nil }
        if sources.isEmpty { addUnitSquare() }
        let marks = (clipOutlines.verbs.count, clipOutlines.points.count)
        clipOutlines.append(path)
        guard clipOutlines.points.count <= pointLimit else {
            throw .limit("more than \(pointLimit) points", at: document.offset(of: node))
        }
        var source = Drawing.ClipSource()
        source.points = path.points.count
        if !path.verbs.isEmpty {
            source.shapes.append(
                Drawing.ClipSource.Shape(
                    verbs: marks.0..<clipOutlines.verbs.count, firstPoint: marks.1, isEvenOdd: isEvenOdd, within: -1,
                    withinMap: .identity))
        }
        sources.append(source)
        functionSources[key] = Int32(sources.count - 1)
        try spendClipWork(8 + source.points, node)
        return region(source: Int32(sources.count - 1), map: state.map, within: -1)
    }

    /// The viewport that is nearest, as its `viewBox` has it.
    private func viewBox(_ state: State) -> Box {
        var corner = Point(0, 0)
        if let frame = frames.last(where: { document.nodes[Int($0.node)].tag == .svg }),
            let box = document.viewBox(of: Int(frame.node))
        {
            corner = Point(box.x, box.y)
        }
        return Box(minimum: corner, maximum: corner + Point(state.viewport.width, state.viewport.height))
    }

    /// Half the width of a shape's stroke in its user units; 0 where it has none.
    func halfStroke(_ state: State) -> Double {
        let style = state.style
        guard style.stroke != .none, style.stroke != .missing else { return 0 }
        let width = style.strokeWidth.resolved(base: state.viewport.diagonal, fontSize: style.fontSize)
        return width > 0 && width.isFinite ? width / 2 : 0
    }

    /// A box and the stroke round it. A level line without caps has none at its ends.
    static func widened(_ box: Box, by half: Double, hasCaps: Bool) -> Box {
        guard half > 0, !box.isEmpty else { return box }
        let x = box.height > 0 || box.width == 0 || hasCaps ? half : 0
        let y = box.width > 0 || box.height == 0 || hasCaps ? half : 0
        return Box(minX: box.minX - x, minY: box.minY - y, maxX: box.maxX + x, maxY: box.maxY + y)
    }
}

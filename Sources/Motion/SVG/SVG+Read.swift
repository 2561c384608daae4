extension SVG {
    /// Reads a drawing: every visible outline, on the page in mm, with its pen.
    ///
    /// Never reads anything but the bytes; refuses what is not well-formed and what passes a bound.
    ///
    /// - Parameters:
    ///   - bytes: an SVG document, or one compressed by gzip.
    ///   - options: `dpi`, `outline`, `isSolid`, `pageNumber`, `text`, `tolerance`, `hatch` and `hidesLines` count here.
    ///   - budget: what it may cost; passed on to flattening.
    ///   - isCancelled: asked every few milliseconds; once it says yes, `.cancelled` is thrown.
    public static func read(
        _ bytes: [UInt8], options: PlotOptions, budget: DrawingBudget = .standard,
        isCancelled: @escaping () -> Bool = { false }
    ) throws(ParseError) -> Drawing {
        let meter = Meter(budget, isCancelled: isCancelled)
        var text = DecodedText(bytes: bytes, encoding: .utf8, markLength: 0)
        do throws(Fault) {
            if bytes.count > Limit.bytes { throw .limit("the file is larger than 256 MB", at: 0) }
            if !bytes.contains(where: { !$0.isSpace }) { throw Fault(offset: 0, reason: .empty) }
            text = try decoded(isCompressed(bytes) ? inflated(bytes, meter) : bytes)
            return try drawing(text, options: options, meter)
        } catch {
            throw ParseError(error, in: text)
        }
    }

    private static func drawing(
        _ text: DecodedText, options: PlotOptions, _ meter: Meter
    ) throws(Fault) -> Drawing {
        let document = try Document(parsing: text.bytes, keepsText: options.text != nil, meter)
        var renderer = try Renderer(document, options: options, meter)
        let page = try renderer.render()
        renderer.noteLackingCharacters()
        // The tree is not needed any more; what follows is as large as it was.
        var drawing = Drawing(
            page: page, layers: renderer.layers, styles: renderer.styles, outlines: renderer.outlines,
            paths: renderer.paths, clips: renderer.clips, regions: renderer.regions, sources: renderer.sources,
            clipOutlines: renderer.clipOutlines, dashes: renderer.dashes, diagnostics: renderer.log.finished(text),
            budget: meter.budget, steps: meter.steps, paperColours: renderer.paperColours, paints: renderer.paints,
            text: text)
        drawing.unseen = renderer.unseenReasons
        return drawing
    }
}

extension SVG.Renderer {
    private static let root = SVG.Document.root

    /// Draws the whole document; gives the page in mm.
    mutating func render() throws(SVG.Fault) -> Size {
        let root = Self.root
        var state = State()
        (state.style, state.local) = try cascade.style(
            of: root, in: &document, parent: SVG.Style(), parentLocal: SVG.LocalStyle())
        units.rootFontSize = state.style.fontSize
        let box = document.viewBox(of: root)
        if box == nil, document.value(.viewBox, of: root) != nil {
            note("invalid-view-box", "the viewBox is not four numbers and does not count", root)
        }
        let (width, height) = (try rootLength(.width, state), try rootLength(.height, state))
        let size = pageSize(width, height, box)
        setRelativeUnits(size, state)
        let millimetres = 25.4 / options.dpi
        noteResolution(size)
        noteSkippedRules()
        state.viewport = SVG.Viewport(width: size.width ?? 100, height: size.height ?? 100)
        state.map = .scaling(millimetres, millimetres)
        let isEmpty = size.width == 0 || size.height == 0 || box?.isEmpty ?? false
        if let number = options.pageNumber, !isEmpty, let part = try documentPage(number, state, box) {
            state.map = .translation(-part.minX, -part.minY) * state.map
            if state.local.isDisplayed, try applyTransform(root, &state) { try draw(root, state, box) }
            _ = try cutAtReach()
            return part.size
        }
        if !isEmpty, state.local.isDisplayed, try applyTransform(root, &state) {
            try draw(root, state, box)
        }
        isPageEmpty = isEmpty || !state.local.isDisplayed
        let whole = try cutAtReach()
        return page(size, millimetres, whole)
    }

    /// From here on `rem`, `vw` and their kin are known.
    private mutating func setRelativeUnits(_ size: (width: Double?, height: Double?), _ state: State) {
        units.rootFontSize = state.style.fontSize
        units.view = SVG.Viewport(width: size.width ?? 100, height: size.height ?? 100)
        cascade.units = units
    }

    private mutating func draw(_ root: Int, _ state: State, _ box: SVG.ViewBox?) throws(SVG.Fault) {
        var state = state
        if let box {
            state.map = state.map * box.transform(intoWidth: state.viewport.width, height: state.viewport.height)
            state.viewport = SVG.Viewport(width: box.width, height: box.height)
        }
        guard state.map.isFinite, state.map.determinant != 0 else { return }
        if state.local.isTransparent { state.isTransparent = true }
        if state.local.isTranslucent || state.local.isBlended { state.isTranslucent = true }
        var frame = Frame(node: Int32(root), next: document.nodes[root].firstChild, state: state)
        guard try applyClip(root, &frame) else { return }
        push(frame)
        try walk(above: 0)
    }

    /// A side of the root in px; nil = auto.
    private mutating func rootLength(_ name: SVG.Name, _ state: State) throws(SVG.Fault) -> Double? {
        let own = name == .width ? state.local.width : state.local.height
        let cursor = own.isEmpty ? document.cursor(name, of: Self.root) : document.store.cursor(own)
        guard let cursor else { return nil }
        guard let length = units.length(cursor) else {
            let text = String(decoding: cursor.remaining.prefix(40), as: UTF8.self)
            if text.lowercased() != "auto", text.contains(where: { !$0.isWhitespace }) {
                log.add(
                    .warning, "invalid-size",
                    "the \(name) \"\(text)\" is no length and does not count; write it as 210mm",
                    at: document.offset(of: Self.root))
            }
            return nil
        }
        if case .percent = length { return nil }
        let value = length.resolved(base: 0, fontSize: state.style.fontSize)
        guard value >= 0 else {
            throw SVG.Fault(offset: document.offset(of: Self.root), reason: .unusable("the page has a negative size"))
        }
        return value
    }

    /// The page in px: a side that is not given follows from the view box; nil = from what is drawn.
    private func pageSize(
        _ width: Double?, _ height: Double?, _ box: SVG.ViewBox?
    ) -> (width: Double?, height: Double?) {
        guard let box, !box.isEmpty else { return (width, height) }
        switch (width, height) {
        case (let w?, let h?): return (w, h)
        case (let w?, nil): return (w, w * box.height / box.width)
        case (nil, let h?): return (h * box.width / box.height, h)
        case (nil, nil): return (box.width, box.height)
        }
    }

    /// One of the pages that Inkscape keeps in a file, in mm; nil for the first of a file without any.
    private func documentPage(_ number: Int, _ state: State, _ box: SVG.ViewBox?) throws(SVG.Fault) -> Box? {
        var pages: [Int] = []
        document.forEachChild(of: Self.root) { view in
            guard document.nodes[view].tag == .namedview else { return }
            document.forEachChild(of: view) { if document.nodes[$0].tag == .page { pages.append($0) } }
        }
        if pages.isEmpty, number == 1 { return nil }
        guard pages.indices.contains(number - 1) else {
            throw SVG.Fault(
                offset: document.offset(of: Self.root),
                reason: .unusable("there is no page \(number); the file has \(max(1, pages.count))"))
        }
        var state = state
        if let box {
            state.map = state.map * box.transform(intoWidth: state.viewport.width, height: state.viewport.height)
        }
        let reader = shapeReader(pages[number - 1], state)
        let corner = Point(reader.length(.x, .x) ?? 0, reader.length(.y, .y) ?? 0)
        var result = Box()
        result.include(state.map.apply(corner))
        result.include(
            state.map.apply(corner + Point(reader.length(.width, .x) ?? 0, reader.length(.height, .y) ?? 0)))
        return result
    }

    /// - Parameter whole: bounds of what was not cut at reach; nil where nothing was.
    private mutating func page(
        _ size: (width: Double?, height: Double?), _ millimetres: Double, _ whole: Box?
    ) -> Size {
        if let width = size.width, let height = size.height {
            return Size(width: width * millimetres, height: height * millimetres)
        }
        var box = whole ?? .empty
        let countsAll = box.isEmpty
        for path in paths where countsAll {
            box.include(
                outlines.bounds(
                    verbs: Int(path.verbs.lowerBound)..<Int(path.verbs.upperBound), points: Int(path.firstPoint),
                    through: .identity))
        }
        log.add(
            .warning, "page-from-drawing", "the page has no size; it is taken from what is drawn",
            at: document.offset(of: Self.root))
        return Size(
            width: size.width.map { $0 * millimetres } ?? max(0, box.isEmpty ? 0 : box.maxX),
            height: size.height.map { $0 * millimetres } ?? max(0, box.isEmpty ? 0 : box.maxY))
    }
}

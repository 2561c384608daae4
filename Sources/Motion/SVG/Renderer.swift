extension SVG {
    /// Walks a document and gathers its outlines. The walk keeps its own stack: depth costs memory, never the stack.
    struct Renderer {
        /// What children take from the element around them.
        struct State {
            var style = Style()
            var local = LocalStyle()
            /// User units to the page, mm.
            var map = Transform.identity
            var viewport = Viewport(width: 100, height: 100)
            /// Innermost clip; −1 = none.
            var clip: Int32 = -1
            /// What `context-fill` and `context-stroke` mean; an index into `contexts`, −1 = nothing.
            var context: Int32 = -1
            /// Index into `layers`; −1 = not known yet.
            var layer: Int32 = -1
            /// A group around is fully transparent.
            var isTransparent = false
            /// What lies under a group around shines through.
            var isTranslucent = false
        }

        /// An element whose children are being walked.
        struct Frame {
            var node: Int32
            /// The child to visit next; −1 = none.
            var next: Int32
            /// Only that child is visited: the target of a `use`, the choice of a `switch`.
            var isSingle = false
            /// The children are visited as the target of this `use`; −1 = in place.
            var use: Int32 = -1
            var state: State
            /// A clip whose box is known only when the children are; −1 = none.
            var openRegion: Int32 = -1
            var clipNode: Int32 = -1
        }

        var document: Document
        var cascade: Cascade
        let options: PlotOptions
        var units: Units
        var log = DiagnosticLog()
        var frames: [Frame] = []
        /// Elements in the frames, to stop cycles.
        var isOpen: [Bool]
        var visits = 0
        let pointLimit: Int

        var outlines = PathBuffer()
        var paths: [Drawing.StyledPath] = []
        var styles: [FlatDrawing.Style] = []
        var styleIndex: [FlatDrawing.Style: Int32] = [:]
        /// The style that was looked up last; nil = none, or a new one.
        var lastStyle: Int32?
        var layerPlan: LayerPlan
        var layers: [DrawingLayer] = []
        /// The group that was named by its number last, and that number.
        var lastNumbered: (node: Int32, number: Int) = (-1, 0)
        var layerOfNode: [Int: Int32] = [:]
        var namelessLayer: Int32 = -1
        var dashes: [Drawing.Dash] = []
        var paints: [Drawing.AreaPaint] = []

        var clips: [Drawing.Clip] = []
        var regions: [Drawing.Region] = []
        var sources: [Drawing.ClipSource] = []
        var clipOutlines = PathBuffer()
        var clipSourceOf: [Int: Int32] = [:]
        /// Sources whose shapes are cut by the clip path's own clip.
        var cutSourceOf: [Int: Int32] = [:]
        var regionIndex: [RegionKey: Int32] = [:]
        /// Values of `clip-path` that have been looked through; nil = no basic shape, or none that can be read.
        var clipFunctions: [SVG.Slice: ClipFunction?] = [:]
        /// Sources of basic shapes.
        var functionSources: [FunctionKey: Int32] = [:]
        var openClipPaths: Set<Int> = []
        /// Boxes of the groups being walked that are clipped in units of their box.
        var openBoxes: [OpenBox] = []
        var pendingBox = OpenBox(inverse: .identity)
        /// Clip paths that lead back to themselves.
        var unsoundClipPaths: Set<Int> = []
        /// Comparisons and copies that clips cost; bounded.
        var clipWork = 0

        var contexts: [(fill: Ink?, stroke: Ink?)] = []
        let usesContext: Bool
        var serverInks: [Int: ServerInk] = [:]
        var openMarkers: Set<Int> = []
        var maskContents: [Int: MaskContent] = [:]
        /// Boxes are taken and nothing is drawn.
        var isMeasuring = false
        var stylesInPlace: [Int: Style] = [:]
        var fonts = FontChoice()

        /// How many elements were left out for each reason: told when nothing at all is drawn.
        var unseen = [Int](repeating: 0, count: Unseen.allCases.count)
        var isPageEmpty = false

        let meter: Meter

        init(_ document: Document, options: PlotOptions, _ meter: Meter) throws(Fault) {
            var document = document
            self.meter = meter
            units = Units(pixelsPerInch: options.dpi)
            cascade = try Cascade(&document, units: units, meter)
            layerPlan = LayerPlan(document)
            isOpen = [Bool](repeating: false, count: document.nodes.count)
            usesContext = document.mentionsContext
            pointLimit = Limit.points + document.store.source.count / 4
            self.document = document
            self.options = options
            reserve()
        }

        /// Makes room for all shapes that are no paths; what is not used is never touched.
        private mutating func reserve() {
            var (shapes, verbs, points) = (0, 0, 0)
            for node in document.nodes {
                switch node.tag {
                case .circle, .ellipse: (verbs, points) = (verbs + 3, points + 6)
                case .rect: (verbs, points) = (verbs + 5, points + 4)
                case .line: (verbs, points) = (verbs + 2, points + 2)
                case .path, .polyline, .polygon: break
                default: continue
                }
                shapes += 1
            }
            paths.reserveCapacity(shapes)
            outlines.reserve(verbs: verbs, points: points)
        }

        /// Bytes held now.
        var heldBytes: Int {
            document.heldBytes + cascade.heldBytes + isOpen.count + outlines.heldBytes + clipOutlines.heldBytes
                + paths.capacity * MemoryLayout<Drawing.StyledPath>.stride
                + regions.capacity * (MemoryLayout<Drawing.Region>.stride + 2 * MemoryLayout<RegionKey>.stride)
                + clips.capacity * MemoryLayout<Drawing.Clip>.stride + dashes.count * 128
                + frames.capacity * MemoryLayout<Frame>.stride
        }

        // MARK: walk

        /// Walks until the frames above `base` are done.
        mutating func walk(above base: Int) throws(Fault) {
            while frames.count > base {
                let top = frames.count - 1
                let child = frames[top].next
                if child < 0 {
                    try leave()
                    continue
                }
                frames[top].next = frames[top].isSingle ? -1 : document.nodes[Int(child)].next
                try visit(Int(child), in: top)
            }
        }

        private mutating func leave() throws(Fault) {
            guard let frame = frames.popLast() else { return }
            isOpen[Int(frame.node)] = false
            if frame.openRegion >= 0 { try closeRegion(frame) }
        }

        mutating func push(_ frame: Frame) {
            if frame.openRegion >= 0 { openBoxes.append(pendingBox) }
            isOpen[Int(frame.node)] = true
            frames.append(frame)
        }

        mutating func count(_ work: Int = 1, at node: Int) throws(Fault) {
            visits += work
            try meter.spend(16 * work, on: "copies by use, or markers,", at: document.offset(of: node))
            guard visits <= Limit.visits else {
                throw .limit("more than \(Limit.visits) elements, copies counted", at: document.offset(of: node))
            }
        }

        private mutating func visit(_ node: Int, in top: Int) throws(Fault) {
            try count(at: node)
            let tag = document.nodes[node].tag
            let use = frames[top].use
            guard isDrawn(tag, node, viaUse: use >= 0), passesTests(node) else { return }
            var state = frames[top].state
            let parent = (state.style, state.local)
            (state.style, state.local) = try cascade.style(
                of: node, in: &document, parent: parent.0, parentLocal: parent.1)
            assignLayer(node, &state)
            guard state.local.isDisplayed else { return miss(.hidden) }
            guard try applyTransform(node, &state) else { return miss(.flat) }
            if tag == .use {
                // Part of the element's own transform: clips and masks of a copy lie where the copy does.
                state.map = state.map * useOffset(node, state)
                guard state.map.isFinite else { return }
            }
            if state.local.isTransparent { state.isTransparent = true }
            if state.local.isTranslucent || state.local.isBlended { state.isTranslucent = true }
            if tag.isShape {
                try emit(node, state)
                return
            }
            var frame = Frame(node: Int32(node), next: document.nodes[node].firstChild, state: state)
            guard try applyClip(node, &frame) else { return miss(.clipped) }
            if isSoftlyMasked(frame.state.local) { frame.state.isTranslucent = true }
            try enter(node, frame, use: use)
        }

        /// Goes on with what stands inside an element.
        mutating func enter(_ node: Int, _ frame: Frame, use: Int32) throws(Fault) {
            var frame = frame
            switch document.nodes[node].tag {
            case .g, .a: push(frame)
            case .switch:
                frame.next = chosenChild(of: node)
                frame.isSingle = true
                push(frame)
            case .use: try enterUse(node, frame)
            case .svg, .symbol: enterViewport(node, frame, use: use)
            case .text:
                frame.next = -1
                push(frame)
                try drawText(node, frame.state)
            default: break
            }
        }

        /// Whether an element of this kind is drawn where it stands, or as a copy; complains about what should be.
        private mutating func isDrawn(_ tag: Tag, _ node: Int, viaUse: Bool) -> Bool {
            switch tag {
            case .svg, .g, .a, .switch, .use: return true
            case .path, .rect, .circle, .ellipse, .line, .polyline, .polygon: return true
            case .symbol: return viaUse
            case .text:
                if options.text != nil { return true }
                note("unsupported-element", "text is not drawn; --text plain draws it, or turn it into paths", node)
            case .image: note("unsupported-element", "images are not drawn", node)
            case .foreignObject: note("unsupported-element", "foreignObject is not drawn", node)
            case .foreign: note("foreign-element", "elements of other namespaces are not drawn", node)
            case .defs, .clipPath, .mask, .marker, .pattern, .linearGradient, .radialGradient, .stop, .filter, .style,
                .tspan, .textPath, .font, .glyph, .missingGlyph, .fontFace, .hkern, .namedview, .page, .unknown:
                break
            }
            return false
        }

        mutating func note(
            _ code: String, _ message: String, _ node: Int, _ severity: Diagnostic.Severity = .warning
        ) {
            if isMeasuring { return }
            log.add(severity, code, message, at: document.offset(of: node))
        }

        /// Own `transform` about its origin; false when nothing can be drawn through it.
        mutating func applyTransform(_ node: Int, _ state: inout State) throws(Fault) -> Bool {
            let box = needsBox(state.local) ? try transformBox(of: node, state) : nil
            guard let own = ownTransform(node, state, box: box) else { return true }
            state.map = state.map * own
            return state.map.isFinite && own.determinant != 0 && state.map.determinant != 0
        }

        /// The transform that a style gives; nil = none.
        ///
        /// - Parameter box: what it refers to; nil = the viewport.
        mutating func ownTransform(_ node: Int, _ state: State, box: Box? = nil) -> Transform? {
            let local = state.local
            guard local.geometry >= 0 || !local.transform.isEmpty else { return nil }
            let fontSize = state.style.fontSize
            let viewport = box.map { Viewport(width: $0.width, height: $0.height) } ?? state.viewport
            var result = transformParts(node, state, viewport)
            if !local.transform.isEmpty {
                let cursor = document.store.cursor(local.transform)
                let parsed =
                    local.isTransformCSS
                    ? SVG.transform(css: cursor, units: units, viewport: viewport, fontSize: fontSize)
                    : SVG.transform(attribute: cursor)
                if let parsed {
                    result = (result ?? .identity) * parsed
                } else {
                    note(
                        "invalid-transform",
                        "a transform that cannot be read is ignored; units may stand in a style only", node)
                }
            }
            guard let transform = result else { return nil }
            guard !local.transformOrigin.isEmpty,
                let origin = SVG.transformOrigin(
                    document.store.cursor(local.transformOrigin), units: units, viewport: viewport,
                    fontSize: fontSize)
            else {
                guard let box else { return transform }
                return .translation(box.minX, box.minY) * transform * .translation(-box.minX, -box.minY)
            }
            let (x, y) = (origin.x + (box?.minX ?? 0), origin.y + (box?.minY ?? 0))
            return .translation(x, y) * transform * .translation(-x, -y)
        }

        /// The properties `translate`, `rotate` and `scale`, in this order; nil when there is none of them.
        private mutating func transformParts(_ node: Int, _ state: State, _ viewport: Viewport) -> Transform? {
            var result: Transform?
            for (name, value) in geometry(of: node, state.local) {
                guard name == .translate || name == .rotate || name == .scale else { continue }
                var reader = SVG.CSSTransformReader(
                    cursor: document.store.cursor(value), units: units, viewport: viewport,
                    fontSize: state.style.fontSize)
                guard let part = reader.property(name) else { continue }
                result = (result ?? .identity) * part
            }
            return result
        }

        // MARK: conditional processing

        /// `requiredExtensions` and `systemLanguage`, for the user language `en`.
        func passesTests(_ node: Int) -> Bool {
            let first = Int(document.nodes[node].firstAttribute)
            for k in first..<first + Int(document.nodes[node].attributeCount) {
                let name = document.attributes[k].name
                if name == .requiredExtensions { return false }
                if name == .systemLanguage, !speaksEnglish(document.attributes[k].value) { return false }
            }
            return true
        }

        private func speaksEnglish(_ list: Slice) -> Bool {
            document.store.string(list).lowercased().split(separator: ",").contains { tag in
                let language = tag.filter { !$0.isWhitespace }
                return language == "en" || language.hasPrefix("en-")
            }
        }

        private func chosenChild(of node: Int) -> Int32 {
            var child = document.nodes[node].firstChild
            while child >= 0 {
                if document.nodes[Int(child)].tag != .foreign, passesTests(Int(child)) { return child }
                child = document.nodes[Int(child)].next
            }
            return -1
        }

        // MARK: use and viewports

        private mutating func enterUse(_ node: Int, _ frame: Frame) throws(Fault) {
            var frame = frame
            guard let target = document.target(of: node) else {
                note("missing-reference", "a use refers to nothing in this file", node)
                return
            }
            guard !isOpen[target], target != node else {
                note("circular-reference", "a use refers to itself or to what it stands in", node)
                return
            }
            let tag = document.nodes[target].tag
            guard tag.isShape || [.g, .a, .switch, .use, .svg, .symbol, .text, .image].contains(tag) else { return }
            if usesContext { frame.state.context = addContext(frame.state) }
            frame.next = Int32(target)
            frame.isSingle = true
            frame.use = Int32(node)
            push(frame)
        }

        /// `x` and `y` of a `use`, or of a nested `svg`.
        func useOffset(_ node: Int, _ state: State) -> Transform {
            let reader = shapeReader(node, state)
            return .translation(reader.length(.x, .x) ?? 0, reader.length(.y, .y) ?? 0)
        }

        func shapeReader(_ node: Int, _ state: State) -> ShapeReader {
            ShapeReader(
                tag: document.nodes[node].tag, store: document.store, attributes: document.attributes(of: node),
                units: units, viewport: state.viewport, fontSize: state.style.fontSize, map: state.map,
                geometry: geometry(of: node, state.local))
        }

        /// What an element's own style gives of its size and place.
        private func geometry(of node: Int, _ local: LocalStyle) -> [(name: Name, value: Slice)] {
            local.geometry >= 0 && local.node == Int32(node) ? cascade.geometries[Int(local.geometry)] : []
        }

        /// A nested `svg`, or a `symbol` by way of a `use`.
        private mutating func enterViewport(_ node: Int, _ frame: Frame, use: Int32) {
            var frame = frame
            let own = shapeReader(node, frame.state)
            let isSymbol = document.nodes[node].tag == .symbol
            func size(_ name: Name, _ axis: Axis) -> Double {
                if use >= 0, let given = shapeReader(Int(use), frames[frames.count - 1].state).length(name, axis) {
                    return given
                }
                if !isSymbol, let given = own.length(name, axis) { return given }
                return frame.state.viewport.base(axis)
            }
            let (width, height) = (size(.width, .x), size(.height, .y))
            guard width > 0, height > 0 else { return }
            let x = isSymbol ? 0 : own.length(.x, .x) ?? 0
            let y = isSymbol ? 0 : own.length(.y, .y) ?? 0
            if !frame.state.local.showsOverflow {
                addBoxClip(Box(minX: x, minY: y, maxX: x + width, maxY: y + height), &frame.state)
            }
            frame.state.map = frame.state.map * .translation(x, y)
            frame.state.viewport = Viewport(width: width, height: height)
            if let box = document.viewBox(of: node) {
                if box.isEmpty { return }
                frame.state.map = frame.state.map * box.transform(intoWidth: width, height: height)
                frame.state.viewport = Viewport(width: box.width, height: box.height)
            }
            guard frame.state.map.isFinite, frame.state.map.determinant != 0 else { return }
            push(frame)
        }
    }
}

extension SVG.Document {
    /// Whether any paint may come from a context; most files can do without.
    var mentionsContext: Bool {
        let wanted = Array("context-".utf8)
        for attribute in attributes where attribute.value.count >= 8 {
            switch attribute.name {
            case .fill, .stroke, .style: if store.contains(attribute.value, wanted) { return true }
            default: break
            }
        }
        return sheets.contains { store.contains($0.text, wanted) }
    }
}

extension SVG.TextStore {
    func contains(_ slice: SVG.Slice, _ wanted: [UInt8]) -> Bool {
        let text = cursor(slice).remaining
        guard text.count >= wanted.count else { return false }
        return (text.startIndex...text.endIndex - wanted.count).contains { k in
            text[k] == wanted[0] && text[k..<k + wanted.count].elementsEqual(wanted)
        }
    }
}

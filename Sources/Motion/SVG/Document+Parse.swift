extension SVG.Document {
    /// Builds the tree from decoded bytes.
    ///
    /// - Parameter keepsText: whether the characters of `text` elements are kept.
    init(parsing bytes: [UInt8], keepsText: Bool = false, _ meter: SVG.Meter = SVG.Meter()) throws(SVG.Fault) {
        var builder = try Builder(bytes, meter)
        builder.keepsText = keepsText
        self = try builder.run()
    }

    /// Bytes that text and tree take.
    var heldBytes: Int {
        store.heldBytes + nodes.capacity * MemoryLayout<Node>.stride
            + attributes.capacity * MemoryLayout<Attribute>.stride + ids.capacity * 24
            + textRuns.capacity * MemoryLayout<TextRun>.stride + firstRun.capacity * 12
    }

    /// Upper bounds of the elements and attributes that a text can hold.
    private static func counts(_ bytes: [UInt8]) -> (elements: Int, attributes: Int, usesVariables: Bool) {
        let text = bytes.span
        var (elements, attributes) = (0, 0)
        var usesVariables = false
        var before: UInt8 = 0
        for k in text.indices {
            let byte = text[k]
            if before == UInt8(ascii: "<"), byte != UInt8(ascii: "/") { elements += 1 }
            if byte == UInt8(ascii: "=") { attributes += 1 }
            if byte == UInt8(ascii: "("), before | 0x20 == UInt8(ascii: "r"), k > 2,
                text[k - 2] | 0x20 == UInt8(ascii: "a"), text[k - 3] | 0x20 == UInt8(ascii: "v")
            {
                usesVariables = true
            }
            before = byte
        }
        return (elements, attributes, usesVariables)
    }

    /// What a namespace means to the reader.
    private enum Space: UInt8 { case none, svg, xlink, inkscape, sodipodi, other }

    private struct Builder {
        var reader: SVG.XMLReader
        var nodes: [Node] = []
        var attributes: [Attribute] = []
        var sheets: [Sheet] = []
        var ids: [UInt64: Int32] = [:]
        /// Open elements: their node and how many bindings were in force outside them.
        var open: [(node: Int32, bindings: Int, lastChild: Int32)] = []
        /// Prefixes in force, innermost last; an empty prefix is the default namespace.
        var bindings: [(prefix: [UInt8], space: Space)] = []
        /// The root stands in no namespace: then none is SVG.
        var noneIsSVG = false
        /// Text of the style element being read, and the depth of its element.
        var sheet: [UInt8] = []
        var sheetDepth: Int?
        var keepsText = false
        /// Elements open when the outermost `text` began; nil = none is open.
        private var textDepth: Int?
        private var textRuns: [TextRun] = []
        private var firstRun: [Int32: Int32] = [:]
        /// The last run of each open element.
        private var lastRun: [Int32: Int32] = [:]

        private let meter: SVG.Meter
        private let usesVariables: Bool

        init(_ bytes: [UInt8], _ meter: SVG.Meter) throws(SVG.Fault) {
            reader = SVG.XMLReader(bytes)
            self.meter = meter
            let (elements, attributes, usesVariables) = SVG.Document.counts(bytes)
            self.usesVariables = usesVariables
            let room = elements * MemoryLayout<Node>.stride + attributes * MemoryLayout<Attribute>.stride
            try meter.require(bytes: 2 * bytes.count + room, at: 0)
            // What is not used is never touched and costs no memory; growing would hold everything twice.
            nodes.reserveCapacity(elements)
            self.attributes.reserveCapacity(attributes)
        }

        mutating func run() throws(SVG.Fault) -> SVG.Document {
            while true {
                switch try reader.next() {
                case .start(let name, let offset):
                    try meter.spend(8, on: "the elements", at: offset)
                    try start(name, offset)
                case .end: end()
                case .text(let slice):
                    if sheetDepth == nil { try keep(slice) } else { sheet += reader.store.cursor(slice).remaining }
                case .finished:
                    return SVG.Document(
                        store: reader.store, nodes: nodes, attributes: attributes, sheets: sheets, ids: ids,
                        usesVariables: usesVariables, textRuns: textRuns, firstRun: firstRun)
                }
            }
        }

        mutating func start(_ name: SVG.Slice, _ offset: Int) throws(SVG.Fault) {
            let outerBindings = bindings.count
            bind()
            let (prefix, local) = split(name)
            let space = space(of: prefix)
            let localHash = reader.store.hash(local)
            if nodes.isEmpty {
                noneIsSVG = space == .none
                guard SVG.Tag.byHash[localHash] == .svg, space == .svg || space == .none else {
                    throw SVG.Fault(
                        offset: offset,
                        reason: .unusable("the root is <\(reader.store.string(name).prefix(40))>, not <svg>"))
                }
            }
            var tag = SVG.Tag.foreign
            if space == .svg || (space == .none && noneIsSVG) {
                tag = SVG.Tag.byHash[localHash] ?? .unknown
            } else if space == .sodipodi || space == .inkscape {
                let text = reader.store.string(local)
                if text == "namedview" { tag = .namedview } else if text == "page" { tag = .page }
            }
            let node = Int32(nodes.count)
            let parent = open.last
            let first = attributes.count
            addAttributes(to: node)
            nodes.append(
                Node(
                    tag: tag, parent: parent?.node ?? -1, previous: parent?.lastChild ?? -1, next: -1, firstChild: -1,
                    firstAttribute: UInt32(first), attributeCount: UInt16(attributes.count - first),
                    offset: UInt32(offset), localName: local))
            if let parent {
                if parent.lastChild >= 0 {
                    nodes[Int(parent.lastChild)].next = node
                } else {
                    nodes[Int(parent.node)].firstChild = node
                }
                open[open.count - 1].lastChild = node
            }
            open.append((node, outerBindings, -1))
            if tag == .style, sheetDepth == nil, isCSS(node) {
                sheetDepth = open.count
                sheet = []
                reader.wantsText = true
            } else if keepsText, tag == .text, textDepth == nil {
                textDepth = open.count
                reader.wantsText = true
            }
        }

        /// Keeps characters of the innermost open element.
        private mutating func keep(_ text: SVG.Slice) throws(SVG.Fault) {
            guard let element = open.last, !text.isEmpty else { return }
            let offset = Int(nodes[Int(element.node)].offset)
            try meter.spend(8, on: "the text", at: offset)
            let index = Int32(textRuns.count)
            if let last = lastRun[element.node] {
                // References cut a text into pieces that often lie side by side.
                if textRuns[Int(last)].after == element.lastChild,
                    textRuns[Int(last)].text.start + textRuns[Int(last)].text.count == text.start
                {
                    textRuns[Int(last)].text.count += text.count
                    return
                }
                textRuns[Int(last)].next = index
            } else {
                firstRun[element.node] = index
            }
            if textRuns.count == textRuns.capacity {
                try meter.require(bytes: 3 * reader.store.heldBytes + 64 * textRuns.count, at: offset)
            }
            textRuns.append(TextRun(text: text, after: element.lastChild, next: -1))
            lastRun[element.node] = index
        }

        mutating func end() {
            guard let closed = open.popLast() else { return }
            bindings.removeLast(bindings.count - closed.bindings)
            lastRun[closed.node] = nil
            if let depth = textDepth, open.count < depth {
                textDepth = nil
                reader.wantsText = sheetDepth != nil
            }
            if let depth = sheetDepth, open.count < depth {
                sheets.append(
                    Sheet(text: reader.intern(sheet), offset: Int(nodes[Int(closed.node)].offset)))
                sheetDepth = nil
                sheet = []
                reader.wantsText = textDepth != nil
            }
        }

        /// A style element without a type, or of type `text/css`, for a medium that a plotter may be.
        private func isCSS(_ node: Int32) -> Bool {
            let own = nodes[Int(node)]
            let first = Int(own.firstAttribute)
            for attribute in attributes[first..<first + Int(own.attributeCount)] {
                let text = reader.store.string(reader.store.trimmed(attribute.value)).lowercased()
                if attribute.name == .type, !text.isEmpty, text != "text/css" { return false }
                if attribute.name == .media, !SVG.StyleParser.holds(mediaList: text) { return false }
            }
            return true
        }

        // MARK: namespaces

        private func split(_ name: SVG.Slice) -> (prefix: SVG.Slice?, local: SVG.Slice) {
            guard let count = reader.store.place(of: UInt8(ascii: ":"), in: name) else { return (nil, name) }
            return (
                SVG.Slice(Int(name.start), count), SVG.Slice(Int(name.start) + count + 1, Int(name.count) - count - 1)
            )
        }

        /// Takes the namespace declarations of the tag just read.
        private mutating func bind() {
            for k in reader.attributes.indices {
                let attribute = reader.attributes[k]
                guard reader.store.firstByte(attribute.name) == UInt8(ascii: "x") else { continue }
                let name = reader.store.cursor(attribute.name)
                guard name.remaining.starts(with: "xmlns".utf8) else { continue }
                let rest = Array(name.remaining.dropFirst(5))
                guard rest.isEmpty || rest[0] == UInt8(ascii: ":") else { continue }
                bindings.append((Array(rest.dropFirst()), Self.space(named: reader.store.string(attribute.value))))
            }
        }

        private static func space(named uri: String) -> Space {
            switch uri {
            case "": .none
            case "http://www.w3.org/2000/svg": .svg
            case "http://www.w3.org/1999/xlink": .xlink
            case "http://www.inkscape.org/namespaces/inkscape": .inkscape
            case "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd": .sodipodi
            default: .other
            }
        }

        /// The namespace of a prefix; of well-known prefixes also where the file forgot to declare them.
        private func space(of prefix: SVG.Slice?) -> Space {
            guard let prefix else {
                for k in bindings.indices.reversed() where bindings[k].prefix.isEmpty { return bindings[k].space }
                return .none
            }
            let wanted = reader.store.cursor(prefix).remaining
            for binding in bindings.reversed() where wanted.elementsEqual(binding.prefix) { return binding.space }
            switch String(decoding: wanted, as: UTF8.self) {
            case "svg": return .svg
            case "xlink": return .xlink
            case "inkscape": return .inkscape
            case "sodipodi": return .sodipodi
            default: return .other
            }
        }

        // MARK: attributes

        private mutating func addAttributes(to node: Int32) {
            for k in reader.attributes.indices {
                let raw = reader.attributes[k]
                var name = SVG.Name.byHash[reader.store.hash(raw.name)] ?? .other
                let (prefix, local) = name == .other || name == .xlinkHref ? split(raw.name) : (nil, raw.name)
                if prefix != nil { name = prefixed(prefix, local) }
                if name == .id {
                    let hash = reader.store.hash(raw.value)
                    if ids[hash] == nil { ids[hash] = node }
                }
                attributes.append(Attribute(name: name, text: raw.name, value: raw.value))
            }
        }

        private func prefixed(_ prefix: SVG.Slice?, _ local: SVG.Slice) -> SVG.Name {
            switch space(of: prefix) {
            case .xlink: reader.store.equal(local, "href") ? .xlinkHref : .other
            case .inkscape:
                switch reader.store.string(local) {
                case "groupmode": .groupmode
                case "label": .label
                case "version": .version
                default: .other
                }
            case .none, .svg, .sodipodi, .other: .other
            }
        }
    }
}

extension SVG.Tag {
    /// By the hash of the local name.
    static let byHash: SVG.WordTable<SVG.Tag> = {
        let names = [
            "svg", "g", "a", "switch", "use", "symbol", "defs", "path", "rect", "circle", "ellipse", "line", "polyline",
            "polygon", "clipPath", "mask", "marker", "pattern", "linearGradient", "radialGradient", "stop", "filter",
            "style", "text", "tspan", "textPath", "font", "glyph", "missing-glyph", "font-face", "hkern", "image",
            "foreignObject",
        ]
        return SVG.WordTable(names.map { (SVG.TextStore.hash($0), SVG.Tag($0)) })
    }()
}

extension SVG.Name {
    /// By the hash of the name as written.
    static let byHash: SVG.WordTable<SVG.Name> = {
        let names = allCases.filter { $0 != .other && !$0.text.hasPrefix("inkscape:") }
        return SVG.WordTable(names.map { (SVG.TextStore.hash($0.text), $0) })
    }()
}

extension SVG.TextStore {
    static func hash(_ text: String) -> UInt64 {
        let store = SVG.TextStore(Array(text.utf8))
        return store.hash(SVG.Slice(0, store.source.count))
    }
}

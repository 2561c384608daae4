extension SVG {
    /// Which elements of a document are its layers (`svg.md` §11).
    struct LayerPlan {
        /// The element whose children are layers.
        let parent: Int
        /// Layers are marked by Inkscape's `groupmode`; else every group is one.
        let isMarked: Bool

        init(_ document: Document) {
            func isMarkedLayer(_ node: Int) -> Bool {
                document.nodes[node].tag == .g
                    && document.value(.groupmode, of: node).map { document.store.equal($0, "layer") } ?? false
            }
            var children: [Int] = []
            document.forEachChild(of: Document.root) { node in
                switch document.nodes[node].tag {
                case .g, .a, .svg, .use, .switch, .text, .image: children.append(node)
                case let tag where tag.isShape: children.append(node)
                default: break
                }
            }
            isMarked = children.contains(where: isMarkedLayer)
            parent =
                !isMarked && children.count == 1 && document.nodes[children[0]].tag == .g ? children[0] : Document.root
        }
    }
}

extension SVG.Renderer {
    /// Finds the layer of a child of the layers' parent; the others have theirs already.
    mutating func assignLayer(_ node: Int, _ state: inout State) {
        guard state.layer < 0, document.nodes[node].parent == Int32(layerPlan.parent), state.local.isDisplayed,
            document.nodes[node].tag == .g
        else { return }
        if layerPlan.isMarked {
            guard let mode = document.value(.groupmode, of: node), document.store.equal(mode, "layer") else { return }
        }
        if let known = layerOfNode[node] {
            state.layer = known
            return
        }
        let name = layerName(node)
        state.layer = Int32(layers.count)
        layerOfNode[node] = state.layer
        var layer = DrawingLayer(name: name, codes: LayerCodes(parsing: name))
        layer.isStructure = layerPlan.parent != SVG.Document.root && !isNamed(node)
        layers.append(layer)
    }

    private func isNamed(_ node: Int) -> Bool {
        [SVG.Name.label, .id].contains { name in document.value(name, of: node).map { !$0.isEmpty } ?? false }
    }

    /// The layer of a state; the nameless one, at the place where it is first needed, when it has none.
    mutating func layer(of state: State) -> Int32 {
        if state.layer >= 0 { return state.layer }
        if namelessLayer < 0 {
            namelessLayer = Int32(layers.count)
            layers.append(DrawingLayer(name: nil))
        }
        return namelessLayer
    }

    private mutating func layerName(_ node: Int) -> String {
        if let label = document.value(.label, of: node), !label.isEmpty { return document.store.string(label) }
        if !layerPlan.isMarked, let id = document.value(.id, of: node), !id.isEmpty {
            return Self.unescaped(document.store.string(id))
        }
        // Back to the group numbered last: layers are met in order, and there may be very many.
        var number = 0
        var previous = Int32(node)
        while previous >= 0, previous != lastNumbered.node {
            if document.nodes[Int(previous)].tag == .g { number += 1 }
            previous = document.nodes[Int(previous)].previous
        }
        if previous >= 0 { number += lastNumbered.number }
        lastNumbered = (Int32(node), number)
        return "\(number)"
    }

    /// Decodes `_x002B_` and its like, which Illustrator writes for what an id may not hold.
    static func unescaped(_ id: String) -> String {
        var result = ""
        var rest = Substring(id)
        while let mark = rest.firstIndex(of: "_") {
            result += rest[..<mark]
            rest = rest[mark...]
            let code = rest.dropFirst(2).prefix(4)
            if rest.dropFirst().first == "x", code.count == 4, rest.dropFirst(6).first == "_",
                let value = UInt32(code, radix: 16), let scalar = Unicode.Scalar(value)
            {
                result.unicodeScalars.append(scalar)
                rest = rest.dropFirst(7)
            } else {
                result += "_"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}

extension LayerCodes {
    /// Reads the codes at the beginning of a layer's name: `%`, `!`, a number, then `+D`, `+H`, `+S`.
    ///
    /// A value out of range or of too many digits is ignored by itself.
    public init(parsing name: String) {
        self.init()
        var cursor = SVG.Cursor(name)
        if cursor.take(UInt8(ascii: "%")) { isDocumentation = true }
        if cursor.take(UInt8(ascii: "!")) { pausesBefore = true }
        cursor.skipSpace()
        if let value = cursor.shortInteger(), (0...1000).contains(value) { number = value }
        while true {
            cursor.skipSpace()
            guard cursor.take(UInt8(ascii: "+")) else { return }
            let letter = cursor.byte.lowercased
            cursor.i += 1
            guard let value = cursor.shortInteger() else { return }
            switch letter {
            case UInt8(ascii: "d"): if value > 0 { delayMilliseconds = value }
            case UInt8(ascii: "h"): if (0...100).contains(value) { penDownHeightPercent = Double(value) }
            case UInt8(ascii: "s"): if (1...110).contains(value) { penDownSpeedPercent = Double(value) }
            default: return
            }
        }
    }
}

extension SVG.Cursor {
    /// Digits as an integer; −1 for more than nine of them, nil for none.
    fileprivate mutating func shortInteger() -> Int? {
        let start = i
        var value = 0
        while byte.isDigit {
            if i - start < 9 { value = value * 10 + Int(byte & 15) }
            i += 1
        }
        return i == start ? nil : i - start > 9 ? -1 : value
    }
}

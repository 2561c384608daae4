extension SVG {
    /// Which elements of a document are its layers, and which of them are pens of their own (decision 0320).
    struct LayerPlan {
        /// The element whose children are layers.
        let parent: Int
        /// Layers are marked by Inkscape's `groupmode`; else every group is one.
        let isMarked: Bool
        /// How many groups share the pattern of a name.
        private var patterns: [String: Int] = [:]
        /// Groups that are told from the others by nothing but an id.
        private var plainIDs = 0

        /// More groups than a person has pens: then their ids were counted up by a program.
        private static let mostPens = 12

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
            parent = isMarked ? Document.root : Self.wrapper(document, children)
            if isMarked { return }
            document.forEachChild(of: parent) { node in
                guard document.nodes[node].tag == .g, let name = document.layerName(of: node) else { return }
                patterns[Self.pattern(name.text), default: 0] += 1
                if name.isID { plainIDs += 1 }
            }
        }

        /// The group that holds all there is beside a background; the root when there is none.
        ///
        /// A wrapper in a wrapper is gone through as well, as long as several groups come of it.
        private static func wrapper(_ document: Document, _ children: [Int]) -> Int {
            var content = children.filter { !document.isBackground($0) }
            guard content.count == 1, document.nodes[content[0]].tag == .g else { return Document.root }
            let outer = content[0]
            var inner = outer
            for _ in 0..<16 {
                content = []
                document.forEachChild(of: inner) { node in
                    let tag = document.nodes[node].tag
                    if tag == .g || tag == .use || tag == .a || tag.isShape, !document.isBackground(node) {
                        content.append(node)
                    }
                }
                if content.count > 1 {
                    return content.contains { document.nodes[$0].tag != .g } ? outer : inner
                }
                guard let only = content.first, document.nodes[only].tag == .g else { return outer }
                inner = only
            }
            return outer
        }

        /// Whether a group's name is one that only a program needs: none, one of a series, or one id among many.
        func isStructure(_ name: (text: String, isID: Bool)?) -> Bool {
            if isMarked { return false }
            guard let name else { return true }
            if name.isID, plainIDs > Self.mostPens { return true }
            let codes = LayerCodes(parsing: name.text)
            if codes != LayerCodes() { return false }
            return patterns[Self.pattern(name.text), default: 0] > 1
        }

        /// A name with every run of letters and digits that holds a digit cut down to its letters before it.
        static func pattern(_ name: String) -> String {
            var result = ""
            var word = ""
            func flush() {
                if let digit = word.firstIndex(where: \.isNumber) {
                    result += word[..<digit] + "#"
                } else {
                    result += word
                }
                word = ""
            }
            for letter in name {
                if letter.isLetter || letter.isNumber {
                    word.append(letter)
                } else {
                    flush()
                    result.append(letter)
                }
            }
            flush()
            return result
        }
    }
}

extension SVG.Document {
    /// What a group is called by its author: label, `data-name`, or id as it was before a program escaped it.
    func layerName(of node: Int) -> (text: String, isID: Bool)? {
        for name in [SVG.Name.label, .dataName, .id] {
            guard let value = value(name, of: node), !store.trimmed(value).isEmpty else { continue }
            let text = store.string(value)
            return name == .id ? (SVG.Renderer.unescaped(text), true) : (text, false)
        }
        return nil
    }

    /// Whether an element is a rectangle as large as the page, as far as its attributes tell: a background, not a drawing.
    func isBackground(_ node: Int, depth: Int = 0) -> Bool {
        switch nodes[node].tag {
        case .rect: return isBackgroundRectangle(node)
        case .path: return cursor(.d, of: node).map { coversPage($0, isPath: true) } ?? false
        case .polygon: return cursor(.points, of: node).map { coversPage($0, isPath: false) } ?? false
        case .g:
            // A group of nothing else.
            guard depth < 4 else { return false }
            var (all, count) = (true, 0)
            forEachChild(of: node) { child in
                guard nodes[child].tag == .g || nodes[child].tag.isShape || nodes[child].tag == .use else { return }
                count += 1
                if count > 2 { all = false }
                if all { all = isBackground(child, depth: depth + 1) }
            }
            return all && count > 0
        default: return false
        }
    }

    /// Whether an outline of few numbers is a rectangle over all of the page, as far as its numbers tell.
    private func coversPage(_ text: SVG.Cursor, isPath: Bool) -> Bool {
        guard text.end - text.i < 200 else { return false }
        var outline = PathBuffer()
        if isPath {
            var reader = SVG.PathReader(text, map: .identity, into: outline)
            _ = reader.read()
            outline = reader.out
        } else {
            var cursor = text
            while let x = cursor.number() {
                cursor.skipSpaceAndComma()
                guard let y = cursor.number() else { break }
                cursor.skipSpaceAndComma()
                if outline.verbs.isEmpty { outline.move(to: Point(x, y)) } else { outline.line(to: Point(x, y)) }
            }
        }
        guard (4...5).contains(outline.points.count) else { return false }
        let bounds = outline.bounds(verbs: 0..<outline.verbs.count, points: 0, through: .identity)
        let isBoxed = outline.points.allSatisfy {
            ($0.x == bounds.minX || $0.x == bounds.maxX) && ($0.y == bounds.minY || $0.y == bounds.maxY)
        }
        guard isBoxed, let page = pageInUserUnits else { return false }
        let slack = 0.001 * max(page.width, page.height)
        return bounds.expanded(by: slack).contains(page)
    }

    /// The root's viewBox, or its size where it has none.
    private var pageInUserUnits: Box? {
        if let box = viewBox(of: Self.root) {
            return Box(minX: box.x, minY: box.y, maxX: box.x + box.width, maxY: box.y + box.height)
        }
        let units = SVG.Units(pixelsPerInch: 96)
        func side(_ name: SVG.Name) -> Double? {
            guard let length = cursor(name, of: Self.root).flatMap({ units.length($0) }) else { return nil }
            if case .percent = length { return nil }
            return length.resolved(base: 0, fontSize: 16)
        }
        guard let width = side(.width), let height = side(.height) else { return nil }
        return Box(minX: 0, minY: 0, maxX: width, maxY: height)
    }

    private func isBackgroundRectangle(_ node: Int) -> Bool {
        let units = SVG.Units(pixelsPerInch: 96)
        let box = viewBox(of: Self.root)
        func covers(_ side: SVG.Name, _ place: SVG.Name, _ start: Double?, _ size: Double?) -> Bool {
            guard let cursor = cursor(side, of: node), let length = units.length(cursor) else { return false }
            let from = self.cursor(place, of: node).flatMap { units.length($0) }?.resolved(base: 0, fontSize: 16) ?? 0
            if from > start ?? 0 { return false }
            if case .percent(let share) = length { return share >= 100 }
            let whole =
                size ?? self.cursor(side, of: Self.root).flatMap { units.length($0) }?.resolved(base: 0, fontSize: 16)
            guard let whole, whole > 0 else { return false }
            return from + length.resolved(base: 0, fontSize: 16) >= ((start ?? 0) + whole) * 0.999
        }
        return covers(.width, .x, box?.x, box?.width) && covers(.height, .y, box?.y, box?.height)
    }
}

extension SVG.Renderer {
    /// Finds the layer of a child of the layers' parent; the others have theirs already.
    mutating func assignLayer(_ node: Int, _ state: inout State) {
        guard !isMeasuring, state.layer < 0, document.nodes[node].parent == Int32(layerPlan.parent),
            state.local.isDisplayed, document.nodes[node].tag == .g
        else { return }
        if layerPlan.isMarked {
            guard let mode = document.value(.groupmode, of: node), document.store.equal(mode, "layer") else { return }
        }
        if let known = layerOfNode[node] {
            state.layer = known
            return
        }
        let given = document.layerName(of: node)
        let name = given.flatMap { layerPlan.isMarked && $0.isID ? nil : $0.text } ?? "\(groupNumber(node))"
        state.layer = Int32(layers.count)
        layerOfNode[node] = state.layer
        let reading = LayerCodes.reading(name)
        var layer = DrawingLayer(name: name, codes: reading.codes)
        layer.isStructure = layerPlan.isStructure(given)
        if given != nil, !layer.isStructure {
            for ignored in reading.ignored {
                note("layer-code", "\(ignored.text) in a layer's name is ignored: \(ignored.reason)", node)
            }
        }
        if let id = document.value(.id, of: node) {
            let text = document.store.string(id)
            // A blank cannot stand in an id; Illustrator writes an underscore for it.
            let spaced = String(Self.unescaped(text).map { $0 == "_" ? " " : $0 })
            layer.aliases = [text, spaced].filter { $0 != name }
        }
        layers.append(layer)
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

    /// The place of a group among the groups around it, from 1.
    private mutating func groupNumber(_ node: Int) -> Int {
        // Back to the group numbered last: layers are met in order, and there may be very many.
        var number = 0
        var previous = Int32(node)
        while previous >= 0, previous != lastNumbered.node {
            if document.nodes[Int(previous)].tag == .g { number += 1 }
            previous = document.nodes[Int(previous)].previous
        }
        if previous >= 0 { number += lastNumbered.number }
        lastNumbered = (Int32(node), number)
        return number
    }

    /// Decodes `_x31_` and `_x002B_`, which Illustrator and CorelDRAW write for what an id may not hold.
    static func unescaped(_ id: String) -> String {
        var result = ""
        var rest = Substring(id)
        while let mark = rest.firstIndex(of: "_") {
            result += rest[..<mark]
            rest = rest[mark...]
            if let (scalar, length) = escape(rest) {
                result.unicodeScalars.append(scalar)
                rest = rest.dropFirst(length)
            } else {
                result += "_"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    /// `_x…_` with two or four hexadecimal digits at the start of a text: what it stands for, and its length.
    private static func escape(_ text: Substring) -> (Unicode.Scalar, Int)? {
        guard text.dropFirst().first == "x" else { return nil }
        for digits in [2, 4] {
            let code = text.dropFirst(2).prefix(digits)
            guard code.count == digits, code.allSatisfy(\.isHexDigit), text.dropFirst(2 + digits).first == "_",
                let value = UInt32(code, radix: 16), let scalar = Unicode.Scalar(value), value >= 0x20
            else { continue }
            return (scalar, digits + 3)
        }
        return nil
    }
}

extension SVG.Cascade {
    /// 0…1, from a number or a percentage.
    static func opacity(_ cursor: SVG.Cursor) -> Double? {
        var cursor = cursor
        cursor.skipSpace()
        guard let value = cursor.number() else { return nil }
        let isPercent = cursor.take(UInt8(ascii: "%"))
        cursor.skipSpace()
        return cursor.isAtEnd ? (isPercent ? value / 100 : value) : nil
    }

    /// The element that `url(#id)` names; −1 for everything else.
    static func reference(_ value: SVG.Slice, _ document: SVG.Document) -> Int32 {
        var cursor = document.store.cursor(value)
        guard let id = url(&cursor) else { return -1 }
        return document.ids[SVG.TextStore.hash(of: id)] ?? -1
    }

    /// Reads `url(#id)`, quotes allowed; gives the id. nil when it is none or points outside the document.
    static func url(_ cursor: inout SVG.Cursor) -> ArraySlice<UInt8>? {
        guard cursor.takeWord("url(") else { return nil }
        cursor.skipSpace()
        var quote: UInt8 = UInt8(ascii: ")")
        if cursor.byte == UInt8(ascii: "\"") || cursor.byte == UInt8(ascii: "'") {
            quote = cursor.byte
            cursor.i += 1
            cursor.skipSpace()
        }
        let isLocal = cursor.take(UInt8(ascii: "#"))
        let start = cursor.i
        while !cursor.isAtEnd, cursor.byte != quote { cursor.i += 1 }
        var id = cursor.bytes[start..<cursor.i]
        while let last = id.last, last.isSpace { id.removeLast() }
        if quote != UInt8(ascii: ")") { cursor.i = min(cursor.i + 1, cursor.end) }
        cursor.skipSpace()
        guard cursor.take(UInt8(ascii: ")")) else { return nil }
        return isLocal ? id : cursor.bytes[start..<start]
    }

    /// Reads `fill` or `stroke`; nil when the value is invalid.
    ///
    /// - Parameter current: the `color` that functions of colours mean by `currentcolor`.
    static func paint(_ value: SVG.Slice, _ document: SVG.Document, current: SVG.Colour = .black) -> SVG.Paint? {
        var cursor = document.store.cursor(value)
        if let id = url(&cursor) { return serverPaint(id, &cursor, document, current) }
        var word = cursor
        switch word.keyword() {
        case "none": return word.isAtEnd ? SVG.Paint.none : nil
        case "currentcolor": return word.isAtEnd ? .current : nil
        case "context-fill": return .contextFill
        case "context-stroke": return .contextStroke
        default: return SVG.colour(cursor, current: current).map { .colour($0) }
        }
    }

    private static func serverPaint(
        _ id: ArraySlice<UInt8>, _ cursor: inout SVG.Cursor, _ document: SVG.Document, _ current: SVG.Colour
    ) -> SVG.Paint? {
        cursor.skipSpace()
        var fallback = SVG.Paint.Fallback.none
        cursor.skipSpace()
        var word = cursor
        if word.takeWord("currentcolor") {
            fallback = .current
        } else if let colour = SVG.colour(cursor, current: current) {
            fallback = .colour(colour)
        } else if !cursor.isAtEnd, !word.takeWord("none") {
            return nil
        }
        let node = id.isEmpty ? nil : document.ids[SVG.TextStore.hash(of: id)]
        if let node, document.nodes[Int(node)].tag.isPaintServer { return .server(node, fallback: fallback) }
        switch fallback {
        case .none: return cursor.isAtEnd ? .missing : SVG.Paint.none
        case .current: return .current
        case .colour(let colour): return .colour(colour)
        }
    }

    /// Whether a value is one that its property understands.
    static func isValid(
        _ name: SVG.Name, _ value: SVG.Slice, _ units: SVG.Units, _ document: SVG.Document
    ) -> Bool {
        let value = document.store.trimmed(value)
        if document.store.cssWide(value) != .none { return true }
        if document.usesVariables, SVG.Variables.isUsed(in: value, document.store) { return true }
        var cursor = document.store.cursor(value)
        switch name {
        case .fill, .stroke: return paint(value, document) != nil
        case .color, .stopColor: return SVG.colour(cursor) != nil || cursor.keyword() == "currentcolor"
        case .strokeWidth: return units.length(cursor).map { !$0.isNegative } ?? false
        case .strokeDashoffset: return units.length(cursor) != nil
        case .strokeOpacity, .fillOpacity, .opacity, .stopOpacity: return opacity(cursor) != nil
        case .visibility: return ["visible", "hidden", "collapse"].contains(cursor.keyword())
        case .clipRule, .fillRule: return ["nonzero", "evenodd"].contains(cursor.keyword())
        case .strokeLinecap: return ["butt", "round", "square"].contains(cursor.keyword())
        case .overflow: return ["visible", "hidden", "scroll", "auto"].contains(cursor.keyword())
        case .clipPath:
            if cursor.keyword() == "none" || cursor.byte == UInt8(ascii: "(") { return true }
            return SVG.ClipFunction(document.store.cursor(value)) != nil
        case .markerStart, .markerMid, .markerEnd, .marker:
            return cursor.keyword() == "none" || cursor.byte == UInt8(ascii: "(")
        default: return true
        }
    }
}

extension SVG.Tag {
    /// A viewport of its own: what leaves it is not seen unless the style says so.
    var hidesOverflow: Bool { self == .svg || self == .symbol || self == .marker || self == .pattern }
}

extension SVG.TextStore {
    enum WideKeyword { case inherit, initial, unset, none }

    /// Whether a value is one of the words that every property takes.
    func cssWide(_ value: SVG.Slice) -> WideKeyword {
        guard [5, 6, 7, 12].contains(value.count) else { return .none }
        var cursor = cursor(value)
        switch cursor.keyword() {
        case "inherit": return .inherit
        case "unset", "revert", "revert-layer": return .unset
        case "initial": return .initial
        default: return .none
        }
    }
}

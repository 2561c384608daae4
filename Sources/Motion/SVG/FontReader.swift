extension SVG.Document {
    /// The fonts in the document, by family and by id, in lower case; the first of each name counts.
    func fonts(_ meter: SVG.Meter) throws(SVG.Fault) -> [String: PenFont] {
        var result: [String: PenFont] = [:]
        for node in nodes.indices where nodes[node].tag == .font {
            let font = try strokeFont(node, meter)
            for name in names(ofFont: node) where result[name] == nil { result[name] = font }
            result[PenFont.ofDrawing] = font
        }
        return result
    }

    /// What text may call a font by.
    private func names(ofFont node: Int) -> [String] {
        var names: [String] = []
        forEachChild(of: node) { child in
            guard nodes[child].tag == .fontFace, let family = value(.fontFamily, of: child) else { return }
            names += SVG.families(store.string(family))
        }
        if let id = value(.id, of: node) { names.append(store.string(id).lowercased()) }
        return names
    }

    /// A `font` element as a font.
    func strokeFont(_ node: Int, _ meter: SVG.Meter) throws(SVG.Fault) -> PenFont {
        var builder = SVGFontBuilder(self, node)
        var child = nodes[node].firstChild
        while child >= 0 {
            try meter.spend(64, on: "the fonts", at: offset(of: Int(child)))
            try builder.add(Int(child), meter)
            child = nodes[Int(child)].next
        }
        return builder.finished()
    }
}

/// Gathers a font from the elements of SVG 1.1: `font`, `font-face`, `glyph`, `missing-glyph`, `hkern`.
struct SVGFontBuilder {
    private let document: SVG.Document
    private var font: PenFont
    private let advance: Double
    private var scalarOfName: [String: [UInt32]] = [:]
    /// Subpaths of all glyphs, and how many of them end where they began.
    private var subpaths = (all: 0, closed: 0)
    private var hasXHeight = false

    /// Pairs of one `hkern`, and of a font, that are taken.
    private static let mostPairs = 100_000
    /// Characters of one ligature.
    private static let longestLigature = 16
    /// Ligatures that begin with one character: each is compared at each such place.
    private static let mostLigatures = 64

    init(_ document: SVG.Document, _ node: Int) {
        self.document = document
        let id = document.value(.id, of: node).map { document.store.string($0) }
        font = PenFont(name: id.map { String($0.prefix(40)) } ?? "of the drawing")
        font.unitsPerEm = 1000
        advance = Self.number(.horizAdvX, of: node, document) ?? 500
    }

    private static func number(_ name: SVG.Name, of node: Int, _ document: SVG.Document) -> Double? {
        guard var cursor = document.cursor(name, of: node) else { return nil }
        cursor.skipSpace()
        return cursor.number()
    }

    /// Takes one child of the font.
    mutating func add(_ node: Int, _ meter: SVG.Meter) throws(SVG.Fault) {
        switch document.nodes[node].tag {
        case .fontFace: addFace(node)
        case .missingGlyph: font.missing = try glyph(node, meter)
        case .glyph: try addGlyph(node, meter)
        case .hkern: try addKerning(node, meter)
        default: break
        }
    }

    private mutating func addFace(_ node: Int) {
        if let em = Self.number(.unitsPerEm, of: node, document), em > 0 { font.unitsPerEm = em }
        font.ascender = Self.number(.ascent, of: node, document) ?? 0.8 * font.unitsPerEm
        font.descender = Self.number(.descent, of: node, document) ?? -0.2 * font.unitsPerEm
        if font.descender > 0 { font.descender = -font.descender }
        font.capHeight = 0.7 * font.unitsPerEm
        font.xHeight = 0.5 * font.unitsPerEm
        if let family = document.value(.fontFamily, of: node) {
            font.name = String(document.store.string(family).prefix(40))
        }
    }

    private mutating func glyph(_ node: Int, _ meter: SVG.Meter) throws(SVG.Fault) -> PenFont.Glyph {
        var glyph = PenFont.Glyph(advance: Self.number(.horizAdvX, of: node, document) ?? advance)
        guard let data = document.value(.d, of: node) else { return glyph }
        try meter.spend(Int(data.count) / 4, on: "the fonts", at: document.offset(of: node))
        var reader = SVG.PathReader(document.store.cursor(data), map: .identity, into: PathBuffer())
        _ = reader.read()
        glyph.outline = reader.out
        count(glyph.outline)
        return glyph
    }

    /// Counts subpaths, and those that close.
    private mutating func count(_ outline: PathBuffer) {
        var i = 0
        var (start, last) = (Point(0, 0), Point(0, 0))
        var isOpen = false
        func end() -> Int { isOpen && start == last ? 1 : 0 }
        for verb in outline.verbs {
            if verb == .move {
                subpaths.closed += end()
                subpaths.all += 1
                start = outline.points[i]
                isOpen = true
            }
            if verb == .close {
                subpaths.closed += 1
                isOpen = false
            }
            i += verb.pointCount
            if verb != .close { last = outline.points[i - 1] }
        }
        subpaths.closed += end()
    }

    private mutating func addGlyph(_ node: Int, _ meter: SVG.Meter) throws(SVG.Fault) {
        let glyph = try glyph(node, meter)
        guard let text = document.value(.unicode, of: node), text.count < 256 else { return }
        let scalars = document.store.string(text).unicodeScalars.map(\.value)
        guard let first = scalars.first else { return }
        if let name = document.value(.glyphName, of: node), scalars.count == 1 {
            for word in document.store.string(name).split(separator: ",") {
                scalarOfName[String(word), default: []].append(first)
            }
        }
        if scalars.count == 1 {
            if font.glyphs[first] == nil { font.glyphs[first] = glyph }
        } else if scalars.count <= Self.longestLigature, font.ligatures[first]?.count ?? 0 < Self.mostLigatures {
            var own = font.ligatures[first] ?? []
            own.append(.init(rest: Array(scalars.dropFirst()), glyph: glyph))
            own.sort { $0.rest.count > $1.rest.count }
            font.ligatures[first] = own
        }
    }

    private mutating func addKerning(_ node: Int, _ meter: SVG.Meter) throws(SVG.Fault) {
        guard let k = Self.number(.k, of: node, document), k != 0 else { return }
        let (left, right) = (side(.u1, .g1, node), side(.u2, .g2, node))
        guard left.count * right.count + font.kerning.count <= Self.mostPairs else { return }
        try meter.spend(8 * left.count * right.count, on: "the fonts", at: document.offset(of: node))
        for a in left { for b in right { font.kerning[UInt64(a) << 32 | UInt64(b)] = k } }
    }

    /// The characters of one side of a pair: as themselves, and by the names of glyphs.
    private func side(_ unicode: SVG.Name, _ glyphs: SVG.Name, _ node: Int) -> [UInt32] {
        var result: [UInt32] = []
        if let list = document.value(unicode, of: node) {
            for word in document.store.string(list).split(separator: ",").prefix(1000) {
                let scalars = word.unicodeScalars
                if let first = scalars.first, scalars.count == 1 { result.append(first.value) }
            }
        }
        if let list = document.value(glyphs, of: node) {
            for word in document.store.string(list).split(separator: ",").prefix(1000) {
                result += scalarOfName[String(word)] ?? []
            }
        }
        return result
    }

    /// The font: outlines of areas when most of what its glyphs draw closes.
    func finished() -> PenFont {
        var result = font
        result.isOutline = subpaths.closed * 2 > subpaths.all
        if result.glyphs[0xA0] == nil { result.glyphs[0xA0] = result.glyphs[0x20] }
        return result
    }
}

extension PenFont {
    /// Reads the first `font` of an SVG file.
    ///
    /// - Parameters:
    ///   - bytes: an SVG document, or one compressed by gzip.
    ///   - name: what people call it; its family, where the file gives one, is better.
    ///   - budget: what reading may cost.
    /// - Throws: what `SVG.read` throws; `.unusable` when the file holds no font.
    public init(
        svg bytes: [UInt8], name: String, budget: DrawingBudget = .standard
    ) throws(SVG.ParseError) {
        self = try SVG.font(in: bytes, name: name, budget)
    }
}

extension SVG {
    static func font(in bytes: [UInt8], name: String, _ budget: DrawingBudget) throws(ParseError) -> PenFont {
        let meter = Meter(budget)
        var text = DecodedText(bytes: bytes, encoding: .utf8, markLength: 0)
        do throws(Fault) {
            if bytes.count > Limit.bytes { throw .limit("the file is larger than 256 MB", at: 0) }
            text = try decoded(isCompressed(bytes) ? inflated(bytes, meter) : bytes)
            let document = try Document(parsing: text.bytes, meter)
            guard let node = document.nodes.firstIndex(where: { $0.tag == .font }) else {
                throw Fault(offset: 0, reason: .unusable("the file holds no <font> with glyphs"))
            }
            var font = try document.strokeFont(node, meter)
            guard !font.glyphs.isEmpty else {
                throw Fault(offset: document.offset(of: node), reason: .unusable("the font has no glyphs"))
            }
            if font.name == "of the drawing" { font.name = name }
            return font
        } catch {
            throw ParseError(error, in: text)
        }
    }
}

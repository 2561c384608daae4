/// Makes a font ready from its table: one glyph a line, `CHARACTER ADVANCE PATH`, in units of a hundredth of the em.
///
/// Path data is that of SVG, y up. `@x,y` is a dot; `{c s x y}` is the glyph of `c`, made smaller by `s` and moved. A connected
/// font ends a line by `> ENTRY EXIT [LEAD]`.
struct GlyphTable {
    private var font = PenFont(name: "")
    private var marks: [Character: PathBuffer] = [:]
    /// Marks over letters as tall as capitals stand so much higher than over small ones.
    private let markRise: Double
    /// Marks stand so much lower than they are drawn.
    private let markDrop: Double
    /// Centre of a letter's marks where that is not the middle of its box.
    private let markCentres: [Character: Double]

    /// Radius of a dot.
    private static let dotRadius = 2.0

    /// - Parameters:
    ///   - table: the glyphs.
    ///   - marks: the accents, about x = 0 and as over small letters.
    ///   - base: gives the glyphs that the table leaves out, but for composed letters.
    init(
        _ table: String, marks: String, markRise: Double = 22, markDrop: Double = 0,
        markCentres: [Character: Double] = [:], over base: PenFont? = nil
    ) {
        self.markRise = markRise
        self.markDrop = markDrop
        if let base {
            let composed = Set(Accents.all.map(\.letter.value))
            font.glyphs = base.glyphs.filter { !composed.contains($0.key) }
        }
        self.markCentres = markCentres
        for line in table.split(separator: "\n") { add(line) }
        for line in marks.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 1)
            guard fields.count == 2, let mark = fields[0].first else { continue }
            self.marks[mark] = outline(String(fields[1]))
        }
        compose()
    }

    /// The font under a name; `change` sets what is its own.
    func font(named name: String, _ change: (inout PenFont) -> Void = { _ in }) -> PenFont {
        var result = font
        result.name = name
        change(&result)
        return result
    }

    private mutating func add(_ line: Substring) {
        let fields = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard fields.count >= 2, let advance = Double(fields[1]) else { return }
        let name = fields[0]
        var scalars = name.unicodeScalars.map(\.value)
        if name.hasPrefix("U+"), let code = UInt32(name.dropFirst(2), radix: 16) { scalars = [code] }
        guard let scalar = scalars.first else { return }
        var path = fields.count > 2 ? fields[2] : ""
        var joints = ""
        if let mark = path.firstIndex(of: ">") {
            joints = String(path[path.index(after: mark)...])
            path = path[..<mark]
        }
        var glyph = PenFont.Glyph(advance: advance, outline: outline(String(path)))
        join(&glyph, joints)
        font.glyphs[scalar] = glyph
    }

    // MARK: outlines

    private func outline(_ text: String) -> PathBuffer {
        var result = PathBuffer()
        var rest = text[...]
        while let place = rest.firstIndex(where: { $0 == "@" || $0 == "{" }) {
            result.append(PathBuffer(pathData: String(rest[..<place])), through: .identity)
            let isDot = rest[place] == "@"
            rest = rest[rest.index(after: place)...]
            if isDot {
                let end = rest.firstIndex { !($0.isNumber || $0 == "." || $0 == "," || $0 == "-") } ?? rest.endIndex
                dot(rest[..<end], into: &result)
                rest = rest[end...]
            } else if let end = rest.firstIndex(of: "}") {
                let fields = rest[..<end].split(separator: " ")
                rest = rest[rest.index(after: end)...]
                guard fields.count == 4, let scalar = fields[0].unicodeScalars.first, let scale = Double(fields[1]),
                    let x = Double(fields[2]), let y = Double(fields[3]), let part = font.glyphs[scalar.value]
                else { continue }
                result.append(part.outline, through: Transform(scale, 0, 0, scale, x, y))
            }
        }
        result.append(PathBuffer(pathData: String(rest)), through: .identity)
        return result
    }

    private func dot(_ text: Substring, into buffer: inout PathBuffer) {
        let sides = text.split(separator: ",").compactMap { Double($0) }
        guard sides.count == 2 else { return }
        let r = Self.dotRadius
        let start = Point(sides[0] + r, sides[1])
        let arc = EllipticalArc(
            center: Point(sides[0], sides[1]), u: Point(r, 0), v: Point(0, r), start: 0, sweep: 2 * .pi)
        buffer.move(to: start)
        buffer.arc(arc, to: start)
        buffer.close()
    }

    // MARK: joints

    /// Reads the directions of a glyph's first stroke: `ENTRY EXIT [LEAD]`, each `x,y` or `-`.
    private func join(_ glyph: inout PenFont.Glyph, _ text: String) {
        let fields = text.split(separator: " ")
        let verbs = glyph.outline.verbs
        guard fields.count >= 2, let start = glyph.outline.points.first else { return }
        let end = verbs.dropFirst().firstIndex(of: .move) ?? verbs.count
        let last = glyph.outline.points[verbs[..<end].reduce(0) { $0 + $1.pointCount } - 1]
        glyph.entry = direction(fields[0]).map { PenFont.Joint(place: start, direction: $0) }
        glyph.exit = direction(fields[1]).map { PenFont.Joint(place: last, direction: $0) }
        if fields.count > 2, let place = direction(fields[2]) {
            glyph.lead = PenFont.Joint(place: place, direction: start - place)
        }
    }

    private func direction(_ text: Substring) -> Point? {
        let sides = text.split(separator: ",").compactMap { Double($0) }
        return sides.count == 2 ? Point(sides[0], sides[1]) : nil
    }

    // MARK: accents

    /// Adds every letter of `Accents` whose base and mark are there.
    private mutating func compose() {
        for (scalar, base, mark) in Accents.all {
            guard font.glyphs[scalar.value] == nil, let sign = marks[mark] else { continue }
            // A dot is in the way of a mark above.
            let isBelow = Accents.below.contains(mark)
            let plain: Unicode.Scalar = base == "i" && !isBelow ? "ı" : base == "j" ? "ȷ" : base
            guard let letter = font.glyphs[plain.value] else { continue }
            var glyph = letter
            let box = letter.outline.bounds(
                verbs: 0..<letter.outline.verbs.count, points: 0, through: .identity)
            let middle = markCentres[Character(base)] ?? (box.minX + box.maxX) / 2
            let isTall = base.properties.isUppercase
            let height = isBelow ? 0 : isTall ? markRise : -markDrop
            glyph.outline.append(sign, through: .translation(middle, height))
            widen(&glyph)
            font.glyphs[scalar.value] = glyph
        }
    }

    /// A mark may be wider than its letter.
    private func widen(_ glyph: inout PenFont.Glyph) {
        let box = glyph.outline.bounds(verbs: 0..<glyph.outline.verbs.count, points: 0, through: .identity)
        let left = max(0, -box.minX)
        let right = max(0, box.maxX - glyph.advance)
        guard left > 0 || right > 0 else { return }
        var moved = PathBuffer()
        moved.append(glyph.outline, through: .translation(left, 0))
        glyph.outline = moved
        glyph.advance += left + right
        glyph.entry?.place.x += left
        glyph.exit?.place.x += left
        glyph.lead?.place.x += left
    }
}

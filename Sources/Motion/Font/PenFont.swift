/// A font that a pen can draw: glyphs of lines and curves, in units of its own with y up and the baseline at 0.
public struct PenFont: Equatable, Sendable {
    /// Where a glyph is joined to its neighbour in a font whose letters are connected.
    struct Joint: Equatable, Sendable {
        var place: Point
        /// Along the pen's way; any length but 0.
        var direction: Point
    }

    /// One character's drawing.
    struct Glyph: Equatable, Sendable {
        /// How far the next glyph stands away.
        var advance: Double
        var outline = PathBuffer()
        /// Where the line from the glyph before comes in; nil = it is not joined.
        var entry: Joint?
        /// Where the line to the next glyph goes out.
        var exit: Joint?
        /// Where a stroke to the entry begins when no line comes in; nil = there is none.
        var lead: Joint?
    }

    /// What people call it.
    public internal(set) var name: String
    /// Of the em square.
    var unitsPerEm = 100.0
    /// Above the baseline; nothing in the font is higher.
    var ascender = 95.0
    /// Below the baseline, negative; nothing in the font is lower.
    var descender = -25.0
    var capHeight = 70.0
    var xHeight = 48.0
    /// Units to the right for each unit up: all glyphs lean so.
    var slant = 0.0
    /// Its glyphs are outlines of areas, not lines.
    var isOutline = false
    /// By Unicode scalar.
    var glyphs: [UInt32: Glyph] = [:]
    /// What is drawn for a character that it lacks; nil = nothing.
    var missing: Glyph?
    /// Glyphs that stand for several characters, by the first; the longest first.
    var ligatures: [UInt32: [Ligature]] = [:]
    /// Space taken away between two characters, in units.
    var kerning: [UInt64: Double] = [:]

    /// A glyph for a run of characters.
    struct Ligature: Equatable, Sendable {
        /// Those behind the first.
        var rest: [UInt32]
        var glyph: Glyph
    }

    /// Stands for the last font that a drawing brings along.
    public static let ofDrawing = "drawing"

    /// Names of the fonts that are built in.
    public static let builtInNames = ["plain", "script"]

    /// The font of a name; nil when none of that name is built in.
    public static func builtIn(_ name: String) -> PenFont? {
        switch name {
        case "plain": plain
        case "script": script
        default: nil
        }
    }

    /// Upright single lines without serifs.
    static let plain = GlyphTable(PlainGlyphs.table, marks: PlainGlyphs.marks).font(named: "plain")

    /// A joined hand, slanted.
    static let script = GlyphTable(
        ScriptGlyphs.table, marks: PlainGlyphs.marks, markRise: 22, markDrop: 7, markCentres: ScriptGlyphs.markCentres,
        over: plain
    ).font(named: "script") { font in
        font.descender = -34
        font.xHeight = 40
        font.slant = 0.28
    }

    /// Advance of what a font has neither a glyph nor a box for, em.
    static let missingAdvance = 0.5

    /// Characters that leave no mark and take no room: joiners, directions, variation selectors, the soft hyphen.
    static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF, 0xE0100...0xE01EF: true
        default: scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0)
        }
    }
}

internal import Testing

@testable internal import Motion

/// Fonts written as SVG, in the drawing or in a file.
struct SVGFontTests {
    /// Lines: T is a stroke up, the blank is wide; `ff` is one glyph; a pair stands nearer.
    private static let lines = """
        <font id='own' horiz-adv-x='500'><font-face font-family='Own' units-per-em='1000'/>
        <missing-glyph d='M0 0H400'/><glyph unicode='T' d='M100 0V700'/><glyph unicode=' ' horiz-adv-x='300'/>
        <glyph unicode='f' d='M0 0V100'/><glyph unicode='ff' d='M0 0V200' horiz-adv-x='900'/>
        <glyph unicode='&#xe9;' glyph-name='eacute' d='M0 0V300'/><hkern u1='T' g2='eacute' k='100'/></font>
        """
    private static let outlines = """
        <font horiz-adv-x='500'><font-face font-family='Fat, Other' units-per-em='100'/>
        <glyph unicode='T' horiz-adv-x='20' d='M0 0H10V70H0Z'/></font>
        """

    @Test(arguments: [
        ("<text y='70' font-family='Own'>T T</text>", "10,70 10,0 | 90,70 90,0"),
        ("<text y='70' font-family=\"Nothing, 'own'\">T</text>", "10,70 10,0"),
        ("<text y='70' style='font: 100px Own, serif'>T</text>", "10,70 10,0"),
        ("<text y='70' font-family='Own'>ffT</text>", "0,70 0,50 | 100,70 100,0"),
        ("<text y='70' font-family='Own'>fT</text>", "0,70 0,60 | 60,70 60,0"),
        ("<text y='70' font-family='Own'>T\u{E9}</text>", "10,70 10,0 | 40,70 40,40"),
        ("<text y='70' font-family='Own'>Q</text>", "0,70 40,70"),
        ("<text y='70' font-family='Other things'>I</text>", "10,70 10,0"),
        ("<text y='70'><tspan font-family='own'>T</tspan>I</text>", "10,70 10,0 | 60,70 60,0"),
    ]) func ofTheDrawing(_ body: String, _ expected: String) throws {
        #expect(try TextDrawing.lines("<defs>\(Self.lines)</defs>" + body) == expected)
    }

    @Test func closedGlyphsAreAreas() throws {
        let flat = try TextDrawing.flat("\(Self.outlines)<text y='70' font-family='other' fill='red'>TT</text>")
        #expect(flat.polylines.count == 2)
        #expect(flat.isClosed == [true, true])
        let style = flat.styles[Int(flat.styleOf[0])]
        #expect(style.fill?.name == "#ff0000" && style.stroke == nil && !style.isStroked)
        var options = PlotOptions()
        options.outline = .stroked
        let stroked = try TextDrawing.flat(
            "\(Self.outlines)<text y='70' font-family='fat'>T</text>", options)
        #expect(stroked.polylines.count == 0)
    }

    @Test func ofAFile() throws {
        let font = try PenFont(svg: Array((Reading.head + ">" + Self.lines + "</svg>").utf8), name: "a.svg")
        #expect(font.name == "Own" && !font.isOutline)
        #expect(try TextDrawing.lines("<text y='70'>T</text>", font: font) == "10,70 10,0")
    }

    @Test(arguments: ["<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg><font/></svg>", "hello", "", "<svg><font>"])
    func aFileWithoutAFontIsRefused(_ text: String) {
        #expect(throws: SVG.ParseError.self) { try PenFont(svg: Array(text.utf8), name: "a.svg") }
    }

    @Test func hostileFontsStayInTheBudget() {
        let pairs = (0..<200).map { "<hkern u1='\($0)' u2='" + String(repeating: "a,", count: 900) + "' k='1'/>" }
        let glyphs = (0..<500).map { "<glyph unicode='a\($0)' d='M0 0H1'/>" }
        let body = "<svg><font>" + (glyphs + pairs).joined() + "</font></svg>"
        let font = try? PenFont(
            svg: Array(body.utf8), name: "a", budget: DrawingBudget(bytes: 1 << 28, steps: 3_000_000))
        #expect(font == nil || font?.ligatures.values.allSatisfy { $0.count <= 64 } == true)
    }

    @Test(arguments: ["d='M0 0H1e300'", "horiz-adv-x='1e308'", "horiz-adv-x='-5e307'", "glyph-name=''"])
    func oddGlyphsEndWell(_ attribute: String) throws {
        let font = "<font><font-face font-family='o' units-per-em='0'/><glyph unicode='T' \(attribute)/></font>"
        do {
            let flat = try TextDrawing.flat(font + "<text font-family='o' text-anchor='middle'>TTT</text>")
            #expect(flat.polylines.points.allSatisfy { $0.isFinite })
        } catch Pipeline.Failure.unreadable(let error) {
            #expect("\(error)".contains("100 m"), "\(error)")
        }
    }
}

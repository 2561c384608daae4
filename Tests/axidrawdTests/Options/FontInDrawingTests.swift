internal import Motion
internal import Testing

@testable internal import axidrawd

/// A font of a file goes along with the drawing.
struct FontInDrawingTests {
    private static let font = Array(
        """
        <?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0H9" stroke="red"/><defs><font horiz-adv-x="500">
        <font-face font-family="Mine" units-per-em="1000"/><glyph unicode="T" d="M100 0V700"/><glyph unicode="é" d="M0 0V300"/>
        </font></defs></svg>
        """.utf8)

    private static func lines(_ drawing: String) throws -> [[Point]] {
        var options = PlotOptions()
        options.text = .builtIn("plain")
        options.textIsOfDrawing = true
        let whole = try FontInDrawing.drawing(Array(drawing.utf8), with: Self.font, path: "mine.svg")
        let flat = try Pipeline.flatDrawing(of: whole, options: options, tolerance: 0.1)
        return (0..<flat.polylines.count).map { Array(flat.polylines[$0]) }
    }

    @Test(arguments: [
        "<svg xmlns='http://www.w3.org/2000/svg' width='100mm' height='100mm' viewBox='0 0 100 100'><text y='70'"
            + " font-size='100' font-family='Arial'>T</text></svg>\n",
        "<?xml version='1.0' encoding='ISO-8859-1'?><s:svg xmlns:s='http://www.w3.org/2000/svg' width='100mm'"
            + " height='100mm' viewBox='0 0 100 100'><s:text y='70' font-size='100'>T</s:text></s:svg ><!-- end -->",
    ])
    func drawsAllText(_ drawing: String) throws {
        let lines = try Self.lines(drawing)
        #expect(lines.count == 1)
        #expect(lines.first?.map { [$0.x.rounded(), $0.y.rounded()] } == [[10, 70], [10, 0]])
    }

    @Test func whatCannotBeOpenedIsRefusedInWords() {
        func failure(_ drawing: [UInt8], _ font: [UInt8] = Self.font) -> String {
            do throws(FontInDrawing.Failure) {
                _ = try FontInDrawing.drawing(drawing, with: font, path: "mine.svg")
                return ""
            } catch { return error.description }
        }
        #expect(failure([0x1F, 0x8B, 8]).contains("compressed"))
        #expect(failure([0xFF, 0xFE, 60, 0]).contains("UTF-16"))
        #expect(failure(Array("<svg/>".utf8)).contains("</svg>"))
        #expect(failure([]).contains("</svg>"))
        #expect(failure(Array("<svg></svg>".utf8), Array("<svg/>".utf8)).contains("mine.svg"))
    }
}

internal import Testing

@testable internal import Motion

/// Where characters stand, by SVG's rules.
struct TextLayoutTests {
    @Test(arguments: [
        ("x='5' y='80'", "I", "15,80 15,10"),
        ("y='80'", "II", "10,80 10,10 | 30,80 30,10"),
        ("x='50' y='80' text-anchor='middle'", "II", "40,80 40,10 | 60,80 60,10"),
        ("x='50' y='80' style='text-anchor:end'", "II", "20,80 20,10 | 40,80 40,10"),
        ("x='0 50' y='80'", "III", "10,80 10,10 | 60,80 60,10 | 80,80 80,10"),
        ("x='50 50' y='80 90' text-anchor='middle'", "II", "50,80 50,10 | 50,90 50,20"),
        ("y='80' dx='0 5' dy='0 -10'", "III", "10,80 10,10 | 35,70 35,0 | 55,70 55,0"),
        ("x='10%,1in' y='80'", "II", "20,80 20,10 | 106,80 106,10"),
        ("x='50' y='50' rotate='90'", "I", "50,60 120,60"),
        ("y='70' rotate='0 90'", "III", "10,70 10,0 | 20,80 90,80 | 40,80 110,80"),
        ("y='80' letter-spacing='5'", "II", "10,80 10,10 | 35,80 35,10"),
        ("y='80' style='letter-spacing:.1em'", "II", "10,80 10,10 | 40,80 40,10"),
        ("y='80' word-spacing='12'", "I I", "10,80 10,10 | 70,80 70,10"),
        ("y='80' textLength='100'", "II", "10,80 10,10 | 90,80 90,10"),
        ("y='80' textLength='100' lengthAdjust='spacingAndGlyphs'", "II", "25,80 25,10 | 75,80 75,10"),
        ("y='70' font-size='50%'", "I", "5,70 5,35"),
        ("y='70' style='font: italic bold 2em/1.5 serif'", "I", "20,70 20,-70"),
        ("y='70' style='font-size:medium'", "I", "1.6,70 1.6,58.8"),
        ("y='70' dominant-baseline='hanging'", "I", "10,140 10,70"),
        ("y='70' transform='scale(2,1)'", "I", "20,70 20,0"),
        ("y='70' transform='rotate(90)'", "I", "-70,10 0,10"),
        ("y='70' x='nonsense'", "I", "10,70 10,0"),
    ]) func attributesOfText(_ attributes: String, _ content: String, _ expected: String) throws {
        #expect(try TextDrawing.lines("<text \(attributes)>\(content)</text>") == expected)
    }

    @Test(arguments: [
        ("<text y='70'>I<tspan x='50'>I</tspan>I</text>", "10,70 10,0 | 60,70 60,0 | 80,70 80,0"),
        ("<text y='70'><tspan dy='5'>I</tspan><tspan dy='5'>I</tspan></text>", "10,75 10,5 | 30,80 30,10"),
        ("<text x='0 40 80' y='70'>I<tspan x='60'>I</tspan>I</text>", "10,70 10,0 | 70,70 70,0 | 90,70 90,0"),
        ("<text y='70'>I<tspan font-size='50'>I</tspan></text>", "10,70 10,0 | 25,70 25,35"),
        ("<text y='70'>I<tspan display='none'>III</tspan>I</text>", "10,70 10,0 | 30,70 30,0"),
        ("<text y='70'>I<tspan visibility='hidden'>I</tspan>I</text>", "10,70 10,0 | 50,70 50,0"),
        ("<text y='70'>I<tspan baseline-shift='super' font-size='60'>I</tspan></text>", "10,70 10,0 | 26,50 26,8"),
        ("<text y='70'>I<title>III</title><a>I</a></text>", "10,70 10,0 | 30,70 30,0"),
        ("<text y='70' rotate='90'><tspan rotate='0'>I</tspan></text>", "10,70 10,0"),
        ("<defs><text id='t' y='70'>I</text></defs><use href='#t' x='5'/>", "15,70 15,0"),
        ("<switch><text y='70'>I</text><text y='80'>I</text></switch>", "10,70 10,0"),
        ("<text y='70'>I</text><text y='80'>I</text>", "10,70 10,0 | 10,80 10,10"),
        ("<text y='70' opacity='0'>I</text>", ""),
        ("<text y='70' fill='none'>I</text>", ""),
        (
            "<clipPath id='c'><rect width='99' height='30'/></clipPath><text y='70' clip-path='url(#c)'>I</text>",
            "10,30 10,0"
        ),
    ]) func elementsInText(_ body: String, _ expected: String) throws {
        #expect(try TextDrawing.lines(body) == expected)
    }

    @Test(arguments: [
        ("<text y='70'>  I \n\t I  </text>", "10,70 10,0 | 58,70 58,0"),
        ("<text y='70' xml:space='preserve'> I  I</text>", "38,70 38,0 | 114,70 114,0"),
        ("<g style='white-space:pre'><text y='70'> I</text></g>", "38,70 38,0"),
        ("<g xml:space='preserve'><text y='70' xml:space='default'> I</text></g>", "10,70 10,0"),
        ("<text y='70'>I <tspan> I</tspan></text>", "10,70 10,0 | 58,70 58,0"),
        ("<text y='70' x='50' text-anchor='end'>\n  I\n</text>", "40,70 40,0"),
        ("<text y='70'>&#73;<![CDATA[I]]>&#xA0;I</text>", "10,70 10,0 | 30,70 30,0 | 78,70 78,0"),
        ("<text y='70'>I&#x200B;&#xAD;I</text>", "10,70 10,0 | 30,70 30,0"),
    ]) func whiteSpace(_ body: String, _ expected: String) throws {
        #expect(try TextDrawing.lines(body) == expected)
    }

    @Test func decomposedLettersAreComposed() throws {
        let composed = try TextDrawing.lines("<text y='70'>\u{E9}\u{C5}</text>")
        #expect(try TextDrawing.lines("<text y='70'>e\u{301}A\u{30A}</text>") == composed)
        #expect(!composed.isEmpty)
    }

    @Test func inkIsThatOfTheFillElseOfTheStroke() throws {
        let body = """
            <g id='a'><text y='70' fill='red' stroke='blue'>I</text></g>
            <g id='b'><text y='70' fill='none' stroke='blue'>I<tspan fill='lime'>I</tspan></text></g>
            """
        let flat = try TextDrawing.flat(body)
        let styles = flat.styleOf.map { flat.styles[Int($0)] }
        #expect(styles.map(\.stroke?.name) == ["#ff0000", "#0000ff", "#00ff00"])
        #expect(styles.allSatisfy { $0.fill == nil && $0.isStroked })
        #expect(styles.map { flat.layers[$0.layer].name } == ["a", "b", "b"])
    }

    @Test func withoutAFontNothingIsDrawnAndTheFlagIsNamed() throws {
        let flat = try Reading.flat(Reading.root + "<text y='70'>I</text></svg>")
        #expect(flat.polylines.count == 0)
        #expect(flat.diagnostics.map(\.code) == ["unsupported-element"])
        #expect(flat.diagnostics[0].message.contains("--text plain"))
    }

    @Test func lackingCharactersAreNamedOnce() throws {
        let flat = try TextDrawing.flat("<text y='70'>I\u{6F22}\u{6F22}</text><text>\u{5B57}\u{1F600}</text>")
        #expect(flat.polylines.count == 1)
        #expect(flat.diagnostics.map(\.code) == ["missing-glyph"])
        let message = try #require(flat.diagnostics.first).message
        #expect(message.contains("U+6F22") && message.contains("U+5B57") && message.contains("U+1F600"))
    }
}

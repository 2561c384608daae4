internal import Testing

@testable internal import Motion

/// Text along paths.
struct TextPathTests {
    @Test(arguments: [
        ("<path id='p' d='M0 70H300'/>", "href='#p'", "II", "10,70 10,0 | 30,70 30,0"),
        ("<path id='p' d='M0 70H300'/>", "href='#p' startOffset='50'", "I", "60,70 60,0"),
        ("<path id='p' d='M0 70H300'/>", "href='#p' startOffset='50%'", "I", "160,70 160,0"),
        ("<path id='p' pathLength='3' d='M0 70H300'/>", "href='#p' startOffset='1'", "I", "110,70 110,0"),
        (
            "<path id='p' d='M0 70H300'/>", "href='#p' startOffset='50%' text-anchor='middle'", "II",
            "140,70 140,0 | 160,70 160,0"
        ),
        ("<path id='p' d='M100 0V300'/>", "xlink:href='#p'", "I", "100,10 170,10"),
        ("<path id='p' d='M0 70H300' transform='translate(5,5)'/>", "href='#p'", "I", "15,75 15,5"),
        ("<line id='p' y1='70' x2='300' y2='70'/>", "href='#p'", "I", "10,70 10,0"),
        ("<path id='p' d='M0 70H35'/>", "href='#p'", "III", "10,70 10,0 | 30,70 30,0"),
        ("<path id='p' d='M0 70H15M100 70H200'/>", "href='#p'", "II", "10,70 10,0 | 115,70 115,0"),
        ("<path id='p' d='M300 70H0'/>", "href='#p' side='right'", "I", "10,70 10,0"),
        ("<path id='p' d='M0 70H100V170'/>", "href='#p'", "I<tspan dy='5'>I</tspan>", "10,70 10,0 | 30,75 30,5"),
    ]) func alongLines(_ path: String, _ attributes: String, _ content: String, _ expected: String) throws {
        let text = "<defs>\(path)</defs><text><textPath \(attributes)>\(content)</textPath></text>"
        #expect(try TextDrawing.lines(text) == expected)
    }

    @Test func anArcTurnsLettersAboutItsCentre() throws {
        let flat = try TextDrawing.flat(
            """
            <defs><path id='p' d='M-200 300A200 200 0 0 1 200 300'/></defs>
            <text><textPath href='#p' startOffset='50%' text-anchor='middle'>IIIIIII</textPath></text>
            """)
        #expect(flat.polylines.count == 7)
        let px = 25.4 / 96
        let centre = Point(0, 300 * px)
        for i in 0..<flat.polylines.count {
            let line = Array(flat.polylines[i])
            let radii = line.map { $0.distance(to: centre) / px }
            #expect(abs(radii[0] - 200) < 0.1 && abs(radii[1] - 270) < 0.1, "\(radii)")
        }
        // The middle letter stands upright on the top.
        let middle = Array(flat.polylines[3])
        #expect(abs(middle[0].x) < 1e-3 && abs(middle[0].y - 100 * px) < 0.02 && abs(middle[1].x) < 0.02)
    }

    @Test func aRingIsGoneRoundOnce() throws {
        let ring = "<defs><circle id='p' cx='0' cy='0' r='50'/></defs>"
        let lines = try TextDrawing.lines(ring + "<text><textPath href='#p' startOffset='75%'>I</textPath></text>")
        #expect(lines.hasPrefix("9.9,-49"), "\(lines)")
        let wrapped = try TextDrawing.lines(ring + "<text><textPath href='#p' startOffset='-25%'>I</textPath></text>")
        #expect(wrapped == lines)
    }

    @Test func whatFollowsGoesOnAtTheEnd() throws {
        let text = "<defs><path id='p' d='M0 70H50'/></defs><text><textPath href='#p'>I</textPath>I</text>"
        #expect(try TextDrawing.lines(text) == "10,70 10,0 | 60,70 60,0")
    }

    @Test func aMissingPathIsTold() throws {
        let flat = try TextDrawing.flat("<text><textPath href='#p'>I</textPath></text>")
        #expect(flat.diagnostics.map(\.code) == ["missing-reference"])
    }
}

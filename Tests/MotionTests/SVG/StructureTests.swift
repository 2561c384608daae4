internal import Testing

@testable internal import Motion

/// What is drawn of a document, where, and in which colour: rules of the reference page, one line each.
struct StructureTests {
    @Test(arguments: [
        // Units, percentages, viewports.
        ("<line x2='1in' y2='25.4mm'/>", "0,0 96,96"), ("<line x2='6pc' y2='72pt'/>", "0,0 96,96"),
        ("<line x2='50%' y2='1q'/>", "0,0 50,0.94"), ("<line x2='44mmx' y2='5'/>", "0,0 0,5"),
        ("<svg x='10' y='10' width='50' height='50' viewBox='0 0 10 10'><line x2='5' y2='50%'/></svg>", "10,10 35,35"),
        (
            "<svg width='20' height='40' viewBox='0 0 10 10' preserveAspectRatio='xMinYMax meet'><line x2='10'/></svg>",
            "0,20 20,20"
        ), ("<svg width='0' height='9'><line x2='5'/></svg>", ""),
        // Transforms.
        ("<g transform='translate(5)scale(2)'><line x2='5'/></g>", "5,0 15,0"),
        ("<line x2='5' transform='rotate(90 5 0)'/>", "5,-5 5,0"), ("<line x2='5' transform='scale(2'/>", "0,0 5,0"),
        ("<line x2='5' style='transform:translate(1px,2px)' transform='scale(9)'/>", "1,2 6,2"),
        ("<line x2='5' transform='rotate(180)' transform-origin='5 0'/>", "10,0 5,0"),
        ("<line x2='5' transform='scale(0)'/>", ""),
        // Use, symbol, switch.
        ("<defs><line id='a' x2='5'/></defs><use href='#a' x='1' y='2'/>", "1,2 6,2"),
        ("<use xlink:href='#a' href='#none'/><defs><line id='a' x2='5'/></defs>", ""),
        (
            "<symbol id='s' viewBox='0 0 10 10'><line x2='10' y2='10'/></symbol><use href='#s' width='20' height='20'/>",
            "0,0 20,20"
        ), ("<g id='a'><use href='#a'/><line x2='5'/></g>", "0,0 5,0"),
        ("<switch><line x2='1' systemLanguage='ru'/><line x2='2'/><line x2='3'/></switch>", "0,0 2,0"),
        ("<line x2='1' requiredExtensions=''/><unknown><line x2='2'/></unknown>", ""),
        // Visibility.
        ("<g display='none'><line x2='1' visibility='visible'/></g>", ""),
        ("<g visibility='hidden'><line x2='1'/><line x2='2' visibility='visible'/></g>", "0,0 2,0"),
        ("<line x2='1' stroke-opacity='0'/><line x2='2' opacity='.1'/>", "0,0 2,0"),
        ("<line x2='1' stroke='none' fill='red'/>", ""), ("<rect width='4' height='0'/><circle r='-1'/>", ""),
        // Shapes.
        ("<rect x='1' y='2' width='3' height='4'/>", "1,2 4,2 4,6 1,6 1,2"),
        ("<polyline points='0 0 1,1 2'/><polygon points='0,0 2,0 2,2'/>", "0,0 1,1 | 0,0 2,0 2,2 0,0"),
        ("<line/>", ""), ("<path d='M5 5h0'/>", ""), ("<path d='M5 5h0' stroke-linecap='round'/>", "5,5"),
        // Clipping and dashes.
        (
            "<clipPath id='c'><rect width='5' height='9'/></clipPath><path clip-path='url(#c)' d='M1 1h9'/>",
            "1,1 5,1"
        ), ("<clipPath id='c'/><path clip-path='url(#c)' d='M1 1h9'/>", ""),
        ("<path clip-path='url(#none)' d='M1 1h9'/>", "1,1 10,1"),
        ("<path stroke-dasharray='2 1' d='M0 0h5'/>", "0,0 2,0 | 3,0 5,0"),
        ("<path stroke-dasharray='2' stroke-dashoffset='-1' d='M0 0h5'/>", "1,0 3,0"),
        ("<path stroke-dasharray='1 -1' d='M0 0h5'/>", "0,0 5,0"),
    ])
    func draws(_ body: String, _ expected: String) throws {
        #expect(try Reading.lines(body) == expected)
    }

    @Test(arguments: [
        ("width='10mm' height='2cm'", 10.0, 20.0), ("width='96' viewBox='0 0 10 20'", 25.4, 50.8),
        ("viewBox='0 0 96 192'", 25.4, 50.8), ("width='100%' height='100%' viewBox='0 0 96 96'", 25.4, 25.4),
    ])
    func measuresThePage(_ attributes: String, _ width: Double, _ height: Double) throws {
        let page = try Reading.flat(Reading.head + attributes + " stroke='red'><line x2='1'/></svg>").page
        #expect(abs(page.width - width) < 1e-9 && abs(page.height - height) < 1e-9)
    }

    @Test(arguments: [
        ("<line x2='1' stroke='RED'/>", "#ff0000"), ("<line x2='1' style='stroke:#0f08'/>", "#00ff00"),
        ("<line x2='1' style='stroke:rgb(0%,50%,100%)'/>", "#0080ff"),
        ("<line x2='1' style='stroke:hsl(120, 100%, 25%)'/>", "#008000"),
        ("<g color='#123456' stroke='currentColor'><line x2='1'/></g>", "#123456"),
        ("<style>line{stroke:red}#a{stroke:green}.b{stroke:blue}</style><line id='a' class='b' x2='1'/>", "#008000"),
        ("<style>.b{stroke:blue!important}</style><line class='b' x2='1' style='stroke:red'/>", "#0000ff"),
        ("<style>g>line:first-child{stroke:#010203}</style><g><line x2='1' stroke='red'/></g>", "#010203"),
        ("<style>[x2='1']{stroke:lime} ][,{} line::x{stroke:red}</style><line x2='1'/>", "#00ff00"),
        ("<line x2='1' stroke='url(#none) navy'/>", "#000080"),
        ("<linearGradient id='g'><stop stop-color='teal'/></linearGradient><line x2='1' stroke='url(#g)'/>", "#008080"),
        ("<line x2='1' stroke='nonsense'/>", "#000000"),
        ("<line x2='1' style='stroke:color-mix(in srgb, red, blue)'/>", "#800080"),
        ("<line x2='1' style='--a:red;stroke:var(--a)'/>", "#ff0000"),
    ])
    func knowsThePensColour(_ body: String, _ colour: String) throws {
        let flat = try Reading.flat(Reading.root + body + "</svg>")
        #expect(flat.styleOf.count == 1)
        #expect(flat.styles[Int(flat.styleOf[0])].stroke?.name == colour)
    }

    @Test func namesWhatIsNotDrawnOnce() throws {
        let flat = try Reading.flat(Reading.root + "<text>a</text>\n<text>b</text><image/><line x2='1'/></svg>")
        let told = flat.diagnostics.map { "\($0.code) \($0.line ?? 0) \($0.count)" }
        #expect(told.count == 2, "\(told)")
        #expect(told.allSatisfy { $0.contains(" 1 ") || $0.contains(" 2 ") }, "\(told)")
    }
}

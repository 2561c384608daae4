internal import TestSupport
internal import Testing

@testable internal import Motion

/// What `--hatch` makes of whole drawings.
struct HatchedDrawingTests {
    private static func inked(
        _ body: String, _ change: (inout PlotOptions) -> Void = { _ in }, hatch: Hatch? = Hatch(spacing: 1, degrees: 0)
    ) throws -> FlatDrawing {
        var options = PlotOptions()
        options.hatch = hatch
        change(&options)
        let root = Reading.head + "width='100mm' height='100mm' viewBox='0 0 100 100'>"
        let flat = try Reading.flat(root + body + "</svg>", options)
        let profile = try #require(MachineProfile.builtIn.first)
        return try flat.inked(options: options, profile: profile, execution: .serial)
    }

    /// Hatch lines: open, where the outlines of these drawings are closed.
    private static func lines(_ drawing: FlatDrawing) -> [Int] {
        (0..<drawing.polylines.count).filter { !drawing.isClosed[$0] }
    }

    private static func box(_ drawing: FlatDrawing) -> Box {
        var box = Box()
        for i in lines(drawing) { for p in drawing.polylines[i] { box.include(p) } }
        return box
    }

    private static func isNear(_ box: Box, _ sides: [Double]) -> Bool {
        zip([box.minX, box.minY, box.maxX, box.maxY], sides).allSatisfy { ($0 - $1).magnitude < 1e-6 }
    }

    @Test func keepsLayerAndInkOfTheFillAndTheOutline() throws {
        let drawing = try Self.inked(
            """
            <g id='1 first'><rect x='10' y='10' width='20' height='10' fill='#ff0000' stroke='#0000ff'/></g>
            <g id='2 second'><rect x='50' y='10' width='20' height='10' fill='#00ff00'/></g>
            """)
        #expect(drawing.polylines.count == 4)
        let styles = drawing.styleOf.map { drawing.styles[Int($0)] }
        #expect(styles.map { drawing.layers[$0.layer].name } == ["1 first", "1 first", "2 second", "2 second"])
        #expect(styles.map { ($0.stroke ?? $0.fill)?.name } == ["#ff0000", "#0000ff", "#00ff00", "#00ff00"])
        #expect(drawing.isClosed == [false, true, false, true])
        #expect(drawing.polylines[0].count == 20)
    }

    @Test func isOffByDefault() throws {
        let drawing = try Self.inked("<rect width='20' height='10'/>", hatch: nil)
        #expect(drawing.polylines.count == 1)
        #expect(drawing.areas == nil)
    }

    @Test func keepsHalfThePenFromTheEdge() throws {
        let drawing = try Self.inked("<rect x='10' y='10' width='20' height='10'/>") { $0.penWidth = 1 }
        #expect(Self.isNear(Self.box(drawing), [10.5, 10.5, 29.5, 19.5]))
    }

    @Test func clipsAndMasksApply() throws {
        let body = """
            <clipPath id='c'><rect x='15' y='0' width='10' height='100'/></clipPath>
            <mask id='m'><rect x='0' y='12' width='100' height='4' fill='white'/></mask>
            <g mask='url(#m)'><rect x='10' y='10' width='20' height='10' clip-path='url(#c)'/></g>
            """
        let box = Self.box(try Self.inked(body) { $0.outline = .stroked })
        #expect(Self.isNear(box, [15.15, 12.5, 24.85, 15.5]), "\(box)")
    }

    @Test func holesStayEmpty() throws {
        let ring = "M10 10h30v30h-30z M20 20h10v10h-10z"
        for rule in ["evenodd", "nonzero"] {
            let drawing = try Self.inked("<path fill-rule='\(rule)' d='\(ring)'/>")
            let inHole = Self.lines(drawing).contains { i in
                let line = Array(drawing.polylines[i])
                return line.indices.dropLast().contains { k in
                    let middle = (line[k] + line[k + 1]) * 0.5
                    return middle.x > 21 && middle.x < 29 && middle.y > 21 && middle.y < 29
                }
            }
            #expect(inHole == (rule == "nonzero"))
        }
    }

    @Test func whatIsNotPaintedIsNotHatched() throws {
        for body in [
            "<rect x='10' y='10' width='20' height='10' fill='none' stroke='black'/>",
            "<rect x='10' y='10' width='20' height='10' fill-opacity='0' stroke='black'/>",
            "<rect x='10' y='10' width='20' height='10' fill='white' stroke='black'/>",
            "<line x1='10' y1='10' x2='40' y2='10' fill='black' stroke='black'/>",
            "<rect width='100' height='100' fill='white'/><circle r='9' cx='50' cy='50' fill='none' stroke='red'/>",
        ] {
            let drawing = try Self.inked(body)
            #expect(drawing.polylines.count == 1, "\(body)")
        }
    }

    @Test func fillsAreHatchedWithoutOutlineWhereOnlyStrokesAreDrawn() throws {
        let drawing = try Self.inked("<rect x='10' y='10' width='20' height='10'/>") { $0.outline = .stroked }
        #expect(drawing.isClosed == [false])
    }

    @Test func spacingIsThatOfThePaperHoweverTheDrawingIsFitted() throws {
        var options = PlotOptions()
        options.hatch = Hatch(spacing: 2, degrees: 0)
        options.page = Size(width: 200, height: 200)
        options.fit = .page
        let root = Reading.head + "width='10mm' height='10mm' viewBox='0 0 10 10'>"
        let flat = try Reading.flat(root + "<rect width='10' height='10'/></svg>", options)
        let profile = try #require(MachineProfile.builtIn.first)
        let drawing = try flat.inked(options: options, profile: profile, execution: .serial)
        let heights = Set(drawing.polylines[0].map(\.y)).sorted()
        #expect(heights.count == 100)
        #expect(((heights[1] - heights[0]) - 0.1).magnitude < 1e-9)
    }

    @Test func crossAndAlternateTurn() throws {
        let two = "<rect x='10' y='10' width='20' height='10'/><rect x='50' y='10' width='20' height='10'/>"
        let cross = try Self.inked(two, hatch: Hatch(spacing: 1, degrees: 0, pattern: .cross))
        #expect(Self.lines(cross).count == 4)
        let alternate = try Self.inked(two, hatch: Hatch(spacing: 1, degrees: 0, pattern: .alternate))
        #expect(Self.lines(alternate).map { alternate.polylines[$0].count } == [20, 40])
    }

    @Test func densityWithoutEndIsRefusedWithASpacingThatWouldDo() throws {
        var options = PlotOptions()
        options.hatch = Hatch(spacing: 0.05)
        let many = String(repeating: "<rect width='100' height='100' fill='red'/>", count: 400)
        let root = Reading.head + "width='100mm' height='100mm' viewBox='0 0 100 100'>"
        let flat = try Reading.flat(root + many + "</svg>", options)
        func check(_ spacing: Double) throws {
            let hatcher = Hatcher(
                Hatch(spacing: spacing), of: flat, penWidth: 0.3, scale: 1, isChosen: flat.styles.map { _ in true })
            try hatcher.check()
        }
        let error = #expect(throws: PlanError.self) { try check(0.05) }
        guard case .tooLarge(let text)? = error else { return }
        let words = text.split(separator: " ")
        let place = try #require(words.lastIndex(of: "mm"))
        let enough = try #require(Double(words[place - 1]))
        #expect(enough < 0.2)
        try check(enough)
    }

    @Test(arguments: [0, -1, .nan, .infinity, 1e-300, 1e9]) func figuresOutOfRangeAreRefused(spacing: Double) {
        var options = PlotOptions()
        options.hatch = Hatch(spacing: spacing)
        #expect(throws: PlanError.self) { try options.check() }
    }
}

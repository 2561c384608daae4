internal import Testing

@testable internal import Motion

/// What `--occlude` makes of whole drawings.
struct HiddenLineTests {
    private static func inked(_ body: String, _ change: (inout PlotOptions) -> Void = { _ in }) throws -> FlatDrawing {
        var options = PlotOptions()
        options.hidesLines = true
        change(&options)
        let root = Reading.head + "width='100mm' height='100mm' viewBox='0 0 100 100'>"
        let flat = try Reading.flat(root + body + "</svg>", options)
        let profile = try #require(MachineProfile.builtIn.first)
        return try flat.inked(options: options, profile: profile, execution: .serial)
    }

    /// The line under the shape of each case: whether it is cut.
    private static func isCut(_ top: String) throws -> Bool {
        try inked("<path d='M0 50h100' stroke='black' fill='none'/>" + top).polylines[0].count(where: { $0.x > 99 })
            == 0
    }

    private static let square = "x='40' y='40' width='20' height='20'"

    @Test(arguments: [
        "<rect \(square) fill='white'/>", "<rect \(square)/>", "<rect \(square) fill='red' stroke='blue'/>",
        "<g opacity='1'><rect \(square)/></g>",
        "<linearGradient id='g'><stop stop-color='red'/><stop offset='1'/></linearGradient><rect \(square) fill='url(#g)'/>",
        "<clipPath id='c'><rect \(square)/></clipPath><rect width='100' height='90' y='5' clip-path='url(#c)'/>",
        "<rect \(square) style='mix-blend-mode: normal'/>",
    ]) func opaqueFillsHide(_ top: String) throws {
        #expect(try Self.isCut(top))
    }

    @Test(arguments: [
        "<rect \(square) fill='none' stroke='red'/>", "<rect \(square) fill-opacity='.5'/>",
        "<rect \(square) opacity='.99'/>", "<g opacity='.5'><rect \(square)/></g>", "<rect \(square) fill='#f008'/>",
        "<rect \(square) fill='rgb(0 0 0 / 50%)'/>", "<rect \(square) fill='transparent' stroke='red'/>",
        "<g style='mix-blend-mode: multiply'><rect \(square)/></g>", "<rect \(square) visibility='hidden'/>",
        "<linearGradient id='g'><stop stop-opacity='.2'/><stop offset='1'/></linearGradient><rect \(square) fill='url(#g)'/>",
        "<pattern id='p' width='1' height='1'><path d='M0 0h1'/></pattern><rect \(square) fill='url(#p)'/>",
        "<mask id='m'><rect \(square) fill='white'/><rect width='9' height='9' fill='gray'/></mask>"
            + "<rect \(square) mask='url(#m)'/>",
        "<g id='%notes'><rect \(square)/></g>",
    ]) func whatShinesThroughHidesNothing(_ top: String) throws {
        #expect(try !Self.isCut(top))
    }

    @Test func paintOrderDecides() throws {
        let drawing = try Self.inked(
            "<rect \(Self.square)/><path d='M0 50h100' stroke='black' fill='none'/>")
        #expect(drawing.polylines.count == 2)
        #expect(drawing.isClosed == [true, false])
    }

    @Test func aClosedLineThatIsCutIsOpenAndKeepsNoSeam() throws {
        let drawing = try Self.inked(
            "<rect x='10' y='10' width='40' height='40' fill='none' stroke='red'/><rect x='40' y='20' width='30' height='10'/>"
        )
        #expect(drawing.polylines.count == 2)
        #expect(drawing.isClosed == [false, true])
        let line = Array(drawing.polylines[0])
        #expect(
            line[0].distance(to: Point(50, 30)) < 1e-3 && line[line.count - 1].distance(to: Point(50, 20)) < 1e-3,
            "\(line)")
    }

    @Test func holesShowWhatLiesUnder() throws {
        let ring = "M20 20h60v60h-60z M40 40h20v20h-20z"
        func count(_ rule: String) throws -> Int {
            try Self.inked(
                "<path d='M0 50h100' stroke='black' fill='none'/><path fill-rule='\(rule)' d='\(ring)'/>"
            ).polylines.count
        }
        #expect(try count("evenodd") == 5)
        #expect(try count("nonzero") == 4)
    }

    @Test func hatchLinesAreHiddenToo() throws {
        let drawing = try Self.inked(
            "<rect x='10' y='10' width='40' height='40' fill='red'/><rect x='20' y='20' width='20' height='20' fill='white'/>"
        ) { $0.hatch = Hatch(spacing: 1, degrees: 0) }
        for i in 0..<drawing.polylines.count where !drawing.isClosed[i] {
            let line = Array(drawing.polylines[i])
            for k in line.indices.dropLast() {
                let middle = (line[k] + line[k + 1]) * 0.5
                #expect(!(middle.x > 20.01 && middle.x < 39.99 && middle.y > 20.01 && middle.y < 39.99), "\(middle)")
            }
        }
        // Forty rows, twenty of them in two parts: still linked at the outer ends.
        #expect(drawing.polylines.count < 40)
    }

    @Test func layersThatAreLeftOutHideAllTheSame() throws {
        let body =
            "<g id='1 a'><path d='M0 50h100' stroke='black' fill='none'/></g><g id='2 b'><rect \(Self.square)/></g>"
        let drawing = try Self.inked(body) { $0.layers = ["1"] }
        let end = try #require(drawing.polylines[0].last)
        #expect((end.x - 40).magnitude < 1e-3)
        #expect(drawing.diagnostics.contains { $0.code == "hidden" && $0.count == 1 })
    }

    @Test func fillsHideWhereOnlyStrokesAreDrawn() throws {
        let drawing = try Self.inked(
            "<path d='M0 50h100' stroke='black' fill='none'/><rect \(Self.square) fill='white'/>"
        ) { $0.outline = .stroked }
        #expect(drawing.polylines.count == 2)
    }
}

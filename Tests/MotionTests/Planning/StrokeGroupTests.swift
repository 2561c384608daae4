internal import Testing

@testable internal import Motion

/// What becomes a group of strokes that one pen draws without a person in between.
struct StrokeGroupTests {
    private func groups(_ body: String, by grouping: PlotOptions.Grouping = .layer) throws -> [(String?, Int)] {
        let head = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90' stroke='black' fill='none'>"
        var options = PlotOptions()
        options.grouping = grouping
        let flat = try Pipeline.flatDrawing(of: Array((head + body + "</svg>").utf8), options: options, tolerance: 0.1)
        return flat.groups(options: options).map { ($0.name, $0.members.count) }
    }

    private let line = "<path d='M0 0h9'/>"

    @Test func groupsOfTheRootAreLayers() throws {
        let found = try groups("<g>\(line)</g><g id='b'>\(line)\(line)</g>\(line)")
        #expect(found.map { $0.0 } == ["1", "b", nil])
        #expect(found.map { $0.1 } == [1, 2, 1])
    }

    /// A name is a group's number among all groups, named ones counted; time grows with their number, not its square.
    @Test(.timeLimit(.minutes(5))) func veryManyGroupsAreNumbered() throws {
        #expect(
            try groups("<g>\(line)</g><g id='b'>\(line)</g>\(line)<g>\(line)</g>").map { $0.0 } == ["1", "b", nil, "3"])
        let count = 30_000
        let many = Reading.root + String(repeating: "<g>\(line)</g>", count: count) + "</svg>"
        let flat = try Reading.flat(many)
        #expect(flat.layers.map(\.name) == (1...count).map { "\($0)" })
        // Nothing sets them apart: one pen draws them all.
        #expect(flat.groups(options: PlotOptions()).map(\.members.count) == [count])
    }

    @Test func aNameIsAPatternWithoutItsNumbers() {
        for name in ["char_0_U0041", "char_1_U00E9", "char_22_U1F600"] {
            #expect(SVG.LayerPlan.pattern(name) == "char_#_U#")
        }
        #expect(SVG.LayerPlan.pattern("path12") == SVG.LayerPlan.pattern("path7"))
        #expect(SVG.LayerPlan.pattern("outline") != SVG.LayerPlan.pattern("shading"))
    }

    /// Filled here, stroked there: once, with the stroke, whichever way round and wherever the outline begins.
    @Test(arguments: [PlotOptions.Grouping.layer, .stroke]) func whatIsFilledAndStrokedIsDrawnOnce(
        _ grouping: PlotOptions.Grouping
    ) throws {
        let fills = "<g id='f' fill='red' stroke='none'><path d='M1 1L9 1L9 9Z'/><path d='M1 20L9 20L9 29'/></g>"
        let strokes = "<g id='s'><path d='M9 9L9 1L1 1Z'/><path d='M9 29L1 20L9 20Z'/><path d='M1 1L9 1'/></g>"
        let flat = try Reading.flat(Reading.root + fills + strokes + "</svg>")
        var options = PlotOptions()
        options.grouping = grouping
        #expect(flat.fillsDrawnAsStrokes(options: options) == [0, 1])
        options.layers = ["f"]
        #expect(flat.fillsDrawnAsStrokes(options: options) == [])
        options.layers = nil
        options.keepsDuplicates = true
        #expect(flat.fillsDrawnAsStrokes(options: options) == [])
    }

    /// As programs write letters: each glyph a group of its own, all for one pen.
    @Test func unnamedGroupsInsideTheOnlyGroupAreNoPens() throws {
        let glyphs = String(repeating: "<g>\(line)</g>", count: 5)
        #expect(try groups("<g>\(glyphs)</g>").map { $0.1 } == [5])
        let coloured = "<g stroke='red'>\(line)</g><g>\(line)</g><g stroke='red'>\(line)</g>"
        #expect(try groups("<g>\(coloured)</g>").map { $0.1 } == [2, 1])
        // A name makes a layer, and what stands behind it comes after it.
        let named = "<g>\(line)</g><g>\(line)</g><g id='n'>\(line)</g><g>\(line)</g>"
        #expect(try groups("<g>\(named)</g>").map { $0.0 } == ["1", "n", "4"])
        #expect(try groups("<g>\(named)</g>").map { $0.1 } == [2, 1, 1])
    }

    @Test func byStrokeInOrderOfFirstUse() throws {
        let body = "\(line)<path d='M0 1h9' stroke='#f00'/>\(line)<g stroke='red'>\(line)</g>"
        let found = try groups(body, by: .stroke)
        #expect(found.map { $0.0 } == ["#000000", "#ff0000"])
        #expect(found.map { $0.1 } == [2, 2])
    }
}

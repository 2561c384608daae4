internal import Testing

@testable internal import Motion

/// What is joined has one ink.
struct JoinColourTests {
    private static func planned(_ body: String) throws -> PlannedStrokes {
        let drawing =
            "<svg xmlns='http://www.w3.org/2000/svg' width='100mm' height='50mm' viewBox='0 0 100 50' fill='none'>\(body)</svg>"
        let options = PlotOptions()
        return try Pipeline.flatDrawing(of: Array(drawing.utf8), options: options, tolerance: 0.01).planned(
            options: options, profile: MachineProfile.builtIn[0], execution: .serial)
    }

    @Test func coloursThatMeetStayApart() throws {
        let strokes = try Self.planned(
            "<path d='M10 10H30V30H10Z' stroke='green'/><path d='M30 20H50' stroke='red'/><path d='M50 20H70' stroke='red'/>"
        )
        #expect(strokes.polylines.count == 2)
        #expect(strokes.layers.count == 1)
        let names = (0..<2).map { strokes.colour(ofStroke: $0, in: strokes.layers[0])?.name ?? "" }
        #expect(names.sorted() == ["#008000", "#ff0000"])
    }

    @Test func oneColourIsJoined() throws {
        let strokes = try Self.planned(
            "<path d='M10 10H30' stroke='red'/><path d='M30 10H50' stroke='#f00'/><path d='M50 10V30' stroke='red'/>")
        #expect(strokes.polylines.count == 1)
    }
}

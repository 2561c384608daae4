internal import Testing

@testable internal import Motion

/// Where a plot waits for a person.
struct PlotStopTests {
    private func planned(_ layers: [(name: String, colour: String)], _ change: (inout PlotOptions) -> Void = { _ in })
        throws -> PlannedStrokes
    {
        var options = PlotOptions()
        change(&options)
        let groups = layers.enumerated().map { i, layer in
            "<g data-name='\(layer.name)' stroke='\(layer.colour)'><path d='M1 \(i * 2 + 1)h9'/></g>"
        }
        let text =
            "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90' fill='none'>\(groups.joined())</svg>"
        return try Pipeline.strokes(of: Array(text.utf8), options: options, profile: MachineProfile.builtIn[0])
    }

    private func told(_ strokes: PlannedStrokes) -> [String] { strokes.stops.map { "\($0.stroke) \($0.prompt)" } }

    @Test func anotherColourOrNumberIsAnotherPen() throws {
        #expect(
            told(try planned([("a", "red"), ("b", "blue"), ("c", "blue"), ("d", "#123456")]))
                == ["1 pen b: put it in", "3 pen d: put it in"])
        #expect(told(try planned([("1", "red"), ("2", "red")])) == ["1 pen 2, red: put it in"])
        #expect(told(try planned([("2 fine", "red"), ("2 again", "blue")])) == [])
        #expect(told(try planned([("one", "black"), ("two", "black")])) == [])
    }

    @Test func onePenDrawsAllButALayerMayStillAsk() throws {
        let layers = [("a", "red"), ("!b", "blue"), ("c", "green")]
        #expect(told(try planned(layers)) == ["1 pen b: put it in", "2 pen c: put it in"])
        #expect(told(try planned(layers) { $0.usesOnePen = true }) == ["1 before the layer !b"])
        #expect(told(try planned([("!first", "red"), ("b", "red")])) == ["0 before the layer !first"])
    }

    @Test func byPenAndByStrokeEveryGroupHasItsOwn() throws {
        let layers = [("1 a", "red"), ("2 b", "red"), ("1 c", "red"), ("d", "red"), ("e", "red")]
        #expect(
            told(try planned(layers) { $0.grouping = .pen })
                == ["2 pen 2, b: put it in", "3 pen d: put it in", "4 pen e: put it in"])
        #expect(told(try planned(layers) { $0.grouping = .stroke }) == [])
        #expect(
            told(try planned([("a", "red"), ("b", "#00f")]) { $0.grouping = .stroke }) == ["1 pen #0000ff: put it in"])
    }

    @Test func copiesAskForTheFirstPenAgain() throws {
        let strokes = try planned([("1", "red"), ("2", "blue")])
        #expect(
            strokes.stops(copies: 2).map { "\($0.stroke) \($0.prompt)" }
                == ["1 pen 2, blue: put it in", "2 pen 1, red: put it in", "3 pen 2, blue: put it in"])
        #expect(try planned([("a", "red"), ("b", "red")]).stops(copies: 5).isEmpty)
    }

    /// Who goes on at a stroke is asked for the pen that draws there.
    @Test func theRestBeginsWithItsPen() throws {
        let strokes = try planned([("1", "red"), ("2", "blue"), ("2 more", "blue"), ("3", "green")])
        #expect(told(strokes) == ["1 pen 2, blue: put it in", "3 pen 3, green: put it in"])
        #expect(told(strokes.beginning(atStroke: 0)) == told(strokes))
        #expect(told(strokes.beginning(atStroke: 1)) == ["0 pen 2, blue: put it in", "2 pen 3, green: put it in"])
        #expect(told(strokes.beginning(atStroke: 2)) == ["0 pen 2, blue: put it in", "1 pen 3, green: put it in"])
        #expect(told(strokes.beginning(atStroke: 3)) == ["0 pen 3, green: put it in"])
    }
}

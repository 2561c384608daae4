internal import Testing

@testable internal import Motion

/// Codes at the beginning of a layer's name: each is read or told by itself.
struct LayerCodesTests {
    @Test func codesAreReadInAnyCase() {
        let (codes, ignored, _) = LayerCodes.reading("!2 +s50+D1500 +H20 red +S9")
        #expect(codes.pausesBefore && !codes.isDocumentation && codes.number == 2)
        #expect(codes.penDownSpeedPercent == 50 && codes.delayMilliseconds == 1500)
        #expect(codes.penDownHeightPercent == 20 && ignored.isEmpty)
    }

    @Test(arguments: [
        ("+S0 +D5", "+S0"), ("+S111 +D5", "+S111"), ("+H101+D5", "+H101"), ("+H-1 +D5", "+H-1"),
        ("+S12.5 +D5", "+S12.5"),
        ("1001 +D5", "1001"), ("+X3 +D5", "+X3"), ("+S99999999999 +D5", "+S99999999999"),
    ])
    func aCodeWithoutEffectIsIgnoredByItself(_ name: String, _ told: String) {
        let (codes, ignored, _) = LayerCodes.reading(name)
        #expect(ignored.map(\.text) == [told])
        #expect(codes.delayMilliseconds == 5 && codes.penDownSpeedPercent == nil && codes.number == nil)
        #expect(codes.penDownHeightPercent == nil)
    }

    @Test(arguments: ["red", "C++ and more", "+", "++", "+S", "+ 5", "1.5mm", "", "+25 degrees", "black +blue"])
    func aPlainNameTellsNothing(_ name: String) {
        #expect(LayerCodes.reading(name).ignored.isEmpty)
    }

    private let line = "<path stroke='black' d='M1 1h9'/>"

    private func planned(_ name: String, isStrict: Bool) throws -> PlannedStrokes {
        var options = PlotOptions()
        options.isStrict = isStrict
        let text =
            "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'><g data-name='\(name)'>\(line)</g>"
            + "<g data-name='rest'>\(line)</g></svg>"
        return try Pipeline.strokes(of: Array(text.utf8), options: options, profile: MachineProfile.builtIn[0])
    }

    /// `+H` at or above the raised pen would not lower it.
    @Test(arguments: ["1 +S0 red", "1 +H100 red", "4000"]) func whatIsIgnoredIsToldAndStrictRefusesIt(_ name: String)
        throws
    {
        let told = try planned(name, isStrict: false).diagnostics.filter { $0.code == "layer-code" }
        #expect(told.map(\.severity) == [.warning])
        #expect(throws: Pipeline.Failure.self) { try planned(name, isStrict: true) }
    }

    private func names(_ options: PlotOptions) throws -> [String?] {
        let layers = ["2 red", "1 black", "other", "1 again"].enumerated().map { i, name in
            "<g data-name='\(name)'><path stroke='black' d='M1 \(i + 1)h9'/></g>"
        }
        let text = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'>\(layers.joined())</svg>"
        return try Pipeline.strokes(of: Array(text.utf8), options: options, profile: MachineProfile.builtIn[0])
            .layers.map(\.name)
    }

    @Test func pensAreDrawnInTheOrderOfTheirNumbers() throws {
        var options = PlotOptions()
        #expect(try names(options) == ["2 red", "1 black", "other", "1 again"])
        options.grouping = .pen
        #expect(try names(options) == ["1 black", "2 red", "other"])
    }

    @Test func layersAreDrawnInTheOrderAskedFor() throws {
        var options = PlotOptions()
        options.layers = ["other", "1", "2 red"]
        #expect(try names(options) == ["other", "1 black", "1 again", "2 red"])
        options.grouping = .pen
        #expect(try names(options) == ["other", "1 black", "2 red"])
        options.layers = ["2", "1"]
        #expect(try names(options) == ["2 red", "1 black"])
    }
}

internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Travel that begins while the pen still rises: quicker, and never with ink on the paper.
struct PenOverlapTests {
    private func executed(_ name: String, _ flags: [String]) throws -> Replay.Summary {
        let request = try Fixture.request(flags)
        return try Fixture(name).prepared(request).replayed(request)
    }

    @Test(arguments: ["stipple", "hatching", "lettering"], ["2.8.1", "3.0.3"])
    func savesTimeAndDragsNoInk(_ name: String, _ firmware: String) throws {
        let quick = try executed(name, ["--firmware", firmware])
        let slow = try executed(name, ["--firmware", firmware, "--no-overlap"])
        #expect(quick.incidents == [] && slow.incidents == [])
        #expect(quick.ticks < slow.ticks)
        #expect(quick.penLifts == slow.penLifts && quick.penDownMillimetres == slow.penDownMillimetres)
    }

    /// The drop timed to the arrival, which is off by default (decision 0302) and never there for boards with a queue of one.
    @Test(arguments: ["stipple", "hatching", "lettering"])
    func aTimedDropSavesMoreAndDragsNoInk(_ name: String) throws {
        var request = try Fixture.request(["--firmware", "3.0.3"])
        let whole = try Fixture(name).prepared(request).replayed(request)
        request.options.timesDrop = true
        let timed = try Fixture(name).prepared(request).replayed(request)
        #expect(timed.incidents == [])
        #expect(timed.ticks < whole.ticks && timed.penLifts == whole.penLifts)
    }

    /// Low, high, flat and steep lifts, a brushless servo, fixed times longer and shorter than the servo's own.
    @Test(arguments: [
        ["--pen-up-height", "46", "--pen-down-height", "20"], ["--pen-up-height", "100", "--pen-down-height", "0"],
        ["--pen-up-height", "50", "--pen-down-height", "36"],
        ["--profile", "nextdraw-8511", "--pen-down-height", "30"],
        ["--lift-time", "0.5"], ["--preset", "saxi", "--overlap"],
    ])
    func dragsNoInkWhateverTheHeights(_ flags: [String]) throws {
        #expect(try executed("stipple", flags).incidents == [], "\(flags)")
    }

    /// `+H` and `+S` act on their own layer only.
    @Test func aLayersCodesChangeItsHeightAndSpeedOnly() throws {
        func drawing(_ codes: String) -> [UInt8] {
            Array(
                """
                <svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
                width="100mm" height="40mm" viewBox="0 0 100 40" stroke="black">
                <g inkscape:groupmode="layer" inkscape:label="1\(codes) a"><path d="M5 5h80"/></g>
                <g inkscape:groupmode="layer" inkscape:label="2 b"><path d="M5 9h80"/></g></svg>
                """.utf8)
        }
        let request = try Fixture.request(["--order", "none"])
        func plot(_ codes: String) throws -> PreparedPlot {
            try PreparedPlot(drawing: drawing(codes), request: request, execution: .serial)
        }
        let (plain, slow, low) = (try plot(""), try plot("+S5"), try plot("+H10"))
        #expect(slow.stream.layers[0].ticks > plain.stream.layers[0].ticks * 2)
        #expect(slow.stream.layers[1].ticks == plain.stream.layers[1].ticks)
        let text = String(decoding: low.bytes(lineEnd: 10), as: UTF8.self)
        let heights = text.split(separator: "\n").filter { $0.hasPrefix("SC,5,") }
        #expect(heights == ["SC,5,15248", "SC,5,11653", "SC,5,15248"])
        #expect(low.replayed(request).incidents == [])
    }
}

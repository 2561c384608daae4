internal import Motion
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

    /// The drop timed to the arrival, which is never there for boards with a queue of one.
    @Test(arguments: ["stipple", "hatching", "lettering"], ["junction", "physical"])
    func aTimedDropSavesMoreAndDragsNoInk(_ name: String, _ motion: String) throws {
        var request = try Fixture.request(["--firmware", "3.0.3", "--motion", motion])
        let timed = try Fixture(name).prepared(request).replayed(request)
        request.options.timesDrop = false
        let whole = try Fixture(name).prepared(request).replayed(request)
        #expect(timed.incidents == [])
        #expect(timed.ticks < whole.ticks && timed.penLifts == whole.penLifts)
    }

    /// A lowered pen of each layer's own height, over travels from nothing to 90 mm.
    @Test(arguments: ["2.8.1", "3.0.3"], ["junction", "physical"])
    func dragsNoInkWithHeightsOfLayers(_ firmware: String, _ motion: String) throws {
        var text =
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' "
        text += "width='100mm' height='40mm' viewBox='0 0 100 40' stroke='black'>"
        for (row, height) in [0, 20, 33, 36].enumerated() {
            text += "<g inkscape:groupmode='layer' inkscape:label='\(row)+H\(height)'>"
            var (x, gap) = (1.0, 0.3)
            while x < 98 {
                text += "<path d='M\(x) \(row * 9 + 4)h0.5'/>"
                (x, gap) = (x + 0.5 + gap, gap * 1.3)
            }
            text += "</g>"
        }
        let flags = ["--firmware", firmware, "--motion", motion, "--order", "none", "--join", "none"]
        let request = try Fixture.request(flags)
        let run = try PreparedPlot(drawing: Array((text + "</svg>").utf8), request: request, execution: .serial)
            .replayed(request)
        #expect(run.incidents == [] && run.penLifts >= 60)
    }

    /// How far off the paper a pen must be is a figure of the profile: a larger one costs time, the largest all of it.
    @Test func theClearanceIsTheProfiles() throws {
        var request = try Fixture.request(["--firmware", "3.0.3"])
        func ticks(_ clearance: Double) throws -> Int64 {
            request.profile.paperClearance = clearance
            return Int64(try Fixture("stipple").prepared(request).stream.durationTicks)
        }
        let (near, usual, never) = (try ticks(4), try ticks(8), try ticks(100))
        request.options.overlapsPen = false
        #expect(near < usual && usual < never)
        #expect(try ticks(8) == never)
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

    /// The board that a machine would be has its paper where the machine's pen meets it, so that every model draws.
    @Test(arguments: MachineProfile.builtIn.map(\.name), ["junction", "physical"])
    func everyModelDraws(_ name: String, _ motion: String) throws {
        let request = try Fixture.request(["--profile", name, "--motion", motion])
        let plot = try Fixture("stipple").prepared(request)
        let drawn = plot.replayed(request)
        #expect(drawn.incidents == [] && drawn.penLifts == plot.stream.penLifts)
        #expect(abs(drawn.penDownMillimetres / plot.stream.penDownMillimetres - 1) < 0.01)
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

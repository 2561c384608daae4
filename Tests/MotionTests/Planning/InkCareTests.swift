internal import Testing

@testable internal import Motion

/// Strokes drawn several times, past their beginning, from anywhere, with a full pen.
struct InkCareTests {
    private func planned(
        _ body: String, isOrdered: Bool = false, _ change: (inout PlotOptions) -> Void = { _ in }
    ) throws -> PlannedStrokes {
        var options = PlotOptions()
        options.order = isOrdered ? .full : .none
        change(&options)
        let text =
            "<svg xmlns='http://www.w3.org/2000/svg' width='90mm' height='60mm' viewBox='0 0 90 60' fill='none' "
            + "stroke='black'>\(body)</svg>"
        return try Pipeline.strokes(of: Array(text.utf8), options: options, profile: MachineProfile.builtIn[0])
    }

    private func lengths(_ strokes: PlannedStrokes) -> [Double] {
        (0..<strokes.polylines.count).map { (strokes.polylines.length($0) * 100).rounded() / 100 }
    }

    private let lines = "<path d='M5 5h10'/><path d='M5 8h10'/><path d='M5 11h10'/><path d='M5 14h10'/>"
    private let square = "<path d='M5 5h10v10h-10z'/>"

    @Test func passesGoBackAndForthAndRound() throws {
        let open = try planned("<path d='M5 5h10v2'/>") { $0.care.passes = 3 }
        #expect(lengths(open) == [36] && open.polylines.points.last?.distance(to: Point(15, 7)) ?? 9 < 0.01)
        #expect(lengths(try planned(square) { $0.care.passes = 2 }) == [80])
        let dot = try planned("<path d='M5 5h0' stroke-linecap='round'/>") { $0.care.passes = 3 }
        #expect(lengths(dot) == [0, 0, 0])
    }

    @Test func eachPenMarksTheCornersOfThePage() throws {
        let layers = "<g stroke='#c00'>\(lines)</g><g stroke='#00c'>\(lines)</g>"
        let marked = try planned(layers) { $0.care.marks = 4 }
        let plain = try planned(layers)
        #expect(plain.layers.count == 2 && marked.polylines.count == plain.polylines.count + 16)
        for layer in marked.layers {
            let crosses = layer.strokes.prefix(8).map { Array(marked.polylines[$0]) }
            #expect(crosses.allSatisfy { abs($0[0].distance(to: $0[1]) - 4) < 1e-9 })
            let wanted = [(0, Point(2, 4)), (1, Point(4, 2)), (4, Point(84, 56)), (5, Point(86, 54))]
            #expect(wanted.allSatisfy { crosses[$0][0].distance(to: $1) < 1e-9 })
        }
        // One pen for all marks once; a page too small for them has none.
        let once = try planned(layers) {
            $0.care.marks = 4
            $0.usesOnePen = true
        }
        #expect(once.polylines.count == plain.polylines.count + 8)
        #expect(try planned(lines) { $0.care.marks = 40 }.polylines.count == 4)
    }

    @Test func closedPathsAreDrawnOnPastTheirBeginning() throws {
        #expect(lengths(try planned(square) { $0.care.overlap = 3 }) == [43])
        #expect(lengths(try planned(square) { $0.care.overlap = 14 }) == [54])
        // Once more round at most, and open ones not at all.
        #expect(lengths(try planned(square) { $0.care.overlap = 100 }) == [80])
        #expect(lengths(try planned("<path d='M5 5h10'/>") { $0.care.overlap = 5 }) == [10])
    }

    @Test func randomStartsRepeatWithTheirSeed() throws {
        let many = (0..<12).map { "<path d='M\(5 + $0 * 6) 5h4v4h-4z'/>" }.joined()
        func starts(_ seed: UInt64) throws -> [Point] {
            let strokes = try planned(many) { $0.care.startSeed = seed }
            #expect(lengths(strokes) == Array(repeating: 16, count: 12))
            return (0..<12).compactMap { strokes.polylines[$0].first }
        }
        #expect(try starts(7) == starts(7))
        #expect(try starts(7) != starts(8))
    }

    @Test func thePenIsDippedAtTheNextLift() throws {
        let dipped = try planned(lines) { options in
            options.care.refill = .dip(Point(80, 50))
            options.care.refillDistance = 15
            options.care.wipe = Point(-6, 0)
        }
        #expect(lengths(dipped) == [10, 10, 0, 6, 10, 10])
        #expect(dipped.polylines[2].first == Point(80, 50) && dipped.stops.isEmpty)
        #expect(dipped.layers.map(\.strokes) == [0..<6])
        #expect(dipped.colours.count == 6 && (dipped.isExact.isEmpty || dipped.isExact.count == 6))
        // What is left after a crash is what the plan has from there on.
        #expect(lengths(dipped.beginning(atStroke: 3)) == [6, 10, 10])
    }

    @Test func orAPersonIsAskedForInk() throws {
        let stops = try planned(lines) { options in
            options.care.refill = .pause
            options.care.refillDistance = 9
        }.stops
        #expect(stops.map(\.stroke) == [1, 2, 3] && stops.allSatisfy { $0.kind == .ink })
        let timed = try planned(lines) { options in
            options.care.refill = .pause
            options.care.refillSeconds = 1_000
        }
        #expect(timed.stops.isEmpty)
    }

    /// A pen that has just been put in is full, and is brought to write.
    @Test func anotherPenIsFullAndScribbles() throws {
        let body = "<g data-name='1'>\(lines)</g><g data-name='2'><path d='M5 20h10'/><path d='M5 23h10'/></g>"
        let strokes = try planned(body) { options in
            options.care.scribble = Point(60, 2)
            options.care.refill = .pause
            options.care.refillDistance = 35
        }
        #expect(strokes.layers.map(\.strokes) == [0..<5, 5..<8])
        #expect(strokes.stops.map { "\($0.kind) \($0.stroke)" } == ["pen 5"])
        #expect(strokes.polylines[0].count == 9 && strokes.polylines[5].first == Point(60, 2))
    }

    @Test func placesOutsideTheMachineAreRefused() {
        #expect(throws: Pipeline.Failure.self) {
            try planned(lines) { options in
                options.care.refill = .dip(Point(1_000, 5))
                options.care.refillDistance = 5
            }
        }
        #expect(throws: Pipeline.Failure.self) { try planned(lines) { $0.care.scribble = Point(5, 400) } }
        #expect(throws: Pipeline.Failure.self) { try planned(lines) { $0.care.passes = 0 } }
    }
}

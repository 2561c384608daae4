internal import Testing

@testable internal import Motion

/// Choices of planning that seconds decide.
struct PricedPlanTests {
    private func planned(_ lines: [[Point]], keepsDuplicates: Bool = false) throws -> (PlannedStrokes, Double) {
        var drawing = FlatDrawing(
            page: Size(width: 297, height: 210), styles: [.init(layer: -1, stroke: nil, fill: nil)])
        for line in lines {
            drawing.polylines.append(line)
            drawing.styleOf.append(0)
            drawing.isClosed.append(line.count > 2 && line[0] == line[line.count - 1])
            drawing.isCurved.append(false)
        }
        var options = PlotOptions()
        options.keepsDuplicates = keepsDuplicates
        let profile = MachineProfile.builtIn[0]
        let strokes = try drawing.planned(options: options, profile: profile, execution: .serial)
        var cost = PlanCost(profile: profile, options: options, codes: LayerCodes())
        var (seconds, place) = (0.0, Point(0, 0))
        for i in 0..<strokes.polylines.count {
            let line = strokes.polylines[i]
            seconds += cost.hop(place.distance(to: line[line.startIndex])) + cost.drawing(line)
            place = line[line.endIndex - 1]
        }
        return (strokes, seconds + cost.hop(place.distance(to: Point(0, 0))))
    }

    /// Rings in a row, each in two halves, with bridges between them that are drawn twice.
    @Test func bridgesDrawnTwiceStayWhereTheySaveLifts() throws {
        var lines: [[Point]] = []
        for k in 0..<12 {
            let middle = Point(20 + Double(k) * 20, 50)
            let ring = (0...24).map { middle + Point(cosine(.pi / 12 * Double($0)), sine(.pi / 12 * Double($0))) * 5 }
            lines += [Array(ring[...12]), Array(ring[12..<24]) + [ring[0]]]
            let bridge = [ring[0], middle + Point(20 + 5 * cosine(.pi), 5 * sine(.pi))]
            if k < 11 { lines += [bridge, bridge.reversed()] }
        }
        let (strokes, seconds) = try planned(lines)
        #expect(strokes.polylines.count == 1)
        #expect(strokes.diagnostics.contains { $0.code == "duplicates-drawn" && $0.count == 11 })
        let (_, kept) = try planned(lines, keepsDuplicates: true)
        #expect(seconds <= kept * (1 + 1e-9))
    }

    /// A comb whose teeth are there and back: long ones are quicker drawn once, short ones twice.
    @Test(arguments: [3.0, 12, 30])
    func teethAreDrawnTwiceWhereThatIsQuicker(length: Double) throws {
        var lines: [[Point]] = []
        for k in 0..<40 {
            let foot = Point(20 + Double(k) * 3, 50)
            let tooth = [foot, foot + Point(0, length)]
            lines += [[foot, foot + Point(3, 0)], tooth, tooth.reversed()]
        }
        let (strokes, seconds) = try planned(lines)
        let (_, kept) = try planned(lines, keepsDuplicates: true)
        #expect(seconds <= kept * (1 + 1e-9))
        #expect((strokes.polylines.count > 10) == (length > 10))
    }

    @Test func aLineThatEndsOnAClosedStrokeIsDrawnInOneWithIt() throws {
        let square = [Point(20, 20), Point(60, 20), Point(60, 60), Point(20, 60), Point(20, 20)]
        let (strokes, _) = try planned([square, [Point(60, 33), Point(100, 33)]])
        #expect(strokes.polylines.count == 1)
        #expect(abs(strokes.polylines.length(0) - 200) < 1e-9)
        let (apart, _) = try planned([square, [Point(61, 33), Point(100, 33)]])
        #expect(apart.polylines.count == 2)
    }
}

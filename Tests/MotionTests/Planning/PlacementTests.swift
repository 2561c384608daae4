internal import Testing

@testable internal import Motion

/// Where a turned and fitted drawing comes to lie.
struct PlacementTests {
    private func placed(_ lines: [[Point]], page: Size, _ change: (inout PlotOptions) -> Void) throws -> Box {
        var drawing = FlatDrawing(page: page, styles: [.init(layer: -1, stroke: nil, fill: nil)])
        for line in lines {
            drawing.polylines.append(line)
            drawing.styleOf.append(0)
            drawing.isClosed.append(false)
            drawing.isCurved.append(false)
        }
        var options = PlotOptions()
        options.tolerance = 0.001
        change(&options)
        var profile = MachineProfile.builtIn[0]
        profile.travel = Size(width: 300, height: 300)
        let planned = try drawing.planned(options: options, profile: profile, execution: .serial)
        var box = Box()
        for point in planned.polylines.points { box.include(point) }
        return box
    }

    /// A cross whose own box, turned by 45°, is half as large again as the turned cross.
    private let cross = [[Point(50, 0), Point(50, 100)], [Point(0, 50), Point(100, 50)]]

    @Test func fittingATurnedDrawingFillsThePage() throws {
        let box = try placed(cross, page: Size(width: 120, height: 100)) {
            $0.rotation = 45
            $0.fit = .page
            $0.page = Size(width: 200, height: 150)
        }
        #expect(abs(box.height - 150) < 1e-6 && abs(box.width - 150) < 1e-6)
        #expect(abs(box.minX - 25) < 1e-6 && abs(box.minY) < 1e-6, "in the middle")
    }

    @Test func aMarginThatLeavesNothingOfThePageIsRefused() throws {
        for (margin, value, side) in [
            (PlotOptions.Margin(top: 0, right: 500, bottom: 0, left: 0), 500.0, 120.0),
            (.init(top: 50, right: 0, bottom: 50, left: 0), 50, 100),
        ] {
            #expect(throws: PlanError.limit(name: "margin", value: value, range: 0...side / 2)) {
                try placed(cross, page: Size(width: 120, height: 100)) {
                    $0.margin = margin
                    $0.fit = .shrink
                }
            }
        }
        // Where nothing is fitted it has no effect, which is told.
        _ = try placed(cross, page: Size(width: 120, height: 100)) { $0.margin.left = 500 }
    }

    @Test func whatDoesNotFitAfterTurningIsShrunkIntoTheMiddle() throws {
        let box = try placed([[Point(0, 0), Point(190, 140)]], page: Size(width: 200, height: 150)) {
            $0.rotation = -30
            $0.fit = .shrink
        }
        #expect(abs((box.minX + box.maxX) / 2 - 100) < 1e-6 && abs((box.minY + box.maxY) / 2 - 75) < 1e-6)
    }

    /// A quarter turn of a landscape drawing leaves it standing; without one, a portrait page is laid down.
    @Test func anAngleGivenSwitchesTheTurnOfThePageOff() throws {
        let line = [[Point(10, 20), Point(190, 20)]]
        let turned = try placed(line, page: Size(width: 200, height: 100)) { $0.rotation = 90 }
        #expect(abs(turned.height - 180) < 1e-6 && turned.width < 1e-6)
        let standing = [[Point(20, 10), Point(20, 190)]]
        let auto = try placed(standing, page: Size(width: 100, height: 200)) { _ in }
        #expect(abs(auto.width - 180) < 1e-6)
        let kept = try placed(standing, page: Size(width: 100, height: 200)) { $0.rotation = 0 }
        #expect(abs(kept.height - 180) < 1e-6)
    }
}

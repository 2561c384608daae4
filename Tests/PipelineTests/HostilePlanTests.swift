internal import EBB
internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// Drawings and figures at their limits: an error or a right plan, in bounded time.
struct HostilePlanTests {
    private static let page = Size(width: 297, height: 210)

    private func drawing(_ strokes: [[Point]]) -> FlatDrawing {
        var lines = Polylines()
        for stroke in strokes { lines.append(stroke) }
        return FlatDrawing(
            page: Self.page, layers: [DrawingLayer(name: nil)], styles: [.init(layer: 0, stroke: .black, fill: nil)],
            polylines: lines, styleOf: Array(repeating: 0, count: lines.count),
            isClosed: strokes.map { $0.count > 2 && $0.first == $0.last })
    }

    private func stream(
        _ drawing: FlatDrawing, _ options: PlotOptions = PlotOptions(), _ profile: MachineProfile = .standard,
        _ firmware: FirmwareVersion = .v303
    ) throws -> CommandStream {
        let strokes = try drawing.planned(options: options, profile: profile, execution: .serial)
        return try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
    }

    /// Runs a stream; it must be without error, end at home, pen up, in the time it said.
    @discardableResult
    private func executed(_ stream: CommandStream, _ firmware: FirmwareVersion = .v303) -> Replay.Summary {
        var bytes: [UInt8] = []
        for command in stream.commands { command.write(to: &bytes) }
        let summary = Replay(BoardConfiguration(firmware: firmware)).run(bytes)
        #expect(summary.errors == [] && summary.incidents == [])
        #expect(summary.motor1 == 0 && summary.motor2 == 0 && summary.penUp)
        #expect(summary.ticks == stream.durationTicks)
        #expect(summary.penLifts == stream.penLifts)
        return summary
    }

    @Test func nothingToDrawIsAnError() {
        let empty = drawing([])
        #expect(throws: PlanError.nothingToDraw) { try stream(empty) }
        #expect(throws: PlanError.nothingInsideMachine) { try stream(drawing([[Point(400, 5), Point(500, 5)]])) }
        #expect(throws: PlanError.nothingInsideMachine) { try stream(drawing([[Point(400, 5)]])) }
    }

    @Test(arguments: [FirmwareVersion.v281, .v303], PlotOptions.Motion.allCases)
    func aDotIsDownAndUp(_ firmware: FirmwareVersion, _ motion: PlotOptions.Motion) throws {
        var options = PlotOptions()
        options.motion = motion
        for dot in [[Point(10, 10)], [Point(10, 10), Point(10, 10)], Array(repeating: Point(10, 10), count: 50)] {
            let plot = executed(try stream(drawing([dot]), options, .standard, firmware), firmware)
            #expect(plot.penLifts == 1)
            #expect(plot.penDownMillimetres == 0)
            #expect(abs(plot.penUpMillimetres - 2 * 200.0.squareRoot()) < 0.1)
        }
        // At home: not even travel.
        let atHome = try stream(drawing([[Point(0, 0)]]), options, .standard, firmware)
        #expect(executed(atHome, firmware).penLifts == 1)
        // Shorter than a step: drawn as a dot.
        let short = [Point(10, 10), Point(10.0001, 10)]
        #expect(executed(try stream(drawing([short]), options, .standard, firmware), firmware).penLifts == 1)
    }

    @Test func duplicatesAreDrawnOnceOrAsOftenAsAsked() throws {
        let line = [Point(10, 10), Point(20, 15), Point(30, 10)]
        let strokes = [line, line, line.reversed(), line]
        #expect(executed(try stream(drawing(strokes))).penLifts == 1)
        var options = PlotOptions()
        options.keepsDuplicates = true
        options.joins = false
        #expect(executed(try stream(drawing(strokes), options)).penLifts == 4)
        options.joins = true
        options.joinDistance = 0
        #expect(executed(try stream(drawing(strokes), options)).penLifts == 1, "ends that coincide")
        options.joinDistance = 0.1
        let joined = executed(try stream(drawing(strokes), options))
        #expect(joined.penLifts == 1, "forth and back without a lift")
        #expect(abs(joined.penDownMillimetres - 4 * 2 * 125.0.squareRoot()) < 1)
    }

    @Test func hugeCoordinatesAreCut() throws {
        for size in [1e9, 1e15, 1e100, 1e300] {
            let stroke = [Point(-size, 100), Point(size, 100), Point(size, size), Point(50, -size)]
            for isClosed in [false, true] {
                do {
                    executed(
                        try stream(drawing([isClosed ? stroke + [stroke[0]] : stroke, [Point(5, 5), Point(9, 5)]])))
                } catch let error as PlanError {
                    #expect(error == .nothingInsideMachine, "\(size)")
                }
            }
        }
        let cut = executed(try stream(drawing([[Point(-1e9, 100), Point(1e9, 100)]])))
        #expect(abs(cut.penDownMillimetres - 297) < 0.1)
        // Scaled into the page instead.
        var options = PlotOptions()
        options.fit = .page
        let fitted = executed(
            try stream(drawing([[Point(-1e9, 0), Point(1e9, 0)], [Point(0, -1e8), Point(0, 1e8)]]), options))
        #expect(fitted.penLifts == 2)
        #expect(abs(fitted.penDownMillimetres - 297 * 1.1) < 0.1)
    }

    @Test func numbersThatAreNoneDoNotTrap() throws {
        let strokes = [
            [Point(.nan, 5), Point(9, 5)], [Point(.infinity, 5), Point(9, 5)], [Point(5, 5), Point(9, 5)],
        ]
        #expect(executed(try stream(drawing(strokes))).penLifts == 1)
    }

    /// Each in seconds: nothing may be quadratic.
    @Test(.timeLimit(.minutes(5)))
    func manyStrokesInOnePlace() throws {
        let count = 4000
        var options = PlotOptions()
        options.keepsDuplicates = true
        options.orderSeconds = 0
        // Joining and order are on trial, and these commands are the sooner made.
        options.motion = .junction
        let dots = Array(repeating: [Point(50, 50)], count: count)
        #expect(try stream(drawing(dots), options).penLifts == count)
        #expect(try stream(drawing(dots)).penLifts == 1)
        /// A place of its own, 2 mm from every other.
        func far(_ k: Int) -> Point { Point(100 + Double(k % 90) * 2, 10 + Double(k / 90) * 2) }
        // From one place outwards: drawn in pairs.
        let star = (0..<count).map { [Point(50, 50), far($0)] }
        #expect(try stream(drawing(star), options).penLifts == count / 2)
        // All ends within the joining distance, none in the same place.
        let cloud = (0..<count).map { k in
            let place = Point(50 + Double(k % 64) * 1.5e-3, 50 + Double(k / 64) * 1.5e-3)
            return [place, far(k)]
        }
        let lifts = try stream(drawing(cloud), options).penLifts
        #expect(lifts >= count / 2 && lifts <= count)
        // The same short line over and over.
        let same = Array(repeating: [Point(50, 50), Point(50, 51)], count: count)
        #expect(try stream(drawing(same), options).penLifts == 1)
    }

    /// A thousand layers, and ten thousand inks: as many groups, in order, each stroke once.
    @Test(.timeLimit(.minutes(5)))
    func manyLayersAndInks() throws {
        let count = 10_000
        func place(_ k: Int) -> Point { Point(2 + Double(k % 100) * 2, 2 + Double(k / 100)) }
        var lines = drawing((0..<count).map { [place($0), place($0) + Point(1, 0.5)] })
        var options = PlotOptions()
        options.orderSeconds = 0
        // Groups are on trial, and these commands are the sooner made.
        options.motion = .junction
        lines.layers = (0..<1000).map { DrawingLayer(name: "\($0)") }
        lines.styles = (0..<1000).map { .init(layer: $0, stroke: .black, fill: nil) }
        lines.styleOf = (0..<count).map { Int32($0 % 1000) }
        let layered = try stream(lines, options)
        #expect(layered.layers.map(\.name) == lines.layers.map(\.name))
        #expect(layered.penLifts == count)
        lines.styles = (0..<count).map { k in
            .init(layer: k % 1000, stroke: PenColour(red: UInt8(k % 256), green: UInt8(k / 256), blue: 7), fill: nil)
        }
        lines.styleOf = (0..<count).map { Int32($0) }
        options.grouping = .stroke
        let inked = try stream(lines, options)
        #expect(inked.layers.count == count && inked.penLifts == count)
    }

    @Test(arguments: [FirmwareVersion.v281, .v303], PlotOptions.Motion.allCases)
    func limitsAtTheEndsOfTheirRanges(_ firmware: FirmwareVersion, _ motion: PlotOptions.Motion) throws {
        var options = PlotOptions()
        options.motion = motion
        let strokes = drawing([[Point(1, 1), Point(3, 2), Point(2, 3)], [Point(4, 4), Point(4.2, 4)], [Point(5, 1)]])
        for speed in [PlanRange.speed.lowerBound, PlanRange.speed.upperBound] {
            for acceleration in [PlanRange.acceleration.lowerBound, PlanRange.acceleration.upperBound] {
                for deviation in [PlanRange.junctionDeviation.lowerBound, PlanRange.junctionDeviation.upperBound] {
                    var profile = MachineProfile.standard
                    profile.penDown = .init(speed: speed, acceleration: acceleration)
                    profile.penUp = profile.penDown
                    profile.junctionDeviation = deviation
                    executed(try stream(strokes, options, profile, firmware), firmware)
                }
            }
        }
        options.tolerance = 0
        executed(try stream(strokes, options, .standard, firmware), firmware)
        options.tolerance = 1
        options.joinDistance = 100
        executed(try stream(strokes, options, .standard, firmware), firmware)
    }

    @Test(arguments: [0, -1, 1e9, .nan, .infinity])
    func limitsOutOfRangeAreRefused(_ value: Double) throws {
        let strokes = drawing([[Point(1, 1), Point(3, 2)]])
        let profileFields: [WritableKeyPath<MachineProfile, Double>] = [
            \.penDown.speed, \.penDown.acceleration, \.penUp.speed, \.penUp.acceleration, \.junctionDeviation,
            \.stepsPerMillimetre, \.maximumStepRate, \.travel.width, \.travel.height, \.fullSpeed,
        ]
        let planned = try strokes.planned(options: PlotOptions(), profile: .standard, execution: .serial)
        for field in profileFields {
            var profile = MachineProfile.standard
            profile[keyPath: field] = value
            #expect(throws: PlanError.self) { try stream(strokes, PlotOptions(), profile) }
            #expect(throws: PlanError.self) {
                try Emitter.stream(for: planned, profile: profile, options: PlotOptions(), firmware: .v303)
            }
        }
        let optionFields: [WritableKeyPath<PlotOptions, Double>] = [
            \.tolerance, \.joinDistance, \.minimumLength, \.margin.left, \.origin.x, \.pageDelay,
        ]
        for field in optionFields where value != 0 && (value != -1 || field != \.origin.x) {
            var options = PlotOptions()
            options[keyPath: field] = value
            #expect(throws: PlanError.self) { try stream(strokes, options) }
        }
        if value.magnitude > 1 || value.isNaN {
            var options = PlotOptions()
            options.rotation = value
            #expect(throws: PlanError.self) { try stream(strokes, options) }
        }
        #expect(throws: Pipeline.Failure.self) {
            try Pipeline.flatDrawing(of: Array("<svg/>".utf8), options: PlotOptions(), tolerance: value)
        }
    }

    @Test(arguments: PlotOptions.Motion.allCases) func anEndlessPlotIsRefused(_ motion: PlotOptions.Motion) throws {
        var options = PlotOptions()
        options.motion = motion
        var profile = MachineProfile.standard
        profile.penDown.speed = 0.1
        profile.fullSpeed = 1
        // `+S1` is 0.01 mm/s: a hundred days for one line of 90 m.
        var zigzag: [Point] = []
        for row in 0..<600 {
            let (left, right) = (Point(1, Double(row) * 0.3), Point(151, Double(row) * 0.3))
            zigzag += row % 2 == 0 ? [left, right] : [right, left]
        }
        var lines = drawing([zigzag])
        lines.layers[0].codes.penDownSpeedPercent = 1
        #expect(throws: PlanError.tooLarge("drawing it would take more than 90 days")) {
            try stream(lines, options, profile)
        }
        // More than a day of it is drawn.
        lines = drawing([Array(zigzag.prefix(120))])
        #expect(try stream(lines, options, profile).durationSeconds > 86_400)
    }

    /// The slowest that a layer may ask for is drawn as slowly as that.
    @Test(arguments: [FirmwareVersion.v281, .v303])
    func theSlowestSpeedIsKept(_ firmware: FirmwareVersion) throws {
        var profile = MachineProfile.standard
        profile.fullSpeed = PlanRange.fullSpeed.lowerBound
        for end in [Point(11, 10), Point(10.8, 10.6), Point(10.001, 11)] {
            var lines = drawing([[Point(10, 10), end]])
            lines.layers[0].codes.penDownSpeedPercent = 1
            let plot = try stream(lines, PlotOptions(), profile, firmware)
            executed(plot, firmware)
            #expect(abs(plot.durationSeconds - 101) < 2, "1 mm at 0.01 mm/s, to \(end)")
        }
    }
}

internal import EBB
internal import Motion
internal import Testing

struct KinematicsTests {
    /// The pen falls in mid-travel, and the board's phases are centred before it moves: neither is motion, or rest.
    @Test(arguments: [FirmwareVersion(2, 8, 1), FirmwareVersion(3, 0, 3)])
    func theRecordIsAsContinuousAsTheMotion(_ firmware: FirmwareVersion) throws {
        var lines = Polylines()
        for corner in [Point(60, 40), Point(150, 90), Point(30, 120)] {
            lines.append(corner)
            lines.append(Point(corner.x + 20, corner.y + 5))
            lines.finish()
        }
        let strokes = PlannedStrokes(
            polylines: lines, layers: [.init(name: nil, strokes: 0..<lines.count, colour: nil)],
            pageOrigin: Point(0, 0), page: Size(width: 297, height: 210))
        let profile = MachineProfile.builtIn[0]
        let stream = try Emitter.stream(
            for: strokes, profile: profile, options: PlotOptions().driven(by: firmware), firmware: firmware)
        var last: Kinematics.Sample?
        Kinematics(stepsPerMillimetre: profile.stepsPerMillimetre).run(stream, period: 25) { sample in
            defer { last = sample }
            guard let before = last else {
                #expect(sample.speed == 0 && sample.place == SIMD2(0, 0))
                return
            }
            // A step is 0.009 mm; at the limit speed changes by 1.2 mm/s in a period.
            let (way, change) = (sample.place - before.place, sample.velocity - before.velocity)
            let seconds = Double(sample.tick - before.tick) / 25_000
            #expect((way * way).sum().squareRoot() <= 155 * seconds + 0.02, "tick \(sample.tick)")
            #expect((change * change).sum().squareRoot() <= 1200 * seconds + 3, "tick \(sample.tick)")
        }
    }
}

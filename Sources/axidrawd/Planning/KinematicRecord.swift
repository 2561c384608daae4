internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Text

/// What `plan --kinematics` and `--kinematics-image` make of a command stream.
struct KinematicRecord {
    let plot: PreparedPlot
    let profile: MachineProfile

    /// Ticks between two rows within a command: 1 ms.
    private static let period: Int32 = 25
    /// Points that a curve of the picture has at most, about.
    private static let mostPoints: Int64 = 60_000

    private var kinematics: Kinematics { Kinematics(stepsPerMillimetre: profile.stepsPerMillimetre) }

    /// The record as CSV, in pieces.
    func writeCSV(_ write: ([UInt8]) throws -> Void) throws {
        var text = "time_s,x_mm,y_mm,vx_mm_s,vy_mm_s,ax_mm_s2,ay_mm_s2,speed_mm_s,acceleration_mm_s2,pen_down\n"
        try kinematics.run(plot.stream, period: Self.period) { sample in
            let time = Double(sample.tick) / Double(BoardClock.ticksPerSecond)
            text += String(
                format: "%.5f,%.5f,%.5f,%.4f,%.4f,%.3f,%.3f,%.4f,%.3f,%d\n", time, sample.place.x, sample.place.y,
                sample.velocity.x, sample.velocity.y, sample.acceleration.x, sample.acceleration.y, sample.speed,
                sample.accelerationMagnitude, sample.isPenDown ? 1 : 0)
            if text.utf8.count > 1 << 16 {
                try write(Array(text.utf8))
                text.removeAll(keepingCapacity: true)
            }
        }
        try write(Array(text.utf8))
    }

    /// The drawing with its speeds in colours, and below it speed and acceleration over time.
    func chart() -> LineChart {
        let (width, map) = (1600.0, 1600 * profile.travel.height / profile.travel.width)
        var chart = LineChart(width: Int(width), height: Int(min(4000, map)) + 460)
        let scale = (width - 40) / profile.travel.width
        let top = min(4000, map)
        let period = max(Self.period, Int32(clamping: plot.stream.durationTicks / Self.mostPoints))
        let duration = max(1, Double(plot.stream.durationTicks))
        var curves = Curves(chart: LineChart.Line(points: [], colour: Self.blue, width: 1))
        let limits = (speed: profile.penUp.speed, acceleration: profile.penUp.acceleration)
        kinematics.run(plot.stream, period: period) { sample in
            let x = 20 + (width - 40) * Double(sample.tick) / duration
            curves.speed.points.append(SIMD2(x, top + 200 - 180 * min(1.05, sample.speed / limits.speed)))
            let share = min(1.05, sample.accelerationMagnitude / limits.acceleration)
            curves.acceleration.points.append(SIMD2(x, top + 430 - 180 * share))
            let place = SIMD2(20 + sample.place.x * scale, 20 + sample.place.y * scale)
            curves.draw(to: place, shade: shade(sample.speed), isPenDown: sample.isPenDown, &chart)
        }
        curves.draw(to: SIMD2(0, 0), shade: 0, isPenDown: false, &chart)
        for (base, share) in [
            (top + 200, 0), (top + 200, profile.penDown.speed / limits.speed), (top + 430, 0),
            (top + 430, profile.penDown.acceleration / limits.acceleration),
        ] {
            let y = base - 180 * share
            let line = [SIMD2(20, y), SIMD2(width - 20, y)]
            chart.lines.append(LineChart.Line(points: line, colour: Self.grey, width: 1))
        }
        chart.lines += [curves.speed, curves.acceleration]
        chart.labels = [
            LineChart.Label(
                "speed, line: pen-down limit \(brief(profile.penDown.speed)) mm/s", at: SIMD2(24, top + 16)),
            LineChart.Label(
                "acceleration, line: pen-down limit \(brief(profile.penDown.acceleration)) mm/s²",
                at: SIMD2(24, top + 246)),
            LineChart.Label("0 … \(brief(duration / Double(BoardClock.ticksPerSecond))) s", at: SIMD2(24, top + 452)),
            LineChart.Label("blue: slow, red: \(brief(profile.penDown.speed)) mm/s", at: SIMD2(24, 16)),
        ]
        return chart
    }

    private static let blue = InkColour(red: 30, green: 60, blue: 200)
    private static let grey = InkColour(red: 190, green: 190, blue: 190)

    /// Speed as one of 16 shades.
    private func shade(_ speed: Double) -> Int { max(0, min(15, Int(speed / profile.penDown.speed * 15.999))) }

    /// Curves in the making.
    private struct Curves {
        var speed: LineChart.Line
        var acceleration: LineChart.Line
        private var drawn: LineChart.Line?
        private var shade = 0

        init(chart line: LineChart.Line) {
            speed = line
            acceleration = line
            acceleration.colour = InkColour(red: 200, green: 60, blue: 30)
        }

        mutating func draw(to place: SIMD2<Double>, shade: Int, isPenDown: Bool, _ chart: inout LineChart) {
            if let line = drawn, !isPenDown || shade != self.shade {
                var line = line
                if isPenDown { line.points.append(place) }
                if line.points.count > 1 { chart.lines.append(line) }
                drawn = nil
            }
            guard isPenDown else { return }
            self.shade = shade
            if drawn == nil { drawn = LineChart.Line(points: [], colour: Self.colour(shade), width: 1.5) }
            if drawn?.points.last != place { drawn?.points.append(place) }
        }

        /// From blue over green and yellow to red.
        private static func colour(_ shade: Int) -> InkColour {
            let t = Double(shade) / 15
            func channel(_ centre: Double) -> UInt8 { UInt8(max(0, min(230, 380 - 760 * abs(t - centre)))) }
            return InkColour(red: channel(1), green: UInt8(Double(channel(0.5)) * 0.8), blue: channel(0))
        }
    }
}

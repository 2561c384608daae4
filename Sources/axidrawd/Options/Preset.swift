internal import Motion

/// Figures of other drivers, set at once by `--preset`; single flags win over them.
///
/// Sources: saxi's own defaults, and the maker's public driver: 110 % of its speed scale is 8.6979 in/s, 100 % of its
/// acceleration 40 in/s² with the pen down and 60 in/s² with the pen up.
enum Preset: String, CaseIterable, Sendable {
    case saxi, axidraw, gentle, technical, sketch, handwriting, constant

    func apply(to request: inout PlotRequest) {
        switch self {
        case .saxi:
            request.profile.penDown = .init(speed: 50, acceleration: 200)
            request.profile.penUp = .init(speed: 200, acceleration: 400)
            request.profile.junctionDeviation = 0.127
            request.profile.penUpHeight = 44
            request.profile.penDownHeight = 32.5
            // At its own heights; for a longer way they are stretched.
            request.profile.liftTime = 0.12
            request.profile.dropTime = 0.12
            request.options.overlapsPen = false
        case .axidraw:
            request.profile.penDown = .init(speed: 50.2, acceleration: 762)
            request.profile.penUp = .init(speed: 150.6, acceleration: 1143)
            request.profile.junctionDeviation = 0.0508
            request.profile.penUpHeight = 60
            request.profile.penDownHeight = 30
            request.options.overlapsPen = false
        case .gentle:
            request.profile.penDown = .init(speed: 50, acceleration: 500)
            // Ink is drawn gently; travel, which leaves none, is as fast as the preset `saxi` has it.
            request.profile.penUp.speed = 200
        // A quarter and three quarters of the mode's limits, 8.6979, 12 and 7 in/s down, 8.6979 and 12 in/s up.
        case .technical: setMode(&request, down: 55.2, up: 165.7, tolerance: 0.0508, jerk: 20_000)
        case .sketch: setMode(&request, down: 76.2, up: 228.6, tolerance: 0.127, jerk: 14_000)
        case .handwriting: setMode(&request, down: 44.45, up: 228.6, tolerance: 0.2032, jerk: 90_000)
        // A quarter of 3 in/s, and as good as no ramps: the pen leaves as much ink at the ends of a line as within it.
        case .constant:
            setMode(&request, down: 19.05, up: 165.7, tolerance: 0.0508)
            request.profile.penDown.acceleration = PlanRange.acceleration.upperBound
        }
    }

    /// - Parameter jerk: with the pen down at full acceleration, in/s³; at the maker's 75 % of it the third power of that. Boards
    ///   before firmware 3 go without.
    private func setMode(
        _ request: inout PlotRequest, down: Double, up: Double, tolerance: Double, jerk: Double? = nil
    ) {
        request.options.jerk = jerk.map { $0 * 25.4 * 0.75 * 0.75 * 0.75 }
        request.profile.penDown.speed = down
        request.profile.penUp.speed = up
        request.options.tolerance = tolerance
    }
}

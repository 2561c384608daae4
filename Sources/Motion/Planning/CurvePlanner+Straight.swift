/// Straight lines from rest to rest, planned by themselves.
extension CurvePlanner {
    /// Appends the moves along a line; false, and nothing appended, where it takes longer than can be counted.
    ///
    /// Its speed rises and falls evenly, and holds between the two or not, whichever is quicker with commands that have a
    /// shortest time: the optimum, but for whole ticks, which no limit makes slower by being higher.
    mutating func appendLine(
        from: SIMD2<Double>, to: SIMD2<Double>, limits: CurveLimits, to moves: inout [CurveMove]
    ) -> Bool {
        let way = to - from
        let length = (way * way).sum().squareRoot()
        let second = StepPlanner.ticksPerSecond
        let motor = max((way.x + way.y).magnitude, (way.x - way.y).magnitude) / length
        let speed = min(limits.speed, motorSpeed / motor) / second
        let acceleration = limits.acceleration / (second * second)
        guard let (rise, hold) = ramp(length, speed: speed, acceleration: acceleration) else { return false }
        let k = steps.stepsPerMillimetre
        let (begin, direction) = (motors(from) * k, motors(way / length) * k)
        let peak = length / (rise + hold)
        var place = 0.0
        func add(_ ticks: Double, from entry: Double, to exit: Double) {
            let parts = (ticks / Double(longestTicks)).rounded(.up)
            var (done, speed) = (0.0, entry)
            for i in 0..<Int(parts) {
                let time = (ticks * Double(i + 1) / parts).rounded()
                let next = entry + (exit - entry) * (time / ticks)
                place += (speed + next) / 2 * (time - done)
                moves.append(
                    CurveMove(
                        ticks: Int32(time - done), end: begin + direction * place, entry: direction * speed,
                        exit: direction * next))
                (done, speed) = (time, next)
            }
        }
        add(rise, from: 0, to: peak)
        add(hold, from: peak, to: peak)
        add(rise, from: peak, to: 0)
        moves[moves.count - 1].end = begin + direction * length
        return true
    }

    private func motors(_ value: SIMD2<Double>) -> SIMD2<Double> { SIMD2(value.x + value.y, value.x - value.y) }

    /// Longest stretch of a line, ticks: half a day.
    private static let longestLine = 1e9

    /// How much longer a line may take so that the tick of rest behind its shortest command is not noticed.
    private static let calmShare = 1.002

    /// How long the speed rises (and falls), and how long it holds, whole ticks; nil where they cannot be counted.
    ///
    /// - Parameters: mm, mm/tick, mm/tick².
    private func ramp(_ length: Double, speed: Double, acceleration: Double) -> (ramp: Double, hold: Double)? {
        let (shortest, second) = (Double(steps.shortestTicks), StepPlanner.ticksPerSecond)
        let rise = speed / acceleration
        let triangle = (length / acceleration).squareRoot()
        guard length / speed < Self.longestLine, triangle < Self.longestLine, rise < .infinity else { return nil }
        let plain = max(shortest, triangle, length / speed).rounded(.up)
        // With a stretch that holds, as long as a command at least.
        func ramp(holding least: Double) -> (ramp: Double, hold: Double) {
            let ramp = max(shortest, min(rise, Self.longestLine)).rounded(.up)
            let hold = (length / speed - ramp).rounded(.up)
            if hold >= least { return (ramp, hold) }
            let even = ((least * least + 4 * triangle * triangle).squareRoot() - least) / 2
            return (max(shortest, even, length / speed - least).rounded(.up), least)
        }
        var held = ramp(holding: shortest)
        if !splitsReversals {
            let calm = ramp(holding: min(2 * shortest, (speed * second / Self.restStep).rounded(.up)))
            if 2 * calm.ramp + calm.hold <= (2 * held.ramp + held.hold) * Self.calmShare { held = calm }
        }
        return 2 * plain <= 2 * held.ramp + held.hold ? (plain, 0) : held
    }
}

/// Paces: how much slower than planned parts of a path are passed, so that commands can follow.
extension CurvePlanner {
    /// Times its reach, how far a long command may be estimated to lie beside the motion before its stretch is slowed. Up to
    /// that, where it lies decides (`mendStrays`): the half of it outwards is nearer to the line than the motion.
    private static let farthestOfLong = 2.0

    /// Lowers the pace where a command passes a limit; false where none does.
    ///
    /// - Parameters:
    ///   - allowance: by which the acceleration may pass its limit.
    ///   - toRatesOnly: whether else nothing but the highest rate of a motor counts.
    mutating func slowDown(_ limits: CurveLimits, allowance: Double, toRatesOnly: Bool) -> Bool {
        let scale = Self.ticksPerSecond * Self.ticksPerSecond
        let farthest = splitsReversals ? Self.farthestOfLong : 1
        var isSlowed = false
        var before = velocity(0)
        for k in 0..<controls.count {
            let after = velocity(k + 1)
            let ticks = knots[k + 1].tick - knots[k].tick
            let change = after - before
            let acceleration = (change * change).sum().squareRoot() / Double(ticks) * scale
            var pace = 1.0
            if acceleration > limits.acceleration * allowance {
                pace = max(0.5, (limits.acceleration / acceleration).squareRoot())
            }
            // Beside the motion it lies as the third to fourth power of the time.
            if !toRatesOnly, knots[k + 1].excess > farthest {
                pace = min(pace, max(0.6, (farthest / knots[k + 1].excess).squareRoot()))
            }
            if !toRatesOnly, ticks < steps.shortestTicks {
                pace = min(pace, max(0.3, Double(ticks) / Double(steps.shortestTicks) * 0.98))
            }
            let speed = max((before * before).sum(), (after * after).sum()).squareRoot() * Self.ticksPerSecond
            if !toRatesOnly, speed > highestSpeed * Self.speedAllowance {
                pace = min(pace, max(0.5, highestSpeed / speed))
            }
            let rate = max(rate(of: before), rate(of: after))
            if rate > steps.highestRate { pace = min(pace, steps.highestRate / rate * 0.999) }
            before = after
            guard pace < 1 else { continue }
            isSlowed = true
            slow(k, by: pace)
        }
        return isSlowed
    }

    /// A command may pass the speed limit by this much before its stretch is slowed: what is planned at the limit is passed a
    /// little between a motion and the commands that stand for it.
    private static let speedAllowance = 1.05

    /// Steps/tick of the faster motor.
    private func rate(of velocity: SIMD2<Double>) -> Double {
        (velocity.x.magnitude + velocity.y.magnitude) * steps.stepsPerMillimetre
    }

    /// Slows the whole section while a motor passes its highest rate: beyond that the register of a board wraps round, and
    /// the motor runs backwards. It is looked at last, whatever the rounds before have left.
    mutating func holdRates(_ limits: CurveLimits) {
        for _ in 0..<Self.mostRounds {
            var fastest = 0.0
            for k in 0...controls.count { fastest = max(fastest, rate(of: velocity(k))) }
            // As much lies between the highest rate that is planned and a step in every tick.
            guard fastest > steps.highestRate * 1.01 else { return }
            slowDown(by: max(0.5, steps.highestRate / fastest * 0.99))
            profile.plan(path, limits: limits, motorSpeed: motorSpeed)
            collectKnots(limits)
            makeControls()
        }
    }

    /// Lowers the pace of the parts that a command runs along.
    mutating func slow(_ k: Int, by pace: Double) {
        if profile.paces.isEmpty { profile.paces = Array(repeating: 1, count: path.parts.count) }
        for part in Int(knots[k].part)...max(Int(knots[k].part), Int(knots[k + 1].part)) {
            profile.paces[part] *= pace
        }
        isPaced = true
    }
}

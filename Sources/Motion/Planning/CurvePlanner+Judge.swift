/// What the commands of motion with limited jerk pass of their limits, and what is done about it.
extension CurvePlanner {
    /// Of what is left of the tolerance, how far the average may lie beside a knot before controls are moved for it.
    private static let quietShare = 0.2

    /// Moves controls across the motion by what the average lies beside it at the knots; false where that is little.
    ///
    /// Along curves the average lies inside by their acceleration times W²/24. Moved outwards by as much, it lies on them.
    mutating func correct(width: Int32) -> Bool {
        offs.removeAll(keepingCapacity: true)
        var isMoved = false
        var index = 0
        for knot in knots {
            let time = Double(knot.tick) + Double(width) / 2
            while index + 1 < spline.pieces.count, Double(spline.pieces[index + 1].tick) <= time { index += 1 }
            let piece = spline.pieces[index]
            let off = piece.place(after: time - Double(piece.tick)) - knot.place
            let share = (off * knot.across).sum()
            let beyond = share.magnitude - Self.quietShare / Self.fitShare
            guard beyond > 0 else {
                offs.append(SIMD2(0, 0))
                continue
            }
            isMoved = true
            offs.append(knot.across * ((share < 0 ? -beyond : beyond) / (knot.across * knot.across).sum()))
        }
        guard isMoved, controls.count > 2 else { return false }
        for k in 1..<controls.count - 1 { controls[k] -= (offs[k] + offs[k + 1]) / 2 }
        return true
    }

    /// By how much limits are passed: 1 is the limit.
    struct Excess {
        var jerk = 0.0
        var acceleration = 0.0
        var speed = 0.0
        /// Beside the path, of the tolerance.
        var distance = 0.0
    }

    /// Judges the cubic spline; `needs` tells how much slower each interval of the quadratic one must be.
    mutating func judge(_ limits: CurveLimits, jerk: Double, width: Int32) -> Excess {
        let second = StepPlanner.ticksPerSecond
        let most = (
            jerk: jerk / (second * second * second), acceleration: limits.acceleration / (second * second),
            speed: limits.speed / second
        )
        var excess = Excess()
        needs.removeAll(keepingCapacity: true)
        needs.append(contentsOf: repeatElement(1, count: controls.count))
        for piece in spline.pieces {
            let change = (piece.jerk * piece.jerk).sum().squareRoot() / most.jerk
            let acceleration = (piece.acceleration * piece.acceleration).sum().squareRoot() / most.acceleration
            // The average leads out of a sharp corner faster than it was planned where its place is mended there.
            let speed = (piece.velocity * piece.velocity).sum().squareRoot() / most.speed
            excess.jerk = max(excess.jerk, change)
            excess.acceleration = max(excess.acceleration, acceleration)
            excess.speed = max(excess.speed, speed)
            if change > 1 {
                need(change, from: piece.newest, to: piece.newest)
                need(change, from: piece.oldest, to: piece.oldest)
            }
            if acceleration > Self.mostExcess { need(acceleration, from: piece.oldest, to: piece.newest) }
            if speed > Self.mostSpeed { need(speed * speed, from: piece.oldest, to: piece.newest) }
        }
        excess.distance = max(judgeMarks(width), judgeSides(limits, width))
        return excess
    }

    /// How far the average lies beside each mark when the motion comes by, the most as a share of what it may.
    private mutating func judgeMarks(_ width: Int32) -> Double {
        var worst = 0.0
        var index = 0
        for mark in marks {
            let time = mark.tick + Double(width) / 2
            while index + 1 < spline.pieces.count, Double(spline.pieces[index + 1].tick) <= time { index += 1 }
            let piece = spline.pieces[index]
            let off = piece.place(after: time - Double(piece.tick)) - mark.place
            let share = (off * mark.across).sum().magnitude
            worst = max(worst, share)
            if share > 1 { need(share, from: piece.oldest, to: piece.newest) }
        }
        return worst
    }

    /// How far the average lies beside the sides of the path, the most as a share of the tolerance: what runs ahead or behind
    /// may leave it in a sharp corner.
    private mutating func judgeSides(_ limits: CurveLimits, _ width: Int32) -> Double {
        let most = max(limits.cornerTolerance, limits.tolerance) * GridMoments.markShare
        var worst = 0.0
        var index = 0
        for (i, piece) in spline.pieces.enumerated() {
            for share in [0, 0.5] {
                let time = Double(spline.duration(i)) * share
                let at = Double(piece.tick) + time - Double(width) / 2
                while index + 1 < marks.count, marks[index + 1].tick <= at { index += 1 }
                let place = piece.place(after: time)
                let off = place - marks[index].place
                let beside = path.distance(
                    of: place, from: path.parts[Int(marks[index].part)], within: (off * off).sum().squareRoot())
                worst = max(worst, beside / most)
                if beside > most { need(beside / most, from: piece.oldest, to: piece.newest) }
            }
        }
        return worst
    }

    /// Accelerations must be lower by that factor; they go as the square of the pace.
    private mutating func need(_ factor: Double, from first: Int32, to last: Int32) {
        let pace = max(0.6, (1 / factor).squareRoot() * 0.995)
        let (low, high) = (max(0, Int(first)), min(needs.count - 1, Int(last)))
        guard low <= high else { return }
        for k in low...high { needs[k] = min(needs[k], pace) }
    }

    /// Lowers the pace where a limit is passed; false where none is.
    mutating func slowDown() -> Bool {
        var isSlowed = false
        var last = (part: Int32(-1), pace: 1.0)
        for k in 0..<controls.count {
            var pace = needs[k]
            let v = spline.velocities[k + 1]
            let rate = (v.x.magnitude + v.y.magnitude) * steps.stepsPerMillimetre
            if rate > steps.highestRate { pace = min(pace, steps.highestRate / rate * 0.999) }
            guard pace < 1 else { continue }
            isSlowed = true
            if profile.paces.isEmpty { profile.paces = Array(repeating: 1, count: path.parts.count) }
            for part in knots[k].part...max(knots[k].part, knots[k + 1].part) {
                // A part that several intervals share is slowed once.
                let done = part == last.part ? last.pace : 1
                if pace < done { profile.paces[Int(part)] *= pace / done }
                last = (part, min(pace, done))
            }
        }
        return isSlowed
    }

    /// Lowers the pace of all parts.
    mutating func slowDown(by factor: Double) {
        if profile.paces.isEmpty { profile.paces = Array(repeating: 1, count: path.parts.count) }
        for i in profile.paces.indices { profile.paces[i] *= factor }
    }
}

/// A quadratic spline in time, averaged over a window of time: the cubic spline of a motion whose jerk is limited.
///
/// Let p be the quadratic one, at rest before and after. q(t) = 1/W · ∫ p over [t − W, t] has the acceleration
/// (v(t) − v(t − W))/W, which is the mean of p's in the window: continuous, and within every limit that p keeps as a vector, as
/// its speed is. Its jerk is the constant (a(t) − a(t − W))/W between the knots of p and those W later. Beside p's place at
/// t − W/2 it lies by a mean of p's acceleration in the window times W²/24. The motion takes W longer.
struct JerkSpline: Sendable {
    /// A stretch of constant jerk, mm and ticks.
    struct Piece: Sendable {
        var tick: Int32
        var place: SIMD2<Double>
        var velocity: SIMD2<Double>
        var acceleration: SIMD2<Double>
        var jerk: SIMD2<Double>
        /// Intervals of the quadratic spline in which the window ends and begins; −1 and their count stand for rest.
        var newest: Int32
        var oldest: Int32
    }

    /// Of the quadratic spline: its knots, one more than intervals; times are whole ticks from 0.
    var ticks: [Int32] = []
    var places: [SIMD2<Double>] = []
    var velocities: [SIMD2<Double>] = []
    /// One an interval, mm/tick².
    var accelerations: [SIMD2<Double>] = []

    /// Of the cubic one; it ends at `endTick` at rest at the last of `places`.
    private(set) var pieces: [Piece] = []
    private(set) var endTick: Int32 = 0

    mutating func clear() {
        ticks.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        velocities.removeAll(keepingCapacity: true)
        accelerations.removeAll(keepingCapacity: true)
    }

    /// Makes everything slower by a whole ratio of ticks.
    mutating func stretch(from old: Int32, to new: Int32) {
        let ratio = Double(old) / Double(new)
        for i in ticks.indices { ticks[i] = ticks[i] / old * new }
        for i in velocities.indices { velocities[i] *= ratio }
        for i in accelerations.indices { accelerations[i] *= ratio * ratio }
    }

    /// Where the quadratic spline is `after` ticks behind the beginning of interval `k`, and how fast.
    @inline(__always)
    func state(_ k: Int, after time: Double) -> (place: SIMD2<Double>, velocity: SIMD2<Double>) {
        if k < 0 { return (places[0], SIMD2(0, 0)) }
        if k >= accelerations.count { return (places[accelerations.count], SIMD2(0, 0)) }
        let a = accelerations[k]
        return (places[k] + velocities[k] * time + a * (time * time / 2), velocities[k] + a * time)
    }

    /// Fills `pieces`: the average over a window of `width` ticks.
    ///
    /// - Complexity: O(knots).
    mutating func average(over width: Int32) {
        pieces.removeAll(keepingCapacity: true)
        let count = accelerations.count
        let inverse = 1 / Double(width)
        var (newest, oldest) = (0, -1)
        var tick: Int32 = 0
        var place = places[0]
        while oldest < count {
            let ahead = state(newest, after: newest < count ? Double(tick - ticks[newest]) : 0)
            let behind = state(oldest, after: oldest < 0 ? 0 : Double(tick - width - ticks[oldest]))
            let (first, last) = (acceleration(oldest), acceleration(newest))
            let piece = Piece(
                tick: tick, place: place, velocity: (ahead.place - behind.place) * inverse,
                acceleration: (ahead.velocity - behind.velocity) * inverse, jerk: (last - first) * inverse,
                newest: Int32(truncatingIfNeeded: newest), oldest: Int32(truncatingIfNeeded: oldest))
            pieces.append(piece)
            let entered = newest < count ? ticks[newest + 1] : Int32.max
            let left = ticks[oldest + 1] + width
            let next = min(entered, left)
            place = piece.place(after: Double(next - tick))
            if entered == next { newest += 1 }
            if left == next { oldest += 1 }
            tick = next
        }
        endTick = tick
    }

    private func acceleration(_ k: Int) -> SIMD2<Double> {
        accelerations.indices.contains(k) ? accelerations[k] : SIMD2(0, 0)
    }

    /// Length of a piece, ticks.
    func duration(_ i: Int) -> Int32 { (i + 1 < pieces.count ? pieces[i + 1].tick : endTick) - pieces[i].tick }
}

extension JerkSpline.Piece {
    /// Where the motion is `time` ticks behind the beginning of the piece.
    @inline(__always)
    func place(after time: Double) -> SIMD2<Double> {
        place + (velocity + (acceleration / 2 + jerk * (time / 6)) * time) * time
    }

    @inline(__always)
    func velocity(after time: Double) -> SIMD2<Double> { velocity + (acceleration + jerk * (time / 2)) * time }
}

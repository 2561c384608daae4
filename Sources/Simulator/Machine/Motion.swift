/// A motion command that runs, seen from the metal.
struct Motion: Sendable {
    var first: Axis
    var second: Axis
    /// Tick after which it began to act.
    let startTick: Int64
    let index: Int
    /// Whether it ends by time, not by steps.
    let isTimed: Bool
    /// Ticks at its end without motion.
    let deadTicks: Int64
    /// Microsteps of 1/16 a step, 0 for a motor that is off.
    let unit1: Int64
    let unit2: Int64
    /// Whether a path of both motors can be other than straight.
    let isCurved: Bool
    /// Change of the acceleration of both motors, microsteps/tick³.
    private let jerk: SIMD2<Double>
    /// Whether it can bend both ways.
    var isBent: Bool { jerk != SIMD2(0, 0) }

    /// Offset up to which the machine has followed, and the place then, in microsteps from the start.
    var followed: Int64 = 0
    var reached: (Int64, Int64) = (0, 0)
    /// Where, when and with which rates the distance was added up last.
    var measured: (place: (Int64, Int64), offset: Int64, rates: (Int64, Int64)) = ((0, 0), 0, (0, 0))
    /// Where the pen touched down inside this motion.
    var touchedDown: (offset: Int64, motor1: Int64, motor2: Int64)?
    /// Whether `motorsOff` and `rateWrapped` have been noted.
    var hasComplained = false
    var hasWrapped = false

    init(_ load: MotionLoad, phases: (Int64, Int64), units: (Int64, Int64), startTick: Int64, index: Int) {
        first = load.axis(load.first, phase: phases.0, clears: load.clear & 1 != 0)
        second = load.axis(load.second, phase: phases.1, clears: load.clear & 2 != 0)
        self.startTick = startTick
        self.index = index
        isTimed = load.duration != nil
        deadTicks = load.deadTicks
        (unit1, unit2) = units
        jerk =
            SIMD2(
                Double(units.0 * load.first.orientation * load.first.jerk),
                Double(units.1 * load.second.orientation * load.second.jerk)) / Double(Axis.fullScale)
        isCurved = jerk != SIMD2(0, 0) || load.first.acceleration != 0 || load.second.acceleration != 0
        measured.rates = entryRates
    }

    /// Motor steps since the distance was added up last, how much the rates changed meanwhile times the ticks that took, and
    /// how much the mean rate lay below that of the ends, times the ticks; all from then on begin anew at what the machine
    /// has followed.
    mutating func takeStretch() -> (steps: SIMD2<Double>, change: SIMD2<Double>, bow: SIMD2<Double>) {
        let rates = exitRates(at: followed)
        let steps = SIMD2(Double(reached.0 - measured.place.0), Double(reached.1 - measured.place.1))
        let duration = Double(followed - measured.offset)
        let ticks = duration / Double(Axis.fullScale)
        let bow = jerk * (duration * duration * duration / 12)
        let change =
            SIMD2(
                Double(rates.0 - measured.rates.0) * Double(unit1), Double(rates.1 - measured.rates.1) * Double(unit2))
            * ticks
        measured = (reached, followed, rates)
        // A motor that is done stands from here on.
        if first.done <= followed { measured.rates.0 = 0 }
        if second.done <= followed { measured.rates.1 = 0 }
        // A rate that wraps within the stretch says nothing of its path.
        return hasWrapped ? (steps, SIMD2(0, 0), SIMD2(0, 0)) : (steps, change, bow)
    }

    /// Offset of the next thing to do: the end, or a segment's end. `never` if it runs for ever.
    var boundary: Int64 {
        let (a, b) = (first.done, second.done)
        if a != Axis.never && b != Axis.never { return max(a, b) + deadTicks }
        return min(first.horizon, second.horizon)
    }

    /// Whether both motors are finished in their present segments.
    var isEndKnown: Bool { first.done != Axis.never && second.done != Axis.never }

    var neverEnds: Bool { first.neverEnds || second.neverEnds }

    /// Offset at which one motor ends while the other still has more than a step to make; 0 if there is none.
    var kink: Int64 {
        let offset = min(first.done, second.done)
        guard isEndKnown, offset > 0, offset < max(first.done, second.done) else { return 0 }
        return max(first.remaining(at: offset), second.remaining(at: offset)) > 1 ? offset : 0
    }

    /// Tick of the next thing to do; `never` if there is none.
    var nextTick: Int64 {
        let offset = boundary
        return offset > Axis.never - startTick ? Axis.never : startTick + offset
    }

    /// Opens the segments that follow those that end at `offset`.
    mutating func openNext(at offset: Int64) {
        if first.horizon == offset { first.openNext() }
        if second.horizon == offset { second.openNext() }
    }

    /// `CS` in mid-move.
    mutating func zeroPhases(at offset: Int64) {
        first = first.zeroedPhase(at: offset)
        second = second.zeroedPhase(at: offset)
    }

    /// Stands for no motion.
    static let none = Motion(
        MotionLoad(register: .unsigned, first: AxisLoad(), second: AxisLoad()), phases: (0, 0), units: (0, 0),
        startTick: 0, index: -1)

    /// Microsteps moved since the start.
    func place(at offset: Int64) -> (Int64, Int64) {
        (unit1 * first.position(at: offset), unit2 * second.position(at: offset))
    }

    /// Offset of the first step of either motor after `offset`.
    func firstStep(after offset: Int64) -> Int64? {
        let (a, b) = (first.nextStep(after: offset)?.offset, second.nextStep(after: offset)?.offset)
        guard let a else { return b }
        return b.map { min(a, $0) } ?? a
    }

    /// Rates on the first tick.
    var entryRates: (Int64, Int64) { (first.signedRate(at: 1), second.signedRate(at: 1)) }

    /// Rates with which the command that ended at `offset` hands over: a motor that had finished more than one of
    /// its step intervals before is at rest.
    func exitRates(at offset: Int64) -> (Int64, Int64) { (exitRate(first, offset), exitRate(second, offset)) }

    private func exitRate(_ axis: Axis, _ offset: Int64) -> Int64 {
        let rate = axis.signedRate(at: offset)
        let idle = offset - axis.done
        guard idle > 0, rate != 0 else { return rate }
        return idle > Axis.fullScale / Int64(rate.magnitude) + 1 ? 0 : rate
    }
}

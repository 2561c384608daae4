/// A piece of motion in whole microsteps and ticks: one motion command of the board.
///
/// Each motor runs at constant acceleration from its first to its last tick; both make their last step on the last.
public struct StepMove: Hashable, Sendable {
    /// Duration in ticks of 40 µs, ≥ 1.
    public var ticks: Int32
    /// Signed microsteps of the motor that follows x + y.
    public var steps1: Int32
    /// Signed microsteps of the motor that follows x − y.
    public var steps2: Int32
    /// Wanted change of the signed rate per tick, steps/tick².
    public var acceleration1: Double
    public var acceleration2: Double

    public init(ticks: Int32, steps1: Int32, steps2: Int32, acceleration1: Double, acceleration2: Double) {
        self.ticks = ticks
        self.steps1 = steps1
        self.steps2 = steps2
        self.acceleration1 = acceleration1
        self.acceleration2 = acceleration2
    }
}

extension StepMove {
    /// The move up to a tick, and from it on; 0 < `first` < `ticks`. At the highest rate the first part takes a tick more.
    public func cut(after first: Int32) -> (StepMove, StepMove) {
        let (whole, share) = (Double(ticks), Double(first) / Double(ticks))
        func passed(_ steps: Int32, _ acceleration: Double) -> Int32 {
            // Place at share u of the time: total·u − ½·a·T²·u·(1 − u).
            let place = Double(steps) * share - acceleration / 2 * whole * whole * share * (1 - share)
            return Int32(max(-2e9, min(2e9, place)).rounded())
        }
        let rest = ticks - first
        // A board makes a step in each tick but the first at most. What is too fast by rounding for the second part belongs to
        // the first, which may get a tick more: the second takes as long as was asked for.
        func done(_ steps: Int32, _ acceleration: Double) -> Int32 {
            max(steps &- (rest - 1), min(passed(steps, acceleration), steps &+ (rest - 1)))
        }
        let (done1, done2) = (done(steps1, acceleration1), done(steps2, acceleration2))
        var (a, b) = (self, self)
        (a.ticks, a.steps1, a.steps2) = (max(first, Int32(max(done1.magnitude, done2.magnitude)) + 1), done1, done2)
        (b.ticks, b.steps1, b.steps2) = (rest, steps1 &- done1, steps2 &- done2)
        return (a, b)
    }
}

extension [StepMove] {
    /// Cuts a move so that what follows takes `rest` ticks, or a little less where a part would be shorter than `shortest`.
    ///
    /// - Returns: the first move that follows; nil when there is none.
    public mutating func cut(before rest: Int64, shortest: Int32) -> Int? {
        var left = reduce(0) { $0 + Int64($1.ticks) } - rest
        for k in indices {
            if left <= 0 { return k }
            let ticks = Int64(self[k].ticks)
            if left < ticks {
                let first = Int32(Swift.max(left, Int64(shortest)))
                guard self[k].ticks - first >= shortest else { return k + 1 < count ? k + 1 : nil }
                let (a, b) = self[k].cut(after: first)
                // A part without a step is no command.
                guard a.steps1 != 0 || a.steps2 != 0, b.steps1 != 0 || b.steps2 != 0 else {
                    return k + 1 < count ? k + 1 : nil
                }
                replaceSubrange(k...k, with: [a, b])
                return k + 1
            }
            left -= ticks
        }
        return nil
    }
}

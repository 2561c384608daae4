/// The pen lift as metal and time (docs/board.md §5): heights move linearly, and the pen touches at the paper's height.
struct Pen: Sendable {
    /// A servo with its mechanics; pulses in 1/12 µs.
    struct Lift: Sendable {
        var lowest: Double
        var highest: Double
        /// Time of the servo signal over the whole range at rate 100 %, ms.
        var sweep: Double
        var minimum: Double
        /// ms per % of travel.
        var slope: Double
        var paper: Double

        static let standard = Lift(
            lowest: 9855, highest: 27831, sweep: 200, minimum: 45, slope: 2.69, paper: 16_500)
        static let brushless = Lift(
            lowest: 5400, highest: 12_600, sweep: 70, minimum: 20, slope: 1.28, paper: 8_000)

        /// Whole ms from one pulse to another; `speed` in pulse units per ms, nil = as fast as it can (100 %).
        func milliseconds(from: Double, to: Double, speed: Double?) -> Double {
            let range = highest - lowest
            let distance = abs(to - from) / range * 100
            guard distance >= 0.9 else { return 0 }
            let percent = speed.map { $0 / (range / sweep) * 100 } ?? 100
            let mechanical = slope * distance + minimum
            let signal = sweep * distance / percent
            let powers = mechanical * mechanical * mechanical * mechanical + signal * signal * signal * signal
            return powers.squareRoot().squareRoot().rounded(.down)
        }
    }

    private(set) var lift: Lift
    private(set) var isTouching = false
    /// Whether the last order was to go up.
    private(set) var isOrderedUp = true
    /// Tick at whose end the touch changes next; `Int64.max` = never.
    private(set) var changeTick = Int64.max

    private var from: Double
    private var to: Double
    private var startTick: Int64 = 0
    private var ticks: Double = 0
    private var pin: UInt8 = Pen.standardPin
    private let paperHeight: Double?

    /// RB1 and RB2 as remappable pins.
    static let standardPin: UInt8 = 4
    static let brushlessPin: UInt8 = 5

    init(pulse: UInt16, paperHeight: Int?) {
        self.paperHeight = paperHeight.map(Double.init)
        lift = Lift.standard
        if let height = self.paperHeight { lift.paper = height }
        from = Double(pulse)
        to = from
    }

    /// Pulse at which a servo on `pin` meets the paper.
    func paper(on pin: UInt8) -> Double {
        paperHeight ?? (pin == Pen.brushlessPin ? Lift.brushless : .standard).paper
    }

    /// Height in pulse units at the end of `tick`.
    func height(at tick: Int64) -> Double {
        let passed = Double(tick - startTick)
        return passed >= ticks ? to : from + (to - from) * max(0, passed) / ticks
    }

    /// An order that the servo gets at `tick`.
    mutating func order(_ move: ServoMove, isUp: Bool, speed: Double?, at tick: Int64) {
        guard move.pin == Pen.standardPin || move.pin == Pen.brushlessPin else { return }
        // Told to go where it goes already, it goes on as it does.
        if move.pin == pin, Double(move.pulse) == to, isOrderedUp == isUp { return }
        isOrderedUp = isUp
        var height = height(at: tick)
        if move.pin != pin {
            // The other servo has been resting at the top of its range.
            pin = move.pin
            lift = pin == Pen.brushlessPin ? .brushless : .standard
            if let paperHeight { lift.paper = paperHeight }
            height = lift.highest
        }
        (from, to, startTick) = (height, Double(move.pulse), tick)
        ticks = lift.milliseconds(from: from, to: to, speed: speed) * 25
        let touchesInTheEnd = to <= lift.paper
        guard touchesInTheEnd != isTouching else {
            changeTick = .max
            return
        }
        let span = from - to
        let share = span == 0 ? 0 : min(max((from - lift.paper) / span, 0), 1)
        // Down: the first tick at or below the paper; up: the first above it.
        let passed = touchesInTheEnd ? (ticks * share).rounded(.up) : (ticks * share).rounded(.down) + 1
        changeTick = tick + Int64(max(1, min(passed, max(1, ticks))))
    }

    /// The servo gets no signal and no current any more: its gears hold it where it is.
    mutating func loseSignal(at tick: Int64) {
        (from, startTick, ticks) = (height(at: tick), tick, 0)
        to = from
        changeTick = .max
    }

    /// The change announced by `changeTick` has come.
    mutating func change() {
        isTouching.toggle()
        changeTick = .max
    }
}

/// What stops a feed before its limit.
enum Trouble: Equatable, Sendable {
    /// The board did not take a command; its words.
    case refused(command: String, answer: String)
    /// A line that answers nothing and cannot be passed over.
    case unasked(String)
    /// No reply in time.
    case silent(command: String)
    case link(LinkError)
    /// The counters are not where they should be.
    case astray(expected: MotorPosition, found: String)
    case motorPower(volts: Double)
    /// The carriage was beside its way, whatever place it came to.
    case beside(found: String)
    /// Stop or cancel has been asked for.
    case halted
}

/// How far a program has been sent, answered and executed. Pure.
struct Feed: Sendable {
    var program: Program
    /// Of each place in `program`, how many commands of the plan are certainly done there; nil while they are the same.
    private var planned: [Int32]?
    /// Next command to send.
    var next: Int
    /// Commands answered are those before this.
    var acked: Int
    /// Commands executed by the model are those before this.
    var executed: Int
    /// No command from here on is sent.
    var limit: Int
    /// A planned deceleration has been put in: the limit is where it comes to rest, and must not be moved beyond.
    var isSlowing = false
    /// Ticks of all commands before `executed`.
    var executedTicks: Int64 = 0
    /// Counters after `acked` commands; nil when nobody can know.
    var ackedCounters: MotorPosition?
    /// Counters after `executed` commands.
    var executedCounters: MotorPosition?
    /// Pen command during whose wait the counters were last compared.
    var comparedAt = -1
    /// The pen move during which the pen was last found where it should be.
    var penProven = -1
    var trouble: Trouble?
    /// Strokes of the whole program: times that the pen goes down.
    let strokeCount: Int
    /// The raised pen is as high as the lowered one somewhere, so that the board calls both of them up (docs/board.md §5).
    var hasOneHeight: Bool
    /// The stop that was stood at last, by its stroke; −1 = none.
    var passedStop = -1
    /// The last of them that was for a pen.
    var passedPen = -1
    /// Strokes whose pen-up has been executed.
    private(set) var strokesDone = 0
    /// Strokes whose end the board has verified by counters and pen, and the same when its motors were last known to have
    /// power: what came after may not be on the paper as planned.
    private(set) var strokesVerified = 0
    private(set) var strokesPowered = 0
    /// Whether the pen is down by the commands executed.
    private(set) var isPenDown = false

    init(program: Program, counters: MotorPosition?) {
        self.program = program
        next = 0
        acked = 0
        executed = 0
        limit = program.commands.count
        strokeCount = program.commands.reduce(0) { $0 + ($1.beginsStroke ? 1 : 0) }
        ackedCounters = counters
        executedCounters = counters
        hasOneHeight = Self.hasOneHeight(program)
    }

    static func hasOneHeight(_ program: Program) -> Bool {
        var heights: (up: UInt16?, down: UInt16?)
        for case .configure(let index, let value) in program.commands {
            if index == .penUp { heights.up = value }
            if index == .penDown { heights.down = value }
            if heights.up != nil, heights.up == heights.down { return true }
        }
        return false
    }

    /// Whether a command waits to be sent.
    var isHungry: Bool { trouble == nil && next < limit }
    /// Whether all commands before the limit have been sent and answered, or none will be.
    var isOver: Bool { trouble != nil || (next >= limit && acked >= next) }

    /// Notes that the counters at rest are as planned.
    mutating func verified() { strokesVerified = strokesDone }
    /// Notes that the counters are as planned while the next command is executed, a pen move: the last stroke is drawn.
    mutating func verifiedHere() {
        let isStrokeEnd =
            isPenDown && program.commands.indices.contains(executed) && program.commands[executed].penIsUp == true
        strokesVerified = strokesDone + (isStrokeEnd ? 1 : 0)
    }
    /// Notes that the pen was raised at rest, outside the program: a stroke of which only the pen-up was missing is drawn.
    mutating func raisedAtRest() {
        guard isPenDown, program.commands.indices.contains(executed), program.commands[executed].penIsUp == true else {
            return
        }
        strokesDone += 1
        isPenDown = false
    }
    /// Notes that the motors have had power until now: also for a stroke whose end was verified while its pen-up still runs.
    mutating func powered() { strokesPowered = max(strokesDone, strokesVerified) }

    /// Notes the reply to command `index`.
    mutating func answered(_ index: Int) {
        guard index == acked, index < next else { return }
        ackedCounters = program.commands[index].counters(after: ackedCounters)
        acked = index + 1
        // What does not pass through the queue is over when it is answered.
        if program.ticks[index] == 0, executed == index { retire(to: acked) }
    }

    /// Notes that all commands before `index` have been executed.
    mutating func retire(to index: Int) {
        while executed < index {
            executedTicks += Int64(program.ticks[executed])
            let command = program.commands[executed]
            executedCounters = command.counters(after: executedCounters)
            if let isUp = command.penIsUp {
                if isUp, isPenDown { strokesDone += 1 }
                isPenDown = !isUp
            }
            executed += 1
        }
    }

    /// Commands of the plan that are known to be executed, whatever has been put in their place: what a record keeps.
    var plannedDone: Int { planned.map { Int($0[executed]) } ?? executed }

    /// The same for what the board has taken.
    var plannedSent: Int { planned.map { Int($0[acked]) } ?? acked }

    /// Notes that `count` commands from `index` on are about to become `newCount` others. O(commands).
    mutating func notePlanned(at index: Int, count: Int, newCount: Int) {
        guard count > 0, newCount > 0 else { return }
        var places = planned ?? Array(0...Int32(clamping: program.commands.count))
        let inner = repeatElement(places[index], count: newCount - 1)
        places.replaceSubrange((index + 1)..<(index + count), with: inner)
        planned = places
    }

    /// From here on the plan is the program itself.
    mutating func forgetPlanned() { planned = nil }

    /// Goes back, or on, to command `index`, the board being at rest with these counters.
    mutating func restart(at index: Int, counters: MotorPosition?) {
        next = index
        acked = index
        executed = index
        executedTicks = program.ticks[..<index].reduce(0) { $0 + Int64($1) }
        comparedAt = index - 1
        penProven = index - 1
        strokesDone = program.commands[..<index].reduce(0) { $0 + ($1.beginsStroke ? 1 : 0) }
        isPenDown = isPenDown(before: index)
        if isPenDown, lastPen(before: index)?.beginsStroke == true { strokesDone -= 1 }
        (strokesVerified, strokesPowered) = (strokesDone, strokesDone)
        ackedCounters = counters
        executedCounters = counters
        trouble = nil
        isSlowing = false
    }

    /// Whether the board's pen is up before command `index`, when it is sure to be told: not if the next command is a pen
    /// move that may have been taken, nor where both heights are the same.
    func knownPen(before index: Int) -> Bool? {
        guard program.commands.indices.contains(index), program.commands[index].penIsUp == nil, !hasOneHeight else {
            return nil
        }
        return lastPen(before: index)?.penIsUp
    }

    /// Whether the pen is down before command `index`, as the program has it; up when it says nothing.
    func isPenDown(before index: Int) -> Bool {
        lastPen(before: index).map { if case .pen(let isUp, _, _) = $0 { !isUp } else { false } } ?? false
    }

    /// Last pen command before `index`.
    func lastPen(before index: Int) -> Command? {
        program.commands[..<index].last { $0.penIsUp != nil }
    }

    /// The program's own way to move the pen up or down, to be used out of turn.
    func pen(isUp: Bool) -> Command {
        if !isUp, let whole = wholeDrop { return whole }
        return program.commands.first { $0.penIsUp == isUp } ?? .pen(isUp: isUp, milliseconds: 200, pin: nil)
    }

    /// Nothing is held back any more, up to the next place where the plot waits for a person.
    mutating func lift() {
        limit = nextStop?.index ?? program.commands.count
        isSlowing = false
    }

    /// Nothing more is sent.
    mutating func stopHere() { limit = next }

    /// Sets the limit to the first place at or after the next command at which the pen is up and the carriage at rest:
    /// after a pen-up.
    ///
    /// - Parameter tried: a place that does not count.
    mutating func stopAtPenUp(after tried: Int = -1) {
        if next > 0, next != tried, program.commands[next - 1].penIsUp == true {
            limit = next
            return
        }
        guard let penUp = program.commands[next..<limit].firstIndex(where: { $0.penIsUp == true }) else { return }
        limit = penUp + 1
    }
}

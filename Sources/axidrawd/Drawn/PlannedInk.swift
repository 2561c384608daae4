internal import EBB

/// Where a plot has brought the carriage and what it has left on the paper, from its program and the number of commands
/// that are executed: the same for real and virtual boards.
///
/// The pen draws from the pen-down at a stroke's beginning to the next pen-up; what it does on its way down or up is no
/// ink, because a plot does not move meanwhile, or has the pen off the paper when it does.
struct PlannedInk: Sendable {
    /// A place that the carriage has come by.
    struct Vertex: Equatable, Sendable {
        /// Ticks of the program before it.
        var tick: Int64
        /// Steps of both motors from home.
        var motor1: Int32
        var motor2: Int32
        /// Whether the pen draws from here to the next one.
        var isDrawing: Bool
    }

    private(set) var program: Program
    /// Commands before this one are executed.
    private(set) var command: Int
    /// Ticks of that command which are over.
    private(set) var elapsed: Int32 = 0
    /// Steps of both motors from home, as of the beginning of that command.
    private var start: MotorPosition
    private(set) var isPenDown: Bool
    /// Ticks of all commands before.
    private var tick: Int64

    /// - Parameters:
    ///   - command: where the run begins; what is before it has been drawn by somebody else.
    ///   - place: steps from home there; nil = as the program has it, which begins at home.
    init(_ program: Program, at command: Int = 0, place: MotorPosition? = nil) {
        self.program = program
        self.command = min(max(0, command), program.commands.count)
        let before = Self.state(of: program, at: self.command)
        start = place ?? before.place
        (isPenDown, tick) = (before.isPenDown, before.tick)
    }

    /// Steps of both motors from home.
    var place: MotorPosition {
        guard elapsed > 0, command < program.commands.count else { return start }
        return start.moved(by: Move(program, command).place(at: elapsed))
    }

    /// The present place as a vertex.
    var here: Vertex { vertex(place, tick + Int64(elapsed)) }

    // MARK: Going on

    /// Goes on to where the commands before `index` are executed, and `elapsed` ticks of the one there.
    ///
    /// Going back, as a plot does that draws a stroke once more, leaves what is drawn and begins anew there.
    ///
    /// - Returns: the places come by, the present one excluded where it is none of a command's ends. O(commands passed),
    ///   of a way back O(all).
    mutating func advance(to index: Int, elapsed ticks: Int32 = 0) -> [Vertex] {
        let index = min(max(0, index), program.commands.count)
        var made: [Vertex] = []
        if index < command { made += jump(to: index) }
        while command < index {
            step(to: program.ticks[command], &made)
            finishCommand(&made)
        }
        guard command < program.commands.count else { return made }
        let end = min(max(0, ticks), program.ticks[command])
        if end > elapsed { step(to: end, &made) }
        return made
    }

    /// Goes on with another program for the same strokes from a command of it on, which follows a pen-up.
    ///
    /// - Returns: the places come by until then: up to the same pen-up, the old program has been executed. O(commands).
    mutating func goOn(with other: Program, at index: Int) -> [Vertex] {
        let index = min(max(0, index), other.commands.count)
        let lifts = Self.lifts(in: other.commands[..<index])
        let made = advance(to: max(command, Self.end(ofLift: lifts, in: program.commands)))
        program = other
        let before = Self.state(of: other, at: index)
        (command, elapsed, start) = (index, 0, before.place)
        (isPenDown, tick) = (before.isPenDown, before.tick)
        return made
    }

    /// How often commands raise a pen that is down.
    private static func lifts(in commands: Slice<Commands>) -> Int {
        var count = 0
        var isDown = false
        for command in commands {
            guard let isUp = command.movesPenUp else { continue }
            if isUp, isDown { count += 1 }
            isDown = !isUp
        }
        return count
    }

    /// Behind the command that raises a pen for the `count`th time; 0 for none, the end if there are fewer.
    private static func end(ofLift count: Int, in commands: Commands) -> Int {
        guard count > 0 else { return 0 }
        var left = count
        var isDown = false
        for (index, command) in commands.enumerated() {
            guard let isUp = command.movesPenUp else { continue }
            if isUp, isDown { left -= 1 }
            if left == 0 { return index + 1 }
            isDown = !isUp
        }
        return commands.count
    }

    private mutating func jump(to index: Int) -> [Vertex] {
        var last = here
        last.isDrawing = false
        let before = Self.state(of: program, at: index)
        (command, elapsed, start) = (index, 0, before.place)
        (isPenDown, tick) = (before.isPenDown, before.tick)
        // The way there, which no plan has, is made with the pen up.
        var arrived = here
        arrived.isDrawing = false
        return [last, arrived] + (isPenDown ? [here] : [])
    }

    /// The running command up to `end` ticks.
    private mutating func step(to end: Int32, _ made: inout [Vertex]) {
        defer { elapsed = end }
        let move = Move(program, command)
        guard move.isMotion, end > elapsed else { return }
        refine(move, from: elapsed, to: end, depth: 0, &made)
        append(vertex(start.moved(by: move.place(at: end)), tick + Int64(end)), &made)
    }

    private mutating func finishCommand(_ made: inout [Vertex]) {
        let (done, ticks) = (program.commands[command], program.ticks[command])
        start = Self.place(after: done, from: start)
        tick += Int64(ticks)
        (command, elapsed) = (command + 1, 0)
        guard let isUp = done.movesPenUp, isUp == isPenDown else { return }
        isPenDown = !isUp
        append(here, &made)
    }

    /// Looks of no interest, such as of a pause, are left out.
    private func append(_ vertex: Vertex, _ made: inout [Vertex]) {
        if let last = made.last, (last.motor1, last.motor2) == (vertex.motor1, vertex.motor2),
            last.isDrawing == vertex.isDrawing
        {
            return
        }
        made.append(vertex)
    }

    private func vertex(_ place: MotorPosition, _ tick: Int64) -> Vertex {
        Vertex(tick: tick, motor1: place.motor1, motor2: place.motor2, isDrawing: isPenDown)
    }

    /// Adds places inside a bent move until none of its middles lies more than a step beside the line.
    private func refine(_ move: Move, from begin: Int32, to end: Int32, depth: Int, _ made: inout [Vertex]) {
        guard move.isAccelerated, depth < 24, end - begin >= 2 else { return }
        let middle = begin + (end - begin) / 2
        let (a, b, p) = (move.place(at: begin), move.place(at: end), move.place(at: middle))
        let chord = (Double(b.motor1 &- a.motor1), Double(b.motor2 &- a.motor2))
        let q = (Double(p.motor1 &- a.motor1), Double(p.motor2 &- a.motor2))
        let across = chord.0 * q.1 - chord.1 * q.0
        let length = chord.0 * chord.0 + chord.1 * chord.1
        guard across * across > length || (length == 0 && q != (0, 0)) else { return }
        refine(move, from: begin, to: middle, depth: depth + 1, &made)
        append(vertex(start.moved(by: p), tick + Int64(middle)), &made)
        refine(move, from: middle, to: end, depth: depth + 1, &made)
    }

    // MARK: What a program says

    private static func state(
        of program: Program, at index: Int
    ) -> (place: MotorPosition, isPenDown: Bool, tick: Int64) {
        var place = MotorPosition.zero
        var isPenDown = false
        var tick: Int64 = 0
        for i in 0..<index {
            place = Self.place(after: program.commands[i], from: place)
            if let isUp = program.commands[i].movesPenUp { isPenDown = !isUp }
            tick += Int64(program.ticks[i])
        }
        return (place, isPenDown, tick)
    }

    /// Counters may be set to zero anywhere: the carriage stays where it is.
    private static func place(after command: Command, from place: MotorPosition) -> MotorPosition {
        switch command {
        case .move(_, let steps1, let steps2): place.moved(by: MotorPosition(steps1, steps2))
        case .acceleratedMove(let a, let b, _): place.moved(by: MotorPosition(a.steps, b.steps))
        case .timedMove(_, let a, let b, _): place.moved(by: MotorPosition(a.steps, b.steps))
        case .home(_, let steps1, let steps2): MotorPosition(steps1, steps2)
        case .enableMotors, .pen, .configure, .servoTimeout, .setUp, .setVariable, .emergencyStop,
            .clearSteps, .raw:
            place
        }
    }

    /// What a command does while it runs.
    private struct Move {
        let command: Command
        let ticks: Int32

        init(_ program: Program, _ index: Int) { (command, ticks) = (program.commands[index], program.ticks[index]) }

        var isMotion: Bool {
            if case .acceleratedMove(let a, let b, _) = command { return a.steps != 0 || b.steps != 0 }
            if case .timedMove = command { return true }
            if case .move(_, let steps1, let steps2) = command { return steps1 != 0 || steps2 != 0 }
            return false
        }

        var isAccelerated: Bool {
            command.courses(ticks: ticks).map { $0.0.isAccelerated || $0.1.isAccelerated } ?? false
        }

        /// Steps made after so many ticks.
        func place(at tick: Int32) -> MotorPosition {
            if let courses = command.courses(ticks: ticks) {
                return MotorPosition(courses.0.steps(after: Int64(tick)), courses.1.steps(after: Int64(tick)))
            }
            guard case .move(_, let steps1, let steps2) = command else { return .zero }
            let share = { (steps: Int32) in Int32(clamping: Int64(steps) * Int64(tick) / Int64(max(1, ticks))) }
            return MotorPosition(share(steps1), share(steps2))
        }
    }
}

extension MotorPosition {
    fileprivate func moved(by steps: MotorPosition) -> MotorPosition {
        MotorPosition(motor1 &+ steps.motor1, motor2 &+ steps.motor2)
    }
}

extension Command {
    /// Whether the command raises (true) or lowers the pen; nil for any other, and for a pen-down that comes before the
    /// carriage has arrived: another follows where the stroke begins.
    fileprivate var movesPenUp: Bool? {
        penIsUp == false && !beginsStroke ? nil : penIsUp
    }
}

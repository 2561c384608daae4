/// Looking at the board while it draws: button, power, and whether counters and pen are where the plan has them.
extension Run {
    /// Whether commands travel without a sum, so that a damaged one can be another good one: what it did is asked.
    var provesByAsking: Bool { !link.conversation.addsChecksum }

    /// The question that is due now.
    func dueWatch(at now: Int64) -> (command: Command, tag: Int)? {
        if let due = motorsTick, due <= now {
            watch.motorsDue = .max
            return (Question.motors.command, Watch.motors)
        }
        if watch.wantsPen {
            watch.wantsPen = false
            return (Question.isPenUp.command, Watch.pen)
        }
        if watch.wantsPower {
            watch.wantsPower = false
            return link.isThree
                ? (Question.status.command, Watch.status) : (Question.supply.command, Watch.power)
        }
        if watch.beside != nil { return (Question.counters.command, Watch.wayAgain) }
        if let doubt = watch.doubt, doubt.due <= now { return (Question.counters.command, Watch.countersAgain) }
        if watch.doubt == nil, let compare = compareTick(at: now), compare <= now {
            feed.comparedAt = link.credit.running?.index ?? feed.executed
            return (Question.counters.command, Watch.counters)
        }
        if let pen = unseenPenMove(at: now) {
            watch.penAsks = pen == watch.penAsked ? watch.penAsks + 1 : 1
            watch.penAsked = pen
            return (Question.isPenUp.command, Watch.penOnWay)
        }
        if let way = wayTick(at: now), way <= now {
            watch.seenOnWay = link.credit.running?.index ?? feed.executed
            return (Question.counters.command, Watch.way)
        }
        guard link.settings.watchTicks > 0, now >= watch.next else { return nil }
        watch.next = now + link.settings.watchTicks
        watch.looks += 1
        return regularQuestion
    }

    /// By turns: the board's button and state, its motor supply, how much of its queue is left.
    private var regularQuestion: (command: Command, tag: Int) {
        let power = (Question.supply.command, Watch.power)
        let status = (Question.status.command, Watch.status)
        guard link.canAskStatus else {
            return watch.looks % 2 == 0 ? power : (Question.wasButtonPressed.command, Watch.button)
        }
        switch watch.looks % 4 {
        case 0: return power
        case 2:
            if !link.isThree { return power }
            return link.hasQueueCount ? (Question.waitingCount.command, Watch.waiting) : status
        default: return status
        }
    }

    /// When the next question is due; nil = none while things are as they are.
    func nextWatch(at now: Int64) -> Int64? {
        var next = link.settings.watchTicks > 0 ? watch.next : nil
        for tick in [
            watch.doubt?.due, watch.doubt == nil ? compareTick(at: now) : nil, wayTick(at: now), motorsTick,
            watch.beside == nil ? nil : now, unseenPenMove(at: now) == nil ? nil : now,
        ] {
            if let tick { next = min(tick, next ?? tick) }
        }
        return next
    }

    /// When the resolution is to be asked for: `EM` waits in the queue behind what moves, and is answered before.
    private var motorsTick: Int64? {
        guard let index = watch.wantsMotors, link.canAskMotors, feed.executed > index else { return nil }
        return watch.motorsDue
    }

    /// The middle of the running pen move, if the carriage rests during it and the counters have not been compared yet.
    private func compareTick(at now: Int64) -> Int64? {
        guard let running = link.credit.running, running.index > feed.comparedAt, running.ticks >= 1_000,
            feed.executedCounters != nil, feed.executed == running.index,
            feed.program.commands[running.index].penIsUp != nil
        else { return nil }
        let middle = running.end - Int64(running.ticks) / 2
        // Too late to be sure that the pen move is still under way.
        guard now <= running.end - Int64(running.ticks) / 4 else { return nil }
        return max(now, middle)
    }

    /// Beyond the middle of a move with the pen down, where a board without sums has not been seen on its way yet.
    private func wayTick(at now: Int64) -> Int64? {
        guard provesByAsking, feed.isPenDown, watch.beside == nil, let running = link.credit.running,
            running.index > watch.seenOnWay, running.ticks >= 500, feed.executed == running.index,
            feed.executedCounters != nil, feed.program.commands[running.index].isMotion
        else { return nil }
        guard now <= running.end - 100 else { return nil }
        return max(now, running.end - Int64(running.ticks) * 9 / 20)
    }

    /// A pen move that went by before anybody had looked at it: the board was found further on than its clock had it, as
    /// if the move had taken no time. What the pen does now is asked for within the moves that follow, well before it moves
    /// again.
    private func unseenPenMove(at now: Int64) -> Int? {
        guard provesByAsking, !feed.hasOneHeight, let running = link.credit.running, feed.executed == running.index,
            feed.executedCounters != nil, feed.program.commands[running.index].isMotion
        else { return nil }
        let nearest = max(0, running.index - Self.penReach)..<running.index
        guard let pen = nearest.last(where: { feed.program.commands[$0].penIsUp != nil }), pen > feed.penProven,
            watch.doubt == nil, !watch.wantsPen,
            feed.program.ticks[pen] >= 1_000, pen != watch.penAsked || watch.isPenDoubted && watch.penAsks < 2
        else { return nil }
        var left = running.end - now
        var next = running.index + 1
        let needed = link.credit.lateness + Self.clockTicks
        while left < needed, next < feed.program.commands.count, feed.program.commands[next].isMotion {
            left += Int64(feed.program.ticks[next])
            next += 1
        }
        return left >= needed ? pen : nil
    }

    /// So many commands behind a pen move it is looked for.
    private static let penReach = 32

    /// The pen after a move of it that nobody saw; twice where it should not be is believed.
    private func takePenOnWay(_ text: String) {
        let pen = watch.penAsked
        guard feed.program.commands.indices.contains(pen), feed.executed > pen,
            feed.executed < feed.program.commands.count,
            !(pen + 1...feed.executed).contains(where: { feed.program.commands[$0].penIsUp != nil }),
            let isUp = feed.program.commands[pen].penIsUp, let found = Question.isPenUp.parse(text)
        else { return }
        defer { watch.isPenDoubted = found != isUp && !watch.isPenDoubted }
        if found != isUp, watch.isPenDoubted { trouble(.unasked("QP: \(text)")) }
    }

    func takeWatch(_ tag: Int, text: String, at now: Int64) {
        switch tag {
        case Watch.status: takeStatus(text, at: now)
        case Watch.power: takePower(text)
        case Watch.counters: takeCounters(text, at: now)
        case Watch.countersAgain: takeCountersAgain(text, at: now)
        case Watch.way, Watch.wayAgain: takeWay(text, isAgain: tag == Watch.wayAgain)
        case Watch.pen: takePen(text)
        case Watch.penOnWay: takePenOnWay(text)
        case Watch.motors: takeMotors(text)
        case Watch.button: if text == "1" { pressedWhileFeeding() }
        case Watch.waiting:
            // With a command too many in the queue the count would put the model behind.
            guard !holdsBack, let waiting = Question.waitingCount.parse(text), waiting > 0 else { return }
            link.credit.observed(waiting: waiting, asked: watch.asked, at: now)
        default: break
        }
    }

    private func pressedWhileFeeding() {
        buttonPressed()
        requested()
    }

    private func takeCounters(_ text: String, at now: Int64) {
        guard let expected = feed.executedCounters else { return }
        if Question.counters.parse(text) == expected {
            // Where the pen cannot be told the counters must do.
            if feed.hasOneHeight { feed.verifiedHere() }
            watch.wantsPen = !feed.hasOneHeight
            watch.wantsPower = true
        } else {
            // Where the link is slow the pen move may have been over, or not begun: what moves will have moved on soon.
            watch.doubt = (text, now + 100)
        }
    }

    private func takeCountersAgain(_ text: String, at now: Int64) {
        defer { watch.doubt = nil }
        guard let expected = feed.executedCounters, let before = watch.doubt?.text else { return }
        guard text == before else {
            if wasCutShort(at: now), hasLeft(before), hasLeft(text) {
                trouble(.beside(found: "\(before), then \(text)"))
            }
            return
        }
        if let found = Question.counters.parse(text), feed.restsSomewhere(at: found) { return }
        trouble(.astray(expected: expected, found: text))
    }

    /// By how much the end of a pen move may be missed by the clocks of link and board, ticks: 20 ms.
    private static let clockTicks: Int64 = 500

    /// Whether a board that is done with the running pen move has made it shorter than it was sent: on a board without sums
    /// its time may have been changed on the way. However late the link is, the model knows how late it may be itself.
    private func wasCutShort(at now: Int64) -> Bool {
        guard provesByAsking, let running = link.credit.running, running.index == feed.executed,
            feed.comparedAt == running.index
        else { return false }
        return now < running.end - link.credit.lateness - Self.clockTicks
    }

    private func hasLeft(_ text: String) -> Bool {
        Question.counters.parse(text).map { feed.hasLeftPen(for: $0) } ?? false
    }

    /// A board that is beside its way twice has had another command than was sent, though it may end at the right place.
    private func takeWay(_ text: String, isAgain: Bool) {
        let before = watch.beside
        watch.beside = nil
        guard let found = Question.counters.parse(text), !feed.passes(by: found) else { return }
        if isAgain, let before { return trouble(.beside(found: "\(before), then \(text)")) }
        watch.beside = text
    }

    /// The carriage was where it rests while this pen move runs.
    private func takePen(_ text: String) {
        guard feed.comparedAt == feed.executed, feed.program.commands.indices.contains(feed.executed),
            let isUp = feed.program.commands[feed.executed].penIsUp, let found = Question.isPenUp.parse(text)
        else { return }
        guard found == isUp else { return trouble(.unasked("QP: \(text)")) }
        feed.penProven = feed.executed
        feed.verifiedHere()
    }

    /// After so long `EM` has been executed, ticks: a tenth of a second.
    private static let motorsPatience: Int64 = 2_500

    /// What `EM` has set: another resolution would draw everything in another size.
    private func takeMotors(_ text: String) {
        guard let index = watch.wantsMotors else { return }
        watch.motorsDue = watch.asked + Self.motorsPatience
        guard let modes = Question.motors.parse(text) else { return }
        guard case .enableMotors(let mode, let second) = feed.program.commands[index] else {
            watch.wantsMotors = nil
            return
        }
        let divisor = mode == 0 ? 0 : 16 >> (Int(min(mode, 5)) - 1)
        let wanted = MotorModes(motor1: divisor, motor2: second == 0 ? 0 : divisor)
        if modes == wanted {
            (watch.wantsMotors, watch.otherMotors) = (nil, nil)
        } else if let before = watch.otherMotors {
            // Where the carriage is by its counters says nothing then: all is set up anew.
            trouble(.beside(found: "QE: \(before), then \(text)"))
        } else {
            // The command may still wait on a board that is later than its model.
            watch.otherMotors = text
        }
    }

    private func takeStatus(_ text: String, at now: Int64) {
        guard let status = Question.status.parse(text) else { return }
        if status.button { pressedWhileFeeding() }
        if link.isThree {
            if status.powerLost {
                watch.sawPowerLost = true
                return trouble(.motorPower(volts: link.identity?.motorVolts ?? 0))
            }
            feed.powered()
        }
        if holdsBack { return }
        let waiting = status.hasWaiting ? max(1, link.credit.count - 1) : 0
        link.credit.observed(waiting: status.isIdle ? nil : waiting, asked: watch.asked, at: now)
    }

    private func takePower(_ text: String) {
        guard let supply = Question.supply.parse(text) else { return }
        if supply.counts < link.settings.lowestSupplyCounts {
            trouble(.motorPower(volts: supply.volts))
        } else if !link.isThree {
            feed.powered()
        }
    }
}

/// What a run has seen of its board by the way.
struct WatchState: Sendable {
    /// When the board is to be looked at again.
    var next: Int64 = 0
    /// Looks taken, to ask for the supply at every fourth.
    var looks = 0
    /// When the last question was asked.
    var asked: Int64 = 0
    /// When the last command of the program was answered.
    var answeredAt = Int64.min / 2
    /// Counters that did not fit, to be asked for once more at this tick.
    var doubt: (text: String, due: Int64)?
    /// Counters that lay beside the way, to be asked for once more at once.
    var beside: String?
    /// Move during which the counters were last looked at on the way.
    var seenOnWay = -1
    /// The carriage rests where it should; what of the pen?
    var wantsPen = false
    /// The same moment is to say whether the motors have had power: what is drawn by then need not be drawn again.
    var wantsPower = false
    /// The pen move that went by unseen and after which the pen has been asked for.
    var penAsked = -1
    var penAsks = 0
    /// It was not where it should be; it is asked for once more.
    var isPenDoubted = false
    /// The command whose resolution is to be asked for.
    var wantsMotors: Int?
    /// When that is to be asked for.
    var motorsDue: Int64 = 0
    /// What it was once said to be, if that was another; it is asked for again before it is believed.
    var otherMotors: String?
    /// 3.x: the board saw its motor supply fail.
    var sawPowerLost = false

    /// Feeding begins; the board is looked at regularly from `tick` on.
    mutating func begin(at tick: Int64) {
        next = tick
        (doubt, beside, wantsPen, wantsPower, wantsMotors, otherMotors) = (nil, nil, false, false, nil, nil)
        (motorsDue, penAsked, penAsks, isPenDoubted) = (0, -1, 0, false)
    }
}

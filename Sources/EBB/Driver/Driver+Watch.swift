/// Looking at the board while it draws: button, power, and the counters during every long pen move.
extension Driver {
    /// The question that is due now.
    func dueWatch(_ feed: Feed) -> (command: Command, tag: Int)? {
        guard feeding != nil else { return nil }
        let now = transport.now
        watch.asked = now
        if watch.wantsPen {
            watch.wantsPen = false
            return (.raw("QP"), Watch.pen)
        }
        if watch.wantsPower {
            watch.wantsPower = false
            return isThree ? (.raw("QG"), Watch.status) : (.raw("QC"), Watch.power)
        }
        if let doubt = watch.doubt, doubt.due <= now { return (.raw("QS"), Watch.countersAgain) }
        if watch.doubt == nil, let compare = compareTick(feed), compare <= now {
            self.feed?.comparedAt = credit.running?.index ?? feed.executed
            return (.raw("QS"), Watch.counters)
        }
        guard settings.watchTicks > 0, now >= watch.next else { return nil }
        watch.next = now + settings.watchTicks
        watch.looks += 1
        return regularQuestion
    }

    /// By turns: the board's button and state, its motor supply, how much of its queue is left.
    private var regularQuestion: (command: Command, tag: Int) {
        guard canAskStatus else {
            return watch.looks % 2 == 0 ? (.raw("QC"), Watch.power) : (.raw("QB"), Watch.button)
        }
        switch watch.looks % 4 {
        case 0: return (.raw("QC"), Watch.power)
        case 2:
            if !isThree { return (.raw("QC"), Watch.power) }
            return hasQueueCount ? (.raw("QU,6"), Watch.waiting) : (.raw("QG"), Watch.status)
        default: return (.raw("QG"), Watch.status)
        }
    }

    /// When the next question is due; nil = none while things are as they are.
    func nextWatch(_ feed: Feed) -> Int64? {
        guard feeding != nil else { return nil }
        var next = settings.watchTicks > 0 ? watch.next : nil
        for tick in [watch.doubt?.due, watch.doubt == nil ? compareTick(feed) : nil] {
            if let tick { next = min(tick, next ?? tick) }
        }
        return next
    }

    /// The middle of the running pen move, if the carriage rests during it and the counters have not been compared yet.
    private func compareTick(_ feed: Feed) -> Int64? {
        guard let running = credit.running, running.index > feed.comparedAt, running.ticks >= 1_000,
            feed.executedCounters != nil, feed.executed == running.index,
            feed.program.commands[running.index].penIsUp != nil
        else { return nil }
        let now = transport.now
        let middle = running.end - Int64(running.ticks) / 2
        // Too late to be sure that the pen move is still under way.
        guard now <= running.end - Int64(running.ticks) / 4 else { return nil }
        return max(now, middle)
    }

    func takeWatch(_ tag: Int, text: String) {
        switch tag {
        case Watch.status: takeStatus(text)
        case Watch.power: takePower(text)
        case Watch.counters: takeCounters(text)
        case Watch.countersAgain: takeCountersAgain(text)
        case Watch.pen: takePen(text)
        case Watch.button: if text == "1" { buttonPressed() }
        case Watch.waiting:
            guard let waiting = Self.utilityValue(reply: text), waiting > 0 else { return }
            credit.observed(waiting: waiting, asked: watch.asked, at: transport.now)
        default: break
        }
    }

    private func takeCounters(_ text: String) {
        guard let feed, let expected = feed.executedCounters else { return }
        if MotorPosition(reply: text) == expected {
            watch.wantsPen = !feed.hasOneHeight
            watch.wantsPower = true
        } else {
            // Where the link is slow the pen move may have been over, or not begun: what moves will have moved on soon.
            watch.doubt = (text, transport.now + 100)
        }
    }

    private func takeCountersAgain(_ text: String) {
        defer { watch.doubt = nil }
        guard let feed, let expected = feed.executedCounters, text == watch.doubt?.text else { return }
        if let found = MotorPosition(reply: text), feed.restsSomewhere(at: found) { return }
        trouble(.astray(expected: expected, found: text))
    }

    /// The carriage was where it rests while this pen move runs.
    private func takePen(_ text: String) {
        guard let feed, feed.comparedAt == feed.executed, feed.program.commands.indices.contains(feed.executed),
            let isUp = feed.program.commands[feed.executed].penIsUp, text != (isUp ? "1" : "0")
        else { return }
        trouble(.unasked("QP: \(text)"))
    }

    private func takeStatus(_ text: String) {
        guard let status = BoardStatus(reply: text) else { return }
        if status.button { buttonPressed() }
        if isThree {
            if status.powerLost {
                watch.sawPowerLost = true
                return trouble(.motorPower(volts: identity?.motorVolts ?? 0))
            }
            feed?.powered()
        }
        let waiting = status.hasWaiting ? max(1, credit.count - 1) : 0
        credit.observed(waiting: status.isIdle ? nil : waiting, asked: watch.asked, at: transport.now)
    }

    private func takePower(_ text: String) {
        guard let counts = Self.supplyCounts(reply: text) else { return }
        watch.supplyCounts = counts
        if counts < settings.lowestSupplyCounts {
            trouble(.motorPower(volts: BoardIdentity.volts(counts: counts)))
        } else if !isThree {
            feed?.powered()
        }
    }

    static func supplyCounts(reply: String) -> Int? {
        let fields = reply.split(separator: ",")
        guard fields.count == 2, let counts = Int(fields[1]), (0...1023).contains(counts) else { return nil }
        return counts
    }

    var isThree: Bool { (identity?.firmware.major ?? 0) >= 3 }
    /// `QU,6` came with 3.0.1.
    private var hasQueueCount: Bool { identity.map { $0.firmware >= FirmwareVersion(3, 0, 1) } ?? false }
    /// `QG` came with 2.6.2.
    var canAskStatus: Bool { identity.map { $0.firmware >= FirmwareVersion(2, 6, 2) } ?? false }
}

/// The byte that `QG` answers (ebb.md §6.2).
struct BoardStatus: Equatable, Sendable {
    var bits: UInt8

    init?(reply: String) {
        guard reply.utf8.count == 2, let bits = UInt8(reply, radix: 16) else { return nil }
        self.bits = bits
    }

    var isIdle: Bool { bits & 0b1001 == 0 }
    /// A command waits behind the running one.
    var hasWaiting: Bool { bits & 1 != 0 }
    var isPenUp: Bool { bits & 0x10 != 0 }
    /// Pressed since the last look.
    var button: Bool { bits & 0x20 != 0 }
    /// 3.x only; on 2.x this bit is an open input.
    var powerLost: Bool { bits & 0x40 != 0 }
}

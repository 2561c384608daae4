/// Looking at the board while it draws: button, power, and the counters during every long pen move.
extension Driver {
    /// The question that is due now.
    func dueWatch(_ feed: Feed) -> (command: Command, tag: Int)? {
        guard feeding != nil else { return nil }
        let now = transport.now
        if let compare = compareTick(feed), compare <= now {
            self.feed?.comparedAt = credit.running?.index ?? feed.executed
            return (.raw("QS"), Watch.counters)
        }
        guard settings.watchTicks > 0, now >= watch.next else { return nil }
        watch.next = now + settings.watchTicks
        watch.looks += 1
        if watch.looks % 4 == 0 { return (.raw("QC"), Watch.power) }
        return canAskStatus ? (.raw("QG"), Watch.status) : nil
    }

    /// When the next question is due; nil = none while things are as they are.
    func nextWatch(_ feed: Feed) -> Int64? {
        guard feeding != nil else { return nil }
        let regular = settings.watchTicks > 0 ? watch.next : nil
        guard let compare = compareTick(feed) else { return regular }
        return min(compare, regular ?? compare)
    }

    /// The middle of the running pen move, if the carriage rests during it and the counters have not been compared yet.
    private func compareTick(_ feed: Feed) -> Int64? {
        guard let running = credit.running, running.index > feed.comparedAt, running.ticks >= 1_000,
            feed.executedCounters != nil, feed.executed == running.index,
            feed.program.commands[running.index].penIsUp == true
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
        case Watch.counters:
            guard let expected = feed?.executedCounters, MotorPosition(reply: text) != expected else { return }
            trouble(.astray(expected: expected, found: text))
        default: break
        }
    }

    private func takeStatus(_ text: String) {
        guard let status = BoardStatus(reply: text) else { return }
        if status.button { buttonPressed() }
        if isThree, status.powerLost {
            watch.sawPowerLost = true
            trouble(.motorPower(volts: identity?.motorVolts ?? 0))
        }
    }

    private func takePower(_ text: String) {
        guard let counts = Self.supplyCounts(reply: text) else { return }
        watch.supplyCounts = counts
        if counts < settings.lowestSupplyCounts { trouble(.motorPower(volts: BoardIdentity.volts(counts: counts))) }
    }

    static func supplyCounts(reply: String) -> Int? {
        let fields = reply.split(separator: ",")
        guard fields.count == 2, let counts = Int(fields[1]), (0...1023).contains(counts) else { return nil }
        return counts
    }

    var isThree: Bool { (identity?.firmware.major ?? 0) >= 3 }
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
    var isPenUp: Bool { bits & 0x10 != 0 }
    /// Pressed since the last look.
    var button: Bool { bits & 0x20 != 0 }
    /// 3.x only; on 2.x this bit is an open input.
    var powerLost: Bool { bits & 0x40 != 0 }
}

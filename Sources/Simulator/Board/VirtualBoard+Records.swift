/// A command that is still running, waiting or unanswered.
struct OpenRecord: Sendable {
    var record: CommandRecord
    /// Queue entries not yet over.
    var parts = 0
    var hasStarted = false
    var isAnswered = false
}

extension VirtualBoard {
    /// Finished records that nobody takes; later ones are dropped.
    private static let recordLimit = 65_536

    mutating func openRecord() {
        guard configuration.keepsRecords else { return }
        openRecords.append(
            OpenRecord(
                record: CommandRecord(
                    index: commandIndex, tick: now, command: line, reply: [], startTick: now, ticks: 0, motor1: 0,
                    motor2: 0, penUp: true)))
    }

    mutating func expectParts(_ count: Int) {
        guard configuration.keepsRecords, let last = openRecords.indices.last else { return }
        openRecords[last].parts = count
    }

    mutating func startPart(_ index: Int, tick: Int64) {
        guard configuration.keepsRecords, let i = openRecords.firstIndex(where: { $0.record.index == index })
        else { return }
        if !openRecords[i].hasStarted {
            openRecords[i].hasStarted = true
            openRecords[i].record.startTick = tick
        }
    }

    /// A queue entry of command `index` is over or dropped.
    mutating func finishPart(_ index: Int) {
        guard configuration.keepsRecords, let i = openRecords.firstIndex(where: { $0.record.index == index })
        else { return }
        openRecords[i].parts -= 1
        if openRecords[i].hasStarted { openRecords[i].record.ticks = now - openRecords[i].record.startTick }
        settleRecord(i)
    }

    /// The command in the parser has been answered.
    mutating func closeRecord() {
        guard let last = openRecords.indices.last, openRecords[last].record.index == commandIndex,
            !openRecords[last].isAnswered
        else { return }
        openRecords[last].record.reply = reply
        openRecords[last].isAnswered = true
        settleRecord(last)
    }

    private mutating func settleRecord(_ i: Int) {
        guard openRecords[i].isAnswered, openRecords[i].parts <= 0 else { return }
        let place = position
        openRecords[i].record.motor1 = place.motor1
        openRecords[i].record.motor2 = place.motor2
        openRecords[i].record.penUp = isPenUpState
        while let first = openRecords.first, first.isAnswered, first.parts <= 0 {
            if records.count < VirtualBoard.recordLimit { records.append(first.record) }
            openRecords.removeFirst()
        }
    }
}

/// What a connected board is asked: whether it rests, its mark, its power.
extension BoardLink {
    var isThree: Bool { (identity?.firmware.major ?? 0) >= 3 }
    /// `QU,6` came with 3.0.1.
    var hasQueueCount: Bool { identity.map { $0.firmware >= FirmwareVersion(3, 0, 1) } ?? false }
    /// `QG` came with 2.6.2.
    var canAskStatus: Bool { identity.map { $0.firmware >= FirmwareVersion(2, 6, 2) } ?? false }
    /// `QE` came with 2.8.0.
    var canAskMotors: Bool { identity?.firmware.queuesMotorSwitch ?? false }

    /// Waits until nothing moves and nothing is queued; thrown `halted` when a stop comes meanwhile.
    nonisolated(nonsending) func settle() async throws(DriverError) {
        let stopsBefore = stops
        if let end = credit.lastEnd, end > now { await sleep(ticks: end - now) }
        let patienceEnds = now + 250_000
        while try await !isAtRest() {
            guard now < patienceEnds else { throw .link(.timedOut(waitingFor: "the motion to end")) }
            guard stops == stopsBefore else { throw .halted }
            await sleep(ticks: 50)
        }
        // What was to come after the motion must not come after a stop of it.
        guard stops == stopsBefore else { throw .halted }
        credit.clear()
    }

    private nonisolated(nonsending) func isAtRest() async throws(DriverError) -> Bool {
        guard canAskStatus else { return try await ask(.motion).isIdle }
        let status = try await ask(.status)
        feeder?.saw(status)
        return status.isIdle
    }

    /// The counters of a board at rest, asked for until they come twice alike.
    nonisolated(nonsending) func askCounters() async throws(DriverError) -> MotorPosition {
        let first = try await ask(.counters)
        let second = try await ask(.counters)
        if first == second { return second }
        let third = try await ask(.counters)
        guard third == first || third == second else {
            throw .unexpected(command: "QS", answer: "\(first), then \(second), then \(third)")
        }
        return third
    }

    /// The supply, if it is too low for motors to have followed, as the board says twice; nil = they have power.
    nonisolated(nonsending) func askLowSupply() async throws(DriverError) -> SupplyReading? {
        guard try await ask(.supply).counts < settings.lowestSupplyCounts else { return nil }
        let again = try await ask(.supply)
        return again.counts < settings.lowestSupplyCounts ? again : nil
    }

    /// Whether both motors are on; nil where the board cannot tell.
    nonisolated(nonsending) func areMotorsOn() async throws(DriverError) -> Bool? {
        canAskMotors ? try await ask(.motors).areOn : nil
    }

    // MARK: The mark of a run

    /// 2.x has one cell, which the maker's software uses too; on 3.x one that nobody uses.
    private static let markCell: UInt8 = 20

    static func mark(on firmware: FirmwareVersion) -> Question<UInt8> {
        .variable(firmware.major >= 3 ? markCell : nil)
    }

    /// Whether the board carries a mark for which `isRight` holds; another one is asked for again before it is believed.
    nonisolated(nonsending) func hasMark(_ isRight: (UInt8) -> Bool) async throws(DriverError) -> Bool {
        let question = Self.mark(on: identity?.firmware ?? .oldest)
        if isRight(try await ask(question)) { return true }
        return isRight(try await ask(question))
    }

    /// Marks the board; one that was reset has 0 there.
    nonisolated(nonsending) func setMark(_ mark: UInt8) async throws(DriverError) {
        try await send(isThree ? .setVariable(mark, index: Self.markCell) : .raw("SL,\(mark)"))
        identity?.keptSession = true
    }
}

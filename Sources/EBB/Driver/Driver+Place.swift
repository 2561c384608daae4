/// What must be kept of a run so that a later one can go on with it at the very step.
public struct RunRecord: Equatable, Sendable {
    /// The mark that the run has left on the board, 1…255.
    public var session: UInt8
    /// The commands before this one are known to have been executed; the counters began at (0, 0).
    public var command: Int

    public init(session: UInt8, command: Int) {
        self.session = session
        self.command = command
    }
}

/// What a board proves of a run that was cut off, by the crash of its host for instance.
public enum RunPlace: Equatable, Sendable {
    /// Nothing has moved unseen: `command` comes next, the counters being at `counters`.
    case proven(command: Int, counters: MotorPosition)
    /// Why not, in words.
    case unproven(String)
}

extension Driver {
    /// How far beyond its record a run may have gone: what was recorded lags by a stroke, and by a slow disk.
    private static let longestLagTicks: Int64 = 30 * 25_000

    /// Asks a connected board whether it stands where a run of `program` has left it; moves nothing.
    ///
    /// The proof: the board was not reset (its mark), its motors have power and are on, from 3.0 have never been without
    /// power, and its counters are those of exactly one place of the program from the record on. O(commands).
    public func place(in program: Program, record: RunRecord) async throws(DriverError) -> RunPlace {
        try await onQueue { () throws(DriverError) in try await placeHere(in: program, record: record) }
    }

    private func placeHere(in program: Program, record: RunRecord) async throws(DriverError) -> RunPlace {
        guard !control.isRunning else { throw .busy }
        guard try await askSession() == record.session else {
            return .unproven("the board has been reset, or used by another program, since")
        }
        try await settle()
        watch = WatchState()
        if isThree, let status = BoardStatus(reply: try await ask(.raw("QG"))), status.powerLost {
            return .unproven("its motors have been without power")
        }
        if try await powerTrouble() != nil { return .unproven("its motors have no power") }
        if try await areMotorsOn() == false { return .unproven("its motors have been released") }
        let first = try await askCounters()
        let found = try await askCounters()
        guard first == found else { throw .unexpected(command: "QS", answer: "\(first), then \(found)") }
        let places = Self.places(in: program, from: record.command, at: found)
        guard let command = places.first else {
            return .unproven("its counters say \(found), which is no place on the way")
        }
        guard places.count == 1 else { return .unproven("the plot comes by \(found) more than once") }
        return .proven(command: command, counters: found)
    }

    /// Places at which the counters are `found`, from command `first` on: of commands that do not move, the first.
    static func places(in program: Program, from first: Int, at found: MotorPosition) -> [Int] {
        guard program.commands.indices.contains(first) else { return [] }
        var counters: MotorPosition? = .zero
        for command in program.commands[..<first] { counters = command.counters(after: counters) }
        var places: [Int] = []
        var wasThere = false
        var lag: Int64 = 0
        for index in first...program.commands.count {
            let isThere = counters == found
            if isThere, !wasThere { places.append(index) }
            wasThere = isThere
            guard index < program.commands.count, lag <= longestLagTicks, places.count < 2 else { break }
            counters = program.commands[index].counters(after: counters)
            lag += Int64(program.ticks[index])
        }
        return places
    }

    /// Whether both motors are on; nil where the board cannot tell (`QE` is there from 2.8.0 on).
    public func areMotorsOn() async throws(DriverError) -> Bool? {
        guard let firmware = identity?.firmware, firmware >= FirmwareVersion(2, 8, 0) else { return nil }
        let answer = try await ask(.raw("QE"))
        let modes = answer.split { $0 == "," || $0.isWhitespace }.compactMap { Int($0) }
        guard modes.count == 2 else { throw .unexpected(command: "QE", answer: answer) }
        return !modes.contains(0)
    }

    /// Takes the mark off the board: the carriage may be moved by hand from now on, which no counter would tell.
    public func forgetSession() async throws(DriverError) {
        session = 0
        try await onQueue { () throws(DriverError) in try await markSession() }
        session = settings.session
    }
}

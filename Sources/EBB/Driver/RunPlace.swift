/// What must be kept of a run so that a later one can go on with it at the very step.
public struct RunRecord: Equatable, Sendable {
    /// The mark that the run has left on the board, 1…255.
    public var session: UInt8
    /// The commands before this one are known to have been executed; the counters began at (0, 0).
    public var command: Int
    /// Whether the pen was up when the board was found again; nil = unknown.
    public var isPenUp: Bool?

    public init(session: UInt8, command: Int, isPenUp: Bool? = nil) {
        self.session = session
        self.command = command
        self.isPenUp = isPenUp
    }
}

/// What a board proves of a run that was cut off, by the crash of its host for instance.
public enum RunPlace: Equatable, Sendable {
    /// Nothing has moved unseen: `command` comes next, or what is left of it, the counters being at `counters`.
    case proven(command: Int, counters: MotorPosition)
    /// Why not, in words.
    case unproven(String)
}

extension BoardLink {
    /// Asks whether the board stands where a run of `program` has left it.
    nonisolated(nonsending) func place(in program: Program, record: RunRecord) async throws(DriverError) -> RunPlace {
        guard try await hasMark({ $0 == record.session }) else {
            return .unproven("the board has been reset, or used by another program, since")
        }
        try await settle()
        if isThree, try await ask(.status).powerLost { return .unproven("its motors have been without power") }
        if try await askLowSupply() != nil { return .unproven("its motors have no power") }
        if try await areMotorsOn() == false { return .unproven("its motors have been released") }
        let found = try await askCounters()
        guard let place = program.place(at: found, from: record.command, isPenUp: record.isPenUp) else {
            return .unproven("its counters say \(found), which is no place on the way")
        }
        return .proven(command: place, counters: found)
    }
}

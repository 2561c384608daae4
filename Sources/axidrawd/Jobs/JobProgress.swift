/// How far a started job is, as written after each stroke: enough to go on at a stroke, or at the very step when the
/// board proves where it is.
struct JobProgress: Equatable, Sendable {
    static let fileName = "progress"
    static let length = 52

    var copy: UInt32 = 0
    /// Commands of the plan before this one have been executed.
    var command: UInt32 = 0
    var stroke: UInt32 = 0
    /// Digest (first 8 bytes) of the command stream, so that progress is never applied to another plan.
    var plan: UInt64 = 0
    /// The mark that the run has left on the board (0 = none).
    var session: UInt32 = 0
    var penDownMillimetres: Double = 0
    /// Stroke of the whole drawing with which the run began.
    var firstStroke: UInt32 = 0

    init() {}

    /// Nothing of the sheet is drawn: no run has begun on it.
    var isAtBeginning: Bool { session == 0 && command == 0 && stroke == 0 }

    /// Fixed size, with a CRC-32, so that one write replaces the last.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = Array("AXP1".utf8)
        func put(_ value: UInt64, _ count: Int) {
            for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(place)))) }
        }
        for value in [copy, command, stroke] { put(UInt64(value), 4) }
        put(plan, 8)
        put(0, 8)  // counters of the board; earlier versions wrote them and nobody read them
        put(UInt64(session), 4)
        put(penDownMillimetres.bitPattern, 8)
        put(UInt64(firstStroke), 4)
        put(UInt64(Journal.checksum(bytes[...])), 4)
        return bytes
    }

    /// Nil when it is not whole.
    init?(encoded bytes: [UInt8]) {
        guard bytes.count == Self.length, bytes.starts(with: "AXP1".utf8) else { return nil }
        func take(_ start: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) }
        }
        guard take(48, 4) == UInt64(Journal.checksum(bytes[..<48])) else { return nil }
        copy = UInt32(take(4, 4))
        command = UInt32(take(8, 4))
        stroke = UInt32(take(12, 4))
        plan = take(16, 8)
        session = UInt32(take(32, 4))
        penDownMillimetres = Double(bitPattern: take(36, 8))
        firstStroke = UInt32(take(44, 4))
    }
}

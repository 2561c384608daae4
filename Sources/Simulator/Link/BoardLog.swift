/// Remembers the errors among a served board's commands, for its summary.
public struct BoardLog: Sendable {
    private var errors: [Replay.ErrorLine] = []

    /// More error lines than anybody reads; a host gone mad must not fill the memory.
    private static let mostErrors = 100_000

    public init() {}

    /// Takes commands that are over, in order.
    public mutating func append(_ records: [CommandRecord]) {
        for record in records where errors.count < Self.mostErrors && record.reply.contains(UInt8(ascii: "!")) {
            for line in record.reply.split(whereSeparator: { $0 == 13 || $0 == 10 }) {
                // Future syntax puts the error after the command's name: `SM,!4 Err: …`.
                guard let start = line.firstIndex(of: UInt8(ascii: "!")) else { continue }
                let text = String(decoding: line[start...], as: UTF8.self)
                errors.append(Replay.ErrorLine(command: record.index, text: text))
            }
        }
    }

    /// What `replay --json` would say of the board now.
    public func summary(of board: VirtualBoard) -> Replay.Summary {
        var summary = Replay.Summary(firmware: board.configuration.firmware)
        summary.commands = board.commandCount
        summary.errors = errors
        summary.ticks = board.now
        (summary.motor1, summary.motor2) = board.position
        (summary.xMillimetres, summary.yMillimetres) = board.carriage
        summary.penUp = board.isPenUp
        summary.penLifts = board.penLifts
        summary.penDownMillimetres = board.penDownMillimetres
        summary.penUpMillimetres = board.penUpMillimetres
        summary.incidents = board.incidents
        return summary
    }
}

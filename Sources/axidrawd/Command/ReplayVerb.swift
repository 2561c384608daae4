internal import EBB
internal import Motion
internal import Simulator
internal import Text

extension Verb {
    static let replay = Verb(
        "replay", "feed a command stream to a virtual board as fast as it can",
        examples: [
            Example("axidrawd replay plot.ebb -o drawn.png", "show what a stream draws"),
            Example("axidrawd plan FILE --commands - | axidrawd replay - --json", "check what a plan does"),
        ],
        positionals: [.file],
        groups: [
            FlagGroup(
                "Result",
                [
                    Flag("json", .on, "print the summary as JSON"),
                    Flag("rows", .output("F"), "write ticks and position after every queued command, as CSV"),
                    Flag("steps", .output("F"), "write every motor step, as CSV"),
                    Flag("strict", .on, "errors and incidents make the exit code 1"),
                ]),
            BoardFlags.group, PictureFlags.group,
        ]
    ) { invocation, console in try ReplayVerb.run(invocation, console) }
}

/// `axidrawd replay`: a stream of commands on a virtual board, as picture, rows and summary.
enum ReplayVerb {
    static func run(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        var (board, profile) = try BoardFlags.configuration(invocation)
        let picture = try PictureFile(invocation, travel: profile.travel)
        let rows = try invocation.text("rows").map {
            try TextFile($0, heading: "index,command,ticks,motor1,motor2,penUp\n")
        }
        let steps = try invocation.text("steps").map { try TextFile($0, heading: "tick,axis,direction\n") }
        let path = invocation.positionals[0]
        let stream = try InputFile.read(path)
        board.keepsTrace = picture != nil
        let summary = Replay(board).run(
            stream, row: rows.map { file in { row in file.append(row, of: stream) } },
            step: steps.map { file in { step in file.append(step) } })
        guard hasCommands(summary) else {
            console.fail("\(path == "-" ? "standard input" : quoted(path)) holds no command; is it a command stream?")
            return .unusableInput
        }
        try rows?.commit()
        try steps?.commit()
        try picture?.write(
            summary.trace, travel: profile.travel, stepsPerMillimetre: profile.finestStepsPerMillimetre)
        try report(summary, invocation, console)
        let isClean = summary.errors.isEmpty && summary.incidents.isEmpty
        return invocation.isOn("strict") && !isClean ? .failure : .success
    }

    /// Whether any line was a command: not so when the board has taken none or knew not one of their names.
    private static func hasCommands(_ summary: Replay.Summary) -> Bool {
        guard summary.commands > 0 else { return false }
        let unknown = Set(summary.errors.lazy.filter { $0.text.hasPrefix("!8 ") }.map(\.command))
        return unknown.count < summary.commands
    }

    private static func report(_ summary: Replay.Summary, _ invocation: Invocation, _ console: Console) throws {
        if invocation.isOn("json") {
            var json = JSONWriter()
            summary.write(to: &json)
            json.newline()
            try console.result(bytes: json.bytes)
            return
        }
        let isOutputTaken = ["rows", "steps", "output"].contains { invocation.text($0) == "-" }
        if isOutputTaken { return console.note(String(summary.text.dropLast())) }
        if !invocation.isOn("quiet") { try console.result(summary.text) }
    }
}

/// A long CSV file, written in pieces; the first failure is kept until the end.
private final class TextFile {
    private let file: OutputFile
    private var bytes: [UInt8] = []
    private var failure: OutputFile.Failure?

    private static let piece = 1 << 18

    init(_ path: String, heading: String) throws(OutputFile.Failure) {
        file = try OutputFile(path)
        bytes = Array(heading.utf8)
    }

    func append(_ row: Replay.Row, of stream: [UInt8]) {
        number(row.index)
        bytes.append(UInt8(ascii: ","))
        bytes.append(UInt8(ascii: "\""))
        for byte in stream[row.text.clamped(to: 0..<stream.count)] {
            // RFC 4180: a quotation mark inside is doubled.
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        for value in [Int(row.ticks), Int(row.motor1), Int(row.motor2), row.penUp ? 1 : 0] {
            bytes.append(UInt8(ascii: ","))
            number(value)
        }
        endLine()
    }

    func append(_ step: Replay.Step) {
        number(Int(step.tick))
        bytes.append(UInt8(ascii: ","))
        number(step.axis)
        bytes.append(UInt8(ascii: ","))
        number(step.direction)
        endLine()
    }

    private func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count >= Self.piece { flush() }
    }

    private func number(_ value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = value.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    private func flush() {
        if failure == nil {
            do { try file.write(bytes) } catch { failure = error }
        }
        bytes.removeAll(keepingCapacity: true)
    }

    func commit() throws(OutputFile.Failure) {
        flush()
        if let failure { throw failure }
        try file.commit()
    }
}

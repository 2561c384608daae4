internal import Dispatch
internal import EBB
internal import Glibc
internal import Motion
internal import Simulator
internal import Text

extension Verb {
    static let board = Verb(
        "board", "be a virtual board that any program can drive",
        examples: [
            Example("axidrawd board -o drawn.png", "print the path of a serial port, draw until Ctrl-C"),
            Example("axidrawd board --link /tmp/ebb --once --trace t.jsonl", "serve one client at a fixed path"),
            Example("axidrawd board --faults faults.txt --seed 7", "let things go wrong in a known way"),
        ],
        groups: [
            FlagGroup(
                "Link",
                [
                    Flag("stdio", .on, "serve standard input and output instead of a pseudo-terminal"),
                    Flag("link", .text("PATH"), "keep a symbolic link to the present pseudo-terminal"),
                    Flag("once", .on, "end when the client closes"),
                    Flag(
                        "speed", .wordOr(["realtime", "max"], .number(0.01...1000, "N")), "how fast its time runs",
                        standard: "realtime"),
                ]),
            FlagGroup(
                "Faults",
                [
                    Flag("faults", .input("SCRIPT"), "let go wrong what the script says (docs/virtual-board.md)"),
                    Flag("seed", .integer(0...Int.max), "for what is random in it", standard: "1"),
                    Flag("control", .text("PATH"), "a named pipe that takes lines of a script while running"),
                ]),
            FlagGroup(
                "Result", [Flag("trace", .output("F"), "write every command, incident and a summary, as JSON lines")]),
            BoardFlags.group,
            FlagGroup("Identity", [Flag("name", .text("NAME"), "nickname, at most 16 ASCII characters")]),
            PictureFlags.group,
        ]
    ) { invocation, console in try await BoardVerb.run(invocation, console) }
}

/// `axidrawd board`: a virtual board on a pseudo-terminal, for any program that drives one.
enum BoardVerb {
    static func run(_ invocation: Invocation, _ console: Console) async throws -> ExitCode {
        try check(invocation)
        let remote = try BoardService.Remote()
        let signals = Signals([SIGINT, SIGTERM] + (Signals.isIgnored(SIGHUP) ? [] : [SIGHUP])) { _ in remote.stop() }
        defer { withExtendedLifetime(signals) {} }
        // The service waits in poll: not on one of the few threads that Swift's tasks share.
        let queue = DispatchQueue(label: "board")
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { @Sendable in
                do {
                    continuation.resume(returning: try serve(invocation, console, remote))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    private static func check(_ invocation: Invocation) throws(UsageError) {
        guard invocation.isOn("stdio") else { return }
        if invocation.isOn("link") { throw .conflict("--link needs a pseudo-terminal, not --stdio") }
        for flag in ["trace", "output"] where invocation.text(flag) == "-" {
            throw .severalStandardOutputs(["--stdio", "--\(flag) -"])
        }
    }

    private static func serve(
        _ invocation: Invocation, _ console: Console, _ remote: BoardService.Remote
    ) throws -> ExitCode {
        var (configuration, profile) = try BoardFlags.configuration(invocation)
        if let name = invocation.text("name") {
            guard name.utf8.count <= 16, name.utf8.allSatisfy({ (32..<127).contains($0) && $0 != UInt8(ascii: ",") })
            else {
                throw UsageError.badValue(
                    name: "--name", value: name, expected: "at most 16 ASCII characters without a comma")
            }
            configuration.name = name
        }
        let picture = try PictureFile(invocation, travel: profile.travel)
        let trace = try BoardTrace(invocation.text("trace"))
        configuration.keepsTrace = picture != nil
        configuration.keepsRecords = true
        var events = BoardService.Events()
        events.onPath = { try console.result($0 + "\n") }
        events.onRecords = { try trace.append($0) }
        events.onNote = { console.warn($0) }
        let service = try BoardService(
            VirtualBoard(configuration), faults: try faults(invocation), options: options(invocation), events: events,
            remote: remote)
        try service.run()
        let board = service.board
        try picture?.write(
            board.trace, travel: profile.travel, stepsPerMillimetre: profile.finestStepsPerMillimetre)
        let summary = trace.log.summary(of: board)
        try trace.finish(summary)
        console.note(String(summary.text.dropLast()))
        return .success
    }

    private static func options(_ invocation: Invocation) -> BoardService.Options {
        var options = BoardService.Options()
        options.speed =
            switch invocation.text("speed") {
            case "max": nil
            case "realtime": 1
            default: invocation.number("speed") ?? 1
            }
        options.usesStandardStreams = invocation.isOn("stdio")
        options.isOnce = invocation.isOn("once")
        options.link = invocation.text("link")
        options.control = invocation.text("control")
        return options
    }

    private static func faults(_ invocation: Invocation) throws -> FaultInjector {
        var script = FaultScript()
        if let path = invocation.text("faults") {
            script = try FaultScript(String(decoding: try InputFile.read(path), as: UTF8.self))
        }
        return FaultInjector(script, seed: UInt64(invocation.integer("seed") ?? 1))
    }
}

/// The lines of `--trace`, written as commands end.
private final class BoardTrace {
    private let file: OutputFile?
    private(set) var log = BoardLog()

    init(_ path: String?) throws(OutputFile.Failure) {
        file = if let path { try OutputFile(path) } else { nil }
    }

    func append(_ records: [CommandRecord]) throws {
        log.append(records)
        guard let file else { return }
        try file.write(records.flatMap { record in Self.line { Self.write(record, to: &$0) } })
    }

    /// One JSON document in a line of its own.
    private static func line(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        body(&json)
        json.newline()
        return json.bytes
    }

    private static func write(_ record: CommandRecord, to json: inout JSONWriter) {
        json.object { json in
            json.key("tick")
            json.value(record.tick)
            json.key("command")
            json.value(String(decoding: record.command, as: UTF8.self))
            json.key("reply")
            json.value(String(decoding: record.reply, as: UTF8.self))
            json.key("startTick")
            json.value(record.startTick)
            json.key("ticks")
            json.value(record.ticks)
            json.key("motor1")
            json.value(record.motor1)
            json.key("motor2")
            json.value(record.motor2)
            json.key("penUp")
            json.value(record.penUp)
        }
    }

    func finish(_ summary: Replay.Summary) throws {
        guard let file else { return }
        try file.write(summary.incidents.flatMap { incident in Self.line { incident.write(to: &$0) } })
        try file.write(Self.line { summary.write(to: &$0) })
        try file.commit()
    }
}

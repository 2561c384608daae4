internal import Foundation
internal import HTTP
internal import Motion
internal import Text

extension FlagGroup {
    /// Flags of every verb that talks to a running daemon.
    static let daemon = FlagGroup(
        "Daemon",
        [
            Flag(
                "url", .text("URL"), "where the daemon is: http://HOST:PORT or unix:PATH",
                standard: "$AXIDRAWD_URL, else this machine's"),
            Flag("key-file", .input("FILE"), "file with the key for it", standard: "$AXIDRAWD_KEY"),
            Flag("json", .on, "one JSON document on standard output"),
        ])
}

extension Verb {
    static let submit = Verb(
        "submit", "hand a drawing to a running daemon",
        examples: [
            Example("axidrawd submit drawing.svg", "queue it on the only plotter"),
            Example("axidrawd submit drawing.svg --to plot2 --fit page --follow", "on that one, and watch it"),
        ],
        positionals: [.file],
        groups: [
            FlagGroup(
                "Queue",
                [
                    Flag("to", .text("DEVICE"), "plotter", standard: "the only one"),
                    Flag("name", .text("TEXT"), "what people call the drawing", standard: "the file's name"),
                    Flag("hold", .on, "plan it and wait for resume"),
                    Flag(
                        "start", .choice(["turn", "button"]), "in its turn, or when the board's button is pressed",
                        standard: "turn"),
                    Flag("follow", .on, "watch it until it is over"),
                ]), .daemon,
        ] + ClientCommand.plotGroups
    ) { invocation, console in
        try ClientCommand(invocation, console).run { try $0.submit() }
    }

    static let list = Verb(
        "list", "list plotters and their queues", examples: [Example("axidrawd list", "what waits where")],
        groups: [
            FlagGroup("Queue", [Flag("history", .on, "what became of jobs, newest first")]), .daemon,
        ]
    ) { invocation, console in
        try ClientCommand(invocation, console).run { try $0.list() }
    }

    static let show = onJob("show", "show a job", "all about it") { try $0.show() }
    static let follow = onJob("follow", "watch a job until it is over; exit 0 only if it was drawn", "progress") {
        try $0.follow($0.id)
    }
    static let pause = onJob("pause", "pause a job at the end of its stroke", "pen up, at rest") {
        try $0.change("pause")
    }
    static let resume = Verb(
        "resume", "start a waiting job, go on with a paused or cut off one, or let a stopped plotter go on",
        examples: [
            Example("axidrawd resume ID", "go on"),
            Example("axidrawd resume ID --homed --stroke 118", "the carriage is home: go on at that stroke"),
            Example("axidrawd resume plot1", "after a stop: the plotter may go on with its queue"),
        ],
        positionals: [Positional("ID")],
        groups: [
            FlagGroup(
                "Place",
                [
                    Flag("homed", .on, "the carriage is home; needed where nobody knows where it is"),
                    Flag(
                        "stroke", .integer(0...Int(Int32.max) - 1),
                        "with --homed: begin with this stroke, counted from 0"),
                    Flag("place", .pair(-10_000...10_000), "with --homed: begin with the stroke nearest to it, mm"),
                ]), .daemon,
        ]
    ) { invocation, console in
        try ClientCommand(invocation, console).run { try $0.resume() }
    }
    static let cancel = onJob("cancel", "end a job with the pen up", "end it") { try $0.change("cancel") }
    static let bounds = onJob(
        "bounds", "go around what a job will draw, with the pen up", "see whether the paper lies right"
    ) { try $0.change("bounds") }
    static let place = Verb(
        "place", "move where a waiting job will be drawn, or put its page's corner where the carriage stands",
        examples: [
            Example("axidrawd place ID --by 2,-0.5", "2 mm to the right, half a mm to the back"),
            Example("axidrawd place ID --here", "after jogging: the page's top left corner lies under the pen"),
        ],
        positionals: [Positional("ID")],
        groups: [
            FlagGroup(
                "Place",
                [
                    Flag("by", .pair(-10_000...10_000), "so many mm to the right and to the front"),
                    Flag("here", .on, "where the carriage stands"),
                ]), .daemon,
        ]
    ) { invocation, console in
        try ClientCommand(invocation, console).run { try $0.place() }
    }
    static let moveUp = onJob("move-up", "move a waiting job one place up", "earlier") { try $0.change("move?to=up") }
    static let moveDown = onJob("move-down", "move a waiting job one place down", "later") {
        try $0.change("move?to=down")
    }

    static let change = Verb(
        "change", "change speeds and pen heights of a job; of a running one from the next stroke on",
        examples: [
            Example("axidrawd change ID --pen-down-speed 15", "draw more slowly"),
            Example("axidrawd change ID --pen-up-height 70 --pen-down-height 25", "lift higher, press harder"),
        ],
        positionals: [Positional("ID")],
        groups: [
            FlagGroup(
                "Plot",
                OptionFields.flags.filter { flag in JobChange.members.contains { $0.option == flag.name } }),
            .daemon,
        ]
    ) { invocation, console in
        try ClientCommand(invocation, console).run { try $0.changeFigures() }
    }

    static let stop = Verb(
        "stop", "stop a plotter at once; its job is cancelled, and nothing begins until resume",
        examples: [Example("axidrawd stop", "stop every plotter of the daemon")],
        positionals: [Positional("DEVICE", isRequired: false)], groups: [.daemon]
    ) { invocation, console in
        try ClientCommand(invocation, console).run { try $0.stop() }
    }

    private static func onJob(
        _ name: String, _ summary: String, _ effect: String,
        _ body: @escaping @Sendable (ClientCommand) throws -> ExitCode
    ) -> Verb {
        Verb(
            name, summary, examples: [Example("axidrawd \(name) ID", effect)],
            positionals: [Positional("ID")], groups: [.daemon]
        ) { invocation, console in
            try ClientCommand(invocation, console).run(body)
        }
    }
}

/// The verbs that talk to a running daemon.
struct ClientCommand {
    /// Flags of plotting that a daemon takes; machine and firmware are the plotter's own.
    static let plotGroups = PlotFlags.all.map { group in
        FlagGroup(group.title, group.flags.filter { flag in OptionFields.flags.contains { $0.name == flag.name } })
    }

    let invocation: Invocation
    let console: Console
    let client: DaemonClient

    init(_ invocation: Invocation, _ console: Console) throws {
        self.invocation = invocation
        self.console = console
        let environment = ProcessInfo.processInfo.environment
        let address = try DaemonAddress.choice(flag: invocation.text("url"), environment: environment)
        client = DaemonClient(address: address, key: try Self.key(invocation, environment))
    }

    /// The key of a file that is named, else of the environment.
    static func key(_ invocation: Invocation, _ environment: [String: String]) throws -> String? {
        var key = environment["AXIDRAWD_KEY"]
        if let path = invocation.text("key-file") {
            key = String(decoding: try InputFile.read(path), as: UTF8.self).split { $0.isWhitespace }.first.map(
                String.init)
        }
        // A key goes into a header: nothing in it may end the line.
        if let given = key, !given.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw UsageError.badValue(name: "key", value: "…", expected: "visible ASCII characters")
        }
        return key.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The id on the command line.
    var id: String { invocation.positionals.first ?? "" }

    /// What the daemon refused, as it said it.
    struct Refused: Error {
        var status: Int
        var detail: String
    }

    /// Runs a verb and turns what goes wrong into words and a code.
    func run(_ body: (ClientCommand) throws -> ExitCode) throws -> ExitCode {
        do { return try body(self) } catch let refused as Refused {
            console.fail(refused.detail)
            return Self.code(refused.status)
        } catch let failure as DaemonClient.Failure {
            switch failure {
            case .unreachable(let address, let reason):
                console.fail("no daemon answers at \(address) (\(reason)); start one: axidrawd serve, or say --url URL")
            case .broken(let text): console.fail(text)
            }
            return .unavailable
        }
    }

    private static func code(_ status: Int) -> ExitCode {
        switch status {
        case 401, 403: .notPermitted
        case 404, 410: .missingInput
        case 400, 415, 422, 413: .unusableInput
        case 429, 503, 507: .tryLater
        default: .failure
        }
    }

    /// Asks and reads the answer as JSON; a refusal is thrown in the daemon's words.
    func ask(
        _ method: String, _ path: String, contentType: String? = nil, body: [UInt8] = [],
        fields: [Response.Field] = []
    ) throws -> JSONValue {
        let reply = try client.ask(method, path, contentType: contentType, body: body, fields: fields)
        let value = try? JSONReader.read(reply.body)
        guard (200..<300).contains(reply.status) else {
            guard case .string(let detail)? = value?["detail"] else {
                throw Refused(status: reply.status, detail: "the daemon answers \(reply.status)")
            }
            var place = ""
            if case .integer(let line)? = value?["line"] { place = " (line \(line)" }
            if !place.isEmpty, case .integer(let column)? = value?["column"] { place += ", column \(column)" }
            throw Refused(status: reply.status, detail: detail + (place.isEmpty ? "" : place + ")"))
        }
        guard let value else { throw DaemonClient.Failure.broken("the daemon gives an answer that is no JSON") }
        return value
    }

    /// A path segment or query value, escaped.
    static func escaped(_ text: String) -> String { RequestTarget.queryEncoded(text) }

    func put(_ value: JSONValue, _ text: @autoclosure () -> String) throws {
        try console.result(invocation.isOn("json") ? value.text + "\n" : text() + "\n")
    }
}

extension JSONValue {
    /// The text of a member; empty if it is no text.
    func word(_ name: String) -> String { if case .string(let text)? = self[name] { text } else { "" } }

    var items: [JSONValue] {
        if case .array(let items)? = self["items"] { items } else { [] }
    }
}

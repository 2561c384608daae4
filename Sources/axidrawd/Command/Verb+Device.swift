internal import Foundation
internal import Motion
internal import Text

extension Verb {
    /// Plotters by hand: those of a running daemon, or a board of one's own.
    static let device = Verb(
        "device", "look at and move plotters by hand, through a running daemon or on a port",
        examples: [
            Example("axidrawd device list", "every plotter and its state"),
            Example("axidrawd device walk -10 5 --device plot1", "10 mm to the left, 5 mm to the front, pen up"),
            Example("axidrawd device home --device /dev/ttyACM0", "without a daemon, on a port"),
        ],
        verbs: [
            verb("device list", "list the plotters of a running daemon and their states") { try $0.devices() },
            verb("device show", "all about one plotter", direct: { try await $0.show() }) { try $0.showDevice() },
            verb(
                "device name", "write a name into a board; it counts when the board is plugged in again", ["NAME"],
                direct: { try await $0.name($0.invocation.positionals[0]) }
            ) { try $0.hand("name?to=" + ClientCommand.escaped($0.invocation.positionals[0])) },
            verb(
                "device pen", "raise, lower, toggle or cycle the pen", ["up|down|toggle|cycle"],
                direct: { try await $0.pen() }
            ) { try $0.pen() },
            verb(
                "device move", "go to a place with the pen up, mm from home", ["X", "Y"],
                direct: { try await $0.move(.to(x: try $0.invocation.place(0), y: try $0.invocation.place(1))) }
            ) { try $0.hand("move?x=\($0.invocation.place(0))&y=\($0.invocation.place(1))") },
            verb(
                "device walk", "walk so many mm from here with the pen up", ["DX", "DY"],
                direct: { try await $0.move(.walk(x: try $0.invocation.place(0), y: try $0.invocation.place(1))) }
            ) { try $0.hand("walk?dx=\($0.invocation.place(0))&dy=\($0.invocation.place(1))") },
            verb(
                "device home", "walk back, by the counters, to where the motors were switched on",
                direct: { try await $0.move(.home) }
            ) { try $0.hand("home") },
            verb(
                "device motors", "switch the motors on or off", ["on|off"], direct: { try await $0.motors() }
            ) { try $0.motors() },
            verb(
                "device align", "raise the pen and let the carriage move by hand, to put it at home",
                direct: { try await $0.align() }
            ) { try $0.hand("release") },
            verb(
                "device send", "send a command of the board as it is, and print its answer", ["COMMAND"],
                flags: [Flag("force", .on, "also one that ends the conversation, such as BL or RB")],
                direct: { try await $0.send($0.invocation.positionals[0]) }
            ) { try $0.send() },
            deviceCalibrate,
        ])

    /// - Parameter direct: what is done on a board of one's own; nil = only a daemon can.
    private static func verb(
        _ name: String, _ summary: String, _ positionals: [String] = [], flags: [Flag] = [],
        direct: DirectBoard.Work? = nil,
        _ body: @escaping @Sendable (ClientCommand) throws -> ExitCode
    ) -> Verb {
        let words = ["up|down|toggle|cycle": "up", "on|off": "on", "COMMAND": "V", "NAME": "studio"]
        let example = ([name] + positionals.map { words[$0] ?? "10" }).joined(separator: " ")
        return Verb(
            name, summary, examples: [Example("axidrawd " + example, "")],
            positionals: positionals.map {
                Positional(
                    $0, words: $0.split(separator: "|").count > 1 ? $0.split(separator: "|").map(String.init) : [])
            },
            groups: (flags.isEmpty ? [] : [FlagGroup("Command", flags)])
                + (direct == nil ? [] : [DirectBoard.flags]) + [.daemon]
        ) { invocation, console in
            if let direct, try DirectBoard.isMeant(invocation) {
                return try await DirectBoard.run(invocation, console, direct)
            }
            return try ClientCommand(invocation, console).run(body)
        }
    }
}

extension DirectBoard {
    /// Which plotter a verb of `device` means.
    static let flags = FlagGroup(
        "Plotter",
        [
            Flag(
                "device", .text("NAME|PATH"), "plotter of a running daemon, or the port of one without a daemon",
                standard: "the daemon's only one"),
            Flag("simulate", .on, "a virtual board, as it is after power-on"),
            Flag(
                "profile", .suggested("NAME|FILE", MachineProfile.builtIn.map(\.name)),
                "machine at the port: travel, steps per mm, servo", standard: "axidraw-v3"),
        ])
}

extension Invocation {
    /// A positional number of mm, checked here so that a slip is a wrong command line.
    func place(_ index: Int) throws(UsageError) -> Double { try number(at: index, in: -2000...2000) }
}

extension ClientCommand {
    private func devicePath(_ verb: String = "") throws -> String {
        "/v1/devices/" + Self.escaped(try device(invocation.text("device"))) + (verb.isEmpty ? "" : "/" + verb)
    }

    func devices() throws -> ExitCode {
        let list = try ask("GET", "/v1/devices")
        try put(
            list,
            list.items.map { "\($0.word("name"))  \($0.word("state"))  \($0.word("sentence"))" }.joined(separator: "\n")
        )
        return .success
    }

    func showDevice() throws -> ExitCode { try tell(try ask("GET", devicePath())) }

    private func tell(_ device: JSONValue) throws -> ExitCode {
        try put(device, "\(device.word("name"))  \(device.word("state"))  \(device.word("sentence"))")
        return .success
    }

    /// Does something by hand and prints how the plotter stands then.
    func hand(_ verb: String) throws -> ExitCode {
        let answer = try ask("POST", devicePath(verb))
        guard answer["reply"] == nil else {
            try put(answer, answer.word("reply").trimmingCharacters(in: .whitespacesAndNewlines))
            return .success
        }
        return try tell(answer)
    }

    func pen() throws -> ExitCode {
        switch invocation.positionals[0] {
        case "up": return try hand("pen?to=up")
        case "down": return try hand("pen?to=down")
        case "cycle": return try hand("cycle")
        case "toggle":
            let state = try ask("GET", devicePath()).word("state")
            return try hand(state == "lowered" ? "pen?to=up" : "pen?to=down")
        case let other: throw UsageError.badValue(name: "pen", value: other, expected: "up, down, toggle or cycle")
        }
    }

    func motors() throws -> ExitCode {
        switch invocation.positionals[0] {
        case "on":
            let state = try ask("GET", devicePath()).word("state")
            return try hand(state == "free" ? "pen?to=up" : "engage")
        case "off": return try hand("release")
        case let other: throw UsageError.badValue(name: "motors", value: other, expected: "on or off")
        }
    }

    func send() throws -> ExitCode {
        try hand(
            "command?text=" + Self.escaped(invocation.positionals[0]) + (invocation.isOn("force") ? "&force=true" : ""))
    }
}

internal import Foundation
internal import HTTP
internal import Text

extension Verb {
    /// Senders that sign their messages.
    static let webhooks = Verb(
        "webhooks", "senders whose messages are signed, and receivers of ours",
        examples: [
            Example(
                "axidrawd webhooks add hub --scheme standard --plotter plot1",
                "print the secret that they must sign with"),
            Example("axidrawd webhooks list", "who signs how"),
            Example("axidrawd webhooks remove hub", "take nothing from them any more"),
        ],
        verbs: [
            Verb(
                "webhooks add", "name a sender, or give it one more secret while the old ones go on",
                examples: [
                    Example(
                        "axidrawd webhooks add github --scheme github --plotter plot1 --events push,release",
                        "a push is a press"),
                    Example(
                        "axidrawd webhooks add shop --scheme stripe --secret-file secret.txt",
                        "a secret that they chose"),
                ],
                positionals: [Positional("SOURCE")],
                groups: [
                    FlagGroup(
                        "Sender",
                        [
                            Flag(
                                "scheme", .choice(WebhookScheme.allCases.map(\.rawValue)), "how it signs",
                                standard: WebhookScheme.standard.rawValue),
                            Flag(
                                "plotter", .text("NAME"),
                                "every message is a press of it", standard: "the message says which button it is of"),
                            Flag(
                                "events", .text("LIST"), "only these kinds of message press, with commas between",
                                standard: "all"),
                            Flag(
                                "secret-file", .text("FILE"),
                                "the secret is the first line of this file (- = standard input)",
                                standard: "a new one is made and printed"),
                            simulatedSender, stateOfSender,
                        ])
                ]
            ) { invocation, console in
                try WebhooksCommand.add(invocation, console)
            },
            Verb(
                "webhooks list", "list the senders, never a secret",
                examples: [Example("axidrawd webhooks list --json", "as one JSON document")],
                groups: [FlagGroup("Output", [Flag("json", .on, "one JSON document"), simulatedSender, stateOfSender])]
            ) { invocation, console in
                try WebhooksCommand.list(invocation, console)
            },
            Verb(
                "webhooks remove", "forget a sender, or its old secrets",
                examples: [Example("axidrawd webhooks remove hub --old", "only the newest secret stays")],
                positionals: [Positional("SOURCE")],
                groups: [
                    FlagGroup(
                        "Sender",
                        [Flag("old", .on, "only its secrets but the newest"), simulatedSender, stateOfSender])
                ]
            ) { invocation, console in
                try WebhooksCommand.remove(invocation, console)
            },
            Verb(
                "webhooks secret", "print the secret by which a receiver knows our messages; the first is made",
                examples: [
                    Example("axidrawd webhooks secret museum", "for the receiver named museum in the configuration"),
                    Example("axidrawd webhooks secret museum --new", "one more; both sign until --old"),
                ],
                positionals: [Positional("RECEIVER")],
                groups: [
                    FlagGroup(
                        "Secret",
                        [
                            Flag("new", .on, "make another one; the last one signs on beside it"),
                            Flag("old", .on, "only the newest signs from now on"), simulatedSender, stateOfSender,
                        ])
                ]
            ) { invocation, console in
                try WebhooksCommand.secret(invocation, console)
            },
            Verb(
                "webhooks test", "send one message to a receiver now, and say what it answers",
                examples: [
                    Example("axidrawd webhooks test museum", "by its name in the configuration"),
                    Example(
                        "axidrawd webhooks test https://example.org/hook", "to any address; its secret is printed"),
                ],
                positionals: [Positional("RECEIVER|URL")],
                groups: [
                    FlagGroup(
                        "Message",
                        [
                            Flag(
                                "config", .input("FILE"), "configuration file",
                                standard: "the service's or user's own"),
                            simulatedSender, stateOfSender,
                        ])
                ]
            ) { invocation, console in
                try WebhooksCommand.test(invocation, console)
            },
        ])

    private static let simulatedSender = Flag("simulated", .on, "of the daemon that runs on virtual boards")
    private static let stateOfSender = Flag(
        "state", .text("DIRECTORY"), "of the daemon that keeps its things there",
        standard: "the service's or user's own")
}

/// The bodies of `webhooks …`. They work on the file; a daemon that runs reads it again with the next message.
enum WebhooksCommand {
    static func add(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let name = invocation.positionals[0]
        guard ButtonDecoder.isSource(name) else {
            throw UsageError.badValue(name: "SOURCE", value: name, expected: "1 to 64 letters, digits or hyphens")
        }
        let scheme = WebhookScheme(rawValue: invocation.text("scheme") ?? "") ?? .standard
        var secret = scheme.secret((0..<32).map { _ in UInt8.random(in: 0...255) })
        if let path = invocation.text("secret-file") {
            guard let line = firstLine(path) else {
                console.fail("cannot read a secret from \(quoted(path))")
                return .missingInput
            }
            secret = line
        }
        guard scheme.key(secret) != nil else {
            console.fail("a secret of the scheme \(scheme.rawValue) is \(scheme.secretPattern)")
            return .unusableInput
        }
        let events = (invocation.text("events") ?? "").split(separator: ",").map(String.init)
        let (file, owner) = try place(invocation)
        var trouble: String?
        let code = trying(console) { () throws(KeyFile.Failure) in
            try file.change { sources throws(KeyFile.Failure) in
                let index = sources.firstIndex { $0.source == name }
                var sender = index.map { sources[$0] } ?? WebhookSource(source: name, scheme: scheme, secrets: [])
                guard invocation.text("scheme") == nil || sender.scheme == scheme else {
                    trouble = "\(name) signs by \(sender.scheme.rawValue); remove it first to change that"
                    return
                }
                guard sender.secrets.count < WebhookSource.mostSecrets else {
                    trouble =
                        "\(name) has \(sender.secrets.count) secrets; axidrawd webhooks remove \(name) --old leaves the newest"
                    return
                }
                if sender.scheme != scheme, sender.scheme.key(secret) == nil {
                    trouble = "\(name) signs by \(sender.scheme.rawValue); say --scheme \(sender.scheme.rawValue)"
                    return
                }
                sender.secrets.insert(secret, at: 0)
                if let plotter = invocation.text("plotter") { sender.plotter = plotter }
                if !events.isEmpty { sender.events = events }
                if let index { sources[index] = sender } else { sources.append(sender) }
            }
        }
        guard code == .success else { return code }
        if let trouble {
            console.fail(trouble)
            return .failure
        }
        if invocation.text("secret-file") == nil { try console.result(secret + "\n") }
        console.note(
            "For \(owner), in \(file.file.path). Messages of \(name) must be signed from now on, and are sent to "
                + "/v1/webhooks/\(name); each is drawn once.")
        return .success
    }

    static func list(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let (file, owner) = try place(invocation)
        var found: [WebhookSource] = []
        let code = trying(console) { () throws(KeyFile.Failure) in found = try file.read() }
        guard code == .success else { return code }
        console.note("the signed senders of \(owner), in \(file.file.path)")
        if invocation.isOn("json") {
            try console.result(JSONValue.array(found.map(\.shown)).text + "\n")
        } else {
            let lines = found.map { sender in
                let secrets = sender.secrets.count == 1 ? "1 secret" : "\(sender.secrets.count) secrets"
                let target = sender.plotter.map { "presses \($0)" } ?? "says itself which button"
                let kinds = sender.events.isEmpty ? "" : "\tonly " + sender.events.joined(separator: ", ")
                return "\(sender.source)\t\(sender.scheme.rawValue)\t\(secrets)\t\(target)\(kinds)\n"
            }
            try console.result(lines.joined())
        }
        return .success
    }

    static func remove(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let name = invocation.positionals[0]
        let (file, owner) = try place(invocation)
        var isThere = false
        let code = trying(console) { () throws(KeyFile.Failure) in
            try file.change { sources throws(KeyFile.Failure) in
                guard let index = sources.firstIndex(where: { $0.source == name }) else { return }
                isThere = true
                if invocation.isOn("old") {
                    sources[index].secrets = Array(sources[index].secrets.prefix(1))
                } else {
                    sources.remove(at: index)
                }
            }
        }
        guard code == .success else { return code }
        guard isThere else {
            console.fail("there is no signed sender named \(name); axidrawd webhooks list shows them")
            return .failure
        }
        console.note("done for \(owner), in \(file.file.path)")
        return .success
    }

    /// The file of the daemon that is meant: of the folder that is named, of the installed service for root, or one's own.
    private static func place(_ invocation: Invocation) throws(UsageError) -> (WebhookSourceFile, of: String) {
        let (folder, owner) = try folder(invocation)
        return (WebhookSourceFile(folder: folder), owner)
    }

    /// The state folder of that daemon.
    static func folder(_ invocation: Invocation) throws(UsageError) -> (String, of: String) {
        let environment = ProcessInfo.processInfo.environment
        let isSimulated = invocation.isOn("simulated")
        let paths = try DaemonPaths(invocation, environment, isSimulated: isSimulated)
        let isNamed = invocation.isOn("state") || !environment["STATE_DIRECTORY", default: ""].isEmpty
        if !isNamed, !isSimulated, Socket.ownUser == 0,
            FileManager.default.fileExists(atPath: KeysCommand.serviceState)
        {
            return (KeysCommand.serviceState, "the installed service")
        }
        return (paths.state, isNamed ? "the daemon of \(paths.state)" : "a daemon of your own")
    }

    private static func firstLine(_ path: String) -> String? {
        let data =
            path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
        guard let data, data.count <= 4096 else { return nil }
        let line = data.prefix { $0 != 0x0A && $0 != 0x0D }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    static func trying(_ console: Console, _ body: () throws(KeyFile.Failure) -> Void) -> ExitCode {
        do throws(KeyFile.Failure) { try body() } catch {
            console.fail("\(error)")
            return KeysCommand.code(error)
        }
        return .success
    }
}

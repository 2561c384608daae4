internal import Foundation
internal import HTTP
internal import Text

extension Verb {
    /// Keys for programs and people beyond this machine.
    static let keys = Verb(
        "keys", "make, list and revoke keys for access over the network",
        examples: [
            Example("axidrawd keys add studio --role operator", "print a new key once; only its hash is kept"),
            Example("axidrawd keys add door --button plot1", "an address for a button that can send no header"),
            Example("axidrawd keys revoke studio", "make it worthless"),
        ],
        verbs: [
            Verb(
                "keys add", "make a key and print it once",
                examples: [Example("axidrawd keys add studio --role operator", "a key for the people of the studio")],
                positionals: [Positional("NAME")],
                groups: [
                    FlagGroup(
                        "Key",
                        [
                            Flag(
                                "role", .choice(["viewer", "operator", "admin"]), "what its holder may do",
                                standard: "viewer"),
                            Flag(
                                "button", .text("PLOTTER"),
                                "a secret for the address of a button that presses this plotter and can do no more"),
                            Flag("days", .integer(1...36500), "how long it is good for", standard: "for ever"),
                            simulated, state,
                        ])
                ]
            ) { invocation, console in
                try KeysCommand.add(invocation, console)
            },
            Verb(
                "keys list", "list the keys by name",
                examples: [Example("axidrawd keys list --json", "as one JSON document")],
                groups: [FlagGroup("Output", [Flag("json", .on, "one JSON document"), simulated, state])]
            ) { invocation, console in
                try KeysCommand.list(invocation, console)
            },
            Verb(
                "keys revoke", "make a key worthless", examples: [Example("axidrawd keys revoke studio", "")],
                positionals: [Positional("NAME")], groups: [FlagGroup("Key", [simulated, state])]
            ) { invocation, console in
                try KeysCommand.revoke(invocation, console)
            },
        ])

    private static let simulated = Flag("simulated", .on, "of the daemon that runs on virtual boards")
    private static let state = Flag(
        "state", .text("DIRECTORY"), "of the daemon that keeps its things there",
        standard: "the service's or user's own")
}

/// The bodies of `keys …`.
enum KeysCommand {
    /// Where keys are changed.
    private enum Place {
        /// The daemon that runs, which knows where they are kept.
        case daemon(DaemonClient)
        case file(KeyFile, of: String)
    }

    /// Where the installed service keeps things.
    static let serviceState = "/var/lib/axidrawd"

    /// The running daemon over its socket; else the file of the folder that is named, of the installed service for root,
    /// or of one's own daemon.
    private static func place(_ invocation: Invocation) throws(UsageError) -> Place {
        let environment = ProcessInfo.processInfo.environment
        let isSimulated = invocation.isOn("simulated")
        let paths = try DaemonPaths(invocation, environment, isSimulated: isSimulated)
        let isNamed = invocation.isOn("state") || !environment["STATE_DIRECTORY", default: ""].isEmpty
        if isNamed { return .file(KeyFile(path: paths.keys), of: "the daemon of \(paths.state)") }
        let service = isSimulated ? [] : DaemonAddress.serviceSockets
        for path in [paths.socket].compactMap(\.self) + service where FileManager.default.fileExists(atPath: path) {
            let client = DaemonClient(address: .unix(path: path), key: nil)
            if (try? client.ask("GET", "/healthz"))?.status == 200 { return .daemon(client) }
        }
        if Socket.ownUser == 0, !isSimulated, FileManager.default.fileExists(atPath: serviceState) {
            return .file(KeyFile(path: serviceState + "/keys.json"), of: "the installed service, which does not run")
        }
        return .file(KeyFile(path: paths.keys), of: "a daemon of your own, which does not run")
    }

    /// What the daemon answers; its refusal is told with what can be done.
    private static func ask(
        _ client: DaemonClient, _ method: String, _ path: String, _ console: Console
    ) throws -> JSONValue? {
        let reply: DaemonClient.Reply
        do throws(DaemonClient.Failure) { reply = try client.ask(method, path) } catch {
            console.fail("the daemon at \(client.address.text) does not answer: \(error)")
            throw ExitCode.unavailable
        }
        let value = try? JSONReader.read(reply.body)
        if (200..<300).contains(reply.status) { return value }
        var detail = "it answers \(reply.status)"
        if case .string(let text)? = value?["detail"] { detail = text }
        console.fail("the daemon at \(client.address.text) refuses: \(detail)")
        throw reply.status == 401 || reply.status == 403 ? ExitCode.notPermitted : ExitCode.failure
    }

    static func add(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let name = invocation.positionals[0]
        guard KeyFile.isName(name) else {
            throw UsageError.badValue(name: "NAME", value: name, expected: KeyFile.namePattern)
        }
        let word = invocation.text("role") ?? "viewer"
        let role = Role.allCases.first { $0.name == word } ?? .viewer
        let days = invocation.integer("days")
        let plotter = invocation.text("button")
        switch try place(invocation) {
        case .daemon(let client):
            var path = "/v1/keys?name=\(name)&role=\(role.name)"
            if let days { path += "&days=\(days)" }
            if let plotter { path += "&button=" + ClientCommand.escaped(plotter) }
            let answer = try ask(client, "POST", path, console)
            guard let key = answer?.word("key"), !key.isEmpty else { return .internalError }
            try tell(key, plotter, "the daemon at \(client.address.text)", console)
            return .success
        case .file(let file, let owner):
            let now = Int(Date().timeIntervalSince1970)
            return try trying(console) { () throws(KeyFile.Failure) in
                try file.add(name: name, role: role, expires: days.map { now + $0 * 86400 }, plotter: plotter, now: now)
            } then: { key in
                try tell(key, plotter, "\(owner), in \(file.path)", console)
            }
        }
    }

    private static func tell(_ key: String, _ plotter: String?, _ owner: String, _ console: Console) throws {
        try console.result(key + "\n")
        if let plotter {
            console.note(
                "This secret is for \(owner), and shown once. The button's address is "
                    + "/v1/webhooks/SOURCE/\(key)?press=single; it presses \(plotter), by GET or POST.")
        } else {
            console.note("This key is for \(owner), and shown once. Send it as: Authorization: Bearer …")
        }
    }

    static func list(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let isJSON = invocation.isOn("json")
        switch try place(invocation) {
        case .daemon(let client):
            let items = try ask(client, "GET", "/v1/keys", console)?.items ?? []
            console.note("the keys of the daemon at \(client.address.text)")
            try console.result(isJSON ? JSONValue.array(items).text + "\n" : items.map(line).joined())
            return .success
        case .file(let file, let owner):
            return try trying(console) { () throws(KeyFile.Failure) in
                let uses = file.lastUses()
                return try file.read().map { $0.json(lastUse: $0.lastUse(uses)) }
            } then: { items in
                console.note("the keys of \(owner), in \(file.path)")
                try console.result(isJSON ? JSONValue.array(items).text + "\n" : items.map(line).joined())
            }
        }
    }

    static func revoke(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let name = invocation.positionals[0]
        switch try place(invocation) {
        case .daemon(let client):
            _ = try ask(client, "DELETE", "/v1/keys/" + ClientCommand.escaped(name), console)
            console.note("\(name) is revoked at the daemon at \(client.address.text)")
            return .success
        case .file(let file, let owner):
            return try trying(console) { () throws(KeyFile.Failure) in
                try file.revoke(name: name)
            } then: { _ in
                console.note("\(name) is revoked for \(owner), in \(file.path)")
            }
        }
    }

    private static func trying<Value>(
        _ console: Console, _ body: () throws(KeyFile.Failure) -> Value, then: (Value) throws -> Void
    ) throws -> ExitCode {
        let value: Value
        do throws(KeyFile.Failure) { value = try body() } catch {
            console.fail("\(error)")
            return code(error)
        }
        try then(value)
        return .success
    }

    static func code(_ failure: KeyFile.Failure) -> ExitCode {
        switch failure {
        case .unreadable, .exposed: .configuration
        case .unwritable: .cannotCreate
        case .nameTaken, .unknownName: .failure
        }
    }

    private static func line(_ key: JSONValue) -> String {
        func text(_ name: String) -> String? { if case .string(let text)? = key[name] { text } else { nil } }
        let role = text("plotter").map { "button of \($0)" } ?? key.word("role")
        let end = text("expiresAt").map { "until " + $0 } ?? "for ever"
        return "\(key.word("name"))\t\(role)\t\(end)\t\(text("lastUsedAt").map { "last used " + $0 } ?? "never used")\n"
    }
}

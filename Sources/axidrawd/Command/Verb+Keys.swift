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
    private static func file(_ invocation: Invocation) throws(UsageError) -> KeyFile {
        let environment = ProcessInfo.processInfo.environment
        return KeyFile(path: try DaemonPaths(invocation, environment, isSimulated: invocation.isOn("simulated")).keys)
    }

    private static let namePattern = "1 to 64 letters, digits, dots, hyphens or underscores"

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0)) || $0 == 0x2D || $0 == 0x2E
                    || $0 == 0x5F
            }
    }

    static func add(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let name = invocation.positionals[0]
        guard isName(name) else { throw UsageError.badValue(name: "NAME", value: name, expected: namePattern) }
        let word = invocation.text("role") ?? "viewer"
        let role = Role.allCases.first { $0.name == word } ?? .viewer
        let now = Int(Date().timeIntervalSince1970)
        let expires = invocation.integer("days").map { now + $0 * 86400 }
        let plotter = invocation.text("button")
        let file = try file(invocation)
        return try trying(console) { () throws(KeyFile.Failure) in
            try file.add(name: name, role: role, expires: expires, plotter: plotter, now: now)
        } then: { key in
            try console.result(key + "\n")
            if let plotter {
                console.note(
                    "This secret is shown once. The button's address is /v1/webhooks/SOURCE/\(key)?press=single; "
                        + "it presses \(plotter), by GET or POST.")
                return
            }
            console.note("This key is shown once. Send it as: Authorization: Bearer …")
        }
    }

    static func list(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let file = try file(invocation)
        return try trying(console) { () throws(KeyFile.Failure) in
            let uses = file.lastUses()
            return try file.read().map { ($0, lastUse(of: $0, uses)) }
        } then: { keys in
            try console.result(invocation.isOn("json") ? json(keys) : table(keys))
        }
    }

    static func revoke(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
        let name = invocation.positionals[0]
        let file = try file(invocation)
        return try trying(console) { () throws(KeyFile.Failure) in
            try file.revoke(name: name)
        } then: { _ in
            console.note("\(name) is revoked")
        }
    }

    private static func trying<Value>(
        _ console: Console, _ body: () throws(KeyFile.Failure) -> Value, then: (Value) throws -> Void
    ) throws -> ExitCode {
        let value: Value
        do throws(KeyFile.Failure) { value = try body() } catch {
            console.fail("\(error)")
            return switch error {
            case .unreadable, .exposed: .configuration
            case .unwritable: .cannotCreate
            case .nameTaken, .unknownName: .failure
            }
        }
        try then(value)
        return .success
    }

    private typealias ListedKey = (key: CredentialTable.Key, lastUse: String?)

    /// When a key was last used; an earlier key of the same name says nothing about it.
    private static func lastUse(of key: CredentialTable.Key, _ uses: [String: Int]) -> String? {
        let stamp = uses[key.name].map { DateText.stamp(unixMilliseconds: $0 * 1000) }
        // Whole seconds against milliseconds: the second in which it was made counts.
        return stamp.flatMap { $0.prefix(19) >= key.created.prefix(19) ? $0 : nil }
    }

    private static func json(_ keys: [ListedKey]) -> String {
        JSONValue.array(
            keys.map { key, lastUse in
                .object([
                    ("name", .string(key.name)), ("role", .string(key.plotter == nil ? key.role.name : "button")),
                    ("plotter", key.plotter.map { .string($0) } ?? .null), ("createdAt", .string(key.created)),
                    (
                        "expiresAt",
                        key.expires.map { .string(DateText.stamp(unixMilliseconds: $0 * 1000)) } ?? .null
                    ), ("lastUsedAt", lastUse.map { .string($0) } ?? .null),
                ])
            }
        ).text + "\n"
    }

    private static func table(_ keys: [ListedKey]) -> String {
        keys.map { key, lastUse in
            let end = key.expires.map { "until " + DateText.stamp(unixMilliseconds: $0 * 1000) } ?? "for ever"
            let role = key.plotter.map { "button of \($0)" } ?? key.role.name
            return "\(key.name)\t\(role)\t\(end)\t\(lastUse.map { "last used " + $0 } ?? "never used")\n"
        }.joined()
    }
}

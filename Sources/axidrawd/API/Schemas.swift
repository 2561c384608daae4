internal import HTTP
internal import Motion
internal import Picture
internal import Text

/// JSON schemas of the answers, by name. Answers may gain members, so none of them is closed.
enum Schemas {
    /// A member's name, its schema, and whether it is always there.
    private typealias Member = (name: String, schema: JSONValue)

    static let all: [(String, JSONValue)] = [
        ("Problem", problem), ("Health", object([("healthy", type("boolean"))])),
        ("Ready", object([("ready", type("boolean")), ("cluster", choice(fleetWords))])), ("Device", device),
        ("DeviceList", list("Device")),
        ("Job", job), ("JobList", list("Job")), ("HistoryEntry", historyEntry), ("HistoryList", list("HistoryEntry")),
        ("Ink", ink), ("Summary", summary), ("Progress", progress), ("Stop", stop), ("Layer", layer),
        ("Position", position), ("Hindrance", object([("status", type("integer")), ("detail", type("string"))])),
        ("Diagnostic", diagnostic), ("Settings", settings),
        ("DeviceChange", closed([], optional: [("autoAdvance", type("boolean")), ("options", type("object"))])),
        ("OptionTable", object([("groups", type("array"))])), ("Plan", plan),
        (
            "Stroke",
            object([
                ("stroke", type("integer")), ("strokeCount", type("integer")), ("distanceMillimetres", type("number")),
                ("points", .object([("type", .string("array")), ("items", type("number"))])),
            ])
        ),
        (
            "JobChange",
            closed(
                [],
                optional: JobChange.members.map { ($0.name, type("number", "null")) }
                    + [(JobChange.optionsMember, type("object"))])
        ),
        ("SettingsChange", settingsChange), ("Cluster", cluster), ("Key", key), ("KeyList", list("Key")),
        ("NewKey", object([("name", type("string")), ("key", type("string")), ("path", type("string"))])),
        (
            "ScreenCode",
            object([("code", type("string")), ("token", type("string")), ("expiresInSeconds", type("integer"))])
        ), ("ScreenClaim", object([("token", type("string"))])),
        ("ScreenGrant", object([("code", type("string"))], optional: [("name", type("string"))])),
        ("ScreenKey", object([("name", type("string")), ("role", type("string"))])),
        ("Document", type("object")), ("Reply", object([("reply", type("string"))])), ("Design", design),
        ("DesignList", list("Design")),
        ("Press", press), ("PassedPress", passedPress), ("Installation", installation), ("Scene", scene),
        ("OriginalState", object([("state", type("string")), ("id", type("string"))])),
        ("OriginalPress", originalPress), ("OriginalOutcome", originalOutcome),
        ("OriginalDrawing", object([("key", type("string")), ("svg", type("string"))])),
    ]

    /// States of a device by the names that are told.
    static let deviceStates = [
        "absent", "raised", "lowered", "free", "idle", "plotting", "stopping", "paused", "faulted",
    ]

    private static let problem = object(
        [
            ("type", type("string")), ("title", type("string")), ("status", type("integer")),
            ("detail", type("string")), ("instance", type("string")), ("requestId", type("string")),
        ],
        optional: [
            ("state", type("string")), ("event", type("string")), ("line", type("integer")),
            ("column", type("integer")), ("retryAfterSeconds", type("integer")), ("errors", type("array")),
        ])

    private static let device = object([
        ("name", type("string")), ("simulated", type("boolean")), ("profile", type("string")),
        ("firmware", type("string", "null")), ("simulatedSpeed", type("number", "null")),
        ("travelWidthMillimetres", type("number")), ("travelHeightMillimetres", type("number")),
        (
            "state",
            choice(deviceStates)
        ),
        ("sentence", type("string")), ("job", type("string", "null")),
        ("position", reference("Position", isNullable: true)), ("autoAdvance", type("boolean")),
        ("waitsForPaper", type("boolean")), ("positionUnknown", type("boolean")),
        ("stopped", type("boolean")), ("can", flags),
        ("options", type("object")), ("hindrance", reference("Hindrance", isNullable: true)),
        ("queue", .object([("type", .string("array")), ("items", type("string"))])),
        ("revision", type("integer")),
    ])

    private static let job = object([
        ("id", type("string")), ("device", type("string")), ("name", type("string")), ("createdAt", type("string")),
        ("startedAt", type("string", "null")), ("endedAt", type("string", "null")), ("source", type("string")),
        ("copies", type("integer", "null")), ("endless", type("boolean")), ("copiesDone", type("integer")),
        ("options", type("object")),
        (
            "state",
            choice([
                "queued", "held", "plotting", "paused", "stopping", "interrupted", "done", "cancelled", "failed",
            ])
        ),
        ("stop", reference("Stop", isNullable: true)),
        ("reason", type("string", "null")), ("sentence", type("string")), ("can", flags),
        ("progress", reference("Progress")), ("firstStroke", type("integer")), ("wholeSeconds", type("number", "null")),
        ("summary", reference("Summary", isNullable: true)),
        ("diagnostics", .object([("type", .string("array")), ("items", reference("Diagnostic"))])),
        ("revision", type("integer")), ("isFinal", type("boolean")),
    ])

    private static let historyEntry = object([
        ("id", type("string")), ("device", type("string")), ("name", type("string", "null")),
        ("createdAt", type("string")), ("startedAt", type("string", "null")), ("endedAt", type("string", "null")),
        ("state", choice(["done", "cancelled", "failed"])), ("reason", type("string", "null")),
        ("source", type("string")), ("options", type("object")), ("penDownMillimetres", type("number", "null")),
        ("penUpMillimetres", type("number", "null")), ("durationSeconds", type("number", "null")),
        ("strokes", type("integer", "null")), ("firmware", type("string", "null")),
    ])

    private static let progress = object([
        ("fraction", type("number")), ("strokes", type("integer")), ("strokeCount", type("integer")),
        ("remainingSeconds", type("number")),
    ])

    private static let stop = object([
        ("kind", choice(PlotStop.Kind.allCases.map(\.rawValue))), ("prompt", type("string")),
        ("stroke", type("integer")), ("layer", type("string", "null")), ("pen", pen),
        ("tile", .object([("type", .array([.string("object"), .string("null")]))])),
    ])

    private static let pen = JSONValue.object([
        ("type", .array([.string("object"), .string("null")])),
        (
            "properties",
            .object([("number", type("integer", "null")), ("colour", type("string", "null")), ("text", type("string"))])
        ),
    ])

    private static let layer = object([
        ("name", type("string", "null")), ("colour", type("string", "null")), ("pen", pen),
        ("strokes", type("integer")), ("durationSeconds", type("number")), ("stop", type("string", "null")),
    ])

    private static let plan = object([
        ("strokeCount", type("integer")), ("durationSeconds", type("number")), ("exact", type("boolean")),
        ("inks", type("array")), ("starts", numbers), ("points", numbers), ("begins", numbers), ("ends", numbers),
        ("lost", type("array")),
    ])

    private static let numbers = JSONValue.object([("type", .string("array")), ("items", type("number"))])

    private static let summary = object([
        ("durationSeconds", type("number")), ("penDownMillimetres", type("number")),
        ("penUpMillimetres", type("number")), ("penLifts", type("integer")), ("strokes", type("integer")),
        ("points", type("integer")), ("commands", type("integer")),
        ("layers", .object([("type", .string("array")), ("items", reference("Layer"))])),
        ("choices", type("array")),
        ("page", rectangle), ("ink", type("object", "null")),
    ])

    private static let rectangle = object([
        ("xMillimetres", type("number")), ("yMillimetres", type("number")),
        ("widthMillimetres", type("number")), ("heightMillimetres", type("number")),
    ])

    private static let position = object([
        ("xMillimetres", type("number")), ("yMillimetres", type("number")), ("penUp", type("boolean")),
    ])

    private static let diagnostic = object([
        ("severity", choice(["info", "warning", "error"])), ("code", type("string")), ("message", type("string")),
        ("offset", type("integer", "null")), ("line", type("integer", "null")), ("column", type("integer", "null")),
        ("count", type("integer")),
    ])

    private static let ink = object([
        ("device", type("string")), ("job", type("string")), ("from", type("integer")), ("count", type("integer")),
        ("points", .object([("type", .string("array")), ("items", type("number"))])),
    ])

    private static let design = object([
        ("name", type("string")), ("summary", type("string")), ("hasScene", type("boolean")),
        ("parameters", type("array")),
    ])

    private static let press = object(
        [("result", choice(["queued", "moved", "accepted", "repeated", "old", "noted"])), ("device", type("string"))],
        optional: [
            ("press", choice(["single", "double", "long"])), ("previousState", type("string")),
            ("state", type("string")), ("ticket", type("string")), ("product", type("string")),
            ("seed", type("integer")), ("waiting", type("integer")), ("job", type("string")),
        ])

    private static let installation = object(
        [
            ("products", type("array")), ("cycle", type("array")), ("position", type("integer")),
            ("next", type("string", "null")), ("paper", choice(["sheets", "endless"])),
            ("press", choice(["draws", "machine"])), ("plotters", type("array")),
        ], optional: [("elsewhere", type("array"))])

    private static let scene = object([
        ("width", type("number")), ("height", type("number")), ("middle", type("array")), ("eye", type("number")),
        ("layers", type("array")),
    ])

    private static let key = object([
        ("name", type("string")), ("role", choice(["viewer", "operator", "admin", "button"])),
        ("plotter", type("string", "null")), ("createdAt", type("string")), ("expiresAt", type("string", "null")),
        ("lastUsedAt", type("string", "null")),
    ])

    private static let settings = object([
        ("listen", texts()), ("hosts", texts()), ("proxies", texts()), ("origins", texts()),
        ("access", choice(AccessRule.allCases.map(\.rawValue))),
        ("profile", type("string", "null")), ("firmware", type("string", "null")), ("log", choice(["text", "json"])),
        (
            "limits",
            object([
                ("connections", type("integer")), ("connectionsPerAddress", type("integer")),
                ("memoryMebibytes", type("integer")), ("uploadMebibytes", type("integer")),
                ("spoolMebibytes", type("integer", "null")),
            ])
        ),
        ("webhooks", object([("out", type("array")), ("allow", texts()), ("drawings", texts())])),
        ("cluster", object([("consul", type("object", "null")), ("nomad", type("object", "null"))])),
    ])

    private static let passedPress = object(
        [("source", type("string"))],
        optional: [
            ("press", choice(["single", "double", "long"])), ("plot", type("object")),
            ("button", type("string", "null")), ("id", type("string", "null")), ("time", type("integer", "null")),
        ])

    /// How the link to a fleet stands.
    private static let fleetWords = ["none", "linking", "linked", "trouble"]

    private static let cluster = object([
        ("state", choice(fleetWords)), ("message", type("string")), ("consul", type("object", "null")),
    ])

    /// What may be changed while it runs; null lets the file count again.
    private static let settingsChange = closed(
        [],
        optional: [
            ("hosts", texts(isNullable: true)), ("proxies", texts(isNullable: true)),
            ("origins", texts(isNullable: true)),
            (
                "access",
                .object([
                    ("type", .array([.string("string"), .string("null")])),
                    ("enum", .array(AccessRule.allCases.map { .string($0.rawValue) } + [.null])),
                ])
            ),
            (
                "limits",
                .object([
                    (
                        "anyOf",
                        .array([
                            closed(
                                [],
                                optional: [
                                    ("connections", type("integer", "null")),
                                    ("connectionsPerAddress", type("integer", "null")),
                                    ("memoryMebibytes", type("integer", "null")),
                                    ("uploadMebibytes", type("integer", "null")),
                                    ("spoolMebibytes", type("integer", "null")),
                                ]), type("null"),
                        ])
                    )
                ])
            ),
        ])

    private static let originalPress = object(
        [("id", type("string"))],
        optional: [
            ("previousState", type("string")), ("state", type("string")), ("jobId", type("string")),
            ("message", type("string")), ("status", type("integer")),
        ])

    private static let originalOutcome = object(
        [("id", type("string")), ("success", type("boolean")), ("state", type("string"))],
        optional: [("status", type("integer")), ("error", type("string"))])

    /// What may be asked for now, by name.
    private static let flags = JSONValue.object([
        ("type", .string("object")), ("additionalProperties", type("boolean")),
    ])

    private static func texts(isNullable: Bool = false) -> JSONValue {
        let types: JSONValue = isNullable ? .array([.string("array"), .string("null")]) : .string("array")
        return .object([("type", types), ("items", type("string"))])
    }

    /// An object of a request: members that are not listed are refused.
    private static func closed(_ members: [Member], optional: [Member] = []) -> JSONValue {
        guard case .object(let parts) = object(members, optional: optional) else { return .null }
        return .object(parts + [("additionalProperties", .bool(false))])
    }

    private static func list(_ name: String) -> JSONValue {
        object([
            ("items", .object([("type", .string("array")), ("items", reference(name))])),
            ("next", type("string", "null")),
        ])
    }

    private static func type(_ names: String...) -> JSONValue {
        let value: JSONValue = names.count == 1 ? .string(names[0]) : .array(names.map { .string($0) })
        return .object([("type", value)])
    }

    private static func choice(_ values: [String]) -> JSONValue {
        .object([("type", .string("string")), ("enum", .array(values.map { .string($0) }))])
    }

    private static func reference(_ name: String, isNullable: Bool = false) -> JSONValue {
        let reference = JSONValue.object([("$ref", .string("#/components/schemas/\(name)"))])
        return isNullable ? .object([("anyOf", .array([reference, type("null")]))]) : reference
    }

    private static func object(_ members: [Member], optional: [Member] = []) -> JSONValue {
        .object([
            ("type", .string("object")),
            ("properties", .object((members + optional).map { ($0.name, $0.schema) })),
            ("required", .array(members.map { .string($0.name) })),
        ])
    }
}

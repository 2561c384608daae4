internal import Motion

/// One plot as the outside sees it.
struct PlotJob: Sendable {
    enum State: Equatable, Sendable {
        /// The drawing is read; strokes are being put in order.
        case planning
        /// Planned; waits for somebody to start it.
        case held
        case plotting
        case paused(PauseReason)
        case stopping
        case done
        case cancelled
        case failed(String)
        case interrupted

        /// Nothing follows.
        var isFinal: Bool {
            switch self {
            case .planning, .held, .plotting, .paused, .stopping: false
            case .done, .cancelled, .failed, .interrupted: true
            }
        }

        /// As it is written in answers.
        var name: String {
            switch self {
            case .planning: "planning"
            case .held: "held"
            case .plotting: "plotting"
            case .paused: "paused"
            case .stopping: "stopping"
            case .done: "done"
            case .cancelled: "cancelled"
            case .failed: "failed"
            case .interrupted: "interrupted"
            }
        }

        /// Why, in a sentence, where there is something to say.
        var reason: String? {
            switch self {
            case .failed(let reason): reason
            case .paused(let reason): reason.sentence
            case .planning, .held, .plotting, .stopping, .done, .cancelled, .interrupted: nil
            }
        }
    }

    let id: JobID
    let device: String
    /// For people: the file's name, never a path.
    let name: String
    /// Unix time in ms.
    let created: Int
    var state = State.planning
    var progress = PlotProgress()
    var summary: JobSummary?
    var diagnostics: [Diagnostic] = []
    /// Grows with every change that is no mere progress; the entity tag.
    var revision = 1
    var startsWhenPlanned: Bool

    var entityTag: String { "\"\(id)-\(revision)\"" }
}

/// What planning says about a plot; keys and meaning as `plan --json`.
struct JobSummary: Equatable, Sendable {
    var durationSeconds: Double
    var penDownMillimetres: Double
    var penUpMillimetres: Double
    var penLifts: Int
    var strokes: Int
    var points: Int
    var commands: Int
    /// Where the page lies on the machine, mm.
    var pageX: Double
    var pageY: Double
    var pageWidth: Double
    var pageHeight: Double
}

extension PauseReason {
    /// What a person reads.
    var sentence: String {
        switch self {
        case .asked: "paused by request"
        case .button: "paused by the board's button"
        case .penChange(let layer): layer.map { "waiting for the pen of layer \($0)" } ?? "waiting for another pen"
        case .linkLost: "the link to the board is lost; trying again"
        case .positionLost(let why): "the position is not known: \(why)"
        case .motorPowerLost: "the motors have no power"
        }
    }
}

extension PlotJob {
    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("id", .string(id)), ("device", .string(device)), ("name", .string(name)),
            ("createdAt", .string(HTTPDate.stamp(unixMilliseconds: created))), ("state", .string(state.name)),
            ("reason", state.reason.map { .string($0) } ?? .null),
            ("progress", progress.json),
            ("summary", summary?.json ?? .null),
            ("diagnostics", .array(diagnostics.prefix(50).map(\.json))),
            ("revision", .integer(revision)),
        ]
        members.append(("isFinal", .bool(state.isFinal)))
        return .object(members)
    }
}

extension PlotProgress {
    var json: JSONValue {
        .object([
            ("fraction", .number((fraction * 10_000).rounded() / 10_000)), ("strokes", .integer(strokes)),
            ("strokeCount", .integer(strokeCount)),
            ("remainingSeconds", .number((remainingSeconds * 10).rounded() / 10)),
        ])
    }
}

extension JobSummary {
    var json: JSONValue {
        func rounded(_ value: Double) -> JSONValue { .number((value * 1000).rounded() / 1000) }
        return .object([
            ("durationSeconds", rounded(durationSeconds)), ("penDownMillimetres", rounded(penDownMillimetres)),
            ("penUpMillimetres", rounded(penUpMillimetres)), ("penLifts", .integer(penLifts)),
            ("strokes", .integer(strokes)), ("points", .integer(points)), ("commands", .integer(commands)),
            (
                "page",
                .object([
                    ("xMillimetres", rounded(pageX)), ("yMillimetres", rounded(pageY)),
                    ("widthMillimetres", rounded(pageWidth)), ("heightMillimetres", rounded(pageHeight)),
                ])
            ),
        ])
    }
}

extension Diagnostic {
    var json: JSONValue {
        .object([
            ("severity", .string(severity.rawValue)), ("code", .string(code)), ("message", .string(message)),
            ("offset", offset.map { .integer($0) } ?? .null), ("line", line.map { .integer($0) } ?? .null),
            ("column", column.map { .integer($0) } ?? .null), ("count", .integer(count)),
        ])
    }
}

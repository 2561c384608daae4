internal import Motion
internal import Text

/// One job as the outside sees it: what the spool keeps of it, and what is made anew after a restart (progress, plan).
struct PlotJob: Sendable {
    /// As it will stand in the spool, or stands there.
    private(set) var record: JobRecord
    /// Copies finished.
    var copiesDone = 0
    /// The next copy begins by itself, `page-delay` after the one before.
    var isDelayed = false
    /// Stroke with which an interrupted job goes on.
    var firstStroke = 0
    /// What its run has last written down, or will write next; nil before the first one.
    var run: JobProgress?
    var progress = PlotProgress()
    /// Layers of the plan at hand whose beginning, and whose end, have been told.
    var toldLayers = (begun: 0, ended: 0)
    /// Of the plan at hand: of a job that goes on at a stroke, only what is left.
    var summary: JobSummary?
    /// Of the plan from the first stroke on.
    var whole: JobSummary?
    var diagnostics: [Diagnostic] = []

    init(_ record: JobRecord) {
        self.record = record
        if let strokes = record.outcome?.strokes {
            progress.strokes = strokes
            progress.strokeCount = strokes
        }
        if state == .done {
            progress = .whole(strokes: progress.strokeCount)
            copiesDone = copies
        }
    }

    var id: JobID { record.job.id }
    var device: String { record.job.device }
    /// For people: the file's name, never a path.
    var name: String { record.job.name ?? "drawing" }
    /// How often it is to be drawn, each time on new paper.
    var copies: Int { options["copies"].flatMap { Int($0) } ?? record.job.copies }
    /// It is drawn again and again, until somebody cancels it.
    var isEndless: Bool { options["copies"] == "endless" }
    /// How long after a copy the next one begins by itself, s; nil = it waits for a person, or for the plotter's setting.
    var pageDelay: Double? { options["page-delay"].flatMap { NumberText.number($0) }.flatMap { $0 > 0 ? $0 : nil } }
    var state: JobState {
        get { record.state }
        set { record.state = newValue }
    }
    /// A person has cancelled it at its plotter: kept from beginning, it is over and does not wait again.
    var isCancelled: Bool {
        get { record.isCancelled }
        set { record.isCancelled = newValue }
    }
    /// Plot options that hold.
    var options: [String: String] {
        get { record.options }
        set { record.changedOptions = newValue }
    }
    var startedAt: Int64? {
        get { record.startedAt }
        set { record.startedAt = newValue }
    }
    var endedAt: Int64? {
        get { record.endedAt }
        set { record.endedAt = newValue }
    }
    /// Grows with every change that is no mere progress; the entity tag.
    var revision: Int {
        get { record.revision }
        set { record.revision = newValue }
    }

    var entityTag: String { "\"\(id)-\(revision)\"" }
}

extension PlotJob {
    /// What its options ask for over the figures of a machine; each of its copies is a plot of its own.
    func request(over profile: MachineProfile) throws(JobError) -> PlotRequest {
        var request = try Self.request(options, over: profile)
        request.options.copies = 1
        if options["motion"] == nil, !request.options.demandsJerk {
            request.options.motion = record.job.motion.flatMap { PlotOptions.Motion(rawValue: $0) } ?? .junction
        }
        return request
    }

    /// The figures by which its strokes are ordered: speeds and heights as they were asked for when it was handed in.
    ///
    /// What may be changed while it is drawn must not change the order: the strokes that are left are counted in it.
    func orderingProfile(over profile: MachineProfile) throws(JobError) -> MachineProfile {
        var asked = options
        for (_, option) in JobChange.members { asked[option] = record.job.options[option] }
        return try Self.request(asked, over: profile).profile
    }

    static func request(_ options: [String: String], over profile: MachineProfile) throws(JobError) -> PlotRequest {
        do throws(OptionError) {
            return try OptionFields.request(options.map { ($0.key, $0.value) }, over: profile)
        } catch { throw .options(error) }
    }
}

extension PlotProgress {
    /// Of something that has been drawn to its end.
    static func whole(strokes: Int) -> PlotProgress {
        PlotProgress(commands: 0, commandCount: 0, strokes: strokes, strokeCount: strokes, ticks: 1, tickCount: 1)
    }
}

extension PauseReason {
    /// What a person reads.
    var sentence: String {
        switch self {
        case .asked: "paused by request"
        case .button: "paused by the board's button"
        case .planned(let stop): "\(stop.prompt), then go on (the board's button does it, too)"
        case .linkLost(.otherBoard(let name, let firmware)):
            name.isEmpty
                ? "a board with firmware \(firmware) answers in the place of this one; waiting for the right one"
                : "another board, \(name), answers in the place of this one; waiting for the right one"
        case .linkLost: "the link to the board is lost; trying again"
        case .positionLost:
            "nobody knows where the pen is: bring the carriage home (back left), say that it is there, and go on"
        case .motorPowerLost:
            "the motors have been without power: switch it on and bring the carriage home, then go on"
        }
    }

    /// That a plot stands for it.
    var pausedSentence: String {
        switch self {
        case .asked: "Paused by a person."
        case .button: "Paused by the board's button."
        case .planned, .linkLost, .positionLost, .motorPowerLost: "Paused: \(sentence)."
        }
    }

    /// The same for those who look for the cause, with what the board said.
    var detail: String {
        if case .positionLost(let why) = self, !why.isEmpty { "the position is not known: \(why)" } else { sentence }
    }
}

extension PlotJob {
    var json: JSONValue {
        func time(_ value: Int64?) -> JSONValue {
            value.map { .string(DateText.stamp(unixMilliseconds: Int($0))) } ?? .null
        }
        let wholeSeconds: JSONValue =
            if let whole { .number((whole.durationSeconds * 1000).rounded() / 1000) } else { .null }
        return .object([
            ("id", .string(id)), ("device", .string(device)), ("name", .string(name)),
            ("createdAt", .string(DateText.stamp(unixMilliseconds: Int(record.job.submittedAt)))),
            ("startedAt", time(startedAt)), ("endedAt", time(endedAt)), ("state", .string(state.word)),
            ("stop", stop?.json ?? .null),
            ("reason", state.reason.map { .string($0) } ?? .null), ("sentence", .string(sentence)), ("can", can),
            ("source", .string(record.job.source)),
            ("copies", isEndless ? .null : .integer(copies)), ("endless", .bool(isEndless)),
            ("copiesDone", .integer(copiesDone)),
            ("options", .object(options.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("progress", progress.json), ("firstStroke", .integer(firstStroke)),
            ("wholeSeconds", wholeSeconds),
            ("summary", summary?.json ?? .null),
            ("diagnostics", .array(diagnostics.prefix(50).map(\.json))),
            ("revision", .integer(revision)), ("isFinal", .bool(state.isFinal)),
        ])
    }
}

extension PlotJob {
    /// What the plot waits for by its own plan.
    var stop: PlotStop? { if case .paused(.planned(let stop)) = state { stop } else { nil } }
}

extension PlotStop {
    var json: JSONValue {
        .object([
            ("kind", .string(kind.rawValue)), ("prompt", .string(prompt)), ("stroke", .integer(stroke)),
            ("layer", layer.map { .string($0) } ?? .null), ("pen", pen?.json ?? .null), ("tile", tile?.json ?? .null),
        ])
    }
}

extension PlotStop.Tile {
    var json: JSONValue {
        .object([
            ("number", .integer(number)), ("count", .integer(count)),
            ("moveXMillimetres", .number(paperMove.x)), ("moveYMillimetres", .number(paperMove.y)),
        ])
    }
}

extension PlotPen {
    var json: JSONValue {
        .object([
            ("number", number.map { .integer($0) } ?? .null),
            ("colour", colour.map { .string($0.name) } ?? .null), ("text", .string(text)),
        ])
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

extension Diagnostic {
    var json: JSONValue {
        .object([
            ("severity", .string(severity.rawValue)), ("code", .string(code)), ("message", .string(message)),
            ("offset", offset.map { .integer($0) } ?? .null), ("line", line.map { .integer($0) } ?? .null),
            ("column", column.map { .integer($0) } ?? .null), ("count", .integer(count)),
        ])
    }
}

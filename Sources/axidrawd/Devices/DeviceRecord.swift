internal import EBB
internal import HTTP
internal import Motion
internal import Text

/// One plotter as the outside sees it.
struct DeviceRecord: Sendable {
    let name: String
    let isSimulated: Bool
    let profile: String
    /// Reach of the carriage, mm.
    let travel: Size
    /// Simulated seconds per second; nil for a real board, or as fast as can be.
    let simulatedSpeed: Double?
    var firmware: FirmwareVersion?
    var state = PlotterState.absent
    /// The job loaded or running, if there is one.
    var job: JobID?
    /// Jobs that are not over, in the order in which they are drawn; the started one first.
    var queue: [JobID] = []
    /// The next job starts by itself when one is done.
    var autoAdvance = false
    /// Something has been drawn on the paper that lies there: the next job waits for a person.
    var waitsForPaper = false
    /// The next copy begins by itself after a while.
    var isDelayed = false
    /// The job at the head of the queue is half drawn and keeps the others waiting.
    var hasCutJob = false
    /// A job begins when the board's button is pressed.
    var isArmed = false
    /// Something in the queue is not held.
    var hasWaiting = false
    /// The job whose turn it is has no plan yet.
    var isPlanning = false
    /// A job is held, and nothing else waits.
    var isLoaded = false
    /// The job around which the carriage goes with the pen up.
    var round: JobID?
    /// Why the next job does not begin although it may: the disk, as a client would be told.
    var hindrance: DiskTrouble?
    /// A job is on its way to the plotter: until the first motion may follow, a stop takes it back.
    var starting: Start?
    /// Since when the line is closed, ms since 1970: a person has stopped the plotter, and nothing begins by itself.
    var stoppedAt: Int64?
    var position: Position?
    /// When the progress of its drawing was last told, ms.
    var toldProgressAt: Int64 = 0
    /// Plot options that a page offers for the next drawing; other clients send their own.
    var options: [String: String] = [:]
    var revision = 1

    /// One attempt to begin a job.
    struct Start: Equatable, Sendable {
        var job: JobID
        /// Tells attempts apart.
        var number: Int
    }

    /// Where the carriage is.
    struct Position: Equatable, Sendable {
        var xMillimetres: Double
        var yMillimetres: Double
        var isPenUp: Bool
    }

    var entityTag: String { "\"\(name)-\(revision)\"" }

    /// The state in a sentence for people, and whether somebody has stopped the plotter.
    var sentence: String {
        guard stoppedAt != nil else { return stateSentence }
        let stopped = "Stopped by a person: nothing starts by itself until somebody says go on."
        return switch state {
        case .raised, .lowered, .awaiting: stopped
        case .absent, .free, .faulted: "\(stateSentence) \(stopped)"
        case .plotting, .stopping, .paused: stateSentence
        }
    }

    private var stateSentence: String {
        switch state {
        case _ where state.takesJobs && hindrance != nil: hindrance?.sentence ?? ""
        case .raised where round != nil: "Going around the drawing with the pen up. Stop ends it."
        case .absent: "No board is connected."
        case .raised where hasCutJob, .awaiting where hasCutJob:
            "A drawing was cut off: bring the carriage home and go on with it, or cancel it."
        case .raised where waitsForPaper && isDelayed:
            "Waiting for paper: put in a new sheet; the next copy begins by itself."
        case .raised where waitsForPaper && hasWaiting && !autoAdvance:
            "Waiting for paper: put in a new sheet, then go on."
        case .raised where isArmed: "A drawing waits for the board's button: put in paper, then press it."
        case .raised where isPlanning: "Planning the drawing."
        case .raised where isLoaded: "A drawing is loaded. Ready to plot."
        case .raised: "Ready, pen up."
        case .lowered: "Ready, pen down."
        case .free: "Motors released: move the carriage home (back left) by hand, then raise the pen."
        case .awaiting: "Waiting for the next drawing in the queue."
        case .plotting: "Plotting."
        case .stopping: "Stopping."
        case .paused(_, _, let reason): reason.pausedSentence
        case .faulted(let fault): "Trouble: \(fault.message)."
        }
    }

    var json: JSONValue {
        .object([
            ("name", .string(name)), ("simulated", .bool(isSimulated)), ("profile", .string(profile)),
            ("firmware", firmware.map { .string($0.description) } ?? .null),
            ("simulatedSpeed", simulatedSpeed.map { .number($0) } ?? .null),
            ("travelWidthMillimetres", .number(travel.width)), ("travelHeightMillimetres", .number(travel.height)),
            ("state", .string(state.publicName)), ("sentence", .string(sentence)),
            ("job", job.map { .string($0) } ?? .null), ("position", position?.json ?? .null),
            ("autoAdvance", .bool(autoAdvance)), ("waitsForPaper", .bool(waitsForPaper && hasWaiting)),
            ("options", .object(options.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("hindrance", hindrance?.json ?? .null),
            ("positionUnknown", .bool(state.isPositionUnknown)), ("stopped", .bool(stoppedAt != nil)),
            ("can", can), ("queue", .array(queue.map { .string($0) })),
            ("revision", .integer(revision)),
        ])
    }
}

extension DeviceRecord.Position {
    var json: JSONValue {
        .object([
            ("xMillimetres", .number((xMillimetres * 100).rounded() / 100)),
            ("yMillimetres", .number((yMillimetres * 100).rounded() / 100)), ("penUp", .bool(isPenUp)),
        ])
    }
}

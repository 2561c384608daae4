internal import Dispatch
internal import EBB
internal import Foundation
internal import HTTP
internal import Motion
internal import Synchronization
internal import Text

/// All plotters and their jobs as the services see them; nothing here waits for a plotter.
///
/// Jobs are durable: `keeper` has them on disk, and `State` mirrors what it has acknowledged. The mirror is changed on the
/// keeper's queue, after the disk and in the same order.
final class Workshop: Sendable {
    struct State {
        var stations: [Station] = []
        var table = JobTable()
        var plans: [JobID: MadePlan] = [:]
        var previews: [JobID: [UInt8]] = [:]
        /// Oldest first; see `rememberedPreviewBytes`.
        var previewOrder: [JobID] = []
        var planners: [String: DispatchQueue] = [:]
        /// What each plotter draws, or has drawn last.
        var drawings: [String: DrawnPlot] = [:]
        /// Plotters that are being asked where they stand.
        var looking: Set<String> = []
        /// When progress of a device was last told, ms.
        var toldProgress: [String: Int64] = [:]
        /// Plans that running jobs are to go on with, by mark.
        var changes: [Int: PlanChange] = [:]
        var lastChange = 0
        /// Plotters whose button is looked at, because a job waits for it.
        var buttons: Set<String> = []
        /// Who waits for the end of a job.
        var endings: [JobID: [CheckedContinuation<JobEnd?, Never>]] = [:]
        /// Who waits until something stands, by number.
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
        /// What goes to jobs whose strokes come while they are drawn.
        var streams: [JobID: ProgramSupply] = [:]
    }

    /// A program and what it was made for.
    struct MadePlan: Sendable {
        var program: Program
        var firmware: FirmwareVersion
        var firstStroke: Int
        /// For those who ask for a stroke by its place; nil where they are too many to keep.
        var strokes: PlannedStrokes?
    }

    /// Programs of so many jobs at the head of a queue are kept; the others are planned again when their turn comes.
    static let keptPrograms = 2
    static let rememberedPreviewBytes = 64 << 20

    let events: EventHub
    let planning: PlotPlanning
    let log: Log
    let keeper: JobKeeper
    let state: Mutex<State>
    /// Held from looking at something to telling it, so that what is told last is what is.
    private let telling = Mutex(())
    /// Who else is to know when a person says that a plotter goes on.
    let reopened = Mutex<@Sendable (_ device: String) -> Void>({ _ in })
    /// Drawings that are handed in are read here, never on a cooperative thread.
    let readingQueue = DispatchQueue(label: "axidrawd.reading", qos: .utility, attributes: .concurrent)
    /// Plans that a plotter waits for, and plans for those who only look: neither waits behind the other or a queue's own.
    let startingQueue = DispatchQueue(label: "axidrawd.starting", attributes: .concurrent)
    let lookingQueue = DispatchQueue(label: "axidrawd.looking", qos: .utility)
    let turns = DrawingTurns()
    private let holdsAtStart: Bool

    /// - Parameter holdsAtStart: a plotter's line is closed when it appears for the first time, until a person opens it.
    init(
        stations: [Station], events: EventHub, planning: PlotPlanning, keeper: JobKeeper, log: Log,
        holdsAtStart: Bool = false
    ) {
        self.holdsAtStart = holdsAtStart
        self.events = events
        self.planning = planning
        self.keeper = keeper
        self.log = log
        var initial = State()
        for record in keeper.found {
            var job = PlotJob(record)
            if let reached = keeper.reached[record.id] {
                job.firstStroke = Int(reached.stroke)
                job.copiesDone = Int(reached.copy)
                job.run = reached
            }
            initial.table.jobs[job.id] = job
            initial.table.order.append(job.id)
        }
        for (device, ids) in keeper.foundQueues {
            initial.table.queues[device] = ids
        }
        state = Mutex(initial)
        for record in keeper.found where record.state == .interrupted {
            log.write(.warning, "job was cut off", [("device", record.job.device), ("job", record.id.text)])
        }
        for line in keeper.findings { log.write(.warning, "the spool was mended", [("finding", line)]) }
        for station in stations { add(station) }
    }

    /// Takes a plotter into the list; its waiting jobs are planned in the background. Known names are refused.
    func add(_ station: Station) {
        let waiting = state.withLock { state -> [JobID] in
            guard state.table.devices[station.name] == nil else { return [] }
            var record = DeviceRecord(
                name: station.name, isSimulated: station.board != nil, profile: station.profile.name,
                travel: station.profile.travel, simulatedSpeed: station.simulatedSpeed)
            record.autoAdvance = keeper.settings[station.name]?.autoAdvance ?? false
            record.options = keeper.settings[station.name]?.options ?? [:]
            record.stoppedAt = keeper.settings[station.name]?.stoppedAt ?? (holdsAtStart ? JobKeeper.now : nil)
            // What lies on the bed after a start is not known.
            record.waitsForPaper = !(state.table.queues[station.name] ?? []).isEmpty
            state.table.devices[station.name] = record
            state.stations.append(station)
            state.planners[station.name] = DispatchQueue(label: "axidrawd.planning.\(station.name)", qos: .utility)
            return state.table.queues[station.name] ?? []
        }
        for id in waiting where !keeper.suspects.contains(id) { schedulePlan(id, station, nil) }
        watchButton(station.name)
        tell(device: station.name)
    }

    // MARK: Looking

    var stations: [Station] { state.withLock { $0.stations } }

    var devices: [DeviceRecord] {
        state.withLock { state in state.stations.compactMap { state.table.record($0.name) } }
    }

    func device(_ name: String) throws(JobError) -> DeviceRecord {
        guard let record = state.withLock({ $0.table.record(name) }) else { throw .unknownDevice(name) }
        return record
    }

    func station(_ name: String) throws(JobError) -> Station {
        guard let station = state.withLock({ $0.stations.first { $0.name == name } }) else {
            throw .unknownDevice(name)
        }
        return station
    }

    func job(_ id: JobID) throws(JobError) -> PlotJob {
        guard let record = state.withLock({ $0.table.jobs[id] }) else {
            throw .unknownJob(id)
        }
        return record
    }

    /// Newest first.
    func jobs(of device: String? = nil) -> [PlotJob] {
        state.withLock { state in
            state.table.order.reversed().compactMap { state.table.jobs[$0] }.filter {
                device == nil || $0.device == device
            }
        }
    }

    func trail(_ device: String) -> InkTrail? { state.withLock { $0.drawings[device]?.trail } }

    /// Everything, for the first event of a stream.
    var snapshot: JSONValue {
        .object([
            ("devices", .array(devices.map(\.json))),
            ("jobs", .array(jobs().map(\.json))),
        ])
    }

    // MARK: Telling

    /// Publishes a plotter and its queue as they stand.
    func tell(device name: String) {
        telling.withLock { _ in
            guard let record = try? device(name) else { return }
            events.publish("state", record.json)
            events.publish(
                "queue",
                .object([
                    ("device", .string(name)), ("jobs", .array(record.queue.map { .string($0) })),
                    ("waitsForPaper", .bool(record.waitsForPaper && record.hasWaiting)),
                ]))
        }
    }

    func tell(job id: JobID) {
        telling.withLock { _ in
            guard let job = try? job(id) else { return }
            events.publish("job", job.json)
        }
    }

    /// Something that a person should see to.
    func report(_ device: String, _ job: JobID?, _ text: String) {
        log.write(.error, text, [("device", device), ("job", job ?? "")])
        events.publish(
            "incident",
            .object([
                ("device", .string(device)), ("job", job.map { .string($0) } ?? .null), ("message", .string(text)),
            ]))
    }
}

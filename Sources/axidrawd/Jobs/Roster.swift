internal import EBB
internal import HTTP
internal import Motion
internal import Synchronization
internal import Text

/// The table of plotters and jobs behind its one lock, with the disk that keeps it and those who are told of it.
///
/// `JobTable` mirrors what `keeper` has acknowledged: it is changed on the keeper's queue, after the disk and in the same order.
/// Whoever acts on jobs (`Workshop`), plans them (`JobPlanner`) or follows their ink (`InkFollower`) shares one of these.
final class Roster: Sendable {
    struct State {
        var stations: [Station] = []
        var table = JobTable()
        /// Who waits until something stands, by number.
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
    }

    let events: EventHub
    let log: Log
    let keeper: JobKeeper
    private let state: Mutex<State>
    /// Held from looking at something to telling it, so that what is told last is what is.
    private let telling = Mutex(())

    init(_ table: JobTable, events: EventHub, keeper: JobKeeper, log: Log) {
        self.events = events
        self.keeper = keeper
        self.log = log
        var initial = State()
        initial.table = table
        state = Mutex(initial)
    }

    /// Looks at the table, or changes it, at one moment. Nothing that waits belongs into `body`.
    func withLock<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        state.withLock { body(&$0) }
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

    /// What to plan for: the board's own version once it has told it.
    func firmware(of station: Station) -> FirmwareVersion {
        (try? device(station.name))?.firmware ?? station.firmware
    }

    /// What the board has told, or a virtual one is made with; nil where no board has been there yet.
    func knownFirmware(of station: Station) -> FirmwareVersion? {
        (try? device(station.name))?.firmware ?? (station.board == nil ? nil : station.firmware)
    }

    /// Refuses what was asked for by name and the plotter's board cannot do, where that is known.
    func check(_ options: PlotOptions, on station: Station) throws(JobError) {
        guard let firmware = knownFirmware(of: station) else { return }
        do throws(PlanError) { try options.check(for: firmware) } catch {
            throw OptionError(error, on: station.name).map { .options($0) } ?? .planning(.unplannable(error))
        }
    }

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

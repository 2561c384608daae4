internal import EBB
internal import HTTP
internal import Motion

/// What is asked of plotters and their jobs, and who acts on it: jobs are handed in, begun, stopped, changed and brought to
/// their end here. Nothing here waits for a plotter.
///
/// What stands, and who is told of it, is in the `Roster`; plans are made by the `JobPlanner`, ink is followed by the
/// `InkFollower`, what has left the queue is found by `PastJobs`.
final class Workshop: Sendable {
    let roster: Roster
    let planner: JobPlanner
    let ink: InkFollower
    let past: PastJobs
    let pictures: JobPictures
    let buttons: ButtonWatch
    let streams = StreamSupplies()
    let changes = PlanChanges()
    let endings = JobEndings()
    let events: EventHub
    let log: Log
    let keeper: JobKeeper
    /// Who else is to know when a person says that a plotter goes on.
    let reopened = Live<@Sendable (_ device: String) -> Void>({ _ in })
    private let holdsAtStart: Bool

    /// - Parameter holdsAtStart: a plotter's line is closed when it appears for the first time, until a person opens it.
    init(
        stations: [Station], events: EventHub, planning: PlotPlanning, keeper: JobKeeper, log: Log,
        holdsAtStart: Bool = false
    ) {
        self.holdsAtStart = holdsAtStart
        self.events = events
        self.keeper = keeper
        self.log = log
        roster = Roster(JobTable(keeper), events: events, keeper: keeper, log: log)
        planner = JobPlanner(roster, planning, streams)
        ink = InkFollower(roster)
        past = PastJobs(roster: roster)
        pictures = JobPictures(roster: roster, planner: planner, ink: ink, past: past)
        buttons = ButtonWatch(roster)
        for record in keeper.found where record.state == .interrupted {
            log.write(.warning, "job was cut off", [("device", record.job.device), ("job", record.id.text)])
        }
        for line in keeper.findings { log.write(.warning, "the spool was mended", [("finding", line)]) }
        for station in stations { add(station) }
    }

    /// Takes a plotter into the list; its waiting jobs are planned in the background. Known names are refused.
    func add(_ station: Station) {
        let waiting = roster.withLock { state -> [JobID] in
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
            return state.table.queues[station.name] ?? []
        }
        for id in waiting where !keeper.suspects.contains(id) { schedulePlan(id, station, nil) }
        watchButton(station.name)
        roster.tell(device: station.name)
    }

    // MARK: Looking

    var stations: [Station] { roster.stations }
    var devices: [DeviceRecord] { roster.devices }
    func device(_ name: String) throws(JobError) -> DeviceRecord { try roster.device(name) }
    func station(_ name: String) throws(JobError) -> Station { try roster.station(name) }
    func job(_ id: JobID) throws(JobError) -> PlotJob { try roster.job(id) }
    /// Newest first.
    func jobs(of device: String? = nil) -> [PlotJob] { roster.jobs(of: device) }
}

extension JobTable {
    /// Jobs and queues as the disk has them at the start.
    init(_ keeper: JobKeeper) {
        for record in keeper.found {
            var job = PlotJob(record)
            if let reached = keeper.reached[record.id] {
                job.firstStroke = Int(reached.stroke)
                job.copiesDone = Int(reached.copy)
                job.run = reached
            }
            jobs[job.id] = job
            order.append(job.id)
        }
        for (device, ids) in keeper.foundQueues { queues[device] = ids }
    }
}

internal import Dispatch
internal import EBB
internal import Foundation
internal import Motion
internal import Synchronization

/// All plotters and their jobs as the services see them; nothing here waits for a plotter.
///
/// Jobs live in memory, one at a time on each device. A durable queue takes the place of `jobs` and `drawings`.
final class Workshop: Sendable {
    struct State {
        var devices: [String: DeviceRecord] = [:]
        var jobs: [JobID: PlotJob] = [:]
        /// Oldest first.
        var order: [JobID] = []
        var drawings: [JobID: [UInt8]] = [:]
        var plans: [JobID: PlannedPlot] = [:]
        var previews: [JobID: [UInt8]] = [:]
        var trails: [String: InkTrail] = [:]
        /// Cursors into the traces of boards that are being looked at.
        var watched: [String: Int] = [:]
        /// When progress of a device was last told, ms.
        var toldProgress: [String: Int64] = [:]
    }

    /// So many ended jobs are remembered.
    static let rememberedJobs = 20

    let stations: [Station]
    let events: EventHub
    let planning: PlotPlanning
    let log: Log
    let state: Mutex<State>
    /// Planning runs here, one drawing at a time for each device, never on a cooperative thread.
    let planningQueue = DispatchQueue(label: "axidrawd.planning", qos: .utility, attributes: .concurrent)

    /// Virtual boards are looked at from here.
    let watchQueue = DispatchQueue(label: "axidrawd.watch", qos: .utility)

    init(stations: [Station], events: EventHub, planning: PlotPlanning, log: Log) {
        self.stations = stations
        self.events = events
        self.planning = planning
        self.log = log
        var initial = State()
        for station in stations {
            initial.devices[station.name] = DeviceRecord(
                name: station.name, isSimulated: station.board != nil, profile: station.profile.name,
                travel: station.profile.travel, simulatedSpeed: station.simulatedSpeed)
        }
        state = Mutex(initial)
    }

    // MARK: Looking

    var devices: [DeviceRecord] {
        state.withLock { state in stations.compactMap { state.devices[$0.name] } }
    }

    func device(_ name: String) throws(Problem) -> DeviceRecord {
        guard let record = state.withLock({ $0.devices[name] }) else {
            throw Problem(404, "unknown-device", "No such device", "There is no device \(name).")
        }
        return record
    }

    func station(_ name: String) throws(Problem) -> Station {
        guard let station = stations.first(where: { $0.name == name }) else {
            throw Problem(404, "unknown-device", "No such device", "There is no device \(name).")
        }
        return station
    }

    func job(_ id: JobID) throws(Problem) -> PlotJob {
        guard let record = state.withLock({ $0.jobs[id] }) else {
            throw Problem(404, "unknown-job", "No such job", "There is no job \(id).")
        }
        return record
    }

    /// Newest first.
    func jobs(of device: String? = nil) -> [PlotJob] {
        state.withLock { state in
            state.order.reversed().compactMap { state.jobs[$0] }.filter { device == nil || $0.device == device }
        }
    }

    func drawing(_ id: JobID) -> [UInt8]? { state.withLock { $0.drawings[id] } }
    func preview(_ id: JobID) -> [UInt8]? { state.withLock { $0.previews[id] } }
    func trail(_ device: String) -> InkTrail? { state.withLock { $0.trails[device] } }

    /// Everything, for the first event of a stream.
    var snapshot: JSONValue {
        .object([
            ("devices", .array(devices.map(\.json))),
            ("jobs", .array(jobs().map(\.json))),
        ])
    }

    // MARK: What plotters tell

    /// Called on the plotter's actor; returns at once.
    func hear(_ notice: PlotterNotice, from name: String) {
        switch notice {
        case .attached(let identity):
            state.withLock { state in
                state.devices[name]?.firmware = identity.firmware
                state.devices[name]?.revision += 1
            }
            log.write(.info, "board attached", [("device", name), ("firmware", identity.firmware.description)])
        case .state(let new): changed(name, to: new)
        case .ended(let job, let end): ended(job, end)
        }
    }

    private func changed(_ name: String, to new: PlotterState) {
        let (device, isProgressOnly, told) = state.withLock { state -> (DeviceRecord?, Bool, PlotJob?) in
            guard var device = state.devices[name] else { return (nil, false, nil) }
            let isProgressOnly = device.state.publicName == new.publicName && device.state.job != nil
            device.state = new
            if !isProgressOnly { device.revision += 1 }
            state.devices[name] = device
            let job = new.job.flatMap { state.jobs[$0] }.map { Self.follow($0, new, isProgressOnly) }
            if let job { state.jobs[job.id] = job }
            guard isProgressOnly else { return (device, false, job) }
            let now = HTTPServer.now
            guard now - (state.toldProgress[name] ?? 0) >= 500 else { return (device, true, nil) }
            state.toldProgress[name] = now
            return (device, true, job)
        }
        guard let device else { return }
        if isProgressOnly {
            guard let told else { return }
            events.publish(
                "progress",
                .object([
                    ("device", .string(name)), ("job", .string(told.id)), ("progress", told.progress.json),
                ]))
            return
        }
        events.publish("state", device.json)
        if let told { events.publish("job", told.json) }
        log.write(.info, "state", [("device", name), ("state", new.publicName)])
    }

    /// A job's record after its plotter has entered a state.
    private static func follow(_ job: PlotJob, _ state: PlotterState, _ isProgressOnly: Bool) -> PlotJob {
        var job = job
        switch state {
        case .plotting(_, let progress):
            job.state = .plotting
            job.progress = progress
        case .paused(_, let progress, let reason):
            job.state = .paused(reason)
            job.progress = progress
        case .stopping: job.state = .stopping
        case .absent, .raised, .lowered, .free, .awaiting, .faulted: break
        }
        if !isProgressOnly { job.revision += 1 }
        return job
    }

    private func ended(_ id: JobID, _ end: JobEnd) {
        let outcome: PlotJob.State =
            switch end {
            case .done: .done
            case .cancelled: .cancelled
            case .failed(let fault): .failed(fault.message)
            case .interrupted: .interrupted
            }
        finish(id, outcome)
    }

    /// Brings a job to its end, once.
    func finish(_ id: JobID, _ outcome: PlotJob.State) {
        let job = state.withLock { state -> PlotJob? in
            guard var job = state.jobs[id], !job.state.isFinal else { return nil }
            job.state = outcome
            job.revision += 1
            if outcome == .done {
                job.progress.ticks = job.progress.tickCount
                job.progress.strokes = job.progress.strokeCount
            }
            state.jobs[id] = job
            state.plans[id] = nil
            if state.devices[job.device]?.job == id {
                state.devices[job.device]?.job = nil
                state.devices[job.device]?.revision += 1
            }
            Self.forgetOldJobs(&state)
            return job
        }
        guard let job else { return }
        events.publish("job", job.json)
        if let device = try? device(job.device) { events.publish("state", device.json) }
        log.write(.info, "job ended", [("device", job.device), ("job", id), ("state", job.state.name)])
    }

    private static func forgetOldJobs(_ state: inout State) {
        let ended = state.order.filter { state.jobs[$0]?.state.isFinal ?? true }
        for id in ended.dropLast(rememberedJobs) {
            state.jobs[id] = nil
            state.drawings[id] = nil
            state.previews[id] = nil
            state.order.removeAll { $0 == id }
        }
    }
}

internal import Dispatch
internal import EBB
internal import Foundation
internal import Motion

/// A drawing handed in.
struct Submission: Sendable {
    var device: String
    var name: String
    var drawing: [UInt8]
    var options: PlotOptions
    /// Plan it, and wait for `resume`.
    var isHeld: Bool
}

extension Workshop {
    /// Takes a drawing: refused at once if it cannot be read or the device has a job, else planned in the background.
    func submit(_ submission: Submission) async throws(Problem) -> PlotJob {
        let station = try station(submission.device)
        try refuseIfBusy(submission.device)
        let flat = try await read(submission)
        let record = PlotJob(
            id: Identifier.make(), device: submission.device, name: submission.name,
            created: Int(Date().timeIntervalSince1970 * 1000), startsWhenPlanned: !submission.isHeld)
        let replaced = try accept(record, drawing: submission.drawing)
        if let replaced { finish(replaced, .cancelled) }
        events.publish("job", record.json)
        if let device = try? device(record.device) { events.publish("state", device.json) }
        log.write(.info, "job accepted", [("device", record.device), ("job", record.id)])
        planningQueue.async { @Sendable [self] in plan(record.id, flat, submission.options, station) }
        return record
    }

    private func read(_ submission: Submission) async throws(Problem) -> FlatDrawing {
        let result: Result<FlatDrawing, Problem> = await withCheckedContinuation { continuation in
            planningQueue.async { @Sendable [planning] in
                do throws(Problem) {
                    continuation.resume(
                        returning: .success(try planning.read(submission.drawing, submission.options)))
                } catch { continuation.resume(returning: .failure(error)) }
            }
        }
        return try result.get()
    }

    private func refuseIfBusy(_ name: String) throws(Problem) {
        let device = try device(name)
        switch device.state {
        case .plotting, .paused, .stopping:
            throw .conflict(
                state: device.state.publicName, event: "start", "\(name) is busy with another drawing.")
        case .absent, .faulted, .raised, .lowered, .free, .awaiting: break
        }
    }

    /// Enters a job as its device's; a job that has not begun gives way and is returned.
    private func accept(_ record: PlotJob, drawing: [UInt8]) throws(Problem) -> JobID? {
        let result = state.withLock { state -> Result<JobID?, Problem> in
            let loaded = state.devices[record.device]?.job
            if let loaded, let job = state.jobs[loaded] {
                switch job.state {
                case .planning, .held, .done, .cancelled, .failed, .interrupted: break
                case .plotting, .paused, .stopping:
                    return .failure(
                        .conflict(
                            state: job.state.name, event: "start", "\(record.device) is busy with another drawing."))
                }
            }
            state.jobs[record.id] = record
            state.order.append(record.id)
            state.drawings[record.id] = drawing
            state.devices[record.device]?.job = record.id
            state.devices[record.device]?.revision += 1
            return .success(loaded)
        }
        return try result.get()
    }

    /// On the planning queue.
    private func plan(_ id: JobID, _ drawing: FlatDrawing, _ options: PlotOptions, _ station: Station) {
        let execution = PlanExecution(
            concurrently: { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) },
            isCancelled: { [self] in (try? job(id))?.state != .planning })
        do throws(Problem) {
            let planned = try planning.plan(drawing, options, station.profile, station.firmware, execution)
            let preview = PreviewSVG.bytes(planned.strokes, bed: station.profile.travel)
            planDone(id, planned, preview, station)
        } catch {
            finish(id, .failed(error.detail))
        }
    }

    private func planDone(_ id: JobID, _ planned: PlannedPlot, _ preview: [UInt8], _ station: Station) {
        let job = state.withLock { state -> PlotJob? in
            guard var job = state.jobs[id], job.state == .planning else { return nil }
            job.state = .held
            job.summary = planned.summary
            job.diagnostics = planned.diagnostics
            job.progress.strokeCount = planned.summary.strokes
            job.revision += 1
            state.jobs[id] = job
            state.plans[id] = planned
            state.previews[id] = preview
            return job
        }
        guard let job else { return }
        events.publish("job", job.json)
        guard job.startsWhenPlanned else { return }
        Task {
            do throws(Problem) { try await start(id) } catch { finish(id, .failed(error.detail)) }
        }
    }

    /// Starts a held job.
    func start(_ id: JobID) async throws(Problem) {
        let job = try job(id)
        let station = try station(job.device)
        guard job.state == .held, let program = state.withLock({ $0.plans[id]?.program }) else {
            throw .conflict(state: job.state.name, event: "start", "The job cannot be started now.")
        }
        watch(station, job: id)
        do { try await station.plotter.start(job: id, program: program) } catch { throw Self.problem(error) }
    }

    /// Passes an event of a person to the job's plotter; a job that waits is started or dropped here.
    func act(on id: JobID, _ event: PlotterEvent) async throws(Problem) {
        let job = try job(id)
        switch (job.state, event) {
        case (.held, .resume): try await start(id)
        case (.planning, .cancel), (.held, .cancel): finish(id, .cancelled)
        case (.planning, _), (.held, _), (.done, _), (.cancelled, _), (.failed, _), (.interrupted, _):
            throw .conflict(state: job.state.name, event: event.publicName, "The job is \(job.state.name).")
        case (.plotting, _), (.paused, _), (.stopping, _): try await act(onDevice: job.device, event)
        }
    }

    /// Passes an event of a person to a plotter.
    func act(onDevice name: String, _ event: PlotterEvent) async throws(Problem) {
        let station = try station(name)
        watch(station, job: nil)
        do { try await station.plotter.apply(event) } catch { throw Self.problem(error) }
    }

    private static func problem(_ refusal: Refusal) -> Problem {
        .conflict(
            state: refusal.state.publicName, event: refusal.event.publicName,
            "While the plotter is \(refusal.state.publicName), \(refusal.event.publicName) is not possible.")
    }
}

extension PlotterEvent {
    /// As it is written in answers.
    var publicName: String {
        switch self {
        case .attached: "attached"
        case .detached: "detached"
        case .pressed(let press): press.rawValue
        case .raisePen: "raise-pen"
        case .lowerPen: "lower-pen"
        case .releaseMotors: "release"
        case .manual(let what): what
        case .called: "call"
        case .grantExpired: "expire"
        case .start: "start"
        case .progressed: "progress"
        case .pause: "pause"
        case .stood: "stand"
        case .resume: "resume"
        case .recovered: "recover"
        case .cancel: "cancel"
        case .stop: "stop"
        case .finished: "finish"
        case .failed: "fail"
        case .atRest: "rest"
        case .trouble: "trouble"
        case .reset: "reset"
        }
    }
}

internal import EBB
internal import HTTP
internal import Motion
internal import Text

/// What may be changed of a job that is not over: speeds and heights of the pen, and while it waits every option.
struct JobChange: Equatable, Sendable {
    /// Members of the request, as in a profile file, and the plot options that they stand for.
    static let members: [(name: String, option: String)] = [
        ("penDownMillimetresPerSecond", "pen-down-speed"), ("penUpMillimetresPerSecond", "pen-up-speed"),
        ("penDownHeightPercent", "pen-down-height"), ("penUpHeightPercent", "pen-up-height"),
    ]

    /// Options to set; nil lets the plotter's own figure count again.
    private(set) var options: [String: String?] = [:]

    init(_ body: [UInt8]) throws(JobError) {
        let value: JSONValue
        do { value = try JSONReader.read(body) } catch {
            throw .change(.noJSON(line: error.line, column: error.column, reason: "\(error.reason)"))
        }
        guard case .object(let given) = value, !given.isEmpty else {
            throw .change(.nothing)
        }
        for (name, value) in given {
            if name == Self.optionsMember {
                try takeOptions(value)
                continue
            }
            guard let member = Self.members.first(where: { $0.name == name }) else {
                throw .change(.unknownMember(name))
            }
            switch value {
            case .null: options[member.option] = .some(nil)
            case .integer(let whole): options[member.option] = String(whole)
            case .number(let number): options[member.option] = brief(number)
            case .string, .bool, .array, .object:
                throw .change(.noNumber(name))
            }
        }
    }

    /// The member with plot options by their names.
    static let optionsMember = "options"

    private mutating func takeOptions(_ value: JSONValue) throws(JobError) {
        guard case .object(let given) = value else { throw .change(.noOptions) }
        for (name, value) in given {
            guard value == .null || value.optionText != nil else { throw .change(.noOptions) }
            options[name] = .some(value.optionText)
        }
    }

    /// Options among them that count only before the pen moves.
    var beforeStart: [String] {
        options.keys.filter { name in !Self.members.contains { $0.option == name } }.sorted()
    }

    /// What a form sends: the plot options by their names; an empty one lets the plotter's own figure count again.
    init(form body: [UInt8]) throws(JobError) {
        guard let fields = try? RequestTarget(ArraySlice(Array("/?".utf8) + body), method: "GET").query else {
            throw .change(.noForm)
        }
        for (name, value) in fields {
            guard Self.members.contains(where: { $0.option == name }) else {
                throw .change(.unknownOption(name))
            }
            options[name] = .some(value.isEmpty ? nil : value)
        }
    }

    /// The options of a job after the change.
    func applied(to old: [String: String]) -> [String: String] {
        var new = old
        for (name, value) in options { new[name] = value }
        return new
    }

    /// What is wrong with a change that somebody asks for.
    enum Mistake: Equatable, Sendable {
        case noJSON(line: Int, column: Int, reason: String)
        case noForm
        /// No object, or an empty one.
        case nothing
        case unknownMember(String)
        case unknownOption(String)
        case noNumber(String)
        case noOptions
        /// The drawing is under way, and this option counts only before that.
        case tooLate(String)
    }
}

extension JobChange.Mistake {
    /// It cannot even be read.
    var isOfForm: Bool {
        switch self {
        case .noJSON, .noForm: true
        case .nothing, .unknownMember, .unknownOption, .noNumber, .noOptions, .tooLate: false
        }
    }

    /// The member that is wrong.
    var member: String? {
        switch self {
        case .noNumber(let name), .tooLate(let name): name
        case .noOptions: JobChange.optionsMember
        case .noJSON, .noForm, .nothing, .unknownMember, .unknownOption: nil
        }
    }

    /// For people.
    var sentence: String {
        let members = JobChange.members.map(\.name)
        switch self {
        case .noJSON(let line, let column, let reason): return "Line \(line), column \(column): \(reason)."
        case .noForm: return "The form is not written as a query."
        case .nothing: return "Send an object with \(members.joined(separator: ", ")), or options."
        case .unknownMember(let name):
            let nearest = nearest(name, in: members).map { ", did you mean \($0)?" } ?? "."
            return "\(name) cannot be changed\(nearest)"
        case .unknownOption(let name): return "\(name) cannot be changed."
        case .noNumber(let name): return "\(name) must be a number, or null."
        case .noOptions: return "options must be an object of texts, numbers, true or false; null lets one go."
        case .tooLate(let name):
            return "The option \(name) can be changed only before the drawing is begun; speeds and heights also later."
        }
    }
}

extension PlotJob {
    /// How far its run is, as it is written down.
    var reached: JobProgress {
        var progress = run ?? JobProgress()
        progress.copy = UInt32(clamping: copiesDone)
        progress.stroke = UInt32(clamping: firstStroke + self.progress.strokes)
        progress.command = UInt32(clamping: self.progress.commands)
        return progress
    }
}

extension Workshop {
    /// Changes speeds and heights of a job; durable when it returns.
    ///
    /// What waits is planned anew. What is being drawn goes on, from the next stroke on, as a new plan of the same strokes
    /// says; see docs/decisions/0170.
    /// - Returns: whether the change is still to take effect.
    func change(_ job: PlotJob, _ change: JobChange) async throws(JobError) -> Bool {
        if job.isStream { throw .isStream(job.state) }
        let station = try roster.station(job.device)
        var changed = job
        changed.options = change.applied(to: job.options)
        // What is half drawn goes on with the plan that it was begun with.
        if job.state.isStarted, let late = change.beforeStart.first(where: { changed.options[$0] != job.options[$0] }) {
            throw .change(.tooLate(late))
        }
        try roster.check(try changed.request(over: station.profile).options, on: station)
        switch job.state {
        case .queued, .held, .waitingForPaper, .interrupted:
            try await keep(changed, nil)
            schedulePlan(job.id, station, nil)
            roster.tell(job: job.id)
            return false
        case .plotting, .paused:
            try await changeRunning(changed, station)
            roster.tell(job: job.id)
            return true
        case .stopping, .done, .cancelled, .failed:
            throw .job(job.state, event: "change")
        }
    }

    private func changeRunning(_ job: PlotJob, _ station: Station) async throws(JobError) {
        guard await station.plotter.isDrawing(job.id) else {
            throw .changeWhileStarting
        }
        let planned = try await planner.replanned(job, station)
        let plan = MadePlan(
            program: planned.program, firmware: roster.firmware(of: station), firstStroke: job.firstStroke,
            options: job.options)
        let mark = try await keep(job, PlanChange(job: job.id, plan: plan, summary: planned.summary))
        guard await station.plotter.change(job: job.id, to: plan.program, mark: mark) else {
            return kept(job.id, mark: mark)
        }
    }

    /// Writes the options of a job down, if nobody has changed it meanwhile.
    ///
    /// - Parameter pending: the plan that its run is to go on with; until it does, nothing can be proved after a crash.
    /// - Returns: the mark of the pending change.
    @discardableResult
    private func keep(_ changed: PlotJob, _ pending: PlanChange?) async throws(JobError) -> Int {
        guard let identifier = JobIdentifier(changed.id) else { throw .noJobID(changed.id) }
        let id = changed.id
        let mark = try await keeper.perform { [self] store throws(JobStore.Refusal) -> Int? in
            let isFree = roster.withLock { state in
                state.table.jobs[id]?.revision == changed.revision
                    && state.table.devices[changed.device]?.starting?.job != id
            }
            guard isFree else { return nil }
            try store.change(options: changed.options, of: identifier)
            let mark = changes.add(pending)
            let reached = roster.withLock { state -> JobProgress? in
                state.table.jobs[id]?.options = changed.options
                state.table.jobs[id]?.revision += 1
                guard pending != nil else {
                    state.table.jobs[id]?.summary = nil
                    state.table.jobs[id]?.whole = nil
                    return nil
                }
                state.table.jobs[id]?.run?.plan = 0
                return state.table.jobs[id]?.reached
            }
            planner.shelf.dropPlan(of: id)
            if pending == nil { planner.shelf.dropPicture(of: id) }
            if let reached { try store.note(reached, of: identifier) }
            return mark
        }
        guard let mark else {
            throw .changedMeanwhile
        }
        return mark
    }

    /// A run goes on with the plan of this mark, from this command of it on.
    func changed(_ id: JobID, mark: Int, at command: Int) {
        guard let change = changes.take(mark) else { return }
        if let job = try? roster.job(id) { ink.goOn(id, with: change.plan.program, at: command, on: job.device) }
        // With a further change under way nothing can be proved yet.
        let isLast = !changes.isPending(id)
        let reached = roster.withLock { state -> JobProgress? in
            guard var job = state.table.jobs[id], !job.state.isFinal else { return nil }
            job.summary = change.summary
            if job.firstStroke == 0 { job.whole = change.summary }
            job.run?.plan = isLast ? change.plan.program.digest : 0
            job.revision += 1
            state.table.jobs[id] = job
            return job.reached
        }
        if reached != nil { planner.shelf.put(change.plan, of: id) }
        guard let reached, let identifier = JobIdentifier(id) else { return }
        keeper.later { store throws(JobStore.Refusal) in try store.note(reached, of: identifier) }
        log.write(.info, "job goes on with other speeds or heights", [("job", id)])
        roster.tell(job: id)
    }

    /// The plan of this mark will not be used: a later one has come, or the run is at its end.
    func kept(_ id: JobID, mark: Int) {
        guard changes.take(mark) != nil, !changes.isPending(id), let job = try? roster.job(id) else { return }
        roster.report(job.device, id, "The change of speed or heights counts only from the next run of the job on.")
    }
}

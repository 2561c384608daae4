internal import HTTP
internal import Text

/// Jobs by their names, also those that have left the queue for the history.
struct PastJobs: Sendable {
    let roster: Roster

    /// A page of the history and where the next one begins.
    struct Page: Sendable {
        var entries: [HistoryEntry]
        var next: String?
    }

    /// A job by its name, also one that has left the queue for the history; 410 when that has dropped it.
    func job(_ id: JobID) async throws(JobError) -> PlotJob {
        if let present = try? roster.job(id) { return present }
        guard let identifier = JobIdentifier(id) else { return try roster.job(id) }
        switch try await roster.keeper.perform({ store throws(JobStore.Refusal) in try store.whereabouts(of: identifier)
        })
        {
        case .known(let record): return PlotJob(record)
        case .gone:
            throw .jobGone(id)
        case .never: return try roster.job(id)
        }
    }

    /// Refuses what cannot be asked of a job that is over and has left the queue.
    func requireListed(_ id: JobID, for event: String) async throws(JobError) {
        if (try? roster.job(id)) != nil { return }
        let past = try await job(id)
        throw .job(past.state, event: event)
    }

    /// The drawing of a job, for people: kept as long as the job is listed.
    func keptDrawing(_ id: JobID) async throws(JobError) -> BodyStream {
        try await requireDrawing(id)
        return try await streamedDrawing(id)
    }

    /// 410 for a job whose drawing has been dropped when it left the queue.
    func requireDrawing(_ id: JobID) async throws(JobError) {
        if (try? roster.job(id)) != nil { return }
        _ = try await job(id)
        throw .drawingGone
    }

    /// The newest job of a plotter that came from somewhere and has ended; nil if there is none, or nobody can say.
    ///
    /// - Complexity: reads the history as far as that job.
    func ended(from source: String, at device: String) async -> HistoryEntry? {
        var cursor: String?
        while let page = try? await history(of: device, after: cursor, limit: 200) {
            if let entry = page.entries.first(where: { $0.job.source == source }) { return entry }
            guard let next = page.next else { return nil }
            cursor = next
        }
        return nil
    }

    /// What became of jobs, newest first.
    ///
    /// - Parameter id: the last entry of the page before; nil = from the newest.
    func history(of device: String?, after id: String?, limit: Int) async throws(JobError) -> Page {
        var start: JobIdentifier?
        if let id {
            guard let known = JobIdentifier(id) else { throw .historyChanged }
            start = known
        }
        let after = start
        let entries = try await roster.keeper.perform { store throws(JobStore.Refusal) in
            try store.ended(after: after, of: device, limit: limit + 1)
        }
        guard let entries else { throw .historyChanged }
        let next = entries.count > limit ? entries[limit - 1].job.id : nil
        return Page(entries: Array(entries.prefix(limit)), next: next)
    }

    /// The drawing of a job as it was handed in, from the disk piece by piece as the client takes it.
    private func streamedDrawing(_ id: JobID) async throws(JobError) -> BodyStream {
        guard let identifier = JobIdentifier(try roster.job(id).id) else { throw .noJobID(id) }
        let keeper = roster.keeper
        let length = try await keeper.perform { store throws(JobStore.Refusal) in
            guard let record = store.record(identifier) else { throw .unknownJob }
            // Found out now rather than in the middle of the answer.
            _ = try store.drawingPart(of: identifier, at: 0, count: 1)
            return record.job.drawingBytes
        }
        return BodyStream(length: length) { offset, count, done in
            keeper.later { store throws(JobStore.Refusal) in
                done(try? store.drawingPart(of: identifier, at: offset, count: count))
            }
        }
    }
}

extension JobStore {
    /// Jobs that are over, newest first, at most `limit`; nil when `id` is unknown.
    func ended(after id: JobIdentifier?, of device: String?, limit: Int) throws(Refusal) -> [HistoryEntry]? {
        let listed = records.values.filter(\.state.isFinal).sorted {
            ($0.endedAt ?? 0, $0.id) > ($1.endedAt ?? 0, $1.id)
        }
        var found: [HistoryEntry] = []
        var cursor = id
        if id == nil || listed.contains(where: { $0.id == id }) {
            let rest = id.flatMap { id in listed.firstIndex { $0.id == id } }.map { listed[($0 + 1)...] } ?? listed[...]
            found = rest.filter { device == nil || $0.job.device == device }.prefix(limit).map(HistoryEntry.init)
            cursor = nil
        }
        while found.count < limit {
            guard let page = try historyPage(after: cursor, limit: 200) else { return cursor == nil ? found : nil }
            found += page.filter { device == nil || $0.job.device == device }.prefix(limit - found.count)
            guard page.count == 200, let last = page.last.flatMap({ JobIdentifier($0.job.id) }) else { break }
            cursor = last
        }
        return found
    }
}

extension HistoryEntry {
    var json: JSONValue {
        func time(_ value: Int64?) -> JSONValue {
            value.map { .string(DateText.stamp(unixMilliseconds: Int($0))) } ?? .null
        }
        func number(_ value: Double?) -> JSONValue { value.map { .number(($0 * 1000).rounded() / 1000) } ?? .null }
        return .object([
            ("id", .string(job.id)), ("device", .string(job.device)), ("name", job.name.map { .string($0) } ?? .null),
            ("createdAt", time(job.submittedAt)), ("startedAt", time(startedAt)), ("endedAt", time(endedAt)),
            ("state", .string(state)), ("reason", reason.map { .string($0) } ?? .null),
            ("source", .string(job.source)),
            ("options", .object(job.options.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("penDownMillimetres", number(outcome?.penDownMillimetres)),
            ("penUpMillimetres", number(outcome?.penUpMillimetres)),
            ("durationSeconds", number(outcome?.durationSeconds)),
            ("strokes", outcome?.strokes.map { .integer($0) } ?? .null),
            ("firmware", outcome?.firmware.map { .string($0) } ?? .null),
        ])
    }
}

extension JobStore {
    /// Moves the oldest finished jobs into the history and shortens the journal; call it when nothing is urgent.
    ///
    /// Durable in this order: history entry, then the job's folder leaves `jobs/`; a crash in between leaves both, and
    /// the next start drops the folder.
    func tidy() throws(Refusal) {
        let finished = records.values.filter(\.state.isFinal).sorted {
            ($0.endedAt ?? 0, $0.id) < ($1.endedAt ?? 0, $1.id)
        }
        try leave(Array(finished.prefix(max(0, finished.count - limits.finishedJobs))))
        if journal.end > limits.journalBytes {
            try spool { () throws(SpoolError) in
                let entries = SpoolOpening.entries(for: records.values)
                journal = try JobJournal.replace(with: entries, storage: storage)
            }
        }
    }

    /// Moves finished jobs into the history, their drawings are gone.
    private func leave(_ leaving: [JobRecord]) throws(Refusal) {
        guard !leaving.isEmpty else { return }
        try spool { () throws(SpoolError) in
            try history.append(leaving, storage: storage)
            for record in leaving {
                try storage.rename("jobs/\(record.id)", to: "tmp/\(record.id)")
                records[record.id] = nil
                removeQuietly("tmp/\(record.id)")
            }
            try storage.syncDirectory("jobs")
            try history.prune(limit: limits.historyEntries, storage: storage)
        }
    }

    /// Bytes of the drawings that are kept, finished jobs' among them.
    var drawingBytes: Int { records.values.reduce(0) { $0 + $1.job.drawingBytes } }

    /// Keeps the drawings within the quota: the oldest finished jobs leave early, those that are not over never do.
    func makeRoom(for needed: Int) throws(Refusal) {
        guard let quotaBytes else { return }
        var excess = drawingBytes + needed - quotaBytes
        guard excess > 0 else { return }
        let held = records.values.filter { !$0.state.isFinal }.reduce(0) { $0 + $1.job.drawingBytes }
        guard held + needed <= quotaBytes else {
            throw .overQuota(held: held, needed: needed, quota: quotaBytes)
        }
        var leaving: [JobRecord] = []
        let finished = records.values.filter(\.state.isFinal).sorted {
            ($0.endedAt ?? 0, $0.id) < ($1.endedAt ?? 0, $1.id)
        }
        for record in finished where excess > 0 {
            leaving.append(record)
            excess -= record.job.drawingBytes
        }
        try leave(leaving)
    }

    /// A page of jobs that have left the queue for good, newest first; nil when `id` is unknown.
    func historyPage(after id: JobIdentifier?, limit: Int) throws(Refusal) -> [HistoryEntry]? {
        try spool { () throws(SpoolError) in try history.page(after: id, limit: limit, storage: storage) }
    }

    /// Makes the file that tells how far a job is; its name is durable when this returns, so that a start is never forgotten.
    func beginProgress(_ id: JobIdentifier) throws(Refusal) -> ProgressFile {
        try spool { () throws(SpoolError) in
            let path = "jobs/\(id)/\(JobProgress.fileName)"
            if try storage.list("jobs/\(id)").contains(JobProgress.fileName) {
                return ProgressFile(file: try storage.open(path))
            }
            let file = try storage.create(path)
            do throws(SpoolError) {
                try file.write(JobProgress().encoded(), at: 0)
                try file.sync()
                try storage.syncDirectory("jobs/\(id)")
            } catch {
                // Its presence would tell of a start that was refused.
                try? storage.removeFile(path)
                throw error
            }
            return ProgressFile(file: file)
        }
    }

    /// What the last run of a job had written; nil when it never started or the record is not whole.
    func progress(of id: JobIdentifier) -> JobProgress? {
        guard records[id] != nil,
            let bytes = try? storage.read("jobs/\(id)/\(JobProgress.fileName)", limit: JobProgress.length)
        else { return nil }
        return JobProgress(encoded: bytes)
    }
}

/// The open progress file of the job being drawn.
final class ProgressFile {
    private let file: any SpoolFile

    init(file: any SpoolFile) { self.file = file }

    /// A plain write: it survives the end of the process, not that of the machine.
    func write(_ progress: JobProgress) throws(SpoolError) { try file.write(progress.encoded(), at: 0) }

    /// Makes it survive that too; call it every 5 s.
    func sync() throws(SpoolError) { try file.sync() }
}

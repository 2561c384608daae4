extension JobStore {
    /// Moves the oldest finished jobs into the history and shortens the journal; call it when nothing is urgent.
    ///
    /// Durable in this order: history entry, then the job's folder leaves `jobs/`; a crash in between leaves both, and
    /// the next start drops the folder.
    func tidy() throws(Refusal) {
        let finished = records.values.filter(\.state.isFinal).sorted {
            ($0.endedAt ?? 0, $0.id) < ($1.endedAt ?? 0, $1.id)
        }
        let leaving = finished.prefix(max(0, finished.count - limits.finishedJobs))
        if !leaving.isEmpty {
            try spool { () throws(SpoolError) in
                try history.append(Array(leaving), storage: storage)
                for record in leaving {
                    try storage.rename("jobs/\(record.id)", to: "tmp/\(record.id)")
                    records[record.id] = nil
                    removeQuietly("tmp/\(record.id)")
                }
                try storage.syncDirectory("jobs")
                try history.prune(limit: limits.historyEntries, storage: storage)
            }
        }
        if journal.end > limits.journalBytes {
            try spool { () throws(SpoolError) in
                let entries = SpoolOpening.entries(for: records.values)
                journal = try JobJournal.replace(with: entries, storage: storage)
            }
        }
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

/// Jobs that have left the queue for the history, and requests that made jobs.
extension JobStore {
    /// Where a job is that is asked for by its name.
    enum Whereabouts: Equatable {
        case known(JobRecord)
        /// Its history has been dropped, or there never was such a job.
        case gone
        case never
    }

    func whereabouts(of id: JobIdentifier) throws(Refusal) -> Whereabouts {
        if let record = records[id] { return .known(record) }
        let entry = try spool { () throws(SpoolError) in try history.entry(id, storage: storage) }
        if let record = entry?.record { return .known(record) }
        return history.mayHaveDropped(id) ? .gone : .never
    }

    /// Marks of requests that made jobs which are known, oldest first.
    var marks: [(mark: Job.Idempotency, job: JobIdentifier)] {
        let present = records.values.compactMap { record in record.job.idempotency.map { ($0, record.id) } }
        return (history.marks + present).sorted { ($0.mark.ran ?? 0, $0.job) < ($1.mark.ran ?? 0, $1.job) }
    }

    private static let runningFile = "running"

    /// Seconds that daemons have run on this spool, as last written down.
    var runningSeconds: Int {
        let written = (try? storage.read(Self.runningFile, limit: 64)).flatMap { bytes in
            Int(String(decoding: bytes.filter { $0 != 0x0A }, as: UTF8.self))
        }
        return max(0, min(written ?? 0, Int.max / 2))
    }

    /// Writes down how long daemons have run on this spool; it never goes back.
    func note(runningSeconds seconds: Int) throws(Refusal) {
        guard seconds > runningSeconds else { return }
        try spool { () throws(SpoolError) in try storage.replace(Self.runningFile, with: Array("\(seconds)\n".utf8)) }
    }
}

/// Opens a spool: makes what is missing, repairs what a crash left, sets aside what is damaged.
///
/// Nothing is deleted but what was never acknowledged; damaged things go to `quarantine/`.
struct SpoolOpening {
    /// What the spool holds.
    struct Found {
        var records: [JobIdentifier: JobRecord]
        var history: JobHistory
        var journal: JobJournal
        /// Newest identifier seen anywhere, so that none is used twice.
        var newest: JobIdentifier?
    }

    /// What this program writes. Version 2 has lines that a person has closed: one that knows only 1 would draw on. Version 3
    /// has jobs whose rule of speeds is `physical` without their options naming it: one that knows only 2 would go on with
    /// what is half drawn by another plan.
    static let version = "3\n"
    /// Versions that are read and become the present one.
    private static let older: Set<String> = ["1\n", "2\n"]
    private static let folders = ["jobs", "tmp", "history", "quarantine", "outbox", "seen", JobStore.pictureFolder]

    let storage: any SpoolStorage
    var findings: [String] = []
    private var records: [JobIdentifier: JobRecord] = [:]
    private var newest: JobIdentifier?

    init(storage: any SpoolStorage) { self.storage = storage }

    mutating func run(nowMilliseconds: Int64) throws(SpoolError) -> Found {
        try makeFolders()
        try emptyTemporary()
        let history = try JobHistory(reading: storage)
        if history.isDamaged { findings.append("history: a damaged file is used as far as it is whole") }
        try readJobs(history)
        let hasDamage = try applyJournal()
        if hasDamage { holdWaiting(nowMilliseconds: nowMilliseconds) }
        try interruptStarted(nowMilliseconds: nowMilliseconds)
        // Written anew at every start: short, whole, and with space reserved.
        let journal = try JobJournal.replace(with: Self.entries(for: records.values), storage: storage)
        try makeCurrent()
        newest = [newest, history.newest, records.keys.max()].compactMap(\.self).max()
        return Found(records: records, history: history, journal: journal, newest: newest)
    }

    /// The shortest journal that says where every job stands.
    static func entries(for records: some Sequence<JobRecord>) -> [JournalEntry] {
        let sorted = records.sorted { $0.id < $1.id }
        var entries: [JournalEntry] = []
        let moved = sorted.filter { $0.rank != $0.job.rank && !$0.state.isFinal }
        for start in stride(from: 0, to: moved.count, by: 1_000) {
            let part = moved[start..<min(start + 1_000, moved.count)]
            entries.append(.ranks(Dictionary(uniqueKeysWithValues: part.map { ($0.id, $0.rank) })))
        }
        for record in sorted {
            if let options = record.changedOptions { entries.append(.options(id: record.id, options)) }
            if let startedAt = record.startedAt {
                entries.append(.state(id: record.id, .plotting, at: startedAt, outcome: nil))
            }
            if record.isCancelled, !record.state.isFinal {
                entries.append(.cancelled(id: record.id, at: record.startedAt ?? record.job.submittedAt))
            }
            if record.state != .plotting, record.state != JobStore.initialState(of: record.job) {
                let at = record.endedAt ?? record.startedAt ?? record.job.submittedAt
                entries.append(.state(id: record.id, record.state, at: at, outcome: record.outcome))
            }
        }
        return entries
    }

    private func makeFolders() throws(SpoolError) {
        let names = try storage.list("")
        try Self.checkVersion(of: storage)
        for folder in Self.folders where !names.contains(folder) { try storage.makeDirectory(folder) }
        if !names.contains("VERSION") { try writeVersion() }
        try storage.syncDirectory("")
    }

    /// Refuses what another program wrote and this one does not know; changes nothing.
    static func checkVersion(of storage: some SpoolStorage) throws(SpoolError) {
        guard try storage.list("").contains("VERSION") else { return }
        let found = String(decoding: try storage.read("VERSION", limit: 64), as: UTF8.self)
        guard found == version || older.contains(found) else { throw .version(found: found) }
    }

    private func writeVersion() throws(SpoolError) {
        if try storage.list("").contains("VERSION.next") { try storage.removeFile("VERSION.next") }
        try storage.createSynced("VERSION.next", Array(Self.version.utf8))
        try storage.rename("VERSION.next", to: "VERSION")
    }

    /// From here on older programs leave the spool alone.
    private func makeCurrent() throws(SpoolError) {
        guard try storage.read("VERSION", limit: 64) != Array(Self.version.utf8) else { return }
        try writeVersion()
        try storage.syncDirectory("")
    }

    private func emptyTemporary() throws(SpoolError) {
        for name in try storage.list("tmp") {
            for inner in (try? storage.list("tmp/\(name)")) ?? [] { try? storage.removeFile("tmp/\(name)/\(inner)") }
            do throws(SpoolError) {
                try storage.removeDirectory("tmp/\(name)")
            } catch {
                // Not a folder: whatever it is, it was never a job.
                try? storage.removeFile("tmp/\(name)")
            }
        }
    }

    private mutating func readJobs(_ history: JobHistory) throws(SpoolError) {
        for name in try storage.list("jobs").sorted() {
            guard let id = JobIdentifier(name) else {
                try quarantine("jobs/\(name)", why: "not a job")
                continue
            }
            newest = max(newest ?? id, id)
            if history.contains(id) {
                // It has left the queue; a crash came before its folder was gone, which may be empty by now.
                try storage.rename("jobs/\(name)", to: "tmp/\(name)")
                continue
            }
            let bytes: [UInt8]
            do throws(SpoolError) {
                bytes = try storage.read("jobs/\(name)/job.json", limit: Job.largestFile)
            } catch {
                try quarantine("jobs/\(name)", why: "its job.json cannot be read")
                continue
            }
            guard let job = Job(encoded: bytes), job.id == name else {
                try quarantine("jobs/\(name)", why: "its job.json is damaged")
                continue
            }
            guard try storage.list("jobs/\(name)").contains("drawing.svg") else {
                try quarantine("jobs/\(name)", why: "its drawing is missing")
                continue
            }
            records[id] = JobRecord(job: job, id: id, state: JobStore.initialState(of: job), rank: job.rank)
        }
    }

    /// - Returns: whether records may be missing, so that a job that looks fresh may have been drawn.
    private mutating func applyJournal() throws(SpoolError) -> Bool {
        guard try storage.list("").contains(JobJournal.path) else {
            // Without jobs it is simply new; with jobs somebody has removed it.
            if !records.isEmpty { findings.append("journal: missing; waiting jobs are held") }
            return !records.isEmpty
        }
        let contents: Journal.Contents
        do throws(SpoolError) {
            contents = Journal.read(try storage.read(JobJournal.path, limit: JobJournal.largestFile))
        } catch {
            try quarantine(JobJournal.path, why: "it cannot be read; waiting jobs are held")
            return true
        }
        var isDamaged = contents.isDamaged
        for payload in contents.payloads {
            if let entry = JournalEntry(encoded: payload) { apply(entry) } else { isDamaged = true }
        }
        if isDamaged { try quarantine(JobJournal.path, why: "a record in it is damaged; waiting jobs are held") }
        return isDamaged
    }

    private mutating func apply(_ entry: JournalEntry) {
        switch entry {
        case .state(let id, let state, let at, let outcome):
            records[id]?.apply(state, at: at, outcome: outcome)
        case .ranks(let ranks):
            for (id, rank) in ranks { records[id]?.rank = rank }
        case .options(let id, let options): records[id]?.changedOptions = options
        case .cancelled(let id, let at):
            records[id]?.apply(.plotting, at: at, outcome: nil)
            records[id]?.isCancelled = true
        }
    }

    private mutating func holdWaiting(nowMilliseconds: Int64) {
        for (id, record) in records where record.state == .queued {
            records[id]?.apply(.held("journalDamaged"), at: nowMilliseconds, outcome: nil)
        }
    }

    /// What was being drawn when the daemon ended is interrupted; a progress file proves a start that the journal lost.
    private mutating func interruptStarted(nowMilliseconds: Int64) throws(SpoolError) {
        for (id, record) in records {
            let isStarted: Bool
            switch record.state {
            case .plotting, .paused, .waitingForPaper, .stopping: isStarted = true
            case .queued, .held: isStarted = try storage.list("jobs/\(id)").contains(JobProgress.fileName)
            case .interrupted, .done, .cancelled, .failed: isStarted = false
            }
            guard isStarted else { continue }
            records[id]?.apply(.plotting, at: record.startedAt ?? nowMilliseconds, outcome: nil)
            // Who was told that it is cancelled must not find it waiting.
            let end = record.isCancelled ? JobState.cancelled : .interrupted
            records[id]?.apply(end, at: nowMilliseconds, outcome: nil)
        }
    }

    private mutating func quarantine(_ path: String, why: String) throws(SpoolError) {
        let taken = Set(try storage.list("quarantine"))
        let name = path.split(separator: "/").last.map(String.init) ?? "item"
        var number = 1
        while taken.contains("\(number)-\(name)") { number += 1 }
        try storage.rename(path, to: "quarantine/\(number)-\(name)")
        findings.append("\(path): \(why); moved to quarantine/\(number)-\(name)")
    }
}

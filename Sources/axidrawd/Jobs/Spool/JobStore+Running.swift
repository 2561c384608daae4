internal import Foundation

/// What a person has set for a plotter.
struct DeviceSettings: Codable, Equatable, Sendable {
    /// The next job starts by itself.
    var autoAdvance = false
    /// Since when a person has closed the plotter's line, ms since 1970; absent = it is open.
    var stoppedAt: Int64?
    /// Plot options that people have chosen for what they draw there; absent = none.
    var options: [String: String]?
}

extension JobStore {
    private static let settingsFile = "devices.json"

    /// Opens the file that tells how far a job is; see `beginProgress`.
    func begin(_ id: JobIdentifier) throws(Refusal) {
        guard running[id] == nil else { return }
        running[id] = try beginProgress(id)
    }

    /// Writes down that a run of a job begins; a restart takes the job for one that was cut off from then on.
    ///
    /// Refused means that nothing has changed: a fresh job is fresh, and what is known of an earlier run stays.
    func begin(_ id: JobIdentifier, with first: JobProgress, nowMilliseconds: Int64) throws(Refusal) {
        guard let record = records[id] else { throw .unknownJob }
        let before = record.state.isStarted ? progress(of: id) : nil
        do throws(Refusal) {
            try begin(id)
            try note(first, of: id)
            try move(id, to: .plotting, nowMilliseconds: nowMilliseconds)
        } catch {
            if let before { try? running[id]?.write(before) }
            if !record.state.isStarted { forgetBeginning(id) }
            throw error
        }
    }

    /// Takes away what would tell of a start that was refused; where the disk refuses that too, the job counts as cut off.
    private func forgetBeginning(_ id: JobIdentifier) {
        running[id] = nil
        try? spool { () throws(SpoolError) in
            guard try storage.list("jobs/\(id)").contains(JobProgress.fileName) else { return }
            try storage.removeFile("jobs/\(id)/\(JobProgress.fileName)")
            try storage.syncDirectory("jobs/\(id)")
        }
    }

    /// Refused while the disk takes no writes: makes a small file and removes it.
    func probe() throws(Refusal) {
        let path = "tmp/probe"
        try spool { () throws(SpoolError) in
            if try storage.list("tmp").contains("probe") { try storage.removeFile(path) }
            let file = try storage.create(path)
            try file.write([UInt8](repeating: 0, count: 4096), at: 0)
            try file.close()
            try storage.removeFile(path)
        }
    }

    /// Writes how far a started job is; a job that has not begun has nothing to write.
    func note(_ progress: JobProgress, of id: JobIdentifier) throws(Refusal) {
        guard let file = running[id] else { return }
        let now = JobKeeper.now
        try spool { () throws(SpoolError) in
            try file.write(progress)
            guard now - progressSyncedAt >= 5_000 else { return }
            progressSyncedAt = now
            try file.sync()
        }
    }

    /// Puts other plot options in the place of a job's own; durable when it returns.
    func change(options: [String: String], of id: JobIdentifier) throws(Refusal) {
        guard let record = records[id] else { throw .unknownJob }
        guard !record.state.isFinal else { throw .forbidden(from: record.state, to: record.state) }
        let open = records.values.count { !$0.state.isFinal }
        // What a change takes must not be missing when jobs end.
        try spool { () throws(SpoolError) in try journal.reserve(openJobs: open + 1, storage: storage) }
        try append([.options(id: id, options)])
        records[id]?.changedOptions = options
        records[id]?.revision += 1
    }

    /// Settings of plotters by name; what cannot be read counts as never set.
    var deviceSettings: [String: DeviceSettings] {
        guard let bytes = try? storage.read(Self.settingsFile, limit: 1 << 20) else { return [:] }
        return (try? JSONDecoder().decode([String: DeviceSettings].self, from: Data(bytes))) ?? [:]
    }

    /// Changes the settings of a plotter; durable when it returns.
    func change(settingsOf device: String, _ change: (inout DeviceSettings) -> Void) throws(Refusal) {
        var all = deviceSettings
        change(&all[device, default: DeviceSettings()])
        guard let bytes = try? JSONEncoder.spool.encode(all) else { return }
        try spool { () throws(SpoolError) in try storage.replace(Self.settingsFile, with: Array(bytes)) }
    }
}

extension SpoolStorage {
    /// Puts a whole new small file in the place of an old one: at every moment one of the two is there.
    func replace(_ path: String, with bytes: [UInt8]) throws(SpoolError) {
        let next = path + ".next"
        if try list("").contains(next) { try removeFile(next) }
        try createSynced(next, bytes)
        try rename(next, to: path)
        try syncDirectory("")
    }
}

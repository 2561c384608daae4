internal import EBB
internal import Foundation
internal import HTTP

/// The owner of a job store: all work on the disk is done in order on a queue of its own, never on a cooperative thread.
actor JobKeeper: QueueActor {
    nonisolated let executor = QueueExecutor(label: "axidrawd.spool")
    private let store: JobStore
    /// The spool's folder; nil for a store that is not on a disk.
    let folder: String?
    /// Jobs found at the start, as the spool has them.
    let found: [JobRecord]
    /// Jobs that are not over, by device, in their order.
    let foundQueues: [String: [JobID]]
    /// How far cut-off jobs had come.
    let reached: [JobIdentifier: JobProgress]
    /// What people had set for plotters.
    let settings: [String: DeviceSettings]
    /// Names of boards by identity, as `BoardNames` writes them.
    let boardNames: String
    /// Jobs that the daemon has ended over more than once: not planned until a person says go.
    let suspects: Set<JobID>
    /// Marks of requests that made jobs, oldest first.
    let marks: [(mark: Job.Idempotency, job: JobIdentifier)]
    /// Seconds that daemons had run on the spool when it was opened, at least.
    let ranSeconds: Int
    /// What was repaired or set aside at the start, one line each.
    let findings: [String]

    /// Takes over a store that has just been opened.
    init(_ store: sending JobStore, folder: String? = nil) {
        self.folder = folder
        found = store.records.values.sorted { ($0.job.submittedAt, $0.id) < ($1.job.submittedAt, $1.id) }
        var queues: [String: [JobID]] = [:]
        for device in Set(found.map(\.job.device)) { queues[device] = store.queue(of: device).map(\.id.text) }
        foundQueues = queues
        var reached: [JobIdentifier: JobProgress] = [:]
        for record in found where record.state == .interrupted {
            reached[record.id] = store.progress(of: record.id)
        }
        self.reached = reached
        settings = store.deviceSettings
        boardNames = store.boardNames
        findings = store.findings
        suspects = store.hands.suspects
        marks = store.marks
        ranSeconds = max(store.runningSeconds, store.marks.compactMap(\.mark.ran).max() ?? 0)
        self.store = store
    }

    /// Opens the spool in a folder, which is made if it is missing, and locks it.
    static func open(path: String, limits: JobStore.Limits = .init()) throws(JobStore.Refusal) -> JobKeeper {
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do throws(SpoolError) {
            let directory = try SpoolDirectory(path: path)
            // Before anything is touched: not even the lock of a spool that a newer program keeps is written.
            try SpoolOpening.checkVersion(of: directory)
            try directory.lock()
            do throws(JobStore.Refusal) {
                return JobKeeper(
                    try JobStore(storage: directory, limits: limits, nowMilliseconds: Self.now), folder: path)
            } catch { throw Self.spoolError(error) }
        } catch { throw .spool(error) }
    }

    private static func spoolError(_ refusal: JobStore.Refusal) -> SpoolError {
        if case .spool(let error) = refusal { error } else { .unsure }
    }

    /// ms since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    /// Does work on the store and waits for it; what it returns is durable if the store says so.
    nonisolated func perform<Result: Sendable>(
        _ work: @escaping @Sendable (JobStore) throws(JobStore.Refusal) -> Result
    ) async throws(JobError) -> Result {
        let result: Swift.Result<Result, JobStore.Refusal> = await withCheckedContinuation { continuation in
            executor.queue.async { @Sendable [self] in
                continuation.resume(returning: assumeIsolated { $0.attempt(work) })
            }
        }
        do throws(JobStore.Refusal) { return try result.get() } catch { throw .spool(error) }
    }

    /// Does work on the store on the caller's thread, which must be one that may block, after all that was asked before.
    nonisolated func blocking<Result: Sendable>(
        _ work: @escaping @Sendable (JobStore) throws(JobStore.Refusal) -> Result
    ) throws(JobError) -> Result {
        let result = executor.queue.sync { assumeIsolated { $0.attempt(work) } }
        do throws(JobStore.Refusal) { return try result.get() } catch { throw .spool(error) }
    }

    /// Does work on the store after all that was asked before, without waiting for it.
    nonisolated func later(
        _ work: @escaping @Sendable (JobStore) throws(JobStore.Refusal) -> Void,
        failed: @escaping @Sendable (JobStore.Refusal) -> Void = { _ in }
    ) {
        executor.queue.async { @Sendable [self] in
            if case .failure(let refusal) = assumeIsolated({ $0.attempt(work) }) { failed(refusal) }
        }
    }

    /// Whether the spool takes work: the disk has room and no sync has failed.
    nonisolated var isHealthy: Bool {
        get async {
            (try? await perform { store throws(JobStore.Refusal) in
                try store.spool { () throws(SpoolError) in try store.storage.freeBytes() >= store.limits.freeBytes }
            }) ?? false
        }
    }

    private func attempt<Result>(
        _ work: (JobStore) throws(JobStore.Refusal) -> Result
    ) -> Swift.Result<Result, JobStore.Refusal> {
        do throws(JobStore.Refusal) { return .success(try work(store)) } catch { return .failure(error) }
    }
}

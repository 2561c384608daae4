internal import Foundation
internal import Motion

/// The durable queue: every job that was acknowledged, where it stands, and what became of it.
///
/// What a function returns without error is on disk and survives a power cut. Not thread-safe: one owner. Every call may
/// block on the disk, so the owner keeps off the cooperative threads.
final class JobStore {
    /// Bounds of what the spool holds.
    struct Limits: Sendable {
        /// Jobs waiting or started, all devices together.
        var openJobs = 1_000
        /// Finished jobs kept with their drawing, to be looked at or plotted again.
        var finishedJobs = 50
        /// Entries of the history.
        var historyEntries = 10_000
        /// Bytes of pictures of what was drawn.
        var pictureBytes = 256 << 20
        /// Bytes that stay free on the disk after a submission.
        var freeBytes: Int64 = 64 << 20
        /// A journal beyond this many bytes is written anew.
        var journalBytes = 4 << 20
    }

    /// A submission before it has an identity.
    struct Submission: Sendable {
        var device: String
        var name: String?
        var drawing: [UInt8]
        var drawingSHA256: String
        var options: [String: String] = [:]
        var copies = 1
        var source = "api"
        var isHeld = false
        /// What a held one waits for; nil = a person.
        var heldReason: String?
        var idempotency: Job.Idempotency?
    }

    /// Why a request was not carried out; nothing has changed.
    enum Refusal: Error, Equatable, CustomStringConvertible {
        case queueFull(limit: Int)
        /// The drawings of jobs that are not over take so many bytes, and may take no more than the quota.
        case overQuota(held: Int, needed: Int, quota: Int)
        case unknownJob
        case forbidden(from: JobState, to: JobState)
        case spool(SpoolError)

        /// For people.
        var description: String {
            switch self {
            case .queueFull(let limit): "\(limit) jobs are waiting"
            case .overQuota(let held, _, let quota): "drawings take \(held) of \(quota) bytes"
            case .unknownJob: "there is no such job"
            case .forbidden(let from, let to): "a job that is \(from.word) cannot become \(to.word)"
            case .spool(let error): error.description
            }
        }
    }

    let storage: any SpoolStorage
    let limits: Limits
    /// Bytes that drawings may take together; nil = what the disk has.
    var quotaBytes: Int?
    var records: [JobIdentifier: JobRecord] = [:]
    var history: JobHistory
    var journal: JobJournal
    var identifiers: JobIdentifierSource
    /// What was found wrong at the start, for people: one line each.
    var findings: [String] = []
    /// What is being planned, and what the daemon has ended over.
    var hands = HandList()
    /// Open progress files of the jobs being drawn.
    var running: [JobIdentifier: ProgressFile] = [:]
    /// When one of them was last synced, ms.
    var progressSyncedAt: Int64 = 0
    /// Set by a failed sync: nothing more is acknowledged.
    private(set) var isUnsure = false

    /// Opens the spool, repairing what a crash left: see `JobStore+Opening`.
    init(storage: any SpoolStorage, limits: Limits = Limits(), nowMilliseconds: Int64) throws(Refusal) {
        self.storage = storage
        self.limits = limits
        do throws(SpoolError) {
            var opening = SpoolOpening(storage: storage)
            let found = try opening.run(nowMilliseconds: nowMilliseconds)
            records = found.records
            history = found.history
            journal = found.journal
            identifiers = JobIdentifierSource(after: found.newest)
            findings = opening.findings
        } catch {
            throw .spool(error)
        }
        // Counts what it can: a full disk must not keep the daemon from starting.
        try? judgeHands(nowMilliseconds: nowMilliseconds)
    }

    // MARK: - Reading

    func record(_ id: JobIdentifier) -> JobRecord? { records[id] }

    /// Jobs of a device that are not finished, in the order in which they are drawn: the started one first.
    func queue(of device: String) -> [JobRecord] {
        records.values.filter { $0.job.device == device && !$0.state.isFinal }.sorted {
            ($0.state.isStarted ? 0 : 1, $0.rank, $0.id.text) < ($1.state.isStarted ? 0 : 1, $1.rank, $1.id.text)
        }
    }

    /// The drawing of a job, checked against the digest it was accepted with by `digest`.
    ///
    /// - Returns: nil when the file is not what was submitted; it must not be drawn then.
    func drawing(of id: JobIdentifier, digest: ([UInt8]) -> String) throws(Refusal) -> [UInt8]? {
        guard let record = records[id] else { throw .unknownJob }
        let bytes = try spool { () throws(SpoolError) in
            try storage.read("jobs/\(id)/drawing.svg", limit: record.job.drawingBytes)
        }
        return digest(bytes) == record.job.drawingSHA256 ? bytes : nil
    }

    /// A part of the drawing of a job, as it is on the disk.
    func drawingPart(of id: JobIdentifier, at offset: Int, count: Int) throws(Refusal) -> [UInt8] {
        guard records[id] != nil else { throw .unknownJob }
        return try spool { () throws(SpoolError) in
            try storage.readPart("jobs/\(id)/drawing.svg", at: offset, count: count)
        }
    }

    // MARK: - Changing

    /// Accepts a job: four durable operations, then it is acknowledged.
    func submit(
        _ submission: Submission, nowMilliseconds: Int64, using generator: inout some RandomNumberGenerator
    ) throws(Refusal) -> JobRecord {
        let open = records.values.filter { !$0.state.isFinal }
        guard open.count < limits.openJobs else { throw .queueFull(limit: limits.openJobs) }
        try makeRoom(for: submission.drawing.count)
        let id = identifiers.next(nowMilliseconds: nowMilliseconds, using: &generator)
        let rank = (open.map(\.rank).max() ?? 0) + Self.rankStep
        let job = Job(
            id: id, device: submission.device, name: submission.name, submittedAt: nowMilliseconds, rank: rank,
            drawingSHA256: submission.drawingSHA256, drawingBytes: submission.drawing.count,
            options: submission.options, copies: submission.copies, motion: PlotOptions().motion.rawValue,
            source: submission.source,
            isHeld: submission.isHeld, heldReason: submission.heldReason, idempotency: submission.idempotency)
        try spool { () throws(SpoolError) in
            let needed = Int64(submission.drawing.count) + limits.freeBytes
            guard try storage.freeBytes() >= needed else { throw .noSpace(path: "jobs") }
            try journal.reserve(openJobs: open.count + 1, storage: storage)
            do throws(SpoolError) {
                try write(job, drawing: submission.drawing)
            } catch {
                removeQuietly("tmp/\(id)")
                throw error
            }
            try storage.rename("tmp/\(id)", to: "jobs/\(id)")
            do throws(SpoolError) {
                try storage.syncDirectory("jobs")
            } catch {
                // Refused: the next start must not find it.
                try? storage.rename("jobs/\(id)", to: "tmp/\(id)")
                removeQuietly("tmp/\(id)")
                throw error
            }
        }
        let record = JobRecord(job: job, id: id, state: Self.initialState(of: job), rank: rank)
        records[id] = record
        return record
    }

    /// Moves a job to another state; when this returns, the change is durable.
    @discardableResult
    func move(
        _ id: JobIdentifier, to state: JobState, outcome: JobOutcome? = nil, nowMilliseconds: Int64
    ) throws(Refusal) -> JobRecord {
        guard var record = records[id] else { throw .unknownJob }
        guard record.state.allows(state) else { throw .forbidden(from: record.state, to: state) }
        try append([.state(id: id, state, at: nowMilliseconds, outcome: outcome)])
        record.apply(state, at: nowMilliseconds, outcome: outcome)
        records[id] = record
        if state.isFinal { running[id] = nil }
        return record
    }

    /// Puts a waiting job before another one of its device's queue; nil = at the end, itself = where it stands.
    func move(_ id: JobIdentifier, before other: JobIdentifier?) throws(Refusal) {
        guard let record = records[id] else { throw .unknownJob }
        guard !record.state.isFinal, !record.state.isStarted else {
            throw .forbidden(from: record.state, to: record.state)
        }
        var order = queue(of: record.job.device).filter { !$0.state.isStarted && $0.id != id }
        var place = order.count
        if let other {
            guard other != id else { return }
            guard let found = order.firstIndex(where: { $0.id == other }) else { throw .unknownJob }
            place = found
        }
        order.insert(record, at: place)
        let ranks = Self.ranks(for: order, moved: place)
        guard !ranks.isEmpty else { return }
        try append([.ranks(ranks)])
        for (id, rank) in ranks {
            records[id]?.rank = rank
            records[id]?.revision += 1
        }
    }

    // MARK: - Pieces

    /// Room left between neighbours, so that most moves change one job only.
    static let rankStep: Int64 = 1 << 20

    static func initialState(of job: Job) -> JobState {
        job.isHeld ? .held(job.heldReason ?? JobState.person) : .queued
    }

    /// The ranks to change so that `order` is ascending when the job at `moved` has just come there.
    static func ranks(for order: [JobRecord], moved: Int) -> [JobIdentifier: Int64] {
        let low = moved > 0 ? order[moved - 1].rank : (order.dropFirst().first?.rank ?? 0) - 2 * rankStep
        let high = moved + 1 < order.count ? order[moved + 1].rank : low + 2 * rankStep
        let middle = low + (high - low) / 2
        if low < middle, middle < high {
            return order[moved].rank == middle ? [:] : [order[moved].id: middle]
        }
        var ranks: [JobIdentifier: Int64] = [:]
        for (place, record) in order.enumerated() { ranks[record.id] = Int64(place + 1) * rankStep }
        return ranks
    }

    private func write(_ job: Job, drawing: [UInt8]) throws(SpoolError) {
        let folder = "tmp/\(job.id)"
        guard let encoded = try? job.encoded() else {
            throw .inputOutput(call: "encode", path: folder, code: 0)
        }
        try storage.makeDirectory(folder)
        try storage.createSynced("\(folder)/drawing.svg", drawing)
        try storage.createSynced("\(folder)/job.json", encoded)
        try storage.syncDirectory(folder)
    }

    func append(_ entries: [JournalEntry]) throws(Refusal) {
        try spool { () throws(SpoolError) in try journal.append(entries) }
    }

    /// Does work on the disk: refused while unsure, and unsure from the first failed sync on, whatever asked for it.
    func spool<Result>(_ work: () throws(SpoolError) -> Result) throws(Refusal) -> Result {
        if isUnsure { throw .spool(.unsure) }
        do throws(SpoolError) { return try work() } catch {
            if error.isFailedSync { isUnsure = true }
            throw .spool(error)
        }
    }

    /// Clears away what is not promised to anybody; a failure leaves it for the next start.
    func removeQuietly(_ folder: String) {
        for name in (try? storage.list(folder)) ?? [] { try? storage.removeFile("\(folder)/\(name)") }
        try? storage.removeDirectory(folder)
    }
}

extension JobRecord {
    mutating func apply(_ state: JobState, at time: Int64, outcome: JobOutcome?) {
        self.state = state
        revision += 1
        if state == .plotting, startedAt == nil { startedAt = time }
        if state.isFinal { endedAt = time }
        if let outcome { self.outcome = outcome }
    }
}

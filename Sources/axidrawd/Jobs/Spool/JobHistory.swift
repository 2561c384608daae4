internal import Foundation
internal import HTTP

/// One line of the history.
struct HistoryEntry: Codable, Equatable, Sendable {
    var job: Job
    var state: String
    var reason: String?
    var startedAt: Int64?
    var endedAt: Int64?
    var outcome: JobOutcome?

    init(_ record: JobRecord) {
        job = record.job
        job.options = record.options
        state = record.state.word
        reason = record.state.detail
        startedAt = record.startedAt
        endedAt = record.endedAt
        outcome = record.outcome
    }
}

extension HistoryEntry {
    /// The job as the spool had it last; nil if the entry names none.
    var record: JobRecord? {
        guard let id = JobIdentifier(job.id), let state = JobState(word: state, detail: reason) else { return nil }
        var record = JobRecord(job: job, id: id, state: state, rank: job.rank)
        (record.startedAt, record.endedAt, record.outcome) = (startedAt, endedAt, outcome)
        return record
    }
}

/// What became of jobs that have left the queue: files of at most 1,000 entries, the oldest file dropped whole.
///
/// Only identifiers and places are kept in memory (about 60 bytes an entry); a page is read when asked for.
struct JobHistory {
    static let entriesPerFile = 1_000
    private static let largestFile = 64 << 20

    private struct Place {
        var id: JobIdentifier
        var file: Int
    }

    private struct OpenFile {
        var number: Int
        var journal: any SpoolFile
        var end: Int
        var count: Int
    }

    /// In order of ending.
    private var places: [Place] = []
    private var identifiers: Set<JobIdentifier> = []
    private var current: OpenFile?
    private(set) var isDamaged = false
    private(set) var newest: JobIdentifier?
    /// Jobs whose requests may come once more, found at the start.
    private(set) var marks: [(mark: IdempotencyMark, job: JobIdentifier)] = []

    /// Whether a job may have been here whose entry has been dropped since: older than any there is.
    func mayHaveDropped(_ id: JobIdentifier) -> Bool {
        guard let first = places.first, first.file > 1 || hasDropped else { return false }
        return !contains(id) && id < (identifiers.min() ?? first.id)
    }

    private var hasDropped = false

    var count: Int { places.count }

    func contains(_ id: JobIdentifier) -> Bool { identifiers.contains(id) }

    /// Reads which entries there are; a damaged file is used as far as it is whole.
    init(reading storage: any SpoolStorage) throws(SpoolError) {
        let numbers = try storage.list("history").compactMap(Self.number).sorted()
        for number in numbers {
            let contents = Journal.read(try storage.read(Self.path(number), limit: Self.largestFile))
            isDamaged = isDamaged || contents.isDamaged
            for payload in contents.payloads {
                guard let id = Self.identifier(of: payload), identifiers.insert(id).inserted else { continue }
                places.append(Place(id: id, file: number))
                newest = max(newest ?? id, id)
                guard payload.firstRange(of: Self.markName) != nil, let mark = Self.entry(of: payload)?.job.idempotency
                else { continue }
                marks.append((mark, id))
            }
            if number == numbers.last, !contents.isDamaged {
                current = OpenFile(
                    number: number, journal: try storage.open(Self.path(number)), end: contents.end,
                    count: contents.payloads.count)
            }
        }
        if let last = numbers.last, current == nil { nextNumber = last + 1 }
    }

    private var nextNumber = 1

    /// Adds entries; durable when it returns.
    mutating func append(_ records: [JobRecord], storage: any SpoolStorage) throws(SpoolError) {
        for record in records where !identifiers.contains(record.id) {
            var file = try fileWithRoom(storage)
            guard let text = try? JSONEncoder.spool.encode(HistoryEntry(record)) else {
                throw .inputOutput(call: "encode", path: "history", code: 0)
            }
            let bytes = Journal.record(Array("\(record.id)\n".utf8) + Array(text))
            try file.journal.write(bytes, at: file.end)
            // One by one: of two that are not durable a power cut may leave the second only, and a hole before it.
            try file.journal.sync()
            file.end += bytes.count
            file.count += 1
            current = file
            places.append(Place(id: record.id, file: file.number))
            identifiers.insert(record.id)
            newest = max(newest ?? record.id, record.id)
        }
    }

    /// Drops the oldest files while at least `limit` entries stay.
    mutating func prune(limit: Int, storage: any SpoolStorage) throws(SpoolError) {
        while let oldest = places.first?.file, oldest != current?.number {
            let count = places.prefix { $0.file == oldest }.count
            guard places.count - count >= limit else { return }
            try storage.removeFile(Self.path(oldest))
            hasDropped = true
            for place in places.prefix(count) { identifiers.remove(place.id) }
            places.removeFirst(count)
        }
    }

    /// A page, newest first.
    ///
    /// - Parameter id: the last entry of the page before; nil for the first page.
    /// - Returns: nil when `id` is unknown.
    func page(after id: JobIdentifier?, limit: Int, storage: any SpoolStorage) throws(SpoolError) -> [HistoryEntry]? {
        var end = places.count
        if let id {
            guard let found = places.lastIndex(where: { $0.id == id }) else { return nil }
            end = found
        }
        let wanted = places[max(0, end - max(0, limit))..<end]
        var entries: [JobIdentifier: HistoryEntry] = [:]
        for number in Set(wanted.map(\.file)) {
            for payload in Journal.read(try storage.read(Self.path(number), limit: Self.largestFile)).payloads {
                guard let id = Self.identifier(of: payload), wanted.contains(where: { $0.id == id }) else { continue }
                entries[id] = Self.entry(of: payload)
            }
        }
        return wanted.reversed().compactMap { entries[$0.id] }
    }

    /// One job's entry; nil when there is none, or it is damaged. Reads one file.
    func entry(_ id: JobIdentifier, storage: any SpoolStorage) throws(SpoolError) -> HistoryEntry? {
        guard contains(id), let place = places.last(where: { $0.id == id }) else { return nil }
        let contents = Journal.read(try storage.read(Self.path(place.file), limit: Self.largestFile))
        return contents.payloads.first { Self.identifier(of: $0) == id }.flatMap(Self.entry)
    }

    private static let markName = Array("\"idempotency\":{".utf8)

    private static func entry(of payload: [UInt8]) -> HistoryEntry? {
        try? JSONDecoder().decode(HistoryEntry.self, from: Data(payload.dropFirst(JobIdentifier.length + 1)))
    }

    private mutating func fileWithRoom(_ storage: any SpoolStorage) throws(SpoolError) -> OpenFile {
        if let current, current.count < Self.entriesPerFile { return current }
        let number = current.map { $0.number + 1 } ?? nextNumber
        // One may be left, empty, from an attempt whose sync was refused.
        let isThere = try storage.list("history").contains("\(number).log")
        let journal = isThere ? try storage.open(Self.path(number)) : try storage.create(Self.path(number))
        let file = OpenFile(number: number, journal: journal, end: 0, count: 0)
        try storage.syncDirectory("history")
        current = file
        return file
    }

    private static func identifier(of payload: [UInt8]) -> JobIdentifier? {
        JobIdentifier(String(decoding: payload.prefix(JobIdentifier.length), as: UTF8.self))
    }

    private static func path(_ number: Int) -> String { "history/\(number).log" }

    private static func number(_ name: String) -> Int? {
        guard name.hasSuffix(".log"), let number = Int(name.dropLast(4)), number > 0, "\(number).log" == name
        else { return nil }
        return number
    }
}

internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import QueueSupport
@testable internal import axidrawd

/// A store on a disk in memory, and short ways to use it.
struct StoreBench {
    var storage: MemoryStorage
    var store: JobStore
    var generator: SeededGenerator
    var now: Int64 = 1_700_000_000_000

    init(seed: UInt64 = 1, limits: JobStore.Limits = JobStore.Limits(), on disk: MemoryStorage? = nil) throws {
        storage = disk ?? MemoryStorage()
        store = try JobStore(storage: storage, limits: limits, nowMilliseconds: now)
        generator = SeededGenerator(seed: seed)
    }

    mutating func submit(_ drawing: String = "<svg/>", device: String = "plot1", isHeld: Bool = false) throws
        -> JobRecord
    {
        now += 1
        let submission = JobStore.Submission(
            device: device, drawing: Array(drawing.utf8), drawingSHA256: digest(Array(drawing.utf8)), isHeld: isHeld)
        return try store.submit(submission, nowMilliseconds: now, using: &generator)
    }

    mutating func move(_ id: JobIdentifier, to state: JobState) throws {
        now += 1
        try store.move(id, to: state, nowMilliseconds: now)
    }
}

struct JobStoreTests {
    @Test func keepsJobsAndTheirOrderOverARestart() throws {
        var bench = try StoreBench()
        let ids = try (0..<5).map { try bench.submit("<svg id='\($0)'/>").id }
        try bench.store.move(ids[4], before: ids[1])
        try bench.move(ids[0], to: .plotting)
        try bench.move(ids[0], to: .done)
        try bench.move(ids[2], to: .cancelled)
        let order = [ids[4], ids[1], ids[3]]
        #expect(bench.store.queue(of: "plot1").map(\.id) == order)
        let again = try StoreBench(on: bench.storage)
        #expect(again.store.queue(of: "plot1").map(\.id) == order)
        #expect(again.store.record(ids[0])?.state == .done)
        #expect(try again.store.drawing(of: ids[3], digest: digest) == Array("<svg id='3'/>".utf8))
        #expect(again.store.findings.isEmpty)
    }

    /// Whoever was told that it is cancelled does not find it waiting, whatever became of the daemon meanwhile.
    @Test(arguments: [false, true]) func aCancelThatWasAcknowledgedStaysOne(_ isTidied: Bool) throws {
        var bench = try StoreBench(limits: JobStore.Limits(journalBytes: isTidied ? 0 : 1 << 20))
        let ids = try (0..<5).map { _ in try bench.submit().id }
        for id in ids.prefix(3) { try bench.move(id, to: .plotting) }
        try bench.move(ids[2], to: .paused(.asked))
        for id in ids.suffix(4) { try bench.store.noteCancelled(id, nowMilliseconds: bench.now) }
        // The start of one is written down after its cancel.
        try bench.move(ids[4], to: .plotting)
        try bench.store.tidy()
        for _ in 0..<2 {
            bench = try StoreBench(on: bench.storage)
            #expect(
                ids.map { bench.store.record($0)?.state } == [
                    .interrupted, .cancelled, .cancelled, .cancelled, .cancelled,
                ])
        }
    }

    /// A job that has left the queue is known as long as its history is.
    @Test func findsWhatHasLeftTheQueue() throws {
        var limits = JobStore.Limits(finishedJobs: 2, historyEntries: 1)
        var bench = try StoreBench(limits: limits)
        var ids: [JobIdentifier] = []
        for _ in 0..<5 {
            ids.append(try bench.submit().id)
            try bench.move(ids[ids.count - 1], to: .cancelled)
        }
        let later = try #require(JobIdentifier("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"))
        let earlier = try #require(JobIdentifier("00000000000000000000000000"))
        try bench.store.tidy()
        for _ in 0..<2 {
            for id in ids {
                guard case .known(let record) = try bench.store.whereabouts(of: id) else {
                    Issue.record("\(id) is lost")
                    continue
                }
                #expect(record.id == id && record.state == .cancelled && record.endedAt != nil)
            }
            #expect(try bench.store.whereabouts(of: later) == .never)
            // Nothing has been dropped: what is not here never was.
            #expect(try bench.store.whereabouts(of: earlier) == .never)
            bench = try StoreBench(limits: limits, on: bench.storage)
        }
        limits.finishedJobs = 0
        bench = try StoreBench(limits: limits, on: bench.storage)
        for _ in 0..<1_100 {
            let id = try bench.submit().id
            try bench.move(id, to: .cancelled)
        }
        try bench.store.tidy()
        #expect(bench.store.history.count < 1_000)
        for _ in 0..<2 {
            #expect(try bench.store.whereabouts(of: ids[0]) == .gone)
            #expect(try bench.store.whereabouts(of: later) == .never)
            bench = try StoreBench(limits: limits, on: bench.storage)
        }
    }

    @Test func keepsChangedOptionsOverRestarts() throws {
        var bench = try StoreBench()
        let ids = try (0..<2).map { _ in try bench.submit().id }
        try bench.store.change(options: ["pen-down-speed": "9"], of: ids[0])
        try bench.store.change(options: ["pen-down-speed": "12", "pen-up-height": "70"], of: ids[0])
        for _ in 0..<2 {
            bench = try StoreBench(on: bench.storage)
            #expect(bench.store.record(ids[0])?.options == ["pen-down-speed": "12", "pen-up-height": "70"])
            #expect(bench.store.record(ids[1])?.options == [:])
            #expect(bench.store.findings.isEmpty)
        }
        try bench.move(ids[0], to: .cancelled)
        #expect(throws: JobStore.Refusal.self) { try bench.store.change(options: [:], of: ids[0]) }
    }

    @Test func acceptsAJobWithFourDurableOperations() throws {
        var bench = try StoreBench()
        _ = try bench.submit()
        let before = bench.storage.syncs
        _ = try bench.submit()
        #expect(bench.storage.syncs - before == 4)
    }

    @Test func interruptsWhatWasBeingDrawn() throws {
        var bench = try StoreBench()
        let id = try bench.submit().id
        let next = try bench.submit().id
        try bench.move(id, to: .plotting)
        let again = try StoreBench(on: bench.storage)
        #expect(again.store.record(id)?.state == .interrupted)
        #expect(again.store.record(next)?.state == .queued)
    }

    @Test func refusesWhatAStateForbids() throws {
        var bench = try StoreBench()
        let id = try bench.submit().id
        #expect(throws: JobStore.Refusal.forbidden(from: .queued, to: .done)) { try bench.move(id, to: .done) }
        try bench.move(id, to: .cancelled)
        for state in [JobState.queued, .plotting, .cancelled, .failed("x")] {
            #expect(throws: JobStore.Refusal.forbidden(from: .cancelled, to: state)) { try bench.move(id, to: state) }
        }
    }

    @Test func refusesAJobThatWouldFillTheDisk() throws {
        var bench = try StoreBench()
        bench.storage.free = 64 << 20
        #expect(throws: JobStore.Refusal.spool(.noSpace(path: "jobs"))) { _ = try bench.submit() }
        bench.storage.free = 1 << 30
        _ = try bench.submit()
        #expect(bench.store.queue(of: "plot1").count == 1)
    }

    @Test func refusesAJobBeyondTheLimit() throws {
        var bench = try StoreBench(limits: JobStore.Limits(openJobs: 2))
        let first = try bench.submit().id
        _ = try bench.submit()
        #expect(throws: JobStore.Refusal.queueFull(limit: 2)) { _ = try bench.submit() }
        try bench.move(first, to: .cancelled)
        _ = try bench.submit()
    }

    @Test func movesOldJobsIntoTheHistoryAndPagesIt() throws {
        var bench = try StoreBench(limits: JobStore.Limits(finishedJobs: 3, historyEntries: 100))
        var ids: [JobIdentifier] = []
        for _ in 0..<10 {
            let id = try bench.submit().id
            try bench.move(id, to: .plotting)
            try bench.move(id, to: .done)
            ids.append(id)
        }
        try bench.store.tidy()
        #expect(bench.store.records.count == 3)
        let again = try StoreBench(on: bench.storage)
        let page = try #require(try again.store.historyPage(after: nil, limit: 4))
        #expect(page.map(\.job.id) == ids[3...6].reversed().map(\.text))
        let rest = try #require(try again.store.historyPage(after: ids[3], limit: 10))
        #expect(rest.map(\.job.id) == ids[0...2].reversed().map(\.text))
        #expect(try again.store.historyPage(after: ids[9], limit: 10) == nil)
    }

    @Test func ranksStayInOrderWhateverIsMoved() throws {
        let seed: UInt64 = 7
        var bench = try StoreBench(seed: seed)
        var order = try (0..<12).map { _ in try bench.submit().id }
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let from = Int.random(in: 0..<order.count, using: &generator)
            let id = order.remove(at: from)
            let to = Int.random(in: 0...order.count, using: &generator)
            try bench.store.move(id, before: to < order.count ? order[to] : nil)
            order.insert(id, at: to)
            #expect(bench.store.queue(of: "plot1").map(\.id) == order, "seed \(seed)")
        }
        #expect(try StoreBench(on: bench.storage).store.queue(of: "plot1").map(\.id) == order)
    }

    @Test func neverMakesAnIdentifierTwice() throws {
        var generator = SeededGenerator(seed: 3)
        var source = JobIdentifierSource(after: nil)
        var made: [JobIdentifier] = []
        // The clock stands still, then goes back.
        for now in [Int64](repeating: 1_000, count: 500) + [Int64](repeating: 10, count: 500) {
            made.append(source.next(nowMilliseconds: now, using: &generator))
        }
        #expect(made == made.sorted() && Set(made).count == 1_000)
        #expect(made.allSatisfy { JobIdentifier($0.text) == $0 })
        for bad in ["", "../../etc/passwd", String(repeating: "Z", count: 26), "0123456789abcdefghjkmnpqrs"] {
            #expect(JobIdentifier(bad) == nil)
        }
    }

    @Test func keepsProgressAndKnowsAStartWithoutJournal() throws {
        var bench = try StoreBench()
        let id = try bench.submit().id
        let file = try bench.store.beginProgress(id)
        var progress = JobProgress()
        progress.command = 77
        progress.session = 5
        try file.write(progress)
        try file.sync()
        try bench.storage.removeFile("journal")
        let again = try StoreBench(on: bench.storage)
        #expect(again.store.record(id)?.state == .interrupted)
        #expect(again.store.progress(of: id) == progress)
    }

    /// Progress of an earlier version, with the board's counters at bytes 24 to 31.
    @Test func readsProgressWithCounters() throws {
        var progress = JobProgress()
        progress.command = 77
        progress.session = 9
        var bytes = progress.encoded()
        bytes.replaceSubrange(24..<32, with: [0xfb, 0xff, 0xff, 0xff, 7, 0, 0, 0])
        let sum = Journal.checksum(bytes[..<48])
        bytes.replaceSubrange(48..<52, with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt32($0))) })
        #expect(JobProgress(encoded: bytes) == progress)
        bytes[25] = 0
        #expect(JobProgress(encoded: bytes) == nil)
    }

    /// The words in the spool stay, whatever a pause is called in the program.
    @Test(arguments: [
        ("layer", "person"), ("garbledLink", "linkLost"), ("paper", "paper"), ("person", "person"),
        ("linkLost", "linkLost"), ("positionLost", "positionLost"), ("powerOff", "powerOff"),
    ])
    func readsPausesOfEarlierVersions(word: String, now: String) {
        let state = JobState(word: "paused", detail: word)
        #expect(state?.word == "paused" && state?.detail == now)
        #expect(JobState(word: "paused", detail: "nonsense") == nil)
    }

    @Test func worksOnARealDisk() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spool-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var generator = SeededGenerator(seed: 5)
        let disk = try SpoolDirectory(path: folder)
        try disk.lock()
        #expect(throws: SpoolError.locked) { try SpoolDirectory(path: folder).lock() }
        let store = try JobStore(storage: disk, nowMilliseconds: 0)
        let submission = JobStore.Submission(device: "plot1", drawing: [1, 2], drawingSHA256: digest([1, 2]))
        let id = try store.submit(submission, nowMilliseconds: 5, using: &generator).id
        try store.move(id, to: .plotting, nowMilliseconds: 6)
        let again = try JobStore(storage: SpoolDirectory(path: folder), nowMilliseconds: 9)
        #expect(again.record(id)?.state == .interrupted)
        #expect(try again.drawing(of: id, digest: digest) == [1, 2])
    }
}

// Looks inside the program, which only a debug build allows.
#if DEBUG
    internal import TestSupport

    @testable internal import axidrawd

    /// Stands for SHA-256, whose own tests are elsewhere.
    func digest(_ bytes: [UInt8]) -> String { String(Journal.checksum(bytes[...])) }

    /// Seeded operations on a store whose disk is in memory, and what each acknowledgement promised.
    struct QueueRun {
        /// What had been acknowledged when the log of the disk had a certain length.
        struct Promise {
            var logLength: Int
            var states: [JobIdentifier: JobState] = [:]
            /// Waiting jobs in order.
            var queue: [JobIdentifier] = []
            /// Jobs that have left for the history.
            var archived: Set<JobIdentifier> = []
        }

        /// A rule that does not hold.
        struct Fault: Error, CustomStringConvertible {
            var description: String
        }

        static let device = "plot1"
        private static let limits = JobStore.Limits(finishedJobs: 2)

        let disk = MemoryStorage()
        /// One entry for each operation that was acknowledged, and one for the empty spool.
        private(set) var promises: [Promise] = []
        private(set) var drawings: [JobIdentifier: [UInt8]] = [:]
        private let seed: UInt64
        private let mistake: QueueMistake?
        private let storage: any SpoolStorage
        private var store: JobStore
        private var generator: SeededGenerator
        private var identifierGenerator: SeededGenerator
        private var now: Int64 = 1_700_000_000_000

        /// - Parameter mistake: what is done wrong on purpose.
        init(seed: UInt64, mistake: QueueMistake? = nil) throws {
            self.seed = seed
            self.mistake = mistake
            storage = mistake.map { [disk] in MistakenStorage(disk, $0) } ?? disk
            store = try JobStore(storage: storage, limits: Self.limits, nowMilliseconds: now)
            generator = SeededGenerator(seed: seed)
            identifierGenerator = SeededGenerator(seed: seed)
            note()
        }

        /// Runs `count` operations; throws when one is refused for no reason or breaks a rule at once.
        mutating func run(_ count: Int) throws {
            for _ in 0..<count {
                try operate()
                note()
            }
        }

        private mutating func note() {
            var promise = Promise(logLength: disk.log.count)
            promise.states = store.records.mapValues(\.state)
            promise.queue = store.queue(of: Self.device).filter { !$0.state.isStarted }.map(\.id)
            if let last = promises.last {
                promise.archived = last.archived.union(last.states.keys.filter { promise.states[$0] == nil })
            }
            promises.append(promise)
        }

        private mutating func operate() throws {
            now += 1
            let queue = store.queue(of: Self.device)
            let waiting = queue.filter { !$0.state.isStarted }
            switch Int.random(in: 0..<24, using: &generator) {
            case 0..<9: try submit(isHeld: Bool.random(using: &generator) && Bool.random(using: &generator))
            case 9..<12:
                guard let record = waiting.randomElement(using: &generator) else { return try submit(isHeld: false) }
                try store.move(record.id, before: waiting.randomElement(using: &generator)?.id)
            case 12..<15:
                guard let record = queue.randomElement(using: &generator) else { return try submit(isHeld: false) }
                try store.move(record.id, to: .cancelled, nowMilliseconds: now)
            case 15..<20: try draw(queue)
            case 20:
                guard let record = waiting.randomElement(using: &generator) else { return try submit(isHeld: false) }
                let isHeld = record.state != .queued
                try store.move(record.id, to: isHeld ? .queued : .held("person"), nowMilliseconds: now)
            case 21:
                let isOn = Bool.random(using: &generator)
                try store.change(settingsOf: Self.device) { $0.autoAdvance = isOn }
            case 22: try store.tidy()
            default: try restart()
            }
        }

        /// A step of the job at the head, as the plotter makes it.
        private mutating func draw(_ queue: [JobRecord]) throws {
            guard let record = queue.first else { return try submit(isHeld: false) }
            switch record.state {
            case .queued, .interrupted, .paused, .waitingForPaper:
                try store.begin(record.id)
                try store.move(record.id, to: .plotting, nowMilliseconds: now)
            case .held: try store.move(record.id, to: .queued, nowMilliseconds: now)
            case .plotting:
                var progress = JobProgress()
                progress.stroke = UInt32.random(in: 1...9, using: &generator)
                try store.note(progress, of: record.id)
                let isPause = Int.random(in: 0..<4, using: &generator) == 0
                try store.move(record.id, to: isPause ? .paused(.asked) : .done, nowMilliseconds: now)
            case .stopping, .done, .cancelled, .failed: break
            }
        }

        private mutating func submit(isHeld: Bool) throws {
            let drawing = Array("<svg id='\(generator.next())'/>".utf8)
            let submission = JobStore.Submission(
                device: Self.device, drawing: drawing, drawingSHA256: digest(drawing), isHeld: isHeld)
            let id = try store.submit(submission, nowMilliseconds: now, using: &identifierGenerator).id
            guard drawings.updateValue(drawing, forKey: id) == nil else {
                throw Fault(description: "the id \(id) is given a second time")
            }
        }

        /// The process ends and another opens the same disk; nothing is lost but memory.
        private mutating func restart() throws {
            store = try JobStore(storage: storage, limits: Self.limits, nowMilliseconds: now)
            guard mistake == .identifierReused else { return }
            store.identifiers = JobIdentifierSource(after: nil)
            identifierGenerator = SeededGenerator(seed: seed)
            now = 1_700_000_000_000
        }
    }

    // MARK: - Power cuts

    extension QueueRun {
        /// Tries a power cut after every change with subsets of the changes that were not yet durable; a subset stands for
        /// every order in which the disk may have written, as each place keeps the last that reached it.
        ///
        /// - Parameter samples: all subsets where there are no more than these; else none, all, and so many at random.
        /// - Returns: how many states were looked at and the first rule that did not hold.
        func powerCuts(samples: Int) -> (states: Int, fault: Fault?) {
            var random = SeededGenerator(seed: seed)
            var states = 0
            guard let first = promises.first else { return (0, nil) }
            var place = 0
            for length in first.logLength...disk.log.count {
                while place + 1 < promises.count, promises[place + 1].logLength <= length { place += 1 }
                let losable = disk.losable(length: length)
                let subsets: [UInt64] =
                    losable.count < 16 && 1 << losable.count <= samples
                    ? Array(0..<(1 << UInt64(losable.count)))
                    : [0, .max] + (2..<max(2, samples)).map { _ in random.next() }
                for subset in subsets {
                    let kept = Set(
                        losable.enumerated().filter { subset >> UInt64($0.offset % 64) & 1 == 1 }.map(\.element))
                    let cut = disk.afterPowerCut(length: length) { kept.contains($0) }
                    states += 1
                    do { try check(cut, place, opensTwice: subset == subsets.last) } catch {
                        return (states, Fault(description: "cut at \(length) with \(kept.sorted()): \(error)"))
                    }
                }
            }
            return (states, nil)
        }

        /// Opens a disk and holds it against what had been promised and what was under way.
        private func check(_ cut: MemoryStorage, _ place: Int, opensTwice: Bool) throws {
            let before = promises[place]
            let after = place + 1 < promises.count ? promises[place + 1] : nil
            let store = try JobStore(storage: cut, limits: Self.limits, nowMilliseconds: 1)
            guard store.findings.isEmpty else { throw Fault(description: "\(store.findings)") }
            try checkStates(store, before, after)
            try checkOrder(store, before, after)
            for record in store.records.values where !record.state.isFinal {
                guard try store.drawing(of: record.id, digest: digest) == drawings[record.id] else {
                    throw Fault(description: "\(record.id) has another drawing")
                }
            }
            try checkNextIdentifier(store)
            guard opensTwice else { return }
            let again = try JobStore(storage: cut, limits: Self.limits, nowMilliseconds: 2)
            let once = store.records.mapValues(\.state)
            guard again.records.mapValues(\.state) == once, again.findings.isEmpty else {
                throw Fault(description: "a second opening finds something else")
            }
        }

        private func checkStates(_ store: JobStore, _ before: Promise, _ after: Promise?) throws {
            for (id, state) in before.states {
                guard let found = store.records[id]?.state else {
                    // Only a finished job may leave, for the history.
                    guard state.isFinal, store.history.contains(id) else {
                        throw Fault(description: "\(id), \(state), is lost")
                    }
                    continue
                }
                let allowed = [state, after?.states[id]].compactMap(\.self).map(Self.afterCrash)
                guard allowed.contains(found) else { throw Fault(description: "\(id) was \(state), is \(found)") }
            }
            for id in before.archived where !store.history.contains(id) {
                throw Fault(description: "\(id) is lost from the history")
            }
            for id in store.records.keys {
                guard before.states[id] != nil || after?.states[id] != nil else {
                    throw Fault(description: "\(id) is a job that nobody submitted, or that was over")
                }
                guard !store.history.contains(id) else { throw Fault(description: "\(id) is there twice") }
            }
        }

        private static func afterCrash(_ state: JobState) -> JobState { state.isStarted ? .interrupted : state }

        private func checkOrder(_ store: JobStore, _ before: Promise, _ after: Promise?) throws {
            let waiting = store.queue(of: Self.device).filter { !$0.state.isStarted }.map(\.id)
            let orders = [before.queue, after?.queue].compactMap(\.self)
            let isKept = orders.contains { order in
                waiting.filter { order.contains($0) } == order.filter { waiting.contains($0) }
            }
            guard isKept else { throw Fault(description: "the order is \(waiting)") }
        }

        /// A clock and a source of chance that have gone back must not bring an old identifier again.
        private func checkNextIdentifier(_ store: JobStore) throws {
            var zeros = SeededGenerator(seed: seed)
            let submission = JobStore.Submission(device: "other", drawing: [1], drawingSHA256: digest([1]))
            let id = try store.submit(submission, nowMilliseconds: 0, using: &zeros).id
            guard drawings[id] == nil else { throw Fault(description: "the id \(id) is given a second time") }
        }
    }
#endif

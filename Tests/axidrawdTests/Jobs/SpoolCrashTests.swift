internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// What had been acknowledged when the log of the disk had a certain length.
private struct Acknowledged {
    var logLength: Int
    var states: [JobIdentifier: JobState]
    /// Waiting jobs in order.
    var queue: [JobIdentifier]
}

struct SpoolCrashTests {
    /// Runs `count` random operations and notes what each acknowledgement promised.
    private func run(seed: UInt64, count: Int) throws -> (MemoryStorage, [Acknowledged]) {
        var bench = try StoreBench(seed: seed, limits: JobStore.Limits(finishedJobs: 2))
        var generator = SeededGenerator(seed: seed)
        var promised: [Acknowledged] = []
        func note() {
            let waiting = bench.store.queue(of: "plot1").filter { !$0.state.isStarted }.map(\.id)
            let states = bench.store.records.mapValues(\.state)
            promised.append(Acknowledged(logLength: bench.storage.log.count, states: states, queue: waiting))
        }
        note()
        for _ in 0..<count {
            let queue = bench.store.queue(of: "plot1")
            let waiting = queue.filter { !$0.state.isStarted }
            switch Int.random(in: 0..<7, using: &generator) {
            case 0, 1, 2: _ = try bench.submit("<svg \(generator.next())/>", isHeld: false)
            case 3:
                guard let record = waiting.randomElement(using: &generator) else { continue }
                try bench.store.move(record.id, before: waiting.randomElement(using: &generator)?.id ?? record.id)
            case 4:
                guard let record = queue.randomElement(using: &generator) else { continue }
                try bench.move(record.id, to: .cancelled)
            case 5:
                guard let record = queue.first else { continue }
                if record.state == .plotting {
                    try bench.move(record.id, to: .done)
                } else {
                    try bench.move(record.id, to: .plotting)
                }
            default: try bench.store.tidy()
            }
            note()
        }
        return (bench.storage, promised)
    }

    /// Opens the disk after a power cut and holds it against what had been promised before and what was under way.
    private func check(_ disk: MemoryStorage, before: Acknowledged, after: Acknowledged?, _ label: String) throws {
        let store = try JobStore(storage: disk, nowMilliseconds: 1)
        for (id, state) in before.states {
            let next = after?.states[id]
            guard let found = store.records[id]?.state else {
                // Only a finished job may leave, for the history.
                #expect(state.isFinal && store.history.contains(id), "\(label): \(id) \(state) is lost")
                continue
            }
            let allowed = [state, next].compactMap(\.self).map { $0 == .plotting ? .interrupted : $0 }
            #expect(allowed.contains(found), "\(label): \(id) was \(state), is \(found)")
            #expect(!store.history.contains(id), "\(label): \(id) is there twice")
        }
        let known = Set(before.states.keys).union(after?.states.keys.map(\.self) ?? [])
        #expect(store.records.keys.allSatisfy { known.contains($0) }, "\(label): a job nobody submitted")
        let waiting = store.queue(of: "plot1").filter { !$0.state.isStarted }.map(\.id)
        let orders = [before.queue, after?.queue].compactMap(\.self)
        #expect(
            orders.contains { order in waiting.filter { order.contains($0) } == order.filter { waiting.contains($0) } },
            "\(label): order")
        #expect(store.findings.isEmpty, "\(label): \(store.findings)")
    }

    @Test func everyPowerCutOpensCleanWithAllThatWasAcknowledged() throws {
        let seed: UInt64 = 20
        let (disk, promised) = try run(seed: seed, count: 20)
        var generator = SeededGenerator(seed: seed)
        var states = 0
        for length in promised[0].logLength...disk.log.count {
            guard let place = promised.lastIndex(where: { $0.logLength <= length }) else { continue }
            let after = place + 1 < promised.count ? promised[place + 1] : nil
            let losable = disk.losable(length: length)
            // All subsets where they are few, else a sample with the two extremes.
            let subsets: [UInt64] =
                losable.count <= 4
                ? Array(0..<(1 << UInt64(losable.count))) : [0, .max] + (0..<14).map { _ in generator.next() }
            for subset in subsets {
                let kept = Set(losable.enumerated().filter { subset >> UInt64($0.offset % 64) & 1 == 1 }.map(\.element))
                let cut = disk.afterPowerCut(length: length) { kept.contains($0) }
                try check(
                    cut, before: promised[place], after: after, "seed \(seed) length \(length) kept \(kept.sorted())")
                states += 1
            }
        }
        #expect(states >= 1_000, "only \(states) states")
    }

    @Test(arguments: [
        SpoolError.noSpace(path: "x"), .inputOutput(call: "any", path: "x", code: 5),
        .inputOutput(call: "open", path: "x", code: 24),
    ])
    func everyFailingCallLeavesEarlierJobsWhole(_ error: SpoolError) throws {
        var step = 1
        var reachedEnd = false
        while !reachedEnd {
            var bench = try StoreBench(seed: 4)
            let first = try bench.submit("<svg id='first'/>")
            try bench.move(first.id, to: .plotting)
            let target = bench.storage.calls + step
            var failed = false
            bench.storage.failure = { call, name in
                guard call == target else { return nil }
                failed = true
                let isSync = ["fsync", "fdatasync", "close"].contains(name)
                return isSync ? .inputOutput(call: name, path: "x", code: 5) : error
            }
            let second = try? bench.submit("<svg id='second'/>")
            let isUnsure = bench.store.isUnsure
            reachedEnd = !failed
            bench.storage.failure = nil
            if isUnsure {
                #expect(throws: JobStore.Refusal.spool(.unsure)) { _ = try bench.submit() }
            } else {
                // It recovers by itself: the next submission and the plot's end go through.
                _ = try bench.submit("<svg id='third'/>")
                try bench.move(first.id, to: .done)
            }
            let again = try StoreBench(on: bench.storage)
            #expect(again.store.record(first.id)?.state == (isUnsure ? .interrupted : .done), "step \(step)")
            if let second { #expect(again.store.record(second.id)?.state == .queued, "step \(step)") }
            #expect(again.store.findings.isEmpty, "step \(step): \(again.store.findings)")
            step += 1
        }
        #expect(step > 10)
    }

    @Test func everyFlippedByteAndEveryLengthIsFoundAndTheRestServed() throws {
        func make() throws -> (StoreBench, [JobIdentifier]) {
            var bench = try StoreBench(seed: 9)
            let ids = try (0..<3).map { try bench.submit("<svg id='\($0)'/>").id }
            try bench.store.move(ids[2], before: ids[0])
            try bench.move(ids[0], to: .plotting)
            try bench.move(ids[0], to: .done)
            try bench.move(ids[1], to: .plotting)
            return (bench, ids)
        }
        let (original, ids) = try make()
        let paths = original.storage.files.keys.filter { $0 != "VERSION" }.sorted()
        for path in paths {
            let bytes = try original.storage.read(path, limit: .max)
            let used = min(bytes.count, 700)
            for change in stride(from: 0, to: 2 * used, by: path == "journal" ? 1 : 3) {
                let (bench, _) = try make()
                guard let node = bench.storage.node(path) else { continue }
                if change < used { node.bytes[change] ^= 0x11 } else { node.bytes = Array(bytes[..<(change - used)]) }
                let store = try JobStore(storage: bench.storage, nowMilliseconds: 1)
                let label = "\(path) change \(change)"
                for id in ids where !path.contains(id.text) {
                    // Whatever is lost, a job that was started is never offered as fresh.
                    let state = try #require(store.record(id)?.state, "\(label)")
                    let fresh = id == ids[2]
                    #expect(fresh || state != .queued || path == "journal", "\(label): \(state)")
                }
                if path.hasSuffix("job.json") {
                    #expect(store.records.count == 2 && store.findings.count == 1, "\(label)")
                }
                if path.hasSuffix("drawing.svg"), let id = ids.first(where: { path.contains($0.text) }) {
                    let read = try? store.drawing(of: id, digest: digest)
                    #expect(read == nil || read == .some(nil), "\(label)")
                }
            }
        }
    }

    @Test func foreignThingsAreSetAside() throws {
        var bench = try StoreBench()
        let id = try bench.submit().id
        try bench.storage.makeDirectory("jobs/notes")
        try bench.storage.createSynced("jobs/readme.txt", [1])
        try bench.storage.createSynced("tmp/rest", [1])
        let again = try StoreBench(on: bench.storage)
        #expect(again.store.records.keys.map(\.self) == [id])
        #expect(again.store.findings.count == 2)
        #expect(try bench.storage.list("quarantine").count == 2)
        #expect(try bench.storage.list("tmp").isEmpty)
    }

    @Test func refusesASpoolOfANewerVersion() throws {
        let bench = try StoreBench()
        bench.storage.node("VERSION")?.bytes = Array("2\n".utf8)
        #expect(throws: JobStore.Refusal.spool(.version(found: "2\n"))) { try StoreBench(on: bench.storage) }
    }
}

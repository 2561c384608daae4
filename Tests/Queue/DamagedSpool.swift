// Looks inside the program, which only a debug build allows.
#if DEBUG
    internal import TestSupport

    @testable internal import axidrawd

    /// A spool whose files were changed behind the daemon's back.
    struct DamagedSpool {
        typealias Fault = QueueRun.Fault

        private let mistake: QueueMistake?
        private let original: MemoryStorage
        /// Drawn, being drawn, and waiting.
        private let ids: [JobIdentifier]

        init(mistake: QueueMistake? = nil) throws {
            self.mistake = mistake
            let disk = MemoryStorage()
            let store = try JobStore(storage: disk, limits: Self.limits, nowMilliseconds: 1)
            var generator = SeededGenerator(seed: 9)
            var made: [JobIdentifier] = []
            for k in 0..<4 {
                let drawing = Self.drawing(k)
                let submission = JobStore.Submission(
                    device: QueueRun.device, drawing: drawing, drawingSHA256: digest(drawing))
                made.append(try store.submit(submission, nowMilliseconds: 2, using: &generator).id)
            }
            try store.move(made[2], before: made[1])
            for (k, id) in [made[3], made[0]].enumerated() {
                try store.begin(id)
                try store.move(id, to: .plotting, nowMilliseconds: 3)
                try store.move(id, to: .done, nowMilliseconds: 4 + Int64(k))
            }
            try store.tidy()
            try store.begin(made[1])
            try store.move(made[1], to: .plotting, nowMilliseconds: 5)
            original = disk
            ids = made
        }

        private static let limits = JobStore.Limits(finishedJobs: 1)

        private static func drawing(_ number: Int) -> [UInt8] { Array("<svg id='\(number)'/>".utf8) }

        /// Paths whose bytes are changed.
        var paths: [String] { original.files.keys.sorted() }

        /// Every byte of a file flipped and every shorter length, each on a disk of its own.
        func check(_ path: String) -> (cases: Int, fault: Fault?) {
            let bytes = original.node(path)?.bytes ?? []
            for change in 0..<2 * bytes.count {
                let disk = copy()
                if change < bytes.count {
                    disk.node(path)?.bytes[change] ^= 1 << UInt8(change % 8)
                } else {
                    disk.node(path)?.bytes = Array(bytes[..<(change - bytes.count)])
                }
                let what = change < bytes.count ? "byte \(change) flipped" : "cut to \(change - bytes.count)"
                do { try check(disk, path) } catch {
                    return (change, Fault(description: "\(path), \(what): \(error)"))
                }
            }
            return (2 * bytes.count, nil)
        }

        private func copy() -> MemoryStorage { original.afterPowerCut(length: original.log.count) { _ in true } }

        private func opened(_ disk: MemoryStorage) throws -> JobStore {
            let storage: any SpoolStorage = mistake.map { MistakenStorage(disk, $0) } ?? disk
            return try JobStore(storage: storage, limits: Self.limits, nowMilliseconds: 9)
        }

        private func check(_ disk: MemoryStorage, _ path: String) throws {
            let damaged = disk.node(path)?.bytes
            let store: JobStore
            do { store = try opened(disk) } catch {
                // Whoever wrote it is not known: nothing is touched.
                guard path == "VERSION" else { throw error }
                return
            }
            let hurt = ids.first { path.contains($0.text) }
            for (number, id) in ids.enumerated() where id != hurt {
                guard let state = store.record(id)?.state else {
                    let isOver = number == 0 || number == 3
                    guard isOver, store.history.contains(id) || path.hasPrefix("history/") || path == "journal" else {
                        throw Fault(description: "job \(number) is gone")
                    }
                    continue
                }
                // Whatever is lost: what was begun is never offered as fresh.
                let isFresh = number == 2
                guard isFresh || ![.queued].contains(state) else {
                    throw Fault(description: "job \(number) is \(state)")
                }
                guard try store.drawing(of: id, digest: digest) == Self.drawing(number) else {
                    throw Fault(description: "job \(number) has another drawing")
                }
            }
            if let hurt, path.hasSuffix("drawing.svg"), (try? store.drawing(of: hurt, digest: digest)) != nil {
                throw Fault(description: "a changed drawing is taken for the one handed in")
            }
            guard path.hasSuffix("job.json"), let damaged else { return }
            guard store.findings.count == 1, hurt.flatMap({ store.record($0) }) == nil else {
                throw Fault(description: "the damage is not found: \(store.findings)")
            }
            let kept = disk.files.filter { $0.key.hasPrefix("quarantine/") && $0.value.bytes == damaged }
            guard !kept.isEmpty else { throw Fault(description: "what was damaged is deleted") }
        }

        /// Things in the folders that nobody of ours has put there.
        func checkForeignThings() throws {
            let disk = copy()
            for folder in ["jobs/notes", "jobs/\(String(repeating: "0", count: 26))", "tmp/rest", "history/old"] {
                try disk.makeDirectory(folder)
            }
            for file in [
                "jobs/readme.txt", "jobs/notes/a", "tmp/x", "tmp/rest/y", "history/z.log", "history/01.log", "core",
                "jobs/\(ids[2])/thumbs.db",
            ] {
                try disk.createSynced(file, [7])
            }
            let store = try opened(disk)
            guard store.records.keys.sorted() == [ids[0], ids[1], ids[2]].sorted() else {
                throw Fault(description: "the jobs are \(store.records.keys.sorted())")
            }
            guard store.findings.count == 3, try disk.list("quarantine").count == 3, try disk.list("tmp").isEmpty else {
                throw Fault(description: "set aside: \(store.findings)")
            }
            guard disk.node("core") != nil, disk.node("history/z.log") != nil else {
                throw Fault(description: "something foreign is deleted")
            }
        }
    }
#endif

internal import Text

// These look inside the program, which only a debug build allows.
#if DEBUG
    internal import Foundation
    internal import TestSupport

    @testable internal import QueueSupport
    @testable internal import axidrawd

    let figuresCampaign = Campaign(
        name: "figures", help: "measures: start with a full spool, durable submission"
    ) { arguments in
        var report = CampaignReport()
        report.onFailure = { complain($0) }
        let count = Int(clamping: arguments.count ?? 50)
        let rows: [(String, @Sendable () throws -> String)] = [
            ("start", { try StartFigure.run() }), ("submit", { try SubmitFigure.run(count) }),
        ]
        for (name, measure) in rows where arguments.row == nil || arguments.row == name {
            let result: Result<String, any Error> = await withCheckedContinuation { done in
                // It waits for answers: the cooperative threads are the daemon's.
                Thread.detachNewThread { done.resume(returning: Result { try measure() }) }
            }
            switch result {
            case .success(let words): report.add(.held(words), row: name, seed: 0)
            case .failure(let error): report.add(.broken("\(error)"), row: name, seed: 0)
            }
        }
        return report
    }

    /// Times of one kind, in milliseconds.
    struct Times {
        private var milliseconds: [Double] = []

        mutating func add(seconds: Double) { milliseconds.append(seconds * 1000) }

        /// The value below which so large a part lies.
        func quantile(_ part: Double) -> Double {
            let sorted = milliseconds.sorted()
            guard !sorted.isEmpty else { return 0 }
            return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
        }

        var words: String {
            func text(_ value: Double) -> String { String(format: "%.2f", value) }
            return "p50 \(text(quantile(0.5))) ms, p99 \(text(quantile(0.99))) ms, most \(text(quantile(1))) ms"
        }
    }

    /// From the start of the process to ready, with 1,000 jobs waiting and 10,000 entries of history.
    private enum StartFigure {
        static let jobs = 1_000
        static let entries = 10_000

        static func run() throws -> String {
            let folder = try TemporaryFolder()
            try fill(folder.path("state"))
            var times = Times()
            for _ in 0..<5 { times.add(seconds: try start(folder)) }
            return "ready with \(jobs) jobs and \(entries) entries: \(times.words)"
        }

        private static func fill(_ path: String) throws {
            let disk = try SpoolDirectory(path: path)
            let store = try JobStore(storage: disk, nowMilliseconds: 1)
            var random = SeededGenerator(seed: 1)
            var old = JobIdentifierSource(after: nil)
            let drawing = Array("<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'/>".utf8)
            for start in stride(from: 0, to: entries, by: 500) {
                let records = (start..<start + 500).map { number in
                    let id = old.next(nowMilliseconds: Int64(number), using: &random)
                    let job = Job(
                        id: id, device: "plot1", name: "drawing \(number)", submittedAt: 1, rank: 1,
                        drawingSHA256: String(repeating: "0", count: 64), drawingBytes: 9, options: ["speed": "50"],
                        copies: 1, source: "api", isHeld: false, idempotency: nil)
                    return JobRecord(job: job, id: id, state: .done, rank: 1, startedAt: 2, endedAt: 3)
                }
                try store.history.append(records, storage: disk)
            }
            for number in 0..<jobs {
                let submission = JobStore.Submission(
                    device: "plot1", name: "job \(number)", drawing: drawing,
                    drawingSHA256: SHA256.hexadecimal(drawing), isHeld: true)
                _ = try store.submit(submission, nowMilliseconds: 1_700_000_000_000, using: &random)
            }
        }

        private static func start(_ folder: TemporaryFolder) throws -> Double {
            let scratch = try TemporaryFolder()
            let client = LocalClient(path: scratch.path("s"))
            let begun = Date()
            let process = try Executable.start(
                ["serve", "--simulate=1", "--state", folder.path("state"), "--listen", "unix:" + client.path],
                scratch: scratch)
            defer {
                process.terminate()
                process.waitUntilExit()
            }
            while process.isRunning, Date().timeIntervalSince(begun) < 60 {
                if client.ask("GET", "/readyz")?.status == 200 { return Date().timeIntervalSince(begun) }
                usleep(2_000)
            }
            throw KilledDaemon.Trouble(text: "the daemon does not come up: " + (try scratch.text("errors")))
        }
    }

    /// From the first byte of a drawing of 100 kB to the answer that it is accepted.
    private enum SubmitFigure {
        static func run(_ count: Int) throws -> String {
            let folder = try TemporaryFolder()
            let daemon = try FailingDaemon(in: folder)
            defer { daemon.stop() }
            var path = "M10 10"
            while path.utf8.count < 100_000 { path += "L\(10 + path.utf8.count % 173) \(10 + path.utf8.count % 131)" }
            let drawing =
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200mm\" height=\"200mm\" viewBox=\"0 0 200 200\">"
                + "<path d=\"\(path)\" fill=\"none\" stroke=\"black\"/></svg>"
            var times = Times()
            var durable = 0
            for number in 0..<count {
                daemon.fault.arm(.noSpace, step: .max)
                let begun = Date()
                let reply = daemon.client.ask(
                    "POST", "/v1/devices/plot1/jobs?hold=true&name=\(number)", "Content-Type: image/svg+xml\r\n",
                    body: drawing)
                times.add(seconds: Date().timeIntervalSince(begun))
                guard reply?.status == 201 else {
                    throw KilledDaemon.Trouble(text: "answer \(reply?.status ?? 0)")
                }
                // The first takes space for the journal ahead, which is one more.
                if number > 0 { durable = max(durable, daemon.fault.syncs) }
            }
            guard durable <= 4 else { throw KilledDaemon.Trouble(text: "\(durable) durable operations") }
            return "100 kB, \(durable) durable operations: \(times.words)"
        }
    }
#endif

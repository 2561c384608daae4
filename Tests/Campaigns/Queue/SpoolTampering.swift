// These look inside the program, which only a debug build allows.
#if DEBUG
    internal import Foundation

    @testable internal import axidrawd

    /// What is done to the spool of a killed daemon to see that the checks of `kill` notice.
    enum SpoolTampering: String, CaseIterable {
        case jobRemoved = "job removed"
        case jobCopied = "job copied"
        case journalEmptied = "journal emptied"

        /// Held if the checks are against it.
        func verdict(seed: UInt64) throws -> CampaignReport.Verdict {
            var run = KillRun(seed: seed)
            switch try run.verdict(after: { try apply(to: $0.spool) }) {
            case .broken: return .held("caught by kill")
            case .held(let words): return .broken("no check notices: \(words)")
            }
        }

        private func apply(to spool: URL) throws {
            let jobs = spool.appendingPathComponent("jobs")
            let names = try FileManager.default.contentsOfDirectory(atPath: jobs.path).sorted()
            guard let name = names.first else { throw KilledDaemon.Trouble(text: "the clients made no job") }
            let folder = jobs.appendingPathComponent(name)
            switch self {
            case .jobRemoved: try FileManager.default.removeItem(at: folder)
            case .journalEmptied: try Data().write(to: spool.appendingPathComponent("journal"))
            case .jobCopied:
                let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("job.json")))
                guard var job = Job(encoded: bytes) else { throw KilledDaemon.Trouble(text: "job.json is damaged") }
                job.id = "0" + job.id.dropFirst().dropLast(3) + "AAA"
                let copy = jobs.appendingPathComponent(job.id)
                try FileManager.default.copyItem(at: folder, to: copy)
                try Data(try job.encoded()).write(to: copy.appendingPathComponent("job.json"))
            }
        }
    }
#endif

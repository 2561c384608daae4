// These look inside the program, which only a debug build allows.
#if DEBUG
    internal import Foundation

    @testable internal import axidrawd

    /// What is done to the spool of a killed daemon to see that the checks of `kill` notice.
    enum SpoolTampering: String, CaseIterable {
        case jobRemoved = "job removed"
        case jobCopied = "job copied"
        case journalEmptied = "journal emptied"
        case recordLags = "record of a run two strokes behind"
        case recordLagsAtStops = "record of a run two strokes behind, at its stops"
        case outboxRemoved = "outbox removed"

        /// Held if the checks are against it.
        func verdict(seed: UInt64) throws -> CampaignReport.Verdict {
            if self == .recordLags { return try verdictOfLag(seed: seed) }
            if self == .recordLagsAtStops { return try verdictOfLagAtStops(seed: seed) }
            if self == .outboxRemoved { return try verdictOfForgetting(seed: seed) }
            var run = KillRun(seed: seed, motion: .physical)
            switch try run.verdict(after: { try apply(to: $0.spool) }) {
            case .broken: return .held("caught by kill")
            case .held(let words): return .broken("no check notices: \(words)")
            }
        }

        /// Closed strokes after SIGTERM, when what was stopped is not counted and the place not proved.
        private func verdictOfLag(seed: UInt64) throws -> CampaignReport.Verdict {
            var row = ClosedRow(seed: seed, motion: .physical, isKill: false) {
                try SpoolTampering.recordLags.apply(to: $0)
            }
            switch try row.run(.v303) {
            case .broken: return .held("caught by kill, row closed")
            case .held(let words): return .broken("no check notices: \(words)")
            }
        }

        /// At stops, where a record that is not proved draws what was drawn before.
        private func verdictOfLagAtStops(seed: UInt64) throws -> CampaignReport.Verdict {
            var row = StopsRow(seed: seed, motion: .physical) { try SpoolTampering.recordLags.apply(to: $0) }
            switch try row.run(.v303) {
            case .broken: return .held("caught by kill, row stops")
            case .held(let words): return .broken("no check notices: \(words)")
            }
        }

        /// What a receiver is owed is gone with the files that say so.
        private func verdictOfForgetting(seed: UInt64) throws -> CampaignReport.Verdict {
            var row = ToldRow(seed: seed) { try SpoolTampering.outboxRemoved.apply(to: $0) }
            switch try row.run(.v303) {
            case .broken: return .held("caught by kill, row told")
            case .held(let words): return .broken("no check notices: \(words)")
            }
        }

        private static func setBack(_ record: URL) throws {
            guard var progress = JobProgress(encoded: [UInt8](try Data(contentsOf: record))) else {
                throw KilledDaemon.Trouble(text: "the record of the run is damaged")
            }
            progress.stroke -= min(2, progress.stroke)
            (progress.command, progress.session) = (0, 0)
            try Data(progress.encoded()).write(to: record)
        }

        private func apply(to spool: URL) throws {
            if self == .outboxRemoved {
                return try FileManager.default.removeItem(at: spool.appendingPathComponent("outbox"))
            }
            let jobs = spool.appendingPathComponent("jobs")
            let names = try FileManager.default.contentsOfDirectory(atPath: jobs.path).sorted()
            guard let name = names.first else { throw KilledDaemon.Trouble(text: "the clients made no job") }
            let folder = jobs.appendingPathComponent(name)
            switch self {
            case .recordLags, .recordLagsAtStops:
                // The one that was drawn before is done, and its record gone.
                for name in names {
                    let record = jobs.appendingPathComponent(name).appendingPathComponent(JobProgress.fileName)
                    if FileManager.default.fileExists(atPath: record.path) { try Self.setBack(record) }
                }
            case .outboxRemoved: break
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

// These look inside the program, which only a debug build allows.
#if DEBUG
    internal import Foundation

    @testable internal import QueueSupport

    let statesCampaign = Campaign(
        name: "states",
        help: "the power is cut after every change of the disk, with every subset of what was not yet durable"
    ) { arguments in
        var report = CampaignReport()
        report.onFailure = { complain($0) }
        let deadline = arguments.minutes.map { Date().addingTimeInterval($0 * 60) }
        for seed in arguments.seed..<arguments.seed + arguments.seeds {
            if let deadline, Date() > deadline { break }
            var run = try QueueRun(seed: seed)
            try run.run(Int(clamping: arguments.count ?? 20))
            let (states, fault) = run.powerCuts(samples: 16)
            report.add(.held("open clean"), row: "power cuts", seed: seed, times: states - (fault == nil ? 0 : 1))
            if let fault { report.add(.broken("\(fault)"), row: "power cuts", seed: seed) }
        }
        return report
    }

    let damageCampaign = Campaign(
        name: "damage", help: "every byte of every file of a spool flipped, every length, foreign things in its folders"
    ) { _ in
        var report = CampaignReport()
        report.onFailure = { complain($0) }
        let spool = try DamagedSpool()
        for path in spool.paths {
            let (cases, fault) = spool.check(path)
            let row = path.split(separator: "/").last.map(String.init) ?? path
            report.add(.held("found, the rest served"), row: row, seed: 0, times: cases)
            if let fault { report.add(.broken("\(fault)"), row: row, seed: 0) }
        }
        do {
            try spool.checkForeignThings()
            report.add(.held("set aside, the rest served"), row: "foreign things", seed: 0)
        } catch { report.add(.broken("\(error)"), row: "foreign things", seed: 0) }
        return report
    }

    let proveCampaign = Campaign(
        name: "prove",
        help: "makes mistakes on purpose, in the queue and behind its back, and shows which check notices"
    ) { arguments in
        var report = CampaignReport()
        report.onFailure = { complain($0) }
        // The checks are worth something only if they are silent when nothing is wrong.
        let nothing = try Proof.fault(of: nil)
        report.add(
            nothing.map { .broken("\($0.check): \($0.fault)") } ?? .held("caught by none"), row: "no mistake",
            seed: arguments.seed)
        for mistake in QueueMistake.allCases where arguments.row == nil || arguments.row == mistake.words {
            let found = try Proof.fault(of: mistake)
            if let found, !arguments.isJSON { print("\(mistake.words): \(found.check): \(found.fault)") }
            let verdict: CampaignReport.Verdict =
                found.map { .held("caught by \($0.check)") } ?? .broken("no check notices")
            report.add(verdict, row: mistake.words, seed: arguments.seed)
        }
        for tampering in SpoolTampering.allCases where arguments.row == nil || arguments.row == tampering.rawValue {
            report.add(try tampering.verdict(seed: arguments.seed), row: tampering.rawValue, seed: arguments.seed)
        }
        if arguments.row == nil || WireBreak.allCases.contains(where: { $0.rawValue == arguments.row }) {
            try await WireBreak.prove(seed: arguments.seed, only: arguments.row, &report)
        }
        return report
    }

    /// Which check notices a mistake first.
    private enum Proof {
        static func fault(of mistake: QueueMistake?) throws -> (check: String, fault: String)? {
            // First the check that is meant for it.
            if mistake?.showsInFailures ?? false, let fault = failingDiskFault(mistake) { return ("io", fault) }
            if mistake?.showsInDamage ?? true, let fault = damageFault(mistake) { return ("damage", fault) }
            if let fault = powerCutFault(mistake) { return ("states", fault) }
            return failingDiskFault(mistake).map { ("io", $0) }
        }

        private static func powerCutFault(_ mistake: QueueMistake?) -> String? {
            for seed in 1...UInt64(mistake == nil ? 2 : 6) {
                do {
                    var run = try QueueRun(seed: seed, mistake: mistake)
                    try run.run(30)
                    if let fault = run.powerCuts(samples: 2).fault { return "seed \(seed): \(fault)" }
                } catch { return "seed \(seed): \(error)" }
            }
            return nil
        }

        private static func failingDiskFault(_ mistake: QueueMistake?) -> String? {
            for operation in FailingDisk.Operation.allCases {
                for failure in FailingDisk.Failure.allCases {
                    if let fault = FailingDisk.check(operation, failure, mistake: mistake).fault { return "\(fault)" }
                }
            }
            return nil
        }

        private static func damageFault(_ mistake: QueueMistake?) -> String? {
            do {
                let spool = try DamagedSpool(mistake: mistake)
                if let path = spool.paths.first(where: { $0.hasSuffix("job.json") }) {
                    if let fault = spool.check(path).fault { return "\(fault)" }
                }
                try spool.checkForeignThings()
                return nil
            } catch { return "\(error)" }
        }
    }
#endif

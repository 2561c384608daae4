internal import Testing

@testable internal import QueueSupport
@testable internal import axidrawd

/// What `axidrawd-campaign states`, `io` and `damage` do, in small.
struct SpoolCrashTests {
    @Test func everyPowerCutOpensCleanWithAllThatWasAcknowledged() throws {
        var run = try QueueRun(seed: 20)
        try run.run(20)
        let (states, fault) = run.powerCuts(samples: 8)
        #expect(fault == nil, "seed 20: \(String(describing: fault))")
        #expect(states >= 500, "only \(states) states")
    }

    @Test(arguments: FailingDisk.Operation.allCases)
    func everyFailingCallLeavesEarlierJobsWhole(_ operation: FailingDisk.Operation) {
        for failure in FailingDisk.Failure.allCases {
            #expect(FailingDisk.check(operation, failure).fault == nil)
        }
    }

    @Test func damageToAJobIsFoundAndTheRestServed() throws {
        let spool = try DamagedSpool()
        for path in spool.paths.filter({ $0.hasSuffix("job.json") }).prefix(1) {
            #expect(spool.check(path).fault == nil)
        }
        try spool.checkForeignThings()
    }

    @Test func theChecksNoticeAMistake() throws {
        var run = try QueueRun(seed: 1, mistake: .jobsNotSynced)
        try run.run(20)
        #expect(run.powerCuts(samples: 2).fault != nil)
        #expect(FailingDisk.check(.submit, .failedSync, mistake: .failedSyncForgiven).fault != nil)
        #expect(throws: QueueRun.Fault.self) {
            try DamagedSpool(mistake: .damagedThingsDeleted).checkForeignThings()
        }
    }

    @Test func refusesASpoolOfANewerVersion() throws {
        let bench = try StoreBench()
        bench.storage.node("VERSION")?.bytes = Array("4\n".utf8)
        #expect(throws: JobStore.Refusal.spool(.version(found: "4\n"))) { try StoreBench(on: bench.storage) }
    }
}

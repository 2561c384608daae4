internal import EBB
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import Simulator

/// The board is looked at until its last command has run, not only until that has been sent.
struct WatchTests {
    /// The motors lose their power while what is queued last is drawn: this is told within 1.2 s.
    @Test(arguments: [FirmwareVersion.v281, .v303]) func powerIsWatchedToTheEnd(_ firmware: FirmwareVersion)
        async throws
    {
        let program = SampleProgram.strokes(6, lines: 1, seed: 5)
        let length = try await Self.ticks(firmware, program)
        for share in [0.6, 0.75, 0.9] {
            let (loopback, driver) = try await Self.connected(firmware)
            let start = loopback.now
            let cut = start + Int64(Double(length) * share)
            let stood = Mutex<[Int64]>([])
            let hasBegun = Mutex(false)
            let requests = RunRequests()
            let end = await driver.run(RunStart(program), requests: requests) { event in
                let isFirst = hasBegun.withLock { begun in
                    defer { begun = true }
                    return !begun
                }
                if isFirst { loopback.perform(at: cut) { loopback.withBoard { $0.setSupply(counts: 0) } } }
                guard case .stood(.motorPowerLost) = event else { return }
                stood.withLock { $0.append(loopback.now) }
                requests.cancel()
            }
            loopback.endArrangements()
            #expect(end == .cancelled, "\(share)")
            let late = stood.withLock { $0.first.map { $0 - cut } }
            #expect(late.map { $0 < 30_000 } == true, "\(share): \(late ?? -1) ticks")
        }
    }

    private static func connected(_ firmware: FirmwareVersion) async throws -> (Loopback, Driver) {
        let loopback = Loopback(BoardConfiguration(firmware: firmware), speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        return (loopback, driver)
    }

    /// Length of the undisturbed run.
    private static func ticks(_ firmware: FirmwareVersion, _ program: Program) async throws -> Int64 {
        let (loopback, driver) = try await connected(firmware)
        let start = loopback.now
        #expect(await driver.run(RunStart(program)) == .done)
        return loopback.now - start
    }
}

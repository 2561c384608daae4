internal import EBB
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import Picture
@testable import Simulator

/// In simulated time a run depends on nothing but what it is given: not on how busy the machine is.
struct RepeatTests {
    /// Everything that a run leaves behind.
    private struct Outcome: Equatable {
        var end: RunEnd
        var stood: [String] = []
        var records: [CommandRecord] = []
        var vertices: [Trace.Vertex] = []
        /// When the run told of itself for the last time: what is still on its way to the host lets time pass after it.
        var now: Int64 = 0
    }

    private final class Events: Sendable {
        let stood = Mutex<[String]>([])
        let hasBegun = Mutex(false)
        let last = Mutex<Int64>(0)
    }

    /// A far errand, faults and requests: time must not run on to the errand while the driver has something to do.
    private static func outcome(
        _ firmware: FirmwareVersion, seed: UInt64, far: Int64, program: Program
    ) async throws -> Outcome {
        var generator = SeededGenerator(seed: seed)
        var configuration = BoardConfiguration(firmware: firmware)
        configuration.keepsRecords = true
        let loopback = Loopback(configuration, speed: .maximum, faults: FaultInjector(seed: seed))
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        let length = program.ticks.reduce(0) { $0 + Int64($1) }
        let script = FaultScript(rules: [
            FaultRule(.random(0.05), .delay(ticks: Int64.random(in: 1...3_000, using: &generator))),
            FaultRule(.random(0.05), .split(bytes: 2)),
            FaultRule(.at(tick: Int64.random(in: 10_000..<length, using: &generator)), .silence(ticks: 60_000)),
            FaultRule(
                .at(tick: Int64.random(in: 10_000..<length, using: &generator)),
                .unplug(ticks: Int64.random(in: 2_500...60_000, using: &generator), resets: false)),
        ])
        let pause = Int64.random(in: 10_000..<length, using: &generator)
        let stall = Int64.random(in: 10_000..<length, using: &generator)
        let events = Events()
        let requests = RunRequests()
        let end = await driver.runAlone(program, on: loopback, requests: requests) { event in
            events.last.withLock { $0 = loopback.now }
            if events.hasBegun.withLock({ begun in
                defer { begun = true }
                return !begun
            }) {
                loopback.add(script)
                loopback.perform(at: far) {}
                loopback.perform(at: pause) { requests.pause(.now) }
                loopback.perform(at: stall) { loopback.stall(ticks: 1_000) }
            }
            guard case .stood(let reason) = event else { return }
            let now = loopback.withBoard { $0.now }
            events.stood.withLock { $0.append("\(now): \(reason)") }
            loopback.perform(at: now + 20_000) { requests.resume() }
        }
        var outcome = Outcome(end: end)
        outcome.stood = events.stood.withLock { $0 }
        outcome.records = loopback.withBoard { $0.takeRecords() }
        outcome.vertices = loopback.snapshot(since: 0).vertices
        outcome.now = events.last.withLock { $0 }
        return outcome
    }

    @Test(arguments: [FirmwareVersion.v281, .v303]) func sameSeedSameRun(_ firmware: FirmwareVersion) async throws {
        let program = SampleProgram.strokes(6, seed: 5)
        for seed in UInt64(1)...5 {
            let far: Int64 = 1 << 30
            let first = try await Self.outcome(firmware, seed: seed, far: far, program: program)
            #expect(first.now < far, "seed \(seed): time ran on to the far errand; \(first.stood)")
            for _ in 0..<6 {
                let again = try await Self.outcome(firmware, seed: seed, far: far, program: program)
                #expect(again.stood == first.stood, "seed \(seed)")
                #expect(again == first, "seed \(seed)")
            }
        }
    }
}

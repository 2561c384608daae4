internal import Synchronization
internal import TestSupport
internal import Testing

@testable import EBB
@testable import Simulator

/// A host that gets no processor for a while must not be noticed by the board.
struct StallTests {
    /// Stalls of the driver's process at random moments, each shorter than the motion that the board then has in hand.
    private final class Stalls: Sendable {
        private struct State {
            var generator: SeededGenerator
            var count = 0
            var longest: Int64 = 0
            var isOver = false
        }

        private let loopback: Loopback
        private let driver: Driver
        private let state: Mutex<State>

        init(_ loopback: Loopback, _ driver: Driver, seed: UInt64) {
            self.loopback = loopback
            self.driver = driver
            state = Mutex(State(generator: SeededGenerator(seed: seed)))
        }

        var figures: (count: Int, longest: Int64) { state.withLock { ($0.count, $0.longest) } }

        /// The run is at its end: one that happens at this moment arranges no more, or they would go on for ever.
        func end() {
            state.withLock { $0.isOver = true }
            loopback.endArrangements()
        }

        /// Arranges the next, and so on to the end of the run.
        func arrange(from now: Int64) {
            let pause = state.withLock { state -> Int64? in
                state.isOver ? nil : Int64.random(in: 1...6_000, using: &state.generator)
            }
            guard let pause else { return }
            loopback.perform(at: now + pause) { [self] in
                let now = loopback.now
                let queued = driver.assumeIsolated { ($0.link.credit.lastEnd ?? now) - now }
                if queued > 1 {
                    let length = state.withLock { state in
                        let length = Int64.random(in: 1..<queued, using: &state.generator)
                        state.count += 1
                        state.longest = max(state.longest, length)
                        return length
                    }
                    loopback.stall(ticks: length)
                }
                arrange(from: now)
            }
        }
    }

    @Test(arguments: [FirmwareVersion.v281, .v303], UInt64(1)...12)
    func aStallShorterThanTheQueueIsNotNoticed(_ firmware: FirmwareVersion, _ seed: UInt64) async throws {
        let loopback = Loopback(BoardConfiguration(firmware: firmware), speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        let stalls = Stalls(loopback, driver, seed: seed)
        let hasBegun = Mutex(false)
        let end = await driver.run(RunStart(SampleProgram.strokes(10, seed: seed))) { _ in
            let isFirst = hasBegun.withLock { begun in
                defer { begun = true }
                return !begun
            }
            if isFirst { stalls.arrange(from: loopback.now) }
        }
        stalls.end()
        #expect(end == .done, "seed \(seed)")
        #expect(loopback.withBoard { $0.incidents } == [], "seed \(seed)")
        let figures = stalls.figures
        #expect(figures.count > 50 && figures.longest > 1_000, "seed \(seed): \(figures)")
    }
}

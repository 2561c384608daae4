internal import EBB
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import Simulator

/// Commands that arrive otherwise than they were sent, on a board that checks no sum.
struct DamageTests {
    /// A link that changes one line.
    private final class ChangingLink: Transport {
        let board: Loopback
        private let plan: Mutex<(left: Int, line: String, other: String)>

        /// - Parameter number: which of the lines that read so, counted from 0.
        init(_ board: Loopback, _ number: Int, _ line: String, to other: String) {
            self.board = board
            plan = Mutex((number, line, other))
        }

        var now: Int64 { board.now }

        func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {
            try board.open(on: executor, events: events)
        }

        func write(_ bytes: [UInt8]) {
            let changed = plan.withLock { plan -> [UInt8] in
                guard bytes == Array((plan.line + "\r").utf8) else { return bytes }
                plan.left -= 1
                return plan.left == -1 ? Array((plan.other + "\r").utf8) : bytes
            }
            board.write(changed)
        }

        func wake(at tick: Int64?) { board.wake(at: tick) }
        func close() { board.close() }
    }

    /// The pen is lowered in a tenth of its time: the stroke is drawn again.
    @Test(arguments: [("SP,0,140", "SP,0,14")])
    func aPenMoveThatIsCutShortIsFound(_ line: String, _ other: String) async throws {
        let program = SampleProgram.strokes(4, lines: 2, seed: 3)
        let loopback = Loopback(BoardConfiguration(firmware: .v281), speed: .maximum)
        // The first line of all lifts the pen before the plot.
        let number = line.hasPrefix("SP,1") ? 2 : 1
        let driver = Driver(transport: ChangingLink(loopback, number, line, to: other))
        _ = try await driver.connect()
        let requests = RunRequests()
        let stood = Mutex<[PauseReason]>([])
        let end = await driver.runAlone(program, on: loopback, requests: requests) { event in
            guard case .stood(let reason) = event else { return }
            stood.withLock { $0.append(reason) }
            _ = loopback.withBoard { $0.carryHome() }
            requests.resume()
        }
        #expect(end == .done)
        let reasons = stood.withLock { $0 }
        #expect(reasons.count == 1, "\(reasons)")
        guard case .positionLost? = reasons.first else {
            Issue.record("stood: \(reasons)")
            return
        }
        // The second stroke twice.
        #expect(loopback.snapshot(since: 0).penLifts == 5)
    }
}

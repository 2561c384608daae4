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

    /// Draws four strokes with one line changed; gives why the plot stood, and how often the pen was lifted.
    private static func drawn(_ number: Int, _ line: String, as other: String) async throws
        -> (stood: [PauseReason], lifts: Int)
    {
        let program = SampleProgram.strokes(4, lines: 2, seed: 3)
        let loopback = Loopback(BoardConfiguration(firmware: .v281), speed: .maximum)
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
        return (stood.withLock { $0 }, loopback.snapshot(since: 0).penLifts)
    }

    /// The pen is lowered in a tenth of its time: the stroke is drawn again.
    @Test func aPenMoveThatIsCutShortIsFound() async throws {
        let (stood, lifts) = try await Self.drawn(1, "SP,0,140", as: "SP,0,14")
        guard case .positionLost? = stood.first, stood.count == 1 else {
            Issue.record("stood: \(stood)")
            return
        }
        #expect(lifts == 5)
    }

    /// The pen's order becomes one that the board takes at once: whoever looks is too late for the pen move, and asks after it.
    @Test(arguments: 0..<4) func aPenMoveThatBecomesAnotherCommandIsFound(number: Int) async throws {
        let (stood, lifts) = try await Self.drawn(number, "SP,0,140", as: "SR,0,140")
        guard case .positionLost? = stood.first, stood.count == 1 else {
            Issue.record("stood: \(stood)")
            return
        }
        #expect(lifts == 4)
    }

    /// With another resolution everything would be drawn in another size: it is set again before anything is.
    @Test func anotherResolutionIsFoundBeforeAnythingIsDrawn() async throws {
        let (stood, lifts) = try await Self.drawn(0, "EM,1,1", as: "EM,3,1")
        guard case .positionLost? = stood.first, stood.count == 1 else {
            Issue.record("stood: \(stood)")
            return
        }
        #expect(lifts == 4)
    }
}

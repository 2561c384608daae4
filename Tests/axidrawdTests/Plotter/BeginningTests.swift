internal import EBB
internal import Foundation
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import axidrawd

/// A cable that slips while a plot is being begun: at every single question and command of its beginning.
struct BeginningTests {
    private struct Case: CustomStringConvertible, Sendable {
        var firmware: FirmwareVersion
        var isReset: Bool
        /// Where the carriage stands before, as steps of both motors.
        var steps: (Int32, Int32)
        var description: String { "\(firmware), \(isReset ? "reset" : "not reset"), from \(steps)" }
    }

    private static let cases: [Case] = [FirmwareVersion.v281, .v303].flatMap { firmware in
        [false, true].flatMap { isReset in
            [(0, 0), (400, 0)].map { Case(firmware: firmware, isReset: isReset, steps: $0) }
        }
    }

    /// What a plotter has told, in the order of the first time.
    private final class Told: Sendable {
        let end = Mutex<String?>(nil)
        let lostPlace = Mutex(false)

        func take(_ notice: PlotterNotice) {
            switch notice {
            case .ended(_, let end): self.end.withLock { $0 = "\(end)" }
            case .withheld: end.withLock { $0 = "withheld" }
            case .state(.paused(_, _, let reason)) where reason.isPositionUnknown: lostPlace.withLock { $0 = true }
            case .attached, .state, .unproven, .changed, .kept, .grew, .progressed: break
            }
        }
        var isOver: Bool { end.withLock { $0 != nil } || lostPlace.withLock { $0 } }
    }

    @Test(arguments: cases) private func aCableThatSlipsCostsNothing(_ beginning: Case) async throws {
        var ends: [String: Int] = [:]
        for count in 0..<24 {
            let board = Loopback(BoardConfiguration(firmware: beginning.firmware), speed: .maximum)
            let link = SlippingLink(board, isReset: beginning.isReset)
            let told = Told()
            let plotter = Plotter(name: "plot1", transport: link) { told.take($0) }
            await plotter.attach()
            if beginning.steps != (0, 0) {
                let (first, second) = beginning.steps
                _ = try await plotter.driver.ask(.move(milliseconds: 400, first, second))
                #expect(try await plotter.driver.standstill(after: 12_500))
            }
            link.left.withLock { $0 = count }
            try await plotter.start(job: "J", PlotStart(program: SampleProgram.strokes(4, seed: 1), session: 8))
            let limit = Date().addingTimeInterval(180)
            while !told.isOver, Date() < limit { try await Task.sleep(for: .milliseconds(1)) }
            let end = told.lostPlace.withLock { $0 } ? "stands" : told.end.withLock { $0 } ?? "nothing"
            ends[end, default: 0] += 1
            guard end == "done" else { continue }
            let place = board.withBoard { MotorPosition($0.position.motor1, $0.position.motor2) }
            #expect(place == .zero, "\(count)")
            #expect(board.snapshot(since: 0).penLifts == 4, "\(count)")
        }
        // Only what was asked of the board before the plot was said to have begun lets the job wait.
        #expect(ends["withheld", default: 0] == 2, "\(ends)")
        #expect((ends["stands", default: 0] > 0) == beginning.isReset, "\(ends)")
        #expect(ends.keys.allSatisfy { ["done", "withheld", "stands"].contains($0) }, "\(ends)")
    }
}

/// A link whose cable slips out instead of carrying one certain message, and is put back at once.
private final class SlippingLink: Transport {
    /// Messages that are still carried; nil = all.
    let left = Mutex<Int?>(nil)
    private let inner: Loopback
    private let isReset: Bool

    init(_ inner: Loopback, isReset: Bool) {
        self.inner = inner
        self.isReset = isReset
    }

    var now: Int64 { inner.now }
    func open(on executor: QueueExecutor, events: @escaping @Sendable (TransportEvent) -> Void) throws(LinkError) {
        try inner.open(on: executor, events: events)
    }
    func write(_ bytes: [UInt8]) {
        let slips = left.withLock { left in
            guard let count = left else { return false }
            left = count > 0 ? count - 1 : nil
            return count == 0
        }
        guard slips else { return inner.write(bytes) }
        inner.pullCable()
        if isReset { inner.withBoard { $0.powerCycle() } }
        inner.plugCable()
    }
    func wake(at tick: Int64?) { inner.wake(at: tick) }
    func close() { inner.close() }
}

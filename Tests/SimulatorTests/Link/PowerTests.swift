internal import EBB
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import Picture
@testable import Simulator

/// Motors that lose their power while nobody can ask: the plot begins again with the stroke in hand.
struct PowerTests {
    private static let strokes = 5

    /// The cable comes out in the travel after a stroke whose end was looked at, the power 20 ms later.
    @Test(arguments: [FirmwareVersion.v281, .v303]) func aFinishedStrokeIsNotDrawnAgain(_ firmware: FirmwareVersion)
        async throws
    {
        let program = SampleProgram.strokes(Self.strokes, lines: 1, seed: 9)
        let undisturbed = try await Self.run(firmware, program, out: nil).touches
        try #require(undisturbed.count == Self.strokes)
        for done in 1..<Self.strokes - 1 {
            // The pen is all the way up 140 ms after its lift began at the latest.
            let out = undisturbed[done - 1].upperBound + 3_600
            let (touches, home) = try await Self.run(firmware, program, out: out)
            let again = touches.count { $0.lowerBound >= home }
            #expect(again == Self.strokes - done, "after \(done) strokes: \(again) of \(Self.strokes) are drawn then")
        }
    }

    /// When the pen touched the paper, and when the carriage was brought home.
    ///
    /// - Parameter out: when the cable comes out; the power goes 20 ms later.
    private static func run(_ firmware: FirmwareVersion, _ program: Program, out: Int64?) async throws
        -> (touches: [Range<Int64>], home: Int64)
    {
        let loopback = Loopback(BoardConfiguration(firmware: firmware), speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        let requests = RunRequests()
        let hasBegun = Mutex(false)
        let home = Mutex<Int64>(.max)
        let end = await driver.runAlone(program, on: loopback, requests: requests) { event in
            let isFirst = hasBegun.withLock { begun in
                defer { begun = true }
                return !begun
            }
            if isFirst, let out {
                loopback.perform(at: out) { loopback.pullCable() }
                loopback.perform(at: out + 500) { loopback.withBoard { $0.setSupply(counts: 0) } }
                loopback.perform(at: out + 50_000) { loopback.plugCable() }
            }
            guard case .stood(.motorPowerLost) = event else { return }
            loopback.withBoard { board in
                board.setSupply(counts: 300)
                board.carryHome()
                home.withLock { $0 = board.now }
            }
            requests.resume()
        }
        #expect(end == .done)
        let snapshot = loopback.snapshot(since: 0)
        var touches: [Range<Int64>] = []
        for (a, b) in zip(snapshot.vertices, snapshot.vertices.dropFirst() + [snapshot.live]) where a.isTouching {
            if let last = touches.last, last.upperBound == a.tick {
                touches[touches.count - 1] = last.lowerBound..<b.tick
            } else {
                touches.append(a.tick..<b.tick)
            }
        }
        return (touches, home.withLock { $0 })
    }
}

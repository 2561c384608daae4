internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// A stop in the midst of curves, which run as time-limited moves.
struct CurveStopTests {
    private static let drawing: [UInt8] = {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='90mm' height='60mm' viewBox='0 0 90 60' fill='none'>"
        for i in 0..<3 { text += "<circle cx='\(16 + i * 28)' cy='20' r='\(4 + i * 4)' stroke='black'/>" }
        return Array((text + "<path d='M5 50C30 30 60 70 85 45' stroke='black'/></svg>").utf8)
    }()

    /// On 2.8.1 `ES` does not stop an `LT`: the carriage is at rest 0.6 s later at most, and then the pen goes up.
    @Test(arguments: ["2.8.1", "3.0.3"]) func theCarriageIsSoonAtRest(_ firmware: String) async throws {
        let request = try Fixture.request(["--firmware", firmware, "--motion", "physical"])
        let plot = try PreparedPlot(drawing: Self.drawing, request: request, execution: .serial)
        let ticks = plot.stream.durationTicks
        var latest: Int64 = 0
        for share in 1...12 {
            var configuration = request.board
            configuration.keepsRecords = true
            let loopback = Loopback(configuration, speed: .maximum)
            let driver = Driver(transport: loopback)
            _ = try await driver.connect()
            _ = loopback.withBoard { $0.takeRecords() }
            let requests = RunRequests()
            let isArranged = Mutex(false)
            let tick = loopback.withBoard { $0.now } + ticks * Int64(share) / 13
            let end = await driver.run(RunStart(Program(plot.stream)), requests: requests) { _ in
                let isFirst = isArranged.withLock { done in
                    defer { done = true }
                    return !done
                }
                if isFirst { loopback.perform(at: tick) { driver.stop(requests) } }
            }
            loopback.endArrangements()
            #expect(end == .cancelled, "at \(tick)")
            let place = loopback.snapshot(since: 0)
            #expect(place.isPenUp && loopback.withBoard { $0.isIdle }, "at \(tick)")
            let records = loopback.withBoard { $0.takeRecords() }
            let stop = try #require(records.first { $0.command.starts(with: "ES".utf8) }, "at \(tick)").tick
            let rest =
                records.filter { $0.ticks > 0 && $0.command.starts(with: "LT".utf8) }.map { $0.startTick + $0.ticks }
                .max() ?? 0
            latest = max(latest, rest - stop)
            let lift = try #require(
                records.last { $0.command.starts(with: "SP,1".utf8) && $0.tick >= stop }, "at \(tick)")
            #expect(lift.startTick >= rest || firmware == "3.0.3", "at \(tick)")
        }
        #expect(latest <= (firmware == "2.8.1" ? 15_000 : 6_250), "\(latest) ticks")
    }
}

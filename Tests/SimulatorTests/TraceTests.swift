internal import EBB
internal import Testing

@testable internal import Picture
@testable internal import Simulator

struct TraceTests {
    @Test func startsEmpty() {
        #expect(Trace().vertices.isEmpty)
    }

    /// A rate that wraps every few ticks for a minute shakes the carriage to and fro: its path stays small, its end exact.
    @Test func aShakenCarriageLeavesABoundedPath() {
        let summary = Replay(BoardConfiguration(firmware: .v303)).run(Array("T3,1500000,0,0,4,1717,340,53\n".utf8))
        #expect(summary.ticks == 1_500_001)
        #expect(summary.trace.vertices.count <= Machine.refinementLimit + 100)
        #expect(summary.trace.vertices.last.map { Int($0.motor1) } == Int(summary.motor1))
        #expect(summary.incidents.contains { $0.kind == .rateWrapped })
    }
}

internal import Motion
internal import Testing

/// Where moves are cut for boards whose rates have no sign.
struct CurveMoveTests {
    /// Both motors slow down evenly from their entries and run on backwards; reversals are at ticks · entry / (entry − exit).
    private static func cuts(_ ticks: Int32, reversals: (Double, Double), slope: Double = 1e-4) -> [Int32] {
        let entry = SIMD2(reversals.0, reversals.1) * slope
        let move = CurveMove(ticks: ticks, end: SIMD2(0, 0), entry: entry, exit: entry - slope * Double(ticks))
        return move.reversals
    }

    @Test func reversalsFarApartAreCutsOfTheirOwn() {
        #expect(Self.cuts(1000, reversals: (300, 500)) == [300, 500])
        #expect(Self.cuts(1000, reversals: (500, 300)) == [300, 500])
        #expect(Self.cuts(1000, reversals: (300, 2000)) == [300])
        #expect(Self.cuts(1000, reversals: (1500, 2000)) == [])
    }

    /// What one motor alone would miss both miss by a half.
    @Test func reversalsNearEachOtherShareWhatTheyMiss() {
        #expect(Self.cuts(1000, reversals: (400, 480)) == [390, 490])
        #expect(Self.cuts(400, reversals: (190, 200), slope: 1e-5) == [195])
        // In a long command a motor that misses a little of its reversal would run far beside: it is cut again.
        #expect(Self.cuts(1000, reversals: (400, 420), slope: 1e-3) == [310, 410, 510])
        #expect(Self.cuts(1000, reversals: (140, 160), slope: 1e-3) == [150, 250])
    }

    @Test func noPartIsShorterThanOneThatCanBeSent() {
        for first in stride(from: 1.0, to: 400, by: 13) {
            for second in stride(from: 1.0, to: 400, by: 17) {
                var last: Int32 = 0
                for cut in Self.cuts(400, reversals: (first, second)) + [400] {
                    #expect(cut - last >= 100, "\(first), \(second)")
                    last = cut
                }
            }
        }
    }
}

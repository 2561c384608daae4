internal import Testing

@testable import EBB

struct CreditTests {
    @Test func oneRunsAndDepthWait() {
        var credit = Credit(depth: 32)
        for index in 0..<33 {
            #expect(credit.nextChance(at: 0) == 0)
            credit.sent(index: index, ticks: 100, at: 0)
        }
        // The first ends at tick 100; before that the 34th would stay in the parser.
        #expect(credit.nextChance(at: 0) == 100)
        #expect(credit.retire(at: 99) == nil)
        #expect(credit.retire(at: 100) == 1)
        #expect(credit.nextChance(at: 100) == 100)
    }

    @Test func withOnePlaceACommandWaitsInTheParserForAMomentOnly() {
        var credit = Credit(depth: 1)
        credit.sent(index: 0, ticks: 1_000, at: 0)
        credit.sent(index: 1, ticks: 1_000, at: 0)
        let chance = credit.nextChance(at: 0)
        #expect(chance == 1_000 - Credit.longestParserWait)
        credit.sent(index: 2, ticks: 1_000, at: chance)
        // Not a second one behind it.
        #expect(credit.nextChance(at: chance) >= 1_000)
    }

    @Test func shortCommandsDoNotPileUpInTheParser() {
        var credit = Credit(depth: 1)
        for index in 0..<3 { credit.sent(index: index, ticks: 50, at: 0) }
        #expect(credit.nextChance(at: 0) == 50)
    }

    @Test func aReplyFromAnIdleBoardMovesTheModel() {
        var credit = Credit(depth: 1)
        credit.sent(index: 0, ticks: 1_000, at: 0)
        credit.answered(at: 40)
        #expect(credit.lastEnd == 1_040)
    }

    @Test func motionQueuedIsLimited() {
        var credit = Credit(depth: 32, longestQueue: 2_000)
        credit.sent(index: 0, ticks: 1_500, at: 0)
        #expect(credit.nextChance(at: 0) == 0)
        credit.sent(index: 1, ticks: 1_500, at: 0)
        #expect(credit.nextChance(at: 0) == 1_000)
    }
}

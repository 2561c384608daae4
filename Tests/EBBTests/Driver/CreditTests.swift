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

    @Test func theModelKnowsHowLateItMayBe() {
        var credit = Credit(depth: 1)
        credit.sent(index: 0, ticks: 1_000, at: 0)
        #expect(credit.lateness == 0)
        // It began somewhere between its sending and its reply.
        credit.answered(0, at: 40)
        #expect(credit.lateness == 40)
        credit.move(by: -30)
        #expect(credit.lateness == 10)
        credit.move(by: -30)
        #expect(credit.lateness == 0)
        credit.move(by: 25)
        #expect(credit.retire(at: 2_000) == 1)
        // What comes to an idle board begins no sooner.
        credit.sent(index: 1, ticks: 1_000, at: 2_000)
        #expect(credit.lateness == 0)
    }

    @Test func aReplyFromAnIdleBoardMovesTheModel() {
        var credit = Credit(depth: 1)
        credit.sent(index: 0, ticks: 1_000, at: 0)
        credit.answered(0, at: 40)
        #expect(credit.lastEnd == 1_040)
    }

    @Test func aReplyBeforeItsTimeShowsThatTheBoardIsAhead() {
        var credit = Credit(depth: 1)
        for index in 0..<3 { credit.sent(index: index, ticks: 1_000, at: 0) }
        credit.answered(2, at: 900)
        #expect(credit.firstEnd == 900)
        #expect(credit.lastEnd == 2_900)
    }

    @Test func aReplyLongAfterItsTimeShowsThatTheBoardIsBehind() {
        var credit = Credit(depth: 1)
        for index in 0..<3 { credit.sent(index: index, ticks: 1_000, at: 0) }
        credit.answered(2, at: 1_050)
        #expect(credit.lastEnd == 3_000)
        _ = credit.retire(at: 2_000)
        credit.sent(index: 3, ticks: 1_000, at: 2_000)
        credit.sent(index: 4, ticks: 1_000, at: 2_000)
        credit.answered(4, at: 3_275)
        #expect(credit.lastEnd == 5_025)
    }

    @Test func whatTheBoardSaysOfItsQueueCorrectsTheModel() {
        var credit = Credit(depth: 32)
        for index in 0..<5 { credit.sent(index: index, ticks: 1_000, at: 0) }
        credit.observed(waiting: 4, asked: 500, at: 500)
        #expect(credit.lastEnd == 5_000)
        credit.observed(waiting: 2, asked: 1_400, at: 1_500)
        #expect(credit.lastEnd == 4_500)
        _ = credit.retire(at: 1_500)
        credit.observed(waiting: 3, asked: 1_590, at: 1_600)
        #expect(credit.lastEnd == 4_600)
        credit.observed(waiting: nil, asked: 1_700, at: 1_700)
        #expect(credit.lastEnd == 1_700)
    }

    @Test func aDeepQueueThatWasFullerThanModelledIsSeenByItsReply() {
        var credit = Credit(depth: 2)
        for index in 0..<3 {
            credit.sent(index: index, ticks: 1_000, at: 0)
            credit.answered(index, at: 0)
        }
        _ = credit.retire(at: 1_000)
        credit.sent(index: 3, ticks: 1_000, at: 1_000)
        credit.answered(3, at: 1_075)
        #expect(credit.lastEnd == 4_000)
        _ = credit.retire(at: 2_000)
        // It has waited in the parser, or the link is slow: a millisecond does no harm.
        credit.sent(index: 4, ticks: 1_000, at: 2_000)
        credit.answered(4, at: 2_500)
        #expect(credit.lastEnd == 5_025)
    }

    @Test func motionQueuedIsLimited() {
        var credit = Credit(depth: 32, longestQueue: 2_000)
        credit.sent(index: 0, ticks: 1_500, at: 0)
        #expect(credit.nextChance(at: 0) == 0)
        credit.sent(index: 1, ticks: 1_500, at: 0)
        #expect(credit.nextChance(at: 0) == 1_000)
    }
}

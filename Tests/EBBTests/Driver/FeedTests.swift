internal import Testing

@testable internal import EBB

struct FeedTests {
    /// Motion by `LT` begins with a move of no step, before the pen is set up: all of that is told again, and the pen raised.
    @Test func setUpOfARestartGoesBeyondTheCentringOfPhases() {
        let centring = TimedMoveEncoder(isSigned: true).centring
        let pen: [Command] = [
            .configure(4, 20_641), .configure(5, 15_248), .pen(isUp: true, milliseconds: 130, pin: nil),
        ]
        let commands = [.enableMotors(1, 1), centring.command] + pen + [.move(milliseconds: 10, 5, 5)]
        let feed = Feed(
            program: Program(
                commands: commands, ticks: [1, centring.ticks, 0, 0, 3250, 250],
                strokes: Array(repeating: -1, count: 6)),
            counters: .zero)
        #expect(feed.setUp(before: 6) == [.enableMotors(1, 1)] + pen)
    }

    /// A board that was reset must get what the layer in hand had set, not only what the plot began with.
    @Test func setUpOfARestartHoldsWhatLayersHaveChanged() {
        let move = Command.move(milliseconds: 10, 5, 5)
        let commands: [Command] = [
            .enableMotors(1, 1), .configure(4, 20_641), .configure(5, 15_248),
            .pen(isUp: true, milliseconds: 130, pin: nil),
            move, .configure(5, 11_653), move, move, .configure(5, 15_248), move,
        ]
        let count = commands.count
        let feed = Feed(
            program: Program(
                commands: commands, ticks: Array(repeating: 1, count: count),
                strokes: Array(repeating: -1, count: count)),
            counters: .zero)
        #expect(feed.setUp(before: 4) == Array(commands[..<4]))
        #expect(feed.setUp(before: 0) == Array(commands[..<4]))
        #expect(feed.setUp(before: 7) == Array(commands[..<4]) + [.configure(5, 11_653)])
        #expect(feed.setUp(before: count) == Array(commands[..<4]) + [.configure(5, 11_653), .configure(5, 15_248)])
    }
}

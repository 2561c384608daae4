internal import EBB
internal import Testing

@testable internal import Simulator

/// A servo without power stays where it is, on the paper or above it.
struct PenPowerTests {
    /// Raised, and then for so many ticks on its way down when the power goes, or `R` comes.
    private func board(fallingFor ticks: Int64, resets: Bool) -> VirtualBoard {
        var board = VirtualBoard(BoardConfiguration(firmware: .v303))
        for line in ["SC,4,20641", "SC,5,15248", "SP,1,1000", "SP,0,1000"] { board.receive(Array("\(line)\r".utf8)) }
        board.advance(to: 25_000 + ticks)
        if resets { board.receive(Array("R\r".utf8)) } else { board.powerCycle() }
        board.advance(to: 200_000)
        return board
    }

    @Test(arguments: [false, true]) func itStaysWhereItIs(_ resets: Bool) {
        var high = board(fallingFor: 500, resets: resets)
        #expect(!high.machine.pen.isTouching)
        let low = board(fallingFor: 20_000, resets: resets)
        #expect(low.machine.pen.isTouching)
        // From there it moves again when it is told to.
        for line in ["SC,5,15248", "SP,0,1000"] { high.receive(Array("\(line)\r".utf8)) }
        high.advance(to: 400_000)
        #expect(high.machine.pen.isTouching)
        high.receive(Array("SP,1,1000\r".utf8))
        high.advance(to: 600_000)
        #expect(!high.machine.pen.isTouching)
    }
}

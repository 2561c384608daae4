import Testing

@testable import EBB

struct PlaceTests {
    /// Pen down, a square of 100 steps a side, pen up, then away.
    private let square = Program(
        commands: [
            .enableMotors(1, 1), .move(milliseconds: 100, 50, 0), .pen(isUp: false, milliseconds: 100, pin: nil),
            .move(milliseconds: 100, 100, 0), .move(milliseconds: 100, 0, 100), .move(milliseconds: 100, -100, 0),
            .move(milliseconds: 100, 0, -100), .pen(isUp: true, milliseconds: 100, pin: nil),
            .move(milliseconds: 100, 30, 30),
        ],
        ticks: [0, 2500, 2500, 2500, 2500, 2500, 2500, 2500, 2500], strokes: [-1, -1, 0, 0, 0, 0, 0, 0, -1])

    @Test("counters in the middle of a stroke are one place; a command that may have been lost is sent again")
    func unique() {
        #expect(Driver.places(in: square, from: 0, at: MotorPosition(150, 0)) == [4])
        #expect(Driver.places(in: square, from: 2, at: MotorPosition(50, 100)) == [6])
        #expect(Driver.places(in: square, from: 2, at: MotorPosition(80, 30)) == [9])
    }

    @Test("where a closed stroke begins it also ends: two places, no proof")
    func ambiguous() {
        #expect(Driver.places(in: square, from: 0, at: MotorPosition(50, 0)) == [2, 7])
        // Past the beginning only the end is left.
        #expect(Driver.places(in: square, from: 4, at: MotorPosition(50, 0)) == [7])
    }

    @Test("between two commands, off the way, or with a record beyond the program there is no place")
    func nowhere() {
        #expect(Driver.places(in: square, from: 0, at: MotorPosition(75, 0)).isEmpty)
        #expect(Driver.places(in: square, from: 10, at: MotorPosition(50, 0)).isEmpty)
        #expect(Driver.places(in: square, from: -1, at: MotorPosition(50, 0)).isEmpty)
    }

    @Test("a program's digest tells it from one that differs in a single number")
    func digest() {
        var other = square
        other.commands[8] = .move(milliseconds: 100, 30, 31)
        #expect(square.digest != other.digest)
        #expect(square.digest == square.digest && square.digest != 0)
    }
}

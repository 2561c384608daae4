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
        #expect(square.place(at: MotorPosition(150, 0), from: 0, isPenUp: nil) == 4)
        #expect(square.place(at: MotorPosition(50, 100), from: 2, isPenUp: false) == 6)
        #expect(square.place(at: MotorPosition(80, 30), from: 2, isPenUp: true) == 9)
    }

    @Test("where a closed stroke begins it also ends: the earlier place, on the side on which the pen is")
    func ambiguous() {
        #expect(square.place(at: MotorPosition(50, 0), from: 0, isPenUp: nil) == 2)
        #expect(square.place(at: MotorPosition(50, 0), from: 0, isPenUp: true) == 2)
        #expect(square.place(at: MotorPosition(50, 0), from: 0, isPenUp: false) == 3)
        // Past the beginning only the end is left.
        #expect(square.place(at: MotorPosition(50, 0), from: 4, isPenUp: nil) == 7)
        #expect(square.place(at: MotorPosition(50, 0), from: 8, isPenUp: true) == 8)
    }

    @Test("within a command it is that command, off the way or with a record beyond the program there is no place")
    func within() {
        #expect(square.place(at: MotorPosition(75, 0), from: 0, isPenUp: nil) == 3)
        #expect(square.place(at: MotorPosition(75, 4), from: 0, isPenUp: nil) == nil)
        #expect(square.place(at: MotorPosition(50, 0), from: 10, isPenUp: nil) == nil)
        #expect(square.place(at: MotorPosition(50, 0), from: -1, isPenUp: nil) == nil)
    }

    @Test("a program's digest tells it from one that differs in a single number")
    func digest() {
        var other = square
        other.commands[8] = .move(milliseconds: 100, 30, 31)
        #expect(square.digest != other.digest)
        #expect(square.digest == square.digest && square.digest != 0)
    }
}

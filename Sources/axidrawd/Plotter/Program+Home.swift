internal import EBB

extension Program {
    /// Steps per second of the faster motor on the way home: slow enough to start without a ramp.
    private static let homeStepRate = 3200

    /// The program after a straight way home with the pen up.
    ///
    /// A stream assumes a carriage at home. After a stop it stands elsewhere, and the next drawing would be displaced;
    /// the counters that `QS` tells are still true then, because `ES` keeps them.
    func returningHome(from place: MotorPosition, penPin: UInt8?) -> Program {
        let penMilliseconds: UInt16 = 300
        let steps = max(place.motor1.magnitude, place.motor2.magnitude)
        let milliseconds = max(50, UInt32(Int(steps) * 1000 / Self.homeStepRate))
        let ticksPerMillisecond = Int32(BoardClock.ticksPerSecond / 1000)
        return Program(
            commands: [
                .pen(isUp: true, milliseconds: penMilliseconds, pin: penPin),
                .move(milliseconds: milliseconds, 0 &- place.motor1, 0 &- place.motor2),
            ] + commands,
            ticks: [Int32(penMilliseconds) * ticksPerMillisecond, Int32(milliseconds) &* ticksPerMillisecond] + ticks,
            strokes: [-1, -1] + strokes, stops: stops)
    }
}

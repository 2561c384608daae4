/// How far the carriage goes during one command, by the one definition that plans and the virtual board share: the length of
/// the parabola through the whole motor steps at its ends whose speed changes as the motors' rates do.
public struct PathLength: Sendable {
    private let scale: Double

    /// - Parameter stepsPerMillimetre: microsteps of a motor for 1 mm of x + y, > 0.
    public init(stepsPerMillimetre: Double) { scale = 0.5.squareRoot() / stepsPerMillimetre }

    /// Places and weights of Gauss and Legendre's rule of five points on 0…1.
    private static let places = SIMD4(0.046910077030668, 0.230765344947158, 0.769234655052842, 0.953089922969332)
    private static let weights = SIMD4(0.118463442528095, 0.239314335249683, 0.239314335249683, 0.118463442528095)
    private static let middleWeight = 0.284444444444444

    /// Length in mm.
    ///
    /// - Parameters:
    ///   - steps: of both motors, signed.
    ///   - change: of both motors' rates from the first to the last tick, times the ticks: steps.
    /// - Complexity: O(1); exact for straight paths, turning back or not, within 10⁻⁵ for parabolas without a sharp bend.
    @inline(__always)
    public func millimetres(steps: SIMD2<Double>, change: SIMD2<Double>) -> Double {
        let chord = (steps * steps).sum()
        let squared = (change * change).sum()
        let entry = steps - change / 2
        // Slowest where the velocity is square to its change: there a path along a line turns back.
        let turn = squared > 0 ? -(entry * change).sum() / squared : 0
        let cross = steps.x * change.y - steps.y * change.x
        if turn <= 0 || turn >= 1 {
            if cross * cross <= 1e-8 * chord * chord { return chord.squareRoot() * scale }
            return length(entry, change, from: 0, to: 1) * scale
        }
        return (length(entry, change, from: 0, to: turn) + length(entry, change, from: turn, to: 1)) * scale
    }

    @inline(__always)
    private func length(
        _ entry: SIMD2<Double>, _ change: SIMD2<Double>, from start: Double, to end: Double
    ) -> Double {
        let width = end - start
        let shares = start + Self.places * width
        let x = entry.x + change.x * shares
        let y = entry.y + change.y * shares
        let middle = entry + change * (start + width / 2)
        let speeds = (x * x + y * y).squareRoot()
        return ((speeds * Self.weights).sum() + (middle * middle).sum().squareRoot() * Self.middleWeight) * width
    }

    /// Length in mm of a path whose motors' accelerations change evenly.
    ///
    /// - Parameters:
    ///   - steps, change: as above.
    ///   - bow: of both motors, how much the mean rate lies below the mean of its ends, times the ticks: steps; that is a
    ///     twelfth of the change of acceleration per tick times the third power of the ticks.
    /// - Complexity: O(1); as exact as for parabolas without a sharp bend.
    public func millimetres(steps: SIMD2<Double>, change: SIMD2<Double>, bow: SIMD2<Double>) -> Double {
        if bow == SIMD2(0, 0) { return millimetres(steps: steps, change: change) }
        let entry = steps - change / 2 + bow
        let u = Self.places
        let curved = u * (u - 1) * 6
        let x = entry.x + change.x * u + bow.x * curved
        let y = entry.y + change.y * u + bow.y * curved
        let middle = steps - bow / 2
        let speeds = (x * x + y * y).squareRoot()
        return ((speeds * Self.weights).sum() + (middle * middle).sum().squareRoot() * Self.middleWeight) * scale
    }

    /// Length of what a planned command moves, mm; 0 for what moves nothing.
    ///
    /// - Parameter ticks: that it takes.
    public func millimetres(_ command: Command, ticks: Int32) -> Double {
        let duration = Double(max(1, ticks))
        switch command {
        case .move(_, let steps1, let steps2):
            return millimetres(steps: SIMD2(Double(steps1), Double(steps2)), change: SIMD2(0, 0))
        case .acceleratedMove(let a, let b, _):
            let change = SIMD2(Self.change(a), Self.change(b)) * (duration * duration)
            return millimetres(steps: SIMD2(Double(a.steps), Double(b.steps)), change: change)
        case .timedMove(let active, let a, let b, _):
            let isSigned = Int64(ticks) > Int64(active)
            let change = SIMD2(Self.change(a, isSigned), Self.change(b, isSigned)) * (duration * duration)
            let steps = SIMD2(Double(a.steps), Double(b.steps))
            if a.jerk == 0, b.jerk == 0 { return millimetres(steps: steps, change: change) }
            let jerk =
                SIMD2(Double(a.jerk), Double(b.jerk)) * (duration * duration * duration / Double(BoardClock.fullScale))
            return millimetres(steps: steps, change: change + jerk / 2, bow: jerk / 12)
        case .home, .enableMotors, .pen, .configure, .servoTimeout, .setUp, .setVariable, .emergencyStop, .clearSteps,
            .raw:
            return 0
        }
    }

    /// Signed change of the rate, steps/tick².
    private static func change(_ move: AxisMove) -> Double {
        if move.steps == 0 { return 0 }
        return Double(move.steps < 0 ? -Int64(move.acceleration) : Int64(move.acceleration))
            / Double(BoardClock.fullScale)
    }

    private static func change(_ axis: AxisRate, _ isSigned: Bool) -> Double {
        Double(!isSigned && axis.rate < 0 ? -Int64(axis.acceleration) : Int64(axis.acceleration))
            / Double(BoardClock.fullScale)
    }
}

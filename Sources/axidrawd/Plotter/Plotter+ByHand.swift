internal import EBB

/// A move that a person asks for outside a plot.
enum HandMove: Equatable, Sendable {
    /// Back to where the motors were switched on, by the counters; there is no switch that would tell.
    case home
    /// So many mm from here.
    case walk(x: Double, y: Double)
    /// To a place in machine coordinates, mm.
    case to(x: Double, y: Double)
    /// The pen down and up again.
    case cycle
    /// Motors on, to hold the carriage.
    case engage

    var name: String {
        switch self {
        case .home: "home"
        case .walk: "walk"
        case .to: "move"
        case .cycle: "cycle"
        case .engage: "engage"
        }
    }
}

extension Plotter {
    /// Steps per second of the faster motor: slow enough to start and stop without a ramp.
    private static let stepRate = 2_400.0

    /// Carries out a move by hand, or is refused by the state machine; returns when it stands.
    func byHand(_ move: HandMove) async throws(Refusal) {
        try apply(.manual(move.name))
        await after { plotter in
            do throws(DriverError) { try await plotter.carry(out: move) } catch { plotter.failed(error) }
        }
    }

    /// Sends a command as it is and returns what the board says.
    func raw(_ text: String) async throws(Refusal) -> Result<String, DriverError> {
        try apply(.manual("send"))
        return await after { plotter in
            do throws(DriverError) { return .success(try await plotter.driver.ask(.raw(text))) } catch {
                return .failure(error)
            }
        }
    }

    private func carry(out move: HandMove) async throws(DriverError) {
        if move == .cycle {
            _ = try await driver.ask(.pen(isUp: false, milliseconds: Self.penMilliseconds, pin: penPin))
            _ = try await driver.ask(.pen(isUp: true, milliseconds: Self.penMilliseconds, pin: penPin))
            return
        }
        // A board that cannot tell is taken as off; switching on zeroes its counters.
        if try await driver.areMotorsOn() != true {
            _ = try await driver.ask(.enableMotors(motorMode, motorMode))
        }
        guard move != .engage else { return }
        let place = Self.counters(try await driver.ask(.raw("QS"))) ?? (0, 0)
        let way: (x: Double, y: Double)
        switch move {
        case .home: way = (-Double(place.0) - Double(place.1), -Double(place.0) + Double(place.1))
        case .walk(let x, let y): way = (2 * x * stepsPerMillimetre, 2 * y * stepsPerMillimetre)
        case .to(let x, let y):
            way = (
                2 * x * stepsPerMillimetre - Double(place.0) - Double(place.1),
                2 * y * stepsPerMillimetre - Double(place.0) + Double(place.1)
            )
        case .cycle, .engage: return
        }
        // Motor 1 runs along x + y, motor 2 along x − y.
        let steps = (((way.x + way.y) / 2).rounded(), ((way.x - way.y) / 2).rounded())
        let longest = max(abs(steps.0), abs(steps.1))
        guard longest >= 1, longest < 1e7 else { return }
        _ = try await driver.ask(.pen(isUp: true, milliseconds: Self.penMilliseconds, pin: penPin))
        let milliseconds = UInt32(max(20, longest / Self.stepRate * 1000))
        _ = try await driver.ask(.move(milliseconds: milliseconds, Int32(steps.0), Int32(steps.1)))
        _ = try await driver.standstill(after: Int64(milliseconds) * Int64(BoardClock.ticksPerSecond) / 1000)
    }
}

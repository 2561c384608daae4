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
    /// Carries out a move by hand, or is refused by the state machine; returns when it stands.
    func byHand(_ move: HandMove) async throws(Refusal) {
        try apply(.manual(move.name))
        await after { plotter in
            do throws(DriverError) { try await plotter.hand.carry(out: move) } catch { plotter.failed(error) }
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
}

internal import Synchronization

/// How long one stage of planning took.
struct StageTime: Equatable, Sendable {
    var name: String
    var seconds: Double
}

/// Measures stages from what planning tells of its progress: a stage lasts until the next one is named.
final class StageClock: Sendable {
    private struct State {
        var times: [StageTime] = []
        var running: (name: String, since: ContinuousClock.Instant)?
    }

    private let state = Mutex(State())
    private let clock = ContinuousClock()

    /// A stage begins, or goes on.
    func enter(_ stage: StaticString) {
        let name = "\(stage)"
        let now = clock.now
        state.withLock { state in
            if state.running?.name == name { return }
            Self.close(&state, now)
            state.running = (name, now)
        }
    }

    /// Ends the running stage; the times of all stages in order of their first beginning.
    func finish() -> [StageTime] {
        let now = clock.now
        return state.withLock { state in
            Self.close(&state, now)
            return state.times
        }
    }

    private static func close(_ state: inout State, _ now: ContinuousClock.Instant) {
        guard let running = state.running else { return }
        state.running = nil
        let seconds = (now - running.since) / .seconds(1)
        if let known = state.times.firstIndex(where: { $0.name == running.name }) {
            state.times[known].seconds += seconds
        } else {
            state.times.append(StageTime(name: running.name, seconds: seconds))
        }
    }
}

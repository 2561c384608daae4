internal import Dispatch
internal import Synchronization

/// Lets so many through at a time, and of those who wait the most urgent first.
///
/// What reads or plans a large drawing takes most of the memory that the process may have, so only one does at a time.
final class Turnstile: Sendable {
    /// Lower is more urgent.
    enum Urgency: Int, Comparable, Sendable {
        /// A plotter stands and waits for this plan.
        case starting
        /// A job in a queue.
        case planning
        /// Somebody waits to hear whether a drawing is taken.
        case reading
        /// Somebody looks at what is known otherwise.
        case looking

        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    private struct State {
        var free: Int
        var nextNumber = 0
        var waiting: [(urgency: Urgency, number: Int, go: @Sendable () -> Void)] = []
    }

    private let state: Mutex<State>

    /// - Parameter places: how many are let through at a time, at least 1.
    init(places: Int) { state = Mutex(State(free: max(1, places))) }

    /// Returns when it is the caller's turn; every entry needs one `leave`.
    func enter(_ urgency: Urgency) async {
        await withCheckedContinuation { done in join(urgency) { done.resume() } }
    }

    /// The same for a thread that may wait.
    func enterBlocking(_ urgency: Urgency) {
        let turn = DispatchSemaphore(value: 0)
        join(urgency) { turn.signal() }
        turn.wait()
    }

    func leave() {
        let next = state.withLock { state -> (@Sendable () -> Void)? in
            guard
                let index = state.waiting.indices.min(by: {
                    (state.waiting[$0].urgency, state.waiting[$0].number)
                        < (state.waiting[$1].urgency, state.waiting[$1].number)
                })
            else {
                state.free += 1
                return nil
            }
            return state.waiting.remove(at: index).go
        }
        next?()
    }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Whether somebody more urgent than this waits.
    func isWanted(beforeThan urgency: Urgency) -> Bool {
        state.withLock { state in state.waiting.contains { $0.urgency < urgency } }
    }

    private func join(_ urgency: Urgency, _ go: @escaping @Sendable () -> Void) {
        let isFree = state.withLock { state -> Bool in
            guard state.free == 0 else {
                state.free -= 1
                return true
            }
            state.waiting.append((urgency, state.nextNumber, go))
            state.nextNumber += 1
            return false
        }
        if isFree { go() }
    }
}

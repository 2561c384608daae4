internal import EBB
internal import Synchronization

/// A plan that a running job is to go on with.
struct PlanChange: Sendable {
    var job: JobID
    var plan: MadePlan
    var summary: JobSummary
}

/// Plans that running jobs are to go on with and do not follow yet, by mark.
final class PlanChanges: Sendable {
    private struct State {
        var pending: [Int: PlanChange] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// A new mark, and the change that it stands for, if there is one.
    func add(_ change: PlanChange?) -> Int {
        state.withLock { state in
            state.last += 1
            state.pending[state.last] = change
            return state.last
        }
    }

    subscript(mark: Int) -> PlanChange? { state.withLock { $0.pending[mark] } }

    /// Takes a change out, once.
    func take(_ mark: Int) -> PlanChange? { state.withLock { $0.pending.removeValue(forKey: mark) } }

    /// Whether a change of the job is still to take effect.
    func isPending(_ id: JobID) -> Bool { state.withLock { $0.pending.values.contains { $0.job == id } } }

    /// Drops all changes of a job.
    func drop(_ id: JobID) { state.withLock { state in state.pending = state.pending.filter { $0.value.job != id } } }
}

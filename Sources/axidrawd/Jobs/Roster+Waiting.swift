internal import Synchronization

/// Waiting until the table stands in a certain way.
extension Roster {
    /// Somebody who waits until the plotters and jobs stand in a certain way.
    struct Waiter {
        var isMet: @Sendable (JobTable) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    /// Waits until the table is as it should be, at most so many seconds. Looked at whenever a plotter or a job comes to rest.
    func wait(seconds: Int, until isMet: @escaping @Sendable (JobTable) -> Bool) async {
        let limit = Mutex<Task<Void, Never>?>(nil)
        await withCheckedContinuation { continuation in
            let number = withLock { state -> Int? in
                guard !isMet(state.table) else { return nil }
                state.lastWaiter += 1
                state.waiters[state.lastWaiter] = Waiter(isMet: isMet, continuation: continuation)
                return state.lastWaiter
            }
            guard let number else { return continuation.resume() }
            limit.withLock {
                $0 = Task { [self] in
                    guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
                    withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
                }
            }
        }
        limit.withLock { $0?.cancel() }
    }

    /// Lets those go on whose wait is over.
    func tellWaiters() {
        let met = withLock { state -> [Waiter] in
            let table = state.table
            let met = state.waiters.filter { $0.value.isMet(table) }
            for number in met.keys { state.waiters[number] = nil }
            return Array(met.values)
        }
        for waiter in met { waiter.continuation.resume() }
    }
}

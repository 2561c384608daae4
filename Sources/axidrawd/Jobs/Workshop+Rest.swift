internal import Synchronization

extension Workshop {
    /// Somebody who waits until the plotters and jobs stand in a certain way.
    struct Waiter {
        var isMet: @Sendable (JobTable) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    /// Starts nothing more, brings what is under way to rest and waits until everything stands with the pen up, at most
    /// so many seconds. A job that is cut off is interrupted and can go on after the next start.
    func bringToRest(seconds: Int) async {
        state.withLock { $0.table.isClosing = true }
        for device in devices where device.state.job != nil {
            // Not as a person's cancel, which would be for good. Refused means that it is stopping already.
            guard let station = try? station(device.name) else { continue }
            try? await station.plotter.order(.cancel)
        }
        // A plotter is at rest a moment before the end of its job is told and written down.
        await wait(seconds: seconds) { table in
            !table.devices.values.contains { $0.state.job != nil }
                && !table.jobs.values.contains { $0.state.isUnderWay }
        }
        // What was asked of the disk before this is done when it returns.
        _ = try? await keeper.perform { _ in }
    }

    /// Waits until a plotter has no job, at most so many seconds.
    func rest(of name: String, seconds: Int) async {
        await wait(seconds: seconds) { $0.devices[name]?.state.job == nil }
    }

    /// Waits until the table is as it should be, at most so many seconds. Looked at whenever a plotter or a job comes to rest.
    func wait(seconds: Int, until isMet: @escaping @Sendable (JobTable) -> Bool) async {
        let limit = Mutex<Task<Void, Never>?>(nil)
        await withCheckedContinuation { continuation in
            let number = state.withLock { state -> Int? in
                guard !isMet(state.table) else { return nil }
                state.lastWaiter += 1
                state.waiters[state.lastWaiter] = Waiter(isMet: isMet, continuation: continuation)
                return state.lastWaiter
            }
            guard let number else { return continuation.resume() }
            limit.withLock {
                $0 = Task { [self] in
                    guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
                    state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
                }
            }
        }
        limit.withLock { $0?.cancel() }
    }

    /// Lets those go on whose wait is over.
    func tellWaiters() {
        let met = state.withLock { state -> [Waiter] in
            let table = state.table
            let met = state.waiters.filter { $0.value.isMet(table) }
            for number in met.keys { state.waiters[number] = nil }
            return Array(met.values)
        }
        for waiter in met { waiter.continuation.resume() }
    }
}

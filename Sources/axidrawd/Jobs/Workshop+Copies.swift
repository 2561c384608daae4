/// Copies that follow by themselves, so long after the one before as was asked for.
extension Workshop {
    /// Begins the next copy when its delay is over, unless it has begun, or the job is over, by then.
    ///
    /// - Parameter copies: those that are done.
    func beginCopyLater(_ id: JobID, after copies: Int) {
        guard let job = try? roster.job(id), let seconds = job.pageDelay else { return }
        let name = job.device
        Task(priority: .utility) { [weak self] in
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil, let self else { return }
            let isDue = roster.withLock { state in
                guard let job = state.table.jobs[id], job.state == .waitingForPaper, job.copiesDone == copies,
                    state.table.next(name) == id
                else { return false }
                state.table.jobs[id]?.isDelayed = false
                state.table.devices[name]?.waitsForPaper = false
                return true
            }
            guard isDue else { return }
            roster.tell(device: name)
            startNext(name)
        }
    }
}

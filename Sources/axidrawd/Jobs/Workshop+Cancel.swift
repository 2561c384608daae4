internal import HTTP

extension Workshop {
    /// Makes durable that the job on a plotter has been cancelled, before that is acknowledged.
    ///
    /// The plotter has been told before: a full disk must not hold up a stop. Where the disk refuses, the job still ends, and
    /// only the end of the daemon before that end would let it wait again; an incident says so.
    func keepCancelled(_ id: JobID, on name: String) async {
        guard let identifier = JobIdentifier(id) else { return }
        do throws(JobError) {
            try await keeper.perform { store throws(JobStore.Refusal) in
                try store.noteCancelled(identifier, nowMilliseconds: JobKeeper.now)
            }
        } catch { roster.report(name, id, "The cancel holds, but cannot be kept over a restart: \(error.sentence)") }
        // The board went, or the daemon is closing, and that was written down first.
        guard let job = try? roster.job(id), job.state == .interrupted else { return }
        settle(id, .cancelled, copiesDone: job.copiesDone)
    }

    /// How a job is over that a plotter has brought to rest: one that a closing daemon cuts off can go on later, unless a
    /// person had cancelled it before. On the keeper's queue.
    static func end(of id: JobIdentifier, _ outcome: JobState, _ store: JobStore) -> JobState {
        outcome == .interrupted && store.record(id)?.isCancelled == true ? .cancelled : outcome
    }
}

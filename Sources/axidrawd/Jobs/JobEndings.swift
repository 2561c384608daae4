internal import Synchronization

/// Who waits for the end of a job.
final class JobEndings: Sendable {
    private let waiting = Mutex<[JobID: [CheckedContinuation<JobEnd?, Never>]]>([:])

    /// Returns when the job is over; nil if nobody knows it.
    ///
    /// - Parameter now: how the job is over already: nil inside if it is not, nil if nobody knows it. Asked once the caller waits,
    ///   so that an end in between is not missed.
    func wait(for id: JobID, now: @escaping @Sendable () -> JobEnd??) async -> JobEnd? {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0[id, default: []].append(continuation) }
            switch now() {
            case .none: tell(nil, of: id)
            case .some(.some(let end)): tell(end, of: id)
            case .some(.none): break
            }
        }
    }

    /// Lets go on all who wait for a job.
    func tell(_ end: JobEnd?, of id: JobID) {
        for one in waiting.withLock({ $0.removeValue(forKey: id) ?? [] }) { one.resume(returning: end) }
    }
}

internal import Synchronization

/// Who waits for the end of a job.
final class JobEndings: Sendable {
    private let waiting = Mutex<[JobID: [CheckedContinuation<JobEnd?, Never>]]>([:])

    /// Where a job is.
    enum Standing: Sendable {
        case unknown
        case underWay
        case over(JobEnd)
    }

    /// Returns when the job is over; nil if nobody knows it.
    ///
    /// - Parameter standing: asked once the caller waits, so that an end in between is not missed.
    func wait(for id: JobID, _ standing: @escaping @Sendable () -> Standing) async -> JobEnd? {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0[id, default: []].append(continuation) }
            switch standing() {
            case .unknown: tell(nil, of: id)
            case .underWay: break
            case .over(let end): tell(end, of: id)
            }
        }
    }

    /// Lets go on all who wait for a job.
    func tell(_ end: JobEnd?, of id: JobID) {
        for one in waiting.withLock({ $0.removeValue(forKey: id) ?? [] }) { one.resume(returning: end) }
    }
}

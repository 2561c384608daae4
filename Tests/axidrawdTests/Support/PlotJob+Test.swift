internal import TestSupport

@testable internal import axidrawd

extension PlotJob {
    /// A job that no spool has, with whatever name.
    init(id: String, device: String, name: String, created: Int64, state: JobState = .queued) {
        var ids = JobIdentifierSource(after: nil)
        var generator = SeededGenerator(seed: 1)
        let identifier = ids.next(nowMilliseconds: created, using: &generator)
        var job = Job(
            id: identifier, device: device, name: name, submittedAt: created, rank: 0, drawingSHA256: "",
            drawingBytes: 0,
            options: [:], copies: 1, source: "api", isHeld: false, idempotency: nil)
        job.id = id
        self.init(JobRecord(job: job, id: identifier, state: state, rank: 0))
    }
}

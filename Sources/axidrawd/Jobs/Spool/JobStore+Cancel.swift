extension JobStore {
    /// Writes down that a job that is being drawn is to end: durable when it returns, whatever becomes of the daemon until
    /// the plotter is at rest. Of a job that is not being drawn nothing is written.
    func noteCancelled(_ id: JobIdentifier, nowMilliseconds: Int64) throws(Refusal) {
        guard let record = records[id], record.state.isStarted, !record.isCancelled else { return }
        try append([.cancelled(id: id, at: nowMilliseconds)])
        records[id]?.isCancelled = true
    }
}

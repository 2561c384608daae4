extension JobStore {
    /// Writes down that a job at its plotter is to end: durable when it returns, whatever becomes of the daemon until the
    /// plotter is at rest. Its start may not have been written down yet. Of a job that is over nothing is written.
    func noteCancelled(_ id: JobIdentifier, nowMilliseconds: Int64) throws(Refusal) {
        guard let record = records[id], !record.state.isFinal, !record.isCancelled else { return }
        try append([.cancelled(id: id, at: nowMilliseconds)])
        records[id]?.isCancelled = true
    }
}

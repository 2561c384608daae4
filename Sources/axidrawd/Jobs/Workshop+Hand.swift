internal import EBB
internal import HTTP
internal import Motion

/// What people do with a plotter by hand.
extension Workshop {
    /// A move by hand; returns when the carriage stands.
    func byHand(_ move: HandMove, on name: String) async throws(JobError) {
        let station = try roster.station(name)
        defer { ink.lookAtRest(station.name) }
        await station.plotter.use(penSettings(of: station))
        do { try await station.plotter.byHand(move) } catch { throw refused(error, on: name) }
    }

    /// Goes around what a job will draw, with the pen up; the job's end is the end of the round, too.
    ///
    /// One round at a time: who asks meanwhile is refused.
    func goAround(_ job: PlotJob, _ bounds: Box) async throws(JobError) {
        let (id, name) = (job.id, job.device)
        let isFirst = roster.withLock { state in
            guard state.table.devices[name]?.round == nil else { return false }
            state.table.devices[name]?.round = id
            state.table.devices[name]?.revision += 1
            return true
        }
        guard isFirst else { throw .roundUnderWay(name) }
        defer {
            roster.withLock { state in
                state.table.devices[name]?.round = nil
                state.table.devices[name]?.revision += 1
            }
            roster.tell(device: name)
            ink.lookAtRest(name)
        }
        roster.tell(device: name)
        let station = try roster.station(name)
        await station.plotter.use(penSettings(of: station))
        do throws(HandRefusal) {
            try await station.plotter.byHand(.around(bounds)) { [self] in (try? roster.job(id))?.state.isFinal == false
            }
        } catch { throw refused(error, on: name) }
    }

    /// A command as it is; the board's answer.
    ///
    /// - Parameter isForced: what ends the conversation is let through, and the plotter says so until it is reset.
    func raw(_ text: String, isForced: Bool = false, on name: String) async throws(JobError) -> String {
        let station = try roster.station(name)
        defer { ink.lookAtRest(station.name) }
        let answer: Result<String, DriverError>
        do { answer = try await station.plotter.raw(text) } catch { throw refused(error, on: name) }
        if isForced, RawCommand.endsConversation(text) {
            let fault = Fault(
                message: "the board was sent \(text.prefix(20)); plug it in anew, or reset it, before it is used again")
            try? await station.plotter.apply(.trouble(fault))
            if case .success(let reply) = answer { return reply }
            return ""
        }
        switch answer {
        case .success(let reply):
            // What it did to motors or pen is what the same order by name would have done, and the state says so.
            if let order = RawCommand.order(in: text) { try? await station.plotter.apply(order) }
            return reply
        case .failure(let error):
            throw .boardRefuses(Plotter.text(error))
        }
    }
}

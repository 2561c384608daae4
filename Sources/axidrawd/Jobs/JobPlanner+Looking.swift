internal import HTTP
internal import Motion

/// What people ask of a plan: made again when it has been dropped, after everybody who waits for a plotter.
extension JobPlanner {
    /// The picture of a plan; made again when it was dropped, nil for a job that is over and has none.
    func preview(_ id: JobID) async throws(JobError) -> [UInt8]? {
        if let known = shelf.picture(of: id) { return known }
        let job = try roster.job(id)
        let station = try roster.station(job.device)
        guard job.summary != nil || job.state.isFinal else { return nil }
        return try await on(lookingQueue) { [self] () throws(JobError) in
            let strokes = try strokes(of: job, station)
            let picture = PreviewSVG.bytes(strokes, bed: station.profile.travel)
            shelf.put(picture: picture, of: id)
            return picture
        }
    }

    /// A plan as strokes over time; made again when it was dropped, nil for a job that is not planned yet.
    func planned(_ id: JobID) async throws(JobError) -> [UInt8]? {
        let job = try roster.job(id)
        let station = try roster.station(job.device)
        guard job.summary != nil || job.state.isFinal else { return nil }
        return try await on(lookingQueue) { [self] () throws(JobError) in
            if let kept = shelf.plan(of: id), kept.firstStroke == 0, let strokes = kept.strokes {
                return PlanJSON.bytes(strokes, kept.program)
            }
            while true {
                do throws(JobError) {
                    let made = try planned(job, nil, station, firstStroke: 0, .looking)
                    return PlanJSON.bytes(made.strokes, made.program)
                } catch { guard error == .yielded else { throw error } }
            }
        }
    }

    /// The stroke of a job that comes nearest to a place in machine coordinates, by the plan that is kept where there is one.
    func stroke(nearest place: Point, of job: PlotJob) async throws(JobError) -> FoundStroke {
        guard job.summary != nil || job.state.isFinal else {
            throw .notPlanned(job.state)
        }
        let station = try roster.station(job.device)
        return try await on(lookingQueue) { [self] () throws(JobError) in
            FoundStroke(nearest: place, in: try strokes(of: job, station))
        }
    }

    /// All strokes of a job: of the plan that is kept, else of one that is made for those who look, after all others.
    private func strokes(of job: PlotJob, _ station: Station) throws(JobError) -> PlannedStrokes {
        if let kept = shelf.plan(of: job.id), kept.firstStroke == 0, let strokes = kept.strokes {
            return strokes
        }
        while true {
            do throws(JobError) { return try planned(job, nil, station, firstStroke: 0, .looking).strokes } catch {
                guard error == .yielded else { throw error }
            }
        }
    }
}

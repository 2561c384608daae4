internal import EBB
internal import HTTP
internal import Motion

/// Forms in which it is shown what was drawn.
enum DrawnForm: String, CaseIterable, Sendable {
    case svg, png

    var contentType: String { self == .svg ? "image/svg+xml" : "image/png" }
}

/// Pictures of what jobs have drawn.
struct JobPictures: Sendable {
    let roster: Roster
    let planner: JobPlanner
    let ink: InkFollower
    let past: PastJobs

    /// What a job has drawn on its last sheet; of a job that is over it is made once and kept.
    func drawn(_ id: JobID, as form: DrawnForm) async throws(JobError) -> [UInt8] {
        if let identifier = JobIdentifier(id), (try? roster.job(id))?.state.isFinal ?? true {
            let kept = try await roster.keeper.perform { store in store.picture(of: identifier, form.rawValue) }
            if let kept { return kept }
        }
        let picture: [UInt8]
        switch form {
        case .svg:
            try await requirePicture(id)
            let job = try roster.job(id)
            let trail = ink.trail(job.device)
            picture = try await drawing(of: job, trail?.job == id ? trail : nil)
        case .png:
            let text = try await drawn(id, as: .svg)
            picture = try await planner.onReadingQueue { () throws(JobError) in
                guard let pixels = DrawnPNG.bytes(of: text) else { throw .noPixels }
                return pixels
            }
        }
        keep(picture, of: id, form)
        return picture
    }

    /// A job that has left the queue has the picture that was kept, or none any more.
    private func requirePicture(_ id: JobID) async throws(JobError) {
        if (try? roster.job(id)) != nil { return }
        let past = try await past.job(id)
        guard past.startedAt != nil else {
            throw .notDrawn(past.state)
        }
        throw .pictureGone
    }

    private func keep(_ picture: [UInt8], of id: JobID, _ form: DrawnForm) {
        guard let identifier = JobIdentifier(id), (try? roster.job(id))?.state.isFinal ?? true else { return }
        roster.keeper.later { store in store.keep(picture: picture, of: identifier, form.rawValue) }
    }

    /// Keeps what a job has drawn that has just come to its end, before the next one draws. On the keeper's queue.
    func keepDrawn(_ job: PlotJob, on name: String) {
        guard job.startedAt != nil else { return }
        let (trail, hasPreview) = (ink.trail(name), planner.shelf.picture(of: job.id) != nil)
        let own = trail?.job == job.id ? trail : nil
        // Without either it would have to be planned again, which is done for those who ask.
        guard own?.firstStroke == 0 || hasPreview else { return }
        Task(priority: .utility) {
            guard let picture = try? await drawing(of: job, own) else { return }
            keep(picture, of: job.id, .svg)
        }
    }

    private func drawing(of job: PlotJob, _ trail: InkTrail?) async throws(JobError) -> [UInt8] {
        let device = try roster.device(job.device)
        guard job.startedAt != nil else {
            throw .notDrawn(job.state)
        }
        var picture = DrawnSVG(bed: device.travel)
        let seen = trail == nil ? [] : ["as the board has carried it out; the pen is not seen"]
        var notes = device.isSimulated ? ["SIMULATED: drawn by a virtual board"] : seen
        let planned = trail == nil ? nil : trail?.firstStroke
        if planned != 0 {
            guard let preview = try await planner.preview(job.id) else {
                throw .pictureToCome
            }
            let whole = DrawnSVG.strokes(of: preview)
            let count = planned ?? Self.strokes(of: job, whole: whole)
            picture.add(strokes: count, of: preview)
            notes.append(
                trail == nil
                    ? "strokes 1 to \(count) of \(whole) as planned, which the board has carried out; the pen is not seen"
                    : "strokes 1 to \(count), drawn before a restart, as planned")
        }
        if let trail { picture.add(trail) }
        return picture.bytes(note: notes.joined(separator: "; "))
    }

    /// Strokes that are on the last sheet.
    private static func strokes(of job: PlotJob, whole: Int) -> Int {
        if job.state.isWholeCopy { return whole }
        // After a restart the outcome counts the strokes of all copies.
        let all = job.firstStroke + job.progress.strokes
        return all > whole && whole > 0 ? (all - 1) % whole + 1 : all
    }
}

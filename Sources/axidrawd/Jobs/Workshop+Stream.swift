internal import EBB
internal import HTTP
internal import Motion
internal import Text

/// Jobs whose strokes come while they are drawn.
///
/// Such a job is one like others: it waits for its turn, is paused, cancelled and stopped, and stands in the spool. What its
/// strokes are nobody knows beforehand, so that its plan is the board's set-up alone, and what has been drawn is not kept:
/// whose stream has gone with the daemon has failed.
extension Workshop {
    /// What a job's source says if its strokes come as a stream.
    static let streamSource = "stream"

    /// So many things that were wrong with a stream are told with its job.
    private static let toldLines = 40

    /// Takes a stream: the job waits for its turn, and draws what `source` gives.
    ///
    /// - Returns: the job as it stands when all that came has been taken, and what became of the stream.
    func draw(
        _ submission: Submission, from source: @escaping StrokeFeed.Source, close: @escaping @Sendable () -> Void
    ) async throws(JobError) -> (job: PlotJob, outcome: StrokeFeed.Outcome) {
        let station = try roster.station(submission.device)
        let request = try submission.request(over: station.profile)
        let options = request.options
        let supply = ProgramSupply()
        let job = try await submit(submission, supply: supply)
        supply.whenClosed(close)
        var feed = StrokeFeed(
            lines: StrokeLines(bed: request.profile.travel, origin: options.origin, isStrict: options.isStrict),
            maker: PieceMaker(profile: request.profile, options: options, firmware: roster.firmware(of: station)))
        let id = job.id
        let outcome: StrokeFeed.Outcome
        do throws(PlanError) {
            outcome = try await feed.run(from: source, to: supply, tell: { note($0, of: id) })
        } catch { throw .planning(.unplannable(error)) }
        if outcome.refused > 0 {
            let text = "\(outcome.refused) of \(outcome.lines) lines could not be used"
            note([Diagnostic(.warning, code: "lines-refused", message: text)], of: id)
        }
        roster.tell(job: id)
        return (try roster.job(id), outcome)
    }

    private func note(_ notes: [Diagnostic], of id: JobID) {
        guard !notes.isEmpty else { return }
        roster.withLock { state in
            let room = Self.toldLines - (state.table.jobs[id]?.diagnostics.count ?? Self.toldLines)
            let isCount = notes.last?.line == nil
            state.table.jobs[id]?.diagnostics += notes.prefix(isCount ? notes.count : max(0, room))
            state.table.jobs[id]?.revision += 1
        }
    }

    /// Nothing more of a job is drawn: whoever sends its strokes is told.
    func endStream(_ id: JobID) {
        streams.take(id)?.close()
    }

    /// How a job is over whose strokes came as a stream: what was cut off cannot go on.
    func endOfStream(_ id: JobID, _ outcome: JobState) -> JobState {
        let isStream = (try? roster.job(id))?.isStream ?? false
        return isStream && outcome == .interrupted ? .failed(JobError.streamGone.sentence) : outcome
    }
}

extension PlotJob {
    /// Its strokes come while they are drawn.
    var isStream: Bool { record.job.source == Workshop.streamSource }
}

extension Submission {
    /// A sheet on which strokes are drawn as they come. What is kept of it is the size of the machine.
    static func stream(device: String, name: String, travel: Size) -> Submission {
        let (width, height) = (brief(travel.width), brief(travel.height))
        let drawing =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)mm\" height=\"\(height)mm\" "
            + "viewBox=\"0 0 \(width) \(height)\"><desc>strokes that were drawn as they came</desc></svg>\n"
        return Submission(
            device: device, name: name, drawing: Array(drawing.utf8), source: Workshop.streamSource)
    }
}

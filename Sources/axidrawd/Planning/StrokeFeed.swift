internal import EBB
internal import Motion

/// What comes of a stream of strokes.
enum Incoming: Equatable, Sendable {
    case bytes([UInt8])
    case end
    /// Whoever sent it is gone before its end.
    case brokenOff
}

/// Strokes from wherever they come to the run that draws them, no faster than it does.
struct StrokeFeed {
    typealias Source = @Sendable () async -> Incoming

    /// How the stream has come out.
    struct Outcome: Equatable, Sendable {
        var strokes = 0
        var penDownMillimetres = 0.0
        /// Lines that have come, and those that could not be used.
        var lines = 0
        var refused = 0
        /// The run has ended before the stream did.
        var isCutShort = false
        /// Ended by the first line that could not be used.
        var isRefused = false
        /// Whoever sent it has gone, or said what makes no sense, before its end.
        var isBrokenOff = false
    }

    var lines: StrokeLines
    var maker: PieceMaker

    /// Draws until the stream ends, then sends the carriage where it is to stand; however it ends, the supply does.
    ///
    /// - Parameters:
    ///   - tell: called with what there is to tell, in order.
    ///   - progress: called after each piece with the strokes that have come.
    mutating func run(
        from source: Source, to supply: ProgramSupply, tell: ([Diagnostic]) -> Void,
        progress: (Int) -> Void = { _ in }
    ) async throws(PlanError) -> Outcome {
        defer { supply.end() }
        var outcome = Outcome()
        var isOver = false
        while !isOver, !outcome.isCutShort, !outcome.isRefused {
            switch await source() {
            case .bytes(let bytes): lines.take(bytes)
            case .end:
                lines.end()
                isOver = true
            case .brokenOff:
                lines.end(isBrokenOff: true)
                (isOver, outcome.isBrokenOff) = (true, true)
            }
            if lines.isStopped {
                lines.end()
                outcome.isRefused = true
            }
            tell(lines.takeNotes())
            outcome.isCutShort = try await hand(supply, progress) == false
        }
        if !outcome.isCutShort, let home = try maker.wayHome() { outcome.isCutShort = await !supply.put(home) }
        (outcome.lines, outcome.refused) = (lines.line, lines.refused)
        (outcome.strokes, outcome.penDownMillimetres) = (maker.strokes, maker.penDownMillimetres)
        return outcome
    }

    /// Hands over what is whole; false if the run is over.
    private mutating func hand(_ supply: ProgramSupply, _ progress: (Int) -> Void) async throws(PlanError) -> Bool {
        while let next = lines.next(points: PieceMaker.mostPoints) {
            if supply.isClosed { return false }
            guard let piece = try maker.piece(next) else { continue }
            guard await supply.put(piece) else { return false }
            progress(maker.strokes)
        }
        return !supply.isClosed
    }
}

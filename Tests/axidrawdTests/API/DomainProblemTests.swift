internal import EBB
internal import HTTP
internal import Motion
internal import TestSupport
internal import Testing

@testable import axidrawd

/// What a client is told of every error of the rooms below the API.
struct DomainProblemTests {
    private static let job = "01M8ATMFWZN3BV7GNWAJPWVXX3"
    private static let state = PlotterState.lowered

    private static func unreadable(_ reason: SVG.ParseError.Reason) -> JobError {
        .planning(.unreadable(.init(offset: 70, line: 3, column: 7, reason: reason)))
    }

    private static let errors: [JobError] = [
        .unknownDevice("plot9"), .unknownJob(job), .noJobID("x"), .jobGone(job), .drawingGone, .historyChanged,
        .notPlanned(.queued), .notDrawn(.held("person")), .pictureGone, .pictureToCome, .noPixels, .damagedDrawing,
        .job(.done, event: "pause"), .whileJob(is: "plotting", event: "hold"),
        .plotter("plot1", state, event: "start"), .noJobWaits("plot1", .raised), .anotherIsCut("plot1"),
        .goesOnElsewhere(.plotting), .starting, .changeWhileStarting, .notHomed(job, .interrupted),
        .refused(Refusal(state: state, event: .pressed(.double))), .handFull(16, "plot1"), .handStopped("plot1"),
        .boardRefuses("Err: unknown command"),
        .stoppedMeanwhile("plot1"),
        .changedMeanwhile, .noSuchStroke(first: 3, last: 12), .badPlace,
        .change(.noJSON(line: 1, column: 2, reason: "no value")), .change(.noForm), .change(.nothing),
        .change(.unknownMember("penDownHeight")), .change(.unknownOption("fit")),
        .change(.noNumber("penDownHeightPercent")), .change(.noOptions), .change(.tooLate("fit")),
        .options(.option("fit", "is \"x\" and must be none, shrink or page.")),
        .options(.usage(.repeatedFlag("--fit"))),
        unreadable(.malformed("no end")), unreadable(.memory(needed: 2 << 30, allowed: 1 << 30)),
        unreadable(.work("clipping")), .planning(.unplannable(.nothingToDraw)),
        .planning(.unplannable(.noCurves(firmware: "2.6.2"))),
        .planning(.unplannable(.memory(needed: 9 << 20, allowed: 1 << 20))), .yielded, .crowded,
        .abandoned,
        .spool(.queueFull(limit: 9)), .spool(.unknownJob), .spool(.forbidden(from: .done, to: .queued)),
        .spool(.spool(.noSpace(path: "x"))), .spool(.spool(.unsure)), .spool(.spool(.locked)),
    ]

    @Test func wholeTableIsAsWrittenDown() throws {
        var text = "error | status slug | state event, line, pointer, retry | what it means for a job | sentence\n"
        for error in Self.errors {
            let problem = Problem(error)
            let more = [
                problem.state.map { "\($0) \(problem.event ?? "")" },
                problem.line.map { "\($0):\(problem.column ?? 0)" },
                problem.errors.first?.pointer, problem.retryAfterSeconds.map { "\($0) s" },
            ].compactMap { $0 }.joined(separator: ", ")
            let name = "\(error)".prefix { $0.isLetter }
            text += "\(name) | \(problem.status) \(problem.slug) | \(more) | \(error.meaning) | \(problem.detail)\n"
        }
        try expectGolden(text, at: packageDirectory.appendingPathComponent("fixtures/http/domain.txt"))
    }

    @Test func whatNobodyKnowsIsOurMistake() {
        struct Unknown: Error {}
        #expect(Problem(Unknown()) == .internalError)
        #expect(Problem(Problem.notFound("/x") as any Error) == .notFound("/x"))
        #expect(Problem(JobError.pictureGone as any Error).status == 410)
        #expect(Problem(OptionError.option("a", "b.") as any Error).errors.first?.pointer == "/a")
        #expect(Problem(PlanningError.unplannable(.nothingToDraw) as any Error).slug == "unplannable-drawing")
    }
}

internal import Motion
internal import Simulator

extension Verb {
    static let plot = Verb(
        "plot", "draw one drawing now, in the foreground",
        examples: [
            Example(
                "axidrawd plot drawing.svg --simulate -o drawn.png", "draw on a virtual board and show what it drew"),
            Example(
                "axidrawd plot drawing.svg --page a4 --fit page --margin 10 --simulate", "fit it on A4, try it out"),
        ],
        positionals: [.file],
        groups: [
            FlagGroup(
                "Plotter",
                [
                    Flag("simulate", .on, "draw on a virtual board"),
                    Flag(
                        "speed", .wordOr(["realtime", "max"], .number(0.01...10_000, "N")),
                        "how fast simulated time passes", standard: "max"),
                ]),
            PictureFlags.group,
        ] + PlotFlags.all
    ) { invocation, console in
        try PlotCommand(invocation: invocation, console: console).run()
    }
}

/// One run of `plot`.
private struct PlotCommand {
    let invocation: Invocation
    let console: Console

    func run() throws -> ExitCode {
        guard invocation.isOn("simulate") else { throw UsageError.conflict("plot needs --simulate") }
        let request = try invocation.plotRequest()
        let watch = InterruptWatch()
        let picture = try PictureFile(invocation, travel: request.profile.travel)
        let plot = try Drawing.prepared(
            path: invocation.positionals[0], request: request, console: console, watch: watch, stages: StageClock())
        console.tell(plot.strokes.diagnostics)
        let summary = Replay(request.board).run(plot.bytes(lineEnd: UInt8(ascii: "\r")))
        try watch.check()
        try picture?.write(
            summary.trace, travel: request.profile.travel,
            stepsPerMillimetre: request.profile.finestStepsPerMillimetre, page: plot.pageArea, inks: plot.inks)
        try report(plot, summary)
        return summary.errors.isEmpty ? .success : .failure
    }

    private func report(_ plot: PreparedPlot, _ summary: Replay.Summary) throws {
        for incident in summary.incidents.prefix(5) {
            console.warn(
                "\(incident.kind.rawValue) at \(brief(incident.xMillimetres)), \(brief(incident.yMillimetres)) mm")
        }
        if let error = summary.errors.first {
            console.fail("the board refused command \(error.command): \(error.text)")
        }
        if console.isQuiet || invocation.text("output") == "-" { return }
        try console.result(
            PlotSummary.text(plot) + PlotSummary.line("executed", PlotSummary.time(summary.durationSeconds)))
    }
}

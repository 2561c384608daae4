internal import Foundation
internal import Motion
internal import Simulator

extension Verb {
    static let plan = Verb(
        "plan", "everything but moving: how a drawing would be drawn, and how long it would take",
        examples: [
            Example("axidrawd plan drawing.svg", "print strokes, lengths and the time it would take"),
            Example("axidrawd plan drawing.svg -o preview.png", "draw a preview with travel in a second colour"),
            Example("axidrawd plan drawing.svg --page a4 --fit page --margin 10 --json", "print the summary as JSON"),
            Example("axidrawd plan drawing.svg --commands drawing.ebb", "write the command stream"),
            Example("axidrawd plan drawing.svg --kinematics-image speeds.svg", "show speed and acceleration"),
        ],
        positionals: [.file],
        groups: [
            FlagGroup(
                "Results",
                [
                    Flag("json", .on, "print the summary as JSON"),
                    Flag("commands", .output("F"), "write the exact command stream, one command a line"),
                    Flag("strokes", .output("F"), "write the ordered strokes as JSON, machine coordinates"),
                    Flag("kinematics", .output("F"), "write place, velocity and acceleration over time as CSV"),
                    Flag(
                        "kinematics-image", .output("IMAGE"),
                        "show speed along the drawing, and speed and acceleration over time, as .png or .svg"),
                ]), PictureFlags.groupOfPlots,
        ] + PlotFlags.all
    ) { invocation, console in
        try PlanRun(invocation: invocation, console: console).run()
    }
}

/// One run of `plan`.
private struct PlanRun {
    let invocation: Invocation
    let console: Console

    func run() throws -> ExitCode {
        let request = try invocation.plotRequest()
        let watch = InterruptWatch()
        // Opened first, so that a name that cannot be written shows before the work.
        let commands = try invocation.text("commands").map { try OutputFile($0) }
        let strokes = try invocation.text("strokes").map { try OutputFile($0) }
        let record = try invocation.text("kinematics").map { try OutputFile($0) }
        let recordPicture = try KinematicPictureFile(invocation)
        var picture = try PictureFile(invocation, travel: request.profile.travel)
        picture?.showsTravel = true
        let stages = StageClock()
        let plot = try Drawing.prepared(
            path: invocation.positionals[0], request: request, console: console, watch: watch, stages: stages)
        let times = stages.finish()
        console.tell(plot.strokes.diagnostics)

        try commands?.write(plot.bytes(lineEnd: UInt8(ascii: "\n")))
        if let strokes { try PlotSummary.strokes(plot) { try strokes.write($0) } }
        try watch.check()
        if let picture { try write(picture, of: plot, request: request) }
        let kinematics = KinematicRecord(plot: plot, profile: request.profile)
        if let record { try kinematics.writeCSV { try record.write($0) } }
        try recordPicture?.write(kinematics)
        try record?.commit()
        try commands?.commit()
        try strokes?.commit()
        try report(plot, times)
        return .success
    }

    private func report(_ plot: PreparedPlot, _ times: [StageTime]) throws {
        if invocation.isOn("json") {
            let bytes = PlotSummary.json(plot, stages: times, peakResidentBytes: ProcessMemory.peakResidentBytes)
            try console.result(bytes: bytes)
        } else if ["commands", "strokes", "output", "kinematics", "kinematics-image"].allSatisfy({
            invocation.text($0) != "-"
        }) && !console.isQuiet {
            try console.result(PlotSummary.text(plot))
        }
    }

    /// What the pen would draw, by a virtual board.
    private func write(_ picture: PictureFile, of plot: PreparedPlot, request: PlotRequest) throws {
        let summary = Replay(request.board).run(plot.bytes(lineEnd: UInt8(ascii: "\r")))
        try picture.write(summary.trace, of: plot, profile: request.profile)
    }
}

/// Reading a drawing for a verb in the foreground.
enum Drawing {
    /// A drawing that cannot be used, and which file it is.
    struct Failure: Error {
        var path: String
        var reason: Pipeline.Failure
    }

    /// Reads and plans with progress, all cores, and an ear for Ctrl-C.
    static func prepared(
        path: String, request: PlotRequest, console: Console, watch: InterruptWatch, stages: StageClock
    ) throws -> PreparedPlot {
        // Nothing is read for a board that cannot do what is asked for.
        try request.options.check(for: request.firmware)
        let bytes = try InputFile.read(path)
        let budget = try MemoryAllowance.ofProcess().budget
        let reporter = ProgressReporter(console: console)
        let flag = watch.flag
        defer { reporter.end() }
        let execution = PlanExecution.onAllCores(
            isCancelled: { flag.isSet },
            progress: { stage, fraction in
                stages.enter(stage)
                reporter.show("\(stage)", fraction)
            })
        do {
            return try PreparedPlot(drawing: bytes, request: request, budget: budget, execution: execution)
        } catch {
            if case .unplannable(.cancelled) = error { try watch.check() }
            throw Failure(path: path, reason: error)
        }
    }
}

extension PlotRequest {
    /// The virtual board that this machine would be.
    var board: BoardConfiguration {
        profile.board(firmware: firmware)
    }
}

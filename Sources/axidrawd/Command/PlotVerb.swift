internal import EBB
internal import Motion
internal import Picture
internal import Simulator
internal import Synchronization
internal import Text

extension Verb {
    static let plot = Verb(
        "plot", "draw one drawing now, in the foreground",
        examples: [
            Example(
                "axidrawd plot drawing.svg --simulate -o drawn.png", "draw on a virtual board and show what it drew"),
            Example(
                "axidrawd plot drawing.svg --simulate --page a4 --fit page --margin 10", "fit it on A4, try it out"),
            Example("axidrawd plot drawing.svg --device /dev/ttyACM0", "draw it on paper"),
            Example(
                "axidrawd plot drawing.svg --device /dev/ttyACM0 --start button",
                "plan it, then wait for the board's button"),
        ],
        positionals: [.file],
        groups: [
            FlagGroup(
                "Plotter",
                [
                    Flag("device", .text("NAME|PATH"), "draw on this board"),
                    Flag("simulate", .on, "draw on a virtual board"),
                    Flag(
                        "start", .choice(["now", "button"]), "at once, or when the board's button is pressed",
                        standard: "now"),
                    SimulatedSpeed.flag,
                ]),
            PictureFlags.groupOfPlots,
        ] + PlotFlags.all
    ) { invocation, console in
        try await PlotCommand(invocation: invocation, console: console).run()
    }
}

/// One run of `plot`.
private struct PlotCommand {
    let invocation: Invocation
    let console: Console

    /// What the board did.
    private struct Executed {
        var trace: Trace
        var ticks: Int64
        var end: JobEnd
        var incidents: [Incident] = []
        var standing = Standing()
        /// Strokes finished.
        var strokes: Int
        /// Sheets drawn before.
        var sheets = 0
    }

    func run() async throws -> ExitCode {
        let choice = try BoardChoice(invocation)
        let waitsForButton = invocation.text("start") == "button"
        if waitsForButton, choice == .simulated {
            throw UsageError.conflict("nobody can press the button of a simulated board; --start button needs --device")
        }
        let paper = NextSheet(console: console, path: invocation.positionals[0])
        if isEndless, choice == .simulated, !paper.isInteractive, (invocation.number("page-delay") ?? 0) == 0 {
            throw UsageError.conflict(
                "nobody changes the paper of a virtual board without a terminal: --copies endless needs --page-delay")
        }
        var request = try invocation.plotRequest()
        let watch = InterruptWatch()
        let picture = try PictureFile(invocation, travel: request.profile.travel)
        switch choice {
        case .simulated:
            let plot = try prepare(request, watch)
            let executed = try await simulate(plot, request, watch)
            try picture?.write(executed.trace, of: plot, profile: request.profile)
            return try report(executed, of: plot, wayHome: nil, watch)
        case .device(let path):
            let driver = Driver(transport: SerialPort(path: path))
            request.firmware = try await driver.connect().firmware
            let plot = try prepare(request, watch)
            if waitsForButton { try await waitForButton(driver, watch) }
            let executed = try await draw(plot, on: driver, profile: request.profile, watch)
            try picture?.write(executed.trace, of: plot, profile: request.profile)
            return try report(executed, of: plot, wayHome: executed.standing.wayHome(device: path), watch)
        }
    }

    private func prepare(_ request: PlotRequest, _ watch: InterruptWatch) throws -> PreparedPlot {
        let plot = try Drawing.prepared(
            path: invocation.positionals[0], request: request, console: console, watch: watch, stages: StageClock())
        console.tell(plot.strokes.diagnostics)
        return plot
    }

    /// Returns when the button of the board is pressed; Ctrl-C ends it with the machine untouched.
    private func waitForButton(_ driver: Driver, _ watch: InterruptWatch) async throws {
        // The board remembers a press: one from before counts for nothing.
        _ = try await driver.ask(.wasButtonPressed)
        console.prompt("ready; press the board's button to begin\n")
        while try await !driver.ask(.wasButtonPressed) {
            if watch.flag.isSet {
                await driver.close()
                throw watch.interruption("interrupted before the button was pressed; nothing moved")
            }
            try await Task.sleep(for: Plotter.lookInterval)
        }
    }

    private func simulate(_ plot: PreparedPlot, _ request: PlotRequest, _ watch: InterruptWatch) async throws
        -> Executed
    {
        let loopback = Loopback(request.board, speed: SimulatedSpeed.of(invocation))
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        let start = loopback.snapshot(since: 0).tick
        var executed = try await draw(plot, on: driver, profile: request.profile, watch)
        let seen = loopback.snapshot(since: 0)
        executed.trace.vertices = seen.vertices + [seen.live]
        executed.ticks = seen.tick - start
        executed.incidents = loopback.withBoard { $0.incidents }
        executed.standing = Standing(
            place: Point(seen.xMillimetres, seen.yMillimetres), isPenUp: seen.isPenUp)
        return executed
    }

    private var isEndless: Bool { invocation.text("copies") == "endless" }

    /// Draws it; with `--copies endless` again and again, until somebody ends it.
    private func draw(
        _ plot: PreparedPlot, on driver: Driver, profile: MachineProfile, _ watch: InterruptWatch
    ) async throws -> Executed {
        var sheets = 0
        while true {
            var executed = try await drawSheet(plot, on: driver, profile: profile, watch)
            executed.sheets = sheets
            guard isEndless, executed.end == .done else {
                await driver.close()
                return executed
            }
            sheets += 1
            let paper = NextSheet(console: console, path: invocation.positionals[0])
            guard try await paper.isIn(sheets: sheets, delay: invocation.number("page-delay") ?? 0, driver, watch)
            else {
                await driver.close()
                (executed.end, executed.strokes, executed.sheets) = (.cancelled, 0, sheets)
                return executed
            }
        }
    }

    private func drawSheet(
        _ plot: PreparedPlot, on driver: Driver, profile: MachineProfile, _ watch: InterruptWatch
    ) async throws -> Executed {
        let reporter = ProgressReporter(console: console)
        let course = PlotCourse(Program(plot.stream))
        let console = console
        let requests = RunRequests()
        let prompt = StopPrompt(
            console: console, requests: requests, path: invocation.positionals[0],
            isSimulated: invocation.isOn("simulate"))
        watch.flag.tell { presses in
            if presses == 1 { requests.cancel() } else { driver.stop(requests) }
        }
        let looks = Task {
            while !Task.isCancelled {
                await driver.look()
                try await Task.sleep(for: Plotter.lookInterval)
            }
        }
        let end = await driver.run(RunStart(course.program), requests: requests) { event in
            course.take(event)
            switch event {
            case .progressed(let progress): reporter.show("plot", progress.fraction)
            case .stood(.planned(let stop)):
                reporter.end()
                prompt.ask(stop)
            case .stood(let reason):
                reporter.end()
                console.warn(PlotCourse.sentence(reason))
            case .recovered: console.note("the link is back; the plot goes on")
            case .pressed: requests.resume()
            case .changed, .kept, .grew: break
            }
        }
        looks.cancel()
        watch.flag.tell(nil)
        reporter.end()
        var standing = Standing()
        if end != .done { standing = await Standing(asking: driver, profile: profile, isLost: course.isLost) }
        return Executed(
            trace: course.trace(to: standing, profile: profile),
            ticks: course.progress.ticks, end: JobEnd(end), standing: standing, strokes: course.progress.strokes)
    }

    /// - Parameter wayHome: what to do about a carriage that stands somewhere.
    private func report(
        _ executed: Executed, of plot: PreparedPlot, wayHome: String?, _ watch: InterruptWatch
    ) throws -> ExitCode {
        for incident in executed.incidents.prefix(5) {
            let (x, y) = (PlotSummary.rounded(incident.xMillimetres), PlotSummary.rounded(incident.yMillimetres))
            console.warn("\(incident.kind.rawValue) at \(x), \(y) mm, tick \(incident.tick)")
        }
        if executed.incidents.count > 5 { console.warn("and \(executed.incidents.count - 5) more incidents") }
        let standing = executed.standing.text + (wayHome.map { "; " + $0 } ?? "")
        switch executed.end {
        case .done: break
        case .failed(let fault): throw Fault(message: "\(fault.message) (\(standing))")
        case .interrupted:
            throw Fault(message: "the plotter went away after \(executed.strokes) strokes (\(standing))")
        case .cancelled:
            let sheets = executed.sheets > 0 ? "\(executed.sheets) sheets and " : ""
            throw watch.interruption(
                "stopped after \(sheets)\(executed.strokes) of \(plot.strokeCount) strokes, \(standing)")
        }
        if !console.isQuiet && invocation.text("output") != "-" {
            let seconds = Double(executed.ticks) / Double(BoardClock.ticksPerSecond)
            try console.result(PlotSummary.text(plot) + PlotSummary.line("executed", PlotSummary.time(seconds)))
        }
        return .success
    }
}

extension PictureFile {
    /// What the pen drew, in the colours of the plot's layers.
    func write(_ trace: Trace, of plot: PreparedPlot, profile: MachineProfile) throws {
        let steps = profile.finestStepsPerMillimetre
        guard let sheet = plot.strokes.sheet else {
            return try write(
                trace, travel: profile.travel, stepsPerMillimetre: steps, page: plot.pageArea,
                inks: plot.inks(in: trace))
        }
        // The tiles laid together.
        try write(
            plot.laidOut(trace, stepsPerMillimetre: steps), travel: sheet, stepsPerMillimetre: steps,
            page: Sheet.Area(x: 0, y: 0, width: sheet.width, height: sheet.height), inks: plot.inks(in: trace))
    }
}

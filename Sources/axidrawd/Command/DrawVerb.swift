internal import EBB
internal import Motion
internal import Picture
internal import Simulator
internal import Text

extension Verb {
    static let draw = Verb(
        "draw", "draw strokes as they come, one line of JSON each, from standard input",
        examples: [
            Example("my-sketch | axidrawd draw - --device /dev/ttyACM0", "draw each stroke when it comes"),
            Example(
                "echo '[[10,10],[60,10],[60,40]]' | axidrawd draw - --simulate -o drawn.png", "one stroke, tried out"),
            Example("axidrawd draw strokes.jsonl --simulate --strict", "a file; the first bad line ends it"),
        ],
        positionals: [.file],
        groups: [
            FlagGroup(
                "Plotter",
                [
                    Flag("device", .text("NAME|PATH"), "draw on this board"),
                    Flag("simulate", .on, "draw on a virtual board"),
                    SimulatedSpeed.flag,
                ]),
            PictureFlags.groupOfPlots,
        ] + PlotFlags.all
    ) { invocation, console in
        try await DrawCommand(invocation: invocation, console: console).run()
    }
}

/// One run of `draw`.
private struct DrawCommand {
    let invocation: Invocation
    let console: Console

    /// Lines that are told one by one; the others are counted.
    private static let toldLines = 20

    func run() async throws -> ExitCode {
        if let name = PlotFlags.ofWholeDrawings.sorted().first(where: { invocation.isOn($0) }) {
            throw UsageError.conflict(
                "--\(name) needs a whole drawing; draw takes strokes as they come, in mm of the machine")
        }
        let choice = try BoardChoice(invocation)
        var request = try invocation.plotRequest()
        if choice == .simulated { try request.options.check(for: request.firmware) }
        let source = try IncomingBytes(invocation.positionals[0])
        let picture = try PictureFile(invocation, travel: request.profile.travel)
        let watch = InterruptWatch()
        var loopback: Loopback?
        let driver: Driver
        switch choice {
        case .simulated:
            var board = request.board
            board.keepsTrace = picture != nil
            let made = Loopback(board, speed: SimulatedSpeed.of(invocation))
            (loopback, driver) = (made, Driver(transport: made))
        case .device(let path): driver = Driver(transport: SerialPort(path: path))
        }
        request.firmware = try await driver.connect().firmware
        try request.options.check(for: request.firmware)
        let drawn = try await draw(request, on: driver, from: source, keepsInk: picture != nil, watch)
        var trace = drawn.trace
        if let loopback {
            let seen = loopback.snapshot(since: 0)
            trace.vertices = seen.vertices + [seen.live]
        }
        try picture?.write(
            trace, travel: request.profile.travel, stepsPerMillimetre: request.profile.finestStepsPerMillimetre)
        for incident in loopback?.withBoard({ $0.incidents.prefix(5) }) ?? [] {
            console.warn(
                "\(incident.kind.rawValue) at \(PlotSummary.rounded(incident.xMillimetres)), "
                    + "\(PlotSummary.rounded(incident.yMillimetres)) mm")
        }
        return try report(drawn, choice, watch)
    }

    private struct Drawn {
        var outcome: StrokeFeed.Outcome
        var trace: Trace
        var end: RunEnd
        var standing = Standing()
        var progress: PlotProgress
    }

    private func draw(
        _ request: PlotRequest, on driver: Driver, from source: IncomingBytes, keepsInk: Bool, _ watch: InterruptWatch
    ) async throws -> Drawn {
        let isStrict = request.options.isStrict
        let feed = StrokeFeed(
            lines: StrokeLines(bed: request.profile.travel, origin: request.options.origin, isStrict: isStrict),
            maker: PieceMaker(profile: request.profile, options: request.options, firmware: request.firmware))
        let supply = ProgramSupply()
        let requests = RunRequests()
        var start = RunStart(try feed.maker.beginning())
        start.supply = supply
        let course = PlotCourse(start.program, keepsVertices: keepsInk)
        watch.flag.tell { presses in
            if presses == 1 { requests.cancel() } else { driver.stop(requests) }
        }
        let looks = Task {
            while !Task.isCancelled {
                await driver.look()
                try await Task.sleep(for: Plotter.lookInterval)
            }
        }
        let console = console
        let feeding = Task { () async throws -> StrokeFeed.Outcome in
            var (feed, told) = (feed, 0)
            return try await feed.run(from: { await source.next() }, to: supply) { notes in
                for note in notes {
                    told += 1
                    if told <= Self.toldLines { console.warn("line \(note.line ?? 0): \(note.message)") }
                    if told == Self.toldLines + 1 { console.warn("and more; the other lines are only counted") }
                }
            }
        }
        supply.whenClosed { source.close() }
        let end = await driver.run(start, requests: requests) { event in
            course.take(event)
            switch event {
            case .stood(let reason): console.warn(PlotCourse.sentence(reason))
            case .recovered: console.note("the link is back; the drawing goes on")
            case .pressed: requests.resume()
            case .progressed, .changed, .kept, .grew: break
            }
        }
        looks.cancel()
        source.close()
        let result = await feeding.result
        watch.flag.tell(nil)
        var standing = Standing()
        if end != .done {
            standing = await Standing(asking: driver, profile: request.profile, isLost: course.isLost)
        }
        await driver.close()
        return Drawn(
            outcome: try result.get(), trace: course.trace(to: standing, profile: request.profile), end: end,
            standing: standing, progress: course.progress)
    }

    private func report(_ drawn: Drawn, _ choice: BoardChoice, _ watch: InterruptWatch) throws -> ExitCode {
        let outcome = drawn.outcome
        var standing = drawn.standing.text
        if case .device(let path) = choice, let way = drawn.standing.wayHome(device: path) { standing += "; " + way }
        switch drawn.end {
        case .done: break
        case .failed(let text): throw Fault(message: "\(text) (\(standing))")
        case .cancelled: throw watch.interruption("stopped after \(drawn.progress.strokes) strokes, \(standing)")
        }
        if !console.isQuiet && invocation.text("output") != "-" {
            let seconds = Double(drawn.progress.ticks) / Double(BoardClock.ticksPerSecond)
            try console.result(
                PlotSummary.line("strokes", "\(outcome.strokes) of \(outcome.lines) lines")
                    + PlotSummary.line("drawn", "\(Int(outcome.penDownMillimetres.rounded())) mm")
                    + PlotSummary.line("executed", PlotSummary.time(seconds)))
        }
        if outcome.isRefused {
            throw Interruption(
                exitCode: .unusableInput, message: "ended by --strict; what came before that line is drawn")
        }
        if outcome.refused > 0 {
            throw Interruption(
                exitCode: .unusableInput,
                message: "\(outcome.refused) of \(outcome.lines) lines could not be used; the others are drawn")
        }
        guard outcome.strokes > 0 else {
            throw Interruption(exitCode: .unusableInput, message: "no stroke came; nothing is drawn")
        }
        return .success
    }
}

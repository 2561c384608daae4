internal import EBB
internal import Motion
internal import Picture
internal import Synchronization
internal import Text

/// What a plot in the foreground has told of itself so far; may be asked from any thread.
final class PlotCourse: Sendable {
    private struct State {
        var progress = PlotProgress()
        var ink: PlannedInk
        var vertices: [PlannedInk.Vertex]
        var isLost = false
        var keepsVertices: Bool
    }

    let program: Program
    private let state: Mutex<State>

    /// - Parameter keepsVertices: for a picture; without, memory stays as it is however much is drawn.
    init(_ program: Program, keepsVertices: Bool = true) {
        self.program = program
        let ink = PlannedInk(program)
        state = Mutex(State(ink: ink, vertices: [ink.here], keepsVertices: keepsVertices))
    }

    func take(_ event: RunEvent) {
        state.withLock { state in
            switch event {
            case .progressed(let progress):
                state.progress = progress
                let passed = state.ink.advance(to: progress.commands)
                if state.keepsVertices { state.vertices += passed }
                // A plot goes on after that only when somebody has said that the carriage is home.
                state.isLost = false
            case .stood(let reason):
                state.isLost = reason.isLinkLost || reason.isPositionUnknown
            case .recovered: state.isLost = false
            case .grew(let piece):
                state.ink = PlannedInk(piece.program, at: piece.start)
                if state.keepsVertices { state.vertices.append(state.ink.here) }
            case .pressed, .changed, .kept: break
            }
        }
    }

    var progress: PlotProgress { state.withLock { $0.progress } }

    /// Why a plot in the foreground stands, and what to do, for the person before it.
    static func sentence(_ reason: PauseReason) -> String {
        switch reason {
        case .asked: "paused; press the board's button to go on"
        case .planned(let stop): stop.prompt + ", then press the board's button to go on"
        case .button: "paused by the board's button; press it again to go on"
        case .linkLost(let error): "\(error); waiting for the board"
        case .positionLost(let text):
            "the board cannot prove where it is: \(text) Bring the carriage home, then press the board's button to go on"
        case .motorPowerLost:
            "the motors have lost their power: switch it on, bring the carriage home, then press the board's button to go on"
        }
    }

    /// Whether the counters say nothing about where the carriage is.
    var isLost: Bool { state.withLock { $0.isLost } }

    /// What was drawn until the carriage came to stand there.
    func trace(to standing: Standing, profile: MachineProfile) -> Trace {
        let (vertices, end) = state.withLock { ($0.vertices, $0.ink.here) }
        // Pictures count in the finest steps, whatever resolution is plotted with.
        let finest = profile.finestStepsPerMillimetre
        let scale = Int32((finest / profile.stepsPerMillimetre).rounded())
        var trace = Trace()
        trace.vertices = vertices.map {
            Trace.Vertex(
                tick: $0.tick, motor1: $0.motor1 &* scale, motor2: $0.motor2 &* scale, isTouching: $0.isDrawing)
        }
        // Slowing down ends within a command: what it has drawn of that one is on the paper, too.
        if let place = standing.place, end.isDrawing {
            let steps = ((place.x + place.y) * finest, (place.x - place.y) * finest)
            trace.vertices.append(
                Trace.Vertex(
                    tick: end.tick + 1, motor1: Int32(clamping: Int64(steps.0.rounded())),
                    motor2: Int32(clamping: Int64(steps.1.rounded())), isTouching: false))
        }
        return trace
    }
}

/// How a board is left after a plot that was not drawn to its end, as far as it says so.
struct Standing: Equatable, Sendable {
    /// mm from home; nil = nobody knows.
    var place: Point?
    /// Nil = nobody knows.
    var isPenUp: Bool?

    /// How long a board may take to say how it stands.
    private static let patience = Duration.milliseconds(700)

    init(place: Point? = nil, isPenUp: Bool? = nil) {
        self.place = place
        self.isPenUp = isPenUp
    }

    /// Asks the board; one that does not answer at once is not waited for.
    ///
    /// - Parameter isLost: its counters say nothing about where the carriage is.
    init(asking driver: Driver, profile: MachineProfile, isLost: Bool) async {
        let (answers, continuation) = AsyncStream.makeStream(of: Standing.self)
        let asking = Task {
            var standing = Standing()
            standing.isPenUp = try? await driver.ask(.isPenUp)
            if !isLost {
                let hand = Hand(driver: driver, penPin: nil, profile: profile)
                standing.place = try? await hand.place()
            }
            continuation.yield(standing)
            continuation.finish()
        }
        let limit = Task {
            try? await Task.sleep(for: Self.patience)
            continuation.finish()
        }
        self.init()
        for await standing in answers { self = standing }
        asking.cancel()
        limit.cancel()
    }

    /// For a person.
    var text: String {
        let pen = isPenUp.map { $0 ? "pen up" : "pen down" } ?? "the pen's state unknown"
        let at = place.map { "at \(PlotSummary.rounded($0.x)), \(PlotSummary.rounded($0.y)) mm" }
        return pen + ", " + (at ?? "the carriage's place unknown")
    }

    /// How to bring the carriage home; nil if it is there.
    func wayHome(device: String) -> String? {
        let place = self.place
        let path = device.contains(" ") ? quoted(device) : device
        let pen = isPenUp == true ? "" : "raise the pen: axidrawd device pen up --device \(path); "
        guard let place else {
            return pen + "let the motors go and put the carriage home by hand: axidrawd device align --device \(path)"
        }
        guard max(abs(place.x), abs(place.y)) >= 0.05 || isPenUp != true else { return nil }
        return pen + "bring it home: axidrawd device home --device \(path)"
    }
}

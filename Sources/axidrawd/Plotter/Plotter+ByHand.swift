internal import EBB
internal import Motion

/// A move that a person asks for outside a plot.
enum HandMove: Equatable, Sendable {
    /// Back to where the motors were switched on, by the counters; there is no switch that would tell.
    case home
    /// So many mm from here.
    case walk(x: Double, y: Double)
    /// To a place in machine coordinates, mm.
    case to(x: Double, y: Double)
    /// Along the sides of a box in machine coordinates, mm, and back to where it stood.
    case around(Box)
    /// The pen down and up again.
    case cycle
    /// Motors on, to hold the carriage.
    case engage

    static let aroundName = "bounds"

    var name: String {
        switch self {
        case .home: "home"
        case .walk: "walk"
        case .to: "move"
        case .around: Self.aroundName
        case .cycle: "cycle"
        case .engage: "engage"
        }
    }
}

/// Why something asked for by hand was not done.
enum HandRefusal: Error, Equatable {
    /// The state forbids it.
    case state(Refusal)
    /// So many wait already; nothing of it was done.
    case full(limit: Int)
    /// Somebody has stopped the plotter before it was done.
    case stopped
}

/// The line of what people ask for outside a job: one thing after the other, and a stop drops what waits.
struct HandLine {
    /// So many may wait behind the one under way.
    static let limit = 16

    fileprivate(set) var last: Task<Void, Never>?
    /// Those that have not begun.
    fileprivate(set) var waiting = 0
    /// Grows with every stop: what was asked for before it is not done any more.
    fileprivate(set) var stops = 0

    var isFull: Bool { waiting >= Self.limit }

    mutating func drop() { stops += 1 }
}

extension Plotter {
    /// What a person asks for: as `apply`, and refused when too much waits.
    func order(_ event: PlotterEvent) throws(HandRefusal) {
        if event.isHandCommand, handLine.isFull { throw .full(limit: HandLine.limit) }
        do throws(Refusal) { try apply(event) } catch { throw .state(error) }
    }

    /// Carries out a move by hand, or is refused by the state machine; returns when it stands.
    ///
    /// - Parameter isWanted: of a way around a box, asked now and then; when it is not any more, the carriage goes straight
    ///   back.
    func byHand(
        _ move: HandMove, while isWanted: @escaping @Sendable () -> Bool = { true }
    ) async throws(HandRefusal) {
        try order(.manual(move.name))
        let stops = handLine.stops
        let isDone: Bool? = await after { plotter in
            do throws(DriverError) {
                try await plotter.bringPenSettings()
                if case .around(let box) = move {
                    try await plotter.goAround(box, while: isWanted)
                } else {
                    try await plotter.hand.carry(out: move)
                }
                return true
            } catch {
                plotter.failed(error)
                return false
            }
        }
        if isDone == nil || handLine.stops != stops { throw .stopped }
    }

    /// A side is gone in pieces of this length, mm, so that the end of the round is not far away: a second.
    private static let sidePiece = 30.0

    /// Along the sides of a box with the pen up and back; a job that is to begin ends it.
    private func goAround(_ box: Box, while isWanted: @Sendable () -> Bool) async throws(DriverError) {
        try await hand.engage()
        try await hand.pen(isUp: true)
        let start = try await hand.place()
        let (low, high) = (box.minimum, box.maximum)
        for corner in [low, Point(high.x, low.y), high, Point(low.x, high.y), low, start] {
            guard try await go(to: corner, while: isWanted) else { break }
        }
        if !isWanted() { _ = try await go(to: start) { true } }
    }

    /// Goes straight to a place, piece by piece; false if a job is to begin, or it is not wanted any more.
    private func go(to place: Point, while isWanted: @Sendable () -> Bool) async throws(DriverError) -> Bool {
        while state.job == nil, isWanted() {
            let here = try await hand.place()
            let length = here.distance(to: place)
            let share = min(1, Self.sidePiece / max(length, 1e-6))
            try await hand.drive(x: (place.x - here.x) * share, y: (place.y - here.y) * share)
            if share == 1 { return true }
        }
        return false
    }

    /// Sends a command as it is and returns what the board says.
    func raw(_ text: String) async throws(HandRefusal) -> Result<String, DriverError> {
        try order(.manual("send"))
        let answer: Result<String, DriverError>? = await after { plotter in
            // It may be about the pen.
            plotter.toldPenSettings = nil
            do throws(DriverError) { return .success(try await plotter.driver.ask(.raw(text))) } catch {
                return .failure(error)
            }
        }
        guard let answer, answer != .failure(.halted) else { throw .stopped }
        return answer
    }

    /// Heights and speeds of the pen that hold from now on when it is moved by hand.
    func use(_ settings: [Command]) { penSettings = settings }

    /// Tells the board the heights in force, unless it has them: a fresh one would use its own.
    func bringPenSettings() async throws(DriverError) {
        let settings = penSettings
        guard settings != toldPenSettings else { return }
        for command in settings { _ = try await driver.ask(command) }
        toldPenSettings = settings
    }

    /// Sends a command after all that was asked before.
    func send(_ command: Command) {
        inTurn { plotter in
            do throws(DriverError) {
                if case .pen = command { try await plotter.bringPenSettings() }
                _ = try await plotter.driver.ask(command)
            } catch { plotter.failed(error) }
        }
    }

    /// Runs work after all commands outside a job, and lets later ones wait for it.
    ///
    /// - Returns: nil when a stop has come before its turn: it is not done.
    func after<Result: Sendable>(
        _ work: @escaping @Sendable (isolated Plotter) async -> Result
    ) async -> Result? {
        let previous = handLine.last
        let stops = handLine.stops
        handLine.waiting += 1
        let task = Task { () -> Result? in
            await previous?.value
            handLine.waiting -= 1
            guard handLine.stops == stops else { return nil }
            return await work(self)
        }
        handLine.last = Task { _ = await task.value }
        return await task.value
    }

    /// As `after`, without waiting for its end.
    func inTurn(_ work: @escaping @Sendable (isolated Plotter) async -> Void) {
        let previous = handLine.last
        let stops = handLine.stops
        handLine.waiting += 1
        handLine.last = Task { [weak self] in
            await previous?.value
            await self?.takeTurn(stops, work)
        }
    }

    private func takeTurn(_ stops: Int, _ work: @Sendable (isolated Plotter) async -> Void) async {
        handLine.waiting -= 1
        guard handLine.stops == stops else { return }
        await work(self)
    }

    /// Trouble with the board outside a job. That a person has stopped it is none.
    func failed(_ error: DriverError) {
        guard error != .halted else { return }
        try? apply(.trouble(Fault(message: Self.text(error))))
    }
}

extension PlotterEvent {
    /// Sends something to the board outside a job.
    var isHandCommand: Bool {
        switch self {
        case .pressed, .raisePen, .lowerPen, .releaseMotors, .manual: true
        case .attached, .detached, .called, .grantExpired, .start, .progressed, .pause, .stood, .resume, .resumeHomed,
            .resumeAt, .recovered, .cancel, .stop, .finished, .failed, .withheld, .atRest, .trouble, .reset:
            false
        }
    }
}

internal import EBB
internal import Synchronization
internal import Text

/// What a plotter has drawn and where its carriage is, the same for real and virtual boards: while a plot lasts from its
/// plan and what the driver says is executed, else from the board's counters.
final class InkFollower: Sendable {
    let roster: Roster
    /// What each plotter draws, or has drawn last.
    private let drawings = Mutex<[String: DrawnPlot]>([:])
    /// Plotters that are being asked where they stand.
    private let looking = Mutex<Set<String>>([])

    init(_ roster: Roster) { self.roster = roster }

    /// The ink of a plotter's last drawing.
    func trail(_ device: String) -> InkTrail? { drawings.withLock { $0[device]?.trail } }

    /// A plotter's plot: what is drawn of the sheet, and how the plan goes on.
    struct DrawnPlot: Sendable {
        var trail: InkTrail
        var ink: PlannedInk
    }

    /// A run of a job begins; what it goes on with is drawn on the same sheet.
    func beginInk(_ id: JobID, _ plot: PlotStart, _ beginning: PlotBeginning, on name: String) {
        guard let station = try? roster.station(name) else { return }
        var (program, cut) = (plot.program, Int?.none)
        if case .atStep(let command) = beginning { (program, cut) = (plot.cut?.program ?? program, command) }
        let (made, drawn) = (program, cut)
        let begun = roster.withLock { state -> PlotJob? in
            guard let job = state.table.jobs[id] else { return nil }
            let done = job.summary?.layers.prefix { $0.commands.upperBound <= drawn ?? 0 }.count ?? 0
            state.table.jobs[id]?.toldLayers = (done, done)
            return job
        }
        guard let job = begun else { return }
        let scale = station.profile.stepsPerMillimetre
        drawings.withLock { drawings in
            let before = drawings[name]?.trail
            var trail = InkTrail(job: id, copy: job.copiesDone, firstStroke: job.firstStroke)
            let isSameSheet = before?.job == id && before?.copy == job.copiesDone
            if isSameSheet, let before { trail = before }
            var ink = PlannedInk(made)
            if let drawn {
                // Of a run that nobody here has seen, its plan says what it drew.
                let before = ink.advance(to: drawn)
                if !isSameSheet { trail.append(before, stepsPerMillimetre: scale) }
            }
            trail.append([ink.here], stepsPerMillimetre: scale)
            drawings[name] = DrawnPlot(trail: trail, ink: ink)
        }
    }

    /// A plotter has executed its plan up to here.
    func drew(_ id: JobID, _ progress: PlotProgress, on name: String) {
        follow(id, on: name) { $0.advance(to: progress.commands) }
    }

    /// A run goes on with another plan of the same strokes, from a command of it on.
    func goOn(_ id: JobID, with program: Program, at command: Int, on name: String) {
        follow(id, on: name) { $0.goOn(with: program, at: command) }
    }

    /// A run goes on with what has come; what came before is drawn.
    func grew(_ id: JobID, _ piece: ProgramPiece, on name: String) {
        follow(id, on: name) { ink in
            let made = ink.advance(to: ink.program.commands.count)
            ink = PlannedInk(piece.program, at: piece.start)
            return made
        }
    }

    /// Follows the ink to where `goOn` brings it, and tells what is new: ink, and where the carriage is.
    private func follow(_ id: JobID, on name: String, _ goOn: (inout PlannedInk) -> [PlannedInk.Vertex]) {
        guard let station = try? roster.station(name) else { return }
        let scale = station.profile.stepsPerMillimetre
        let drawn = drawings.withLock { drawings -> (DeviceRecord.Position, JSONValue?)? in
            // Not kept twice while it grows.
            guard drawings[name]?.trail.job == id, var drawing = drawings.removeValue(forKey: name) else { return nil }
            let from = drawing.trail.points.count
            drawing.trail.append(goOn(&drawing.ink), stepsPerMillimetre: scale)
            drawings[name] = drawing
            let count = drawing.trail.points.count - from
            let limit = count <= InkTrail.pointsPerEvent ? Int.max : 0
            return (
                DeviceRecord.Position(drawing.ink, stepsPerMillimetre: scale),
                count > 0 ? drawing.trail.json(device: name, from: from, limit: limit) : nil
            )
        }
        guard let (position, news) = drawn else { return }
        if let news { roster.events.publish("ink", news) }
        take(position, of: name, isDrawing: true)
    }

    /// So often a board that is moved by hand is asked where it is.
    private static let lookInterval = Duration.milliseconds(150)

    /// Asks a board that draws nothing where it stands, until it does.
    func lookAtRest(_ name: String) {
        let isNew = looking.withLock { $0.insert(name).inserted }
        guard isNew, let station = try? roster.station(name) else { return }
        Task { [weak self] in
            var last: DeviceRecord.Position?
            while let self {
                guard let seen = await restingPosition(station), seen != last else { break }
                last = seen
                take(seen, of: name, isDrawing: false)
                try? await Task.sleep(for: Self.lookInterval)
            }
            _ = self?.looking.withLock { $0.remove(name) }
        }
    }

    /// Where a board is by its counters; nil while a plot lasts, and if it does not say.
    private func restingPosition(_ station: Station) async -> DeviceRecord.Position? {
        guard let state = try? roster.device(station.name).state, state.job == nil else { return nil }
        switch state {
        case .absent, .faulted, .free: return nil
        case .raised, .lowered, .awaiting, .plotting, .stopping, .paused: break
        }
        guard let isPenUp = try? await station.plotter.driver.ask(.isPenUp),
            let place = try? await station.plotter.hand.place()
        else { return nil }
        return DeviceRecord.Position(
            xMillimetres: place.x, yMillimetres: place.y, isPenUp: isPenUp)
    }

    /// Where a carriage is now, told if it is news.
    ///
    /// - Parameter isDrawing: a plot says so; else its board, which is not believed once a plot has begun.
    private func take(_ position: DeviceRecord.Position, of name: String, isDrawing: Bool) {
        let isNews = roster.withLock { state in
            guard let device = state.table.devices[name], device.position != position,
                isDrawing || device.state.job == nil
            else { return false }
            state.table.devices[name]?.position = position
            return true
        }
        if isNews { tell(position, of: name) }
    }

    private func tell(_ position: DeviceRecord.Position, of name: String) {
        guard case .object(let members) = position.json else { return }
        roster.events.publish("position", .object([("device", .string(name))] + members))
    }
}

extension DeviceRecord.Position {
    init(_ ink: PlannedInk, stepsPerMillimetre: Double) {
        let place = ink.place
        self.init(
            xMillimetres: Double(Int64(place.motor1) + Int64(place.motor2)) / 2 / stepsPerMillimetre,
            yMillimetres: Double(Int64(place.motor1) - Int64(place.motor2)) / 2 / stepsPerMillimetre,
            isPenUp: !ink.isPenDown)
    }
}

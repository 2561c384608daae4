internal import EBB
internal import Text

/// What a plotter has drawn and where its carriage is, the same for real and virtual boards: while a plot lasts from its
/// plan and what the driver says is executed, else from the board's counters.
extension Workshop {
    /// A plotter's plot: what is drawn of the sheet, and how the plan goes on.
    struct DrawnPlot: Sendable {
        var trail: InkTrail
        var ink: PlannedInk
    }

    /// A run of a job begins; what it goes on with is drawn on the same sheet.
    func beginInk(_ id: JobID, _ plot: PlotStart, _ beginning: PlotBeginning, on name: String) {
        guard let station = try? station(name) else { return }
        var (program, cut) = (plot.program, Int?.none)
        if case .atStep(let command) = beginning { (program, cut) = (plot.cut?.program ?? program, command) }
        let (made, drawn) = (program, cut)
        state.withLock { state in
            guard let job = state.table.jobs[id] else { return }
            let done = job.summary?.layers.prefix { $0.commands.upperBound <= drawn ?? 0 }.count ?? 0
            state.table.jobs[id]?.toldLayers = (done, done)
            let before = state.drawings[name]?.trail
            var trail = InkTrail(job: id, copy: job.copiesDone, firstStroke: job.firstStroke)
            let isSameSheet = before?.job == id && before?.copy == job.copiesDone
            if isSameSheet, let before { trail = before }
            var ink = PlannedInk(made)
            if let drawn {
                // Of a run that nobody here has seen, its plan says what it drew.
                let before = ink.advance(to: drawn)
                if !isSameSheet { trail.append(before, stepsPerMillimetre: station.profile.stepsPerMillimetre) }
            }
            trail.append([ink.here], stepsPerMillimetre: station.profile.stepsPerMillimetre)
            state.drawings[name] = DrawnPlot(trail: trail, ink: ink)
        }
    }

    /// A plotter has executed its plan up to here.
    func drew(_ id: JobID, _ progress: PlotProgress, on name: String) {
        guard let station = try? station(name) else { return }
        let scale = station.profile.stepsPerMillimetre
        let (position, news) = state.withLock { state -> (DeviceRecord.Position?, JSONValue?) in
            guard var drawing = state.drawings[name], drawing.trail.job == id else { return (nil, nil) }
            // Not kept twice while it grows.
            state.drawings[name] = nil
            let from = drawing.trail.points.count
            drawing.trail.append(drawing.ink.advance(to: progress.commands), stepsPerMillimetre: scale)
            state.drawings[name] = drawing
            let position = DeviceRecord.Position(drawing.ink, stepsPerMillimetre: scale)
            let hasMoved = state.table.devices[name]?.position != position
            state.table.devices[name]?.position = position
            let count = drawing.trail.points.count - from
            let limit = count <= InkTrail.pointsPerEvent ? Int.max : 0
            return (
                hasMoved ? position : nil,
                count > 0 ? drawing.trail.json(device: name, from: from, limit: limit) : nil
            )
        }
        if let news { events.publish("ink", news) }
        if let position { tell(position, of: name) }
    }

    /// A run goes on with another plan of the same strokes.
    func goOnInk(_ id: JobID, _ program: Program, on name: String) {
        state.withLock { state in
            guard state.drawings[name]?.trail.job == id else { return }
            let strokes = (state.table.jobs[id]?.progress.strokes ?? 0)
            state.drawings[name]?.ink.goOn(with: program, afterStrokes: strokes)
        }
    }

    /// So often a board that is moved by hand is asked where it is.
    private static let lookInterval = Duration.milliseconds(150)

    /// Asks a board that draws nothing where it stands, until it does.
    func lookAtRest(_ name: String) {
        let isNew = state.withLock { state in state.looking.insert(name).inserted }
        guard isNew, let station = try? station(name) else { return }
        Task { [weak self] in
            var last: DeviceRecord.Position?
            while let self {
                guard let seen = await restingPosition(station), seen != last else { break }
                last = seen
                take(seen, of: name)
                try? await Task.sleep(for: Self.lookInterval)
            }
            _ = self?.state.withLock { $0.looking.remove(name) }
        }
    }

    /// Where a board is by its counters; nil while a plot lasts, and if it does not say.
    private func restingPosition(_ station: Station) async -> DeviceRecord.Position? {
        guard let state = try? device(station.name).state, state.job == nil else { return nil }
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

    private func take(_ position: DeviceRecord.Position, of name: String) {
        let isNews = state.withLock { state in
            guard state.table.devices[name]?.state.job == nil, state.table.devices[name]?.position != position else {
                return false
            }
            state.table.devices[name]?.position = position
            return true
        }
        if isNews { tell(position, of: name) }
    }

    private func tell(_ position: DeviceRecord.Position, of name: String) {
        guard case .object(let members) = position.json else { return }
        events.publish("position", .object([("device", .string(name))] + members))
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

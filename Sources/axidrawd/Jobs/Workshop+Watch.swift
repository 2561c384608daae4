internal import Dispatch
internal import EBB
internal import Simulator
internal import Text

extension Workshop {
    /// Looks at a virtual board ten times a second while something moves, and tells what it drew.
    ///
    /// - Parameter job: whose trail begins now; nil keeps the trail there is.
    func watch(_ station: Station, job: JobID?) {
        guard let board = station.board else { return }
        let name = station.name
        let begun = board.snapshot(since: .max).cursor
        let isWatched = state.withLock { state in
            let isWatched = state.watched[name] != nil
            if let job {
                let copy = state.jobs[job]?.copiesDone ?? 0
                // What a job goes on with is drawn on the same sheet.
                if state.trails[name]?.job != job || state.trails[name]?.copy != copy {
                    var trail = InkTrail(job: job)
                    trail.copy = copy
                    trail.firstStroke = state.jobs[job]?.firstStroke ?? 0
                    state.trails[name] = trail
                }
                state.watched[name] = begun
            } else if !isWatched {
                state.watched[name] = begun
            }
            return isWatched
        }
        if !isWatched { scheduleLook(station, board, calmLooks: 0) }
    }

    /// Nothing moves for so many looks: the watch ends.
    private static let calmLooks = 10

    private func scheduleLook(_ station: Station, _ board: Loopback, calmLooks: Int) {
        watchQueue.asyncAfter(deadline: .now() + .milliseconds(100)) { @Sendable [self] in
            let isCalm = look(station, board)
            let calm = isCalm ? calmLooks + 1 : 0
            if calm >= Self.calmLooks {
                state.withLock { $0.watched[station.name] = nil }
            } else {
                scheduleLook(station, board, calmLooks: calm)
            }
        }
    }

    /// True if nothing has changed and no job is under way.
    func look(_ station: Station, _ board: Loopback) -> Bool {
        let name = station.name
        let cursor = state.withLock { $0.watched[name] ?? 0 }
        let seen = board.snapshot(since: cursor)
        let position = DeviceRecord.Position(
            xMillimetres: seen.xMillimetres, yMillimetres: seen.yMillimetres, isPenUp: seen.isPenUp)
        let stepsPerMillimetre = station.profile.stepsPerMillimetre
        let (hasMoved, hasJob, news) = state.withLock { state -> (Bool, Bool, JSONValue?) in
            let hasMoved = state.devices[name]?.position != position
            state.devices[name]?.position = position
            let hasJob = state.devices[name]?.state.job != nil
            // A job may have begun a new trail in between; what was seen belongs to the one before.
            guard state.watched[name] == cursor else { return (hasMoved, hasJob, nil) }
            state.watched[name] = seen.cursor
            guard !seen.vertices.isEmpty, var trail = state.trails[name] else { return (hasMoved, hasJob, nil) }
            state.trails[name] = nil
            let from = trail.points.count
            trail.append(seen.vertices, stepsPerMillimetre: stepsPerMillimetre)
            state.trails[name] = trail
            let isSmall = trail.points.count - from <= InkTrail.pointsPerEvent
            return (hasMoved, hasJob, trail.json(device: name, from: from, limit: isSmall ? .max : 0))
        }
        if let news { events.publish("ink", news) }
        if hasMoved, case .object(let members) = position.json {
            events.publish("position", .object([("device", .string(name))] + members))
        }
        return !hasMoved && !hasJob
    }
}

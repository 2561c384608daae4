internal import Foundation
internal import HTTP
internal import Text

/// What `POST /plot` of the original came to.
enum PlotAnswer: Equatable, Sendable {
    case accepted
    /// No key, a wrong one, one that was used or has expired.
    case wrongKey(PlotterState)
    case forbidden(PlotterState)
    /// The drawing cannot be plotted.
    case unusable(PlotterState, InstallationError)
}

/// The original's queue: clients that wait on a stream, are called, and send one drawing with the key they were given.
extension Installation {
    // MARK: Waiting

    /// A place in the line for a client, with the stream on which it is called.
    ///
    /// - Parameters:
    ///   - time: its ticket's time in ms; the same time again after a broken stream takes up the old place.
    ///   - ticket: what its drawing is known by, also after a restart; whoever comes with it again takes up the place, or
    ///     hears of the job that was made of it: it is never drawn twice.
    func enter(_ plotter: String, time: Int?, ticket: String? = nil) throws(InstallationError) -> EventFeed {
        guard queue.state(of: plotter) != nil else { throw .unknownPlotter(plotter) }
        let feed = EventFeed(id: ticket)
        if let ticket, takeUp(ticket, feed, at: plotter) { return feed }
        if ticket == nil, let time, let number = resume(plotter, time: time, feed) {
            watch(feed, number, at: plotter)
            return feed
        }
        guard (lines[plotter]?.waiting.count ?? 0) < plan.places else {
            let reason = "Queue full (\(plan.places) entries)"
            feed.send(.object([("connected", .bool(false)), ("reason", .string(reason))]))
            turnedAway.append((feed, clock() + Self.grantMilliseconds))
            startTicking()
            return feed
        }
        feed.send(.object([("connected", .bool(true))]))
        // Right after a start, a press that has not been put back into its line yet.
        let press = memory.tickets.first { $0.id == ticket && $0.plotter == plotter }
        let client = WaitingLine.Client(
            id: ticket ?? Identifier.make(), feed: feed, isNamed: ticket != nil, press: press)
        let place = lines[plotter, default: WaitingLine()].add(.client(client), time: press?.seed ?? time ?? clock())
        watch(feed, place.number, at: plotter)
        startTicking()
        callNext(plotter)
        tell(plotter)
        return feed
    }

    /// The place whose stream broke a moment ago; a key that is out is said again.
    private func resume(_ plotter: String, time: Int, _ feed: EventFeed) -> Int? {
        guard
            let lost = lines[plotter]?.clients.first(where: {
                $0.time == time && $0.client.lostAt != nil && !$0.client.isNamed
            })
        else { return nil }
        feed.send(.object([("connected", .bool(true))]))
        lines[plotter]?.change(lost.number) { client in
            client.feed = feed
            client.lostAt = nil
        }
        if let turn = lines[plotter]?.turn, turn.place.number == lost.number {
            if let grant = turn.grant, turn.usedFor == nil { feed.send(.object([("proceed", .string(grant))])) }
        } else {
            callNext(plotter)
        }
        return lost.number
    }

    func watch(_ feed: EventFeed, _ number: Int, at plotter: String) {
        feed.onClose { [weak self, weak feed] in
            guard let self, let feed else { return }
            Task { await self.left(number, feed, at: plotter) }
        }
    }

    /// A client's stream broke: its place is kept a little while.
    private func left(_ number: Int, _ feed: EventFeed, at plotter: String) {
        let now = clock()
        // Not of somebody who has come again on another stream meanwhile.
        lines[plotter]?.change(number) { if $0.feed === feed { $0.lostAt = now } }
        startTicking()
    }

    // MARK: Calling

    /// Gives the one whose turn it is a key.
    func call(_ number: Int, at plotter: String) async {
        let grant = UUID().uuidString.lowercased()
        guard lines[plotter]?.turn?.place.number == number else { return }
        lines[plotter]?.turn?.grant = grant
        let now = clock()
        lines[plotter]?.turn?.called = now
        lines[plotter]?.turn?.deadline = now + Self.grantMilliseconds
        do throws(InstallationError) { _ = try await queue.apply(.called(grant), to: plotter) } catch {
            // The plotter does not wait any more; the next time it does, this one is still the first.
            recall(number, at: plotter)
            return
        }
        guard let turn = lines[plotter]?.turn, turn.place.number == number,
            case .client(let client) = turn.place.holder
        else { return }
        client.feed.send(.object([("proceed", .string(grant))]))
    }

    private func recall(_ number: Int, at plotter: String) {
        guard let turn = lines[plotter]?.turn, turn.place.number == number else { return }
        lines[plotter]?.turn = nil
        lines[plotter]?.putBack(turn.place)
        startTicking()
    }

    /// Takes the drawing of the one who was called.
    func plot(_ plotter: String, key: String?, drawing: [UInt8]) async throws(InstallationError) -> PlotAnswer {
        guard let state = queue.state(of: plotter) else { throw .unknownPlotter(plotter) }
        guard let key, !key.isEmpty, let turn = lines[plotter]?.turn, let grant = turn.grant,
            SHA256.isEqual(SHA256.digest(grant.utf8), SHA256.digest(key.utf8))
        else { return .wrongKey(state) }
        let digest = SHA256.digest(drawing)
        // A client that did not hear the answer sends the same again: it is the same plot.
        if let used = turn.usedFor { return used == digest ? .accepted : .forbidden(state) }
        guard case .awaiting(grant) = state else { return .forbidden(state) }
        lines[plotter]?.turn?.usedFor = digest
        let number = turn.place.number
        do throws(InstallationError) { _ = try await queue.apply(.grantExpired(grant), to: plotter) } catch {
            lines[plotter]?.turn?.usedFor = nil
            return .forbidden(queue.state(of: plotter) ?? .absent)
        }
        do throws(InstallationError) {
            let job = try await queue.submit(
                InstallationDrawing(
                    plotter: plotter, name: turn.place.name, svg: drawing, ticket: turn.place.ticket))
            if case .client(let client)? = lines[plotter]?.turn?.place.holder, client.isNamed,
                lines[plotter]?.turn?.place.number == number
            {
                client.feed.send(.object([("accepted", .string(job))]))
            }
            Task { await run(job, number, at: plotter) }
            return .accepted
        } catch {
            if error.isPassing, lines[plotter]?.turn?.place.number == number,
                case .client(let client)? = lines[plotter]?.turn?.place.holder, client.isNamed
            {
                // No room at present: it is called again.
                putBack(number, at: plotter, triesLater: true)
                return .forbidden(queue.state(of: plotter) ?? .absent)
            }
            end(number, at: plotter, .failed(Fault(message: error.sentence)))
            return .unusable(queue.state(of: plotter) ?? .absent, error)
        }
    }

    /// Brings a plotter back to rest with the pen up; what it draws is cancelled first, and its line is closed.
    func reset(_ plotter: String) async throws(InstallationError) -> PlotterState {
        guard queue.state(of: plotter) != nil else { throw .unknownPlotter(plotter) }
        let wasStopped = queue.isStopped(plotter)
        let state = try await queue.reset(plotter)
        if !wasStopped, let time = queue.stoppedAt(plotter) { resets[plotter] = time }
        return state
    }

    // MARK: Time

    /// Looks at deadlines once a second for as long as somebody waits on a stream.
    func startTicking() {
        guard !ticking else { return }
        ticking = true
        Task { [weak self] in
            while true {
                try? await Task.sleep(for: .seconds(1))
                guard await self?.tick() ?? false else { return }
            }
        }
    }

    /// Whether another look is needed.
    func tick() -> Bool {
        let now = clock()
        for (feed, until) in turnedAway where now >= until { feed.end() }
        turnedAway.removeAll { now >= $0.until }
        let beats = now - lastHeartbeat >= Self.heartbeatMilliseconds
        following.removeAll(where: \.isOver)
        if beats {
            lastHeartbeat = now
            for feed in following { feed.send(.object([("heartbeat", .integer(now))])) }
        }
        for plotter in queue.plotters {
            expire(plotter, now)
            for (_, _, client) in lines[plotter]?.clients ?? [] where beats && client.lostAt == nil {
                client.feed.send(.object([("heartbeat", .integer(now))]))
            }
            if beats { extend(plotter, now) }
            callNext(plotter)
        }
        let isNeeded =
            !turnedAway.isEmpty || !following.isEmpty
            || lines.values.contains { !$0.clients.isEmpty || !$0.waiting.isEmpty }
        ticking = isNeeded
        return isNeeded
    }

    /// The one who was called is still there, so it is still rendering.
    private func extend(_ plotter: String, _ now: Int) {
        guard let turn = lines[plotter]?.turn, turn.grant != nil, turn.usedFor == nil,
            case .client(let client) = turn.place.holder, client.lostAt == nil
        else { return }
        lines[plotter]?.turn?.deadline = min(
            turn.called + Self.longestGrantMilliseconds, max(turn.deadline, now + Self.grantMilliseconds))
    }

    /// Drops clients that are gone and those who were called and did not come; they hear why.
    private func expire(_ plotter: String, _ now: Int) {
        for (number, _, client) in lines[plotter]?.clients ?? [] {
            guard let lostAt = client.lostAt, now - lostAt >= Self.graceMilliseconds else { continue }
            guard let place = lines[plotter]?.remove(number) else { continue }
            if let press = place.withoutClient { lines[plotter]?.putBack(press) }
            tell(plotter)
        }
        guard let turn = lines[plotter]?.turn, let grant = turn.grant, turn.usedFor == nil, now >= turn.deadline,
            case .client(let client) = turn.place.holder
        else { return }
        lines[plotter]?.turn = nil
        let seconds = (now - turn.called) / 1000
        Self.dismiss(client.feed, "called, and no drawing came within \(seconds) s", again: true)
        if let press = turn.place.withoutClient { lines[plotter]?.putBack(press) }
        tell(plotter)
        // Refused means that the plotter waits for nobody any more.
        Task { _ = try? await queue.apply(.grantExpired(grant), to: plotter) }
    }
}
